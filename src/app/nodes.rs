//! The machines on offer: what a node of each kind looks like when it joins. Says nothing of
//! which numbers are free; whoever adds machines chooses them.

use super::intent::NodePreset;
use crate::api::{Labels, Node, ObjectMeta, Quantity, ResourceList, Taint, TaintEffect, well_known};

/// Values of the zone label, given out in turn.
const ZONES: [&str; 3] = ["a", "b", "c"];

/// Allocatable amounts of an ordinary machine, as a kubelet reports them.
const ORDINARY: [(&str, &str); 4] =
    [("cpu", "4"), ("memory", "8145912Ki"), ("pods", "110"), ("ephemeral-storage", "61202244Ki")];

/// Allocatable amounts of a small machine at the edge.
const SMALL: [(&str, &str); 4] =
    [("cpu", "1"), ("memory", "1015884Ki"), ("pods", "30"), ("ephemeral-storage", "14321136Ki")];

/// The name of the machine of a kind with this number, e.g. `worker-3`.
#[must_use]
pub fn node_name(kind: NodePreset, number: usize) -> String {
    format!("{}-{number}", prefix(kind))
}

/// The machine of a kind with this number, as it joins.
#[must_use]
pub fn node_of(kind: NodePreset, number: usize) -> Node {
    let name = node_name(kind, number);
    let mut node = Node {
        metadata: ObjectMeta { labels: labels(kind, &name, number).into(), name, ..ObjectMeta::default() },
        ..Node::default()
    };
    node.spec.taints = taints(kind);
    node.status.allocatable = amounts(if kind == NodePreset::Edge { SMALL } else { ORDINARY });
    node.status.capacity = node.status.allocatable.clone();
    node
}

/// `count` machines of a kind, numbered from 1.
pub(super) fn several(kind: NodePreset, count: usize) -> impl Iterator<Item = Node> {
    (1..=count).map(move |number| node_of(kind, number))
}

fn prefix(kind: NodePreset) -> &'static str {
    match kind {
        NodePreset::Worker => "worker",
        NodePreset::ControlPlane => "control-plane",
        NodePreset::Gpu => "gpu",
        NodePreset::Windows => "windows",
        NodePreset::Spot => "spot",
        NodePreset::Edge => "edge",
    }
}

fn labels(kind: NodePreset, name: &str, number: usize) -> Labels {
    let os = if kind == NodePreset::Windows { "windows" } else { "linux" };
    let zone = ZONES.get(number.saturating_sub(1) % ZONES.len()).copied().unwrap_or_default();
    let common =
        [(well_known::HOSTNAME, name), (well_known::OS, os), ("kubernetes.io/arch", "amd64"), (well_known::ZONE, zone)];
    let own: &[(&str, &str)] = match kind {
        NodePreset::Worker | NodePreset::Windows => &[],
        NodePreset::ControlPlane => {
            &[(well_known::CONTROL_PLANE_ROLE, ""), ("node.kubernetes.io/exclude-from-external-load-balancers", "")]
        }
        NodePreset::Gpu => &[("accelerator", "nvidia")],
        NodePreset::Spot => &[("lifecycle", "spot")],
        NodePreset::Edge => &[("node-role.kubernetes.io/edge", "")],
    };
    common.iter().chain(own).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn taints(kind: NodePreset) -> Vec<Taint> {
    match kind {
        NodePreset::Worker | NodePreset::Windows | NodePreset::Edge => Vec::new(),
        NodePreset::ControlPlane => vec![Taint::new(well_known::CONTROL_PLANE_ROLE, TaintEffect::NoSchedule)],
        NodePreset::Gpu => vec![Taint::new("nvidia.com/gpu", TaintEffect::NoSchedule)],
        NodePreset::Spot => {
            vec![Taint { key: "spot".to_owned(), value: "true".to_owned(), effect: TaintEffect::NoSchedule }]
        }
    }
}

fn amounts(of: [(&str, &str); 4]) -> ResourceList {
    of.iter().map(|(name, text)| ((*name).to_owned(), Quantity::parse(text).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [NodePreset; 6] = [
        NodePreset::Worker,
        NodePreset::ControlPlane,
        NodePreset::Gpu,
        NodePreset::Windows,
        NodePreset::Spot,
        NodePreset::Edge,
    ];

    #[test]
    fn amounts_are_quantities() {
        for kind in ALL {
            let node = node_of(kind, 1);
            assert_eq!(node.status.allocatable.len(), 4, "{kind:?}");
            assert!(node.status.allocatable.values().all(|q| q.milli_value() > 0), "{kind:?}");
        }
    }

    #[test]
    fn tell_what_they_are() {
        let check = |kind, number, name: &str, taint: &str, roles: &[&str], zone: &str| {
            let node = node_of(kind, number);
            assert_eq!(node.name(), name);
            assert_eq!(node.metadata.labels.get(well_known::HOSTNAME).map(String::as_str), Some(name));
            let taints: Vec<String> = node.spec.taints.iter().map(ToString::to_string).collect();
            assert_eq!(taints.join(","), taint);
            assert_eq!(node.roles(), roles);
            assert_eq!(node.metadata.labels.get(well_known::ZONE).map(String::as_str), Some(zone));
        };
        check(NodePreset::Worker, 3, "worker-3", "", &[], "c");
        check(NodePreset::Worker, 4, "worker-4", "", &[], "a");
        let control_plane = "node-role.kubernetes.io/control-plane:NoSchedule";
        check(NodePreset::ControlPlane, 1, "control-plane-1", control_plane, &["control-plane"], "a");
        check(NodePreset::Gpu, 2, "gpu-2", "nvidia.com/gpu:NoSchedule", &[], "b");
        check(NodePreset::Spot, 1, "spot-1", "spot=true:NoSchedule", &[], "a");
        check(NodePreset::Edge, 1, "edge-1", "", &["edge"], "a");
        assert_eq!(node_of(NodePreset::Windows, 1).metadata.labels.get(well_known::OS).unwrap(), "windows");
    }
}
