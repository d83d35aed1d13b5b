//! What must be created and deleted so that every node has the daemon pod that it should.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`manage`, `podsShouldBeOnNode`,
//! `getUnscheduledPodsWithoutNode`).

use super::backoff::Backoff;
use super::budget;
use super::pods::by_age;
use super::roster::{Daemon, Roster, Spot};
use crate::api::{DaemonSet, Node, Phase, Pod, well_known};
use crate::base::{Millis, Time, sort_by};

/// A Kubernetes Event for the DaemonSet about a pod that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedPod {
    /// It failed (the event is a warning); else it succeeded.
    pub failed: bool,
    /// Upstream's message.
    pub message: String,
}

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Nodes that need a pod, in the order of the nodes.
    pub create_on: Vec<&'a str>,
    /// Names of pods that must go.
    pub delete: Vec<&'a str>,
    /// Events about pods that have ended.
    pub ended: Vec<EndedPod>,
    /// Delays after which to look again, because failed pods are in back-off.
    pub requeue_after_ms: Vec<Millis>,
}

/// All that a plan hangs on beside the pods of a node.
pub struct Context<'a> {
    /// The DaemonSet.
    pub daemon_set: &'a DaemonSet,
    /// Hash of its present template.
    pub hash: &'a str,
    /// Now.
    pub now: Time,
    /// Back-off of failed pods.
    pub backoff: &'a mut Backoff,
}

/// The plan for all nodes.
pub fn plan<'a>(context: &mut Context<'_>, roster: &'a Roster) -> Plan<'a> {
    let mut plan = Plan::default();
    let surges = budget::allows_surge(context.daemon_set);
    for Spot { node, verdict, pods } in roster.unsettled() {
        match pods.as_slice() {
            [] => plan.create_on.extend(verdict.should_run.then_some(node.name())),
            _ if verdict.should_continue_running => {
                let running = sift_ended(context, node, pods, &mut plan);
                if surges {
                    plan.create_on.extend((running.is_empty() && verdict.should_run).then_some(node.name()));
                    prune_surge(context, running, &mut plan);
                } else {
                    prune_excess(running, &mut plan);
                }
            }
            _ => plan.delete.extend(pods.iter().filter(|pod| !pod.is_deleting).map(Daemon::name)),
        }
    }
    // Pods pinned to a node that is gone are never scheduled, and no other controller
    // collects them.
    for pods in roster.gone().values() {
        plan.delete.extend(pods.iter().filter(|pod| pod.pod.node_name.is_none()).map(Daemon::name));
    }
    plan
}

/// Plans the deletion of pods that have ended (failed ones after their back-off) and
/// returns the others.
fn sift_ended<'a>(context: &mut Context<'_>, node: &Node, pods: &'a [Daemon], plan: &mut Plan<'a>) -> Vec<&'a Daemon> {
    let mut running = Vec::new();
    for pod in pods.iter().filter(|pod| !pod.is_deleting) {
        let failed = match pod.pod.status.phase {
            Phase::Failed => true,
            Phase::Succeeded => false,
            Phase::Pending | Phase::Running => {
                running.push(pod);
                continue;
            }
        };
        if failed {
            let key = backoff_key(context.daemon_set, node.name());
            if context.backoff.is_in_backoff_since_update(&key, context.now) {
                plan.requeue_after_ms.push(context.backoff.get(&key));
                continue;
            }
            context.backoff.next(&key, context.now);
        }
        plan.ended.push(EndedPod { failed, message: ended_message(&pod.pod, node, failed) });
        plan.delete.push(pod.name());
    }
    running
}

fn ended_message(pod: &Pod, node: &Node, failed: bool) -> String {
    let (how, what) = if failed { ("failed", "kill") } else { ("succeeded", "delete") };
    let (pod, node) = (pod.key(), node.name());
    format!("Found {how} daemon pod {pod} on node {node}, will try to {what} it")
}

/// Without surge a node keeps the oldest of its running pods.
fn prune_excess<'a>(mut running: Vec<&'a Daemon>, plan: &mut Plan<'a>) {
    if running.len() > 1 {
        sort_by(&mut running, |a, b| by_age(&a.pod, &b.pod));
        plan.delete.extend(running.into_iter().skip(1).map(Daemon::name));
    }
}

/// With surge a node may keep two: the oldest of the present template while it is not
/// available, beside the oldest of a former one while that is ready.
fn prune_surge<'a>(context: &Context<'_>, mut running: Vec<&'a Daemon>, plan: &mut Plan<'a>) {
    if running.len() <= 1 {
        return;
    }
    sort_by(&mut running, |a, b| by_age(&a.pod, &b.pod));
    let (mut new, mut old): (Option<&'a Daemon>, Option<&'a Daemon>) = (None, None);
    for pod in running {
        let is_new = pod.pod.label(well_known::CONTROLLER_REVISION_HASH) == Some(context.hash);
        let place = if is_new { &mut new } else { &mut old };
        if place.is_none() {
            *place = Some(pod);
        } else {
            plan.delete.push(pod.name());
        }
    }
    if let (Some(new), Some(old)) = (new, old) {
        let replaced = new.is_available(context.now);
        if !old.is_ready() || replaced {
            plan.delete.push(old.name());
        }
    }
}

fn backoff_key(daemon_set: &DaemonSet, node: &str) -> String {
    format!("{}/{}/{node}", daemon_set.metadata.uid, daemon_set.status.observed_generation)
}
