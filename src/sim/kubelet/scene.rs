//! Where a kubelet's work on a pod happens, and how it reports.

use crate::api::{
    ConditionStatus, Container, ContainerState, ContainerStatus, Kind, ObjectRef, Pod, PodConditionType, PodStatus,
};
use crate::base::Time;
use crate::sim::commit::set_condition;
use crate::sim::notice::{Context, Out, Write};

/// Where a pod is, and what it is told: everything that a stage's end needs.
pub(super) struct Scene<'a, 'o> {
    pub context: &'a Context<'a>,
    pub node: &'a str,
    pub pod: &'a Pod,
    pub out: &'o mut Out,
}

impl Scene<'_, '_> {
    fn reference(&self) -> ObjectRef {
        ObjectRef::new(Kind::Pod, self.pod.key())
    }

    pub fn normal(&mut self, reason: &str, message: String) {
        self.out.normal(self.reference(), reason, message);
    }

    pub fn warning(&mut self, reason: &str, message: String) {
        self.out.warning(self.reference(), reason, message);
    }

    pub fn report(&mut self, status: PodStatus, what: &str) {
        let (key, uid) = (self.pod.key(), self.pod.metadata.uid.clone());
        self.out.write(Write::SetPodStatus { key, uid, status: Box::new(status), what: what.to_owned() });
    }

    pub fn become_ready(&mut self, mut status: PodStatus) {
        for container in &mut status.container_statuses {
            container.ready = true;
        }
        set_ready(&mut status, true, "", self.context.now);
        self.report(status, "ready");
    }

    /// Reports that a container waits, and why.
    pub fn wait(&mut self, container: &str, reason: &str, message: &str) {
        let mut status = self.pod.status.clone();
        // An init container has no status of its own here: the first container waits for it.
        let known = status.container_statuses.iter().any(|status| status.name == container);
        if let Some(waiting) = status.container_statuses.iter_mut().find(|status| status.name == container || !known) {
            waiting.ready = false;
            waiting.state = ContainerState::Waiting { reason: reason.to_owned(), message: message.to_owned() };
        }
        self.report(status, reason);
    }
}

/// Sets the Ready condition.
pub(super) fn set_ready(status: &mut PodStatus, ready: bool, reason: &str, now: Time) {
    let value = if ready { ConditionStatus::True } else { ConditionStatus::False };
    set_condition(&mut status.conditions, PodConditionType::Ready, value, reason, "", now);
}

/// The status of a pod whose containers are all to be made.
pub(super) fn fresh_status(pod: &Pod) -> PodStatus {
    let waiting = if pod.spec.init_containers.is_empty() { "ContainerCreating" } else { "PodInitializing" };
    let container_status = |container: &Container| ContainerStatus {
        name: container.name.clone(),
        state: ContainerState::Waiting { reason: waiting.to_owned(), message: String::new() },
        ready: false,
        restart_count: 0,
    };
    PodStatus { container_statuses: pod.spec.containers.iter().map(container_status).collect(), ..pod.status.clone() }
}
