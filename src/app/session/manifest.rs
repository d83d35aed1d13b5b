//! `kubectl apply -f` of a text: all of it or nothing.

use super::super::intent::Notice;
use crate::api::manifest::{Applied, Cluster, Object, Reading};
use crate::base::Problem;
use crate::sim::{Command, Event, Fact, Rejection};
use crate::timeline::{Attempt, Timeline};

/// A text is searched for the names of nodes if that is no more than so many bytes, read once for
/// each node.
const SEARCHED_MAX: usize = 20_000_000;

/// What is to be known of the cluster for a text to be applied: the stored objects whose names
/// it has.
#[must_use]
pub fn cluster(timeline: &Timeline, text: &str, base: &str) -> Box<Cluster> {
    let store = timeline.world().store();
    let daemon_sets = store.daemon_sets.values().map(|stored| Object::DaemonSet(Box::new((**stored).clone())));
    let mut live: Vec<Object> = daemon_sets.collect();
    if text.contains("Node") {
        // In long texts and large clusters all nodes cost less than the search.
        let is_short = text.len().saturating_mul(store.nodes.len()) < SEARCHED_MAX;
        let named = store.nodes.values().filter(|node| !is_short || text.contains(node.name()));
        live.extend(named.map(|stored| Object::Node(Box::new((**stored).clone()))));
    }
    Box::new(Cluster { live, base: base.to_owned(), at: timeline.now() })
}

/// Stores what comes of a text as one act, if nothing in it is wrong and the cluster accepts all
/// of it; says of each object what `kubectl apply` says.
pub fn apply(timeline: &mut Timeline, applied: Applied) -> Notice {
    let Applied { reading: Reading { objects, problems, .. }, said, .. } = applied;
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    if let Some(first) = problems.iter().find(|problem| problem.is_error()) {
        let more = if errors > 1 { format!(" (and {} more)", errors - 1) } else { String::new() };
        let text = format!("Nothing was applied. {}{more}", placed(first));
        return Notice { problems, ..Notice::refused(text) };
    }
    if said.is_empty() {
        return Notice { problems, ..Notice::refused("error: no objects passed to apply") };
    }
    let commands = objects.into_iter().filter_map(|read| match read.object {
        Object::DaemonSet(daemon_set) => Some(Command::ApplyDaemonSet { daemon_set }),
        Object::Node(node) => Some(Command::ApplyNode { node }),
        Object::NotSimulated { .. } => None,
    });
    let attempt = timeline.attempt(commands.collect());
    match attempt {
        Err(Rejection { message }) => Notice { problems, ..Notice::refused(message) },
        Ok(attempt) => {
            commit(timeline, attempt);
            Notice { problems, ..Notice::done(said) }
        }
    }
}

/// Makes it part of the timeline, if it changes anything; what does not is no act: there is
/// nothing to take back.
pub(super) fn commit(timeline: &mut Timeline, attempt: Attempt) -> bool {
    let changes = attempt.events().iter().flatten().any(is_change);
    if changes {
        timeline.commit(attempt);
    }
    changes
}

/// Whether the event is a change of an object, not just a word about it.
fn is_change(event: &Event) -> bool {
    !matches!(event.fact, Fact::Commanded { .. } | Fact::Recorded { .. })
}

fn placed(problem: &Problem) -> String {
    let mut text = problem.to_string();
    if text.starts_with('l') {
        text.replace_range(..1, "L");
    }
    text
}
