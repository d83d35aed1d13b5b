//! The node lifecycle controller: finds out that nodes are sick, and taints them.
//!
//! Upstream: `pkg/controller/nodelifecycle/node_lifecycle_controller.go`.
//! Models: Ready Unknown after the grace period without a lease; the NoSchedule taints of
//! not-ready, unreachable and unschedulable at once, the NoExecute ones in the next round of
//! the monitor; pods of a node that stops being Ready are marked not ready; RegisteredNode and
//! NodeNotReady.
//! Simplifies: leases are not objects: the round that would miss one is worked out
//! beforehand.
//! Leaves out: pressure conditions, zones in disruption and their slower eviction,
//! network-unavailable, out-of-service.

use super::commit::set_condition;
use super::notice::{Change, Context, Notice, Out, Turn, Write};
use crate::api::{ConditionStatus, Key, Node, ObjectRef, PodConditionType, Taint, TaintEffect, well_known};
use crate::base::{Millis, Set, Time};

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
        let Notice::Node(Change { old, new }) = notice else {
            return;
        };
        let Some(node) = new.as_ref().and_then(|node| context.store.nodes.get(node.name())) else {
            if let Some(old) = old {
                self.to_monitor.remove(old.name());
            }
            return;
        };
        if old.is_none() {
            let message = format!("Node {0} event: Registered Node {0} in Controller", node.name());
            out.normal(ObjectRef::node(node.name()), "RegisteredNode", message);
        }
        reconcile_no_schedule(node, out);
        let settled = wanted_no_execute(node) == has_no_execute(node);
        if !settled && self.to_monitor.insert(node.name().to_owned()) {
            let round = next_round(context.now, context.knobs.node_monitor_period_ms);
            out.turn_after(round.since(context.now), Turn::MonitorNode(node.name().to_owned()));
        }
    }

    /// A node's turn in a round of the monitor.
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
                    report_unknown(context, node, out);
                }
            }
            Turn::MonitorNode(name) => {
                self.to_monitor.remove(name);
                if let Some(node) = context.store.nodes.get(name) {
                    reconcile_no_execute(context, node, out);
                }
            }
            _ => {}
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

fn report_unknown(context: &Context<'_>, node: &Node, out: &mut Out) {
    let name = node.name().to_owned();
    out.write(Write::SetNodeReady {
        node: name.clone(),
        status: ConditionStatus::Unknown,
        reason: "NodeStatusUnknown".to_owned(),
        message: "Kubelet stopped posting node status.".to_owned(),
    });
    let add = [TaintEffect::NoSchedule, TaintEffect::NoExecute]
        .map(|effect| Taint::new(well_known::TAINT_UNREACHABLE, effect));
    let remove =
        [TaintEffect::NoSchedule, TaintEffect::NoExecute].map(|effect| Taint::new(well_known::TAINT_NOT_READY, effect));
    out.write(Write::SetTaints { node: name, add: add.to_vec(), remove: remove.to_vec() });
    mark_pods_not_ready(context, node, out);
}

/// Says that a node is not ready, and so are its pods. Upstream: `MarkPodsNotReady`.
fn mark_pods_not_ready(context: &Context<'_>, node: &Node, out: &mut Out) {
    out.normal(
        ObjectRef::node(node.name()),
        "NodeNotReady",
        format!("Node {} status is now: NodeNotReady", node.name()),
    );
    for pod in context.store.pods_on(node.name()).filter(|pod| pod.is_ready()) {
        let mut status = pod.status.clone();
        set_condition(
            &mut status.conditions,
            PodConditionType::Ready,
            ConditionStatus::False,
            "NodeNotReady",
            "",
            context.now,
        );
        let key: Key = pod.key();
        let what = "Ready False: its node is not ready".to_owned();
        out.write(Write::SetPodStatus { key, uid: pod.metadata.uid.clone(), status: Box::new(status), what });
    }
}

/// The key of the taint that a node's Ready condition asks for.
fn wanted_no_execute(node: &Node) -> Option<&'static str> {
    match node.ready() {
        ConditionStatus::True => None,
        ConditionStatus::False => Some(well_known::TAINT_NOT_READY),
        ConditionStatus::Unknown => Some(well_known::TAINT_UNREACHABLE),
    }
}

fn has_no_execute(node: &Node) -> Option<&'static str> {
    let has =
        |key: &str| node.spec.taints.iter().any(|taint| taint.key == key && taint.effect == TaintEffect::NoExecute);
    [well_known::TAINT_NOT_READY, well_known::TAINT_UNREACHABLE].into_iter().find(|key| has(key))
}

/// Upstream: `doNoScheduleTaintingPass`.
fn reconcile_no_schedule(node: &Node, out: &mut Out) {
    let wanted = [
        (well_known::TAINT_NOT_READY, node.ready() == ConditionStatus::False),
        (well_known::TAINT_UNREACHABLE, node.ready() == ConditionStatus::Unknown),
        (well_known::TAINT_UNSCHEDULABLE, node.spec.unschedulable),
    ];
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for (key, wanted) in wanted {
        let taint = Taint::new(key, TaintEffect::NoSchedule);
        let there = node.spec.taints.iter().any(|known| known.matches(&taint));
        match (wanted, there) {
            (true, false) => add.push(taint),
            (false, true) => remove.push(taint),
            _ => {}
        }
    }
    if !add.is_empty() || !remove.is_empty() {
        out.write(Write::SetTaints { node: node.name().to_owned(), add, remove });
    }
}

/// Upstream: `processNoExecuteTaintBaseEviction`, `monitorNodeHealth`.
fn reconcile_no_execute(context: &Context<'_>, node: &Node, out: &mut Out) {
    let (wanted, has) = (wanted_no_execute(node), has_no_execute(node));
    if wanted == has {
        return;
    }
    let taint = |key: &str| Taint::new(key, TaintEffect::NoExecute);
    let (add, remove) = (wanted.map(taint).into_iter().collect(), has.map(taint).into_iter().collect());
    out.write(Write::SetTaints { node: node.name().to_owned(), add, remove });
    if wanted.is_some() {
        mark_pods_not_ready(context, node, out);
    }
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
