//! Texts of events for people. An event's text reads well after its object (`pod nginx-x7k2p`
//! `bound to worker-1`) and by itself.

use super::frame::EventRow;
use crate::api::{Kind, ObjectRef};
use crate::sim::{Event, Fact};

/// An event as a line of the list.
#[must_use]
pub fn event_row(event: &Event) -> EventRow {
    EventRow {
        id: event.id,
        at: event.at,
        actor: event.actor,
        cause: event.cause,
        text: fact_text(&event.fact),
        object: object_text(&event.object),
        warning: event.is_warning(),
    }
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

fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Commanded { kubectl } => kubectl.clone(),
        Fact::Created => "created".to_owned(),
        Fact::Updated { what } | Fact::Machine { what } => what.clone(),
        Fact::Bound { node } => format!("bound to {node}"),
        Fact::DeletionRequested => "deletion requested".to_owned(),
        Fact::Removed => "gone".to_owned(),
        Fact::Recorded { reason, message, .. } if message.is_empty() => reason.clone(),
        Fact::Recorded { reason, message, .. } => format!("{reason}: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Key;
    use crate::base::Time;
    use crate::sim::{Actor, EventId, EventType};

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
    fn recorded_events_keep_their_words() {
        let recorded = |event_type, message: &str| Fact::Recorded {
            event_type,
            reason: "FailedScheduling".into(),
            message: message.into(),
        };
        let pod = || ObjectRef::new(Kind::Pod, Key::new("default", "a"));
        let message = "0/1 nodes are available";
        check(
            pod(),
            recorded(EventType::Warning, message),
            ("pod a", "FailedScheduling: 0/1 nodes are available", true),
        );
        check(pod(), recorded(EventType::Normal, ""), ("pod a", "FailedScheduling", false));
    }
}
