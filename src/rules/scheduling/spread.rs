//! Spreading pods evenly over zones, hosts or other places.
//!
//! Upstream: `pkg/scheduler/framework/plugins/podtopologyspread` (`filtering.go`,
//! `scoring.go`, `common.go`), `plugins/helper/spread.go` (`DefaultSelector`).
//! Leaves out: selectors of replication controllers in the default spreading.

use super::super::tolerations::untolerated;
use super::filter::{Attempt, matches_affinity};
use super::node_info::{NodeInfo, Snapshot};
use super::score::MAX_NODE_SCORE;
use super::tally::Tally;
use super::{Code, Misfit};
use crate::api::{LabelSelector, Labels, Node, Pod, TaintEffect, TopologySpreadConstraint, well_known};

const TOO_UNEVEN: &str = "node(s) didn't match pod topology spread constraints";
const NO_LABEL: &str = "node(s) didn't match pod topology spread constraints (missing required label)";

/// A constraint, and how many pods there are in each place.
#[derive(Clone)]
struct Constraint<'a> {
    max_skew: i64,
    key: &'a str,
    /// Which pods count; absent: none.
    selector: Option<&'a LabelSelector>,
    /// Labels of the pod in which others must agree.
    same_labels: &'a [String],
    min_domains: i64,
    ignores_affinity: bool,
    honors_taints: bool,
    counts: Tally<'a>,
    /// The least count.
    least: i64,
}

impl<'a> Constraint<'a> {
    fn new(written: &'a TopologySpreadConstraint) -> Constraint<'a> {
        Constraint {
            max_skew: written.max_skew.into(),
            key: &written.topology_key,
            selector: written.label_selector.as_ref(),
            same_labels: &written.match_label_keys,
            min_domains: written.min_domains.unwrap_or(1).into(),
            ignores_affinity: written.node_affinity_policy.as_deref() == Some("Ignore"),
            honors_taints: written.node_taints_policy.as_deref() == Some("Honor"),
            counts: Tally::default(),
            least: 0,
        }
    }

    /// One of those that every pod without constraints of its own has.
    fn default(key: &'a str, max_skew: i64, selector: &'a LabelSelector) -> Constraint<'a> {
        Constraint {
            max_skew,
            key,
            selector: Some(selector),
            same_labels: &[],
            min_domains: 1,
            ignores_affinity: false,
            honors_taints: false,
            counts: Tally::default(),
            least: 0,
        }
    }

    /// Whether a pod counts beside `pod`.
    fn selects(&self, pod: &Pod, other: &Pod) -> bool {
        let same = |key: &String| pod.label(key).is_none_or(|value| other.label(key) == Some(value));
        self.selector.is_some_and(|selector| selector.matches(&other.metadata.labels))
            && self.same_labels.iter().all(same)
    }

    /// How many pods of a node count.
    fn count(&self, pod: &Pod, info: &NodeInfo<'_>) -> i64 {
        if self.same_labels.is_empty() && self.selector.is_none_or(LabelSelector::is_empty) {
            return 0;
        }
        let namespace = &pod.metadata.namespace;
        let counts =
            |other: &&&Pod| !other.is_deleting() && other.metadata.namespace == *namespace && self.selects(pod, other);
        info.pods.iter().filter(counts).count().try_into().unwrap_or(i64::MAX)
    }

    /// Whether a node is a place at all. Upstream: `matchNodeInclusionPolicies`.
    fn includes(&self, pod: &Pod, node: &Node) -> bool {
        let effects = [TaintEffect::NoSchedule, TaintEffect::NoExecute];
        (self.ignores_affinity || matches_affinity(pod, node))
            && !(self.honors_taints && untolerated(&node.spec.taints, &pod.spec.tolerations, &effects).is_some())
    }
}

/// What a pod's own constraints of one kind are.
fn constraints<'a>(pod: &'a Pod, when_unsatisfiable: &str) -> Vec<Constraint<'a>> {
    let written = &pod.spec.topology_spread_constraints;
    written.iter().filter(|written| written.when_unsatisfiable == when_unsatisfiable).map(Constraint::new).collect()
}

/// Whether a node has a value for each of the keys.
fn has_all_labels(constraints: &[Constraint<'_>], node: &Node) -> bool {
    constraints.iter().all(|constraint| node.metadata.labels.contains_key(constraint.key))
}

/// The constraints that must hold, and how pods are spread now.
#[derive(Clone)]
pub(super) struct SpreadState<'a> {
    pod: &'a Pod,
    constraints: Vec<Constraint<'a>>,
}

impl<'a> SpreadState<'a> {
    pub fn new(pod: &'a Pod, snapshot: &Snapshot<'a>) -> SpreadState<'a> {
        let mut constraints = constraints(pod, "DoNotSchedule");
        for info in &snapshot.nodes {
            if constraints.is_empty() || !has_all_labels(&constraints, info.node) {
                continue;
            }
            for constraint in constraints.iter_mut().filter(|constraint| constraint.includes(pod, info.node)) {
                let count = constraint.count(pod, info);
                constraint.counts.add(constraint.key, info.label(constraint.key).unwrap_or_default(), count);
            }
        }
        for constraint in &mut constraints {
            constraint.least = constraint.counts.min().unwrap_or(i64::from(i32::MAX));
        }
        SpreadState { pod, constraints }
    }

    /// Supposes a pod more (1) or less (-1) on a node.
    pub fn change(&mut self, node: &'a Node, changed: &Pod, delta: i64) {
        if changed.metadata.namespace != self.pod.metadata.namespace || !has_all_labels(&self.constraints, node) {
            return;
        }
        for constraint in &mut self.constraints {
            if constraint.selects(self.pod, changed) && constraint.includes(self.pod, node) {
                let value = node.metadata.labels.get(constraint.key).map_or("", String::as_str);
                constraint.counts.add(constraint.key, value, delta);
                constraint.least = constraint.counts.min().unwrap_or_default();
            }
        }
    }

    pub fn misfit(&self, info: &NodeInfo<'_>) -> Option<Misfit> {
        for constraint in &self.constraints {
            let Some(value) = info.label(constraint.key) else {
                return Some(Misfit::unresolvable(NO_LABEL));
            };
            let places = i64::try_from(constraint.counts.len()).unwrap_or(i64::MAX);
            let least = if places < constraint.min_domains { 0 } else { constraint.least };
            let itself = i64::from(constraint.selects(self.pod, self.pod));
            let here = constraint.counts.get(constraint.key, value).unwrap_or_default();
            if here + itself - least > constraint.max_skew {
                return Some(Misfit::new(Code::Unschedulable, TOO_UNEVEN));
            }
        }
        None
    }
}

/// Scores of nodes by the constraints that should hold: fewer pods in the same place are
/// better. A pod without any constraint of its own has the default ones, if anything says
/// which pods belong together.
pub(super) fn score(attempt: &Attempt<'_>, feasible: &[&NodeInfo<'_>], scores: &mut [i64]) {
    let (pod, own) = (attempt.pod, !attempt.pod.spec.topology_spread_constraints.is_empty());
    let mut constraints = constraints(pod, "ScheduleAnyway");
    if let (false, Some(selector)) = (own, attempt.default_selector) {
        constraints.push(Constraint::default(well_known::HOSTNAME, 3, selector));
        constraints.push(Constraint::default(well_known::ZONE, 5, selector));
    }
    if constraints.is_empty() {
        return;
    }
    // With the default constraints, a node without a zone still has a host name.
    let counts = |node: &Node, all: &[Constraint<'_>]| !own || has_all_labels(all, node);
    let eligible: Vec<bool> = feasible.iter().map(|info| counts(info.node, &constraints)).collect();
    let mut weights = Vec::new();
    for constraint in &mut constraints {
        let mut hosts = 0;
        for (info, _) in feasible.iter().zip(&eligible).filter(|(_, eligible)| **eligible) {
            hosts += 1;
            if constraint.key != well_known::HOSTNAME {
                constraint.counts.add(constraint.key, info.label(constraint.key).unwrap_or_default(), 0);
            }
        }
        let places = if constraint.key == well_known::HOSTNAME { hosts } else { constraint.counts.len() };
        weights.push(ln(places + 2));
    }
    for info in &attempt.snapshot.nodes {
        if !counts(info.node, &constraints) {
            continue;
        }
        for constraint in constraints.iter_mut().filter(|constraint| constraint.key != well_known::HOSTNAME) {
            let value = info.label(constraint.key).unwrap_or_default();
            if constraint.counts.get(constraint.key, value).is_some() && constraint.includes(pod, info.node) {
                let count = constraint.count(pod, info);
                constraint.counts.add(constraint.key, value, count);
            }
        }
    }
    for ((info, eligible), score) in feasible.iter().zip(&eligible).zip(scores.iter_mut()) {
        let mut sum = 0.0;
        for (constraint, weight) in constraints.iter().zip(&weights).filter(|_| *eligible) {
            let Some(value) = info.label(constraint.key) else { continue };
            let count = match constraint.counts.get(constraint.key, value) {
                Some(count) => count,
                None => constraint.count(pod, info),
            };
            sum += as_float(count) * weight + as_float(constraint.max_skew - 1);
        }
        *score = (sum + 0.5) as i64;
    }
    normalize(&eligible, scores);
}

/// From counts of pods to scores: the fewer the better.
fn normalize(eligible: &[bool], scores: &mut [i64]) {
    let (mut min, mut max) = (i64::MAX, 0);
    for (score, _) in scores.iter().zip(eligible).filter(|(_, eligible)| **eligible) {
        (min, max) = (min.min(*score), max.max(*score));
    }
    for (score, eligible) in scores.iter_mut().zip(eligible) {
        *score = match (eligible, max) {
            (false, _) => 0,
            (true, 0) => MAX_NODE_SCORE,
            (true, _) => MAX_NODE_SCORE * (max + min - *score) / max,
        };
    }
}

fn as_float(n: i64) -> f64 {
    n as f64
}

/// The natural logarithm of a whole number, by halving and a series: the same on every
/// machine, which the platform's own is not.
fn ln(n: usize) -> f64 {
    let (mut rest, mut sum) = (n as f64, 0.0);
    while rest > 1.5 {
        rest /= 2.0;
        sum += std::f64::consts::LN_2;
    }
    let x = (rest - 1.0) / (rest + 1.0);
    let (mut power, mut divisor) = (2.0 * x, 1.0);
    while divisor < 40.0 {
        sum += power / divisor;
        power *= x * x;
        divisor += 2.0;
    }
    sum
}

/// What pods belong together with one that these services select: all labels that they ask
/// for. Nothing if none does.
#[must_use]
pub fn default_selector(pod: &Pod, services: &[Labels]) -> Option<LabelSelector> {
    let labels = &pod.metadata.labels;
    let mut merged = LabelSelector::default();
    for service in services {
        if service.iter().all(|(key, value)| labels.get(key) == Some(value)) {
            merged.match_labels.extend(service.clone());
        }
    }
    (!merged.is_empty()).then_some(merged)
}

#[cfg(test)]
mod tests {
    use super::ln;

    #[test]
    fn logarithms_of_sizes() {
        for n in 1..6_000_usize {
            assert!((ln(n) - (n as f64).ln()).abs() < 1e-14, "{n}");
        }
    }
}
