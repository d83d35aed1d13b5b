//! Pods as chips: what one looks like, what it is doing and why.

use super::styles::Styles;
use crate::api::{
    ConditionStatus, ContainerState, ContainerStatus, Key, Node, Phase, Pod, PodConditionType, Termination, well_known,
};
use crate::base::{Map, SECOND_MS, Time};
use crate::rules::placement::{self, Placement};
use crate::rules::pod_row::row;
use crate::rules::pods::Present;
use crate::sim::{Progress, Stage, World};
use crate::view::frame::{PodChip, PodLook};

/// What a chip needs to know of the pod's DaemonSet.
pub struct Owner {
    key: Key,
    style: Option<usize>,
    placement: Placement,
    present: Present,
    min_ready_seconds: i32,
}

/// DaemonSets by UID.
pub struct Owners(Map<String, Owner>);

impl Owners {
    /// Those of the world.
    pub fn of(world: &World, styles: &Styles) -> Owners {
        let owner = |(key, daemon_set): (&Key, &std::rc::Rc<crate::api::DaemonSet>)| {
            let owner = Owner {
                style: styles.get(key),
                placement: Placement::of(daemon_set),
                present: Present::of(daemon_set, &current_hash(world, key)),
                min_ready_seconds: daemon_set.spec.min_ready_seconds,
                key: key.clone(),
            };
            (daemon_set.metadata.uid.clone(), owner)
        };
        Owners(world.store().daemon_sets.iter().map(owner).collect())
    }

    fn owner_of(&self, pod: &Pod) -> Option<&Owner> {
        self.0.get(&pod.metadata.controller()?.uid)
    }
}

/// The hash of a DaemonSet's present template; empty until the controller has made its
/// revision.
pub fn current_hash(world: &World, key: &Key) -> String {
    let revision = world.current_revision(key);
    revision.and_then(|r| r.metadata.labels.get(well_known::CONTROLLER_REVISION_HASH).cloned()).unwrap_or_default()
}

/// A pod and what is known of it beside its object.
pub struct PodIn<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// The node that it is on or meant for, if that is there.
    pub node: Option<&'a Node>,
    /// What its kubelet is busy with.
    pub progress: Option<Progress>,
    /// The moment.
    pub now: Time,
}

/// A pod as a chip. `before` is its chip in the frame on screen.
pub fn chip(pod_in: &PodIn<'_>, owners: &Owners, before: Option<&PodChip>) -> PodChip {
    let &PodIn { pod, node, progress, now } = pod_in;
    let owner = owners.owner_of(pod);
    let controller = pod.metadata.controller();
    let workload_key = controller.map(|controller| Key::new(pod.metadata.namespace.clone(), controller.name.clone()));
    let min_ready_seconds = owner.map_or(0, |owner| owner.min_ready_seconds);
    let state = state(pod, progress.map(|progress| progress.stage), min_ready_seconds, now);
    let (started_at, ends_at) = span(pod, progress, state.look, min_ready_seconds);
    PodChip {
        uid: pod.metadata.uid.clone(),
        key: pod.key(),
        workload: controller.map_or(&pod.metadata.name, |controller| &controller.name).clone(),
        // A pod whose DaemonSet is gone keeps the colour that it had.
        style: match owner {
            Some(owner) => owner.style,
            None => controller.and(before).and_then(|chip| chip.style),
        },
        workload_key: owner.map(|owner| owner.key.clone()).or(workload_key),
        node: pod.target_node().unwrap_or_default().to_owned(),
        up_to_date: owner.is_none_or(|owner| owner.present.has_made(pod)),
        look: state.look,
        doing: state.doing,
        reason: state.reason,
        started_at,
        ends_at,
        restarts: row(&pod.spec, &pod.status).restarts,
        misscheduled: is_misscheduled(owner, node),
        image: pod.spec.containers.first().map(|container| container.image.clone()).unwrap_or_default(),
        created_at: pod.metadata.creation_timestamp,
    }
}

fn is_misscheduled(owner: Option<&Owner>, node: Option<&Node>) -> bool {
    let (Some(owner), Some(node)) = (owner, node) else {
        return false;
    };
    !placement::should_run(&owner.placement, node).should_run
}

/// What a pod looks like, what it is doing, and why.
#[derive(Debug, PartialEq)]
struct State {
    look: PodLook,
    doing: String,
    reason: String,
}

impl State {
    fn new(look: PodLook, doing: impl Into<String>, reason: impl Into<String>) -> State {
        State { look, doing: doing.into(), reason: reason.into() }
    }
}

fn state(pod: &Pod, stage: Option<Stage>, min_ready_seconds: i32, now: Time) -> State {
    if pod.status.phase.is_terminal() {
        let look = if pod.is_deleting() { PodLook::Terminating } else { PodLook::Finished };
        let reason = &pod.status.reason;
        return State::new(look, if reason.is_empty() { "ended" } else { reason }, end_reason(pod));
    }
    if pod.is_deleting() {
        return ending_state(pod);
    }
    if pod.node_name.is_none() {
        return unbound_state(pod);
    }
    let of_main = pod.status.container_statuses.iter().find_map(|status| failing_state(status, ""));
    if let Some(failing) =
        of_main.or_else(|| pod.status.init_container_statuses.iter().find_map(|status| failing_state(status, "Init:")))
    {
        return failing;
    }
    if pod.status.phase == Phase::Pending {
        return State::new(PodLook::Starting, starting_word(stage), starting_reason(pod));
    }
    if pod.is_available(min_ready_seconds, now) {
        return State::new(PodLook::Available, "ready", "");
    }
    if pod.is_ready() {
        return State::new(PodLook::Ready, "ready", "");
    }
    let message = pod.condition(PodConditionType::Ready).map_or("", |ready| &ready.message);
    State::new(PodLook::NotReady, "not ready", message)
}

/// A pod that stops, and who sends it away if it is not just deleted.
fn ending_state(pod: &Pod) -> State {
    let (doing, why) = match pod.condition(PodConditionType::DisruptionTarget) {
        Some(target) if target.reason == "PreemptionByScheduler" => ("preempted", target.message.as_str()),
        Some(target) => ("evicted", target.message.as_str()),
        None => ("ending", ""),
    };
    State::new(PodLook::Terminating, doing, why)
}

fn unbound_state(pod: &Pod) -> State {
    match pod.condition(PodConditionType::PodScheduled) {
        Some(scheduled) if scheduled.status == ConditionStatus::False => {
            let doing = match pod.status.nominated_node_name.as_str() {
                "" => "unschedulable".to_owned(),
                node => ["nominated to ", node].concat(),
            };
            State::new(PodLook::Unschedulable, doing, scheduled.message.as_str())
        }
        _ => State::new(PodLook::Pending, "scheduling", ""),
    }
}

/// A container that was tried and did not come up, or that fell; `prefix` is what kubectl puts
/// before the reasons of init containers.
fn failing_state(status: &ContainerStatus, prefix: &str) -> Option<State> {
    match &status.state {
        // These two are the ways of one that has not been tried yet.
        ContainerState::Waiting { reason, .. }
            if matches!(reason.as_str(), "" | "ContainerCreating" | "PodInitializing") =>
        {
            None
        }
        ContainerState::Waiting { reason, message } => {
            Some(State::new(PodLook::Failing, [prefix, reason].concat(), message))
        }
        ContainerState::Terminated(ended) if ended.exit_code != 0 => {
            Some(State::new(PodLook::Failing, [prefix, ended.reason].concat(), exit_text(ended)))
        }
        ContainerState::Terminated(_) | ContainerState::Running { .. } => None,
    }
}

fn exit_text(ended: &Termination) -> String {
    format!("exit code {}", ended.exit_code)
}

fn starting_word(stage: Option<Stage>) -> &'static str {
    match stage {
        Some(Stage::Pulling) => "pulling",
        Some(Stage::InitContainer) => "initializing",
        _ => "starting",
    }
}

/// How far the init containers are, as kubectl says it.
fn starting_reason(pod: &Pod) -> String {
    let status = row(&pod.spec, &pod.status).status;
    if status.starts_with("Init:") { status } else { String::new() }
}

/// Why a pod ended: its own reason if it was rejected or evicted, else its container's.
fn end_reason(pod: &Pod) -> String {
    let status = &pod.status;
    if !status.message.is_empty() || !status.reason.is_empty() {
        return if status.message.is_empty() { status.reason.clone() } else { status.message.clone() };
    }
    let ended = status.container_statuses.iter().find_map(|container| match &container.state {
        ContainerState::Terminated(ended) => Some([ended.reason, ", ", &exit_text(ended)].concat()),
        _ => None,
    });
    ended.unwrap_or_default()
}

/// From when to when what is under way takes: the machine's work, or the wait for
/// `minReadySeconds`.
fn span(pod: &Pod, progress: Option<Progress>, look: PodLook, min_ready_seconds: i32) -> (Option<Time>, Option<Time>) {
    if let Some(progress) = progress {
        return (Some(progress.started_at), Some(progress.ends_at));
    }
    let ready = pod.condition(PodConditionType::Ready).filter(|_| look == PodLook::Ready);
    let since = ready.map(|ready| ready.last_transition_time);
    (since, since.map(|since| since.floor_to_second() + i64::from(min_ready_seconds) * SECOND_MS))
}

#[cfg(test)]
mod tests;
