//! The quality-of-service class of a pod, and which pods are critical.
//!
//! Upstream: `pkg/apis/core/v1/helper/qos/qos.go` (`ComputePodQOS`), `pkg/kubelet/types/pod_update.go`
//! (`IsCriticalPod`, `Preemptable`).
//! Leaves out: resources of a pod as a whole; static and mirror pods, which there are none of.

use super::resources::amount;
use crate::api::{Pod, PodSpec, ResourceList, ResourceRequirements};

/// How safe a pod is of the node's need, the least safe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QosClass {
    /// Asks for nothing.
    BestEffort,
    /// Asks for something, and may take more.
    Burstable,
    /// Every container has cpu and memory as much as it asks for, and no more.
    Guaranteed,
}

/// The class of a pod.
#[must_use]
pub fn qos_class(spec: &PodSpec) -> QosClass {
    let containers = spec.init_containers.iter().chain(&spec.containers);
    let classes = containers.map(|container| {
        let of_resource = |name| class_of(&container.resources, name);
        uniform(of_resource("cpu"), of_resource("memory"))
    });
    classes.reduce(uniform).unwrap_or(QosClass::BestEffort)
}

fn class_of(resources: &ResourceRequirements, name: &str) -> QosClass {
    let of = |list: &ResourceList| list.get(name).map(|quantity| amount(name, quantity));
    let limit = of(&resources.limits).unwrap_or(0);
    // The API server's default: where a limit is set and no request, the limit.
    match of(&resources.requests).unwrap_or(limit) {
        request if request != limit => QosClass::Burstable,
        0 => QosClass::BestEffort,
        _ => QosClass::Guaranteed,
    }
}

/// The class that both have, else Burstable.
fn uniform(a: QosClass, b: QosClass) -> QosClass {
    if a == b { a } else { QosClass::Burstable }
}

/// From this priority on a pod is critical. Upstream: `SystemCriticalPriority`.
const SYSTEM_CRITICAL_PRIORITY: i32 = 2_000_000_000;

/// Whether a kubelet lets the pod in and leaves it alone whatever its machine lacks.
#[must_use]
pub fn is_critical(pod: &Pod) -> bool {
    pod.priority() >= SYSTEM_CRITICAL_PRIORITY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_from_cpu_and_memory_alone() {
        let check = |containers: &str, want: QosClass| {
            let spec: PodSpec = serde_json::from_str(&format!(r#"{{"containers":[{containers}]}}"#)).unwrap();
            assert_eq!(qos_class(&spec), want, "{containers}");
        };
        let none = r#"{"resources":{"requests":{"ephemeral-storage":"1Gi","cpu":"0"}}}"#;
        let some = r#"{"resources":{"requests":{"cpu":"1m"}}}"#;
        let more = r#"{"resources":{"requests":{"cpu":"1","memory":"1Mi"},"limits":{"cpu":"2","memory":"1Mi"}}}"#;
        let all = r#"{"resources":{"requests":{"memory":"1024Ki"},"limits":{"cpu":"1000m","memory":"1Mi"}}}"#;
        check(none, QosClass::BestEffort);
        check(some, QosClass::Burstable);
        check(more, QosClass::Burstable);
        check(all, QosClass::Guaranteed);
        check(&format!("{all},{all}"), QosClass::Guaranteed);
        check(&format!("{all},{none}"), QosClass::Burstable);
        check(r#"{"resources":{"limits":{"cpu":"1"}}}"#, QosClass::Burstable);
        check("", QosClass::BestEffort);
    }
}
