//! What the scheduler tried for each pod, and what came of it: kept for people, read by no
//! rule, and so no part of a world's digest.
//!
//! The verdicts cannot be worked out later without a replay of the whole cluster, so they are
//! kept, but only as much of them as a person reads: counts, a few names, the best few scores.

use crate::api::{Key, Pod};
use crate::base::{Map, Time};
use crate::rules::scheduling::{self, Code, Decision, LEFT_OUT, Misfit, Scores, Snapshot};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// At most so many attempts are kept of a pod, the last.
const KEPT_MAX: usize = 20;

/// At most so many nodes are named with a reason.
const NODES_MAX: usize = 4;

/// Of at most so many nodes the scores are kept, the best.
const SCORED_MAX: usize = 3;

/// At most so many victims are named.
const VICTIMS_MAX: usize = 8;

/// What was tried for all pods. Shared with copies of the world until the next attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::sim) struct Attempts(Rc<Map<Key, Rc<PodAttempts>>>);

impl Hash for Attempts {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What was tried for one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodAttempts {
    /// How often.
    pub count: u32,
    /// The last ones, the newest last.
    pub last: Vec<Rc<ScheduleAttempt>>,
}

/// One attempt to place a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleAttempt {
    /// When.
    pub at: Time,
    /// What put the pod into the queue.
    pub woken_by: Woken,
    /// What came of it.
    pub outcome: Outcome,
    /// On how many nodes the pod fitted; all nodes were asked unless it was nominated to one
    /// that did.
    pub feasible: u32,
    /// Why it did not fit on the others.
    pub verdicts: Vec<Verdict>,
    /// The best nodes with the scores of each plugin, the best first; none where there was
    /// nothing to choose.
    pub scores: Vec<(String, Scores)>,
    /// How many nodes had the best score.
    pub equals: u32,
}

/// Why a pod came into the scheduling queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Woken {
    /// Upstream's label of the event, e.g. `NodeAdd`.
    pub event: &'static str,
    /// The object that changed; empty if it is the pod itself.
    pub object: String,
    /// The way it took through the queues.
    pub through: Queues,
}

/// How a pod that may be tried came to its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queues {
    /// By the activeQ.
    Active,
    /// From the backoffQ before its back-off was over: there was nothing else to do.
    Backoff,
    /// By the backoffQ, and the activeQ once its back-off was over.
    BackoffThenActive,
}

impl Hash for Woken {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A node was chosen.
    Assumed {
        /// The node.
        node: String,
        /// The one that was cleared for the pod, so that no other was asked.
        nominated: bool,
    },
    /// It fits nowhere.
    Unschedulable {
        /// The text of the FailedScheduling event.
        message: String,
        /// Those that were driven away for it, and from where.
        preempts: Option<Preempts>,
        /// It is not tried again before.
        backs_off_until: Time,
    },
}

/// Pods that are driven away for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preempts {
    /// The node that the other is nominated to.
    pub node: String,
    /// The first of them.
    pub victims: Vec<Key>,
    /// How many there are in all.
    pub count: u32,
}

/// Nodes on which a pod does not fit for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The reason, in upstream's words.
    pub reason: Cow<'static, str>,
    /// How many nodes.
    pub count: u32,
    /// The first of them by name; none if they were not even asked.
    pub nodes: Vec<String>,
}

impl Attempts {
    /// What was tried for a pod.
    pub fn of(&self, pod: &Key) -> Option<&Rc<PodAttempts>> {
        self.0.get(pod)
    }

    /// The pod that drove another away.
    pub fn preemptor(&self, victim: &Key) -> Option<&Key> {
        let drove = |attempt: &Rc<ScheduleAttempt>| match &attempt.outcome {
            Outcome::Unschedulable { preempts: Some(preempts), .. } => preempts.victims.contains(victim),
            _ => false,
        };
        let (preemptor, _) = self.0.iter().find(|(_, attempts)| attempts.last.iter().any(drove))?;
        Some(preemptor)
    }

    /// Keeps an attempt.
    pub fn keep(&mut self, pod: Key, attempt: ScheduleAttempt) {
        let attempts = Rc::make_mut(Rc::make_mut(&mut self.0).entry(pod).or_default());
        attempts.count = attempts.count.saturating_add(1);
        if attempts.last.len() >= KEPT_MAX {
            attempts.last.remove(0);
        }
        attempts.last.push(Rc::new(attempt));
    }

    /// The pod is gone, or another of its name has come.
    pub fn forget(&mut self, pod: &Key) {
        if self.0.contains_key(pod) {
            Rc::make_mut(&mut self.0).remove(pod);
        }
    }
}

impl ScheduleAttempt {
    /// What a decision has to tell.
    pub fn new(at: Time, woken_by: Woken, snapshot: &Snapshot<'_>, decision: &Decision, outcome: Outcome) -> Self {
        let mut attempt =
            ScheduleAttempt { at, woken_by, outcome, feasible: 0, verdicts: Vec::new(), scores: Vec::new(), equals: 0 };
        // Of a node that is nominated already no other is asked.
        if snapshot.left_out > 0 && !(decision.misfits.is_empty() && decision.node.is_some()) {
            let count = u32::try_from(snapshot.left_out).unwrap_or(u32::MAX);
            attempt.verdicts.push(Verdict { reason: Cow::Borrowed(LEFT_OUT), count, nodes: Vec::new() });
        }
        let mut scores = decision.scores.iter();
        let mut best: Vec<(i64, usize, &Scores)> = Vec::new();
        for (place, misfit) in decision.misfits.iter().enumerate() {
            if let Some(misfit) = misfit {
                attempt.object(misfit, || name_at(snapshot, place));
                continue;
            }
            attempt.feasible += 1;
            if let Some(scores) = scores.next() {
                let total = scheduling::total_score(scores);
                let rank = best.iter().take_while(|(other, ..)| *other >= total).count();
                attempt.equals = match best.first() {
                    Some((most, ..)) if *most > total => attempt.equals,
                    Some((most, ..)) if *most == total => attempt.equals + 1,
                    _ => 1,
                };
                best.insert(rank, (total, place, scores));
                best.truncate(SCORED_MAX);
            }
        }
        attempt.scores = best.into_iter().map(|(_, place, scores)| (name_at(snapshot, place), *scores)).collect();
        attempt
    }

    /// Notes what is to be said against a node.
    fn object(&mut self, misfit: &Misfit, name: impl Fn() -> String) {
        let left_out = misfit.code == Code::PreFilter;
        let reasons: &[Cow<'static, str>] = if left_out { &[Cow::Borrowed(LEFT_OUT)] } else { &misfit.reasons };
        for reason in reasons {
            let known = self.verdicts.iter().position(|verdict| verdict.reason == *reason);
            let known = known.unwrap_or(self.verdicts.len());
            if known == self.verdicts.len() {
                self.verdicts.push(Verdict { reason: reason.clone(), count: 0, nodes: Vec::new() });
            }
            if let Some(verdict) = self.verdicts.get_mut(known) {
                verdict.count += 1;
                if !left_out && verdict.nodes.len() < NODES_MAX {
                    verdict.nodes.push(name());
                }
            }
        }
    }
}

impl Preempts {
    /// Of the victims on a node.
    pub fn new(node: &str, victims: &[&Pod]) -> Preempts {
        Preempts {
            node: node.to_owned(),
            victims: victims.iter().take(VICTIMS_MAX).map(|pod| pod.key()).collect(),
            count: u32::try_from(victims.len()).unwrap_or(u32::MAX),
        }
    }
}

fn name_at(snapshot: &Snapshot<'_>, place: usize) -> String {
    snapshot.nodes.get(place).map_or_else(String::new, |info| info.node.name().to_owned())
}

#[cfg(test)]
mod tests;
