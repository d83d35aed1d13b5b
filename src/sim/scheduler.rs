//! The default scheduler: binds pods to nodes.
//!
//! Upstream: `pkg/scheduler/schedule_one.go`, `backend/queue/scheduling_queue.go`.
//! Models: a queue by priority, then in order of arrival; the filters and scores of the
//! default profile with upstream's reasons; pods assumed on their node from the decision on;
//! the PodScheduled condition and FailedScheduling event; preemption: victims marked by
//! the condition DisruptionTarget and deleted with their grace period, the Preempted event,
//! the nominated node and what is kept free there; pods that fit nowhere wait until the
//! cluster changes, and then for a back-off of 1 s doubled up to 10 s if others wait for
//! their turn; the last 20 attempts of each pod, with what woke it, each node's
//! verdict and the scores, can be looked at.
//! Simplifies: any change of a node, and any pod that leaves one, is reason to try again, for
//! pods with rules about other pods any that is bound too; of nodes or victims that are
//! equally good the first by name is taken.
//! Leaves out: volumes, PriorityClasses but the two built in, PodDisruptionBudgets, default spreading by Services.

mod attempts;

pub use attempts::{Outcome, PodAttempts, Preempts, Queues, ScheduleAttempt, Verdict, Woken};

use super::commit::set_condition;
use super::event::EventType;
use super::faults::TIMED_OUT;
use super::kubelet::{Progress, Stage};
use super::notice::{Change, Context, Notice, Out, Turn, Write};
use super::store::Store;
use crate::api::{ConditionStatus, Key, Kind, Node, ObjectRef, Pod, PodConditionType, PodStatus};
use crate::base::{Map, Millis, SECOND_MS, Time, sort_by};
use crate::rules::scheduling::{
    Attempt, Decision, Preemption, Snapshot, decide, failed_scheduling_message, has_required_anti_affinity,
};
use attempts::Attempts;
use std::cmp::Reverse;
use std::rc::Rc;

/// First and longest back-off of a pod that fits nowhere.
const BACKOFF_MS: (Millis, Millis) = (SECOND_MS, 10 * SECOND_MS);

/// Who says why a pod could not be bound.
const BINDER: &str = "running Bind plugin \"DefaultBinder\": ";

/// Why a victim goes: reason and message of its condition DisruptionTarget.
const PREEMPTED: (&str, &str) =
    ("PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod");

/// The scheduler's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Scheduler {
    /// Pods to be looked at with their priority and what woke them, the first next.
    active: Vec<Rc<(i32, Key, Woken)>>,
    /// Pods that fit nowhere and wait for a change, with when they were last tried.
    unschedulable: Map<Key, Time>,
    /// Pods that will be looked at after their back-off, or before if nothing else is to do.
    backing_off: Map<Key, (Time, Woken)>,
    /// How often pods were tried that are not placed yet: their back-off hangs on it.
    tried: Map<Key, u32>,
    /// What was tried for all pods that are there, for people.
    attempts: Attempts,
    /// Pods on their way to a node.
    assumed: Map<Key, Assumed>,
    /// A turn is asked for.
    awake: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Assumed {
    node: String,
    progress: Progress,
}

impl Scheduler {
    /// The binding under way of a pod, if there is one.
    pub fn progress(&self, pod: &Key) -> Option<Progress> {
        self.assumed.get(pod).map(|assumed| assumed.progress)
    }

    /// What was tried for each pod.
    pub fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// Handlers of the scheduler's informers.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        match notice {
            Notice::Pod(change) => self.notice_pod(context, change, out),
            Notice::Node(Change { old, new: Some(node) }) => {
                if let Some(event) = helpful_change(old.as_deref(), node) {
                    let woken = Woken { event, object: node.name().to_owned(), through: Queues::Active };
                    self.retry_unschedulable(context, out, &woken, |_| true);
                }
            }
            Notice::Node(_) | Notice::DaemonSet(_) | Notice::Revision(_) => {}
        }
    }

    fn notice_pod(&mut self, context: &Context<'_>, change: &Change<Pod>, out: &mut Out) {
        let Some(pod) = change.latest() else { return };
        let key = pod.key();
        let gone = change.new.is_none();
        if gone {
            self.attempts.forget(&key);
        }
        let was_bound = change.old.as_ref().is_some_and(|old| old.node_name.is_some());
        // One that was bound before was forgotten then.
        if !was_bound && (pod.node_name.is_some() || gone || pod.is_deleting()) {
            self.forget(&key);
        } else if change.old.is_none() {
            // What was tried for one of the same name is not its own.
            self.attempts.forget(&key);
            let woken = Woken { event: "UnscheduledPodAdd", object: String::new(), through: Queues::Active };
            self.activate(key, woken, context, out);
        }
        let is_bound = pod.node_name.is_some();
        if is_bound && (gone || pod.status.phase.is_terminal()) {
            self.retry_for_pod("AssignedPodDelete", pod, context, out, |_| true);
        } else if is_bound && !was_bound {
            self.retry_for_pod("AssignedPodAdd", pod, context, out, minds_other_pods);
        }
    }

    fn forget(&mut self, key: &Key) {
        self.unschedulable.remove(key);
        self.backing_off.remove(key);
        self.tried.remove(key);
        // What is on its way to a node has left the queue.
        if self.assumed.remove(key).is_none() {
            self.active.retain(|waiting| waiting.1 != *key);
        }
    }

    fn activate(&mut self, key: Key, woken: Woken, context: &Context<'_>, out: &mut Out) {
        let priority = context.store.pods.get(&key).map_or(0, |pod| pod.priority());
        let place = self.active.iter().rposition(|waiting| waiting.0 >= priority).map_or(0, |at| at + 1);
        self.active.insert(place, Rc::new((priority, key, woken)));
        self.wake(context, out);
    }

    fn wake(&mut self, context: &Context<'_>, out: &mut Out) {
        if !(self.awake || self.active.is_empty() && self.backing_off.is_empty()) {
            self.awake = true;
            out.turn_after(context.knobs.scheduling_cycle_ms, Turn::Schedule);
        }
    }

    fn retry_for_pod(
        &mut self,
        event: &'static str,
        changed: &Pod,
        context: &Context<'_>,
        out: &mut Out,
        helps: fn(&Pod) -> bool,
    ) {
        if !self.unschedulable.is_empty() {
            let woken = Woken { event, object: changed.key().to_string(), through: Queues::Active };
            self.retry_unschedulable(context, out, &woken, helps);
        }
    }

    /// The cluster has changed: what fitted nowhere is tried again, after its back-off, if
    /// the change may help it.
    fn retry_unschedulable(&mut self, context: &Context<'_>, out: &mut Out, woken: &Woken, helps: fn(&Pod) -> bool) {
        for (key, tried_at) in std::mem::take(&mut self.unschedulable) {
            if !context.store.pods.get(&key).is_some_and(|pod| helps(pod)) {
                self.unschedulable.insert(key, tried_at);
                continue;
            }
            let until = backs_off_until(tried_at, self.tried.get(&key).copied().unwrap_or(1));
            let left_ms = until.since(context.now);
            if left_ms == 0 {
                self.activate(key, woken.clone(), context, out);
            } else {
                out.turn_after(left_ms, Turn::EndSchedulingBackoff(key.clone()));
                self.backing_off.insert(key, (until, woken.clone()));
                self.wake(context, out);
            }
        }
    }

    /// One turn: the next pod, or a pod's end of back-off.
    pub fn turn(&mut self, context: &Context<'_>, turn: &Turn, out: &mut Out) {
        match turn {
            Turn::EndSchedulingBackoff(key) => {
                // Taken early, it may be back with a longer one.
                if self.backing_off.get(key).is_some_and(|(until, _)| *until <= context.now) {
                    let woken = self.take_backing_off(key, Queues::BackoffThenActive);
                    woken.into_iter().for_each(|woken| self.activate(key.clone(), woken, context, out));
                }
            }
            // The queue of errors is not asked when nothing else waits.
            Turn::EndErrorBackoff(key) => {
                let (event, through) = ("ScheduleAttemptFailure", Queues::BackoffThenActive);
                self.activate(key.clone(), Woken { event, object: String::new(), through }, context, out);
            }
            _ => {
                self.awake = false;
                let next = if self.active.is_empty() {
                    self.pop_backing_off(context)
                } else {
                    let (_, key, woken) = Rc::unwrap_or_clone(self.active.remove(0));
                    Some((key, woken))
                };
                if let Some((key, woken)) = next {
                    self.schedule(context, key, woken, out);
                }
                self.wake(context, out);
            }
        }
    }

    /// The pod whose back-off is over first, by whole seconds, then the one of the highest
    /// priority. Upstream: `popBackoff`, of the feature gate SchedulerPopFromBackoffQ.
    fn pop_backing_off(&mut self, context: &Context<'_>) -> Option<(Key, Woken)> {
        let priority = |key: &Key| context.store.pods.get(key).map_or(0, |pod| pod.priority());
        let first =
            self.backing_off.iter().min_by_key(|(key, (until, _))| (until.0 / SECOND_MS, Reverse(priority(key))));
        let key = first?.0.clone();
        Some((key.clone(), self.take_backing_off(&key, Queues::Backoff)?))
    }

    fn take_backing_off(&mut self, key: &Key, through: Queues) -> Option<Woken> {
        let (_, woken) = self.backing_off.remove(key)?;
        Some(Woken { through, ..woken })
    }

    fn schedule(&mut self, context: &Context<'_>, key: Key, woken: Woken, out: &mut Out) {
        let Some(pod) = context.store.pods.get(&key).filter(|pod| pod.node_name.is_none() && !pod.is_deleting()) else {
            return;
        };
        let tried = self.tried.entry(key.clone()).or_insert(0);
        *tried += 1;
        let backs_off_until = backs_off_until(context.now, *tried);
        let snapshot = self.snapshot(context, pod);
        let attempt = Attempt::new(pod, &snapshot);
        let decision = decide(&attempt);
        let outcome = if decision.node.is_some() && out.is_refused() {
            let message = [BINDER, TIMED_OUT].concat();
            say_not_scheduled(pod, "SchedulerError", message.clone(), String::new(), context.now, out);
            out.turn_after(backs_off_until.since(context.now), Turn::EndErrorBackoff(key.clone()));
            Outcome::Unschedulable { message, preempts: None, backs_off_until }
        } else if let Some(info) = decision.node.and_then(|at| snapshot.nodes.get(at)) {
            let (node, bind_ms) = (info.node.name().to_owned(), context.knobs.bind_latency_ms);
            let progress = Progress { stage: Stage::Binding, started_at: context.now, ends_at: context.now + bind_ms };
            self.assumed.insert(key.clone(), Assumed { node: node.clone(), progress });
            let (key, uid) = (key.clone(), pod.metadata.uid.clone());
            out.write_after(bind_ms, Write::BindPod { key, uid, node: node.clone() });
            Outcome::Assumed { node, nominated: decision.misfits.is_empty() }
        } else {
            let (message, preempts) = fail(context, &attempt, &decision, out);
            self.unschedulable.insert(key.clone(), context.now);
            Outcome::Unschedulable { message, preempts, backs_off_until }
        };
        self.attempts.keep(key, ScheduleAttempt::new(context.now, woken, &snapshot, &decision, outcome));
    }

    /// The cluster as far as it matters to a pod. A pinned one minds only its node, unless
    /// it, or a pod anywhere, has rules about other pods.
    fn snapshot<'a>(&self, context: &Context<'a>, pod: &Pod) -> Snapshot<'a> {
        let store = context.store;
        let only = pod.pinned_to.as_deref().filter(|_| !minds_other_pods(pod));
        if let Some(only) = only.filter(|_| !store.has_repelling_pods()) {
            return self.snapshot_of_one(store, only);
        }
        let mut snapshot = Snapshot::new(&mut store.nodes.values().map(|node| &**node));
        for other in store.pods.values() {
            self.add_to(&mut snapshot, other, only);
        }
        snapshot
    }

    /// One node of the cluster, whose size does not matter then.
    fn snapshot_of_one<'a>(&self, store: &'a Store, only: &str) -> Snapshot<'a> {
        let mut snapshot = Snapshot::new(&mut store.nodes.get(only).into_iter().map(|node| &**node));
        snapshot.left_out = store.nodes.len() - snapshot.nodes.len();
        let assumed = self.assumed.iter().filter(|(_, assumed)| assumed.node == only);
        let assumed = assumed.filter_map(|(key, _)| store.pods.get(key));
        let mut pods: Vec<&Rc<Pod>> = store.pods_at(only).iter().chain(assumed).collect();
        // One that has just been bound is among both.
        sort_by(&mut pods, |a, b| a.key().cmp(&b.key()));
        pods.dedup_by(|a, b| Rc::ptr_eq(a, b));
        for other in pods {
            self.add_to(&mut snapshot, other, Some(only));
        }
        snapshot
    }

    /// Puts a pod on its node, or on the one that it is nominated to. If only one node
    /// matters, then of the pods on others only those that keep pods away.
    fn add_to<'a>(&self, snapshot: &mut Snapshot<'a>, pod: &'a Pod, only: Option<&str>) {
        let assumed = || self.assumed.get(&pod.key()).map(|assumed| assumed.node.as_str());
        match pod.node_name.as_deref().or_else(assumed) {
            Some(node) => {
                let matters = only.is_none_or(|only| only == node) || has_required_anti_affinity(pod);
                if matters && !pod.status.phase.is_terminal() {
                    snapshot.add_pod(node, pod);
                }
            }
            None if pod.is_deleting() => {}
            None => {
                if let Some(at) = snapshot.find(&pod.status.nominated_node_name) {
                    snapshot.nominated.push((at, pod));
                }
            }
        }
    }
}

/// Until when a pod is not tried again that was tried so often, the last time at `tried_at`.
fn backs_off_until(tried_at: Time, attempts: u32) -> Time {
    tried_at + BACKOFF_MS.0.saturating_mul(1 << attempts.saturating_sub(1).min(10)).min(BACKOFF_MS.1)
}

/// Upstream's label of the event if the change of a node may help pods that fitted nowhere:
/// of several the first. Upstream: `NodeSchedulingPropertiesChange`.
fn helpful_change(old: Option<&Node>, new: &Node) -> Option<&'static str> {
    let Some(old) = old else { return Some("NodeAdd") };
    if old.status.allocatable != new.status.allocatable {
        return Some("NodeUpdateNodeAllocatable");
    }
    if old.metadata.labels != new.metadata.labels {
        return Some("NodeUpdateNodeLabel");
    }
    (old.spec != new.spec).then_some("NodeUpdateNodeTaint")
}

/// Whether it matters to a pod which pods run on other nodes.
fn minds_other_pods(pod: &Pod) -> bool {
    let affinity = pod.spec.affinity.as_ref();
    !pod.spec.topology_spread_constraints.is_empty()
        || affinity.is_some_and(|affinity| affinity.pod_affinity.is_some() || affinity.pod_anti_affinity.is_some())
}

/// A pod fits nowhere: makes others leave if that helps, and says so.
fn fail(
    context: &Context<'_>,
    attempt: &Attempt<'_>,
    decision: &Decision,
    out: &mut Out,
) -> (String, Option<Preempts>) {
    let pod = attempt.pod;
    let preemption = attempt.preempt(&decision.misfits);
    let message = failed_scheduling_message(&decision.misfits, attempt.snapshot.left_out, &preemption.message);
    let mut nominated = pod.status.nominated_node_name.clone();
    if !preemption.keeps_nomination {
        nominated.clear();
    }
    let preempts = drive_away(context, attempt, &preemption, out);
    if let Some(preempts) = &preempts {
        nominated.clone_from(&preempts.node);
    }
    say_not_scheduled(pod, "Unschedulable", message.clone(), nominated, context.now, out);
    (message, preempts)
}

/// Deletes the victims, and takes the nominations to their node from pods of lower priority.
fn drive_away(
    context: &Context<'_>,
    attempt: &Attempt<'_>,
    preemption: &Preemption<'_>,
    out: &mut Out,
) -> Option<Preempts> {
    let (pod, victims) = (attempt.pod, preemption.victims.as_ref()?);
    let node = attempt.snapshot.nodes.get(victims.node)?.node.name();
    for (at, other) in &attempt.snapshot.nominated {
        if *at == victims.node && other.priority() < pod.priority() {
            let mut status = other.status.clone();
            status.nominated_node_name.clear();
            out.write(set_status(other, status, "nominatedNodeName removed".to_owned()));
        }
    }
    let delay_ms = context.knobs.api_latency_ms;
    for victim in victims.pods.iter().filter(|victim| !victim.is_deleting()) {
        let (key, uid) = (victim.key(), victim.metadata.uid.clone());
        let message = format!("Preempted by pod {} on node {node}", pod.metadata.uid);
        let object = ObjectRef::new(Kind::Pod, key.clone());
        let (reason, message_of_victim) = PREEMPTED;
        let (k, u) = (key.clone(), uid.clone());
        out.write_after(delay_ms, Write::Disrupt { key: k, uid: u, reason, message: message_of_victim });
        out.write_after(delay_ms, Write::DeletePod { key, uid, grace_period_seconds: None });
        out.record_after(delay_ms, EventType::Normal, object, "Preempted", message);
    }
    Some(Preempts::new(node, &victims.pods))
}

fn set_status(pod: &Pod, status: PodStatus, what: String) -> Write {
    Write::SetPodStatus { key: pod.key(), uid: pod.metadata.uid.clone(), status: Box::new(status), what }
}

/// Upstream: `handleSchedulingFailure`.
fn say_not_scheduled(pod: &Pod, reason: &str, message: String, nominated: String, now: Time, out: &mut Out) {
    let mut status = pod.status.clone();
    let kind = PodConditionType::PodScheduled;
    set_condition(&mut status.conditions, kind, ConditionStatus::False, reason, &message, now);
    out.warning(ObjectRef::new(Kind::Pod, pod.key()), "FailedScheduling", message);
    let mut what = ["PodScheduled False: ", reason].concat();
    if !nominated.is_empty() && nominated != status.nominated_node_name {
        what = format!("{what}, nominated to {nominated}");
    }
    status.nominated_node_name = nominated;
    out.write(set_status(pod, status, what));
}
