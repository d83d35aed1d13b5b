//! Which old pods a rolling update replaces now.
//!
//! Upstream: `pkg/controller/daemon/update.go` (`rollingUpdate`, `findUpdatedPodsOnNode`).
//! Upstream walks the nodes in the order of a Go map; here it is by name (unspecified).

use super::budget::{self, Budget};
use super::placement::NodeVerdict;
use super::pods::{PodsByNode, Present};
use crate::api::{DaemonSet, Node, Pod};
use crate::base::{Time, sort_by};

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Names of old pods that must go.
    pub delete: Vec<&'a str>,
    /// Nodes that get a second pod.
    pub create_on: Vec<&'a str>,
}

/// All that a plan hangs on.
pub struct Context<'a> {
    /// The DaemonSet.
    pub daemon_set: &'a DaemonSet,
    /// How a pod of its present template is known.
    pub present: Present,
    /// Now.
    pub now: Time,
}

/// A node that has pods or should have one.
struct Spot<'a> {
    node: &'a str,
    /// Whether it should have one; nobody knows of a node that is gone.
    should_run: Option<bool>,
    pods: &'a [&'a Pod],
}

/// The pods of one node in the eyes of an update.
enum OnNode<'a> {
    /// More than one of a kind: the placement loop must clean up first.
    TooMany,
    /// At most one of each.
    Pods { new: Option<&'a Pod>, old: Option<&'a Pod> },
}

/// The plan for all nodes by name, each with its verdict; `pods` are by these nodes.
///
/// # Errors
/// A budget that cannot be read, or (with surge) a pod on a node that is gone, in
/// upstream's words; the sync is tried again later.
pub fn plan<'a>(
    context: &Context<'_>,
    nodes: &[&'a Node],
    verdicts: &[NodeVerdict],
    pods: &'a PodsByNode<'a>,
) -> Result<Plan<'a>, String> {
    let (mut spots, mut desired) = (Vec::with_capacity(nodes.len()), 0);
    for ((node, verdict), pods) in nodes.iter().zip(verdicts).zip(pods.iter()) {
        desired += usize::from(verdict.should_run);
        if verdict.should_run || !pods.is_empty() {
            spots.push(Spot { node: node.name(), should_run: Some(verdict.should_run), pods });
        }
    }
    if !pods.gone().is_empty() {
        spots.extend(pods.gone().iter().map(|(node, pods)| Spot { node, should_run: None, pods }));
        sort_by(&mut spots, |a, b| a.node.cmp(b.node));
    }
    let budget =
        budget::of(context.daemon_set, desired).map_err(|e| format!("couldn't get unavailable numbers: {e}"))?;
    if budget.max_surge == 0 { Ok(replace(context, budget, &spots)) } else { surge(context, budget, desired, &spots) }
}

impl Context<'_> {
    fn on_node<'p>(&self, pods: &[&'p Pod]) -> OnNode<'p> {
        let (mut new, mut old) = (None, None);
        for pod in pods.iter().filter(|pod| !pod.is_deleting()) {
            let place = if self.present.has_made(pod) { &mut new } else { &mut old };
            if place.replace(*pod).is_some() {
                return OnNode::TooMany;
            }
        }
        OnNode::Pods { new, old }
    }

    fn is_available(&self, pod: &Pod) -> bool {
        pod.is_available(self.daemon_set.spec.min_ready_seconds, self.now)
    }
}

impl Spot<'_> {
    fn should_run(&self) -> Result<bool, String> {
        let node = self.node;
        self.should_run.ok_or_else(|| format!("couldn't get node for nodeName {node:?}: node {node:?} not found"))
    }
}

/// Without surge: old pods are deleted, and the placement loop makes new ones. Old pods
/// that are not available go at once, whatever the budget; they use it all the same.
fn replace<'a>(context: &Context<'_>, budget: Budget, spots: &[Spot<'a>]) -> Plan<'a> {
    let mut unavailable = 0_usize;
    let (mut replacements, mut candidates) = (Vec::new(), Vec::new());
    for spot in spots {
        match context.on_node(spot.pods) {
            OnNode::TooMany | OnNode::Pods { new: None, old: None } | OnNode::Pods { new: Some(_), old: Some(_) } => {
                unavailable += 1;
            }
            OnNode::Pods { new: Some(new), old: None } => unavailable += usize::from(!context.is_available(new)),
            OnNode::Pods { new: None, old: Some(old) } => {
                if !context.is_available(old) {
                    replacements.push(old.metadata.name.as_str());
                    unavailable += 1;
                } else if unavailable < budget.max_unavailable {
                    candidates.push(old.metadata.name.as_str());
                }
            }
        }
    }
    candidates.truncate(budget.max_unavailable.saturating_sub(unavailable));
    replacements.append(&mut candidates);
    Plan { delete: replacements, create_on: Vec::new() }
}

/// With surge: new pods are made beside old ones, which go once the new ones are available.
fn surge<'a>(context: &Context<'_>, budget: Budget, desired: usize, spots: &[Spot<'a>]) -> Result<Plan<'a>, String> {
    let mut plan = Plan::default();
    let (mut candidates, mut misplaced) = (Vec::new(), Vec::new());
    let (mut surging, mut available) = (0_usize, 0_usize);
    for spot in spots {
        let OnNode::Pods { new, old } = context.on_node(spot.pods) else {
            surging += 1;
            continue;
        };
        available += usize::from(old.or(new).is_some_and(|pod| context.is_available(pod)));
        match (old, new) {
            (None, _) => {}
            (Some(old), None) => {
                let old_available = context.is_available(old);
                match (spot.should_run()?, old_available) {
                    (false, true) => misplaced.push(old.metadata.name.as_str()),
                    (false, false) => plan.delete.push(old.metadata.name.as_str()),
                    (true, false) => plan.create_on.push(spot.node),
                    (true, true) if surging < budget.max_surge => candidates.push(spot.node),
                    (true, true) => {}
                }
            }
            (Some(old), Some(new)) if context.is_available(new) => plan.delete.push(old.metadata.name.as_str()),
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
