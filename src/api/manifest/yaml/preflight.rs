//! What libyaml refuses and the event parser lets pass: control characters, versions of
//! YAML other than 1.1, tabs before the first token; and the line breaks of YAML 1.1.
//!
//! Upstream: `go.yaml.in/yaml/v2/readerc.go`, `parserc.go`.

use super::position::Source;
use super::words::in_go_yaml_words;
use super::{Fault, fault};
use std::borrow::Cow;
use std::ops::Range;

/// Looks for characters and directives that no document may hold.
///
/// # Errors
/// The first of them.
pub fn check(source: &Source, range: Range<usize>) -> Result<(), Fault> {
    let start = range.start;
    let chunk = source.slice(range);
    if let Some((at, c)) = chunk.char_indices().find(|(_, c)| !is_allowed(*c)) {
        let span = source.span_of_bytes(start + at, start + at + c.len_utf8());
        return fault("yaml: control characters are not allowed", span);
    }
    let mut at = start;
    // Directives stand before the document only.
    for line in chunk.split_inclusive('\n').take_while(|line| line.starts_with(['%', '#']) || line.trim().is_empty()) {
        if line.strip_prefix("%YAML").is_some_and(|version| version.trim() != "1.1") {
            let span = source.span_of_bytes(at, at + line.trim_end().len());
            return fault("yaml: found incompatible YAML document", span);
        }
        at += line.len();
    }
    match leading_tab(chunk) {
        Some(tab) => {
            let span = source.span_of_bytes(start + tab, start + tab + 1);
            fault(in_go_yaml_words("tabs disallowed"), span)
        }
        None => Ok(()),
    }
}

/// The chunk with YAML 1.1's other line breaks made plain ones, character by character, so
/// that positions stay. JSON has no such breaks.
pub fn plain_breaks(chunk: &str) -> Cow<'_, str> {
    const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];
    if is_json(chunk) || !chunk.contains(BREAKS) { Cow::Borrowed(chunk) } else { chunk.replace(BREAKS, "\n").into() }
}

/// A tab before the first token of a document that is no JSON.
fn leading_tab(chunk: &str) -> Option<usize> {
    let tab = chunk.find('\t')?;
    let is_before_all = chunk.get(..tab).is_some_and(|before| before.trim().is_empty());
    (is_before_all && !is_json(chunk) && !chunk.trim().is_empty()).then_some(tab)
}

fn is_json(chunk: &str) -> bool {
    chunk.trim_start().starts_with(['{', '['])
}

fn is_allowed(c: char) -> bool {
    matches!(
        c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'
    )
}
