//! Texts that go-yaml takes and the event parser refuses: in flow collections and quoted scalars
//! lines may begin in any column, and a tab may stand behind a colon. Here such lines are moved to
//! the right and such tabs made blanks; a document is read so only where it cannot be read as it is.
//!
//! What is found here is a guess of a few rules. The builder proves it right: each collection and
//! scalar must come out of the parser where it was found, else the first error stands.
//!
//! Upstream: `go.yaml.in/yaml/v2/scannerc.go`, which has no such rules.

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

/// Lines are moved no further than this.
const MAX_COLUMN: usize = 200;

/// A text that was changed, and how places in it were before.
#[derive(Clone, Debug, Default)]
pub struct Relaxed {
    /// The text.
    pub text: String,
    /// Where blanks were put in (in the new text), how many, and how many before them.
    inserted: Vec<(usize, usize, usize)>,
    /// Beginnings and, of flow collections, ends of what was moved, by characters of the old text.
    moved: Vec<(usize, Option<usize>)>,
    /// Tabs that became blanks.
    tabs: Vec<usize>,
}

impl Relaxed {
    /// Whether an error of the parser's is one that go-yaml does not know.
    #[must_use]
    pub fn helps(error: &str) -> bool {
        ["invalid indentation", "tab cannot be used", "a valid YAML whitespace"].iter().any(|part| error.contains(part))
    }

    /// The text with its lines moved; none if there is nothing to move.
    #[must_use]
    pub fn of(text: &str) -> Option<Relaxed> {
        let mut lexer = Lexer {
            rest: text.chars().peekable(),
            at: 0,
            column: 0,
            before: '\n',
            lines: Vec::new(),
            found: Relaxed::default(),
        };
        let mut shifts = Vec::new();
        lexer.document(&mut shifts);
        let mut relaxed = lexer.found;
        if shifts.is_empty() && relaxed.tabs.is_empty() {
            return None;
        }
        let (mut shifts, mut tabs) = (shifts.into_iter().peekable(), relaxed.tabs.iter().peekable());
        let mut total = 0;
        for (at, c) in text.chars().enumerate() {
            if let Some((_, blanks)) = shifts.next_if(|(line, _)| *line == at) {
                relaxed.inserted.push((at + total, blanks, total));
                total += blanks;
                relaxed.text.extend(std::iter::repeat_n(' ', blanks));
            }
            let is_tab = tabs.next_if(|tab| **tab == at).is_some();
            relaxed.text.push(if is_tab { ' ' } else { c });
        }
        Some(relaxed)
    }

    fn has_moved(&self, start: usize, end: Option<usize>) -> bool {
        let index = self.moved.partition_point(|(place, _)| *place < start);
        self.moved.get(index) == Some(&(start, end))
    }

    /// The place of a character before the change.
    #[must_use]
    pub fn original(&self, at: usize) -> usize {
        let index = self.inserted.partition_point(|(place, ..)| *place <= at);
        match index.checked_sub(1).and_then(|index| self.inserted.get(index)) {
            Some((place, blanks, before)) => (at - before).saturating_sub(*blanks).max(place - before),
            None => at,
        }
    }
}

/// Whether what was found is what the parser finds.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// Beginnings of the collections that are open; none of block ones.
    open: Vec<Option<usize>>,
    proven: usize,
    is_wrong: bool,
}

impl Proof {
    /// A scalar of the parser's.
    pub fn scalar(&mut self, relaxed: &Relaxed, places: Range<usize>, is_quoted: bool) {
        if is_quoted {
            self.proven += usize::from(relaxed.has_moved(places.start, None));
        }
        let first_tab = relaxed.tabs.partition_point(|tab| *tab < places.start);
        self.is_wrong |= relaxed.tabs.get(first_tab).is_some_and(|tab| *tab < places.end);
    }

    /// The beginning of a collection; none if it is a block one.
    pub fn start(&mut self, place: Option<usize>) {
        self.open.push(place);
    }

    /// The end of a collection, behind its bracket.
    pub fn end(&mut self, relaxed: &Relaxed, place: usize) {
        if let Some(start) = self.open.pop().flatten() {
            self.proven += usize::from(relaxed.has_moved(start, Some(place)));
        }
    }

    /// Whether all of it has been found.
    #[must_use]
    pub fn holds(&self, relaxed: &Relaxed) -> bool {
        !self.is_wrong && self.proven == relaxed.moved.len()
    }
}

/// How many characters of tags and anchors stand before a flow collection's bracket; none if it is a
/// block collection.
#[must_use]
pub fn bracket(text: &str) -> Option<usize> {
    let mut rest = text;
    while rest.starts_with(['&', '!']) {
        rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
    }
    let before = text.len() - rest.len();
    rest.starts_with(['[', '{']).then(|| text.get(..before).unwrap_or_default().chars().count())
}

struct Lexer<'t> {
    rest: Peekable<Chars<'t>>,
    at: usize,
    column: usize,
    /// The character before.
    before: char,
    /// Lines that begin within the construct at hand: place, blanks before its text.
    lines: Vec<(usize, usize)>,
    found: Relaxed,
}

/// Something found: lines that are to be moved, and by how much.
type Shifts = Vec<(usize, usize)>;

impl Lexer<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.at += 1;
        self.column = if c == '\n' { 0 } else { self.column + 1 };
        self.before = c;
        Some(c)
    }

    fn is_next(&mut self, set: &str) -> bool {
        self.rest.peek().is_none_or(|c| set.contains(*c))
    }

    fn skip_line(&mut self) {
        while self.rest.peek().is_some_and(|c| *c != '\n') {
            self.next();
        }
    }

    /// Goes through a document in block style.
    fn document(&mut self, shifts: &mut Shifts) {
        // The column of the key or dash before; a block scalar's lines are indented more.
        let (mut parent, mut block) = (0_usize, None);
        // Whether a value or key may begin here.
        let mut is_start = true;
        while let Some(c) = self.rest.peek().copied() {
            if self.column == 0 && self.before == '\n' {
                is_start = true;
                let blanks = self.blanks();
                let is_empty = self.is_next("\r\n");
                match block {
                    Some(column) if is_empty || blanks > column => {
                        self.skip_line();
                        self.next();
                        continue;
                    }
                    _ => block = None,
                }
                if self.rest.peek().is_none() {
                    return;
                }
                // The line is looked at from its first character.
                self.before = ' ';
                continue;
            }
            let (at, column) = (self.at, self.column);
            match c {
                '#' if matches!(self.before, ' ' | '\t' | '\n') => self.skip_line(),
                '"' | '\'' if is_start => {
                    parent = column;
                    is_start = false;
                    self.lines.clear();
                    if self.quoted() {
                        self.moved(at, None, column, shifts);
                    }
                }
                '[' | '{' if is_start => {
                    is_start = false;
                    self.lines.clear();
                    if self.flow() {
                        self.moved(at, Some(self.at), column, shifts);
                    }
                }
                '|' | '>' if is_start => {
                    block = Some(parent);
                    self.skip_line();
                }
                '&' | '!' if is_start => {
                    while !self.is_next(" \t\r\n") {
                        self.next();
                    }
                }
                ':' => {
                    self.next();
                    if self.is_next(" \t\r\n") {
                        is_start = true;
                        self.tabs();
                    }
                }
                ' ' | '\t' | '\r' | '\n' => {
                    self.next();
                }
                _ => {
                    self.next();
                    if is_start {
                        parent = column;
                        // Behind a dash of a list, too.
                        is_start = matches!(c, '-' | '?') && self.is_next(" \t\r\n");
                    }
                }
            }
        }
    }

    /// Passes the blanks at the beginning of a line.
    fn blanks(&mut self) -> usize {
        let mut blanks = 0;
        while self.rest.peek() == Some(&' ') {
            self.next();
            blanks += 1;
        }
        blanks
    }

    /// Passes what is blank behind a colon, and notes the tabs.
    fn tabs(&mut self) {
        while let Some(c) = self.rest.peek().copied().filter(|c| matches!(c, ' ' | '\t')) {
            if c == '\t' {
                self.found.tabs.push(self.at);
            }
            self.next();
        }
    }

    /// A line begins within the construct at hand.
    fn line(&mut self) {
        let at = self.at;
        let blanks = self.blanks();
        if !self.is_next("\r\n") {
            self.lines.push((at, blanks));
        }
    }

    /// Passes a quoted scalar; whether it ends.
    fn quoted(&mut self) -> bool {
        let quote = self.next();
        while let Some(c) = self.next() {
            match c {
                '\\' if quote == Some('"') && !self.is_next("\r\n") => {
                    self.next();
                }
                '\n' => self.line(),
                c if Some(c) == quote => {
                    if c == '"' || self.rest.peek() != Some(&'\'') {
                        return true;
                    }
                    self.next();
                }
                _ => {}
            }
        }
        false
    }

    /// Passes a flow collection; whether it ends.
    fn flow(&mut self) -> bool {
        let (mut depth, mut is_start) = (0_usize, true);
        while let Some(c) = self.rest.peek().copied() {
            match c {
                '#' if matches!(self.before, ' ' | '\t' | '\n') => {
                    self.skip_line();
                    continue;
                }
                '"' | '\'' if is_start => {
                    is_start = false;
                    if !self.quoted() {
                        return false;
                    }
                    // A colon right behind is one.
                    if self.rest.peek() == Some(&':') {
                        self.next();
                        self.tabs();
                        is_start = true;
                    }
                    continue;
                }
                _ => {}
            }
            self.next();
            match c {
                '[' | '{' => (depth, is_start) = (depth + 1, true),
                ']' | '}' if depth <= 1 => return true,
                ']' | '}' => (depth, is_start) = (depth - 1, false),
                ',' => is_start = true,
                ':' if self.is_next(" \t\r\n,[]{}") => {
                    self.tabs();
                    is_start = true;
                }
                '\n' => self.line(),
                ' ' | '\t' | '\r' => {}
                // A tag or an anchor: what it belongs to follows.
                '&' | '!' if is_start => {
                    while !self.is_next(" \t\r\n,[]{}") {
                        self.next();
                    }
                }
                _ => is_start = false,
            }
        }
        false
    }

    /// Notes what is to be moved of a construct that has been passed.
    fn moved(&mut self, start: usize, end: Option<usize>, column: usize, shifts: &mut Shifts) {
        let wanted = column + 1;
        let before = shifts.len();
        if wanted <= MAX_COLUMN {
            shifts.extend(
                self.lines.iter().filter(|(_, blanks)| *blanks < wanted).map(|(line, blanks)| (*line, wanted - blanks)),
            );
        }
        if shifts.len() > before {
            self.found.moved.push((start, end));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_as_before() {
        let text = "ä: 1\na: [\n1,\n\n  {b: 'c\nd'}\n]\nb: x\n";
        let relaxed = Relaxed::of(text).unwrap();
        assert_eq!(relaxed.text, "ä: 1\na: [\n    1,\n\n    {b: 'c\n    d'}\n    ]\nb: x\n");
        assert_eq!(relaxed.moved, [(8, Some(28))]);
        let places = |text: &str| -> Vec<(usize, char)> {
            text.chars().enumerate().filter(|(_, c)| c.is_alphanumeric() || *c == ']').collect()
        };
        let back = places(&relaxed.text).into_iter().map(|(at, c)| (relaxed.original(at), c));
        assert_eq!(back.collect::<Vec<_>>(), places(text));
    }

    #[test]
    fn only_what_is_flow_or_quoted_is_moved() {
        for text in [
            "a: |\n  [\n  x\nb: 1\n",
            "a: it's\nb: it's\n",
            "a: # [\n  b\n",
            "a: x [\n  y\n",
            "a: [1,\n    2]\n",
            "- >\n \"a\n b\n",
            "a: [\n",
        ] {
            assert!(Relaxed::of(text).is_none(), "{text:?}: {:?}", Relaxed::of(text));
        }
        let relaxed = |text: &str| Relaxed::of(text).unwrap().text;
        assert_eq!(relaxed("a:\tb\nc: {d:\t1}\n"), "a: b\nc: {d: 1}\n");
        assert_eq!(relaxed("a: \"b\n\\\"c\"\n"), "a: \"b\n    \\\"c\"\n");
        assert_eq!(relaxed("- !x 'it''s\nb'\n"), "- !x 'it''s\n      b'\n");
        assert_eq!(relaxed("a: [b, # ]\nc]\n"), "a: [b, # ]\n    c]\n");
    }
}
