//! What the kubelet reports of a pod.
//!
//! Upstream: `pkg/kubelet/kubelet_pods.go` (`generateAPIPodStatus`),
//! `pkg/kubelet/status/status_manager.go` (`mergePodStatus`, `TerminatePod`).

use super::{Life, Worker, in_order};
use crate::api::{
    ConditionStatus, ContainerState, ContainerStatus, Phase, PodConditionType, PodSpec, PodStatus, Termination,
};
use crate::base::Time;
use crate::rules::pod_conditions::conditions;
use crate::rules::pod_phase::{has_initialized, phase};
use crate::rules::pod_row::row;
use crate::sim::commit::set_condition;
use crate::sim::kubelet::eviction::set_disruption_target;
use crate::sim::kubelet::scene::Scene;
use crate::sim::notice::Write;

impl Worker {
    /// Asks for the status to be written; if nothing changed, nothing comes of it. Whether it was
    /// not refused.
    pub(super) fn report(&self, scene: &mut Scene<'_, '_>) -> bool {
        let (pod, now) = (scene.pod, scene.context.now);
        let mut status = pod.status.clone();
        self.report_containers(scene, &mut status);
        let over = self.life == Life::Terminated;
        let found = phase(&pod.spec, &status, over);
        if over {
            account_for_the_missing(&pod.spec, &mut status);
        }
        // While anything may still run, no phase is the last; and none changes after the last.
        status.phase = match (pod.status.phase, found) {
            (known, _) if known.is_terminal() => known,
            (_, Phase::Pending | Phase::Running) if over => Phase::Failed,
            (known, found) if found.is_terminal() && !over => known,
            (_, found) => found,
        };
        if let Some(ending) = self.ending.as_ref().filter(|_| over) {
            status.phase = Phase::Failed;
            set_disruption_target(&mut status, ending, now);
            (status.reason, status.message) = (ending.reason.to_owned(), ending.message.clone());
        }
        status.start_time.get_or_insert(now);
        let sandbox = self.sandbox.then_some(!over);
        for found in conditions(&pod.spec, &status, sandbox) {
            let value = if found.holds { ConditionStatus::True } else { ConditionStatus::False };
            set_condition(&mut status.conditions, found.kind, value, found.reason, &found.message, now);
        }
        if status != pod.status && scene.out.is_refused() {
            return false;
        }
        let mut what = row(&pod.spec, &status).status;
        if status.phase == Phase::Running && what == "Running" {
            let is_ready = status.conditions.iter().any(|condition| {
                condition.kind == PodConditionType::Ready && condition.status == ConditionStatus::True
            });
            what = if is_ready { "ready" } else { "running, not ready" }.to_owned();
        }
        let (key, uid) = (pod.key(), pod.metadata.uid.clone());
        scene.out.write(Write::SetPodStatus { key, uid, status: Box::new(status), what });
        true
    }

    /// Init containers in the spec's order, the others by name, as upstream lists them.
    fn report_containers(&self, scene: &Scene<'_, '_>, status: &mut PodStatus) {
        let spec = &scene.pod.spec;
        let may_start = self.life == Life::Syncing;
        status.init_container_statuses.clear();
        status.container_statuses.clear();
        for (index, (container, run)) in in_order(spec).zip(&self.runs).enumerate() {
            let is_init = index < spec.init_containers.len();
            let reported = run.status(scene, container, is_init, may_start);
            let list = if is_init { &mut status.init_container_statuses } else { &mut status.container_statuses };
            let place = if is_init { list.len() } else { list.partition_point(|known| known.name < reported.name) };
            list.insert(place, reported);
        }
    }
}

/// Containers of which nothing is known when the pod is over count as failed: all of a pod
/// that has been initialized, and init containers as far as they came.
fn account_for_the_missing(spec: &PodSpec, status: &mut PodStatus) {
    let missing = |status: &mut ContainerStatus| {
        if matches!(status.state, ContainerState::Waiting { .. }) {
            status.state = ContainerState::Terminated(Termination {
                exit_code: 137,
                reason: "ContainerStatusUnknown",
                message: "The container could not be located when the pod was terminated",
                started_at: Time::ZERO,
                finished_at: Time::ZERO,
            });
        }
    };
    let ran =
        |known: &ContainerStatus| !matches!(known.state, ContainerState::Waiting { .. }) || known.last_state.is_some();
    let last_init_done = status.init_container_statuses.last().is_some_and(|known| known.ready || known.started);
    if spec.init_containers.is_empty() || has_initialized(status) || last_init_done {
        status.container_statuses.iter_mut().for_each(missing);
    }
    let reached = status.init_container_statuses.iter().rposition(ran).unwrap_or_default();
    status.init_container_statuses.iter_mut().take(reached + 1).for_each(missing);
}
