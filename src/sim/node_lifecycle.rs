//! The node lifecycle controller: finds out that nodes are sick, and taints them.
//!
//! Upstream: `pkg/controller/nodelifecycle/node_lifecycle_controller.go`.
//! Models: the kubelet's conditions Unknown after the grace period without a lease, and the
//! pods of such a node marked not ready; the NoSchedule taints of conditions and cordon at
//! once; the NoExecute ones of not-ready and unreachable after the round of the monitor that
//! finds the node so, one node of a zone in ten seconds, fewer or none in a zone where most
//! are sick, and none at all while no node works; RegisteredNode, RemovingNode and
//! NodeNotReady.
//! Simplifies: leases are not objects: the round that would miss one is worked out
//! beforehand; a node is registered as it joins; of nodes that wait for their zone's rate the
//! first that was found goes first.
//! Leaves out: nodes excluded from the count of their zone, labels that it reconciles.

mod zones;

use self::zones::Zones;
use super::commit::set_condition;
use super::faults::TRIES;
use super::notice::{Change, Context, Notice, Out, Turn, Write};
use crate::api::{ConditionStatus, Key, Node, ObjectRef, PodConditionType, Taint, TaintEffect, well_known};
use crate::base::{Millis, Set, Time};
use crate::rules::node_conditions::{REPORTED, no_execute_key, no_schedule_changes, unknown};

/// Period in which nodes that wait for their NoExecute taint are looked at.
const TAINTING_PERIOD_MS: Millis = 100;

/// Between two tries to change the taints of a node (`UpdateTaintBackoff`).
const TAINT_RETRY_MS: Millis = 100;

/// What the controller is told of a silence: when the last lease was renewed, and a stamp
/// that tells this silence from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Silence {
    pub last_renewal: Time,
    pub stamp: u64,
}

/// The controller's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct NodeLifecycle {
    /// Nodes that the next round will look at.
    to_monitor: Set<String>,
    /// Nodes that are gone, which the next round will notice.
    leaving: Set<String>,
    /// Nodes that wait for a NoExecute taint.
    to_taint: Set<String>,
    zones: Zones,
}

impl NodeLifecycle {
    /// Works out the round that misses a lease, and asks for a turn then.
    pub fn expect_silence(&mut self, context: &Context<'_>, node: &str, silence: Silence, out: &mut Out) {
        let overdue_at = silence.last_renewal + context.knobs.node_monitor_grace_period_ms;
        let round = next_round(overdue_at, context.knobs.node_monitor_period_ms);
        let turn = Turn::MissLeases { node: node.to_owned(), stamp: silence.stamp };
        out.turn_after(round.since(context.now), turn);
    }

    /// Handlers of the controller's informers.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        let Notice::Node(change @ Change { old, new }) = notice else {
            return;
        };
        let Some(name) = change.latest().map(|node| node.name()) else {
            return;
        };
        let Some(node) = context.store.nodes.get(name) else {
            if new.is_none() {
                self.leaving.insert(name.to_owned());
                self.monitor(context, name, out);
            }
            return;
        };
        // One that goes and comes back between two rounds was never away.
        if old.is_none() && !self.leaving.remove(name) {
            let message = format!("Node {name} event: Registered Node {name} in Controller");
            out.normal(ObjectRef::node(name), "RegisteredNode", message);
        }
        let (add, remove) = no_schedule_changes(node);
        if !add.is_empty() || !remove.is_empty() {
            set_taints(name, add, remove, out);
        }
        if no_execute_key(node.ready()) != has_no_execute(node) || self.zones.is_any_disrupted() {
            self.monitor(context, name, out);
        }
    }

    /// Has a node looked at in the next round.
    fn monitor(&mut self, context: &Context<'_>, name: &str, out: &mut Out) {
        if self.to_monitor.insert(name.to_owned()) {
            let round = next_round(context.now, context.knobs.node_monitor_period_ms);
            out.turn_after(round.since(context.now), Turn::MonitorNode(name.to_owned()));
        }
    }

    /// A node's turn in a round of the monitor, or in one of the tainting.
    pub fn turn(
        &mut self,
        context: &Context<'_>,
        turn: &Turn,
        silence_of: &dyn Fn(&str) -> Option<Silence>,
        out: &mut Out,
    ) {
        match turn {
            Turn::MissLeases { node, stamp } if silence_of(node).is_some_and(|silence| silence.stamp == *stamp) => {
                if let Some(node) = context.store.nodes.get(node) {
                    if out.refusals() >= TRIES {
                        out.turn_after(context.knobs.node_monitor_period_ms, turn.clone());
                        return;
                    }
                    report_unknown(context, node, *stamp, out);
                    self.look_at(context, node, ConditionStatus::Unknown, out);
                    self.look_at_zones(context, Some((node.name(), ConditionStatus::Unknown)), out);
                }
            }
            Turn::MarkPodsNotReady { node, stamp }
                if silence_of(node).is_some_and(|silence| silence.stamp == *stamp) =>
            {
                mark_pods_not_ready(context, node, *stamp, out);
            }
            Turn::MonitorNode(name) => {
                self.to_monitor.remove(name);
                let mut well = false;
                if let Some(node) = context.store.nodes.get(name) {
                    well = node.ready() == ConditionStatus::True;
                    self.look_at(context, node, node.ready(), out);
                } else if self.leaving.remove(name) {
                    let message = format!("Node {name} event: Removing Node {name} from Controller");
                    out.normal(ObjectRef::node(name), "RemovingNode", message);
                }
                // Hundreds of nodes may join at once: a round counts them once.
                if !self.zones.is_counted(context.now) && (!well || self.zones.is_any_disrupted()) {
                    self.look_at_zones(context, None, out);
                }
            }
            Turn::TaintNode(name) => self.taint(context, name, out),
            _ => {}
        }
    }

    /// What a round does with a node whose Ready condition has (or is about to have) this
    /// status: a taint is exchanged or taken away at once, but added only at the zone's rate.
    /// Upstream: `processTaintBaseEviction`.
    fn look_at(&mut self, context: &Context<'_>, node: &Node, ready: ConditionStatus, out: &mut Out) {
        match (no_execute_key(ready), has_no_execute(node)) {
            (wanted, has) if wanted == has => {}
            (Some(_), None) => {
                if self.to_taint.insert(node.name().to_owned()) {
                    ask_to_taint(context, node.name(), context.now, out);
                }
            }
            (wanted, has) => swap_no_execute(node, wanted, has, out),
        }
    }

    /// Upstream: `handleDisruption`. Nodes that waited in vain are asked for again when their
    /// zone may go on.
    fn look_at_zones(&mut self, context: &Context<'_>, present: Option<(&str, ConditionStatus)>, out: &mut Out) {
        let changed = self.zones.look(context, present);
        if changed.stopped {
            // If nothing works any more, it is more likely that the control plane is cut off.
            for node in context.store.nodes.values() {
                swap_no_execute(node, None, has_no_execute(node), out);
            }
        }
        if changed.resumed {
            for name in self.to_taint.iter() {
                ask_to_taint(context, name, context.now, out);
            }
        }
    }

    /// Upstream: `doNoExecuteTaintingPass`.
    fn taint(&mut self, context: &Context<'_>, name: &str, out: &mut Out) {
        let wanted = context.store.nodes.get(name).and_then(|node| Some((node, no_execute_key(node.ready())?)));
        let Some((node, wanted)) = wanted.filter(|_| self.to_taint.contains(name)) else {
            self.to_taint.remove(name);
            return;
        };
        match self.zones.accept(context.now, node) {
            Ok(()) => {
                self.to_taint.remove(name);
                swap_no_execute(node, Some(wanted), has_no_execute(node), out);
            }
            Err(Some(again_at)) => ask_to_taint(context, name, again_at, out),
            // Asked for again when the zone resumes.
            Err(None) => {}
        }
    }
}

/// The first round at or after `at`; rounds are counted from the start.
fn next_round(at: Time, period_ms: Millis) -> Time {
    Time(
        at.0.div_euclid(period_ms).saturating_mul(period_ms)
            + if at.0.rem_euclid(period_ms) == 0 { 0 } else { period_ms },
    )
}

/// In the first tainting after `at`.
fn ask_to_taint(context: &Context<'_>, name: &str, at: Time, out: &mut Out) {
    let pass = next_round(at + 1, TAINTING_PERIOD_MS);
    out.turn_after(pass.since(context.now), Turn::TaintNode(name.to_owned()));
}

/// A node has been silent for too long. One that said itself that it is not ready is nothing
/// new: neither told nor marked again. Upstream: `tryUpdateNodeHealth`, `monitorNodeHealth`.
fn report_unknown(context: &Context<'_>, node: &Node, stamp: u64, out: &mut Out) {
    let name = node.name();
    out.write(Write::SetNodeConditions { node: name.to_owned(), conditions: REPORTED.map(unknown).to_vec() });
    if node.ready() != ConditionStatus::True {
        return;
    }
    out.normal(ObjectRef::node(name), "NodeNotReady", format!("Node {name} status is now: NodeNotReady"));
    mark_pods_not_ready(context, name, stamp, out);
}

/// Those that could not be marked are tried again in the next round.
fn mark_pods_not_ready(context: &Context<'_>, name: &str, stamp: u64, out: &mut Out) {
    let mut again = false;
    for pod in context.store.pods_on(name).filter(|pod| pod.is_ready()) {
        let mut status = pod.status.clone();
        let conditions = &mut status.conditions;
        set_condition(conditions, PodConditionType::Ready, ConditionStatus::False, "", "", context.now);
        let key: Key = pod.key();
        let what = "Ready False: its node is not ready".to_owned();
        let uid = pod.metadata.uid.clone();
        again |= !out.send(Write::SetPodStatus { key: key.clone(), uid, status: Box::new(status), what });
        out.warning(ObjectRef::new(crate::api::Kind::Pod, key), "NodeNotReady", "Node is not ready");
    }
    if again {
        let turn = Turn::MarkPodsNotReady { node: name.to_owned(), stamp };
        out.turn_after(context.knobs.node_monitor_period_ms, turn);
    }
}

fn has_no_execute(node: &Node) -> Option<&'static str> {
    let has =
        |key: &str| node.spec.taints.iter().any(|taint| taint.key == key && taint.effect == TaintEffect::NoExecute);
    [well_known::TAINT_NOT_READY, well_known::TAINT_UNREACHABLE].into_iter().find(|key| has(key))
}

fn swap_no_execute(node: &Node, add: Option<&str>, remove: Option<&str>, out: &mut Out) {
    if add != remove {
        let taint = |key: &str| Taint::new(key, TaintEffect::NoExecute);
        set_taints(node.name(), add.map(taint).into_iter().collect(), remove.map(taint).into_iter().collect(), out);
    }
}

/// Conflicts are tried again until it is done.
fn set_taints(node: &str, add: Vec<Taint>, remove: Vec<Taint>, out: &mut Out) {
    let delay_ms = out.refusals() * TAINT_RETRY_MS;
    out.write_after(delay_ms, Write::SetTaints { node: node.to_owned(), add, remove });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_multiples_of_the_period() {
        assert_eq!(next_round(Time(0), 5_000), Time(0));
        assert_eq!(next_round(Time(1), 5_000), Time(5_000));
        assert_eq!(next_round(Time(50_000), 5_000), Time(50_000));
    }
}
