//! What stands beside the timeline: the list of events, the board in words, or other futures.

use super::desk::View;
use super::tabs::Tabs;

/// Panels beside the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lower {
    /// What happened.
    #[default]
    Events,
    /// The board in words.
    Text,
    /// Other futures.
    Futures,
}

/// The choice between them.
pub(super) const TABS: Tabs<Lower> = Tabs {
    label: "Beside the timeline",
    panel: "lower-panel",
    all: &[
        (Lower::Events, "tab-events", "Events"),
        (Lower::Text, "tab-text", "Text"),
        (Lower::Futures, "tab-futures", "Branches"),
    ],
    show: View::Lower,
};
