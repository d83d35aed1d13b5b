//! Nodes as cards, in groups.

use super::before::Before;
use super::meters::{Used, meters};
use super::pods::{Owners, PodIn, chip};
use super::{PodsByNode, natural, reuse};
use crate::api::{ConditionStatus, Labels, Node, NodeConditionType, Pod, well_known};
use crate::base::{Map, sort_by};
use crate::sim::{Fault, World};
use crate::view::frame::{Grouping, LabelChip, NodeCard, NodeGroup, NodeState, PodChip, TaintChip};
use std::cmp::Ordering;
use std::rc::Rc;

/// Heading of the nodes with the control-plane role.
const CONTROL_PLANE: &str = "control plane";
/// Heading of the others.
const WORKERS: &str = "workers";
/// Heading of all, where they stand in one group.
const ALL: &str = "nodes";
/// Heading of nodes that are in no zone.
const NO_ZONE: &str = "no zone";
/// Heading of nodes whose object is gone while pods still name them.
const DELETED: &str = "deleted";
/// What such a card says of its state.
const DELETED_MESSAGE: &str = "The node object is gone; pod GC collects its pods.";

/// What the board is made of.
pub struct Board<'a> {
    /// The world.
    pub world: &'a World,
    /// What they stand together by.
    pub grouping: Grouping,
    /// Its nodes in the board's order.
    pub nodes: &'a [&'a Rc<Node>],
    /// Bound pods by node, in the order in which they stand on the card.
    pub bound: &'a PodsByNode<'a>,
    /// DaemonSets by UID.
    pub owners: &'a Owners,
    /// The frame on screen.
    pub before: &'a Before<'a>,
}

impl Board<'_> {
    /// The groups that have nodes, in the order of these; then what is left of deleted ones.
    pub fn groups(&self) -> Vec<Rc<NodeGroup>> {
        let mut used = Used::default();
        let mut groups: Vec<(String, Vec<Rc<NodeCard>>)> = Vec::new();
        let mut add = |title: String, card| match groups.last_mut() {
            Some((last, cards)) if *last == title => cards.push(card),
            _ => groups.push((title, vec![card])),
        };
        for node in self.nodes {
            add(title(node, self.grouping), reuse(self.card(node, &mut used), self.before.card(node.name())));
        }
        let nodes = &self.world.store().nodes;
        for (name, pods) in self.bound.iter().filter(|(name, _)| !nodes.contains_key(**name)) {
            add(DELETED.to_owned(), reuse(self.deleted_card(name, pods), self.before.card(name)));
        }
        groups.into_iter().map(|(title, cards)| self.group(title, cards)).collect()
    }

    /// The group before if it has the very same cards; they were compared already.
    fn group(&self, title: String, nodes: Vec<Rc<NodeCard>>) -> Rc<NodeGroup> {
        let same = |group: &&Rc<NodeGroup>| {
            group.nodes.len() == nodes.len() && group.nodes.iter().zip(&nodes).all(|(a, b)| Rc::ptr_eq(a, b))
        };
        match self.before.group(&title).filter(same) {
            Some(group) => Rc::clone(group),
            None => Rc::new(NodeGroup { title, nodes }),
        }
    }

    fn card(&self, node: &Node, used: &mut Used) -> NodeCard {
        let pods = self.bound.get(node.name()).map_or(&[][..], Vec::as_slice);
        let (state, state_message) = ready_state(node);
        let fault = self.world.fault(node.name());
        NodeCard {
            name: node.name().to_owned(),
            roles: node.roles().into_iter().map(str::to_owned).collect(),
            state,
            state_message,
            cordoned: node.spec.unschedulable,
            faulty: fault.is_some(),
            silent: state == NodeState::Ready && fault.is_some_and(Fault::freezes),
            deleted: false,
            troubles: troubles(node),
            labels: telling_labels(&node.metadata.labels),
            taints: node.spec.taints.iter().map(taint_chip).collect(),
            meters: meters(node, pods, used),
            pods: self.chips(node.name(), Some(node), pods),
            joined_at: node.metadata.creation_timestamp,
        }
    }

    /// What is left of a node whose object is gone.
    fn deleted_card(&self, name: &str, pods: &[&Rc<Pod>]) -> NodeCard {
        NodeCard {
            name: name.to_owned(),
            roles: Vec::new(),
            state: NodeState::Unknown,
            state_message: DELETED_MESSAGE.to_owned(),
            cordoned: false,
            faulty: self.world.fault(name).is_some(),
            silent: false,
            deleted: true,
            troubles: Vec::new(),
            labels: Vec::new(),
            taints: Vec::new(),
            meters: Vec::new(),
            pods: self.chips(name, None, pods),
            joined_at: pods.first().map(|pod| pod.metadata.creation_timestamp).unwrap_or_default(),
        }
    }

    fn chips(&self, name: &str, node: Option<&Node>, pods: &[&Rc<Pod>]) -> Vec<Rc<PodChip>> {
        let card = self.before.card(name);
        let chip = |pod: &&Rc<Pod>| {
            let before = self.before.chip(&pod.metadata.uid, card);
            let progress = self.world.progress(&pod.key());
            let pod = PodIn { pod, node, progress, now: self.world.now() };
            reuse(chip(&pod, self.owners, before.map(|chip| &**chip)), before)
        };
        pods.iter().map(chip).collect()
    }
}

/// Nodes in the board's order: group by group, by name within.
pub fn sorted(nodes: &Map<String, Rc<Node>>, grouping: Grouping) -> Vec<&Rc<Node>> {
    let mut sorted: Vec<&Rc<Node>> = nodes.values().collect();
    sort_by(&mut sorted, |a, b| {
        let by_group = match grouping {
            Grouping::Role => b.is_control_plane().cmp(&a.is_control_plane()),
            Grouping::Zone => match (zone(a), zone(b)) {
                (Some(a), Some(b)) => natural::compare(a, b).then_with(|| a.cmp(b)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
            Grouping::None => Ordering::Equal,
        };
        by_group.then_with(|| natural::compare(a.name(), b.name()))
    });
    sorted
}

/// The heading that a node stands under.
fn title(node: &Node, grouping: Grouping) -> String {
    match grouping {
        Grouping::Role => if node.is_control_plane() { CONTROL_PLANE } else { WORKERS }.to_owned(),
        Grouping::Zone => zone(node).map_or(NO_ZONE.to_owned(), |zone| format!("zone {zone}")),
        Grouping::None => ALL.to_owned(),
    }
}

fn zone(node: &Node) -> Option<&str> {
    node.metadata.labels.find(well_known::ZONE).map(String::as_str)
}

fn ready_state(node: &Node) -> (NodeState, String) {
    let state = match node.ready() {
        ConditionStatus::True => return (NodeState::Ready, String::new()),
        ConditionStatus::False => NodeState::NotReady,
        ConditionStatus::Unknown => NodeState::Unknown,
    };
    let ready = node.condition(NodeConditionType::Ready);
    (state, ready.map(|condition| condition.message.to_owned()).unwrap_or_default())
}

/// Pressure is trouble, and so is not to know of any.
fn troubles(node: &Node) -> Vec<String> {
    let conditions = node.status.conditions.iter().filter(|condition| condition.kind != NodeConditionType::Ready);
    let troubled = conditions.filter_map(|condition| match condition.status {
        ConditionStatus::True => Some(condition.kind.to_string()),
        ConditionStatus::Unknown => Some(format!("{}: unknown", condition.kind)),
        ConditionStatus::False => None,
    });
    troubled.collect()
}

fn taint_chip(taint: &crate::api::Taint) -> TaintChip {
    TaintChip { text: taint.to_string(), key: taint.key.clone(), effect: taint.effect }
}

/// Labels without those that every node has or that the card shows otherwise.
fn telling_labels(labels: &Labels) -> Vec<LabelChip> {
    let telling = labels.iter().filter(|(key, value)| !is_common(key, value));
    telling.map(|(key, value)| LabelChip { key: key.clone(), value: value.clone() }).collect()
}

fn is_common(key: &str, value: &str) -> bool {
    match key {
        well_known::OS => value == "linux",
        well_known::HOSTNAME
        | "kubernetes.io/arch"
        | "kubernetes.io/role"
        | "node.kubernetes.io/exclude-from-external-load-balancers" => true,
        _ => key.starts_with("beta.kubernetes.io/") || key.starts_with(well_known::ROLE_PREFIX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::NodeCondition;
    use crate::base::Time;

    #[test]
    fn labels_that_tell_nodes_apart() {
        let check = |labels: &[(&str, &str)], want: &str| {
            let labels: Labels = labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            let shown: Vec<String> = telling_labels(&labels).iter().map(|l| format!("{}={}", l.key, l.value)).collect();
            assert_eq!(shown.join(" "), want);
        };
        check(&[("kubernetes.io/hostname", "n1"), ("kubernetes.io/os", "linux"), ("kubernetes.io/arch", "arm64")], "");
        check(&[("kubernetes.io/os", "windows"), ("disk", "ssd")], "disk=ssd kubernetes.io/os=windows");
        check(&[("beta.kubernetes.io/os", "linux"), ("node-role.kubernetes.io/worker", "")], "");
        check(&[("topology.kubernetes.io/zone", "a")], "topology.kubernetes.io/zone=a");
    }

    #[test]
    fn control_plane_first_then_by_number() {
        let node = |name: &str| {
            let mut node = Node::default();
            node.metadata.name = name.to_owned();
            if name.starts_with('z') {
                node.metadata.labels_mut().insert(well_known::CONTROL_PLANE_ROLE.into(), String::new());
            }
            (name.to_owned(), Rc::new(node))
        };
        let nodes = Map::from(["worker-10", "worker-2", "z1", "a"].map(node));
        let names = |grouping| sorted(&nodes, grouping).iter().map(|node| node.name().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(Grouping::Role), ["z1", "a", "worker-2", "worker-10"]);
        assert_eq!(names(Grouping::None), ["a", "worker-2", "worker-10", "z1"]);
    }

    #[test]
    fn zones_in_order_and_those_without_one_last() {
        let node = |(name, zone): (&str, &str)| {
            let mut node = Node::default();
            node.metadata.name = name.to_owned();
            if !zone.is_empty() {
                node.metadata.labels_mut().insert(well_known::ZONE.into(), zone.to_owned());
            }
            (name.to_owned(), Rc::new(node))
        };
        let nodes = Map::from([("a", ""), ("b", "zone-10"), ("c", "zone-2"), ("d", "zone-10")].map(node));
        let groups: Vec<_> = sorted(&nodes, Grouping::Zone)
            .iter()
            .map(|node| format!("{} in {}", node.name(), title(node, Grouping::Zone)))
            .collect();
        assert_eq!(groups, ["c in zone zone-2", "b in zone zone-10", "d in zone zone-10", "a in no zone"]);
    }

    #[test]
    fn says_why_it_is_not_ready() {
        let mut node = Node::default();
        assert_eq!(ready_state(&node), (NodeState::Unknown, String::new()));
        let (kind, message) = (NodeConditionType::Ready, "Kubelet stopped posting node status.");
        let mut set = |status| {
            let reason = "";
            node.status.conditions =
                vec![NodeCondition { kind, status, reason, message, last_transition_time: Time(0) }];
            ready_state(&node)
        };
        assert_eq!(set(ConditionStatus::True), (NodeState::Ready, String::new()));
        assert_eq!(set(ConditionStatus::False), (NodeState::NotReady, message.to_owned()));
        assert_eq!(set(ConditionStatus::Unknown), (NodeState::Unknown, message.to_owned()));
    }
}
