//! One moment of two futures, side by side: what kubectl would show of each, and what is not the
//! same.

use crate::api::{ConditionStatus, DaemonSetStatus, Node, Pod};
use crate::base::{Time, sort_by};
use crate::rules::pod_row;
use crate::sim::World;
use std::rc::Rc;

/// Most nodes that are told of; beyond, they are counted.
const MAX_NODES: usize = 40;

/// Two worlds at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The moment.
    pub at: Time,
    /// What is counted: nodes and pods, and the columns of DaemonSets that are not the same.
    pub rows: Vec<Row>,
    /// Nodes that are not the same, at most forty.
    pub nodes: Vec<Row>,
    /// How many more of them there are.
    pub more: usize,
}

/// Something of both worlds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What.
    pub what: String,
    /// As it is here.
    pub here: String,
    /// As it is there.
    pub there: String,
}

impl Row {
    fn new(what: impl Into<String>, here: String, there: String) -> Row {
        Row { what: what.into(), here, there }
    }

    /// Whether it is not the same.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.here != self.there
    }
}

/// Compares two worlds.
#[must_use]
pub fn compare(here: &World, there: &World) -> Beside {
    let both = [here, there];
    let row = |what: &str, of: &dyn Fn(&World) -> String| {
        let [here, there] = both.map(of);
        Row::new(what, here, there)
    };
    let mut rows = vec![row("Nodes", &nodes_of), row("Pods", &pods_of)];
    for key in in_either(both, |world| world.store().daemon_sets.keys().collect()) {
        for (column, count) in COLUMNS {
            let of = |world: &World| {
                let daemon_set = world.store().daemon_sets.get(key);
                daemon_set.map_or_else(|| NONE.to_owned(), |daemon_set| count(&daemon_set.status).to_string())
            };
            rows.extend(Some(row(&format!("{key} {column}"), &of)).filter(Row::differs));
        }
    }
    let state = |world: &World, name: &String| world.store().nodes.get(name).map(|node| state_of(world, node));
    let names = in_either(both, |world| world.store().nodes.keys().collect());
    let [mut nodes, mut more] = [Vec::new(), Vec::new()];
    for name in names {
        let [here, there] = both.map(|world| state(world, name));
        if here != there {
            let [here, there] = [here, there].map(|state| state.unwrap_or_else(|| NONE.to_owned()));
            if nodes.len() < MAX_NODES { &mut nodes } else { &mut more }.push(Row::new(name, here, there));
        }
    }
    Beside { at: here.now(), rows, nodes, more: more.len() }
}

/// What is said of something that is only in the other.
const NONE: &str = "none";

type Column = (&'static str, fn(&DaemonSetStatus) -> i32);

/// The columns of a DaemonSet as they are stored.
const COLUMNS: [Column; 5] = [
    ("DESIRED", |status| status.desired_number_scheduled),
    ("CURRENT", |status| status.current_number_scheduled),
    ("READY", |status| status.number_ready),
    ("UP-TO-DATE", |status| status.updated_number_scheduled),
    ("AVAILABLE", |status| status.number_available),
];

/// What is in one of two worlds or in both, in order.
fn in_either<'a, T: Ord>(worlds: [&'a World; 2], of: impl Fn(&'a World) -> Vec<&'a T>) -> Vec<&'a T> {
    let [mut all, others] = worlds.map(of);
    for other in others {
        if let Err(at) = all.binary_search(&other) {
            all.insert(at, other);
        }
    }
    all
}

fn nodes_of(world: &World) -> String {
    let nodes = &world.store().nodes;
    let ready = nodes.values().filter(|node| node.ready() == ConditionStatus::True).count();
    format!("{}, {ready} Ready", nodes.len())
}

fn pods_of(world: &World) -> String {
    let pods = &world.store().pods;
    let ready = pods.values().filter(|pod| pod.is_ready()).count();
    format!("{}, {ready} ready", pods.len())
}

/// A node and the pods on it in words. Pods are told by who owns them: their own names differ in
/// every future.
fn state_of(world: &World, node: &Node) -> String {
    let mut parts = vec![if node.ready() == ConditionStatus::True { "Ready" } else { "NotReady" }.to_owned()];
    if node.spec.unschedulable {
        parts.push("SchedulingDisabled".to_owned());
    }
    parts.extend(node.spec.taints.iter().map(ToString::to_string));
    let mut pods: Vec<String> = world.store().pods_on(node.name()).map(pod_of).collect();
    sort_by(&mut pods, String::cmp);
    if pods.is_empty() {
        pods.push("no pods".to_owned());
    }
    format!("{}: {}", parts.join(", "), pods.join(", "))
}

fn pod_of(pod: &Rc<Pod>) -> String {
    let name = pod.metadata.controller().map_or(&pod.metadata.name, |owner| &owner.name);
    let status = if pod.is_deleting() { "Terminating".to_owned() } else { pod_row::row(&pod.spec, &pod.status).status };
    let image = pod.spec.containers.first().map_or("", |container| container.image.as_str());
    format!("{name} ({image}) {status}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Command, Knobs};

    fn world(names: &[&str]) -> World {
        let nodes = names.iter().map(|name| {
            let mut node = Node::default();
            node.metadata.name = (*name).to_owned();
            node
        });
        World::new(1, Knobs::default(), nodes.collect())
    }

    fn check(rows: &[Row], want: &[(&str, &str, &str)]) {
        let rows: Vec<_> = rows.iter().map(|row| (row.what.as_str(), row.here.as_str(), row.there.as_str())).collect();
        assert_eq!(rows, want);
    }

    #[test]
    fn tells_what_is_not_the_same() {
        let (here, mut there) = (world(&["a", "b", "d"]), world(&["b", "c", "d"]));
        there.apply(&Command::CordonNode { name: "b".to_owned(), unschedulable: true }).unwrap();
        let beside = compare(&here, &there);
        assert!(!beside.rows[0].differs() && !beside.rows[1].differs());
        check(
            &beside.nodes,
            &[
                ("a", "Ready: no pods", "none"),
                ("b", "Ready: no pods", "Ready, SchedulingDisabled: no pods"),
                ("c", "none", "Ready: no pods"),
            ],
        );
    }

    #[test]
    fn columns_of_a_daemon_set_that_only_one_has() {
        let (here, mut there) = (world(&["a"]), world(&["a"]));
        let text = "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: x}, spec: {selector: {matchLabels: {a: b}}, \
                    template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: nginx}]}}}}";
        let daemon_set = crate::api::manifest::read(text).into_daemon_set().unwrap();
        there.apply(&Command::ApplyDaemonSet { daemon_set }).unwrap();
        while there.next_wakeup().is_some() {
            there.step();
        }
        let beside = compare(&here, &there);
        check(
            &beside.rows[1..4],
            &[
                ("Pods", "0, 0 ready", "1, 1 ready"),
                ("default/x DESIRED", "none", "1"),
                ("default/x CURRENT", "none", "1"),
            ],
        );
        check(&beside.nodes, &[("a", "Ready: no pods", "Ready: x (nginx) Running")]);
    }
}
