//! Words and numbers for people.

pub use crate::base::count;

use crate::app::Speed;
use crate::base::{Millis, SECOND_MS, Time};
use crate::sim::Actor;
use crate::view::{NodeState, PodLook, SegmentState};
use yew::prelude::*;

/// An instant for people: `12.4 s`, `2 m 05 s`, `1 h 02 m`.
#[must_use]
pub fn time(at: Time) -> String {
    let ms = at.0.max(0);
    let seconds = ms / SECOND_MS;
    match seconds {
        0..=59 => format!("{seconds}.{} s", ms % SECOND_MS / 100),
        60..=3_599 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} m", seconds / 3_600, seconds / 60 % 60),
    }
}

/// A span for people: `40 ms`, and from a second on as [`time`].
#[must_use]
pub fn span(ms: Millis) -> String {
    if ms < SECOND_MS { format!("{} ms", ms.max(0)) } else { time(Time(ms)) }
}

/// `½×`, `2×`.
#[must_use]
pub fn speed(speed: Speed) -> String {
    match speed.0 {
        250 => "¼×".to_owned(),
        500 => "½×".to_owned(),
        thousandths => format!("{}×", thousandths / 1_000),
    }
}

/// A node's state as kubectl prints it.
#[must_use]
pub fn node_state(state: NodeState) -> &'static str {
    match state {
        NodeState::Ready => "Ready",
        NodeState::NotReady => "NotReady",
        NodeState::Unknown => "Unknown",
    }
}

/// An actor in one word, for style sheets.
#[must_use]
pub fn actor_class(actor: Actor) -> &'static str {
    match actor {
        Actor::User => "you",
        Actor::DaemonSetController => "controller",
        Actor::Scheduler => "scheduler",
        Actor::Kubelet => "kubelet",
        Actor::ApiServer | Actor::TaintEviction | Actor::NodeLifecycle | Actor::PodGc | Actor::GarbageCollector => {
            "other"
        }
    }
}

/// A pod's look in one word, for style sheets and tests.
#[must_use]
pub fn look(look: PodLook) -> &'static str {
    match look {
        PodLook::Pending => "pending",
        PodLook::Unschedulable => "unschedulable",
        PodLook::Starting => "starting",
        PodLook::Available => "available",
        PodLook::Ready => "ready",
        PodLook::NotReady => "not-ready",
        PodLook::Failing => "failing",
        PodLook::Terminating => "terminating",
        PodLook::Finished => "finished",
    }
}

/// What a part of the rollout bar means: class and words.
#[must_use]
pub fn segment(state: SegmentState) -> (&'static str, &'static str) {
    match state {
        SegmentState::Missing => ("missing", "no pod"),
        SegmentState::Old => ("old", "old revision"),
        SegmentState::OldUnavailable => ("old-unavailable", "old revision, not available"),
        SegmentState::Updating => ("updating", "updating"),
        SegmentState::Updated => ("updated", "updated"),
        SegmentState::Misscheduled => ("misscheduled", "misscheduled"),
    }
}

/// A long name that may be broken where a reader would break it: after `/`, `=` and `,`
/// and before `:`.
pub fn breakable(text: &str) -> Html {
    let mut parts = Vec::new();
    let mut part = String::new();
    for c in text.chars() {
        if c == ':' && !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
        part.push(c);
        if matches!(c, '/' | '=' | ',') {
            parts.push(std::mem::take(&mut part));
        }
    }
    parts.push(part);
    parts.into_iter().map(|part| html! { <>{ part }<wbr /></> }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_for_people() {
        let check = |ms, want: &str| assert_eq!(time(Time(ms)), want);
        check(-5, "0.0 s");
        check(12_499, "12.4 s");
        check(125_000, "2 m 05 s");
        check(3_725_000, "1 h 02 m");
    }

    #[test]
    fn spans_for_people() {
        assert_eq!(span(40), "40 ms");
        assert_eq!(span(1_500), "1.5 s");
    }
}
