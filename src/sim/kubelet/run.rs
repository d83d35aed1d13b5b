//! One container of a pod on its machine: what it does, what it did before, and what its
//! kubelet knows of it.
//!
//! Upstream: `pkg/kubelet/kubelet_pods.go` (`convertToAPIContainerStatuses`),
//! `pkg/kubelet/prober/prober_manager.go` (`UpdatePodStatus`).

use super::image;
use super::scene::Scene;
use crate::api::{Container, ContainerState, ContainerStatus, Pod, Probe, Termination};
use crate::base::{Millis, Time, go_duration};
use crate::rules::backoff::Delay;
use crate::rules::containers::{is_sidecar, should_restart};
use crate::rules::probe::{ProbeKind, Prober, failure_text};
use crate::sim::knobs::{ImageFault, Knobs};

/// From a crash to the message that the restart is put off.
const BACK_OFF_SHOWN_MS: Millis = 700;
/// From a crash to the restart if it is not put off.
const RESTART_MS: Millis = 300;

/// A container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Run {
    /// What it does.
    pub now: Now,
    /// How its run before the present one ended.
    last: Option<Termination>,
    restarts: i32,
    /// Why it does not run, if something keeps it from starting.
    pub why: Option<Why>,
    /// When it exits, and its exit code, as far as that is settled.
    pub exit: Option<(Time, i32)>,
    /// By purpose.
    probers: [Option<Prober>; 3],
    /// Back-off of its restarts.
    crash: Option<Delay>,
    /// Back-off of the pulls of its image, if it is the pod's first with that image.
    pub pull: Option<Delay>,
    /// Until when it is not started.
    pub hold: Option<Hold>,
}

/// Why a container waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Why {
    ErrImagePull,
    ImagePullBackOff,
    ErrImageNeverPull,
    CrashLoopBackOff,
}

impl Why {
    /// All of them.
    const ALL: [Why; 4] = [Why::ErrImagePull, Why::ImagePullBackOff, Why::ErrImageNeverPull, Why::CrashLoopBackOff];

    /// The reason in its status.
    pub fn name(self) -> &'static str {
        match self {
            Why::ErrImagePull => "ErrImagePull",
            Why::ImagePullBackOff => "ImagePullBackOff",
            Why::ErrImageNeverPull => "ErrImageNeverPull",
            Why::CrashLoopBackOff => "CrashLoopBackOff",
        }
    }
}

/// What a container does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Now {
    /// It has never run.
    #[default]
    New,
    /// It runs since then.
    Running(Time),
    /// It ended.
    Ended(Termination),
}

/// A wait for the next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Hold {
    /// Since when.
    pub since: Time,
    /// When it is told of, if it is not yet.
    pub announce_at: Option<Time>,
    /// Until when.
    pub until: Time,
}

/// The probe of a container for a purpose.
fn probe_of(container: &Container, kind: ProbeKind) -> Option<&Probe> {
    match kind {
        ProbeKind::Startup => container.startup_probe.as_ref(),
        ProbeKind::Liveness => container.liveness_probe.as_ref(),
        ProbeKind::Readiness => container.readiness_probe.as_ref(),
    }
}

impl Run {
    /// A container that is where its status says. What it will do is not known: if it runs it goes on,
    /// and stays as ready as it is; if it is an init container it ends as those do.
    pub fn found(knobs: &Knobs, container: &Container, status: &ContainerStatus, runs_once: bool) -> Run {
        let mut run = Run { last: status.last_state, restarts: status.restart_count, ..Run::default() };
        match &status.state {
            ContainerState::Running { started_at } => {
                run.now = Now::Running(*started_at);
                if runs_once {
                    run.exit =
                        image::exit(knobs, container, true).map(|(after_ms, code)| (Time::ZERO + after_ms, code));
                }
                run.probers = ProbeKind::ALL.map(|kind| {
                    let answers = image::answers(knobs, &container.image, kind, *started_at);
                    let mut prober = Prober::new(kind, probe_of(container, kind)?, *started_at, Time::ZERO, answers);
                    prober.next_at = Time::NEVER;
                    prober.verdict = match kind {
                        ProbeKind::Startup => status.started.then_some(true),
                        ProbeKind::Liveness => Some(true),
                        ProbeKind::Readiness => Some(status.ready),
                    };
                    Some(prober)
                });
            }
            ContainerState::Terminated(termination) => run.now = Now::Ended(*termination),
            ContainerState::Waiting { reason, .. } => {
                run.why = Why::ALL.into_iter().find(|why| why.name() == reason);
                if let Some(termination) = run.last.take() {
                    run.now = Now::Ended(termination);
                }
            }
        }
        run
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self.now, Now::Running(_))
    }

    fn prober(&self, kind: ProbeKind) -> Option<&Prober> {
        self.probers.get(kind as usize)?.as_ref()
    }

    /// Whether it runs and its startup probe, if it has one, has passed.
    pub fn is_started(&self) -> bool {
        self.is_running() && self.prober(ProbeKind::Startup).is_none_or(|prober| prober.verdict == Some(true))
    }

    /// The probe because of which it is to be restarted.
    pub fn failed_probe(&self) -> Option<ProbeKind> {
        let failed = |kind: &ProbeKind| self.prober(*kind).is_some_and(|prober| prober.verdict == Some(false));
        [ProbeKind::Liveness, ProbeKind::Startup].into_iter().find(failed)
    }

    /// What a probe is awaited for: since when, and when it is known.
    pub fn awaits_probe(&self, container: &Container) -> Option<(Time, Time)> {
        let Now::Running(since) = self.now else { return None };
        let kind = if self.is_started() { ProbeKind::Readiness } else { ProbeKind::Startup };
        let prober =
            self.prober(kind).filter(|prober| prober.verdict != Some(true) && prober.next_at != Time::NEVER)?;
        Some((since, prober.due_at(probe_of(container, kind)?)))
    }

    /// When something happens with it next.
    pub fn next_at(&self, container: &Container) -> Time {
        let exit = self.exit.map(|(at, _)| at);
        let hold = self.hold.map(|hold| hold.announce_at.unwrap_or(hold.until));
        let due = |kind: ProbeKind| Some(self.prober(kind)?.due_at(probe_of(container, kind)?));
        let probes = ProbeKind::ALL.into_iter().filter_map(due);
        probes.chain(exit).chain(hold).min().unwrap_or(Time::NEVER)
    }

    /// It starts to run.
    pub fn start(&mut self, scene: &Scene<'_, '_>, container: &Container, runs_once: bool) {
        let (knobs, now) = (scene.context.knobs, scene.context.now);
        if let Now::Ended(termination) = self.now {
            self.last = Some(termination);
            self.restarts = self.restarts.saturating_add(1);
        }
        (self.now, self.why) = (Now::Running(now), None);
        self.exit = image::exit(knobs, container, runs_once).map(|(after_ms, code)| (now + after_ms, code));
        self.probers = ProbeKind::ALL.map(|kind| {
            let answers = image::answers(knobs, &container.image, kind, now);
            let mut prober = Prober::new(kind, probe_of(container, kind)?, now, now, answers);
            if kind != ProbeKind::Startup && container.startup_probe.is_some() {
                prober.next_at = Time::NEVER;
            }
            Some(prober)
        });
    }

    /// It ends; what is to follow is the caller's.
    pub fn end(&mut self, exit_code: i32, now: Time) {
        if let Now::Running(started_at) = self.now {
            let reason = if exit_code == 0 { "Completed" } else { "Error" };
            let termination = Termination { exit_code, reason, message: "", started_at, finished_at: now };
            (self.now, self.exit, self.probers) = (Now::Ended(termination), None, [None; 3]);
        }
    }

    /// No probe is made any more.
    pub fn stop_probing(&mut self) {
        for prober in self.probers.iter_mut().flatten() {
            prober.next_at = Time::NEVER;
        }
    }

    /// Makes the probes that are due.
    pub fn probe(&mut self, scene: &mut Scene<'_, '_>, container: &Container) {
        let now = scene.context.now;
        for kind in ProbeKind::ALL {
            let (Some(Some(prober)), Some(probe)) = (self.probers.get_mut(kind as usize), probe_of(container, kind))
            else {
                continue;
            };
            if prober.due_at(probe) > now {
                continue;
            }
            let silent = prober.is_silent();
            if !prober.probe(kind, probe) {
                let text = failure_text(probe, silent);
                scene.warning("Unhealthy", [kind.name(), " probe failed: ", &text].concat());
            } else if kind == ProbeKind::Startup {
                self.begin_other_probes(scene, container);
            }
        }
    }

    fn begin_other_probes(&mut self, scene: &Scene<'_, '_>, container: &Container) {
        let (Now::Running(started_at), now) = (self.now, scene.context.now) else { return };
        for kind in [ProbeKind::Liveness, ProbeKind::Readiness] {
            let answers = image::answers(scene.context.knobs, &container.image, kind, started_at);
            if let (Some(probe), Some(place)) = (probe_of(container, kind), self.probers.get_mut(kind as usize)) {
                *place = Some(Prober::new(kind, probe, started_at, now, answers));
            }
        }
    }

    /// Plans the restart after a crash: at once, or when the back-off is over.
    pub fn plan_restart(&mut self, now: Time) {
        let back_off = self.crash.and_then(|delay| delay.ends_at(now, Knobs::KUBELET_BACKOFF_MAX_MS));
        self.hold = Some(match back_off.filter(|until| *until > now) {
            Some(until) => Hold { since: now, announce_at: Some(now + BACK_OFF_SHOWN_MS.min(until - now)), until },
            None => Hold { since: now, announce_at: None, until: now + RESTART_MS },
        });
    }

    /// After its kubelet has killed it to start it again: what counts for the back-off is when
    /// it ended before. Whether it must wait.
    pub fn must_wait_after_kill(&mut self, now: Time) -> bool {
        let max_ms = Knobs::KUBELET_BACKOFF_MAX_MS;
        let before = self.last.and_then(|last| self.crash?.ends_at(last.finished_at, max_ms));
        let until = self.crash.and_then(|delay| delay.ends_at(now, max_ms));
        let (Some(_), Some(until)) = (before.filter(|until| *until > now), until) else {
            return false;
        };
        self.hold = Some(Hold { since: now, announce_at: Some(now), until });
        true
    }

    /// It is about to be started (again): the back-off grows.
    pub fn count_restart(&mut self, knobs: &Knobs, now: Time) {
        if let Now::Ended(termination) = self.now {
            let limits = (knobs.kubelet_backoff_ms, Knobs::KUBELET_BACKOFF_MAX_MS);
            self.crash = Some(Delay::next(self.crash, termination.finished_at, now, limits));
        }
    }

    /// Why it waits, for people.
    pub fn message(&self, why: Why, pod: &Pod, container: &Container) -> String {
        let image = &container.image;
        match why {
            Why::ErrImagePull => not_found(image),
            Why::ImagePullBackOff => {
                [&put_off(image), ": ", Why::ErrImagePull.name(), ": ", &not_found(image)].concat()
            }
            Why::ErrImageNeverPull => format!("Container image {image:?} is not present with pull policy of Never"),
            Why::CrashLoopBackOff => {
                let delay = go_duration(self.crash.map_or(0, |delay| delay.delay_ms));
                let (name, pod) = (&container.name, full_name(pod));
                ["back-off ", &delay, " restarting failed container=", name, " pod=", &pod].concat()
            }
        }
    }

    /// Its status as its kubelet reports it. `may_start`: the pod is not ending.
    pub fn status(
        &self,
        scene: &Scene<'_, '_>,
        container: &Container,
        is_init: bool,
        may_start: bool,
    ) -> ContainerStatus {
        let spec = &scene.pod.spec;
        let runs_once = is_init && !is_sidecar(container);
        let restarts = match self.now {
            Now::Running(_) => false,
            Now::New => true,
            Now::Ended(ended) if runs_once => ended.exit_code != 0 && should_restart(container, spec, ended.exit_code),
            Now::Ended(ended) => should_restart(container, spec, ended.exit_code),
        };
        let why = self.why.filter(|_| restarts && may_start);
        let (mut last_state, mut ready) = (self.last, false);
        let state = match (why, self.now) {
            (Some(why), now) => {
                if let Now::Ended(ended) = now {
                    last_state = Some(ended);
                }
                let message = self.message(why, scene.pod, container);
                ContainerState::Waiting { reason: why.name().to_owned(), message }
            }
            (None, Now::New) => {
                let reason = if spec.init_containers.is_empty() { "ContainerCreating" } else { "PodInitializing" };
                ContainerState::Waiting { reason: reason.to_owned(), message: String::new() }
            }
            (None, Now::Running(started_at)) => {
                let never = || image::has(scene.context.knobs, &container.image, ImageFault::NotReady);
                let passes = self.prober(ProbeKind::Readiness).map_or_else(|| !never(), |p| p.verdict == Some(true));
                ready = !runs_once && self.is_started() && passes;
                ContainerState::Running { started_at }
            }
            (None, Now::Ended(ended)) => {
                ready = runs_once && ended.exit_code == 0;
                ContainerState::Terminated(ended)
            }
        };
        ContainerStatus {
            name: container.name.clone(),
            state,
            last_state,
            ready,
            started: self.is_started(),
            restart_count: self.restarts,
        }
    }
}

/// What the container runtime says of an image that no registry has.
fn not_found(image: &str) -> String {
    format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image {image:?}: failed to resolve reference {image:?}: not found"
    )
}

/// That a pull is put off.
pub(super) fn put_off(image: &str) -> String {
    format!("Back-off pulling image {image:?}")
}

/// As upstream's log speaks of a pod.
pub(super) fn full_name(pod: &Pod) -> String {
    let metadata = &pod.metadata;
    [&metadata.name, "_", &metadata.namespace, "(", &metadata.uid, ")"].concat()
}
