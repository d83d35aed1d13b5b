//! Rollouts as spans of time, told by what `kubectl rollout status` looks at: from the change
//! of a DaemonSet's template to the status that counts every node updated and available.
//! DaemonSets with `OnDelete` have no rollouts in this sense.

use super::position::Position;
use crate::api::{DaemonSet, Key, UpdateStrategyType};
use crate::base::{Map, Time};
use crate::sim::Store;
use std::rc::Rc;

/// Most rollouts that are remembered; beyond, the oldest is forgotten.
const MAX_ROLLOUTS: usize = 200;

/// From a template's change until it is everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollout {
    /// The DaemonSet.
    pub key: Key,
    /// When the template changed (or the DaemonSet was created).
    pub from: Time,
    /// When the rollout was over, or the template changed again, or the DaemonSet went.
    pub to: Option<Time>,
    from_ordinal: u64,
    to_ordinal: u64,
}

/// The rollouts of one branch, as far as it was simulated.
pub(super) struct Rollouts {
    seen: Map<Key, Rc<DaemonSet>>,
    rollouts: Vec<Rollout>,
}

impl Rollouts {
    pub fn of(store: &Store) -> Rollouts {
        Rollouts { seen: store.daemon_sets.clone(), rollouts: Vec::new() }
    }

    pub fn all(&self) -> &[Rollout] {
        &self.rollouts
    }

    /// Takes in what the last turn did to DaemonSets; costs nothing if it did nothing.
    pub fn observe(&mut self, position: &Position) {
        let present = &position.world.store().daemon_sets;
        if self.seen.len() == present.len() && self.seen.values().zip(present.values()).all(|(a, b)| Rc::ptr_eq(a, b)) {
            return;
        }
        for (key, daemon_set) in present {
            let before = self.seen.get(key);
            if before.is_some_and(|before| Rc::ptr_eq(before, daemon_set)) {
                continue;
            }
            if before.is_none_or(|before| is_other_pods(before, daemon_set)) {
                self.close(key, position);
                self.open(key, daemon_set, position);
            } else if is_rolled_out(daemon_set) {
                self.close(key, position);
            }
        }
        let gone: Vec<Key> = self.seen.keys().filter(|key| !present.contains_key(*key)).cloned().collect();
        gone.iter().for_each(|key| self.close(key, position));
        self.seen = present.clone();
    }

    /// Goes back to an earlier position.
    pub fn cut(&mut self, position: &Position) {
        self.seen = position.world.store().daemon_sets.clone();
        self.rollouts.retain(|rollout| rollout.from_ordinal <= position.ordinal);
        for rollout in self.rollouts.iter_mut().filter(|rollout| rollout.to_ordinal > position.ordinal) {
            rollout.to = None;
            rollout.to_ordinal = 0;
        }
    }

    fn open(&mut self, key: &Key, daemon_set: &DaemonSet, position: &Position) {
        if daemon_set.spec.update_strategy.kind != UpdateStrategyType::RollingUpdate {
            return;
        }
        let (from, from_ordinal) = (position.world.now(), position.ordinal);
        self.rollouts.push(Rollout { key: key.clone(), from, to: None, from_ordinal, to_ordinal: 0 });
        if self.rollouts.len() > MAX_ROLLOUTS {
            self.rollouts.remove(0);
        }
    }

    fn close(&mut self, key: &Key, position: &Position) {
        let open = self.rollouts.iter_mut().rev().find(|rollout| rollout.key == *key);
        if let Some(rollout) = open.filter(|rollout| rollout.to.is_none()) {
            rollout.to = Some(position.world.now());
            rollout.to_ordinal = position.ordinal;
        }
    }
}

/// Whether the one would make other pods than the other, or is another DaemonSet of its name.
fn is_other_pods(before: &DaemonSet, after: &DaemonSet) -> bool {
    before.metadata.uid != after.metadata.uid
        || (!Rc::ptr_eq(&before.spec.template, &after.spec.template) && before.spec.template != after.spec.template)
}

/// Upstream: `k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go`.
fn is_rolled_out(daemon_set: &DaemonSet) -> bool {
    let status = &daemon_set.status;
    status.observed_generation >= daemon_set.metadata.generation
        && status.updated_number_scheduled >= status.desired_number_scheduled
        && status.number_available >= status.desired_number_scheduled
}
