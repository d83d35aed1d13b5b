//! Which of the nodes that a pod fits on is best.
//!
//! Upstream: `pkg/scheduler/framework/plugins` (`tainttoleration`, `nodeaffinity`,
//! `noderesources/least_allocated.go`, `noderesources/balanced_allocation.go`,
//! `imagelocality`, `helper/normalize_score.go`), with the weights of the default profile.
//! Leaves out: images of volumes.

use super::super::node_affinity::term_matches;
use super::super::resources::{Amounts, non_zero_requests, pod_requests};
use super::filter::Attempt;
use super::node_info::NodeInfo;
use super::{pod_affinity, spread};
use crate::api::{ContainerImage, Pod, TaintEffect};

/// The best score that a plugin gives.
pub(super) const MAX_NODE_SCORE: i64 = 100;

/// Resources that count in scores.
const SCORED: [&str; 2] = ["cpu", "memory"];

/// A plugin: writes the score of each node; what it leaves is 0.
type Plugin = fn(&Attempt<'_>, &[&NodeInfo<'_>], &mut [i64]);

/// The plugins, as [`PLUGINS`] names them.
const SCORE: [Plugin; PLUGINS.len()] =
    [tolerated_taints, preferred_nodes, least_allocated, spread::score, pod_affinity::score, balanced, image_locality];

/// The plugins that score, with their weights.
pub const PLUGINS: [(&str, i64); 7] = [
    ("TaintToleration", 3),
    ("NodeAffinity", 2),
    ("NodeResourcesFit", 1),
    ("PodTopologySpread", 2),
    ("InterPodAffinity", 2),
    ("NodeResourcesBalancedAllocation", 1),
    ("ImageLocality", 1),
];

/// What each plugin gives a node, without its weight.
pub type Scores = [i64; PLUGINS.len()];

/// The scores of nodes, given by their place in the snapshot.
#[must_use]
pub fn scores(attempt: &Attempt<'_>, feasible: &[usize]) -> Vec<Scores> {
    let nodes: Vec<&NodeInfo<'_>> = feasible.iter().filter_map(|at| attempt.snapshot.nodes.get(*at)).collect();
    let mut all = vec![Scores::default(); nodes.len()];
    for (place, plugin) in SCORE.iter().enumerate() {
        let mut scores = vec![0; nodes.len()];
        plugin(attempt, &nodes, &mut scores);
        for (of_node, score) in all.iter_mut().zip(scores) {
            if let Some(of_plugin) = of_node.get_mut(place) {
                *of_plugin = score;
            }
        }
    }
    all
}

/// The weighted sum: the most is best.
#[must_use]
pub fn total(scores: &Scores) -> i64 {
    PLUGINS.iter().zip(scores).map(|((_, weight), score)| weight * score).sum()
}

/// Stretches scores to at most the best one; `reverse` makes the least the best.
fn normalize(scores: &mut [i64], reverse: bool) {
    let max = scores.iter().copied().max().unwrap_or(0);
    for score in scores {
        *score = if max == 0 { 0 } else { MAX_NODE_SCORE * *score / max };
        if reverse {
            *score = MAX_NODE_SCORE - *score;
        }
    }
}

fn tolerated_taints(attempt: &Attempt<'_>, feasible: &[&NodeInfo<'_>], scores: &mut [i64]) {
    let tolerations = &attempt.pod.spec.tolerations;
    for (info, score) in feasible.iter().zip(scores.iter_mut()) {
        for taint in info.node.spec.taints.iter().filter(|taint| taint.effect == TaintEffect::PreferNoSchedule) {
            *score += i64::from(!tolerations.iter().any(|toleration| toleration.tolerates(taint)));
        }
    }
    normalize(scores, true);
}

fn preferred_nodes(attempt: &Attempt<'_>, feasible: &[&NodeInfo<'_>], scores: &mut [i64]) {
    let Some(affinity) = attempt.pod.spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref()) else {
        return;
    };
    for term in &affinity.preferred_during_scheduling_ignored_during_execution {
        for (info, score) in feasible.iter().zip(scores.iter_mut()) {
            if term_matches(&term.preference, info.node) {
                *score += i64::from(term.weight);
            }
        }
    }
    normalize(scores, false);
}

fn least_allocated(attempt: &Attempt<'_>, feasible: &[&NodeInfo<'_>], scores: &mut [i64]) {
    let wanted = non_zero_requests(&attempt.pod.spec);
    for (info, score) in feasible.iter().zip(scores) {
        let (mut sum, mut resources) = (0, 0);
        for name in SCORED {
            let all = info.allocatable(name);
            if all != 0 {
                let left = all.saturating_sub(info.non_zero_requested.get(name)).saturating_sub(wanted.get(name));
                sum += left.max(0).saturating_mul(MAX_NODE_SCORE) / all;
                resources += 1;
            }
        }
        *score = if resources == 0 { 0 } else { sum / resources };
    }
}

/// Scores by what the pod does to the balance between the resources of a node.
fn balanced(attempt: &Attempt<'_>, feasible: &[&NodeInfo<'_>], scores: &mut [i64]) {
    let wanted = pod_requests(&attempt.pod.spec);
    if SCORED.iter().all(|name| wanted.get(name) == 0) {
        return;
    }
    for (info, score) in feasible.iter().zip(scores) {
        let change = balance(info, &wanted) - balance(info, &Amounts::default());
        *score = MAX_NODE_SCORE / 2 + (MAX_NODE_SCORE / 2 + change) / 2;
    }
}

fn balance(info: &NodeInfo<'_>, wanted: &Amounts<'_>) -> i64 {
    let mut fractions: Vec<f64> = Vec::new();
    for name in SCORED {
        let all = info.allocatable(name);
        if all != 0 {
            let fraction = info.requested.get(name).saturating_add(wanted.get(name)) as f64 / all as f64;
            fractions.push(if fraction > 1.0 { 1.0 } else { fraction });
        }
    }
    let deviation = match fractions.as_slice() {
        [one, other] => ((one - other) / 2.0).abs(),
        _ => 0.0,
    };
    ((1.0 - deviation) * MAX_NODE_SCORE as f64) as i64
}

/// Scores by the images that are on a node already; those that are on many nodes count more,
/// lest everything go to the one that has pulled first.
fn image_locality(attempt: &Attempt<'_>, feasible: &[&NodeInfo<'_>], scores: &mut [i64]) {
    const MIB: i64 = 1_024 * 1_024;
    let nodes = &attempt.snapshot.nodes;
    if nodes.iter().all(|info| info.node.status.images.is_empty()) {
        return;
    }
    let mut images: Vec<(String, i64)> = Vec::new();
    for container in containers_of(attempt.pod) {
        let name = with_tag(container);
        let having = nodes.iter().filter(|info| find_image(info, &name).is_some()).count();
        images.push((name, i64::try_from(having).unwrap_or_default()));
    }
    let (least, most) = (23 * MIB, 1_000 * MIB * i64::try_from(images.len()).unwrap_or(1));
    for (info, score) in feasible.iter().zip(scores) {
        let mut sum = 0_i64;
        for (name, having) in &images {
            if let Some(image) = find_image(info, name) {
                let spread = *having as f64 / nodes.len() as f64;
                sum = sum.saturating_add((image.size_bytes as f64 * spread) as i64);
            }
        }
        *score = MAX_NODE_SCORE * (sum.min(most).max(least) - least) / (most - least);
    }
}

fn containers_of(pod: &Pod) -> impl Iterator<Item = &str> {
    pod.spec.init_containers.iter().chain(&pod.spec.containers).map(|container| container.image.as_str())
}

fn find_image<'a>(info: &NodeInfo<'a>, name: &str) -> Option<&'a ContainerImage> {
    info.node.status.images.iter().find(|image| image.names.iter().any(|known| known == name))
}

/// The name of an image, with its tag even where that is the default one.
fn with_tag(image: &str) -> String {
    let last = |wanted| image.bytes().rposition(|byte| byte == wanted);
    let tag = if last(b':') <= last(b'/') { ":latest" } else { "" };
    [image, tag].concat()
}

#[cfg(test)]
mod tests {
    use super::with_tag;

    #[test]
    fn images_without_a_tag_are_the_latest() {
        for (image, want) in
            [("a", "a:latest"), ("a:1", "a:1"), ("r:5000/a", "r:5000/a:latest"), ("r:5000/a:1", "r:5000/a:1")]
        {
            assert_eq!(with_tag(image), want);
        }
    }
}
