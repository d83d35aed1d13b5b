//! Which old pods a rolling update replaces now.
//!
//! Upstream: `pkg/controller/daemon/update.go` (`rollingUpdate`, `findUpdatedPodsOnNode`).
//! Upstream walks the nodes in the order of a Go map; here it is by name (unspecified).

use super::budget::{self, Budget};
use super::roster::{self, Daemon, Roster};
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

/// A node that has pods or should have one.
#[derive(Clone, Copy)]
enum Spot<'a> {
    There(&'a roster::Spot),
    /// Nobody knows whether it should have one.
    Gone(&'a str, &'a [Daemon]),
}

/// The pods of one node in the eyes of an update.
enum OnNode<'a> {
    /// More than one of a kind: the placement loop must clean up first.
    TooMany,
    /// At most one of each.
    Pods { new: Option<&'a Daemon>, old: Option<&'a Daemon> },
}

/// The plan for all nodes by name.
///
/// # Errors
/// A budget that cannot be read, or (with surge) a pod on a node that is gone, in
/// upstream's words; the sync is tried again later.
pub fn plan<'a>(context: &Context<'_>, roster: &'a Roster) -> Result<Plan<'a>, String> {
    let desired = roster.spots().iter().filter(|spot| spot.verdict.should_run).count();
    let budget =
        budget::of(context.daemon_set, desired).map_err(|e| format!("couldn't get unavailable numbers: {e}"))?;
    if !roster.has_former() {
        return Ok(Plan::default());
    }
    let there = roster.spots().iter().filter(|spot| spot.verdict.should_run || !spot.pods.is_empty());
    let mut there = there.map(Spot::There);
    let plan = |spots: &mut dyn Iterator<Item = Spot<'a>>| {
        if budget.max_surge == 0 { Ok(replace(context, budget, spots)) } else { surge(context, budget, desired, spots) }
    };
    if roster.gone().is_empty() {
        return plan(&mut there);
    }
    let gone = roster.gone().iter().map(|(node, pods)| Spot::Gone(node, pods));
    let mut spots: Vec<Spot<'a>> = there.chain(gone).collect();
    sort_by(&mut spots, |a, b| a.node().cmp(b.node()));
    plan(&mut spots.into_iter())
}

impl<'a> Spot<'a> {
    fn node(self) -> &'a str {
        match self {
            Spot::There(spot) => spot.node.name(),
            Spot::Gone(node, _) => node,
        }
    }

    fn should_run(self) -> Result<bool, String> {
        match self {
            Spot::There(spot) => Ok(spot.verdict.should_run),
            Spot::Gone(node, _) => Err(format!("couldn't get node for nodeName {node:?}: node {node:?} not found")),
        }
    }

    fn pods(self) -> OnNode<'a> {
        let pods: &'a [Daemon] = match self {
            Spot::There(spot) => &spot.pods,
            Spot::Gone(_, pods) => pods,
        };
        let (mut new, mut old) = (None, None);
        for pod in pods.iter().filter(|pod| !pod.is_deleting) {
            let place = if pod.is_present { &mut new } else { &mut old };
            if place.replace(pod).is_some() {
                return OnNode::TooMany;
            }
        }
        OnNode::Pods { new, old }
    }
}

/// Without surge: old pods are deleted, and the placement loop makes new ones. Old pods
/// that are not available go at once, whatever the budget; they use it all the same.
fn replace<'a>(context: &Context<'_>, budget: Budget, spots: &mut dyn Iterator<Item = Spot<'a>>) -> Plan<'a> {
    let mut unavailable = 0_usize;
    let (mut replacements, mut candidates) = (Vec::new(), Vec::new());
    for spot in spots {
        match spot.pods() {
            OnNode::TooMany | OnNode::Pods { new: None, old: None } | OnNode::Pods { new: Some(_), old: Some(_) } => {
                unavailable += 1;
            }
            OnNode::Pods { new: Some(new), old: None } => unavailable += usize::from(!new.is_available(context.now)),
            OnNode::Pods { new: None, old: Some(old) } => {
                if !old.is_available(context.now) {
                    replacements.push(old.name());
                    unavailable += 1;
                } else if unavailable < budget.max_unavailable {
                    candidates.push(old.name());
                }
            }
        }
    }
    candidates.truncate(budget.max_unavailable.saturating_sub(unavailable));
    replacements.append(&mut candidates);
    Plan { delete: replacements, create_on: Vec::new() }
}

/// With surge: new pods are made beside old ones, which go once the new ones are available.
fn surge<'a>(
    context: &Context<'_>,
    budget: Budget,
    desired: usize,
    spots: &mut dyn Iterator<Item = Spot<'a>>,
) -> Result<Plan<'a>, String> {
    let mut plan = Plan::default();
    let (mut candidates, mut misplaced) = (Vec::new(), Vec::new());
    let (mut surging, mut available) = (0_usize, 0_usize);
    for spot in spots {
        let OnNode::Pods { new, old } = spot.pods() else {
            surging += 1;
            continue;
        };
        available += usize::from(old.or(new).is_some_and(|pod| pod.is_available(context.now)));
        match (old, new) {
            (None, _) => {}
            (Some(old), None) => {
                let old_available = old.is_available(context.now);
                match (spot.should_run()?, old_available) {
                    (false, true) => misplaced.push(old.name()),
                    (false, false) => plan.delete.push(old.name()),
                    (true, false) => plan.create_on.push(spot.node()),
                    (true, true) if surging < budget.max_surge => candidates.push(spot.node()),
                    (true, true) => {}
                }
            }
            (Some(old), Some(new)) if new.is_available(context.now) => plan.delete.push(old.name()),
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
