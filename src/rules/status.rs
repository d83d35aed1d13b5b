//! What a DaemonSet's status says.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`updateDaemonSetStatus`,
//! `storeDaemonSetStatus`).

use super::placement::{self, Placement};
use super::pods::{PodsByNode, Present, by_age};
use crate::api::{DaemonSet, DaemonSetStatus, Node, Pod};
use crate::base::Time;

/// Whether DESIRED, CURRENT, READY, UP-TO-DATE, AVAILABLE and misscheduled count a node.
pub type Counted = [bool; 6];

/// Counts the columns; `pods` are by `nodes`. Of several pods on a node only the oldest
/// counts.
#[must_use]
pub fn compute(
    daemon_set: &DaemonSet,
    placement: &Placement,
    nodes: &[&Node],
    pods: &PodsByNode<'_>,
    hash: &str,
    now: Time,
) -> DaemonSetStatus {
    let mut status = DaemonSetStatus {
        observed_generation: daemon_set.status.observed_generation,
        collision_count: daemon_set.status.collision_count,
        ..DaemonSetStatus::default()
    };
    for counted in counted(daemon_set, placement, nodes, pods, hash, now) {
        let [desired, current, ready, updated, available, misscheduled] = counted.map(i32::from);
        status.desired_number_scheduled += desired;
        status.current_number_scheduled += current;
        status.number_ready += ready;
        status.updated_number_scheduled += updated;
        status.number_available += available;
        status.number_misscheduled += misscheduled;
    }
    status.number_unavailable = status.desired_number_scheduled - status.number_available;
    status
}

/// Which columns count each node.
pub fn counted<'a>(
    daemon_set: &'a DaemonSet,
    placement: &'a Placement,
    nodes: &'a [&'a Node],
    pods: &'a PodsByNode<'a>,
    hash: &str,
    now: Time,
) -> impl Iterator<Item = Counted> + use<'a> {
    let present = Present::of(daemon_set, hash);
    nodes.iter().zip(pods.iter()).map(move |(node, pods)| {
        let oldest = oldest(pods);
        if !placement::should_run(placement, node).should_run {
            return [false, false, false, false, false, oldest.is_some()];
        }
        let Some(pod) = oldest else { return [true, false, false, false, false, false] };
        let available = pod.is_available(daemon_set.spec.min_ready_seconds, now);
        [true, true, pod.is_ready(), present.has_made(pod), available, false]
    })
}

/// The status to store, or `None` if the stored one will do. The generation counts as
/// observed only if the spec was acted on.
#[must_use]
pub fn to_store(
    daemon_set: &DaemonSet,
    mut computed: DaemonSetStatus,
    observe_generation: bool,
) -> Option<DaemonSetStatus> {
    let generation = daemon_set.metadata.generation;
    if computed == daemon_set.status && daemon_set.status.observed_generation >= generation {
        return None;
    }
    if observe_generation {
        computed.observed_generation = generation;
    }
    Some(computed)
}

fn oldest<'a>(pods: &[&'a Pod]) -> Option<&'a Pod> {
    pods.iter().copied().min_by(|a, b| by_age(a, b))
}
