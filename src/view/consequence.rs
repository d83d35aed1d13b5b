//! What would come of a label or taint on nodes: which pods would go, come or stay, by the very
//! rules that the controllers call. Nothing is simulated, and nothing is changed.

use crate::api::{Node, Pod};
use crate::base::Map;
use crate::rules::eviction::{self, Eviction};
use crate::rules::placement::remedy::Edit;
use crate::rules::placement::{Placement, should_run};
use crate::sim::World;
use std::rc::Rc;

/// Nodes that a line names; more are counted.
const NAMED_MAX: usize = 3;

/// What would become of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It goes.
    Goes,
    /// One comes that is not there.
    Comes,
    /// It stays, and no new one would come.
    Stays,
}

/// What would come of an edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consequence {
    /// In words, what goes first.
    pub lines: Vec<(Change, String)>,
}

/// What would come of editing these nodes.
#[must_use]
pub fn consequence(world: &World, nodes: &[&str], edit: &Edit) -> Consequence {
    let store = world.store();
    let mut changes: Map<(Change, String), Vec<&str>> = Map::new();
    let mut differs = false;
    for node in nodes.iter().filter_map(|name| store.nodes.get(*name)) {
        let mut after = Node::clone(node);
        edit.edit_node(&mut after);
        if after.metadata.labels == node.metadata.labels && after.spec.taints == node.spec.taints {
            continue;
        }
        differs = true;
        let mut note = |change, what| changes.entry((change, what)).or_default().push(node.name());
        let here: Vec<&Rc<Pod>> = store.pods_on(node.name()).filter(|pod| !pod.is_deleting()).collect();
        for daemon_set in store.daemon_sets.values() {
            let placement = Placement::of(daemon_set);
            let (was, is) = (should_run(&placement, node), should_run(&placement, &after));
            let there = here.iter().any(|pod| pod.metadata.is_controlled_by(&daemon_set.metadata.uid));
            let change = match (there, is.should_run, is.should_continue_running) {
                (true, _, false) if was.should_continue_running => Change::Goes,
                (true, false, true) if was.should_run => Change::Stays,
                (false, true, _) if !was.should_run => Change::Comes,
                _ => continue,
            };
            note(change, daemon_set.metadata.name.clone());
        }
        let is_daemon = |pod: &Pod| {
            store.daemon_sets.values().any(|daemon_set| pod.metadata.is_controlled_by(&daemon_set.metadata.uid))
        };
        for pod in here.iter().filter(|pod| !is_daemon(pod)) {
            let fate = |node: &Node| eviction::decide(&node.spec.taints, &pod.spec.tolerations);
            match (fate(node), fate(&after)) {
                (was, is) if was == is => {}
                (_, Eviction::Never) => {}
                (_, Eviction::Now | Eviction::After(_)) => note(Change::Goes, pod.metadata.name.clone()),
            }
        }
    }
    let mut lines: Vec<_> =
        changes.iter().map(|((change, what), nodes)| (*change, words(*change, what, nodes))).collect();
    if lines.is_empty() {
        let text = if differs { "no pod would come or go" } else { "it is there already" };
        lines.push((Change::Stays, text.to_owned()));
    }
    Consequence { lines }
}

fn words(change: Change, what: &str, nodes: &[&str]) -> String {
    let where_to = match nodes.len() {
        0..=NAMED_MAX => nodes.join(", "),
        more => format!("{more} nodes"),
    };
    match change {
        Change::Goes => format!("{what} would go from {where_to}"),
        Change::Comes => format!("{what} would come to {where_to}"),
        Change::Stays => format!("{what} would stay on {where_to}, and no new pod of it would come"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{DaemonSet, Taint, TaintEffect, manifest};
    use crate::base::Time;
    use crate::sim::{Command, Knobs};

    fn world() -> World {
        let text = "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: NAME}, spec: {selector: {matchLabels: {a: b}}, \
                    template: {metadata: {labels: {a: b}}, spec: {SPEC, containers: [{name: c, image: nginx}]}}}}";
        let read = |name: &str, spec: &str| -> Box<DaemonSet> {
            manifest::read(&text.replace("NAME", name).replace("SPEC", spec)).into_daemon_set().unwrap()
        };
        let node = |name: &str| {
            let mut node = Node::default();
            node.metadata.name = name.to_owned();
            node
        };
        let mut world = World::new(1, Knobs::default(), vec![node("a"), node("b")]);
        for (name, spec) in [("plain", "nodeSelector: {}"), ("fast", "nodeSelector: {disk: ssd}")] {
            world.apply(&Command::ApplyDaemonSet { daemon_set: read(name, spec) }).unwrap();
        }
        while world.next_wakeup().is_some_and(|at| at < Time(60_000)) {
            world.step();
        }
        world
    }

    #[track_caller]
    fn check(nodes: &[&str], edit: Edit, want: &[(Change, &str)]) {
        let lines = consequence(&world(), nodes, &edit).lines;
        let lines: Vec<_> = lines.iter().map(|(change, text)| (*change, text.as_str())).collect();
        assert_eq!(lines, want);
    }

    #[test]
    fn pods_go_come_and_stay() {
        let taint = |effect| Edit::Taint(Taint { key: "dedicated".into(), value: "infra".into(), effect });
        let label = |key: &str| Edit::Label { key: key.into(), value: Some("ssd".into()) };
        check(&["a", "b"], taint(TaintEffect::NoExecute), &[(Change::Goes, "plain would go from a, b")]);
        check(
            &["a"],
            taint(TaintEffect::NoSchedule),
            &[(Change::Stays, "plain would stay on a, and no new pod of it would come")],
        );
        check(&["b"], label("disk"), &[(Change::Comes, "fast would come to b")]);
        check(&["b", "nobody"], label("size"), &[(Change::Stays, "no pod would come or go")]);
        check(&["nobody"], label("disk"), &[(Change::Stays, "it is there already")]);
    }
}
