//! The default scheduler: binds pods to nodes.
//!
//! Upstream: `pkg/scheduler/schedule_one.go`, `backend/queue/scheduling_queue.go`.
//! Models: a queue in order of arrival; filters with upstream's reasons; pods assumed on
//! their node from the decision on; the PodScheduled condition and FailedScheduling event;
//! pods that fit nowhere wait until the cluster changes, and then for a back-off of 1 s
//! doubled up to 10 s.
//! Simplifies: any change of a node, and any pod that leaves one, is reason to try again;
//! a pod that may go to several nodes takes the first by name, without scores.
//! Leaves out: scores, priorities, preemption and nominated nodes, topology spread, pod
//! affinity, volumes.

use super::commit::set_condition;
use super::kubelet::{Progress, Stage};
use super::notice::{Change, Context, Notice, Out, Turn, Write};
use crate::api::{ConditionStatus, Key, Kind, ObjectRef, Pod, PodConditionType};
use crate::base::{Map, Millis, SECOND_MS, Set, Time};
use crate::rules::scheduling::{Candidate, Misfit, failed_scheduling_message, filter};
use std::collections::VecDeque;

/// First and longest back-off of a pod that fits nowhere.
const BACKOFF_MS: (Millis, Millis) = (SECOND_MS, 10 * SECOND_MS);

/// The scheduler's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Scheduler {
    /// Pods to be looked at, the first next.
    active: VecDeque<Key>,
    /// Pods that fit nowhere and wait for a change, with when they were last tried.
    unschedulable: Map<Key, Time>,
    /// Pods that will be looked at after their back-off.
    backing_off: Set<Key>,
    attempts: Map<Key, u32>,
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

    /// Handlers of the scheduler's informers.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        match notice {
            Notice::Pod(change) => self.notice_pod(context, change, out),
            Notice::Node(Change { old, new: Some(node) }) => {
                let helps = old.as_ref().is_none_or(|old| {
                    old.spec != node.spec
                        || old.metadata.labels != node.metadata.labels
                        || old.status.allocatable != node.status.allocatable
                });
                if helps {
                    self.retry_unschedulable(context, out);
                }
            }
            Notice::Node(_) | Notice::DaemonSet(_) | Notice::Revision(_) => {}
        }
    }

    fn notice_pod(&mut self, context: &Context<'_>, change: &Change<Pod>, out: &mut Out) {
        let Some(pod) = change.latest() else { return };
        let key = pod.key();
        let gone = change.new.is_none();
        if pod.node_name.is_some() || gone || pod.is_deleting() {
            self.forget(&key);
        } else if change.old.is_none() {
            self.activate(key, context, out);
        }
        let left_a_node = pod.node_name.is_some() && (gone || pod.status.phase.is_terminal());
        if left_a_node {
            self.retry_unschedulable(context, out);
        }
    }

    fn forget(&mut self, key: &Key) {
        self.assumed.remove(key);
        self.unschedulable.remove(key);
        self.backing_off.remove(key);
        self.attempts.remove(key);
        self.active.retain(|other| other != key);
    }

    fn activate(&mut self, key: Key, context: &Context<'_>, out: &mut Out) {
        self.active.push_back(key);
        self.wake(context, out);
    }

    fn wake(&mut self, context: &Context<'_>, out: &mut Out) {
        if !self.awake && !self.active.is_empty() {
            self.awake = true;
            out.turn_after(context.knobs.scheduling_cycle_ms, Turn::Schedule);
        }
    }

    /// The cluster has changed: what fitted nowhere is tried again, after its back-off.
    fn retry_unschedulable(&mut self, context: &Context<'_>, out: &mut Out) {
        for (key, tried_at) in std::mem::take(&mut self.unschedulable) {
            let attempts = self.attempts.get(&key).copied().unwrap_or(1);
            let backoff_ms = BACKOFF_MS.0.saturating_mul(1 << attempts.saturating_sub(1).min(10)).min(BACKOFF_MS.1);
            let left_ms = (tried_at + backoff_ms).since(context.now);
            if left_ms == 0 {
                self.activate(key, context, out);
            } else {
                out.turn_after(left_ms, Turn::EndSchedulingBackoff(key.clone()));
                self.backing_off.insert(key);
            }
        }
    }

    /// One turn: the next pod, or a pod's end of back-off.
    pub fn turn(&mut self, context: &Context<'_>, turn: &Turn, out: &mut Out) {
        match turn {
            Turn::EndSchedulingBackoff(key) => {
                if self.backing_off.remove(key) {
                    self.activate(key.clone(), context, out);
                }
            }
            _ => {
                self.awake = false;
                if let Some(key) = self.active.pop_front() {
                    self.schedule(context, key, out);
                }
                self.wake(context, out);
            }
        }
    }

    fn schedule(&mut self, context: &Context<'_>, key: Key, out: &mut Out) {
        let Some(pod) = context.store.pods.get(&key).filter(|pod| pod.node_name.is_none() && !pod.is_deleting()) else {
            return;
        };
        *self.attempts.entry(key.clone()).or_insert(0) += 1;
        match self.find_node(context, pod) {
            Ok(node) => {
                let bind_ms = context.knobs.bind_latency_ms;
                let progress =
                    Progress { stage: Stage::Binding, started_at: context.now, ends_at: context.now + bind_ms };
                self.assumed.insert(key.clone(), Assumed { node: node.clone(), progress });
                out.write_after(bind_ms, Write::BindPod { key, uid: pod.metadata.uid.clone(), node });
            }
            Err(misfits) => {
                let message = failed_scheduling_message(&misfits);
                out.warning(ObjectRef::new(Kind::Pod, key.clone()), "FailedScheduling", message.clone());
                out.write(unschedulable_status(pod, message, context.now));
                self.unschedulable.insert(key, context.now);
            }
        }
    }

    /// The first node, by name, on which the pod fits, or why it fits on none.
    fn find_node(&self, context: &Context<'_>, pod: &Pod) -> Result<String, Vec<Misfit>> {
        let mut misfits = Vec::new();
        for (name, node) in &context.store.nodes {
            let pinned_here = pod.pinned_to.as_ref().is_none_or(|pinned| pinned == name);
            // Nothing on the node matters where the pod is pinned elsewhere.
            let others = if pinned_here { self.pods_on(context, name) } else { Vec::new() };
            match filter(pod, &Candidate { node, pods: &others }) {
                None => return Ok(name.clone()),
                Some(misfit) => misfits.push(misfit),
            }
        }
        Err(misfits)
    }

    /// Pods that take room on a node: bound and not ended, or assumed.
    fn pods_on<'a>(&self, context: &Context<'a>, node: &'a str) -> Vec<&'a Pod> {
        let assumed = self.assumed.iter().filter(|(_, assumed)| assumed.node == node);
        let assumed = assumed.filter_map(|(key, _)| context.store.pods.get(key)).filter(|pod| pod.node_name.is_none());
        let bound = context.store.pods_on(node).filter(|pod| !pod.status.phase.is_terminal());
        bound.chain(assumed).map(|pod| &**pod).collect()
    }
}

fn unschedulable_status(pod: &Pod, message: String, now: Time) -> Write {
    let mut status = pod.status.clone();
    let kind = PodConditionType::PodScheduled;
    set_condition(&mut status.conditions, kind, ConditionStatus::False, "Unschedulable", &message, now);
    let what = "PodScheduled False: Unschedulable".to_owned();
    Write::SetPodStatus { key: pod.key(), uid: pod.metadata.uid.clone(), status: Box::new(status), what }
}
