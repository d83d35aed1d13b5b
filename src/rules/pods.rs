//! Questions about daemon pods: up to date? which is the oldest?
//!
//! Upstream: `pkg/controller/daemon/util/daemonset_util.go` (`IsPodUpdated`),
//! `daemon_controller.go` (`podByCreationTimestampAndPhase`).

use crate::api::{DaemonSet, Node, Pod, well_known};
use crate::base::Places;
use std::cmp::Ordering;

/// How a pod of the present template is known.
#[derive(PartialEq, Eq)]
pub struct Present {
    hash: String,
    /// As the label has it.
    generation: Option<String>,
}

/// Daemon pods by the node they are on or meant for.
pub struct PodsByNode<'a> {
    /// In the order of the nodes.
    pods: Vec<&'a Pod>,
    /// How many there are up to each node, itself included.
    ends: Vec<usize>,
}

impl Present {
    /// By the hash of the template's revision, empty if there is none yet, or by the
    /// DaemonSet's template generation.
    #[must_use]
    pub fn of(daemon_set: &DaemonSet, hash: &str) -> Present {
        let generation = daemon_set.template_generation().map(|generation| generation.to_string());
        Present { hash: hash.to_owned(), generation }
    }

    /// The hash.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Whether a pod is of the present template: its hash label *or* its template generation
    /// agrees.
    #[must_use]
    pub fn has_made(&self, pod: &Pod) -> bool {
        let hash_matches =
            !self.hash.is_empty() && pod.label(well_known::CONTROLLER_REVISION_HASH) == Some(self.hash.as_str());
        hash_matches
            || self.generation.is_some() && pod.label(well_known::POD_TEMPLATE_GENERATION) == self.generation.as_deref()
    }
}

impl<'a> PodsByNode<'a> {
    /// Of these pods; those of nodes that are not there are left out.
    #[must_use]
    pub fn of(nodes: &[&Node], pods: &[&'a Pod]) -> PodsByNode<'a> {
        let places = Places::of(nodes.iter().map(|node| node.name()).collect());
        // Counted first, then put in their places: a sort by name would take far longer.
        let mut ends = vec![0; nodes.len()];
        let mut there = Vec::with_capacity(pods.len());
        for &pod in pods {
            let Some(place) = pod.target_node().and_then(|name| places.find(name)) else { continue };
            if let Some(count) = ends.get_mut(place) {
                *count += 1;
                there.push((place, pod));
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut in_order: Vec<Option<&Pod>> = vec![None; sum];
        for (place, pod) in there {
            if let Some(end) = ends.get_mut(place) {
                if let Some(slot) = in_order.get_mut(*end) {
                    *slot = Some(pod);
                }
                *end += 1;
            }
        }
        PodsByNode { pods: in_order.into_iter().flatten().collect(), ends }
    }

    /// The pods of each node, in the order of the nodes.
    pub fn iter(&self) -> impl Iterator<Item = &[&'a Pod]> {
        let mut begin = 0;
        self.ends.iter().map(move |end| self.pods.get(std::mem::replace(&mut begin, *end)..*end).unwrap_or_default())
    }
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
    fn each_node_has_its_pods() {
        let named = |name: &str, node: &str| {
            let mut pod = Pod { pinned_to: Some(node.into()), ..Pod::default() };
            pod.metadata.name = name.into();
            pod
        };
        let pods = [named("a", "n2"), named("b", "n1"), named("c", "gone"), named("d", "n2"), Pod::default()];
        let nodes = ["n1", "n2", "n3"].map(|name| {
            let mut node = Node::default();
            node.metadata.name = name.into();
            node
        });
        let by_node = PodsByNode::of(&nodes.each_ref(), &pods.each_ref());
        let names = |pods: &[&Pod]| pods.iter().map(|pod| pod.metadata.name.as_str()).collect::<String>();
        assert_eq!(by_node.iter().map(names).collect::<Vec<_>>(), ["b", "ad", ""]);
    }

    #[test]
    fn generation_or_hash_will_do() {
        let mut pod = Pod::default();
        pod.metadata.labels_mut().insert(well_known::CONTROLLER_REVISION_HASH.into(), "old".into());
        pod.metadata.labels_mut().insert(well_known::POD_TEMPLATE_GENERATION.into(), "2".into());
        let check = |hash: &str, generation: Option<&str>, want: bool| {
            let mut daemon_set = DaemonSet::default();
            let annotation = generation.map(|n| (well_known::DEPRECATED_TEMPLATE_GENERATION.into(), n.into()));
            daemon_set.metadata.annotations.extend(annotation);
            assert_eq!(Present::of(&daemon_set, hash).has_made(&pod), want, "{hash} {generation:?}");
        };
        check("old", None, true);
        check("new", Some("2"), true);
        check("new", Some("02"), true);
        check("new", Some("3"), false);
        check("new", Some("x"), false);
        check("", None, false);
    }
}
