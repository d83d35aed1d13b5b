//! Lines that show nothing but begin with a tab: go-yaml finds no token there, and refuses the
//! document; the event parser passes them by. In quotes and in brackets such a line is like any other.
//!
//! Upstream: `go.yaml.in/yaml/v2/scannerc.go` (`yaml_parser_scan_to_next_token`,
//! `yaml_parser_scan_plain_scalar`, `yaml_parser_scan_block_scalar_breaks`).

use super::position::Source;
use saphyr_parser::ScalarStyle;
use std::ops::Range;

/// Such lines, and what stands around them.
#[derive(Default)]
pub struct Tabs {
    /// Where the tab is, and behind how many blanks.
    lines: Vec<(usize, usize)>,
    /// Scalars, and collections in brackets, by their beginnings; none within another.
    places: Vec<(Range<usize>, Place)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Quotes or brackets.
    Closed,
    Block,
    Plain,
}

impl Tabs {
    /// The lines of a document; of JSON none.
    #[must_use]
    pub fn of(source: &Source, range: Range<usize>) -> Tabs {
        let (mut at, chunk) = (range.start, source.slice(range));
        let mut tabs = Tabs::default();
        if !chunk.contains('\t') || chunk.trim_start().starts_with(['{', '[']) {
            return tabs;
        }
        for line in chunk.split_inclusive('\n') {
            let shown = line.trim_start_matches([' ', '\t']);
            let tab = line.find('\t').filter(|tab| tab + shown.len() < line.len());
            if let Some(tab) = tab.filter(|_| shown.starts_with('#') || shown.trim().is_empty()) {
                tabs.lines.push((at + tab, tab));
            }
            at += line.len();
        }
        tabs
    }

    /// A scalar outside of brackets, with all that the parser takes for it.
    pub fn scalar(&mut self, style: ScalarStyle, span: Range<usize>) {
        let place = match style {
            ScalarStyle::Plain => Place::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Place::Closed,
            ScalarStyle::Literal | ScalarStyle::Folded => Place::Block,
        };
        self.put(span, place);
    }

    /// The outermost brackets.
    pub fn brackets(&mut self, span: Range<usize>) {
        // Quotes may stand before them, as a key of the mapping that they are the value of.
        self.put(span, Place::Closed);
    }

    fn put(&mut self, span: Range<usize>, place: Place) {
        if !self.lines.is_empty() {
            self.places.push((span, place));
        }
    }

    /// The first tab that go-yaml refuses, before `end`.
    #[must_use]
    pub fn first_refused(&self, source: &Source, end: usize) -> Option<usize> {
        let within = self.lines.iter().filter(|(at, _)| *at < end);
        within.copied().find(|(at, column)| !self.is_passed(source, *at, *column)).map(|(at, _)| at)
    }

    fn is_passed(&self, source: &Source, at: usize, column: usize) -> bool {
        let index = self.places.partition_point(|(place, _)| place.start < at);
        let Some((range, place)) = index.checked_sub(1).and_then(|index| self.places.get(index)) else { return false };
        match place {
            Place::Closed => at < range.end,
            Place::Block => {
                // Where its last lines show nothing, the event parser's span may end before them.
                let is_within = at < range.end || source.slice(range.end..at).trim().is_empty();
                is_within && column > 0 && column >= indent(source, range)
            }
            Place::Plain => {
                let text = source.slice(range.start..at).trim_end();
                let is_right_behind = range.start + text.len() <= range.end;
                is_right_behind && !text.contains(" #") && column > parent(source, range.start)
            }
        }
    }
}

/// By how much a block scalar is indented: its first line that shows anything, from where the event
/// parser's span begins, or the next one if that is less.
fn indent(source: &Source, block: &Range<usize>) -> usize {
    let before = source.slice(0..block.start);
    let first = before.len() - before.rfind('\n').map_or(0, |line| line + 1);
    let next = source.slice(block.clone()).split('\n').skip(1).find(|line| !line.trim().is_empty());
    next.map_or(first, |line| first.min(line.len() - line.trim_start_matches(' ').len()))
}

/// The column of the key, or of the dash, that a plain scalar stands behind.
fn parent(source: &Source, start: usize) -> usize {
    let before = source.slice(0..start);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let key = line.trim_start_matches(['-', ' ']);
    let column = line.len() - key.len();
    if key.is_empty() { column.saturating_sub(2) } else { column }
}
