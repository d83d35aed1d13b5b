//! What a recorder of `k8s.io/client-go/tools/record` makes of an event: a new object, one
//! more of an object's count, one of many that are combined, or nothing at all. A pure
//! function of times and keys: texts come as digests.
//!
//! Upstream: `k8s.io/client-go/tools/record/events_cache.go`.

use crate::base::{Millis, SECOND_MS, Time};
use serde::{Deserialize, Serialize};

/// From so many different messages of one reason on, events are combined.
const AGGREGATE_MAX: usize = 10;
/// A reason that rested for longer than this starts anew.
const AGGREGATE_INTERVAL_MS: Millis = 600 * SECOND_MS;
/// So many events about one object are written in a burst,
const SPAM_BURST: Millis = 25;
/// and one more after each of these.
const SPAM_REFILL_MS: Millis = 300 * SECOND_MS;
/// Most entries of upstream's caches.
pub const LRU_MAX: usize = 4_096;

/// What becomes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Observed {
    /// The event whose object it is counted in: itself if the object is new.
    pub first: u64,
    /// When that one was recorded.
    pub since: Time,
    /// How many the object stands for.
    pub count: u32,
    /// What the API server gets.
    pub fate: Fate,
}

/// What the API server gets of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fate {
    /// An object, or a new count of it.
    Written,
    /// An object for all that are similar; its message tells of the latest.
    Combined,
    /// Nothing now: the recorder keeps count of a series and writes it later.
    Held,
    /// Nothing: too many about one object.
    Dropped,
}

/// What one recorder remembers of events of one type about one object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trail {
    /// The token bucket; a token is [`SPAM_REFILL_MS`].
    tokens_ms: Millis,
    /// When it was looked at last, which is when the trail was used last.
    used_at: Time,
    groups: Vec<Group>,
    counts: Vec<Count>,
}

/// Events that differ in their messages only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Group {
    reason: u64,
    messages: Vec<u64>,
    last_at: Time,
}

/// What an object counts: events of one message, or (`None`) those that are combined.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Count {
    of: (u64, Option<u64>),
    first: u64,
    since: Time,
    count: u32,
}

impl Trail {
    /// Before the first event.
    #[must_use]
    pub fn new(now: Time) -> Trail {
        Trail { tokens_ms: SPAM_BURST * SPAM_REFILL_MS, used_at: now, groups: Vec::new(), counts: Vec::new() }
    }

    /// When the latest event came.
    #[must_use]
    pub fn used_at(&self) -> Time {
        self.used_at
    }

    /// Takes note of event number `id`.
    pub fn observe(&mut self, id: u64, reason: u64, message: u64, now: Time) -> Observed {
        let combined = self.is_one_of_many(reason, message, now);
        let count = self.count(id, (reason, (!combined).then_some(message)), now);
        let fate = match (self.accept(now), combined) {
            (false, _) => Fate::Dropped,
            (true, true) => Fate::Combined,
            (true, false) => Fate::Written,
        };
        Observed { first: count.first, since: count.since, count: count.count, fate }
    }

    fn is_one_of_many(&mut self, reason: u64, message: u64, now: Time) -> bool {
        let known = self.groups.iter().position(|group| group.reason == reason);
        let mut group = match known {
            Some(at) => self.groups.remove(at),
            None => Group { reason, messages: Vec::new(), last_at: now },
        };
        if now.since(group.last_at) > AGGREGATE_INTERVAL_MS {
            group.messages.clear();
        }
        group.last_at = now;
        if !group.messages.contains(&message) {
            group.messages.push(message);
        }
        let combined = group.messages.len() >= AGGREGATE_MAX;
        if combined {
            // Upstream forgets any one of them.
            group.messages.remove(0);
        }
        keep_newest(&mut self.groups, group);
        combined
    }

    fn count(&mut self, id: u64, of: (u64, Option<u64>), now: Time) -> Count {
        let known = self.counts.iter().position(|count| count.of == of);
        let mut count = match known {
            Some(at) => self.counts.remove(at),
            None => Count { of, first: id, since: now, count: 0 },
        };
        count.count = count.count.saturating_add(1);
        keep_newest(&mut self.counts, count.clone());
        count
    }

    fn accept(&mut self, now: Time) -> bool {
        let filled_ms = self.tokens_ms.saturating_add(now.since(self.used_at));
        self.tokens_ms = filled_ms.min(SPAM_BURST * SPAM_REFILL_MS);
        self.used_at = now;
        let accepted = self.tokens_ms >= SPAM_REFILL_MS;
        if accepted {
            self.tokens_ms -= SPAM_REFILL_MS;
        }
        accepted
    }
}

/// Adds what was used last; what was used longest ago goes where there are too many.
fn keep_newest<T>(entries: &mut Vec<T>, entry: T) {
    if entries.len() >= LRU_MAX {
        entries.remove(0);
    }
    entries.push(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events `(second, reason, message)` and what each came to: `+` is a new object, `x3` the
    /// third of one, `~` before it a combined one, `-` before it one that was dropped.
    fn check(events: &[(i64, u64, u64)], want: &str) {
        let mut trail = Trail::new(Time(0));
        let mut got = Vec::new();
        for (id, (second, reason, message)) in (0_u64..).zip(events) {
            let observed = trail.observe(id, *reason, *message, Time(second * SECOND_MS));
            let sign = match observed.fate {
                Fate::Combined => "~",
                Fate::Dropped => "-",
                Fate::Written | Fate::Held => "",
            };
            assert_eq!(observed.first == id, observed.count == 1);
            let count = if observed.count == 1 { "+".to_owned() } else { format!("x{}", observed.count) };
            got.push(format!("{sign}{count}"));
        }
        assert_eq!(got.join(" "), want, "{events:?}");
    }

    #[test]
    fn counts_what_is_the_same() {
        check(&[(0, 1, 1), (1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 1, 1)], "+ x2 + + x3");
        // Hours later still.
        check(&[(0, 1, 1), (7_200, 1, 1)], "+ x2");
    }

    #[test]
    fn combines_from_the_tenth_message_on() {
        let messages = |count: u64| (0..count).map(|message| (0, 1, message)).collect::<Vec<_>>();
        check(&messages(9), "+ + + + + + + + +");
        check(&messages(12), "+ + + + + + + + + ~+ ~x2 ~x3");
        // One of the nine that are remembered is not new, and counted by itself.
        let mut repeated = messages(10);
        repeated.push((0, 1, 8));
        check(&repeated, "+ + + + + + + + + ~+ x2");
        // Another reason has its own ten.
        let mut other = messages(11);
        other.push((0, 2, 99));
        check(&other, "+ + + + + + + + + ~+ ~x2 +");
    }

    #[test]
    fn combines_no_more_after_ten_quiet_minutes() {
        let after = |rest: i64| {
            let mut events: Vec<_> = (0..10).map(|message| (0, 1, message)).collect();
            events.push((rest, 1, 50));
            events
        };
        check(&after(600), "+ + + + + + + + + ~+ ~x2");
        check(&after(601), "+ + + + + + + + + ~+ +");
        // The object of the combined ones goes on once there are ten again.
        let mut again = after(601);
        again.extend((51..60).map(|message| (602, 1, message)));
        check(&again, "+ + + + + + + + + ~+ + + + + + + + + + ~x2");
    }

    #[test]
    fn drops_what_is_beyond_a_burst() {
        let mut events: Vec<_> = (0..26).map(|_| (0, 1, 1)).collect();
        events.extend([(299, 1, 1), (300, 1, 1), (300, 1, 1)]);
        let counted: Vec<_> = (2..=25).map(|count| format!("x{count}")).collect();
        // Those dropped are counted all the same.
        check(&events, &format!("+ {} -x26 -x27 x28 -x29", counted.join(" ")));
        // A full bucket fills no further.
        let mut rested: Vec<_> = vec![(0, 1, 1)];
        rested.extend((0..26).map(|_| (100_000, 1, 1)));
        let counted: Vec<_> = (2..=26).map(|count| format!("x{count}")).collect();
        check(&rested, &format!("+ {} -x27", counted.join(" ")));
    }

    #[test]
    fn remembers_no_more_than_its_limit() {
        let mut trail = Trail::new(Time(0));
        for id in 0..10_000 {
            trail.observe(id, id, 1, Time(0));
        }
        assert_eq!((trail.groups.len(), trail.counts.len()), (LRU_MAX, LRU_MAX));
        assert_eq!(trail.observe(10_000, 0, 1, Time(0)).count, 1);
        assert_eq!(trail.observe(10_001, 9_999, 1, Time(0)).count, 2);
    }
}
