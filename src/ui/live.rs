//! What readers of the screen hear: now and then a summary of what changed, never a line
//! for every pod.

use crate::view::{Frame, WorkloadCard};
use std::rc::Rc;
use yew::prelude::*;

/// Between two summaries at least so long.
const QUIET_MS: f64 = 1_500.0;

/// Gathers what changed and says it when the last summary is old enough.
#[derive(Default)]
pub struct Announcer {
    text: String,
    waiting: Option<String>,
    spoke_at_ms: Option<f64>,
}

impl Announcer {
    /// Notes what differs between two moments.
    pub fn compare(&mut self, before: &Frame, after: &Frame) {
        let mut parts = Vec::new();
        if before.node_count != after.node_count {
            parts.push(format!("{} nodes", after.node_count));
        }
        let changed = |card: &&Rc<WorkloadCard>| {
            let old = before.workloads.iter().find(|old| old.key == card.key);
            old.is_none_or(|old| old.columns != card.columns || old.fresh.is_some() != card.fresh.is_some())
        };
        parts.extend(after.workloads.iter().filter(changed).map(|card| summary(card)));
        let gone = before.workloads.iter().filter(|old| after.workloads.iter().all(|card| card.key != old.key));
        parts.extend(gone.map(|card| format!("{} deleted", card.key.name)));
        if !parts.is_empty() {
            self.waiting = Some(parts.join("; "));
        }
    }

    /// Lets time pass; says whether there is something new to say.
    pub fn tick(&mut self, at_ms: f64) -> bool {
        let quiet = self.spoke_at_ms.is_some_and(|spoke_at_ms| at_ms - spoke_at_ms < QUIET_MS);
        if quiet {
            return false;
        }
        let Some(text) = self.waiting.take() else {
            return false;
        };
        self.spoke_at_ms = Some(at_ms);
        self.text = text;
        true
    }

    /// Something is still to be said.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waiting.is_some()
    }

    /// What was said last.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn summary(card: &WorkloadCard) -> String {
    let columns = &card.columns;
    let mut text = format!("{}: {} of {} ready", card.key.name, columns.ready, columns.desired);
    if card.rolling_out && columns.up_to_date < columns.desired {
        text.push_str(&format!(", {} up to date", columns.up_to_date));
    }
    if columns.misscheduled > 0 {
        text.push_str(&format!(", {} misscheduled", columns.misscheduled));
    }
    if card.fresh.is_some() {
        text.push_str(", stored status is stale");
    }
    text
}

/// The place where summaries are said.
pub fn live_region(text: &str) -> Html {
    html! { <p class="sr-only" role="status" aria-live="polite" data-testid="live">{ text }</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_keep_their_distance() {
        let mut announcer = Announcer::default();
        let frame = |node_count| Frame { node_count, ..Frame::default() };
        announcer.compare(&frame(1), &frame(2));
        assert!(announcer.tick(0.0));
        assert_eq!(announcer.text(), "2 nodes");
        announcer.compare(&frame(2), &frame(3));
        assert!(!announcer.tick(1_000.0) && announcer.waits());
        announcer.compare(&frame(3), &frame(4));
        assert!(announcer.tick(1_600.0));
        assert_eq!(announcer.text(), "4 nodes");
        assert!(!announcer.waits());
    }
}
