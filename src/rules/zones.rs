//! How fast the nodes of a zone are tainted NoExecute: slower, or not at all, where so many
//! are sick that the fault may be the control plane's own.
//!
//! Upstream: `pkg/controller/nodelifecycle/node_lifecycle_controller.go` (`ComputeZoneState`,
//! `handleDisruption`), defaults of kube-controller-manager (`--node-eviction-rate`,
//! `--secondary-node-eviction-rate`, `--unhealthy-zone-threshold`, `--large-cluster-size-threshold`).

use crate::base::{Millis, SECOND_MS};

/// How many nodes of a zone are Ready, and how many are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Health {
    /// Ready.
    pub ready: usize,
    /// NotReady or Unknown.
    pub sick: usize,
}

impl Health {
    /// Whether nothing in the zone works.
    #[must_use]
    pub fn is_fully_disrupted(self) -> bool {
        self.ready == 0 && self.sick > 0
    }

    /// Time from one node's taint to the next one's; nothing if none is tainted. A zone that
    /// is wholly down goes at the usual rate, as long as another works.
    #[must_use]
    pub fn taint_every_ms(self) -> Option<Millis> {
        let size = self.ready + self.sick;
        // At least 55 % and three nodes.
        let partly_disrupted = self.ready > 0 && self.sick > 2 && self.sick * 100 >= size * 55;
        match partly_disrupted {
            false => Some(10 * SECOND_MS),
            true if size > 50 => Some(100 * SECOND_MS),
            true => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_sick_nodes_slow_tainting_down() {
        let check = |ready, sick, want| assert_eq!(Health { ready, sick }.taint_every_ms(), want, "{ready} {sick}");
        check(10, 0, Some(10_000));
        check(1, 2, Some(10_000));
        check(1, 3, None);
        check(45, 54, Some(10_000));
        check(45, 55, Some(100_000));
        check(22, 27, None);
        check(0, 5, Some(10_000));
    }
}
