//! What can be done to a node at once: in its menu, and by the palette of commands.

use crate::api::{Taint, TaintEffect};
use crate::app::Intent;
use crate::rules::drain::DrainOptions;
use crate::sim::Fault;
use crate::view::NodeCard;

/// Something that can be done.
pub(in crate::ui) struct Act {
    /// Its name.
    pub title: String,
    /// What comes of it, where the name does not say.
    pub what: &'static str,
    /// The wish.
    pub intent: Intent,
}

/// What can be done to the node, in groups.
pub(in crate::ui) fn acts(card: &NodeCard) -> [Vec<Act>; 4] {
    let node = || card.name.clone();
    let act = |title: String, what, intent| Act { title, what, intent };
    let taints = [TaintEffect::NoSchedule, TaintEffect::NoExecute].map(|effect| {
        let taint = Taint { key: "dedicated".to_owned(), value: "infra".to_owned(), effect };
        act(format!("Taint {taint}"), "", Intent::TaintNode { node: node(), taint })
    });
    let cordon = if card.cordoned { "Uncordon" } else { "Cordon" };
    let drain = |options| Intent::DrainNode { node: node(), options };
    let ignoring = DrainOptions { ignore_daemonsets: true, ..DrainOptions::default() };
    let placing = vec![
        act(cordon.to_owned(), "", Intent::CordonNode { node: node(), unschedulable: !card.cordoned }),
        act("Drain".to_owned(), "refuses where daemon pods run", drain(DrainOptions::default())),
        act("Drain --ignore-daemonsets".to_owned(), "they stay", drain(ignoring)),
    ];
    let machine = if card.faulty {
        vec![act("Repair".to_owned(), "", Intent::RepairNode(node()))]
    } else {
        let faults = [
            (Fault::Unreachable, "Break: unreachable", "no more heartbeats"),
            (Fault::NotReady, "Break: NotReady", "its kubelet reports it"),
            (Fault::DiskPressure, "Break: disk pressure", "no new pods; its kubelet evicts"),
            (Fault::MemoryPressure, "Break: memory pressure", "no best-effort pods; it evicts"),
        ];
        faults.map(|(fault, title, what)| act(title.to_owned(), what, Intent::BreakNode { node: node(), fault })).into()
    };
    let delete = vec![act("Delete node".to_owned(), "", Intent::DeleteNode(node()))];
    [taints.into(), placing, machine, delete]
}
