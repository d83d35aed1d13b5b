//! Conditions of nodes: in which words they are reported, and which taints follow.
//!
//! Upstream: `pkg/kubelet/nodestatus/setters.go`,
//! `pkg/controller/nodelifecycle/node_lifecycle_controller.go` (`nodeConditionToTaintKeyStatusMap`).

use crate::api::NodeConditionType::{self, DiskPressure, MemoryPressure, NetworkUnavailable, PidPressure, Ready};
use crate::api::{ConditionStatus, Node, NodeCondition, Taint, TaintEffect, well_known};
use crate::base::Time;

/// What a kubelet reports on, in its order.
pub const REPORTED: [NodeConditionType; 4] = [MemoryPressure, DiskPressure, PidPressure, Ready];

/// The condition of a node that is (or is not) well in this respect.
#[must_use]
pub fn condition(kind: NodeConditionType, well: bool) -> NodeCondition {
    let (reason, message) = match (kind, well) {
        (MemoryPressure, true) => ("KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        (MemoryPressure, false) => ("KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
        (DiskPressure, true) => ("KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        (DiskPressure, false) => ("KubeletHasDiskPressure", "kubelet has disk pressure"),
        (PidPressure, true) => ("KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        (PidPressure, false) => ("KubeletHasInsufficientPID", "kubelet has insufficient PID available"),
        (Ready, true) => ("KubeletReady", "kubelet is posting ready status"),
        (Ready, false) => ("KubeletNotReady", "container runtime is down"),
        (NetworkUnavailable, true) => ("RouteCreated", "RouteController created a route"),
        (NetworkUnavailable, false) => ("NoRouteCreated", "RouteController failed to create a route"),
    };
    let status = if well == (kind == Ready) { ConditionStatus::True } else { ConditionStatus::False };
    NodeCondition { kind, status, reason, message: message.into(), last_transition_time: Time::ZERO }
}

/// What the kubelet calls the change in its Event; nothing where another sets the condition.
#[must_use]
pub fn event_reason(kind: NodeConditionType, well: bool) -> Option<&'static str> {
    Some(match (kind, well) {
        (MemoryPressure, true) => "NodeHasSufficientMemory",
        (MemoryPressure, false) => "NodeHasInsufficientMemory",
        (DiskPressure, true) => "NodeHasNoDiskPressure",
        (DiskPressure, false) => "NodeHasDiskPressure",
        (PidPressure, true) => "NodeHasSufficientPID",
        (PidPressure, false) => "NodeHasInsufficientPID",
        (Ready, true) => "NodeReady",
        (Ready, false) => "NodeNotReady",
        (NetworkUnavailable, _) => return None,
    })
}

/// What becomes of a condition when the node is silent for too long.
#[must_use]
pub fn unknown(kind: NodeConditionType) -> NodeCondition {
    NodeCondition {
        kind,
        status: ConditionStatus::Unknown,
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.".into(),
        last_transition_time: Time::ZERO,
    }
}

/// The key of the NoExecute taint that a Ready condition asks for.
#[must_use]
pub fn no_execute_key(ready: ConditionStatus) -> Option<&'static str> {
    match ready {
        ConditionStatus::True => None,
        ConditionStatus::False => Some(well_known::TAINT_NOT_READY),
        ConditionStatus::Unknown => Some(well_known::TAINT_UNREACHABLE),
    }
}

/// The NoSchedule taints that a node's conditions and cordon ask for and that it lacks, and
/// those that it has without reason.
#[must_use]
pub fn no_schedule_changes(node: &Node) -> (Vec<Taint>, Vec<Taint>) {
    let is = |kind, status| node.condition(kind).is_some_and(|condition| condition.status == status);
    let pressed = |kind| is(kind, ConditionStatus::True);
    let wanted = [
        (well_known::TAINT_MEMORY_PRESSURE, pressed(MemoryPressure)),
        (well_known::TAINT_DISK_PRESSURE, pressed(DiskPressure)),
        (well_known::TAINT_PID_PRESSURE, pressed(PidPressure)),
        (well_known::TAINT_NOT_READY, is(Ready, ConditionStatus::False)),
        (well_known::TAINT_UNREACHABLE, is(Ready, ConditionStatus::Unknown)),
        (well_known::TAINT_NETWORK_UNAVAILABLE, pressed(NetworkUnavailable)),
        (well_known::TAINT_UNSCHEDULABLE, node.spec.unschedulable),
    ];
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for (key, wanted) in wanted {
        let taint = Taint::new(key, TaintEffect::NoSchedule);
        if wanted != node.spec.taints.iter().any(|known| known.matches(&taint)) {
            if wanted { &mut add } else { &mut remove }.push(taint);
        }
    }
    (add, remove)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taints_follow_conditions() {
        let keys_of = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let check = |bad: NodeConditionType, cordoned: bool, has: &[&str], want: (&[&str], &[&str])| {
            let mut node = Node::default();
            node.status.conditions = REPORTED.iter().map(|kind| condition(*kind, *kind != bad)).collect();
            if bad == NetworkUnavailable {
                node.status.conditions.push(condition(bad, false));
            }
            node.spec.unschedulable = cordoned;
            node.spec.taints = has.iter().map(|key| Taint::new(*key, TaintEffect::NoSchedule)).collect();
            let keys = |taints: Vec<Taint>| taints.into_iter().map(|taint| taint.key).collect::<Vec<_>>();
            let (add, remove) = no_schedule_changes(&node);
            assert_eq!((keys(add), keys(remove)), (keys_of(want.0), keys_of(want.1)), "{bad:?}");
        };
        check(Ready, false, &[], (&["node.kubernetes.io/not-ready"], &[]));
        check(DiskPressure, false, &["other"], (&["node.kubernetes.io/disk-pressure"], &[]));
        check(
            MemoryPressure,
            true,
            &["node.kubernetes.io/memory-pressure"],
            (&["node.kubernetes.io/unschedulable"], &[]),
        );
        check(NetworkUnavailable, false, &[], (&["node.kubernetes.io/network-unavailable"], &[]));
        let stale = ["node.kubernetes.io/unreachable", "node.kubernetes.io/unschedulable"];
        check(PidPressure, false, &stale, (&["node.kubernetes.io/pid-pressure"], &stale));
    }

    #[test]
    fn only_ready_is_good_when_true() {
        assert_eq!(condition(Ready, true).status, ConditionStatus::True);
        assert_eq!(condition(Ready, false).status, ConditionStatus::False);
        assert_eq!(condition(DiskPressure, true).status, ConditionStatus::False);
        assert_eq!(condition(DiskPressure, false).status, ConditionStatus::True);
    }
}
