//! Sharing and keeping: a scenario and the moment shown as the text of a link, as a file, or
//! as what the browser stores. `docs/link-format.md` says what a link is.
//!
//! All of it runs in the reader of manifests (`bin/reader.rs`), which has JSON: the page asks
//! in bytes ([`Ask`]). What comes from outside is hostile until it is proved to be a scenario
//! within the limits: its length, what it unpacks to, its nesting and the number of its values
//! are bounded before anything is made of it.

mod document;
mod scan;
mod secrets;
mod service;
mod text;

pub use document::{from_document, from_file, to_document, to_file};
pub use secrets::secrets;
pub use service::{Ask, Told, link, open, open_file, tell, tell_bytes};
pub use text::{Limits, PREFIX, is_link, pack, unpack};

use super::presets::Preset;
use crate::api::manifest::Object;
use crate::base::Time;
use crate::sim::Command;
use crate::timeline::{Input, Scenario};
use borsh::{BorshDeserialize, BorshSerialize};

/// A link longer than this may be cut by what it is sent with.
pub const LONG_LINK: usize = 8_000;

/// What is shared: a scenario, and the moment of it that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Scene {
    /// The scenario.
    pub scenario: Scenario,
    /// The moment.
    pub at: Time,
    /// Id of the preset that it began with; empty if it began with none.
    pub preset: String,
}

/// A scene that was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Opened {
    /// The scene.
    pub scene: Scene,
    /// Its DaemonSets, as a manifest for the editor.
    pub manifest: String,
    /// The preset it began with has changed since.
    pub has_changed: bool,
}

/// The scenario that a preset begins with.
#[must_use]
pub fn preset_scenario(preset: &Preset, objects: Vec<Object>) -> Scenario {
    let inputs = objects
        .into_iter()
        .filter_map(|object| match object {
            Object::DaemonSet(daemon_set) => Some(Command::ApplyDaemonSet { daemon_set }),
            Object::Node(node) => Some(Command::ApplyNode { node }),
            Object::NotSimulated { .. } => None,
        })
        .map(|command| Input { at: Time::ZERO, command })
        .collect();
    Scenario { inputs, ..Scenario::of_nodes((preset.nodes)()) }
}

/// A text for people out of one that anybody may have written: short, in one line.
fn clipped(text: &str) -> String {
    const MAX_CHARS: usize = 200;
    let mut clipped: String = text.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        clipped.push('…');
    }
    clipped
}

#[cfg(test)]
mod tests;
