//! What a DaemonSet's status says.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`updateDaemonSetStatus`,
//! `storeDaemonSetStatus`).

use super::roster::Roster;
use crate::api::{DaemonSet, DaemonSetStatus};
use crate::base::Time;

/// Counts the columns.
#[must_use]
pub fn compute(daemon_set: &DaemonSet, roster: &Roster, now: Time) -> DaemonSetStatus {
    let [desired, current, ready, updated, available, misscheduled] = roster.columns(now);
    DaemonSetStatus {
        desired_number_scheduled: desired,
        current_number_scheduled: current,
        number_ready: ready,
        updated_number_scheduled: updated,
        number_available: available,
        number_unavailable: desired - available,
        number_misscheduled: misscheduled,
        observed_generation: daemon_set.status.observed_generation,
        collision_count: daemon_set.status.collision_count,
    }
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
