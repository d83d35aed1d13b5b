//! What is to be done with the containers of a pod that is not ending.
//!
//! Upstream: `pkg/kubelet/kuberuntime/kuberuntime_manager.go` (`computePodActions`,
//! `computeInitContainerActions`), `pkg/kubelet/prober/worker.go`.

use super::{Worker, in_order, nth, runs_once};
use crate::api::PodSpec;
use crate::base::sort_by_key;
use crate::rules::containers::{is_sidecar, should_restart};
use crate::sim::kubelet::run::Now;
use crate::sim::kubelet::scene::Scene;

/// Where init containers are.
enum Initialization {
    /// This one is to be started next.
    Next(usize),
    /// One runs, or waits for its next try.
    UnderWay,
    /// The main containers may start.
    Done,
    /// One failed and is not to be tried again.
    Failed,
}

impl Worker {
    /// Containers exit, probes are made, waits come to their end.
    pub(super) fn look_after_containers(&mut self, scene: &mut Scene<'_, '_>) {
        let (pod, now) = (scene.pod, scene.context.now);
        for (index, container) in in_order(&pod.spec).enumerate() {
            let Some(run) = self.runs.get_mut(index) else { return };
            run.probe(scene, container);
            if let Some((_, exit_code)) = run.exit.filter(|(at, _)| *at <= now) {
                run.end(exit_code, now);
                let done = runs_once(&pod.spec, index) && exit_code == 0;
                if self.life == super::Life::Syncing && !done && should_restart(container, &pod.spec, exit_code) {
                    run.plan_restart(now);
                }
            }
            if run.hold.is_some_and(|hold| hold.announce_at.is_some_and(|at| at <= now)) {
                self.announce_back_off(scene, index);
            }
            if let Some(run) = self.runs.get_mut(index) {
                run.hold = run.hold.filter(|hold| hold.until > now);
            }
        }
    }

    /// Decides what the next sync does. Whether there is anything to do.
    pub(super) fn sync(&mut self, scene: &mut Scene<'_, '_>) -> bool {
        let spec = &scene.pod.spec;
        let sick = |run: &super::Run| run.failed_probe().filter(|_| run.is_running());
        if let Some((index, kind)) = self.runs.iter().enumerate().find_map(|(index, run)| Some((index, sick(run)?))) {
            self.kill_container(scene, index, kind);
            return true;
        }
        let mut wanted = self.sidecars_that_ended(spec);
        let mut alive = true;
        match self.initialization(spec) {
            Initialization::Next(index) => wanted.push(index),
            Initialization::UnderWay => {}
            Initialization::Failed => alive = false,
            Initialization::Done => {
                alive = false;
                for (index, container) in in_order(spec).enumerate().skip(spec.init_containers.len()) {
                    let wants = match self.runs.get(index).map(|run| run.now) {
                        Some(Now::New) => true,
                        Some(Now::Ended(ended)) => should_restart(container, spec, ended.exit_code),
                        Some(Now::Running(_)) | None => false,
                    };
                    alive |= wants || self.runs.get(index).is_some_and(super::Run::is_running);
                    if wants {
                        wanted.push(index);
                    }
                }
            }
        }
        if !alive {
            self.terminate(scene, spec.termination_grace_period_seconds.unwrap_or(30));
            return true;
        }
        wanted.retain(|index| self.runs.get(*index).is_some_and(|run| run.hold.is_none()));
        sort_by_key(&mut wanted, |index| std::cmp::Reverse(*index));
        self.plan = wanted;
        !self.plan.is_empty()
    }

    /// Sidecars before the latest init container that has run, which is the one that counts;
    /// all of them once the pod has been initialized.
    fn sidecars_that_ended(&self, spec: &PodSpec) -> Vec<usize> {
        let count = spec.init_containers.len();
        let end = if self.main_has_run(count) { count } else { self.latest_init(count).unwrap_or(0) };
        let ended = |index: &usize| {
            self.runs.get(*index).is_some_and(|run| matches!(run.now, Now::Ended(_))) && !runs_once(spec, *index)
        };
        (0..end).filter(ended).collect()
    }

    fn main_has_run(&self, init_containers: usize) -> bool {
        self.runs.iter().skip(init_containers).any(|run| run.now != Now::New)
    }

    fn latest_init(&self, count: usize) -> Option<usize> {
        (0..count).rev().find(|index| self.runs.get(*index).is_some_and(|run| run.now != Now::New))
    }

    fn initialization(&self, spec: &PodSpec) -> Initialization {
        let count = spec.init_containers.len();
        if count == 0 || self.main_has_run(count) {
            return Initialization::Done;
        }
        let Some(latest) = self.latest_init(count) else {
            return Initialization::Next(0);
        };
        let (Some(run), Some(container)) = (self.runs.get(latest), nth(spec, latest)) else {
            return Initialization::Done;
        };
        let passed = match run.now {
            Now::Running(_) => is_sidecar(container) && run.is_started(),
            Now::Ended(ended) if is_sidecar(container) || ended.exit_code != 0 => {
                let again = should_restart(container, spec, ended.exit_code);
                return if again { Initialization::Next(latest) } else { Initialization::Failed };
            }
            Now::Ended(_) => true,
            Now::New => false,
        };
        match passed {
            true if latest + 1 < count => Initialization::Next(latest + 1),
            true => Initialization::Done,
            false => Initialization::UnderWay,
        }
    }
}
