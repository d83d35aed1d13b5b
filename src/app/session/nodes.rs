//! What the person does to machines and their objects.

use super::super::intent::{Intent, NodePreset, Notice};
use super::super::nodes::{node_name, node_of};
use super::{node_text, perform};
use crate::api::{Node, Taint, TaintEffect};
use crate::rules::drain::DrainOptions;
use crate::sim::{Command, Fault, Rejection};
use crate::timeline::Timeline;

/// Most machines that join at once.
const MAX_JOINING: usize = 500;

/// Changes a machine or its object. Intents that are about neither are refused.
pub(super) fn act(timeline: &mut Timeline, intent: Intent) -> Notice {
    match intent {
        Intent::AddNodes { preset, count } => add(timeline, preset, count),
        Intent::DeleteNode(name) => {
            let text = format!("node {name:?} deleted");
            perform(timeline, vec![Command::DeleteNode { name }], text)
        }
        Intent::LabelNode { node, key, value } => label(timeline, &node, &key, value),
        Intent::TaintNode { node, taint } => add_taint(timeline, &node, taint),
        Intent::UntaintNode { node, key, effect } => remove_taint(timeline, node, key, effect),
        Intent::EditNode { node, text } => edit(timeline, &node, &text),
        Intent::CordonNode { node, unschedulable } => cordon(timeline, node, unschedulable),
        Intent::DrainNode { node, options } => drain(timeline, node, options),
        Intent::BreakNode { node, fault } => {
            let text = match fault {
                Fault::Unreachable => format!("{node} no longer answers"),
                Fault::NotReady => format!("{node}: its kubelet is not ready"),
                fault => fault.condition().map(|kind| format!("{node}: {kind}")).unwrap_or_default(),
            };
            perform(timeline, vec![Command::BreakNode { name: node, fault }], text)
        }
        Intent::RepairNode(name) => {
            let text = format!("{name} works again");
            perform(timeline, vec![Command::RepairNode { name }], text)
        }
        _ => Notice::refused("This is not done to nodes"),
    }
}

fn add(timeline: &mut Timeline, preset: NodePreset, count: usize) -> Notice {
    if !(1..=MAX_JOINING).contains(&count) {
        return Notice::refused(format!("Add 1 to {MAX_JOINING} nodes at a time"));
    }
    let first = next_number(timeline, preset);
    let nodes = (first..first + count).map(|number| Command::AddNode { node: Box::new(node_of(preset, number)) });
    let text = if count == 1 {
        format!("{} joins", node_name(preset, first))
    } else {
        format!("{count} nodes join: {} to {}", node_name(preset, first), node_name(preset, first + count - 1))
    };
    let commands = nodes.collect();
    perform(timeline, commands, text)
}

/// The number behind the highest that a machine of this kind ever had up to now: the name of
/// a machine that is gone is not given to another, whose pods would look like its.
fn next_number(timeline: &Timeline, preset: NodePreset) -> usize {
    let zero = node_name(preset, 0);
    let prefix = zero.strip_suffix('0').unwrap_or(&zero);
    let scenario = timeline.scenario();
    let earlier = scenario.inputs.iter().take_while(|input| input.at <= timeline.now());
    let joined = earlier.filter_map(|input| match &input.command {
        Command::AddNode { node } | Command::ApplyNode { node } => Some(node.name()),
        _ => None,
    });
    let names = scenario.nodes.iter().map(Node::name).chain(joined);
    // A number of seven digits is somebody's own name, not one of a row.
    let numbers = names.filter_map(|name| name.strip_prefix(prefix)?.parse::<usize>().ok()).filter(|n| *n < 1_000_000);
    numbers.max().unwrap_or(0) + 1
}

fn label(timeline: &mut Timeline, name: &str, key: &str, value: Option<String>) -> Notice {
    let Some(node) = stored(timeline, name) else {
        return not_found(name);
    };
    let refusal = match &value {
        Some(value) => node_text::check_label(name, key, value).err(),
        None if node.metadata.labels.contains_key(key) => None,
        None => Some(format!("label {key:?} not found.")),
    };
    if let Some(refusal) = refusal {
        return Notice::refused(refusal);
    }
    if value.is_some() && node.metadata.labels.get(key) == value.as_ref() {
        return Notice::done(format!("node/{name} not labeled"));
    }
    let done = if value.is_some() { "labeled" } else { "unlabeled" };
    let command = Command::LabelNode { name: name.to_owned(), key: key.to_owned(), value };
    perform(timeline, vec![command], format!("node/{name} {done}"))
}

fn add_taint(timeline: &mut Timeline, name: &str, taint: Taint) -> Notice {
    let Some(node) = stored(timeline, name) else {
        return not_found(name);
    };
    if let Err(refusal) = node_text::check_taint(&taint) {
        return Notice::refused(refusal);
    }
    if node.spec.taints.contains(&taint) {
        return Notice::refused(node_text::has_taint(name, &taint));
    }
    let done = if node.spec.taints.iter().any(|known| known.matches(&taint)) { "modified" } else { "tainted" };
    perform(timeline, vec![Command::TaintNode { name: name.to_owned(), taint }], format!("node/{name} {done}"))
}

fn remove_taint(timeline: &mut Timeline, name: String, key: String, effect: TaintEffect) -> Notice {
    let Some(node) = stored(timeline, &name) else {
        return not_found(&name);
    };
    if !node.spec.taints.iter().any(|known| known.key == key && known.effect == effect) {
        return Notice::refused(format!("error: taint \"{key}:{effect}\" not found"));
    }
    let text = format!("node/{name} untainted");
    perform(timeline, vec![Command::UntaintNode { name, key, effect: Some(effect) }], text)
}

fn edit(timeline: &mut Timeline, name: &str, text: &str) -> Notice {
    let Some(node) = stored(timeline, name) else {
        return not_found(name);
    };
    match node_text::read(node, text) {
        Err(refusal) => Notice::refused(refusal),
        Ok(edits) => perform(timeline, edits.commands, edits.said.join("\n")),
    }
}

fn cordon(timeline: &mut Timeline, name: String, unschedulable: bool) -> Notice {
    let Some(node) = stored(timeline, &name) else {
        return not_found(&name);
    };
    let done = if unschedulable { "cordoned" } else { "uncordoned" };
    if node.spec.unschedulable == unschedulable {
        return Notice::done(format!("node/{name} already {done}"));
    }
    let text = format!("node/{name} {done}");
    perform(timeline, vec![Command::CordonNode { name, unschedulable }], text)
}

/// Says what kubectl prints up to the evictions; they take their time.
fn drain(timeline: &mut Timeline, name: String, options: DrainOptions) -> Notice {
    let Some(node) = stored(timeline, &name) else {
        return not_found(&name);
    };
    let already = if node.spec.unschedulable { "already " } else { "" };
    let drain = timeline.world().drain(&name, &options);
    let mut lines = vec![format!("node/{name} {already}cordoned"), drain.warning(), drain.error(&name)];
    if drain.refusals.is_empty() {
        lines.extend(drain.evict.iter().map(|pod| format!("evicting pod {pod}")));
    }
    lines.retain(|line| !line.is_empty());
    let done = perform(timeline, vec![Command::DrainNode { name, options }], lines.join("\n"));
    if drain.refusals.is_empty() { done } else { Notice::refused(lines.join("\n")) }
}

fn stored<'a>(timeline: &'a Timeline, name: &str) -> Option<&'a Node> {
    timeline.world().store().nodes.get(name).map(|node| &**node)
}

fn not_found(name: &str) -> Notice {
    Notice::refused(Rejection::not_found("nodes", name).message)
}
