//! Which old pods a rolling update replaces now.
//!
//! Upstream: `pkg/controller/daemon/update.go` (`rollingUpdate`, `findUpdatedPodsOnNode`).
//! Upstream walks the nodes in the order of a Go map; here it is by name (unspecified).

use super::budget::{self, Budget};
use super::roster::{Daemon, OnNode, Roster};
use crate::api::DaemonSet;
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
    /// Now.
    pub now: Time,
}

/// The nodes as an update looks at them: those that are there, and those that are not but still
/// have pods. Of these nobody knows whether they should have one.
struct Nodes<'a> {
    roster: &'a Roster,
    gone: Vec<(&'a str, OnNode, &'a [Daemon])>,
}

/// The plan for all nodes by name.
///
/// # Errors
/// A budget that cannot be read, or (with surge) a pod on a node that is gone, in
/// upstream's words; the sync is tried again later.
pub fn plan<'a>(context: &Context<'_>, roster: &'a Roster) -> Result<Plan<'a>, String> {
    let [desired, ..] = roster.columns(context.now);
    let desired = usize::try_from(desired).unwrap_or(0);
    let budget =
        budget::of(context.daemon_set, desired).map_err(|e| format!("couldn't get unavailable numbers: {e}"))?;
    let gone = roster.gone().iter();
    let gone = gone.map(|(node, pods)| (node.as_str(), OnNode::of(false, pods, context.now), pods.as_slice()));
    let nodes = Nodes { roster, gone: gone.collect() };
    if budget.max_surge == 0 { Ok(replace(budget, &nodes)) } else { surge(budget, desired, &nodes) }
}

impl<'a> Nodes<'a> {
    fn number_of(&self, wanted: &dyn Fn(OnNode) -> bool) -> usize {
        self.roster.number_of(wanted) + self.gone.iter().filter(|(_, on_node, _)| wanted(*on_node)).count()
    }

    /// The first nodes that look like this, by name, and the old pod of each.
    fn old(&self, limit: usize, wanted: &dyn Fn(OnNode) -> bool) -> Vec<(&'a str, &'a str)> {
        let there = self.roster.spots_of(wanted).map(|spot| (spot.node.name(), spot.pods.as_slice()));
        let gone = self.gone.iter().filter(|(_, on_node, _)| wanted(*on_node)).map(|(node, _, pods)| (*node, *pods));
        let old = |(node, pods): (&'a str, &'a [Daemon])| {
            let pod = pods.iter().find(|pod| !pod.is_deleting && !pod.is_present)?;
            Some((node, pod.name()))
        };
        let mut old: Vec<_> = there.take(limit).chain(gone).filter_map(old).collect();
        if !self.gone.is_empty() {
            sort_by(&mut old, |(a, _), (b, _)| a.cmp(b));
        }
        old.truncate(limit);
        old
    }
}

/// Without surge: old pods are deleted, and the placement loop makes new ones. Old pods
/// that are not available go at once, whatever the budget; they use it all the same.
fn replace<'a>(budget: Budget, nodes: &Nodes<'a>) -> Plan<'a> {
    let unavailable = nodes.number_of(&|on_node| match on_node {
        OnNode::Missing | OnNode::TooMany | OnNode::Both { .. } => true,
        OnNode::New { available } | OnNode::Old { available, .. } => !available,
        OnNode::Nothing => false,
    });
    let rest = budget.max_unavailable.saturating_sub(unavailable);
    let mut old = nodes.old(usize::MAX, &|on_node| matches!(on_node, OnNode::Old { available: false, .. }));
    old.append(&mut nodes.old(rest, &|on_node| matches!(on_node, OnNode::Old { available: true, .. })));
    Plan { delete: pods_of(old), create_on: Vec::new() }
}

/// With surge: new pods are made beside old ones, which go once the new ones are available.
fn surge<'a>(budget: Budget, desired: usize, nodes: &Nodes<'a>) -> Result<Plan<'a>, String> {
    if let Some((node, ..)) = nodes.gone.iter().find(|(_, on_node, _)| matches!(on_node, OnNode::Old { .. })) {
        return Err(format!("couldn't get node for nodeName {node:?}: node {node:?} not found"));
    }
    let surging = nodes.number_of(&|on_node| matches!(on_node, OnNode::TooMany | OnNode::Both { new: false, .. }));
    let available = nodes.number_of(&|on_node| match on_node {
        OnNode::New { available } | OnNode::Old { available, .. } => available,
        OnNode::Both { old, .. } => old,
        OnNode::Nothing | OnNode::Missing | OnNode::TooMany => false,
    });
    let is_old = |should_run: bool, available: bool| move |on_node| on_node == OnNode::Old { should_run, available };
    let is_unwanted = |on_node| is_old(false, false)(on_node) || matches!(on_node, OnNode::Both { new: true, .. });
    let mut delete = nodes.old(usize::MAX, &is_unwanted);
    // Who surges wants no gap: where the nodes to run on have changed, a pod that should
    // not be there any more goes only once enough others are available.
    delete.append(&mut nodes.old(available.saturating_sub(desired), &is_old(false, true)));
    let mut second = nodes.old(usize::MAX, &is_old(true, false));
    second.append(&mut nodes.old(budget.max_surge.saturating_sub(surging), &is_old(true, true)));
    Ok(Plan { delete: pods_of(delete), create_on: second.into_iter().map(|(node, _)| node).collect() })
}

fn pods_of<'a>(old: Vec<(&'a str, &'a str)>) -> Vec<&'a str> {
    old.into_iter().map(|(_, pod)| pod).collect()
}
