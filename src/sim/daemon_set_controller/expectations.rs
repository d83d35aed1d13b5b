//! Creations and deletions that the controller has asked for and not seen yet: until it
//! has, it does not act again, lest it do things twice.
//!
//! Upstream: `pkg/controller/controller_utils.go` (`ControllerExpectations`).

use crate::api::{Key, Uid};
use crate::base::{Map, Millis, SECOND_MS, Set, Time};

/// After this expectations count as met, whatever was seen.
const TIMEOUT_MS: Millis = 5 * 60 * SECOND_MS;

/// Expectations by DaemonSet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Expectations(Map<Key, Expected>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Expected {
    creations: usize,
    /// Upstream counts; by UID an unrelated deletion is not mistaken for an awaited one.
    deletions: Set<Uid>,
    since: Time,
}

impl Expectations {
    /// Notes what a sync asks for.
    pub fn set(&mut self, key: &Key, creations: usize, deletions: Set<Uid>, now: Time) {
        self.0.insert(key.clone(), Expected { creations, deletions, since: now });
    }

    /// A pod was seen for the first time.
    pub fn creation_observed(&mut self, key: &Key) {
        if let Some(expected) = self.0.get_mut(key) {
            expected.creations = expected.creations.saturating_sub(1);
        }
    }

    /// A pod was seen being deleted or gone.
    pub fn deletion_observed(&mut self, key: &Key, uid: &str) {
        if let Some(expected) = self.0.get_mut(key) {
            expected.deletions.remove(uid);
        }
    }

    /// Whether everything asked for was seen, or has been waited for long enough.
    pub fn are_met(&self, key: &Key, now: Time) -> bool {
        self.0.get(key).is_none_or(|expected| {
            (expected.creations == 0 && expected.deletions.is_empty()) || now.since(expected.since) > TIMEOUT_MS
        })
    }

    /// Nothing is expected any more.
    pub fn forget(&mut self, key: &Key) {
        self.0.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn met_once_all_is_seen_or_time_is_up() {
        let (mut expectations, key) = (Expectations::default(), Key::new("ns", "ds"));
        assert!(expectations.are_met(&key, Time(0)));
        expectations.set(&key, 1, Set::from(["u1".to_owned()]), Time(0));
        expectations.creation_observed(&key);
        expectations.deletion_observed(&key, "other");
        assert!(!expectations.are_met(&key, Time(1_000)));
        assert!(expectations.are_met(&key, Time(300_001)));
        expectations.deletion_observed(&key, "u1");
        assert!(expectations.are_met(&key, Time(1_000)));
    }
}
