//! Makes what is on screen out of the world at one moment. Everything is worked out from the
//! world alone; the frame before it serves only to hand out the same `Rc`s again where
//! nothing changed, so that the page need not draw them again, and to keep colours.
//!
//! One pass over the pods, one over the nodes, and one over nodes for each DaemonSet.

mod before;
mod meters;
mod natural;
mod nodes;
mod placement_words;
mod pods;
mod rollout;
mod styles;
mod workloads;

use super::frame::{Frame, Grouping, PodChip};
use crate::api::Pod;
use crate::base::{Map, sort_by};
use crate::rules::pods::by_age;
use crate::sim::World;
use before::Before;
use pods::{Owners, PodIn};
use std::cmp::Ordering;
use std::rc::Rc;
use styles::Styles;

/// Pods by the name of the node that they are bound to, in the order of their creation.
type PodsByNode<'a> = Map<&'a str, Vec<&'a Rc<Pod>>>;

/// The frame of the world as it is. `previous` is the frame on screen, if any.
#[must_use]
pub fn project(world: &World, grouping: Grouping, previous: Option<&Frame>) -> Frame {
    let store = world.store();
    let before = Before::of(previous);
    let styles = Styles::of(store, previous);
    let owners = Owners::of(world, &styles);
    let (bound, unbound) = by_node(world);
    let nodes = nodes::sorted(&store.nodes, grouping);
    let board = nodes::Board { world, grouping, nodes: &nodes, bound: &bound, owners: &owners, before: &before };
    Frame {
        now: world.now(),
        groups: board.groups(),
        workloads: workloads::cards(world, &nodes, &styles, previous),
        lane: unbound.into_iter().map(|pod| lane_chip(world, pod, &owners, &before)).collect(),
        node_count: store.nodes.len(),
        pod_count: store.pods.len(),
    }
}

/// Bound pods by node, and the others; both in the order of creation.
fn by_node(world: &World) -> (PodsByNode<'_>, Vec<&Rc<Pod>>) {
    let pods = world.store().pods.values();
    let mut bound: PodsByNode<'_> = Map::grouped(pods.clone().filter_map(|pod| Some((pod.node_name.as_deref()?, pod))));
    let mut unbound: Vec<_> = pods.filter(|pod| pod.node_name.is_none()).collect();
    for pods in bound.values_mut() {
        sort_by(pods, |a, b| by_creation(a, b));
    }
    sort_by(&mut unbound, |a, b| by_creation(a, b));
    (bound, unbound)
}

fn lane_chip(world: &World, pod: &Pod, owners: &Owners, before: &Before<'_>) -> Rc<PodChip> {
    let node = pod.target_node().and_then(|name| world.store().nodes.get(name));
    let chip_before = before.chip(&pod.metadata.uid, None);
    let progress = world.progress(&pod.key());
    let pod = PodIn { pod, node: node.map(|node| &**node), progress, now: world.now() };
    reuse(pods::chip(&pod, owners, chip_before.map(|chip| &**chip)), chip_before)
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
fn by_creation(a: &Pod, b: &Pod) -> Ordering {
    let created = |pod: &Pod| pod.metadata.creation_timestamp;
    created(a).cmp(&created(b)).then_with(|| by_age(a, b))
}

#[cfg(test)]
mod tests;
