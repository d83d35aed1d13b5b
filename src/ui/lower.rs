//! What stands beside the timeline: the list of events, or the board in words.

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
}

/// The choice between them.
pub(super) const TABS: Tabs<Lower> = Tabs {
    label: "Beside the timeline",
    panel: "lower-panel",
    all: &[(Lower::Events, "tab-events", "Events"), (Lower::Text, "tab-text", "Text")],
    show: View::Lower,
};
