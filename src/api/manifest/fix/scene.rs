//! The text that is to be mended: its trees, and where blocks begin and end in it.

use super::Edit;
use crate::api::manifest::documents;
use crate::api::manifest::schema::{Schema, Shape};
use crate::api::manifest::yaml::{self, Entry, NodeId, NodeKind, Source, Tree};
use crate::base::Span;

/// A text and what is in it.
pub struct Scene<'t> {
    /// The text.
    pub text: &'t str,
    /// Those of its documents that can be read.
    pub trees: Vec<Tree>,
    /// The table of types.
    pub schema: Schema,
}

/// A mapping on the way to a place.
#[derive(Clone)]
pub struct Holder {
    /// The mapping.
    pub id: NodeId,
    /// Its path.
    pub path: String,
    /// Its type by the table, if it is a struct.
    pub of: Option<&'static str>,
}

impl<'t> Scene<'t> {
    /// Reads a text.
    pub fn new(text: &'t str) -> Scene<'t> {
        let source = Source::new(text);
        let (ranges, _) = documents::split(&source, text);
        let spent = &mut yaml::Spent::default();
        let trees = ranges.into_iter().filter_map(|range| yaml::parse(&source, range, spent).ok());
        Scene { text, trees: trees.map(|document| document.tree).collect(), schema: Schema::new() }
    }

    /// The tree that a place is in, and its root.
    pub fn tree_at(&self, span: Span) -> Option<(&Tree, NodeId)> {
        let trees = self.trees.iter().filter_map(|tree| Some((tree, tree.root()?)));
        trees.rev().find(|(tree, root)| tree.span(*root).start <= span.start)
    }

    /// What a span covers.
    pub fn text_of(&self, span: Span) -> &'t str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// First byte of a line.
    pub fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    /// The byte behind a line and its break.
    pub fn line_end(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |end| at + end + 1)
    }

    /// How many blanks and dashes stand before a place in its line; nothing if more does.
    pub fn column(&self, at: usize) -> Option<usize> {
        let before = self.text.get(self.line_start(at)..at)?;
        before.bytes().all(|byte| byte == b' ' || byte == b'-').then_some(before.len())
    }

    /// The lines of a key in block style and of its value, with the comments right above
    /// that are as deep. Nothing if it stands behind a dash or in braces.
    pub fn block(&self, key: Span) -> Option<(usize, usize)> {
        let mut start = self.line_start(key.start);
        let column = self.column(key.start)?;
        if self.text.get(start..key.start)?.contains('-') {
            return None;
        }
        let end = self.block_end(key);
        while start > 0 {
            let above = self.line_start(start - 1);
            let line = self.text.get(above..start)?;
            if !line.trim_start().starts_with('#') || line.len() - line.trim_start().len() != column {
                break;
            }
            start = above;
        }
        Some((start, end))
    }

    /// The byte behind the last line of a key's value.
    pub fn block_end(&self, key: Span) -> usize {
        let column = self.column(key.start).unwrap_or(0);
        let mut end = self.line_end(key.start);
        let mut at = end;
        while at < self.text.len() {
            let next = self.line_end(at);
            let line = self.text.get(at..next).unwrap_or_default();
            let content = line.trim_start();
            let indent = line.len() - content.len();
            let is_item = indent == column && (content.starts_with("- ") || content.trim_end() == "-");
            if content.is_empty() {
                // A blank line is part of it if more comes.
            } else if line.starts_with("---") || (indent <= column && !is_item) {
                break;
            } else {
                end = next;
            }
            at = next;
        }
        end
    }

    /// Puts lines, written from column 0, behind the last entry of a mapping in block style.
    pub fn append(&self, tree: &Tree, mapping: NodeId, lines: &str) -> Option<Edit> {
        let last = tree.entries(mapping).iter().max_by_key(|entry| entry.key_span.start)?;
        let column = self.column(last.key_span.start)?;
        let at = self.block_end(last.key_span);
        let is_open = !self.text.get(..at)?.ends_with('\n');
        let text = format!("{}{}", if is_open { "\n" } else { "" }, indented(lines, column));
        let text = if is_open { text.trim_end().to_owned() } else { text };
        Some(Edit { start: at, end: at, text })
    }

    /// Puts lines, written from column 0, before the first entry of a mapping in block style.
    pub fn prepend(&self, tree: &Tree, mapping: NodeId, lines: &str) -> Option<Edit> {
        let first = tree.entries(mapping).iter().min_by_key(|entry| entry.key_span.start)?;
        let column = self.column(first.key_span.start)?;
        // Behind a dash the first line goes on where the first key stood.
        let at = first.key_span.start;
        let text = indented(lines, column).trim_start().to_owned() + &" ".repeat(column);
        Some(Edit { start: at, end: at, text })
    }

    /// Takes a key and its value out.
    pub fn remove(&self, key: Span) -> Option<Edit> {
        self.block(key).map(|(start, end)| Edit { start, end, text: String::new() })
    }

    /// Puts something else where a scalar stands.
    pub fn replace(&self, tree: &Tree, scalar: NodeId, text: impl Into<String>) -> Edit {
        let span = tree.span(scalar);
        Edit { start: span.start, end: span.end, text: text.into() }
    }

    /// The mappings around the entry whose key stands at a place, outermost first; the last
    /// one holds it.
    pub fn around(&self, tree: &Tree, root: NodeId, key: Span) -> Option<(Vec<Holder>, Entry)> {
        let says = |name| tree.entry(root, name).and_then(|entry| tree.text(entry.value)).unwrap_or_default();
        let (of, _) = self.schema.kind(says("apiVersion"), says("kind"))?;
        let (mut at, mut shape, mut path) = (root, Some(Shape::Struct(of)), String::new());
        let mut holders = Vec::new();
        // Spans of keys and values say which way to go: no more steps than the tree is deep.
        for _ in 0..yaml::MAX_DEPTH {
            match &tree.node(at).kind {
                NodeKind::Mapping(entries) => {
                    let of = if let Some(Shape::Struct(name)) = shape { Some(name) } else { None };
                    holders.push(Holder { id: at, path: path.clone(), of });
                    if let Some(entry) = entries.iter().find(|entry| entry.key_span == key) {
                        return Some((holders, entry.clone()));
                    }
                    let entry = entries.iter().filter(|entry| entry.key_span.start <= key.start);
                    let entry = entry.max_by_key(|entry| entry.key_span.start)?;
                    shape = match shape {
                        Some(Shape::Struct(name)) => self.schema.field(name, &entry.key).map(|field| field.of.shape()),
                        Some(Shape::Map(of)) => Some(of.shape()),
                        _ => None,
                    };
                    path = joined(&path, &entry.key);
                    at = entry.value;
                }
                NodeKind::Sequence(items) => {
                    let (index, item) =
                        items.iter().enumerate().rev().find(|(_, item)| tree.span(**item).start <= key.start)?;
                    shape = if let Some(Shape::List(of)) = shape { Some(of.shape()) } else { None };
                    path = format!("{path}[{index}]");
                    at = *item;
                }
                _ => return None,
            }
        }
        None
    }
}

/// The node behind some keys.
pub fn node_at(tree: &Tree, from: NodeId, keys: &[&str]) -> Option<NodeId> {
    keys.iter().try_fold(from, |at, key| Some(tree.entry(at, key)?.value))
}

/// A path and one more key.
pub fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Lines moved to the right; each ends with a break.
pub fn indented(lines: &str, column: usize) -> String {
    let blanks = " ".repeat(column);
    lines.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{blanks}{line}\n") }).collect()
}

/// How many letters must be put in, left out or changed to make one word of another, no
/// matter their case.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        let mut next = vec![i + 1];
        for (y, above) in b.chars().zip(row.iter().skip(1)) {
            let left = next.last().copied().unwrap_or(0);
            next.push((before + usize::from(x != y)).min(above + 1).min(left + 1));
            before = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
