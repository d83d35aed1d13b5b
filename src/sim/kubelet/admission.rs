//! Which new pods a kubelet takes.
//!
//! Upstream: `pkg/kubelet/kubelet.go` (`HandlePodAdditions`, `rejectPod`).

use super::Machine;
use crate::api::{Kind, NodeConditionType, ObjectRef, Phase, Pod, PodStatus};
use crate::rules::admission::{Refusal, refusal};
use crate::rules::scheduling::NodeInfo;
use crate::sim::notice::{Context, Out, Write};

impl Machine {
    /// Why the pod may not start.
    pub(super) fn refuses(&self, context: &Context<'_>, node: &str, pod: &Pod) -> Option<Refusal> {
        let object = context.store.nodes.get(node)?;
        let mut info = NodeInfo::new(object);
        for (uid, worker) in self.workers.iter() {
            match context.store.pods.get(worker.key()) {
                Some(other) if other.metadata.uid == *uid && !other.status.phase.is_terminal() => info.add_pod(other),
                _ => {}
            }
        }
        let pressures: Vec<NodeConditionType> = self.fault.and_then(|fault| fault.condition()).into_iter().collect();
        refusal(pod, &info, &pressures)
    }
}

/// Fails the pod.
pub(super) fn reject(context: &Context<'_>, pod: &Pod, refusal: Refusal, out: &mut Out) {
    let (key, uid) = (pod.key(), pod.metadata.uid.clone());
    let status = PodStatus {
        phase: Phase::Failed,
        reason: refusal.reason.to_string(),
        message: format!("Pod was rejected: {}", refusal.message),
        start_time: pod.status.start_time.or(Some(context.now)),
        ..pod.status.clone()
    };
    let what = format!("rejected: {}", refusal.reason);
    out.warning(ObjectRef::new(Kind::Pod, key.clone()), &refusal.reason, refusal.message);
    out.write(Write::SetPodStatus { key, uid, status: Box::new(status), what });
}
