//! Which new pods a kubelet refuses while its machine is under pressure.
//!
//! Upstream: `pkg/kubelet/eviction/eviction_manager.go` (`Admit`), `pkg/kubelet/kubelet.go`
//! (`rejectPod`).

use crate::api::{Kind, NodeConditionType, ObjectRef, Phase, Pod, PodStatus, Taint, TaintEffect, well_known};
use crate::sim::command::Fault;
use crate::sim::notice::{Out, Write};

/// The pressure because of which the pod is refused.
pub(super) fn refuses(fault: Option<Fault>, pod: &Pod) -> Option<NodeConditionType> {
    let kind = fault?.condition()?;
    let refused = match kind {
        NodeConditionType::DiskPressure | NodeConditionType::PidPressure => true,
        NodeConditionType::MemoryPressure => is_best_effort(pod) && !tolerates_memory_pressure(pod),
        NodeConditionType::Ready | NodeConditionType::NetworkUnavailable => false,
    };
    (refused && !is_critical(pod)).then_some(kind)
}

fn is_best_effort(pod: &Pod) -> bool {
    let mut containers = pod.spec.init_containers.iter().chain(&pod.spec.containers);
    containers.all(|container| container.resources.requests.is_empty() && container.resources.limits.is_empty())
}

fn tolerates_memory_pressure(pod: &Pod) -> bool {
    let taint = Taint::new(well_known::TAINT_MEMORY_PRESSURE, TaintEffect::NoSchedule);
    pod.spec.tolerations.iter().any(|toleration| toleration.tolerates(&taint))
}

/// Only the two classes that Kubernetes brings along have a priority that high.
fn is_critical(pod: &Pod) -> bool {
    matches!(pod.spec.priority_class_name.as_str(), "system-node-critical" | "system-cluster-critical")
}

/// Fails the pod.
pub(super) fn reject(pod: &Pod, kind: NodeConditionType, out: &mut Out) {
    let message = format!("The node had condition: [{kind}]. ");
    let status = PodStatus {
        phase: Phase::Failed,
        reason: "Evicted".to_owned(),
        message: format!("Pod was rejected: {message}"),
        ..pod.status.clone()
    };
    let (key, uid) = (pod.key(), pod.metadata.uid.clone());
    out.warning(ObjectRef::new(Kind::Pod, key.clone()), "Evicted", message);
    let what = format!("rejected: {kind}");
    out.write(Write::SetPodStatus { key, uid, status: Box::new(status), what });
}
