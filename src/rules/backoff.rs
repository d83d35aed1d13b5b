//! Exponential back-off by key.
//!
//! Upstream: `k8s.io/client-go/util/flowcontrol/backoff.go`. The controller gives one to
//! failed daemon pods: 1 s, doubled up to 15 min; kubelets to pulls and restarts: 10 s, doubled
//! up to 5 min. After a rest of twice the longest delay it begins anew.

use crate::base::{Map, Millis, SECOND_MS, Time};

/// The back-off of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delay {
    /// How long it is now.
    pub delay_ms: Millis,
    last_update: Time,
}

impl Delay {
    /// After a failure: the delay starts (with the first of the limits), or doubles (up to the
    /// second).
    #[must_use]
    pub fn next(known: Option<Delay>, failed_at: Time, now: Time, (initial_ms, max_ms): (Millis, Millis)) -> Delay {
        let known = known.filter(|delay| !delay.is_expired(failed_at, max_ms));
        let delay_ms = known.map_or(initial_ms, |delay| delay.delay_ms * 2).min(max_ms);
        Delay { delay_ms, last_update: now }
    }

    /// When the delay of a failure ends; `None` if the last one was so long before that it
    /// does not count any more.
    #[must_use]
    pub fn ends_at(&self, failed_at: Time, max_ms: Millis) -> Option<Time> {
        (!self.is_expired(failed_at, max_ms)).then_some(failed_at + self.delay_ms)
    }

    /// When the delay ends that began when it was last doubled.
    #[must_use]
    pub fn ends_after_update(&self) -> Time {
        self.last_update + self.delay_ms
    }

    fn is_expired(&self, at: Time, max_ms: Millis) -> bool {
        at.since(self.last_update) > max_ms * 2
    }
}

/// Back-off by key, without jitter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    initial_ms: Millis,
    max_ms: Millis,
    entries: Map<String, Delay>,
}

impl Backoff {
    /// The back-off of failed daemon pods.
    #[must_use]
    pub fn of_failed_pods() -> Backoff {
        Backoff { initial_ms: SECOND_MS, max_ms: 15 * 60 * SECOND_MS, entries: Map::new() }
    }

    /// The present delay of a key; 0 if it has none.
    #[must_use]
    pub fn get(&self, key: &str) -> Millis {
        self.entries.get(key).map_or(0, |entry| entry.delay_ms)
    }

    /// Whether the delay since the key's last failure has not passed yet.
    #[must_use]
    pub fn is_in_backoff_since_update(&self, key: &str, now: Time) -> bool {
        self.entries
            .get(key)
            .is_some_and(|entry| !entry.is_expired(now, self.max_ms) && now < entry.ends_after_update())
    }

    /// Takes note of a failure: the delay starts, or doubles.
    pub fn next(&mut self, key: &str, now: Time) {
        let delay = Delay::next(self.entries.get(key).copied(), now, now, (self.initial_ms, self.max_ms));
        self.entries.insert(key.to_owned(), delay);
    }

    /// Forgets what is so old that it would start anew anyway.
    pub fn collect_garbage(&mut self, now: Time) {
        let max_ms = self.max_ms;
        self.entries.retain(|_, entry| !entry.is_expired(now, max_ms));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_that_ran_for_long_begins_anew() {
        let limits = (10_000, 300_000);
        let mut delay = Delay::next(None, Time(0), Time(0), limits);
        for want in [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000] {
            assert_eq!((delay.delay_ms, delay.ends_after_update()), (want, Time(want)));
            delay = Delay::next(Some(delay), Time(0), Time(0), limits);
        }
        assert_eq!(delay.ends_at(Time(600_000), 300_000), Some(Time(900_000)));
        assert_eq!(delay.ends_at(Time(600_001), 300_000), None);
        assert_eq!(Delay::next(Some(delay), Time(600_001), Time(600_001), limits).delay_ms, 10_000);
    }

    #[test]
    fn doubles_to_its_limit_and_starts_anew_after_a_rest() {
        let mut backoff = Backoff::of_failed_pods();
        assert!(!backoff.is_in_backoff_since_update("a", Time(0)));
        backoff.next("a", Time(0));
        assert!(backoff.is_in_backoff_since_update("a", Time(999)));
        assert!(!backoff.is_in_backoff_since_update("a", Time(1_000)));
        for _ in 0..12 {
            backoff.next("a", Time(1_000));
        }
        assert_eq!(backoff.get("a"), 900_000);
        backoff.next("a", Time(1_000 + 1_800_001));
        assert_eq!(backoff.get("a"), 1_000);
        backoff.collect_garbage(Time(10_000_000));
        assert_eq!(backoff.get("a"), 0);
    }
}
