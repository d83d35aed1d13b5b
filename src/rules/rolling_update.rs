//! Which old pods a rolling update replaces now.
//!
//! Upstream: `pkg/controller/daemon/update.go` (`rollingUpdate`, `findUpdatedPodsOnNode`).
//! Upstream walks the nodes in the order of a Go map; here it is by name (unspecified).

use super::budget::{self, Budget};
use super::placement::{self, Placement};
use super::pods::{PodsByNode, is_updated};
use crate::api::{DaemonSet, Node, Pod};
use crate::base::{Map, Time};

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Names of old pods that must go.
    pub delete: Vec<String>,
    /// Nodes that get a second pod.
    pub create_on: Vec<String>,
}

/// All that a plan hangs on.
pub struct Context<'a> {
    /// The DaemonSet.
    pub daemon_set: &'a DaemonSet,
    /// Its placement.
    pub placement: &'a Placement,
    /// All nodes by name.
    pub nodes: &'a Map<&'a str, &'a Node>,
    /// Hash of its present template.
    pub hash: &'a str,
    /// Now.
    pub now: Time,
}

/// The pods of one node in the eyes of an update.
enum OnNode<'a> {
    /// More than one of a kind: the placement loop must clean up first.
    TooMany,
    /// At most one of each.
    Pods { new: Option<&'a Pod>, old: Option<&'a Pod> },
}

/// The plan.
///
/// # Errors
/// A budget that cannot be read, or (with surge) a pod on a node that is gone, in
/// upstream's words; the sync is tried again later.
pub fn plan(context: &Context<'_>, pods: &PodsByNode<'_>) -> Result<Plan, String> {
    let mut pods = pods.clone();
    let mut desired = 0;
    for (name, node) in context.nodes {
        if placement::should_run(context.placement, node).should_run {
            desired += 1;
            pods.entry(name).or_default();
        }
    }
    let budget =
        budget::of(context.daemon_set, desired).map_err(|e| format!("couldn't get unavailable numbers: {e}"))?;
    if budget.max_surge == 0 { Ok(replace(context, budget, &pods)) } else { surge(context, budget, desired, &pods) }
}

impl Context<'_> {
    fn on_node<'p>(&self, pods: &[&'p Pod]) -> OnNode<'p> {
        let generation = self.daemon_set.template_generation();
        let (mut new, mut old) = (None, None);
        for pod in pods.iter().filter(|pod| !pod.is_deleting()) {
            let place = if is_updated(pod, self.hash, generation) { &mut new } else { &mut old };
            if place.replace(*pod).is_some() {
                return OnNode::TooMany;
            }
        }
        OnNode::Pods { new, old }
    }

    fn is_available(&self, pod: &Pod) -> bool {
        pod.is_available(self.daemon_set.spec.min_ready_seconds, self.now)
    }

    fn should_run(&self, node: &str) -> Result<bool, String> {
        let node = self
            .nodes
            .get(node)
            .ok_or_else(|| format!("couldn't get node for nodeName {node:?}: node {node:?} not found"))?;
        Ok(placement::should_run(self.placement, node).should_run)
    }
}

/// Without surge: old pods are deleted, and the placement loop makes new ones. Old pods
/// that are not available go at once, whatever the budget; they use it all the same.
fn replace(context: &Context<'_>, budget: Budget, pods: &PodsByNode<'_>) -> Plan {
    let mut unavailable = 0_usize;
    let (mut replacements, mut candidates) = (Vec::new(), Vec::new());
    for pods in pods.values() {
        match context.on_node(pods) {
            OnNode::TooMany | OnNode::Pods { new: None, old: None } | OnNode::Pods { new: Some(_), old: Some(_) } => {
                unavailable += 1;
            }
            OnNode::Pods { new: Some(new), old: None } => unavailable += usize::from(!context.is_available(new)),
            OnNode::Pods { new: None, old: Some(old) } => {
                if !context.is_available(old) {
                    replacements.push(old.metadata.name.clone());
                    unavailable += 1;
                } else if unavailable < budget.max_unavailable {
                    candidates.push(old.metadata.name.clone());
                }
            }
        }
    }
    candidates.truncate(budget.max_unavailable.saturating_sub(unavailable));
    replacements.append(&mut candidates);
    Plan { delete: replacements, create_on: Vec::new() }
}

/// With surge: new pods are made beside old ones, which go once the new ones are available.
fn surge(context: &Context<'_>, budget: Budget, desired: usize, pods: &PodsByNode<'_>) -> Result<Plan, String> {
    let mut plan = Plan::default();
    let (mut candidates, mut misplaced) = (Vec::new(), Vec::new());
    let (mut surging, mut available) = (0_usize, 0_usize);
    for (node, pods) in pods {
        let OnNode::Pods { new, old } = context.on_node(pods) else {
            surging += 1;
            continue;
        };
        available += usize::from(old.or(new).is_some_and(|pod| context.is_available(pod)));
        match (old, new) {
            (None, _) => {}
            (Some(old), None) => {
                let old_available = context.is_available(old);
                match (context.should_run(node)?, old_available) {
                    (false, true) => misplaced.push(old.metadata.name.clone()),
                    (false, false) => plan.delete.push(old.metadata.name.clone()),
                    (true, false) => plan.create_on.push((*node).to_owned()),
                    (true, true) if surging < budget.max_surge => candidates.push((*node).to_owned()),
                    (true, true) => {}
                }
            }
            (Some(old), Some(new)) if context.is_available(new) => plan.delete.push(old.metadata.name.clone()),
            (Some(_), Some(_)) => surging += 1,
        }
    }
    // Who surges wants no gap: where the nodes to run on have changed, a pod that should
    // not be there any more goes only once enough others are available.
    misplaced.truncate(available.saturating_sub(desired));
    plan.delete.append(&mut misplaced);
    candidates.truncate(budget.max_surge.saturating_sub(surging));
    plan.create_on.append(&mut candidates);
    Ok(plan)
}
