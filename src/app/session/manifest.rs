//! `kubectl apply -f` of what was read from a text: all of it or nothing.

use super::super::intent::Notice;
use crate::api::manifest::{Object, Reading};
use crate::api::{Kind, ObjectRef};
use crate::base::Problem;
use crate::sim::{Command, Event, Fact, Rejection};
use crate::timeline::{Attempt, Timeline};

/// Applies every object as one act, if none has an error and the cluster accepts
/// them all; says of each what `kubectl apply` says.
pub fn apply(timeline: &mut Timeline, reading: Reading) -> Notice {
    let Reading { objects, problems } = reading;
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    if let Some(first) = problems.iter().find(|problem| problem.is_error()) {
        let more = if errors > 1 { format!(" (and {} more)", errors - 1) } else { String::new() };
        let text = format!("Nothing was applied. {}{more}", placed(first));
        return Notice { problems, ..Notice::refused(text) };
    }
    if objects.is_empty() {
        return Notice { problems, ..Notice::refused("error: no objects passed to apply") };
    }
    let mut said = Vec::new();
    let mut commands = Vec::new();
    for read in objects {
        match read.object {
            Object::DaemonSet(daemon_set) => {
                said.push(Said::Of(ObjectRef::new(Kind::DaemonSet, daemon_set.metadata.key())));
                commands.push(Command::ApplyDaemonSet { daemon_set });
            }
            Object::Node(node) => {
                said.push(Said::Of(ObjectRef::node(node.name())));
                commands.push(Command::ApplyNode { node });
            }
            Object::NotSimulated { kind, key, .. } => {
                said.push(Said::Line(format!(
                    "{}/{}: valid, but {kind} is not simulated",
                    kind.to_ascii_lowercase(),
                    key.name
                )));
            }
        }
    }
    match timeline.attempt(commands) {
        Err(Rejection { message }) => Notice { problems, ..Notice::refused(message) },
        Ok(attempt) => {
            let text = lines(said, &attempt);
            // What changes nothing is no act: there is nothing to take back.
            if attempt.events().iter().flatten().any(is_change) {
                timeline.commit(attempt);
            }
            Notice { problems, ..Notice::done(text) }
        }
    }
}

/// What is said of an object.
enum Said {
    /// What became of the object of the next command.
    Of(ObjectRef),
    /// This.
    Line(String),
}

fn lines(said: Vec<Said>, attempt: &Attempt) -> String {
    let mut events = attempt.events().iter();
    let lines = said.into_iter().map(|said| match said {
        Said::Line(line) => line,
        Said::Of(object) => outcome(&object, events.next().map_or(&[], Vec::as_slice)),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `daemonset.apps/nginx created`.
fn outcome(object: &ObjectRef, events: &[Event]) -> String {
    let created = events.iter().any(|event| event.object == *object && event.fact == Fact::Created);
    let done = match (created, events.iter().any(is_change)) {
        (true, _) => "created",
        (false, true) => "configured",
        (false, false) => "unchanged",
    };
    let resource = if object.kind == Kind::Node { "node" } else { "daemonset.apps" };
    format!("{resource}/{} {done}", object.key.name)
}

/// Whether the event is a change of an object, not just a word about it.
pub(super) fn is_change(event: &Event) -> bool {
    !matches!(event.fact, Fact::Commanded { .. } | Fact::Recorded { .. })
}

fn placed(problem: &Problem) -> String {
    let mut text = problem.to_string();
    if text.starts_with('l') {
        text.replace_range(..1, "L");
    }
    text
}
