//! Machines and pods of a cluster as it was found (see `sim::found`).

use super::scene::Scene;
use super::worker::Worker;
use super::{Kubelets, Machine};
use crate::api::{ConditionStatus, ContainerState, ContainerStatus, Node, NodeConditionType, Pod};
use crate::base::Time;
use crate::sim::command::Fault;
use crate::sim::knobs::Knobs;
use crate::sim::node_lifecycle::Silence;
use crate::sim::notice::{Context, Out};

/// Faults of a machine whose kubelet is well, the first that is found counts.
const FAULTS: [Fault; 4] = [Fault::NetworkUnavailable, Fault::DiskPressure, Fault::MemoryPressure, Fault::PidPressure];

impl Kubelets {
    /// A machine that is as its node's conditions say.
    pub fn find_machine(&mut self, node: &Node, knobs: &Knobs) {
        let (mut machine, stamp) = (Machine::default(), self.stamp());
        machine.fault = match node.ready() {
            ConditionStatus::False => Some(Fault::NotReady),
            ConditionStatus::Unknown => Some(Fault::Unreachable),
            ConditionStatus::True => {
                let is_true = |kind| node.condition(kind).is_some_and(|known| known.status == ConditionStatus::True);
                FAULTS.into_iter().find(|fault| fault.condition().is_some_and(is_true))
            }
        };
        if machine.fault == Some(Fault::Unreachable) {
            let since = node.condition(NodeConditionType::Ready).map_or(Time::ZERO, |ready| ready.last_transition_time);
            machine.silence = Some(Silence { last_renewal: since + -knobs.node_monitor_grace_period_ms, stamp });
        }
        self.machines.insert(node.name().to_owned(), machine);
    }

    /// A pod that its machine has, or is about to start.
    pub fn find_pod(&mut self, context: &Context<'_>, pod: &Pod, out: &mut Out) {
        let stamp = self.stamp();
        let Some(node) = &pod.node_name else { return };
        let Some(machine) = self.machines.get_mut(node) else { return };
        let status = &pod.status;
        let statuses = || status.init_container_statuses.iter().chain(&status.container_statuses);
        if status.phase.is_terminal() && !pod.is_deleting() {
            return;
        }
        if !pod.is_deleting() && statuses().all(has_not_begun) {
            if !machine.is_frozen() {
                machine.sync_pod(context, node, pod, stamp, out);
            }
            return;
        }
        for container in pod.spec.init_containers.iter().chain(&pod.spec.containers) {
            let runs = |known: &ContainerStatus| matches!(known.state, ContainerState::Running { .. });
            if statuses().any(|known| known.name == container.name && runs(known)) {
                machine.images.present.insert(container.image.clone());
            }
        }
        let mut scene = Scene { context, node, pod, out };
        let mut worker = Worker::found(&mut scene, stamp);
        if pod.is_deleting() && !machine.is_frozen() {
            worker.stop(&mut scene, stamp);
        }
        machine.workers.insert(pod.metadata.uid.clone(), worker);
    }
}

/// Whether nothing was done yet for a container.
fn has_not_begun(status: &ContainerStatus) -> bool {
    match &status.state {
        ContainerState::Waiting { reason, .. } => {
            status.last_state.is_none() && matches!(reason.as_str(), "" | "ContainerCreating" | "PodInitializing")
        }
        _ => false,
    }
}
