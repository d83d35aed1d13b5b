//! Questions about daemon pods: up to date? which is the oldest?
//!
//! Upstream: `pkg/controller/daemon/util/daemonset_util.go` (`IsPodUpdated`),
//! `daemon_controller.go` (`podByCreationTimestampAndPhase`, `getNodesToDaemonPods`).

use crate::api::{Pod, well_known};
use crate::base::Map;
use std::cmp::Ordering;

/// Daemon pods by the node they are on or meant for.
pub type PodsByNode<'a> = Map<&'a str, Vec<&'a Pod>>;

/// Whether a pod is of the present template: its hash label *or* its template generation
/// agrees.
#[must_use]
pub fn is_updated(pod: &Pod, hash: &str, template_generation: Option<i64>) -> bool {
    let has = |label: &str, value: &str| pod.label(label) == Some(value);
    let hash_matches = !hash.is_empty() && has(well_known::CONTROLLER_REVISION_HASH, hash);
    hash_matches
        || template_generation
            .is_some_and(|generation| has(well_known::POD_TEMPLATE_GENERATION, &generation.to_string()))
}

/// Bound pods first, then the oldest (in whole seconds), then by name.
#[must_use]
pub fn by_age(a: &Pod, b: &Pod) -> Ordering {
    let unbound = |pod: &Pod| pod.node_name.is_none();
    let created = |pod: &Pod| pod.metadata.creation_timestamp.floor_to_second();
    unbound(a)
        .cmp(&unbound(b))
        .then_with(|| created(a).cmp(&created(b)))
        .then_with(|| a.metadata.name.cmp(&b.metadata.name))
}

/// Groups pods by node. Pods that have ended and are being deleted are left out unless
/// asked for: nothing is left to do with them.
#[must_use]
pub fn by_node<'a>(pods: &[&'a Pod], include_deleted_terminal: bool) -> PodsByNode<'a> {
    let counts = |pod: &&&'a Pod| include_deleted_terminal || !(pod.status.phase.is_terminal() && pod.is_deleting());
    Map::grouped(pods.iter().filter(counts).filter_map(|pod| Some((pod.target_node()?, *pod))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;

    #[test]
    fn ages_count_in_seconds_then_by_name() {
        let pod = |name: &str, created_ms: i64, bound: bool| {
            let mut pod = Pod { node_name: bound.then(|| "n".into()), ..Pod::default() };
            pod.metadata.name = name.into();
            pod.metadata.creation_timestamp = Time(created_ms);
            pod
        };
        assert_eq!(by_age(&pod("b", 100, true), &pod("a", 900, true)), Ordering::Greater);
        assert_eq!(by_age(&pod("b", 100, true), &pod("a", 1_900, true)), Ordering::Less);
        assert_eq!(by_age(&pod("b", 9_000, true), &pod("a", 1_000, false)), Ordering::Less);
    }

    #[test]
    fn generation_or_hash_will_do() {
        let mut pod = Pod::default();
        pod.metadata.labels.insert(well_known::CONTROLLER_REVISION_HASH.into(), "old".into());
        pod.metadata.labels.insert(well_known::POD_TEMPLATE_GENERATION.into(), "2".into());
        assert!(is_updated(&pod, "old", None));
        assert!(is_updated(&pod, "new", Some(2)));
        assert!(!is_updated(&pod, "new", Some(3)));
        assert!(!is_updated(&pod, "", None));
    }
}
