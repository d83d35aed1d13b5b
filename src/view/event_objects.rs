//! The Event objects of the API at one moment, as `kubectl get events` shows them. They follow
//! from the log of what happened: each logged event knows the object that it is counted in.

use super::describe::object_text;
use crate::base::{Map, Millis, SECOND_MS, Time, sort_by};
use crate::rules::event_correlator::{Fate, Observed};
use crate::rules::event_series::written_at;
use crate::sim::{Actor, Event, EventId, Fact};
use serde::Serialize;

/// How long the API server keeps an object after its last write (`--event-ttl`).
pub const TTL_MS: Millis = 3_600 * SECOND_MS;

/// Most objects that are listed: the newest.
pub const MAX_OBJECTS: usize = 10_000;

/// A Kubernetes Event object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventObject {
    /// The logged event that made it.
    pub first: EventId,
    /// The logged event that changed it last: its actor and cause tell who decided, and why.
    pub latest: EventId,
    /// Who reports.
    pub actor: Actor,
    /// The object that it is about, e.g. `pod nginx-x7k2p`.
    pub object: String,
    /// Type Warning.
    pub warning: bool,
    /// Reason.
    pub reason: String,
    /// Message.
    pub message: String,
    /// How often.
    pub count: u32,
    /// When it was first seen.
    pub first_at: Time,
    /// When it was seen last.
    pub last_at: Time,
}

/// What is gathered of an object, from its latest event back.
struct Gathered<'a> {
    newest: Option<&'a Event>,
    observed: Observed,
    /// The latest event that the API server has heard of, and when it did.
    shown: Option<(&'a Event, u32, Time)>,
    /// The earliest event that was met.
    earliest: &'a Event,
}

/// The objects at `now`, by the name of what they are about and then in the order of their
/// making. `events` are those that happened up to then, the latest first; they may end
/// wherever they like, what is older being unknown then.
#[must_use]
pub fn event_objects<'a>(events: impl Iterator<Item = &'a Event>, now: Time) -> Vec<EventObject> {
    let mut gathered: Map<u64, Gathered<'_>> = Map::new();
    for event in events {
        let Fact::Recorded { observed, .. } = &event.fact else { continue };
        if gathered.len() >= MAX_OBJECTS && !gathered.contains_key(&observed.first) {
            break;
        }
        let start = || Gathered { newest: None, observed: *observed, shown: None, earliest: event };
        let object = gathered.entry(observed.first).or_insert_with(start);
        object.earliest = event;
        if object.shown.is_none() {
            object.shown =
                heard_at(event, observed, now, object.newest.is_none()).map(|at| (event, observed.count, at));
        }
        object.newest.get_or_insert(event);
    }
    let mut objects: Vec<_> = gathered.values().filter_map(|object| object.at(now)).collect();
    sort_by(&mut objects, |a, b| a.object.cmp(&b.object).then(a.first.cmp(&b.first)));
    objects
}

/// When the API server heard last of an event, if it did.
fn heard_at(event: &Event, observed: &Observed, now: Time, newest: bool) -> Option<Time> {
    let is_series = event.actor == Actor::Scheduler && observed.count > 1;
    let later = if is_series { written_at(event.at, now, newest) } else { None };
    match observed.fate {
        Fate::Dropped => None,
        Fate::Held => later,
        Fate::Written | Fate::Combined => Some(later.unwrap_or(event.at)),
    }
}

impl Gathered<'_> {
    fn at(&self, now: Time) -> Option<EventObject> {
        let (event, count, heard_at) = self.shown?;
        if now.since(heard_at) >= TTL_MS {
            return None;
        }
        // A series keeps its first message; other objects tell of the latest.
        let of_text = if event.actor == Actor::Scheduler { self.earliest } else { event };
        let Fact::Recorded { reason, message, observed, .. } = &of_text.fact else { return None };
        let combined = if observed.fate == Fate::Combined { COMBINED } else { "" };
        Some(EventObject {
            first: EventId(self.observed.first),
            latest: event.id,
            actor: event.actor,
            object: object_text(&event.object),
            warning: event.is_warning(),
            reason: reason.clone(),
            message: [combined, message].concat(),
            count,
            first_at: self.observed.since,
            last_at: event.at,
        })
    }
}

/// What the message of an object for similar events begins with.
pub(super) const COMBINED: &str = "(combined from similar events): ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Key, Kind, ObjectRef};
    use crate::sim::EventType;

    fn event(id: u64, second: i64, actor: Actor, observed: Observed) -> Event {
        let fact = Fact::Recorded {
            event_type: EventType::Normal,
            reason: "Reason".into(),
            message: format!("message {id}"),
            observed,
        };
        let object = ObjectRef::new(Kind::Pod, Key::new("default", "a"));
        Event { id: EventId(id), at: Time(second * SECOND_MS), actor, cause: Some(EventId(0)), object, fact }
    }

    /// Events `(id, second, first, count, fate)` of object `first`, and the objects at `now` as
    /// `first..latest xcount last_second message`.
    fn check(actor: Actor, events: &[(u64, i64, u64, u32, Fate)], now: i64, want: &[&str]) {
        let since = |first: u64| events.iter().find(|event| event.0 == first).map_or(0, |event| event.1);
        let events: Vec<_> = events
            .iter()
            .map(|&(id, second, first, count, fate)| {
                event(id, second, actor, Observed { first, since: Time(since(first) * SECOND_MS), count, fate })
            })
            .collect();
        let objects = event_objects(events.iter().rev(), Time(now * SECOND_MS));
        let got: Vec<_> = objects
            .iter()
            .map(|object| {
                let (first, latest) = (object.first.0, object.latest.0);
                format!("{first}..{latest} x{} {}s {}", object.count, object.last_at.0 / SECOND_MS, object.message)
            })
            .collect();
        assert_eq!(got, want);
    }

    #[test]
    fn counts_are_those_of_the_latest_that_was_written() {
        let events = [
            (1, 0, 1, 1, Fate::Written),
            (2, 5, 2, 1, Fate::Combined),
            (3, 6, 1, 2, Fate::Written),
            (4, 7, 2, 2, Fate::Combined),
            (5, 8, 1, 3, Fate::Dropped),
        ];
        let combined = "2..4 x2 7s (combined from similar events): message 4";
        check(Actor::Kubelet, &events, 9, &["1..3 x2 6s message 3", combined]);
        check(Actor::Kubelet, &events, 3_605, &["1..3 x2 6s message 3", combined]);
        check(Actor::Kubelet, &events, 3_606, &[combined]);
        check(Actor::Kubelet, &events, 3_607, &[]);
        // One that was never written is none, and one that begins out of sight keeps its count.
        check(Actor::Kubelet, &[(9, 0, 3, 1, Fate::Dropped)], 1, &[]);
        check(Actor::Kubelet, &[(9, 0, 3, 7, Fate::Written)], 1, &["3..9 x7 0s message 9"]);
    }

    #[test]
    fn a_series_is_written_late_and_keeps_its_message() {
        let events = [
            (1, 10, 1, 1, Fate::Written),
            (2, 20, 1, 2, Fate::Written),
            (3, 30, 1, 3, Fate::Held),
            (4, 40, 1, 4, Fate::Held),
        ];
        check(Actor::Scheduler, &events, 100, &["1..2 x2 20s message 1"]);
        check(Actor::Scheduler, &events, 719, &["1..2 x2 20s message 1"]);
        check(Actor::Scheduler, &events, 720, &["1..4 x4 40s message 1"]);
        check(Actor::Scheduler, &events, 720 + 3_599, &["1..4 x4 40s message 1"]);
        check(Actor::Scheduler, &events, 720 + 3_600, &[]);
    }
}
