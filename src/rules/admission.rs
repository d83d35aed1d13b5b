//! Admission by the kubelet: whether it takes a pod that is bound to its node.
//!
//! Upstream: `pkg/kubelet/lifecycle/predicate.go`, `pkg/scheduler/eventhandlers.go`
//! (`AdmissionCheck`), `pkg/kubelet/eviction/eviction_manager.go` (`Admit`).
//! Models: pressure of memory, disk and process IDs with what tolerates it; resources, node
//! affinity, host ports and NoExecute taints, of which the first that fails is told; such a
//! pod is Failed, and its owner sees to it.
//! Leaves out: preemption for critical pods, operating systems, dynamic resources, plugins of
//! devices, resizing.

use super::qos::{QosClass, is_critical, qos_class};
use super::resources::pod_requests;
use super::scheduling::{Insufficient, NodeInfo, PORTS_TAKEN, WRONG_NODE, insufficient, matches_affinity, ports_taken};
use super::tolerations::untolerated;
use crate::api::{NodeConditionType, Pod, Taint, TaintEffect, well_known};
use std::borrow::Cow;

/// Why a kubelet refuses a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// In one word, e.g. `OutOfcpu`.
    pub reason: Cow<'static, str>,
    /// For people; the pod's own message has `Pod was rejected: ` before it.
    pub message: String,
}

/// Why a node that reports these pressures refuses a pod beside the pods of `info`; nothing
/// if it takes the pod.
#[must_use]
pub fn refusal(pod: &Pod, info: &NodeInfo<'_>, pressures: &[NodeConditionType]) -> Option<Refusal> {
    if !is_critical(pod)
        && let Some(refusal) = under_pressure(pod, pressures)
    {
        return Some(refusal);
    }
    let wanted = pod_requests(&pod.spec);
    let allocatable = &info.node.status.allocatable;
    // Extended resources that the node does not know are somebody else's to give out.
    let counts = |name: &str| !is_extended(name) || allocatable.contains_key(name);
    let lacking = insufficient(&wanted, info);
    // Of several reasons the first is told.
    lacking.iter().find(|lacking| counts(lacking.resource)).map(out_of).or_else(|| predicate(pod, info))
}

/// Memory alone leaves room for who asks for some, and for who tolerates the taint.
fn under_pressure(pod: &Pod, pressures: &[NodeConditionType]) -> Option<Refusal> {
    let taint = Taint::new(well_known::TAINT_MEMORY_PRESSURE, TaintEffect::NoSchedule);
    let admitted = match pressures {
        [] => true,
        [NodeConditionType::MemoryPressure] => {
            qos_class(&pod.spec) != QosClass::BestEffort
                || pod.spec.tolerations.iter().any(|toleration| toleration.tolerates(&taint))
        }
        _ => false,
    };
    let names = || pressures.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    (!admitted).then(|| Refusal {
        reason: Cow::Borrowed("Evicted"),
        message: format!("The node had condition: [{}]. ", names()),
    })
}

/// The first predicate that fails.
fn predicate(pod: &Pod, info: &NodeInfo<'_>) -> Option<Refusal> {
    let taints = &info.node.spec.taints;
    let (name, why) = if !matches_affinity(pod, info.node) {
        ("NodeAffinity", WRONG_NODE)
    } else if ports_taken(&pod.spec, info) {
        ("NodePorts", PORTS_TAKEN)
    } else if untolerated(taints, &pod.spec.tolerations, &[TaintEffect::NoExecute]).is_some() {
        ("TaintToleration", "node(s) had taints that the pod didn't tolerate")
    } else {
        return None;
    };
    Some(Refusal { reason: Cow::Borrowed(name), message: format!("Predicate {name} failed: {why}") })
}

/// Upstream: `IsExtendedResourceName`.
fn is_extended(resource: &str) -> bool {
    resource.contains('/') && !resource.contains("kubernetes.io/") && !resource.starts_with("requests.")
}

fn out_of(lacking: &Insufficient<'_>) -> Refusal {
    let Insufficient { resource, requested, used, capacity } = lacking;
    Refusal {
        reason: Cow::Owned(format!("OutOf{resource}")),
        message: format!(
            "Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}"
        ),
    }
}

#[cfg(test)]
mod tests;
