//! What must be created and deleted so that every node has the daemon pod that it should.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`manage`, `podsShouldBeOnNode`,
//! `getUnscheduledPodsWithoutNode`).

use super::backoff::Backoff;
use super::budget;
use super::placement::{self, Placement};
use super::pods::{PodsByNode, by_age};
use crate::api::{DaemonSet, Node, Phase, Pod, well_known};
use crate::base::{Millis, Set, Time, sort_by};

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
pub struct Plan {
    /// Nodes that need a pod, in the order of the nodes.
    pub create_on: Vec<String>,
    /// Names of pods that must go.
    pub delete: Vec<String>,
    /// Events about pods that have ended.
    pub ended: Vec<EndedPod>,
    /// Delays after which to look again, because failed pods are in back-off.
    pub requeue_after_ms: Vec<Millis>,
}

/// All that a plan hangs on beside the pods of a node.
pub struct Context<'a> {
    /// The DaemonSet.
    pub daemon_set: &'a DaemonSet,
    /// Its placement.
    pub placement: &'a Placement,
    /// Hash of its present template.
    pub hash: &'a str,
    /// Now.
    pub now: Time,
    /// Back-off of failed pods.
    pub backoff: &'a mut Backoff,
}

/// The plan for all nodes.
pub fn plan<'a>(context: &mut Context<'_>, nodes: impl Iterator<Item = &'a Node>, pods: &PodsByNode<'_>) -> Plan {
    let mut plan = Plan::default();
    let mut known = Set::new();
    for node in nodes {
        known.insert(node.name());
        plan_node(context, node, pods.get(node.name()).map(Vec::as_slice), &mut plan);
    }
    // Pods pinned to a node that is gone are never scheduled, and no other controller
    // collects them.
    for (_, pods) in pods.iter().filter(|(node, _)| !known.contains(*node)) {
        plan.delete.extend(pods.iter().filter(|pod| pod.node_name.is_none()).map(|pod| pod.metadata.name.clone()));
    }
    plan
}

fn plan_node(context: &mut Context<'_>, node: &Node, pods: Option<&[&Pod]>, plan: &mut Plan) {
    let verdict = placement::should_run(context.placement, node);
    match pods {
        None if verdict.should_run => plan.create_on.push(node.name().to_owned()),
        None => {}
        Some(pods) if verdict.should_continue_running => {
            let running = sift_ended(context, node, pods, plan);
            if budget::allows_surge(context.daemon_set) {
                if running.is_empty() && verdict.should_run {
                    plan.create_on.push(node.name().to_owned());
                }
                prune_surge(context, running, plan);
            } else {
                prune_excess(running, plan);
            }
        }
        Some(pods) => {
            plan.delete.extend(pods.iter().filter(|pod| !pod.is_deleting()).map(|pod| pod.metadata.name.clone()));
        }
    }
}

/// Plans the deletion of pods that have ended (failed ones after their back-off) and
/// returns the others.
fn sift_ended<'a>(context: &mut Context<'_>, node: &Node, pods: &[&'a Pod], plan: &mut Plan) -> Vec<&'a Pod> {
    let mut running = Vec::new();
    for pod in pods.iter().filter(|pod| !pod.is_deleting()) {
        let failed = match pod.status.phase {
            Phase::Failed => true,
            Phase::Succeeded => false,
            Phase::Pending | Phase::Running => {
                running.push(*pod);
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
        plan.ended.push(EndedPod { failed, message: ended_message(pod, node, failed) });
        plan.delete.push(pod.metadata.name.clone());
    }
    running
}

fn ended_message(pod: &Pod, node: &Node, failed: bool) -> String {
    let (how, what) = if failed { ("failed", "kill") } else { ("succeeded", "delete") };
    let (pod, node) = (pod.key(), node.name());
    format!("Found {how} daemon pod {pod} on node {node}, will try to {what} it")
}

/// Without surge a node keeps the oldest of its running pods.
fn prune_excess(mut running: Vec<&Pod>, plan: &mut Plan) {
    sort_by(&mut running, |a, b| by_age(a, b));
    plan.delete.extend(running.iter().skip(1).map(|pod| pod.metadata.name.clone()));
}

/// With surge a node may keep two: the oldest of the present template while it is not
/// available, beside the oldest of a former one while that is ready.
fn prune_surge(context: &Context<'_>, mut running: Vec<&Pod>, plan: &mut Plan) {
    if running.len() <= 1 {
        return;
    }
    sort_by(&mut running, |a, b| by_age(a, b));
    let (mut new, mut old): (Option<&Pod>, Option<&Pod>) = (None, None);
    for pod in running {
        let is_new = pod.label(well_known::CONTROLLER_REVISION_HASH) == Some(context.hash);
        let place = if is_new { &mut new } else { &mut old };
        if place.is_none() {
            *place = Some(pod);
        } else {
            plan.delete.push(pod.metadata.name.clone());
        }
    }
    if let (Some(new), Some(old)) = (new, old) {
        let replaced = new.is_available(context.daemon_set.spec.min_ready_seconds, context.now);
        if !old.is_ready() || replaced {
            plan.delete.push(old.metadata.name.clone());
        }
    }
}

fn backoff_key(daemon_set: &DaemonSet, node: &str) -> String {
    format!("{}/{}/{node}", daemon_set.metadata.uid, daemon_set.status.observed_generation)
}
