//! How containers are stopped: one because a probe failed, or all of them with their pod.
//!
//! Upstream: `pkg/kubelet/kuberuntime/kuberuntime_container.go` (`killContainer`,
//! `killContainersWithSyncResult`), `pkg/kubelet/status/status_manager.go` (`TerminatePod`).

use super::{Life, Step, Worker, nth};
use crate::api::Container;
use crate::base::Millis;
use crate::rules::containers::{is_sidecar, should_restart};
use crate::rules::probe::ProbeKind;
use crate::rules::termination::{Stopping, end};
use crate::sim::kubelet::SYNC_PERIOD_MS;
use crate::sim::kubelet::image;
use crate::sim::kubelet::scene::Scene;

impl Worker {
    /// Kills a container whose probe failed; it is started again if its policy allows.
    pub(super) fn kill_container(&mut self, scene: &mut Scene<'_, '_>, index: usize, kind: ProbeKind) {
        let spec = &scene.pod.spec;
        let Some(container) = nth(spec, index) else { return };
        let is_init = index < spec.init_containers.len();
        let what = if is_init { "Init container " } else { "Container " };
        let (probe, failed) = match kind {
            ProbeKind::Startup => (&container.startup_probe, " failed startup probe"),
            _ => (&container.liveness_probe, " failed liveness probe"),
        };
        // A probe's failure counts as a failure, whatever the exit code will be.
        let restarts = !is_init && should_restart(container, spec, 1);
        let then = if restarts { ", will be restarted" } else { "" };
        let of_probe = probe.as_ref().and_then(|probe| probe.termination_grace_period_seconds);
        let grace_s = of_probe.or(spec.termination_grace_period_seconds).unwrap_or(30);
        let message = [what, &container.name, failed, then].concat();
        let took_ms = self.kill(scene, index, container, (grace_s, 0), message);
        self.enter(scene, Step::Killing(index), took_ms);
    }

    /// A container that was killed because of a probe has ended.
    pub(super) fn killed(&mut self, scene: &mut Scene<'_, '_>, index: usize) {
        let (spec, now) = (&scene.pod.spec, scene.context.now);
        let (Some(run), Some(container)) = (self.runs.get_mut(index), nth(spec, index)) else { return };
        run.hold = None;
        if !should_restart(container, spec, 1) {
            return;
        }
        if run.must_wait_after_kill(now) {
            self.announce_back_off(scene, index);
        } else {
            self.plan.push(index);
        }
    }

    /// Stops all containers: together, but for sidecars, of which the last goes first once the
    /// others have ended.
    pub(super) fn terminate(&mut self, scene: &mut Scene<'_, '_>, grace_s: i64) {
        (self.life, self.busy) = (Life::Terminating, None);
        self.plan.clear();
        for run in &mut self.runs {
            (run.why, run.hold) = (None, None);
            run.stop_probing();
        }
        self.report(scene);
        let pod = scene.pod;
        let inits = pod.spec.init_containers.len();
        let (mut mains_ms, mut turn_ms) = (0, 0);
        // In the order in which they end: what waits for others comes after them.
        let order = (inits..self.runs.len()).chain((0..inits).rev());
        for index in order {
            let Some(container) = nth(&pod.spec, index) else { return };
            if !self.runs.get(index).is_some_and(super::Run::is_running) {
                continue;
            }
            let waits = index < inits && is_sidecar(container);
            let message = ["Stopping container ", &container.name].concat();
            let turn = if waits { turn_ms.max(mains_ms) } else { 0 };
            let took_ms = self.kill(scene, index, container, (grace_s, turn), message);
            match waits {
                true => turn_ms = took_ms,
                false if index >= inits => mains_ms = took_ms.max(mains_ms),
                false => {}
            }
        }
        let now = scene.context.now;
        let last = self.runs.iter().filter_map(|run| run.exit).map(|(at, _)| at).max().unwrap_or(now);
        self.enter(scene, Step::Stopping, last.since(now));
    }

    /// Settles when a running container exits, and how. Grace in seconds, and when its turn
    /// comes.
    fn kill(
        &mut self,
        scene: &mut Scene<'_, '_>,
        index: usize,
        container: &Container,
        (grace_s, turn_ms): (i64, Millis),
        message: String,
    ) -> Millis {
        scene.normal("Killing", message);
        let hook = image::pre_stop(container).filter(|_| grace_s > 0);
        if hook.is_some_and(|(_, fails)| fails) {
            scene.warning("FailedPreStopHook", "PreStopHook failed".to_owned());
        }
        let stopping = Stopping {
            grace_s,
            hook_ms: hook.map_or(0, |(took_ms, _)| took_ms),
            turn_ms,
            exit_ms: image::stop_ms(scene.context.knobs, container),
        };
        let (took_ms, killed) = end(&stopping);
        let wanted = (scene.context.now + took_ms, if killed { 137 } else { 0 });
        let Some(run) = self.runs.get_mut(index) else { return 0 };
        // One that was about to exit by itself does.
        let exit = run.exit.filter(|(at, _)| *at <= wanted.0).unwrap_or(wanted);
        run.exit = Some(exit);
        run.stop_probing();
        exit.0.since(scene.context.now)
    }

    /// Nothing runs any more: the pod's last status, and the sandbox is removed.
    pub(super) fn terminated(&mut self, scene: &mut Scene<'_, '_>) {
        self.life = Life::Terminated;
        if self.report(scene) {
            self.enter(scene, Step::CleaningUp, scene.context.knobs.pod_cleanup_ms);
        } else {
            // No pod is deleted before its last status is known.
            self.life = Life::Terminating;
            self.enter(scene, Step::Stopping, SYNC_PERIOD_MS);
        }
    }
}
