//! Whom a pod that fits nowhere may drive away, and from which node.
//!
//! Upstream: `pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go`,
//! `framework/preemption/preemption.go`.
//! Simplifies: candidates are looked for in the order of names, not from a random node on; a
//! pod of lower priority that leaves the nominated node counts as driven away.
//! Leaves out: PodDisruptionBudgets, pod groups.

use super::filter::Attempt;
use super::{Code, Misfit, fit_error};
use crate::api::Pod;
use crate::base::{Time, sort_by_key};

/// At least so many candidates are looked for, or this part of the nodes in question.
const CANDIDATES_MIN: usize = 100;
const CANDIDATES_PERCENT: usize = 10;

/// What came of preemption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preemption<'a> {
    /// Its part of the FailedScheduling text.
    pub message: String,
    /// The node that will do, with those who must go.
    pub victims: Option<Victims<'a>>,
    /// Whether a nomination to another node from before still stands.
    pub keeps_nomination: bool,
}

/// Those who must go from a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Victims<'a> {
    /// The node's place in the snapshot.
    pub node: usize,
    /// The pods, the most important first.
    pub pods: Vec<&'a Pod>,
}

impl<'a> Attempt<'a> {
    /// Looks for a node where the pod would fit if pods of lower priority went.
    #[must_use]
    pub fn preempt(&self, misfits: &[Option<Misfit>]) -> Preemption<'a> {
        let nothing = |message: String, keeps_nomination| Preemption { message, victims: None, keeps_nomination };
        if self.pod.spec.preemption_policy.as_deref() == Some("Never") {
            return nothing("not eligible due to preemptionPolicy=Never.".to_owned(), true);
        }
        if self.waits_for_victims(misfits) {
            return nothing("not eligible due to a terminating pod on the nominated node.".to_owned(), true);
        }
        let mut potential = Vec::new();
        for (at, misfit) in misfits.iter().enumerate() {
            if misfit.as_ref().is_some_and(|misfit| misfit.code == Code::Unschedulable) {
                potential.push(at);
            }
        }
        let enough = (potential.len() * CANDIDATES_PERCENT / 100).max(CANDIDATES_MIN);
        let nodes = misfits.len() + self.snapshot.left_out;
        let hopeless = (HOPELESS, nodes - potential.len());
        let mut still: Vec<Misfit> = Vec::new();
        let mut best: Option<(Rank, Victims<'a>)> = None;
        let mut candidates = 0;
        for at in potential {
            if candidates == enough {
                break;
            }
            match self.select_victims(at) {
                Err(misfit) => still.push(misfit),
                Ok(pods) => {
                    candidates += 1;
                    let rank = Rank::of(&pods);
                    if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                        best = Some((rank, Victims { node: at, pods }));
                    }
                }
            }
        }
        if let Some((_, victims)) = best {
            let message = format!(
                "found a potential placement for pod on node {}, preempting {} victims",
                self.snapshot.nodes.get(victims.node).map_or("", |info| info.node.name()),
                victims.pods.len()
            );
            return Preemption { message, victims: Some(victims), keeps_nomination: true };
        }
        let reasons: Vec<&str> = still.iter().flat_map(|misfit| &misfit.reasons).map(|reason| &**reason).collect();
        nothing(fit_error(nodes, hopeless, &reasons), false)
    }

    /// Whether those who were driven from the nominated node are still leaving it.
    fn waits_for_victims(&self, misfits: &[Option<Misfit>]) -> bool {
        let Some(at) = self.snapshot.find(&self.pod.status.nominated_node_name) else { return false };
        let hopeless =
            misfits.get(at).and_then(Option::as_ref).is_some_and(|misfit| misfit.code != Code::Unschedulable);
        let leaves = |pod: &&Pod| pod.is_deleting() && pod.priority() < self.pod.priority();
        !hopeless && self.snapshot.nodes.get(at).is_some_and(|info| info.pods.iter().any(leaves))
    }

    /// The fewest who must go from a node, the most important kept first; or why the pod
    /// does not fit even if all go whom it may drive away.
    fn select_victims(&self, at: usize) -> Result<Vec<&'a Pod>, Misfit> {
        let no_victims = || Misfit::unresolvable("No preemption victims found for incoming pod");
        let mut info = self.snapshot.nodes.get(at).ok_or_else(no_victims)?.clone();
        let mut attempt = self.clone();
        let mut potential: Vec<&'a Pod> = info.pods.clone();
        potential.retain(|pod| pod.priority() < self.pod.priority());
        if potential.is_empty() {
            return Err(no_victims());
        }
        for pod in &potential {
            attempt.change(&mut info, pod, -1);
        }
        if let Some(misfit) = attempt.filter(&info) {
            return Err(misfit);
        }
        sort_by_key(&mut potential, |pod| (-i64::from(pod.priority()), started_at(pod)));
        let mut victims = Vec::new();
        for pod in potential {
            attempt.change(&mut info, pod, 1);
            if attempt.filter(&info).is_some() {
                attempt.change(&mut info, pod, -1);
                victims.push(pod);
            }
        }
        if victims.is_empty() { Err(no_victims()) } else { Ok(victims) }
    }
}

const HOPELESS: &str = "Preemption is not helpful for scheduling";

/// When a pod was taken on, in seconds as the API has it; one that was not counts as the latest.
fn started_at(pod: &Pod) -> Time {
    pod.status.start_time.unwrap_or(Time::NEVER).floor_to_second()
}

/// What is to be said against a choice of victims: the least is chosen, and of equals the
/// first. Upstream: `pickOneNodeForPreemption`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    highest_priority: i32,
    sum_of_priorities: i64,
    pods: usize,
    /// Since when the most important have run: the later the better.
    earliest_start: std::cmp::Reverse<Time>,
}

impl Rank {
    /// Of victims with the most important first.
    fn of(victims: &[&Pod]) -> Rank {
        let highest_priority = victims.first().map_or(0, |pod| pod.priority());
        let most_important = victims.iter().filter(|pod| pod.priority() == highest_priority);
        Rank {
            highest_priority,
            // Shifted to be positive, so that of two pods of negative priority one is less.
            sum_of_priorities: victims.iter().map(|pod| i64::from(pod.priority()) + (1 << 31)).sum(),
            pods: victims.len(),
            earliest_start: std::cmp::Reverse(most_important.map(|pod| started_at(pod)).min().unwrap_or(Time::NEVER)),
        }
    }
}
