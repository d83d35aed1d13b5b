//! Which new pods a kubelet takes.
//!
//! Upstream: `pkg/kubelet/kubelet.go` (`HandlePodAdditions`, `rejectPod`),
//! `pkg/kubelet/preemption/preemption.go` (`evictPodsToFreeRequests`).

use super::Machine;
use super::scene::Scene;
use super::worker::Ending;
use crate::api::{Kind, ObjectRef, Phase, Pod, PodStatus};
use crate::rules::admission::{Admission, Refusal, admit};
use crate::rules::scheduling::NodeInfo;
use crate::sim::notice::{Context, Out, Write};

impl Machine {
    /// Pods of the machine that have not ended.
    pub(super) fn active_pods<'a>(&self, context: &Context<'a>) -> impl Iterator<Item = &'a Pod> {
        let store = context.store;
        self.workers.iter().filter_map(move |(uid, worker)| {
            let pod = store.pods.get(worker.key())?;
            (pod.metadata.uid == *uid && !pod.status.phase.is_terminal()).then_some(&**pod)
        })
    }

    /// Whether the pod may start now. If it never may, it is failed; if others must go first,
    /// they are told to.
    pub(super) fn admits(&mut self, context: &Context<'_>, node: &str, pod: &Pod, stamp: u64, out: &mut Out) -> bool {
        let Some(object) = context.store.nodes.get(node) else {
            return true;
        };
        let mut info = NodeInfo::new(object);
        for other in self.active_pods(context) {
            info.add_pod(other);
        }
        match admit(pod, &info, &self.pressures(context.now)) {
            Admission::Admit => return true,
            Admission::Refuse(refusal) => reject(context, pod, refusal, out),
            Admission::Preempt(victims) => {
                self.awaits_room = true;
                for victim in victims {
                    self.preempt(context, node, victim, stamp, out);
                }
            }
        }
        false
    }

    fn preempt(&mut self, context: &Context<'_>, node: &str, victim: &Pod, stamp: u64, out: &mut Out) {
        const MESSAGE: &str = "Preempted in order to admit critical pod";
        if self.stops(&victim.metadata.uid) {
            return;
        }
        out.warning(ObjectRef::new(Kind::Pod, victim.key()), "Preempting", MESSAGE);
        if let Some(worker) = self.workers.get_mut(&victim.metadata.uid) {
            let ending = Ending { reason: "Preempting", message: MESSAGE.to_owned() };
            let grace_s = victim.spec.termination_grace_period_seconds.unwrap_or(30);
            worker.fail(&mut Scene { context, node, pod: victim, out }, ending, grace_s, stamp);
        }
    }
}

/// Fails the pod.
fn reject(context: &Context<'_>, pod: &Pod, refusal: Refusal, out: &mut Out) {
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
