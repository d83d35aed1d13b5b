//! The worker of one pod: it starts the pod's containers in their order, looks after each of
//! them, and brings the pod to its end.
//!
//! As upstream's, it does one thing at a time: what a sync has decided is done step by step,
//! and only then does it report and decide anew. Containers go on by themselves meanwhile.
//!
//! Upstream: `pkg/kubelet/pod_workers.go`, `pkg/kubelet/kuberuntime/kuberuntime_manager.go`.

mod report;
mod start;
mod stop;
mod sync;

use super::image::Images;
use super::run::{Now, Run};
use super::scene::Scene;
use super::{Progress, SYNC_PERIOD_MS, Stage};
use crate::api::{Container, Key, Pod, PodSpec};
use crate::base::{Millis, Time};
use crate::rules::containers::is_sidecar;
use crate::sim::notice::{Out, Turn, Write};

/// What the kubelet does with a pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Worker {
    key: Key,
    /// Tells the present wake-up from those that were asked for before.
    stamp: u64,
    frozen: bool,
    life: Life,
    /// Whether the sandbox has been made.
    sandbox: bool,
    /// What it is busy with, since when and until when.
    busy: Option<(Step, Time, Time)>,
    /// Init containers and then the others, in the spec's order.
    runs: Vec<Run>,
    /// Those that the present sync still has to start, the next one last.
    plan: Vec<usize>,
    /// Why the kubelet itself brings the pod to its end; nobody need have asked for that.
    ending: Option<Ending>,
}

/// The three parts of a worker's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Life {
    /// Containers are started and started again.
    Syncing,
    /// They are being stopped.
    Terminating,
    /// None runs, and none ever will.
    Terminated,
}

/// Steps of the worker; those with a container say which one by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Sandbox,
    Pulling(usize),
    Starting(usize),
    /// One container is stopped because a probe failed.
    Killing(usize),
    /// All are stopped.
    Stopping,
    CleaningUp,
}

/// What a pod that its kubelet brings to its end says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ending {
    /// Reason in one word, e.g. `Evicted`.
    pub reason: &'static str,
    /// The same for people.
    pub message: String,
}

/// Containers in the order in which they start.
fn in_order(spec: &PodSpec) -> impl Iterator<Item = &Container> {
    spec.init_containers.iter().chain(&spec.containers)
}

/// The container at an index of that order.
fn nth(spec: &PodSpec, index: usize) -> Option<&Container> {
    in_order(spec).nth(index)
}

/// Whether the container at an index is an init container that is to end.
fn runs_once(spec: &PodSpec, index: usize) -> bool {
    spec.init_containers.get(index).is_some_and(|container| !is_sidecar(container))
}

impl Worker {
    /// A worker that has not begun.
    pub fn new(pod: &Pod) -> Worker {
        Worker {
            key: pod.key(),
            stamp: 0,
            frozen: false,
            life: Life::Syncing,
            sandbox: false,
            busy: None,
            runs: in_order(&pod.spec).map(|_| Run::default()).collect(),
            plan: Vec::new(),
            ending: None,
        }
    }

    /// The pod.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Whether a wake-up with this stamp is the present one.
    pub fn is_current(&self, stamp: u64) -> bool {
        self.stamp == stamp
    }

    /// Whether the pod is being stopped or cleaned up.
    pub fn ends(&self) -> bool {
        self.life != Life::Syncing
    }

    /// What is under way, for people.
    pub fn progress(&self, spec: &PodSpec) -> Option<Progress> {
        let progress = |stage, started_at, ends_at| Some(Progress { stage, started_at, ends_at });
        if let Some((step, started_at, ends_at)) = self.busy {
            return progress(step.shown(), started_at, ends_at);
        }
        if let Some(hold) = self.runs.iter().filter_map(|run| run.hold).min_by_key(|hold| hold.until) {
            return progress(Stage::BackOff, hold.since, hold.until);
        }
        let mut awaited = None;
        for (index, (run, container)) in self.runs.iter().zip(in_order(spec)).enumerate() {
            if let (Now::Running(since), Some((at, _)), true) = (run.now, run.exit, runs_once(spec, index)) {
                return progress(Stage::InitContainer, since, at);
            }
            awaited = awaited.or_else(|| run.awaits_probe(container));
        }
        let (since, at) = awaited?;
        progress(Stage::WaitingForProbe, since, at)
    }

    /// The machine broke in the middle of something.
    pub fn freeze(&mut self) {
        self.frozen = true;
    }

    /// Begins to start the pod.
    pub fn start(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        self.report(scene);
        self.enter(scene, Step::Sandbox, scene.context.knobs.sandbox_ms);
        self.schedule(scene, stamp);
    }

    /// Begins to stop the pod, unless it is stopping already.
    pub fn stop(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        if self.ends() {
            return;
        }
        self.terminate(scene, scene.pod.metadata.deletion_grace_period_seconds.unwrap_or(30));
        self.schedule(scene, stamp);
    }

    /// Kills the containers of a pod that was not asked to end, as upstream does under pressure:
    /// when they have stopped it is Failed, with this reason. Nothing if it ends already.
    pub fn fail(&mut self, scene: &mut Scene<'_, '_>, ending: Ending, grace_s: i64, stamp: u64) {
        if self.ends() {
            return;
        }
        self.ending = Some(ending);
        self.terminate(scene, grace_s);
        self.schedule(scene, stamp);
    }

    /// After a repair: a turn at once, which reports what the API may have wrong and goes on
    /// with what was frozen.
    pub fn resume(&mut self, node: &str, pod: &Pod, stamp: u64, out: &mut Out) {
        (self.frozen, self.stamp) = (false, stamp);
        out.turn_after(0, Turn::PodWorker { node: node.to_owned(), uid: pod.metadata.uid.clone(), stamp });
    }

    /// Something is due: containers exit, probes are made, the present step ends, the next
    /// begins.
    pub fn turn(&mut self, scene: &mut Scene<'_, '_>, images: &mut Images, stamp: u64) {
        self.look_after_containers(scene);
        if let Some((step, began, _)) = self.busy.take_if(|(_, _, ends_at)| *ends_at <= scene.context.now) {
            self.end_of_step(scene, (step, began), images);
        }
        self.go_on(scene, images);
        self.schedule(scene, stamp);
    }

    fn end_of_step(&mut self, scene: &mut Scene<'_, '_>, (step, began): (Step, Time), images: &mut Images) {
        match step {
            Step::Sandbox => self.sandbox = true,
            Step::Pulling(index) => self.end_pull(scene, index, images, began),
            Step::Starting(index) => self.container_started(scene, index),
            Step::Killing(index) => self.killed(scene, index),
            Step::Stopping => {}
            Step::CleaningUp if !scene.pod.is_deleting() => {}
            Step::CleaningUp => {
                let (key, uid) = (scene.pod.key(), scene.pod.metadata.uid.clone());
                if !scene.out.send(Write::DeletePod { key, uid, grace_period_seconds: Some(0) }) {
                    self.enter(scene, Step::CleaningUp, SYNC_PERIOD_MS);
                }
            }
        }
    }

    fn go_on(&mut self, scene: &mut Scene<'_, '_>, images: &mut Images) {
        while self.busy.is_none() {
            match (self.life, self.plan.pop()) {
                (Life::Syncing, Some(index)) => self.begin_container(scene, index, images),
                (Life::Syncing, None) => {
                    if !self.report(scene) {
                        scene.out.turn_after(SYNC_PERIOD_MS, Turn::PostNodeStatus(scene.node.to_owned()));
                    }
                    if !self.sync(scene) {
                        return;
                    }
                }
                (Life::Terminating, _) => self.terminated(scene),
                (Life::Terminated, _) => return,
            }
        }
    }

    fn enter(&mut self, scene: &Scene<'_, '_>, step: Step, took_ms: Millis) {
        let now = scene.context.now;
        self.busy = Some((step, now, now + took_ms));
    }

    /// Asks for the next wake-up; those asked for before are out of date.
    fn schedule(&mut self, scene: &mut Scene<'_, '_>, stamp: u64) {
        self.stamp = stamp;
        let runs = self.runs.iter().zip(in_order(&scene.pod.spec));
        let next = runs.map(|(run, container)| run.next_at(container)).min().unwrap_or(Time::NEVER);
        let at = self.busy.map_or(next, |(_, _, ends_at)| next.min(ends_at));
        if at != Time::NEVER {
            let turn = Turn::PodWorker { node: scene.node.to_owned(), uid: scene.pod.metadata.uid.clone(), stamp };
            scene.out.turn_after(at.since(scene.context.now), turn);
        }
    }
}

impl Step {
    fn shown(self) -> Stage {
        match self {
            Step::Sandbox => Stage::Sandbox,
            Step::Pulling(_) => Stage::Pulling,
            Step::Starting(_) => Stage::Starting,
            Step::Killing(_) | Step::Stopping => Stage::Stopping,
            Step::CleaningUp => Stage::CleaningUp,
        }
    }
}
