//! What can be done to nodes at once: in their menu, and by the palette of commands.

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

/// Which nodes something can be done to.
type Which = fn(&NodeCard) -> bool;

/// What can be done to the nodes, in groups; each act to those that it makes sense for.
pub(in crate::ui) fn acts(cards: &[&NodeCard]) -> [Vec<Act>; 4] {
    let all: Which = |_| true;
    let act = |title: String, what, which: Which, of: &dyn Fn(String) -> Intent| {
        let names = cards.iter().filter(|card| which(card)).map(|card| card.name.as_str());
        let some = names.clone().next().is_some();
        some.then(|| Act { title, what, intent: Intent::for_each(names, of) })
    };
    let taints = [TaintEffect::NoSchedule, TaintEffect::NoExecute].map(|effect| {
        let taint = Taint { key: "dedicated".to_owned(), value: "infra".to_owned(), effect };
        act(format!("Taint {taint}"), "", all, &|node| Intent::TaintNode { node, taint: taint.clone() })
    });
    let cordon = |unschedulable| move |node| Intent::CordonNode { node, unschedulable };
    let drain = |options: DrainOptions| move |node| Intent::DrainNode { node, options };
    let ignoring = DrainOptions { ignore_daemonsets: true, ..DrainOptions::default() };
    let placing = [
        act("Cordon".to_owned(), "", |card| !card.cordoned, &cordon(true)),
        act("Uncordon".to_owned(), "", |card| card.cordoned, &cordon(false)),
        act("Drain".to_owned(), "refuses where daemon pods run", all, &drain(DrainOptions::default())),
        act("Drain --ignore-daemonsets".to_owned(), "they stay", all, &drain(ignoring)),
    ];
    let faults = [
        (Fault::Unreachable, "Break: unreachable", "no more heartbeats"),
        (Fault::NotReady, "Break: NotReady", "its kubelet reports it"),
        (Fault::DiskPressure, "Break: disk pressure", "no new pods; its kubelet evicts"),
        (Fault::MemoryPressure, "Break: memory pressure", "no best-effort pods; it evicts"),
    ];
    let broken = faults.map(|(fault, title, what)| {
        act(title.to_owned(), what, |card| !card.faulty, &|node| Intent::BreakNode { node, fault })
    });
    let repair = act("Repair".to_owned(), "", |card| card.faulty, &Intent::RepairNode);
    let delete =
        act(format!("Delete {}", if cards.len() > 1 { "nodes" } else { "node" }), "", all, &Intent::DeleteNode);
    [
        taints.into_iter().flatten().collect(),
        placing.into_iter().flatten().collect(),
        broken.into_iter().chain([repair]).flatten().collect(),
        delete.into_iter().collect(),
    ]
}
