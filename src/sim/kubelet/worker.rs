//! One pod on its machine, stage by stage.

use super::image;
use super::scene::{Scene, fresh_status, set_ready};
use super::{Progress, Stage};
use crate::api::{Container, ContainerState, Key, Phase, Pod, PodSpec};
use crate::base::{Millis, Set, Time};
use crate::sim::knobs::Knobs;
use crate::sim::notice::{Context, Out, Turn, Write};

/// How long ErrImagePull shows before ImagePullBackOff, and Error before CrashLoopBackOff.
const ERROR_SHOWN_MS: Millis = 2_500;
/// The first restart of a crashed container does not wait for a back-off.
const FIRST_RESTART_MS: Millis = 300;

/// What the kubelet does with a pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Worker {
    key: Key,
    /// What is under way and until when; nothing in a pod that simply runs.
    stage: Option<(Step, Time, Time)>,
    /// Tells the present stage's end from those of former stages.
    stamp: u64,
    /// Which container is being started: init containers first.
    container: usize,
    failures: u32,
    frozen: bool,
    /// Why the kubelet itself brings the pod to its end; nobody need have asked for that.
    ending: Option<Ending>,
}

/// What a pod that its kubelet brings to its end says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ending {
    /// Reason in one word, e.g. `Evicted`.
    pub reason: &'static str,
    /// The same for people.
    pub message: String,
}

/// Stages, finer than those that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Sandbox,
    Pulling,
    PullFailed,
    PullBackOff,
    Starting,
    RunningInit,
    AwaitingProbe,
    AboutToCrash,
    Crashed,
    CrashBackOff,
    Stopping { kill: bool },
    CleaningUp,
}

impl Step {
    fn shown(self) -> Option<Stage> {
        match self {
            Step::Sandbox => Some(Stage::Sandbox),
            Step::Pulling => Some(Stage::Pulling),
            Step::Starting => Some(Stage::Starting),
            Step::RunningInit => Some(Stage::InitContainer),
            Step::AwaitingProbe => Some(Stage::WaitingForProbe),
            Step::PullFailed | Step::PullBackOff | Step::Crashed | Step::CrashBackOff => Some(Stage::BackOff),
            Step::Stopping { .. } => Some(Stage::Stopping),
            Step::CleaningUp => Some(Stage::CleaningUp),
            Step::AboutToCrash => None,
        }
    }
}

/// Containers in the order in which they start.
fn in_order(spec: &PodSpec) -> impl Iterator<Item = &Container> {
    spec.init_containers.iter().chain(&spec.containers)
}

impl Worker {
    /// A worker that has not begun.
    pub fn new(pod: &Pod) -> Worker {
        Worker { key: pod.key(), stage: None, stamp: 0, container: 0, failures: 0, frozen: false, ending: None }
    }

    /// The pod.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Whether the end of a stage with this stamp is the present one's.
    pub fn is_current(&self, stamp: u64) -> bool {
        self.stamp == stamp
    }

    /// What is under way, for people.
    pub fn progress(&self) -> Option<Progress> {
        let (stage, started_at, ends_at) = self.stage?;
        Some(Progress { stage: stage.shown()?, started_at, ends_at })
    }

    /// The machine broke in the middle of a stage.
    pub fn freeze(&mut self) {
        self.frozen = true;
    }

    /// Begins to start the pod.
    pub fn start(&mut self, context: &Context<'_>, node: &str, pod: &Pod, stamp: u64, out: &mut Out) {
        let mut scene = Scene { context, node, pod, out };
        let mut status = fresh_status(pod);
        status.start_time.get_or_insert(context.now);
        set_ready(&mut status, false, "ContainersNotReady", context.now);
        scene.report(status, "containers are being created");
        self.enter(&mut scene, Step::Sandbox, context.knobs.sandbox_ms, stamp);
    }

    /// Begins to stop the pod, unless it is stopping already.
    pub fn stop(&mut self, context: &Context<'_>, node: &str, pod: &Pod, stamp: u64, out: &mut Out) {
        if matches!(self.stage, Some((Step::Stopping { .. } | Step::CleaningUp, _, _))) {
            return;
        }
        let grace_s = pod.metadata.deletion_grace_period_seconds.unwrap_or(30);
        self.kill(&mut Scene { context, node, pod, out }, grace_s, stamp);
    }

    /// Kills the containers of a pod that was not asked to end, as upstream does under pressure:
    /// when they have stopped it is Failed, with this reason. Nothing if it ends already.
    #[expect(clippy::too_many_arguments, dead_code, reason = "eviction under pressure calls it, and is not there yet")]
    pub fn fail(
        &mut self,
        context: &Context<'_>,
        node: &str,
        pod: &Pod,
        ending: Ending,
        grace_s: i64,
        stamp: u64,
        out: &mut Out,
    ) {
        if matches!(self.stage, Some((Step::Stopping { .. } | Step::CleaningUp, _, _))) {
            return;
        }
        self.ending = Some(ending);
        self.kill(&mut Scene { context, node, pod, out }, grace_s, stamp);
    }

    fn kill(&mut self, scene: &mut Scene<'_, '_>, grace_s: i64, stamp: u64) {
        let pod = scene.pod;
        let running =
            pod.status.container_statuses.iter().filter(|c| matches!(c.state, ContainerState::Running { .. }));
        let mut any_runs = false;
        for container in running {
            any_runs = true;
            scene.normal("Killing", format!("Stopping container {}", container.name));
        }
        let (took_ms, kill) = image::stop(&pod.spec, grace_s, scene.context.knobs.container_stop_ms);
        let took_ms = if any_runs { took_ms } else { 0 };
        self.enter(scene, Step::Stopping { kill }, took_ms, stamp);
    }

    /// After a repair: reports what the API may have wrong, and ends a frozen stage.
    pub fn resume(&mut self, context: &Context<'_>, node: &str, pod: &Pod, stamp: u64, out: &mut Out) {
        let mut scene = Scene { context, node, pod, out };
        let all_ready =
            !pod.status.container_statuses.is_empty() && pod.status.container_statuses.iter().all(|c| c.ready);
        if pod.status.phase == Phase::Running && all_ready && !pod.is_ready() && !pod.is_deleting() {
            let mut status = pod.status.clone();
            set_ready(&mut status, true, "", context.now);
            scene.report(status, "Ready True");
        }
        if std::mem::take(&mut self.frozen) {
            self.stamp = stamp;
            let turn = Turn::PodWorker { node: node.to_owned(), uid: pod.metadata.uid.clone(), stamp };
            scene.out.turn_after(0, turn);
        }
    }

    /// The present stage ends, the next begins.
    pub fn end_of_stage(
        &mut self,
        context: &Context<'_>,
        node: &str,
        pod: &Pod,
        images: &mut Set<String>,
        stamp: u64,
        out: &mut Out,
    ) {
        let Some((stage, _, _)) = self.stage.take() else {
            return;
        };
        let mut scene = Scene { context, node, pod, out };
        match stage {
            Step::Pulling => self.end_pull(&mut scene, images, stamp),
            Step::PullFailed => self.back_off(&mut scene, stamp),
            Step::PullBackOff => self.begin_pull(&mut scene, stamp),
            Step::Starting => self.container_started(&mut scene, images, stamp),
            Step::Sandbox | Step::RunningInit => self.begin_container(&mut scene, images, stamp),
            Step::AwaitingProbe => scene.become_ready(pod.status.clone()),
            Step::AboutToCrash => self.crash(&mut scene, stamp),
            Step::Crashed if self.failures <= 1 => self.restart(&mut scene, stamp),
            Step::Crashed => self.crash_back_off(&mut scene, stamp),
            Step::CrashBackOff => self.restart(&mut scene, stamp),
            Step::Stopping { kill } => self.stopped(&mut scene, kill, stamp),
            Step::CleaningUp if !pod.is_deleting() => {}
            Step::CleaningUp => {
                let (key, uid) = (pod.key(), pod.metadata.uid.clone());
                scene.out.write(Write::DeletePod { key, uid, grace_period_seconds: Some(0) });
            }
        }
    }

    fn enter(&mut self, scene: &mut Scene<'_, '_>, stage: Step, took_ms: Millis, stamp: u64) {
        let now = scene.context.now;
        (self.stage, self.stamp) = (Some((stage, now, now + took_ms)), stamp);
        let turn = Turn::PodWorker { node: scene.node.to_owned(), uid: scene.pod.metadata.uid.clone(), stamp };
        scene.out.turn_after(took_ms, turn);
    }

    fn begin_container(&mut self, scene: &mut Scene<'_, '_>, images: &Set<String>, stamp: u64) {
        let Some(container) = in_order(&scene.pod.spec).nth(self.container) else {
            return;
        };
        if image::must_pull(container, images.contains(&container.image)) {
            self.begin_pull(scene, stamp);
        } else {
            let text = format!(
                "Container image {:?} already present on machine and can be accessed by the pod",
                container.image
            );
            scene.normal("Pulled", text);
            self.enter(scene, Step::Starting, scene.context.knobs.container_start_ms, stamp);
        }
    }

    fn begin_pull(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        let Some(container) = in_order(&scene.pod.spec).nth(self.container) else {
            return;
        };
        scene.normal("Pulling", format!("Pulling image {:?}", container.image));
        self.enter(scene, Step::Pulling, scene.context.knobs.image_pull_ms, stamp);
    }

    fn end_pull(&mut self, scene: &mut Scene<'_, '_>, images: &mut Set<String>, stamp: u64) {
        let pod = scene.pod;
        let Some(container) = in_order(&pod.spec).nth(self.container) else {
            return;
        };
        let name = &container.image;
        if image::cannot_be_pulled(name) {
            self.failures += 1;
            let why =
                format!("failed to pull and unpack image {name:?}: failed to resolve reference {name:?}: not found");
            scene.warning("Failed", format!("Failed to pull image {name:?}: rpc error: code = NotFound desc = {why}"));
            scene.warning("Failed", "Error: ErrImagePull".to_owned());
            scene.wait(&container.name, "ErrImagePull", &why);
            self.enter(scene, Step::PullFailed, ERROR_SHOWN_MS, stamp);
            return;
        }
        images.insert(name.clone());
        let took = scene.context.knobs.image_pull_ms;
        let took = if took < 1_000 { format!("{took}ms") } else { format!("{}.{:03}s", took / 1_000, took % 1_000) };
        scene.normal(
            "Pulled",
            format!(
                "Successfully pulled image {name:?} in {took} ({took} including waiting). Image size: 72319283 bytes."
            ),
        );
        self.enter(scene, Step::Starting, scene.context.knobs.container_start_ms, stamp);
    }

    fn back_off(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        let pod = scene.pod;
        let Some(container) = in_order(&pod.spec).nth(self.container) else {
            return;
        };
        let text = format!("Back-off pulling image {:?}", container.image);
        scene.normal("BackOff", text.clone());
        scene.warning("Failed", "Error: ImagePullBackOff".to_owned());
        scene.wait(&container.name, "ImagePullBackOff", &text);
        let delay_ms = back_off_ms(scene.context.knobs, self.failures) - ERROR_SHOWN_MS;
        self.enter(scene, Step::PullBackOff, delay_ms.max(0), stamp);
    }

    fn container_started(&mut self, scene: &mut Scene<'_, '_>, images: &mut Set<String>, stamp: u64) {
        scene.normal("Created", "Container created".to_owned());
        scene.normal("Started", "Container started".to_owned());
        self.container += 1;
        let pod = scene.pod;
        if self.container <= pod.spec.init_containers.len() {
            self.enter(scene, Step::RunningInit, scene.context.knobs.init_container_ms, stamp);
        } else if self.container < pod.spec.init_containers.len() + pod.spec.containers.len() {
            self.begin_container(scene, images, stamp);
        } else {
            self.all_started(scene, stamp);
        }
    }

    fn all_started(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        let (pod, now) = (scene.pod, scene.context.now);
        let mut status = pod.status.clone();
        status.phase = Phase::Running;
        for container in &mut status.container_statuses {
            container.state = ContainerState::Running { started_at: now };
            container.ready = false;
        }
        let crashes = pod.spec.containers.iter().any(|container| image::crashes(&container.image));
        match image::ready_after_ms(&pod.spec) {
            Some(0) => scene.become_ready(status),
            Some(delay_ms) => {
                scene.report(status, "running, not ready");
                self.enter(scene, Step::AwaitingProbe, delay_ms, stamp);
            }
            None => scene.report(status, "running, not ready"),
        }
        if crashes {
            self.enter(scene, Step::AboutToCrash, image::CRASH_AFTER_MS, stamp);
        }
    }

    fn crash(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        self.failures += 1;
        let now = scene.context.now;
        let mut status = scene.pod.status.clone();
        for container in &mut status.container_statuses {
            container.ready = false;
            container.state = ContainerState::Terminated { exit_code: 1, reason: "Error".to_owned(), finished_at: now };
        }
        set_ready(&mut status, false, "ContainersNotReady", now);
        scene.report(status, "a container exited with code 1");
        let shown_ms = if self.failures <= 1 { FIRST_RESTART_MS } else { ERROR_SHOWN_MS };
        self.enter(scene, Step::Crashed, shown_ms, stamp);
    }

    fn crash_back_off(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        let delay_ms = back_off_ms(scene.context.knobs, self.failures - 1);
        let pod = scene.pod;
        let Some(container) = pod.spec.containers.first() else {
            return;
        };
        let text = format!(
            "back-off {}s restarting failed container={} pod={}",
            delay_ms / 1_000,
            container.name,
            pod.metadata.name
        );
        scene.warning(
            "BackOff",
            format!("Back-off restarting failed container {} in pod {}", container.name, pod.metadata.name),
        );
        scene.wait(&container.name, "CrashLoopBackOff", &text);
        self.enter(scene, Step::CrashBackOff, (delay_ms - ERROR_SHOWN_MS).max(0), stamp);
    }

    fn restart(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        let mut status = scene.pod.status.clone();
        for container in &mut status.container_statuses {
            container.restart_count += 1;
            container.state = ContainerState::Running { started_at: scene.context.now };
        }
        scene.normal("Started", "Container started".to_owned());
        if image::ready_after_ms(&scene.pod.spec) == Some(0) {
            scene.become_ready(status)
        } else {
            scene.report(status, "restarted")
        }
        self.enter(scene, Step::AboutToCrash, image::CRASH_AFTER_MS, stamp);
    }

    fn stopped(&mut self, scene: &mut Scene<'_, '_>, kill: bool, stamp: u64) {
        let now = scene.context.now;
        let mut status = scene.pod.status.clone();
        let ran = status.phase == Phase::Running;
        let (exit_code, reason) = if kill || !ran { (137, "Error") } else { (0, "Completed") };
        let failed = exit_code != 0 || self.ending.is_some();
        status.phase = if failed { Phase::Failed } else { Phase::Succeeded };
        if let Some(ending) = self.ending.take() {
            (status.reason, status.message) = (ending.reason.to_owned(), ending.message);
        }
        for container in &mut status.container_statuses {
            container.ready = false;
            container.state = ContainerState::Terminated { exit_code, reason: reason.to_owned(), finished_at: now };
        }
        let why = if failed { "PodFailed" } else { "PodCompleted" };
        set_ready(&mut status, false, why, now);
        scene.report(status, "stopped");
        self.enter(scene, Step::CleaningUp, scene.context.knobs.pod_cleanup_ms, stamp);
    }
}

/// Back-off after so many failures: doubles from the knob to five minutes.
fn back_off_ms(knobs: &Knobs, failures: u32) -> Millis {
    let doublings = failures.saturating_sub(1).min(16);
    knobs.kubelet_backoff_ms.saturating_mul(1 << doublings).min(Knobs::KUBELET_BACKOFF_MAX_MS)
}
