//! The kubelet's eviction manager: under pressure a machine sends its pods away, one after
//! another.
//!
//! Upstream: `pkg/kubelet/eviction/eviction_manager.go`, `helpers.go`.
//! Models: the order of pods by what they use beyond their requests and by priority; critical
//! pods stay; a pod has a second to stop and is then Failed (Evicted), with upstream's texts
//! and the condition DisruptionTarget; the next round waits until it is cleaned up; the
//! node's condition holds for five minutes after the last round that saw the pressure; short
//! of disk, images that no pod uses go first.
//! Simplifies: what runs short is not the pods' doing, so it lasts until the machine is
//! repaired; usage follows from requests, limits and running time (`rules/usage.rs`); the
//! first round is at once; a round that finds no pod leaves no event; pods that stop anyway
//! are left alone.
//! Leaves out: soft thresholds, limits of local storage.

use super::Machine;
use super::scene::Scene;
use super::worker::{Ending, Worker};
use crate::api::{ConditionStatus, Kind, NodeConditionType, ObjectRef, Pod, PodConditionType, PodStatus, Uid};
use crate::base::{Millis, SECOND_MS, Set, Time};
use crate::rules::pressure::{SIGNALS, Signal};
use crate::rules::usage::Moment;
use crate::sim::commit::set_condition;
use crate::sim::notice::{Context, Out, Turn};

/// Period of the rounds. Upstream: `evictionMonitoringPeriod`.
const MONITORING_PERIOD_MS: Millis = 10 * SECOND_MS;
/// How long a condition outlives its reason (`evictionPressureTransitionPeriod`).
const TRANSITION_PERIOD_MS: Millis = 300 * SECOND_MS;
/// How often and how long at most an evicted pod is waited for.
const CLEANUP_POLL_MS: Millis = SECOND_MS;
const CLEANUP_TIMEOUT_MS: Millis = 30 * SECOND_MS;
/// What a pod has to stop under a hard threshold.
const GRACE_SECONDS: i64 = 1;

/// What the eviction manager of a machine knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct EvictionManager {
    /// Since when the machine is short of something.
    since: Option<Time>,
    /// When each pressure that is over was seen last, in the order of `SIGNALS`.
    last_seen: [Option<Time>; SIGNALS.len()],
    /// When the next round is; others are out of date.
    next_round: Option<Time>,
    /// The pod that is waited for, and until when.
    evicted: Option<(Uid, Time)>,
}

impl Machine {
    fn signal(&self) -> Option<Signal> {
        let condition = self.fault?.condition()?;
        SIGNALS.into_iter().find(|signal| signal.condition == condition)
    }

    /// The pressures that the node reports.
    pub(super) fn pressures(&self, now: Time) -> Vec<NodeConditionType> {
        let present = self.signal();
        let reported = |(signal, seen): &(&Signal, &Option<Time>)| {
            present == Some(**signal) || seen.is_some_and(|seen| now.since(seen) < TRANSITION_PERIOD_MS)
        };
        SIGNALS.iter().zip(&self.eviction.last_seen).filter(reported).map(|(signal, _)| signal.condition).collect()
    }

    /// The machine's fault is another from now on.
    pub(super) fn end_pressure(&mut self, context: &Context<'_>, node: &str, out: &mut Out) {
        let (present, now) = (self.signal(), context.now);
        let Some(since) = self.eviction.since.take() else { return };
        let last_round = now + -(now.since(since) % MONITORING_PERIOD_MS);
        for (signal, seen) in SIGNALS.iter().zip(&mut self.eviction.last_seen) {
            if present == Some(*signal) {
                *seen = Some(last_round);
            }
        }
        let ends_at = last_round + TRANSITION_PERIOD_MS;
        out.turn_after(ends_at.since(now), Turn::PostNodeStatus(node.to_owned()));
    }

    /// The machine's fault is a new one: a first round, if something runs short.
    pub(super) fn begin_pressure(&mut self, context: &Context<'_>, node: &str, out: &mut Out) {
        self.eviction.next_round = None;
        if self.signal().is_some() {
            self.eviction.since = Some(context.now);
            self.plan_round(context, node, context.knobs.watch_latency_ms, out);
        }
    }

    /// A pod has come, which may be one to evict: the next round, if none is planned.
    pub(super) fn watch_pressure(&mut self, context: &Context<'_>, node: &str, out: &mut Out) {
        if let (Some(since), None) = (self.eviction.since, self.eviction.next_round) {
            let delay_ms = MONITORING_PERIOD_MS - context.now.since(since) % MONITORING_PERIOD_MS;
            self.plan_round(context, node, delay_ms, out);
        }
    }

    fn plan_round(&mut self, context: &Context<'_>, node: &str, delay_ms: Millis, out: &mut Out) {
        self.eviction.next_round = Some(context.now + delay_ms);
        out.turn_after(delay_ms, Turn::EvictionRound(node.to_owned()));
    }

    /// One round.
    pub(super) fn eviction_round(&mut self, context: &Context<'_>, node: &str, stamp: u64, out: &mut Out) {
        let now = context.now;
        if self.eviction.next_round != Some(now) {
            return;
        }
        self.eviction.next_round = None;
        let (Some(signal), Some(object)) = (self.signal(), context.store.nodes.get(node)) else {
            return;
        };
        if let Some((uid, until)) = &self.eviction.evicted
            && now < *until
            && self.stops(uid)
        {
            return self.plan_round(context, node, CLEANUP_POLL_MS, out);
        }
        if signal.condition == NodeConditionType::DiskPressure {
            self.delete_unused_images(context);
        }
        let moment = Moment { now, log_bytes_per_second: context.knobs.log_bytes_per_second };
        let victim = signal.victim(&self.candidates(context), moment);
        self.eviction.evicted = None;
        let Some(pod) = victim else { return };
        let message = signal.message(object, pod, moment);
        let reclaim = format!("Attempting to reclaim {}", signal.resource);
        out.warning(ObjectRef::node(node), "EvictionThresholdMet", reclaim);
        out.warning(ObjectRef::new(Kind::Pod, pod.key()), "Evicted", message.clone());
        let uid = &pod.metadata.uid;
        if let Some(worker) = self.workers.get_mut(uid) {
            let ending = Ending { reason: "Evicted", message };
            worker.fail(&mut Scene { context, node, pod, out }, ending, GRACE_SECONDS, stamp);
        }
        self.eviction.evicted = Some((uid.clone(), now + CLEANUP_TIMEOUT_MS));
        self.plan_round(context, node, CLEANUP_POLL_MS, out);
    }

    /// Whether a pod is being stopped or cleaned up.
    pub(super) fn stops(&self, uid: &Uid) -> bool {
        self.workers.get(uid).is_some_and(Worker::ends)
    }

    /// Pods of the machine that nothing ends yet.
    fn candidates<'a>(&self, context: &Context<'a>) -> Vec<&'a Pod> {
        let lives = |pod: &&Pod| !pod.is_deleting() && !self.stops(&pod.metadata.uid);
        self.active_pods(context).filter(lives).collect()
    }

    fn delete_unused_images(&mut self, context: &Context<'_>) {
        let mut used: Set<&str> = Set::new();
        for pod in self.active_pods(context) {
            for container in pod.spec.init_containers.iter().chain(&pod.spec.containers) {
                used.insert(&container.image);
            }
        }
        self.images.present.retain(|image| used.contains(image.as_str()));
    }
}

/// What the status of a pod that its kubelet ended says of that.
pub(super) fn set_disruption_target(status: &mut PodStatus, ending: &Ending, now: Time) {
    let message = match ending.reason {
        "Evicted" => ending.message.as_str(),
        _ => "Pod was preempted by Kubelet to accommodate a critical pod.",
    };
    let (kind, reason) = (PodConditionType::DisruptionTarget, "TerminationByKubelet");
    set_condition(&mut status.conditions, kind, ConditionStatus::True, reason, message, now);
}
