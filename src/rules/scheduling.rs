//! The default scheduler profile: on which nodes a pod fits, in the scheduler's words, and
//! which of them is best.
//!
//! Upstream: `pkg/scheduler/schedule_one.go` (`SchedulePod`), `pkg/scheduler/framework/types.go`
//! (`NodeInfo`, `FitError.Error`), `apis/config/v1/default_plugins.go`.
//! Leaves out: volumes, dynamic resources, scheduling gates, extenders, pod groups; a sample of
//! the nodes (all are scored).

mod filter;
mod node_info;
mod pod_affinity;
mod preemption;
mod score;
mod spread;
mod tally;

pub use filter::{Attempt, Insufficient};
pub(super) use filter::{PORTS_TAKEN, WRONG_NODE, insufficient, matches_affinity, ports_taken};
pub use node_info::{NodeInfo, Snapshot, has_required_anti_affinity};
pub use preemption::{Preemption, Victims};
pub use score::{PLUGINS, Scores, scores, total as total_score};
pub use spread::default_selector;

use crate::base::sort_by;
use std::borrow::Cow;

/// Whether preemption could help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Other pods stand in the way.
    Unschedulable,
    /// Whatever pods go, it will not fit.
    UnschedulableAndUnresolvable,
    /// The node was left out before filtering, because the pod's affinity names others.
    PreFilter,
}

/// Reason of nodes that were left out before filtering.
pub const LEFT_OUT: &str = "node(s) didn't satisfy plugin(s) [NodeAffinity]";

/// Why a node will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Reasons in upstream's words; none of a node that was left out before filtering, of
    /// which there may be thousands.
    pub reasons: Vec<Cow<'static, str>>,
    /// Whether preemption could help.
    pub code: Code,
}

impl Misfit {
    fn new(code: Code, reason: &'static str) -> Misfit {
        Misfit { reasons: vec![Cow::Borrowed(reason)], code }
    }

    fn unresolvable(reason: &'static str) -> Misfit {
        Misfit::new(Code::UnschedulableAndUnresolvable, reason)
    }
}

/// Where a pod goes, or why it goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What each node of the snapshot came to: nothing if the pod fits. Empty if the node
    /// that was cleared for the pod will do.
    pub misfits: Vec<Option<Misfit>>,
    /// The scores of each node that fits, if there is more than one.
    pub scores: Vec<Scores>,
    /// The chosen node's place in the snapshot: of the best the first.
    pub node: Option<usize>,
}

/// Filters and scores all nodes.
#[must_use]
pub fn decide(attempt: &Attempt<'_>) -> Decision {
    let nodes = &attempt.snapshot.nodes;
    // The node that was cleared for the pod is tried before all others.
    let nominated = attempt.snapshot.find(&attempt.pod.status.nominated_node_name);
    if nominated.and_then(|at| nodes.get(at)).is_some_and(|info| attempt.filter(info).is_none()) {
        return Decision { misfits: Vec::new(), scores: Vec::new(), node: nominated };
    }
    let misfits: Vec<Option<Misfit>> = nodes.iter().map(|info| attempt.filter(info)).collect();
    let mut feasible: Vec<usize> = Vec::new();
    for (at, misfit) in misfits.iter().enumerate() {
        if misfit.is_none() {
            feasible.push(at);
        }
    }
    let mut scores = Vec::new();
    let mut node = feasible.first().copied();
    if feasible.len() > 1 {
        scores = score::scores(attempt, &feasible);
        let mut best = i64::MIN;
        for (at, scores) in feasible.iter().zip(&scores) {
            let total = total_score(scores);
            if total > best {
                (best, node) = (total, Some(*at));
            }
        }
    }
    Decision { misfits, scores, node }
}

/// The text of the FailedScheduling event: why no node will do, and what came of preemption.
/// `left_out` nodes were not even in the snapshot.
#[must_use]
pub fn failed_scheduling_message(misfits: &[Option<Misfit>], left_out: usize, preemption: &str) -> String {
    let nodes = misfits.len() + left_out;
    if nodes == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    let mut reasons: Vec<&str> = Vec::new();
    for misfit in misfits.iter().flatten() {
        match misfit.code {
            Code::PreFilter => reasons.push(LEFT_OUT),
            _ => reasons.extend(misfit.reasons.iter().map(|reason| &**reason)),
        }
    }
    format!("{} preemption: {preemption}", fit_error(nodes, (LEFT_OUT, left_out), &reasons))
}

/// `0/N nodes are available: 1 reason, 3 other reason.`, sorted as text. One of the reasons
/// is counted already.
fn fit_error(nodes: usize, counted: (&str, usize), reasons: &[&str]) -> String {
    let mut counts: Vec<(&str, usize)> = vec![counted];
    for reason in reasons {
        match counts.iter_mut().find(|(known, _)| known == reason) {
            Some((_, count)) => *count += 1,
            None => counts.push((reason, 1)),
        }
    }
    counts.retain(|(_, count)| *count > 0);
    let mut parts: Vec<String> = counts.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    sort_by(&mut parts, Ord::cmp);
    format!("0/{nodes} nodes are available: {}.", parts.join(", "))
}

#[cfg(test)]
mod tests;
