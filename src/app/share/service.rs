//! What the page asks of the reader about links and files: one question in bytes, one answer
//! in bytes, as `api::manifest::Request` is for manifests.

use super::document::{from_document, from_file, to_document, to_file};
use super::secrets::secrets;
use super::text::{Limits, is_link, pack, unpack};
use super::{Opened, Scene};
use borsh::{BorshDeserialize, BorshSerialize};

/// A question.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Ask {
    /// The text of a link to a scene.
    Link(Box<Scene>),
    /// The text by which the browser keeps a scene.
    Keep(Box<Scene>),
    /// The text of a file.
    File(Box<Scene>),
    /// Open a link.
    Open(String),
    /// Open what the browser kept.
    OpenKept(String),
    /// Open a file.
    OpenFile(String),
}

/// An answer.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Told {
    /// A text, and what in it a person may not want to share.
    Text(String, Vec<String>),
    /// A scene.
    Opened(Box<Opened>),
    /// The file is a manifest, for the editor.
    Manifest,
    /// It is not done, and why.
    Refused(String),
}

/// Answers a question.
#[must_use]
pub fn tell(ask: &Ask) -> Told {
    let text =
        |scene: &Scene, text: Result<String, String>| text.map(|text| Told::Text(text, secrets(&scene.scenario)));
    let opened = |opened: Result<Opened, String>| opened.map(|opened| Told::Opened(Box::new(opened)));
    let told = match ask {
        Ask::Link(scene) => text(scene, link(scene)),
        Ask::Keep(scene) => packed(scene, Limits::KEPT).map(|text| Told::Text(text, Vec::new())),
        Ask::File(scene) => text(scene, to_file(scene)),
        Ask::Open(text) => opened(open(text)),
        Ask::OpenKept(text) => opened(unpack(text, Limits::KEPT).and_then(|bytes| from_document(&bytes))),
        Ask::OpenFile(text) => match open_file(text) {
            Err(_) if is_manifest(text) => Ok(Told::Manifest),
            file => opened(file),
        },
    };
    told.unwrap_or_else(Told::Refused)
}

/// Answers a question in bytes.
///
/// # Errors
/// Bytes that are no question of this version.
pub fn tell_bytes(ask: &[u8]) -> Result<Vec<u8>, String> {
    let ask: Ask = borsh::from_slice(ask).map_err(|error| format!("not a question: {error}"))?;
    borsh::to_vec(&tell(&ask)).map_err(|error| format!("no answer: {error}"))
}

/// The text of a link to a scene, to stand behind `#`.
///
/// # Errors
/// It would be too long.
pub fn link(scene: &Scene) -> Result<String, String> {
    packed(scene, Limits::LINK)
}

/// The scene that a link leads to: an address with a fragment, or the fragment alone.
///
/// # Errors
/// Why it leads to none.
pub fn open(text: &str) -> Result<Opened, String> {
    from_document(&unpack(text, Limits::LINK)?)
}

/// The scene in a file: a scenario, or a link.
///
/// # Errors
/// Why there is none.
pub fn open_file(text: &str) -> Result<Opened, String> {
    let first = text.trim();
    if is_link(first.split_once('#').map_or(first, |(_, fragment)| fragment)) { open(first) } else { from_file(text) }
}

fn packed(scene: &Scene, limits: Limits) -> Result<String, String> {
    pack(to_document(scene)?.as_bytes(), limits)
}

/// Whether a file that is no scenario is for the editor: objects have an `apiVersion`, and no
/// `inputs` at the top.
fn is_manifest(text: &str) -> bool {
    let is_scenario = text.contains("\ninputs:") || text.contains("\"inputs\"");
    text.contains("apiVersion") && !is_scenario
}
