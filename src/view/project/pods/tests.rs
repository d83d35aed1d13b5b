//! Chips of hand-made pods.

use super::*;
use crate::api::{Container, DaemonSet, OwnerReference, PodCondition, PodSpec, Taint, TaintEffect};
use crate::base::Map;
use std::rc::Rc;

/// A pod of `owner-uid`, bound to `n1`, running and ready since 3 s.
fn ready_pod() -> Pod {
    let mut pod = Pod { node_name: Some("n1".into()), ..Pod::default() };
    pod.metadata.name = "nginx-x7k2p".into();
    pod.metadata.namespace = "default".into();
    pod.metadata.uid = "pod-uid".into();
    pod.metadata.owner_references = vec![OwnerReference {
        api_version: "apps/v1".into(),
        kind: "DaemonSet".into(),
        name: "nginx".into(),
        uid: "owner-uid".into(),
        controller: true,
        block_owner_deletion: true,
    }]
    .into();
    let container = Container { name: "nginx".into(), image: "nginx:1.27".into(), ..Container::default() };
    pod.spec = Rc::new(PodSpec { containers: vec![container], ..PodSpec::default() });
    pod.status.phase = Phase::Running;
    pod.status.conditions = vec![condition(PodConditionType::Ready, ConditionStatus::True, "")];
    pod.status.container_statuses = vec![container_in(ContainerState::Running { started_at: Time(2_500) })];
    pod
}

fn condition(kind: PodConditionType, status: ConditionStatus, message: &str) -> PodCondition {
    let (reason, message) = (String::new(), message.to_owned());
    PodCondition { kind, status, reason, message, last_transition_time: Time(3_400) }
}

fn container_in(state: ContainerState) -> ContainerStatus {
    ContainerStatus { name: "nginx".into(), ready: true, restart_count: 2, state, ..ContainerStatus::default() }
}

fn waiting(reason: &str, message: &str) -> ContainerState {
    ContainerState::Waiting { reason: reason.into(), message: message.into() }
}

fn owners(min_ready_seconds: i32) -> Owners {
    let owner = Owner {
        key: Key::new("default", "nginx"),
        style: Some(4),
        placement: Placement::of(&DaemonSet::default()),
        present: Present::of(&DaemonSet::default(), "new"),
        min_ready_seconds,
    };
    Owners(Map::from([("owner-uid".to_owned(), owner)]))
}

fn at(pod: &Pod, now: i64) -> PodIn<'_> {
    PodIn { pod, node: None, progress: None, now: Time(now) }
}

fn chip_of(pod: &Pod) -> PodChip {
    chip(&at(pod, 10_000), &owners(0), None)
}

fn check(change: impl FnOnce(&mut Pod), look: PodLook, doing: &str, reason: &str) {
    let mut pod = ready_pod();
    change(&mut pod);
    let chip = chip_of(&pod);
    assert_eq!((chip.look, chip.doing.as_str(), chip.reason.as_str()), (look, doing, reason));
}

#[test]
fn life_of_a_pod() {
    check(|_| (), PodLook::Available, "ready", "");
    let pending = |pod: &mut Pod| {
        pod.status = crate::api::PodStatus::default();
        pod.node_name = None;
    };
    check(pending, PodLook::Pending, "scheduling", "");
    let unschedulable = |pod: &mut Pod| {
        pending(pod);
        let message = "0/4 nodes are available: 1 Insufficient cpu.";
        pod.status.conditions = vec![condition(PodConditionType::PodScheduled, ConditionStatus::False, message)];
    };
    check(unschedulable, PodLook::Unschedulable, "unschedulable", "0/4 nodes are available: 1 Insufficient cpu.");
    let bound = |pod: &mut Pod| pod.status = crate::api::PodStatus::default();
    check(bound, PodLook::Starting, "starting", "");
    let unready = |pod: &mut Pod| {
        let message = "containers with unready status: [nginx]";
        pod.status.conditions = vec![condition(PodConditionType::Ready, ConditionStatus::False, message)];
    };
    check(unready, PodLook::NotReady, "not ready", "containers with unready status: [nginx]");
    check(|pod| pod.metadata.deletion_timestamp = Some(Time(9)), PodLook::Terminating, "ending", "");
    let rejected = |pod: &mut Pod| {
        pod.status.phase = Phase::Failed;
        pod.status.message = "Pod was rejected".into();
    };
    check(rejected, PodLook::Finished, "ended", "Pod was rejected");
}

#[test]
fn says_who_drives_it_away_and_where_it_is_to_go() {
    let disrupted = |reason: &'static str| {
        move |pod: &mut Pod| {
            pod.metadata.deletion_timestamp = Some(Time(9));
            let kind = PodConditionType::DisruptionTarget;
            pod.status.conditions.push(condition(kind, ConditionStatus::True, "its message"));
            pod.status.conditions[1].reason = reason.into();
        }
    };
    check(disrupted("PreemptionByScheduler"), PodLook::Terminating, "preempted", "its message");
    check(disrupted("DeletionByTaintManager"), PodLook::Terminating, "evicted", "its message");
    let failed = |pod: &mut Pod| {
        pod.status.phase = Phase::Failed;
        (pod.status.reason, pod.status.message) = ("Evicted".into(), "The node was low on resource: memory. ".into());
    };
    check(failed, PodLook::Finished, "Evicted", "The node was low on resource: memory. ");
    let cleared_away = |pod: &mut Pod| {
        failed(pod);
        pod.metadata.deletion_timestamp = Some(Time(9));
    };
    check(cleared_away, PodLook::Terminating, "Evicted", "The node was low on resource: memory. ");
    let nominated = |pod: &mut Pod| {
        pod.node_name = None;
        pod.status.nominated_node_name = "n1".into();
        let message = "0/4 nodes are available: 1 Insufficient cpu.";
        pod.status.conditions = vec![condition(PodConditionType::PodScheduled, ConditionStatus::False, message)];
    };
    let message = "0/4 nodes are available: 1 Insufficient cpu.";
    check(nominated, PodLook::Unschedulable, "nominated to n1", message);
}

#[test]
fn failures_in_upstream_words() {
    let waits = |reason: &'static str, message: &'static str| {
        move |pod: &mut Pod| pod.status.container_statuses = vec![container_in(waiting(reason, message))]
    };
    let back_off = "Back-off pulling image \"x:bad\"";
    check(waits("ImagePullBackOff", back_off), PodLook::Failing, "ImagePullBackOff", back_off);
    check(waits("CrashLoopBackOff", ""), PodLook::Failing, "CrashLoopBackOff", "");
    let fell = |pod: &mut Pod| {
        let state = ContainerState::Terminated(Termination { exit_code: 1, reason: "Error", ..Termination::default() });
        pod.status.container_statuses = vec![container_in(state)];
    };
    check(fell, PodLook::Failing, "Error", "exit code 1");
    let creating = |pod: &mut Pod| {
        pod.status.phase = Phase::Pending;
        waits("ContainerCreating", "")(pod);
    };
    check(creating, PodLook::Starting, "starting", "");
}

#[test]
fn waits_for_min_ready_seconds() {
    let at = |now| chip(&at(&ready_pod(), now), &owners(5), None);
    assert_eq!((at(7_999).look, at(8_000).look), (PodLook::Ready, PodLook::Available));
    assert_eq!((at(7_999).started_at, at(7_999).ends_at), (Some(Time(3_400)), Some(Time(8_000))));
    assert_eq!(at(8_000).ends_at, None);
}

#[test]
fn knows_its_daemon_set() {
    let mut pod = ready_pod();
    let chip_now = chip_of(&pod);
    assert_eq!((chip_now.workload.as_str(), chip_now.style, chip_now.up_to_date), ("nginx", Some(4), false));
    assert_eq!(chip_now.workload_key, Some(Key::new("default", "nginx")));
    assert_eq!((chip_now.restarts, chip_now.image.as_str()), (2, "nginx:1.27"));
    pod.metadata.labels_mut().insert(well_known::CONTROLLER_REVISION_HASH.into(), "new".into());
    assert!(chip_of(&pod).up_to_date);
    pod.metadata.owner_references = Default::default();
    let orphan = chip_of(&pod);
    assert_eq!((orphan.workload.as_str(), orphan.workload_key, orphan.style), ("nginx-x7k2p", None, None));
}

#[test]
fn keeps_its_colour_when_its_daemon_set_is_gone() {
    let before = chip_of(&ready_pod());
    let after = chip(&at(&ready_pod(), 10_000), &Owners(Map::new()), Some(&before));
    assert_eq!((after.style, after.workload.as_str()), (Some(4), "nginx"));
    let mut orphan = ready_pod();
    orphan.metadata.owner_references = Default::default();
    assert_eq!(chip(&at(&orphan, 10_000), &Owners(Map::new()), Some(&before)).style, None);
}

#[test]
fn runs_where_it_should_not() {
    let mut node = Node::default();
    let misscheduled =
        |node: &Node| chip(&PodIn { node: Some(node), ..at(&ready_pod(), 0) }, &owners(0), None).misscheduled;
    assert!(!misscheduled(&node));
    node.spec.taints = vec![Taint::new("dedicated", TaintEffect::NoSchedule)];
    assert!(misscheduled(&node));
}

#[test]
fn shows_what_is_under_way() {
    let mut pod = ready_pod();
    pod.status = crate::api::PodStatus::default();
    let pulling = Progress { stage: Stage::Pulling, started_at: Time(1), ends_at: Time(2) };
    let chip = chip(&PodIn { progress: Some(pulling), ..at(&pod, 1) }, &owners(0), None);
    assert_eq!((chip.doing.as_str(), chip.started_at, chip.ends_at), ("pulling", Some(Time(1)), Some(Time(2))));
}
