//! What a DaemonSet's status says.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`updateDaemonSetStatus`,
//! `storeDaemonSetStatus`).

use super::pods::by_age;
use super::roster::Roster;
use crate::api::{DaemonSet, DaemonSetStatus};
use crate::base::Time;

/// Counts the columns. Of several pods on a node only the oldest counts.
#[must_use]
pub fn compute(daemon_set: &DaemonSet, roster: &Roster, now: Time) -> DaemonSetStatus {
    let mut status = DaemonSetStatus {
        observed_generation: daemon_set.status.observed_generation,
        collision_count: daemon_set.status.collision_count,
        ..DaemonSetStatus::default()
    };
    for spot in roster.spots() {
        let oldest = spot.pods.iter().min_by(|a, b| by_age(&a.pod, &b.pod));
        if !spot.verdict.should_run {
            status.number_misscheduled += i32::from(oldest.is_some());
            continue;
        }
        status.desired_number_scheduled += 1;
        let Some(pod) = oldest else { continue };
        status.current_number_scheduled += 1;
        status.number_ready += i32::from(pod.is_ready());
        status.number_available += i32::from(pod.is_available(now));
        status.updated_number_scheduled += i32::from(pod.is_present);
    }
    status.number_unavailable = status.desired_number_scheduled - status.number_available;
    status
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
