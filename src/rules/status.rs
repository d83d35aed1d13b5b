//! What a DaemonSet's status says.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`updateDaemonSetStatus`,
//! `storeDaemonSetStatus`).

use super::pods::by_age;
use super::roster::Roster;
use crate::api::{DaemonSet, DaemonSetStatus};
use crate::base::Time;

/// Whether DESIRED, CURRENT, READY, UP-TO-DATE, AVAILABLE and misscheduled count a node.
pub type Counted = [bool; 6];

/// Counts the columns.
#[must_use]
pub fn compute(daemon_set: &DaemonSet, roster: &Roster, now: Time) -> DaemonSetStatus {
    let mut status = DaemonSetStatus {
        observed_generation: daemon_set.status.observed_generation,
        collision_count: daemon_set.status.collision_count,
        ..DaemonSetStatus::default()
    };
    for counted in counted(roster, now) {
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

/// Which columns count each node. Of several pods on a node only the oldest counts.
pub fn counted(roster: &Roster, now: Time) -> impl Iterator<Item = Counted> {
    roster.spots().iter().map(move |spot| {
        let oldest = spot.pods.iter().min_by(|a, b| by_age(&a.pod, &b.pod));
        if !spot.verdict.should_run {
            return [false, false, false, false, false, oldest.is_some()];
        }
        let Some(pod) = oldest else { return [true, false, false, false, false, false] };
        [true, true, pod.is_ready(), pod.is_present, pod.is_available(now), false]
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
