//! YAML (and JSON, which is read the same way) as Kubernetes reads it: go-yaml v2 behind
//! `sigs.k8s.io/yaml`. One parse gives a tree with spans in an arena; nothing recurses on
//! the input, and aliases are counted before anything is copied.
//!
//! Upstream: `sigs.k8s.io/yaml/yaml.go`, `go.yaml.in/yaml/v2` (`decode.go`, `resolve.go`).
//!
//! Models: plain scalars of YAML 1.1 as go-yaml resolves them, tags, anchors, merge keys,
//! duplicate keys, keys that are not text, the first document of a text only.
//! Simplifies: error texts are go-yaml's where the scanner's error has a counterpart.
//! Leaves out: several JSON values one behind the other without `---`.

mod build;
mod entries;
mod expansion;
mod position;
mod preflight;
mod relaxed;
mod scalar;
mod tabs;
mod tree;
mod words;

#[cfg(test)]
mod tests;

pub use position::Source;
pub use scalar::Scalar;
pub(super) use scalar::{float_as_json, resolve_plain};
pub use tree::{Entry, Node, NodeId, NodeKind, Tree};

use crate::base::Span;
use std::ops::Range;

/// How deep a document may be nested.
pub const MAX_DEPTH: usize = 64;
/// How many nodes a text with aliases may hold once they are expanded.
pub const MAX_NODES: usize = 20_000;
/// How many nodes a text may hold that has none: more than 3 MiB of what kubectl prints, in which no
/// alias ever stands.
pub const MAX_WRITTEN: usize = 250_000;
/// How many events of the parser pass between two words about where it is.
const TELL_EVERY: usize = 2_048;

/// Something that a document does wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Kubernetes' own words.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// What was read of a text so far: its documents share one budget.
#[derive(Default)]
pub struct Spent<'p> {
    /// Nodes, aliases expanded.
    pub nodes: usize,
    /// Whether there are aliases.
    pub has_aliases: bool,
    /// Is told now and then at which byte the parser is.
    pub tell: Option<&'p mut dyn FnMut(usize)>,
}

impl Spent<'_> {
    fn add(&mut self, nodes: usize, span: Span) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(nodes);
        let (most, how) = if self.has_aliases { (MAX_NODES, " (aliases expanded)") } else { (MAX_WRITTEN, "") };
        if self.nodes > most {
            let message = format!("the text holds more than {most} values{how}, this playground reads no more");
            return fault(message, span);
        }
        Ok(())
    }
}

/// One document, read.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The tree. Without a root if the document is empty.
    pub tree: Tree,
    /// Keys that are set twice: the last one counts, strict reading objects.
    pub duplicates: Vec<Fault>,
    /// Where text that is never read begins (behind `...`).
    pub unread: Option<Span>,
}

/// Reads the first document of a range of bytes of `source`; `spent` tells what was read before it.
///
/// # Errors
/// The first thing that makes the document unreadable.
pub fn parse(source: &Source, range: Range<usize>, spent: &mut Spent<'_>) -> Result<Document, Fault> {
    let mut range = range;
    if source.slice(range.clone()).starts_with('\u{feff}') {
        range.start += '\u{feff}'.len_utf8();
    }
    preflight::check(source, range.clone())?;
    build::document(source, range, spent)
}

fn fault<T>(message: impl Into<String>, span: Span) -> Result<T, Fault> {
    Err(Fault { message: message.into(), span })
}
