//! Everything on the board in words: for those who listen to the page, and for copying. The
//! order is the board's.

use super::describe::pod_text;
use super::frame::{Frame, NodeCard, WorkloadCard};

/// A heading and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// What is said there.
    pub entries: Vec<Entry>,
}

/// Something on the board, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Itself.
    pub text: String,
    /// What it holds: the pods of a node.
    pub parts: Vec<String>,
}

impl Entry {
    fn of(text: String) -> Entry {
        Entry { text, parts: Vec::new() }
    }
}

/// The board in words.
#[must_use]
pub fn sections(frame: &Frame) -> Vec<Section> {
    let workloads = frame.workloads.iter().map(|card| Entry::of(workload(card)));
    let lane = frame.lane.iter().map(|chip| {
        let aim = if chip.node.is_empty() { String::new() } else { format!(", meant for {}", chip.node) };
        Entry::of(pod_text(chip) + &aim)
    });
    let mut sections = vec![
        Section { title: "DaemonSets".to_owned(), entries: workloads.collect() },
        Section { title: "Pods that wait for a node".to_owned(), entries: lane.collect() },
    ];
    sections.extend(frame.groups.iter().map(|group| {
        Section {
            title: format!("Nodes: {}", group.title),
            entries: group
                .nodes
                .iter()
                .map(|card| Entry { text: node(card), parts: card.pods.iter().map(|chip| pod_text(chip)).collect() })
                .collect(),
        }
    }));
    sections
}

/// Sections as one text.
#[must_use]
pub fn plain(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        out.push_str(&section.title);
        out.push('\n');
        if section.entries.is_empty() {
            out.push_str("  none\n");
        }
        for entry in &section.entries {
            for (indent, line) in [("  ", &entry.text)].into_iter().chain(entry.parts.iter().map(|part| ("    ", part)))
            {
                out.push_str(indent);
                out.push_str(line);
                out.push('\n');
            }
        }
        out.push('\n');
    }
    out
}

fn workload(card: &WorkloadCard) -> String {
    let columns = &card.columns;
    let mut text = format!(
        "{}, {}, on {}: desired {}, current {}, ready {}, up-to-date {}, available {}, misscheduled {}",
        card.key,
        card.image,
        card.placement,
        columns.desired,
        columns.current,
        columns.ready,
        columns.up_to_date,
        columns.available,
        columns.misscheduled
    );
    let states = [
        (card.rolling_out, "; a rollout is under way"),
        (card.fresh.is_some(), "; these numbers are behind what the rules say now"),
        (card.deleting, "; it is being deleted"),
    ];
    for (_, words) in states.into_iter().filter(|(is_so, _)| *is_so) {
        text.push_str(words);
    }
    text
}

fn node(card: &NodeCard) -> String {
    let mut text = format!("{}: {}", card.name, card.state_word());
    let states = [
        (card.cordoned, ", SchedulingDisabled"),
        (card.silent, ", but silent: the machine is broken, and the API does not know yet"),
    ];
    for (_, words) in states.into_iter().filter(|(is_so, _)| *is_so) {
        text.push_str(words);
    }
    let mut list = |what: &str, items: &mut dyn Iterator<Item = String>| {
        for (at, item) in items.enumerate() {
            text.push_str(if at == 0 { what } else { ", " });
            text.push_str(&item);
        }
    };
    list("; conditions ", &mut card.troubles.iter().cloned());
    list("; labels ", &mut card.labels.iter().map(|label| format!("{}={}", label.key, label.value)));
    list("; taints ", &mut card.taints.iter().map(|taint| taint.text.clone()));
    list("; requested ", &mut card.meters.iter().map(|meter| format!("{} {}", meter.resource, meter.text)));
    if card.pods.is_empty() {
        text.push_str("; no pods");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;
    use crate::view::{LabelChip, NodeGroup, NodeState};
    use std::rc::Rc;

    #[test]
    fn what_is_not_there_is_said_too() {
        let card = NodeCard {
            name: "worker-1".to_owned(),
            roles: Vec::new(),
            state: NodeState::Unknown,
            state_message: String::new(),
            cordoned: true,
            faulty: true,
            silent: false,
            deleted: false,
            troubles: Vec::new(),
            labels: ["a", "b"].map(|key| LabelChip { key: key.to_owned(), value: "1".to_owned() }).to_vec(),
            taints: Vec::new(),
            meters: Vec::new(),
            pods: Vec::new(),
            joined_at: Time::ZERO,
        };
        let groups = vec![Rc::new(NodeGroup { title: "workers".to_owned(), nodes: vec![Rc::new(card)] })];
        let text = plain(&sections(&Frame { groups, ..Frame::default() }));
        assert_eq!(
            text,
            "DaemonSets\n  none\n\nPods that wait for a node\n  none\n\n\
             Nodes: workers\n  worker-1: NotReady, SchedulingDisabled; labels a=1, b=1; no pods\n\n"
        );
    }
}
