//! Makes what is on screen out of the world at one moment. Everything is worked out from the
//! world alone; the frame before it serves only to hand out the same `Rc`s again where
//! nothing changed, so that the page need not draw them again, and to keep colours.
//!
//! One pass over the pods, one over the nodes, and one over nodes for each DaemonSet.

mod meters;
mod natural;
mod nodes;
mod placement_words;
mod pods;
mod rollout;
mod styles;
mod workloads;

use super::frame::{Frame, PodChip};
use crate::api::{Key, Node, Pod};
use crate::rules::pods::by_age;
use crate::sim::{Store, World};
use pods::Owners;
use std::collections::BTreeMap;
use std::rc::Rc;
use styles::Styles;

/// Pods by the name of a node.
type PodsByNode<'a> = BTreeMap<&'a str, Vec<&'a Rc<Pod>>>;

/// The frame of the world as it is. `previous` is the frame on screen, if any.
#[must_use]
pub fn project(world: &World, previous: Option<&Frame>) -> Frame {
    let store = world.store();
    let styles = Styles::of(store, previous);
    let owners = Owners::of(world, &styles);
    let chips_before = chips_of(previous);
    let mut bound = PodsByNode::new();
    let mut unbound: Vec<&Rc<Pod>> = Vec::new();
    let mut chips: BTreeMap<&Key, Rc<PodChip>> = BTreeMap::new();
    for (key, pod) in &store.pods {
        match &pod.node_name {
            Some(node) => bound.entry(node.as_str()).or_default().push(pod),
            None => unbound.push(pod),
        }
        let before = chips_before.get(pod.metadata.uid.as_str()).copied();
        let chip = pods::chip(pod, &owners, target(store, pod), world.progress(key), world.now(), before.map(|c| &**c));
        chips.insert(key, reuse(chip, before));
    }
    for pods in bound.values_mut() {
        pods.sort_by(|a, b| by_creation(a, b));
    }
    unbound.sort_by(|a, b| by_creation(a, b));
    let nodes = nodes::sorted(&store.nodes);
    let board = nodes::Board { world, nodes: &nodes, bound: &bound, chips: &chips, previous };
    Frame {
        now: world.now(),
        groups: board.groups(),
        workloads: workloads::cards(world, &nodes, &styles, previous),
        lane: unbound.iter().filter_map(|pod| chips.get(&pod.key()).map(Rc::clone)).collect(),
        node_count: store.nodes.len(),
        pod_count: store.pods.len(),
    }
}

/// The node that a pod is on or meant for, if it is there.
fn target<'a>(store: &'a Store, pod: &Pod) -> Option<&'a Node> {
    store.nodes.get(pod.target_node()?).map(|node| &**node)
}

/// All chips of a frame by the UID of their pod.
fn chips_of(frame: Option<&Frame>) -> BTreeMap<&str, &Rc<PodChip>> {
    let on_nodes = frame.into_iter().flat_map(|f| &f.groups).flat_map(|g| &g.nodes).flat_map(|n| &n.pods);
    let in_lane = frame.into_iter().flat_map(|f| &f.lane);
    on_nodes.chain(in_lane).map(|chip| (chip.uid.as_str(), chip)).collect()
}

/// `value`, shared with the frame before if it is the same.
fn reuse<T: PartialEq>(value: T, before: Option<&Rc<T>>) -> Rc<T> {
    match before {
        Some(before) if **before == value => Rc::clone(before),
        _ => Rc::new(value),
    }
}

/// The order in which pods stand on a card: as they were created. Upstream's order in whole
/// seconds breaks ties, so that pods do not change places.
fn by_creation(a: &Pod, b: &Pod) -> std::cmp::Ordering {
    let created = |pod: &Pod| pod.metadata.creation_timestamp;
    created(a).cmp(&created(b)).then_with(|| by_age(a, b))
}
