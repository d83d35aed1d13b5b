//! Texts of events for people. An event's text reads well after its object (`pod nginx-x7k2p`
//! `bound to worker-1`) and by itself.

use super::event_objects::COMBINED;
use super::frame::{EventRow, PodChip};
use crate::api::{Key, Kind, ObjectRef};
use crate::base::{Millis, SECOND_MS, Time};
use crate::rules::event_correlator::{Fate, Observed};
use crate::sim::{Event, EventId, Fact};
use std::rc::Rc;

/// An event as a line of the list.
#[must_use]
pub fn event_row(event: &Event) -> EventRow {
    EventRow {
        id: event.id,
        at: event.at,
        actor: event.actor,
        cause: event.cause,
        text: fact_text(&event.fact, event.at),
        object: object_text(&event.object),
        warning: event.is_warning(),
        counted_in: match &event.fact {
            Fact::Recorded { observed, .. } => Some(EventId(observed.first)),
            _ => None,
        },
    }
}

/// The newest `max` rows about an object, oldest first; of those that one Event object
/// counts only the latest, as `kubectl describe` lists them.
#[must_use]
pub fn history_of<'a>(object: &str, rows: &'a [Rc<EventRow>], max: usize) -> Vec<&'a Rc<EventRow>> {
    let mut history: Vec<&Rc<EventRow>> = Vec::new();
    for row in rows.iter().rev().filter(|row| row.object == object) {
        if history.len() >= max {
            break;
        }
        if row.counted_in.is_none() || !history.iter().any(|later| later.counted_in == row.counted_in) {
            history.push(row);
        }
    }
    history.reverse();
    history
}

/// Whether a row is about a DaemonSet, or about a pod or revision that has its name from it.
#[must_use]
pub fn is_of(row: &EventRow, workload: &Key) -> bool {
    let Some((kind, object)) = row.object.split_once(' ') else { return false };
    let (namespace, name) = object.split_once('/').unwrap_or(("default", object));
    let owner = match kind {
        "daemonset" => Some(name),
        "pod" | "controllerrevision" => name.rsplit_once('-').map(|(owner, _)| owner),
        _ => None,
    };
    namespace == workload.namespace && owner == Some(&workload.name)
}

/// All that a pod's chip shows, in words.
#[must_use]
pub fn pod_text(chip: &PodChip) -> String {
    let mut text = format!("Pod {}: {}", chip.key, chip.doing);
    if !chip.reason.is_empty() && chip.reason != chip.doing {
        text.push_str(&format!(", {}", chip.reason));
    }
    if !chip.up_to_date {
        text.push_str(", old revision");
    }
    if chip.restarts > 0 {
        text.push_str(&format!(", {} restarts", chip.restarts));
    }
    if chip.misscheduled {
        text.push_str(", misscheduled");
    }
    text
}

/// An object as it is spoken of: kind in kubectl's lower case, and name. The namespace is
/// left out where it is `default`.
#[must_use]
pub fn object_text(object: &ObjectRef) -> String {
    let kind = match object.kind {
        Kind::Node => "node",
        Kind::DaemonSet => "daemonset",
        Kind::Pod => "pod",
        Kind::ControllerRevision => "controllerrevision",
    };
    if object.key.namespace == "default" {
        format!("{kind} {}", object.key.name)
    } else {
        format!("{kind} {}", object.key)
    }
}

/// The object that is spoken of so; none if nothing is.
#[must_use]
pub fn object_of(text: &str) -> Option<ObjectRef> {
    let (kind, name) = text.split_once(' ')?;
    let kind = match kind {
        "node" => return Some(ObjectRef::node(name)),
        "daemonset" => Kind::DaemonSet,
        "pod" => Kind::Pod,
        "controllerrevision" => Kind::ControllerRevision,
        _ => return None,
    };
    let (namespace, name) = name.split_once('/').unwrap_or(("default", name));
    Some(ObjectRef::new(kind, Key::new(namespace, name)))
}

fn fact_text(fact: &Fact, at: Time) -> String {
    match fact {
        Fact::Commanded { kubectl } => kubectl.clone(),
        Fact::Created => "created".to_owned(),
        Fact::Updated { what } | Fact::Machine { what } => what.clone(),
        Fact::Bound { node } => format!("bound to {node}"),
        Fact::DeletionRequested => "deletion requested".to_owned(),
        Fact::Removed => "gone".to_owned(),
        Fact::Recorded { reason, message, observed, .. } => {
            let colon = if message.is_empty() { "" } else { ": " };
            let combined = if observed.fate == Fate::Combined { COMBINED } else { "" };
            [reason, colon, combined, message, &counted(observed, at)].concat()
        }
    }
}

/// What the recorder made of an event, if it is not one by itself.
fn counted(observed: &Observed, at: Time) -> String {
    let fate = match observed.fate {
        Fate::Written | Fate::Combined => "",
        Fate::Held => ", written later",
        Fate::Dropped => ", dropped: too many about one object",
    };
    match observed.count {
        1 if fate.is_empty() => String::new(),
        count => format!(" (×{count} over {}{fate})", human_duration(at.since(observed.since))),
    }
}

/// A span as kubectl prints ages.
///
/// Upstream: `k8s.io/apimachinery/pkg/util/duration/duration.go`.
#[must_use]
pub fn human_duration(ms: Millis) -> String {
    let seconds = ms / SECOND_MS;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    let (whole, unit, rest, rest_unit) = match seconds {
        0..120 => (seconds, 's', 0, ' '),
        120..600 => (minutes, 'm', seconds % 60, 's'),
        600..10_800 => (minutes, 'm', 0, ' '),
        10_800..28_800 => (hours, 'h', minutes % 60, 'm'),
        28_800..172_800 => (hours, 'h', 0, ' '),
        172_800..691_200 => (hours / 24, 'd', hours % 24, 'h'),
        _ => (hours / 24, 'd', 0, ' '),
    };
    if rest == 0 { format!("{whole}{unit}") } else { format!("{whole}{unit}{rest}{rest_unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Actor, EventType};

    fn check(object: ObjectRef, fact: Fact, want: (&str, &str, bool)) {
        let event =
            Event { id: EventId(7), at: Time(1_500), actor: Actor::Kubelet, cause: Some(EventId(3)), object, fact };
        let row = event_row(&event);
        assert_eq!((row.object.as_str(), row.text.as_str(), row.warning), want);
        assert_eq!((row.id, row.at, row.actor, row.cause), (event.id, event.at, event.actor, event.cause));
    }

    #[test]
    fn say_what_happened_to_what() {
        let pod = || ObjectRef::new(Kind::Pod, Key::new("default", "nginx-x7k2p"));
        let daemon_set = || ObjectRef::new(Kind::DaemonSet, Key::new("kube-system", "kube-proxy"));
        check(pod(), Fact::Created, ("pod nginx-x7k2p", "created", false));
        check(pod(), Fact::Bound { node: "worker-1".into() }, ("pod nginx-x7k2p", "bound to worker-1", false));
        check(pod(), Fact::Removed, ("pod nginx-x7k2p", "gone", false));
        check(daemon_set(), Fact::DeletionRequested, ("daemonset kube-system/kube-proxy", "deletion requested", false));
        let command = Fact::Commanded { kubectl: "kubectl cordon worker-1".into() };
        check(ObjectRef::node("worker-1"), command, ("node worker-1", "kubectl cordon worker-1", false));
        check(ObjectRef::node("worker-1"), Fact::Machine { what: "stops".into() }, ("node worker-1", "stops", false));
    }

    #[test]
    fn objects_are_found_again_by_their_words() {
        for (kind, namespace) in [
            (Kind::Node, ""),
            (Kind::Pod, "default"),
            (Kind::DaemonSet, "kube-system"),
            (Kind::ControllerRevision, "default"),
        ] {
            let object = ObjectRef::new(kind, Key::new(namespace, "a"));
            assert_eq!(object_of(&object_text(&object)), Some(object));
        }
        assert_eq!((object_of("you"), object_of("lease a")), (None, None));
    }

    #[test]
    fn recorded_events_keep_their_words() {
        let counted = |event_type, message: &str, count, fate| Fact::Recorded {
            event_type,
            reason: "FailedScheduling".into(),
            message: message.into(),
            observed: Observed { first: 7, since: Time(500 - 130_000), count, fate },
        };
        let recorded = |event_type, message| counted(event_type, message, 1, Fate::Written);
        let pod = || ObjectRef::new(Kind::Pod, Key::new("default", "a"));
        let message = "0/1 nodes are available";
        check(
            pod(),
            recorded(EventType::Warning, message),
            ("pod a", "FailedScheduling: 0/1 nodes are available", true),
        );
        check(pod(), recorded(EventType::Normal, ""), ("pod a", "FailedScheduling", false));
        let several = |count, fate| counted(EventType::Normal, "no", count, fate);
        let said = |fact, text| check(pod(), fact, ("pod a", text, false));
        said(several(3, Fate::Written), "FailedScheduling: no (×3 over 2m11s)");
        said(several(1, Fate::Combined), "FailedScheduling: (combined from similar events): no");
        said(several(3, Fate::Held), "FailedScheduling: no (×3 over 2m11s, written later)");
        let dropped = "FailedScheduling: no (×1 over 2m11s, dropped: too many about one object)";
        said(several(1, Fate::Dropped), dropped);
    }

    #[test]
    fn a_history_has_the_latest_of_what_one_object_counts() {
        let row = |id, object: &str, counted_in: Option<u64>| {
            Rc::new(EventRow {
                id: EventId(id),
                at: Time(0),
                actor: Actor::Kubelet,
                cause: None,
                text: String::new(),
                object: object.into(),
                warning: false,
                counted_in: counted_in.map(EventId),
            })
        };
        let rows =
            [row(0, "a", None), row(1, "a", Some(1)), row(2, "b", None), row(3, "a", None), row(4, "a", Some(1))];
        let ids = |max| history_of("a", &rows, max).iter().map(|row| row.id.0).collect::<Vec<_>>();
        assert_eq!(ids(8), [0, 3, 4]);
        assert_eq!(ids(2), [3, 4]);
    }

    #[test]
    fn ages_are_kubectls() {
        let check = |seconds: i64, want: &str| assert_eq!(human_duration(seconds * SECOND_MS + 999), want);
        check(0, "0s");
        check(119, "119s");
        check(120, "2m");
        check(599, "9m59s");
        check(600, "10m");
        check(10_799, "179m");
        check(10_800, "3h");
        check(10_860, "3h1m");
        check(28_800, "8h");
        check(172_799, "47h");
        check(172_800, "2d");
        check(180_000, "2d2h");
        check(691_200, "8d");
    }
}
