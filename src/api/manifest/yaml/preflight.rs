//! What libyaml refuses and the event parser lets pass: control characters, and versions
//! of YAML other than 1.1.
//!
//! Upstream: `go.yaml.in/yaml/v2/readerc.go`, `parserc.go`.

use super::position::Source;
use super::{Fault, fault};
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
    Ok(())
}

fn is_allowed(c: char) -> bool {
    matches!(
        c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'
    )
}
