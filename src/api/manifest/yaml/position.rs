//! From the parser's character counts to byte offsets, lines and columns.

use crate::base::Span;
use saphyr_parser::ScalarStyle;
use std::ops::Range;

/// A byte offset is noted every so many characters.
const STRIDE: usize = 128;

/// A and where its lines and characters are.
#[derive(Clone, Debug)]
pub struct Source<'t> {
    text: &'t str,
    /// First character and first byte of each line.
    lines: Vec<(usize, usize)>,
    /// Byte offset of every `STRIDE`th character.
    marks: Vec<usize>,
    text_chars: usize,
}

impl<'t> Source<'t> {
    /// Looks through a text once.
    #[must_use]
    pub fn new(text: &'t str) -> Source<'t> {
        let mut lines = vec![(0, 0)];
        let mut marks = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut chars = 0;
        for (byte, c) in text.char_indices() {
            if chars % STRIDE == 0 {
                marks.push(byte);
            }
            chars += 1;
            if c == '\n' {
                lines.push((chars, byte + 1));
            }
        }
        Source { text, lines, marks, text_chars: chars }
    }

    /// A range of bytes of the text; nothing if it is none.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The text that a span covers.
    #[must_use]
    pub fn text_of(&self, span: Span) -> &'t str {
        self.slice(span.start..span.end)
    }

    /// The span up to the next blank, comma or bracket.
    #[must_use]
    pub fn word_at(&self, span: Span) -> Span {
        let rest = self.slice(span.start..self.text.len());
        let length = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c)).unwrap_or(rest.len());
        Span { end: span.start + length, ..span }
    }

    /// The tab that the scanner complains of: it points behind it, or at the beginning of a
    /// scalar that goes on over lines of which a later one, before `end`, is indented by it.
    /// The span itself if there is none.
    #[must_use]
    pub fn tab_near(&self, span: Span, end: usize) -> Span {
        let line_start = self.lines.get(span.line.saturating_sub(1)).map_or(0, |(_, byte)| *byte);
        let behind = self.slice(line_start..span.start).find('\t').map(|at| line_start + at);
        let tab = behind.or_else(|| self.indenting_tab(span.start..end));
        tab.map_or(span, |at| self.span_of_bytes(at, at + 1))
    }

    /// The first tab behind the first line of `range` that indents its line.
    fn indenting_tab(&self, range: Range<usize>) -> Option<usize> {
        let from = range.start;
        let mut at = from;
        for line in self.slice(range).split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            let tab = line.find('\t').filter(|tab| *tab < indent && at > from);
            if let Some(tab) = tab {
                return Some(at + tab);
            }
            at += line.len();
        }
        None
    }

    /// A scalar's span up to its closing quote, or to its last character if it has none:
    /// the scanner's spans take in the blanks and the comment behind it.
    #[must_use]
    pub fn without_trailer(&self, span: Span, style: ScalarStyle) -> Span {
        let text = self.text_of(span);
        let length = match style {
            ScalarStyle::SingleQuoted => closing_quote(text, '\''),
            ScalarStyle::DoubleQuoted => closing_quote(text, '"'),
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => text.trim_end().len(),
        };
        Span { end: span.start + length, ..span }
    }

    /// How many characters stand before a byte.
    #[must_use]
    pub fn char_of_byte(&self, byte: usize) -> usize {
        let index = self.marks.partition_point(|mark| *mark <= byte).saturating_sub(1);
        let mark = self.marks.get(index).copied().unwrap_or(0);
        index * STRIDE + self.text.get(mark..byte).map_or(0, |between| between.chars().count())
    }

    /// The byte at which a character begins; the end of the text if there are fewer.
    #[must_use]
    pub fn byte_of_char(&self, char: usize) -> usize {
        if char >= self.text_chars {
            return self.text.len();
        }
        let mark = self.marks.get(char / STRIDE).copied().unwrap_or(self.text.len());
        let rest = self.text.get(mark..).unwrap_or_default();
        rest.char_indices().nth(char % STRIDE).map_or(self.text.len(), |(byte, _)| mark + byte)
    }

    /// The span of the characters from `start` up to `end`.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let start = start.min(self.text_chars);
        let line = self.lines.partition_point(|(char, _)| *char <= start).max(1);
        let (line_start, _) = self.lines.get(line - 1).copied().unwrap_or((0, 0));
        Span {
            start: self.byte_of_char(start),
            end: self.byte_of_char(end.clamp(start, self.text_chars)),
            line,
            column: start - line_start + 1,
        }
    }

    /// The span of a range of bytes, both of which must be boundaries of characters.
    #[must_use]
    pub fn span_of_bytes(&self, start: usize, end: usize) -> Span {
        let line = self.lines.partition_point(|(_, byte)| *byte <= start).max(1);
        let (_, line_start) = self.lines.get(line - 1).copied().unwrap_or((0, 0));
        let column = self.text.get(line_start..start).map_or(0, |before| before.chars().count()) + 1;
        Span { start, end: end.max(start), line, column }
    }
}

/// The length of a quoted scalar with its quotes.
fn closing_quote(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote == '"' {
            chars.next();
        } else if c == quote && quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == quote) {
            // Two single quotes are one in the text.
            chars.next();
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let text = "aé😀\r\nü: x\n".repeat(40);
        let source = Source::new(&text);
        for (char, (byte, c)) in text.char_indices().enumerate() {
            assert_eq!(source.byte_of_char(char), byte);
            assert_eq!(source.char_of_byte(byte), char);
            let span = source.span(char, char + 1);
            assert_eq!(text.get(span.start..span.end), Some(c.to_string().as_str()));
            assert_eq!(span, source.span_of_bytes(span.start, span.end));
            let before = text.get(..byte).unwrap();
            assert_eq!(span.line, before.matches('\n').count() + 1);
            assert_eq!(span.column, before.chars().rev().take_while(|c| *c != '\n').count() + 1);
        }
        assert_eq!(source.span(9_999, 9_999).end, text.len());
    }
}
