//! The place of a byte in a text of YAML blocks, by indentation alone: the keys and items
//! that it is in, and whether a key or a value is written there.

/// One way down into an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an item of a list.
    Item,
}

/// What is written at the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A key.
    Key,
    /// The value of this key.
    Value(String),
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The object's `apiVersion`, empty if it does not say.
    pub api_version: String,
    /// Its kind, empty if it does not say.
    pub kind: String,
    /// The way to the mapping that the line belongs to.
    pub steps: Vec<Step>,
    /// Keys that stand beside the line.
    pub siblings: Vec<String>,
    /// What is written.
    pub part: Part,
    /// First byte of the key or value.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
    /// Column of the key.
    pub column: usize,
}

/// A line, cut up.
struct Line<'t> {
    start: usize,
    text: &'t str,
    /// Columns of the dashes before the content.
    dashes: Vec<usize>,
    /// Column of the content.
    column: usize,
    /// Where the key ends, in the line, if there is one.
    colon: Option<usize>,
}

impl<'t> Line<'t> {
    fn new(start: usize, text: &'t str) -> Line<'t> {
        let text = text.trim_end_matches(['\n', '\r']);
        let (mut column, mut dashes) = (0, Vec::new());
        let bytes = text.as_bytes();
        let at = |column: usize| bytes.get(column).copied();
        loop {
            match (at(column), at(column + 1)) {
                (Some(b' '), _) => column += 1,
                (Some(b'-'), Some(b' ') | None) => {
                    dashes.push(column);
                    column += 1;
                }
                _ => break,
            }
        }
        let content = text.get(column..).unwrap_or_default();
        let is_key = !content.starts_with(['#', '{', '[']);
        let colon = content.match_indices(':').map(|(colon, _)| column + colon);
        let colon = colon.filter(|_| is_key).find(|colon| matches!(at(colon + 1), None | Some(b' ')));
        Line { start, text, dashes, column, colon }
    }

    fn content(&self) -> &'t str {
        self.text.get(self.column..).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        (self.content().is_empty() && self.dashes.is_empty()) || self.content().starts_with('#')
    }

    fn key(&self) -> Option<&'t str> {
        Some(self.text.get(self.column..self.colon?)?.trim_matches(['"', '\'', ' ']))
    }

    /// Whether a block may follow: nothing stands behind the key.
    fn opens(&self) -> bool {
        let rest = self.colon.and_then(|colon| self.text.get(colon + 1..)).map(str::trim_start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
    }

    /// Column of what the line begins with.
    fn first(&self) -> usize {
        self.dashes.first().copied().unwrap_or(self.column)
    }
}

/// What the next line outward must be.
#[derive(Clone, Copy)]
enum Around {
    /// Part of the mapping at this column, or what it is in.
    Mapping(usize),
    /// The key of the list whose dashes are at this column.
    List(usize),
}

/// The place of a byte; nothing in comments, or where blocks do not tell.
#[must_use]
pub fn place(text: &str, at: usize) -> Option<Place> {
    let before = text.get(..at)?;
    let document = before.rfind("\n---").map_or(0, |mark| mark + 1);
    let document_end = text.get(at..)?.find("\n---").map_or(text.len(), |end| at + end + 1);
    let mut start = document;
    let lines: Vec<Line> = text
        .get(document..document_end)?
        .split_inclusive('\n')
        .map(|line| {
            let cut = Line::new(start, line);
            start += line.len();
            cut
        })
        .collect();
    let blank = Line::new(at, "");
    let number = lines.iter().rposition(|line| line.start <= at);
    // Behind the last line break there is a line too.
    let is_behind = before.is_empty() || (before.ends_with('\n') && at == document_end);
    let (line, above, below) = match number {
        Some(number) if !is_behind => (lines.get(number)?, lines.get(..number)?, lines.get(number + 1..)?),
        _ => (&blank, lines.as_slice(), &[][..]),
    };
    let (part, column, start, end) = part(line, at - line.start.min(at))?;
    let says = |name| {
        let line = lines.iter().find(|line| line.key() == Some(name) && line.first() == 0);
        let value = line.and_then(|line| line.text.get(line.colon? + 1..)).unwrap_or_default();
        value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned()
    };
    let (mut steps, mut siblings) = (Vec::new(), Vec::new());
    outward(line, column, above, &mut steps, &mut siblings)?;
    steps.reverse();
    for line in below.iter().filter(|line| !line.is_empty()) {
        if line.first() < column {
            break;
        }
        if line.column == column && line.dashes.is_empty() {
            siblings.extend(line.key().map(str::to_owned));
        }
    }
    let (api_version, kind) = (says("apiVersion"), says("kind"));
    Some(Place { api_version, kind, steps, siblings, part, start: line.start + start, end: line.start + end, column })
}

/// What is written at a column of a line: the part, the column of the key, the part's ends.
fn part(line: &Line, at: usize) -> Option<(Part, usize, usize, usize)> {
    let comment = line.text.find(" #").map(|at| at + 1).or(line.content().starts_with('#').then_some(line.column));
    if comment.is_some_and(|comment| comment < at) || at < line.column {
        return None;
    }
    // On an empty line the caret says how deep the key is to be.
    let column = line.column;
    if let (Some(colon), Some(key)) = (line.colon.filter(|colon| *colon < at), line.key()) {
        let value = line.text.get(colon + 1..comment.unwrap_or(line.text.len()))?;
        let start = colon + 1 + (value.len() - value.trim_start().len());
        let end = colon + 1 + value.trim_end().len();
        return (at >= start).then(|| (Part::Value(key.to_owned()), column, start, end.max(start)));
    }
    let word = line.text.get(column..line.colon.unwrap_or(line.text.len()))?;
    Some((Part::Key, column, column, column + word.trim_end().len()))
}

/// Walks up and out, noting steps from the inside out.
fn outward(
    line: &Line,
    column: usize,
    above: &[Line],
    steps: &mut Vec<Step>,
    siblings: &mut Vec<String>,
) -> Option<()> {
    let leave = |line: &Line, column: usize, steps: &mut Vec<Step>| match line.dashes.first() {
        Some(first) => {
            steps.extend(line.dashes.iter().map(|_| Step::Item));
            Around::List(*first)
        }
        None => Around::Mapping(column),
    };
    let mut around = leave(line, column, steps);
    let mut is_within = line.dashes.is_empty();
    for line in above.iter().rev().filter(|line| !line.is_empty()) {
        match around {
            Around::Mapping(0) if !is_within => break,
            Around::Mapping(column) if line.column == column => {
                if is_within {
                    siblings.extend(line.key().map(str::to_owned));
                }
                if !line.dashes.is_empty() {
                    is_within = false;
                    around = leave(line, column, steps);
                }
            }
            Around::Mapping(column) if line.column < column => {
                is_within = false;
                steps.push(Step::Key(line.key().filter(|_| line.opens())?.to_owned()));
                around = leave(line, line.column, steps);
            }
            Around::List(dash) if line.column <= dash || line.first() < dash => {
                is_within = false;
                steps.push(Step::Key(line.key().filter(|_| line.opens())?.to_owned()));
                around = leave(line, line.column, steps);
            }
            _ => {}
        }
    }
    matches!(around, Around::Mapping(0)).then_some(())
}
