//! Pods that want to be near other pods, or far from them.
//!
//! Upstream: `pkg/scheduler/framework/plugins/interpodaffinity` (`filtering.go`,
//! `scoring.go`).
//! Simplifies: a namespace has no label but its name.
//! Leaves out: `matchLabelKeys` of terms.

use super::filter::Attempt;
use super::node_info::{NodeInfo, Snapshot, pod_affinity};
use super::score::MAX_NODE_SCORE;
use super::tally::Tally;
use super::{Code, Misfit};
use crate::api::{Labels, Node, Pod, PodAffinityTerm};

const NO_FRIEND: &str = "node(s) didn't match pod affinity rules";
const FOE_THERE: &str = "node(s) didn't match pod anti-affinity rules";
const UNWELCOME: &str = "node(s) didn't satisfy existing pods anti-affinity rules";

/// Label that every namespace has.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// Whether a term of `owner` means `other`.
fn term_matches(term: &PodAffinityTerm, owner: &Pod, other: &Pod) -> bool {
    let namespace = &other.metadata.namespace;
    let in_namespace = if term.namespaces.is_empty() && term.namespace_selector.is_none() {
        *namespace == owner.metadata.namespace
    } else {
        term.namespaces.contains(namespace)
            || term.namespace_selector.as_ref().is_some_and(|selector| {
                selector.matches(&Labels::from([(NAMESPACE_NAME.to_owned(), namespace.clone())]))
            })
    };
    in_namespace && term.label_selector.as_ref().is_some_and(|selector| selector.matches(&other.metadata.labels))
}

fn required(pod: &Pod, anti: bool) -> &[PodAffinityTerm] {
    pod_affinity(pod, anti).map_or(&[], |affinity| &affinity.required_during_scheduling_ignored_during_execution)
}

/// Whether there is a term, and all mean `other`.
fn all_match(terms: &[PodAffinityTerm], owner: &Pod, other: &Pod) -> bool {
    !terms.is_empty() && terms.iter().all(|term| term_matches(term, owner, other))
}

/// Who is where, as far as it matters to a pod.
#[derive(Clone)]
pub(super) struct PodAffinityState<'a> {
    pod: &'a Pod,
    /// Pods that all terms of its affinity mean.
    friends: Tally<'a>,
    /// Pods that a term of its anti-affinity means.
    foes: Tally<'a>,
    /// Pods whose anti-affinity means it.
    unwelcoming: Tally<'a>,
}

impl<'a> PodAffinityState<'a> {
    pub fn new(pod: &'a Pod, snapshot: &Snapshot<'a>) -> PodAffinityState<'a> {
        let mut state =
            PodAffinityState { pod, friends: Tally::default(), foes: Tally::default(), unwelcoming: Tally::default() };
        for info in &snapshot.nodes {
            for other in &info.pods {
                state.change(info.node, other, 1);
            }
        }
        state
    }

    /// Counts a pod more (1) or less (-1) on a node.
    pub fn change(&mut self, node: &'a Node, other: &'a Pod, delta: i64) {
        let pod = self.pod;
        for term in required(other, true) {
            if term_matches(term, other, pod) {
                add(&mut self.unwelcoming, node, term, delta);
            }
        }
        if pod.spec.affinity.is_none() {
            return;
        }
        if all_match(required(pod, false), pod, other) {
            for term in required(pod, false) {
                add(&mut self.friends, node, term, delta);
            }
        }
        for term in required(pod, true) {
            if term_matches(term, pod, other) {
                add(&mut self.foes, node, term, delta);
            }
        }
    }

    pub fn misfit(&self, info: &NodeInfo<'_>) -> Option<Misfit> {
        let is_there = |tally: &Tally<'_>, term: &PodAffinityTerm, label: &str| {
            tally.get(&term.topology_key, label).is_some_and(|count| count > 0)
        };
        let mut friends_there = true;
        for term in required(self.pod, false) {
            let Some(label) = info.label(&term.topology_key) else {
                return Some(Misfit::unresolvable(NO_FRIEND));
            };
            friends_there &= is_there(&self.friends, term, label);
        }
        // The first of a group that wants to be together may go anywhere.
        let is_first = || self.friends.is_zero() && all_match(required(self.pod, false), self.pod, self.pod);
        if !friends_there && !is_first() {
            return Some(Misfit::unresolvable(NO_FRIEND));
        }
        for term in required(self.pod, true) {
            if info.label(&term.topology_key).is_some_and(|label| is_there(&self.foes, term, label)) {
                return Some(Misfit::new(Code::Unschedulable, FOE_THERE));
            }
        }
        let labels = &info.node.metadata.labels;
        let unwelcome = self.unwelcoming.len() > 0
            && labels.iter().any(|(key, value)| self.unwelcoming.get(key, value).is_some_and(|count| count > 0));
        unwelcome.then(|| Misfit::new(Code::Unschedulable, UNWELCOME))
    }
}

fn add<'a>(tally: &mut Tally<'a>, node: &'a Node, term: &'a PodAffinityTerm, delta: i64) {
    if let Some(value) = node.metadata.labels.get(&term.topology_key) {
        tally.add(&term.topology_key, value, delta);
    }
}

/// Scores of nodes by the preferences of the pod and of those that are there.
pub(super) fn score(attempt: &Attempt<'_>, feasible: &[&NodeInfo<'_>], scores: &mut [i64]) {
    let pod = attempt.pod;
    let mut tally = Tally::default();
    for info in &attempt.snapshot.nodes {
        for other in &info.pods {
            if pod.spec.affinity.is_none() && other.spec.affinity.is_none() {
                continue;
            }
            for (anti, sign) in [(false, 1), (true, -1)] {
                prefer(&mut tally, info.node, (pod, other), anti, sign);
                prefer(&mut tally, info.node, (other, pod), anti, sign);
            }
            for term in required(other, false) {
                if term_matches(term, other, pod) {
                    add(&mut tally, info.node, term, 1);
                }
            }
        }
    }
    if tally.len() == 0 {
        return;
    }
    let (mut min, mut max) = (i64::MAX, i64::MIN);
    for (info, score) in feasible.iter().zip(scores.iter_mut()) {
        let labels = &info.node.metadata.labels;
        *score = labels.iter().filter_map(|(key, value)| tally.get(key, value)).sum();
        (min, max) = (min.min(*score), max.max(*score));
    }
    for score in scores {
        let share = if max > min { (*score - min) as f64 / (max - min) as f64 } else { 0.0 };
        *score = (MAX_NODE_SCORE as f64 * share) as i64;
    }
}

/// Counts the weights of `owner`'s preferences that mean `other`.
fn prefer<'a>(tally: &mut Tally<'a>, node: &'a Node, (owner, other): (&'a Pod, &Pod), anti: bool, sign: i64) {
    let Some(affinity) = pod_affinity(owner, anti) else { return };
    for weighted in &affinity.preferred_during_scheduling_ignored_during_execution {
        let term = &weighted.pod_affinity_term;
        if term_matches(term, owner, other) {
            add(tally, node, term, sign * i64::from(weighted.weight));
        }
    }
}
