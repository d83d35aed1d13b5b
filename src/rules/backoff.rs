//! Exponential back-off by key.
//!
//! Upstream: `k8s.io/client-go/util/flowcontrol/backoff.go`. The controller gives one to
//! failed daemon pods: 1 s, doubled up to 15 min.

use crate::base::{Map, Millis, SECOND_MS, Time};

/// Back-off by key, without jitter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Backoff {
    initial_ms: Millis,
    max_ms: Millis,
    entries: Map<String, Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    delay_ms: Millis,
    last_update: Time,
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
            .is_some_and(|entry| !self.is_expired(entry, now) && now.since(entry.last_update) < entry.delay_ms)
    }

    /// Takes note of a failure: the delay starts, or doubles.
    pub fn next(&mut self, key: &str, now: Time) {
        let known = self.entries.get(key).filter(|entry| !self.is_expired(entry, now));
        let delay_ms = known.map_or(self.initial_ms, |entry| (entry.delay_ms * 2).min(self.max_ms));
        self.entries.insert(key.to_owned(), Entry { delay_ms, last_update: now });
    }

    /// Forgets what is so old that it would start anew anyway.
    pub fn collect_garbage(&mut self, now: Time) {
        let keep_ms = self.max_ms * 2;
        self.entries.retain(|_, entry| now.since(entry.last_update) <= keep_ms);
    }

    fn is_expired(&self, entry: &Entry, now: Time) -> bool {
        now.since(entry.last_update) > self.max_ms * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
