//! What the person does to machines and their objects.

use super::super::intent::{Intent, NodePreset, Notice};
use super::super::nodes::{node_name, node_of};
use super::{node_text, perform};
use crate::api::{Node, Taint, TaintEffect};
use crate::rules::drain::DrainOptions;
use crate::sim::{Command, Fault, Rejection};
use crate::timeline::{MAX_NODES, Timeline};

/// Most machines that join at once.
const MAX_JOINING: usize = 500;

/// Most lines of what is said of several nodes.
const MAX_LINES: usize = 8;

/// What an intent comes to. Nothing of it is done yet.
#[derive(Default)]
struct Plan {
    commands: Vec<Command>,
    /// What is said when it is done, or why it is not.
    said: String,
    /// Something of it is not done.
    refused: bool,
}

impl Plan {
    fn of(command: Command, said: impl Into<String>) -> Plan {
        Plan { commands: vec![command], said: said.into(), refused: false }
    }

    /// There is nothing to do.
    fn done(said: impl Into<String>) -> Plan {
        Plan { said: said.into(), ..Plan::default() }
    }

    fn refused(said: impl Into<String>) -> Plan {
        Plan { said: said.into(), refused: true, ..Plan::default() }
    }

    fn perform(self, timeline: &mut Timeline) -> Notice {
        let Plan { commands, said, refused } = self;
        if commands.is_empty() {
            return if refused { Notice::refused(said) } else { Notice::done(said) };
        }
        let notice = perform(timeline, commands, said.as_str());
        if refused && notice.text == said { Notice::refused(said) } else { notice }
    }
}

/// Changes machines or their objects. Intents that are about neither are refused.
pub(super) fn act(timeline: &mut Timeline, intent: Intent) -> Notice {
    let plan = match intent {
        Intent::Each(intents) => each(timeline, intents),
        intent => plan(timeline, intent),
    };
    plan.perform(timeline)
}

/// As kubectl does with several names: each by itself, and a refusal for one keeps none of the
/// others. What is done is one act.
fn each(timeline: &Timeline, intents: Vec<Intent>) -> Plan {
    let mut whole = Plan::default();
    let mut lines = Vec::new();
    for plan in intents.into_iter().take(MAX_NODES).map(|intent| plan(timeline, intent)) {
        whole.commands.extend(plan.commands);
        whole.refused |= plan.refused;
        lines.extend(plan.said.lines().map(str::to_owned));
    }
    let more = lines.len().saturating_sub(MAX_LINES);
    // One that would be counted takes no less room itself.
    if more > 1 {
        lines.truncate(MAX_LINES);
        lines.push(format!("… and {more} more"));
    }
    whole.said = lines.join("\n");
    whole
}

fn plan(timeline: &Timeline, intent: Intent) -> Plan {
    match intent {
        Intent::AddNodes { preset, count } => add(timeline, preset, count),
        Intent::DeleteNode(name) => {
            let text = format!("node {name:?} deleted");
            Plan::of(Command::DeleteNode { name }, text)
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
            Plan::of(Command::BreakNode { name: node, fault }, text)
        }
        Intent::RepairNode(name) => {
            let text = format!("{name} works again");
            Plan::of(Command::RepairNode { name }, text)
        }
        _ => Plan::refused("This is not done to nodes"),
    }
}

fn add(timeline: &Timeline, preset: NodePreset, count: usize) -> Plan {
    if !(1..=MAX_JOINING).contains(&count) {
        return Plan::refused(format!("Add 1 to {MAX_JOINING} nodes at a time"));
    }
    let first = next_number(timeline, preset);
    let nodes = (first..first + count).map(|number| Command::AddNode { node: Box::new(node_of(preset, number)) });
    let said = if count == 1 {
        format!("{} joins", node_name(preset, first))
    } else {
        format!("{count} nodes join: {} to {}", node_name(preset, first), node_name(preset, first + count - 1))
    };
    Plan { commands: nodes.collect(), said, refused: false }
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

fn label(timeline: &Timeline, name: &str, key: &str, value: Option<String>) -> Plan {
    let Some(node) = stored(timeline, name) else {
        return not_found(name);
    };
    let refusal = match &value {
        Some(value) => node_text::check_label(name, key, value).err(),
        None if node.metadata.labels.contains_key(key) => None,
        None => Some(format!("label {key:?} not found.")),
    };
    if let Some(refusal) = refusal {
        return Plan::refused(refusal);
    }
    if value.is_some() && node.metadata.labels.get(key) == value.as_ref() {
        return Plan::done(format!("node/{name} not labeled"));
    }
    let done = if value.is_some() { "labeled" } else { "unlabeled" };
    let command = Command::LabelNode { name: name.to_owned(), key: key.to_owned(), value };
    Plan::of(command, format!("node/{name} {done}"))
}

fn add_taint(timeline: &Timeline, name: &str, taint: Taint) -> Plan {
    let Some(node) = stored(timeline, name) else {
        return not_found(name);
    };
    if let Err(refusal) = node_text::check_taint(&taint) {
        return Plan::refused(refusal);
    }
    if node.spec.taints.contains(&taint) {
        return Plan::refused(node_text::has_taint(name, &taint));
    }
    let done = if node.spec.taints.iter().any(|known| known.matches(&taint)) { "modified" } else { "tainted" };
    Plan::of(Command::TaintNode { name: name.to_owned(), taint }, format!("node/{name} {done}"))
}

fn remove_taint(timeline: &Timeline, name: String, key: String, effect: TaintEffect) -> Plan {
    let Some(node) = stored(timeline, &name) else {
        return not_found(&name);
    };
    if !node.spec.taints.iter().any(|known| known.key == key && known.effect == effect) {
        return Plan::refused(format!("error: taint \"{key}:{effect}\" not found"));
    }
    let text = format!("node/{name} untainted");
    Plan::of(Command::UntaintNode { name, key, effect: Some(effect) }, text)
}

fn edit(timeline: &Timeline, name: &str, text: &str) -> Plan {
    let Some(node) = stored(timeline, name) else {
        return not_found(name);
    };
    match node_text::read(node, text) {
        Err(refusal) => Plan::refused(refusal),
        Ok(edits) => Plan { commands: edits.commands, said: edits.said.join("\n"), refused: false },
    }
}

fn cordon(timeline: &Timeline, name: String, unschedulable: bool) -> Plan {
    let Some(node) = stored(timeline, &name) else {
        return not_found(&name);
    };
    let done = if unschedulable { "cordoned" } else { "uncordoned" };
    if node.spec.unschedulable == unschedulable {
        return Plan::done(format!("node/{name} already {done}"));
    }
    let text = format!("node/{name} {done}");
    Plan::of(Command::CordonNode { name, unschedulable }, text)
}

/// Says what kubectl prints up to the evictions; they take their time.
fn drain(timeline: &Timeline, name: String, options: DrainOptions) -> Plan {
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
    let refused = !drain.refusals.is_empty();
    // The cordon of a drain that is refused is done all the same, where it is still to be done.
    let commands = if refused && !already.is_empty() { Vec::new() } else { vec![Command::DrainNode { name, options }] };
    Plan { commands, said: lines.join("\n"), refused }
}

fn stored<'a>(timeline: &'a Timeline, name: &str) -> Option<&'a Node> {
    timeline.world().store().nodes.get(name).map(|node| &**node)
}

fn not_found(name: &str) -> Plan {
    Plan::refused(Rejection::not_found("nodes", name).message)
}
