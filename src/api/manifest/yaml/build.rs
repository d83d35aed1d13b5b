//! From events to the tree: anchors, merge keys, duplicate keys, limits.
//!
//! Upstream: `go.yaml.in/yaml/v2/decode.go`.

use super::position::Source;
use super::preflight::plain_breaks;
use super::scalar::{Scalar, resolve_plain, resolve_tagged};
use super::tree::{Entry, Node, NodeId, NodeKind, Tree};
use super::words::in_go_yaml_words;
use super::{Document, Fault, MAX_DEPTH, MAX_NODES, MAX_WRITTEN, Spent, TELL_EVERY, fault};
use crate::base::{Map, Span};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use std::ops::Range;

/// Reads one document.
///
/// # Errors
/// The first thing that makes it unreadable.
pub fn document(source: &Source, range: Range<usize>, spent: &mut Spent<'_>) -> Result<Document, Fault> {
    let first_char = source.char_of_byte(range.start);
    let mut builder = Builder {
        source,
        first_char,
        spent,
        tree: Tree::default(),
        open: Vec::new(),
        anchors: Map::new(),
        duplicates: Vec::new(),
    };
    let chunk = plain_breaks(source.slice(range));
    let mut parser = Parser::new_from_str(&chunk);
    let (mut unread, mut events) = (None, 0_usize);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| builder.scan_error(&error))?;
        let span = builder.span(span);
        events += 1;
        if let (0, Some(tell)) = (events % TELL_EVERY, &mut builder.spent.tell) {
            tell(span.start);
        }
        match event {
            Event::DocumentEnd => {
                // Errors behind the document are not seen either.
                unread = match parser.next_event() {
                    Some(Ok((Event::DocumentStart(_), span))) => Some(builder.span(span)),
                    _ => None,
                };
                break;
            }
            event => builder.event(event, span)?,
        }
    }
    Ok(Document { tree: builder.tree, duplicates: builder.duplicates, unread })
}

/// A collection whose end has not come yet.
struct Open {
    anchor: usize,
    span: Span,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<NodeId>),
    Mapping { pairs: Vec<(Key, NodeId)>, key: Option<Key> },
}

/// A key waiting for its value.
struct Key {
    id: NodeId,
    is_merge: bool,
}

struct Builder<'s, 't, 'p> {
    source: &'s Source<'t>,
    first_char: usize,
    spent: &'s mut Spent<'p>,
    tree: Tree,
    open: Vec<Open>,
    anchors: Map<usize, NodeId>,
    duplicates: Vec<Fault>,
}

impl Builder<'_, '_, '_> {
    fn span(&self, span: saphyr_parser::Span) -> Span {
        self.source.span(self.first_char + span.start.index(), self.first_char + span.end.index())
    }

    fn scan_error(&self, error: &ScanError) -> Fault {
        let at = self.first_char + error.marker().index();
        let mut span = self.source.span(at, at + 1);
        let mut message = in_go_yaml_words(error.info());
        if error.info().contains("tab") {
            span = self.source.tab_near(span);
        }
        if message.ends_with("found unknown anchor") {
            span = self.source.word_at(span);
            let name = self.source.text_of(span).trim_start_matches('*');
            message = format!("yaml: unknown anchor '{name}' referenced");
        }
        Fault { message, span }
    }

    fn event(&mut self, event: Event, span: Span) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(anchor, _) => self.start(anchor, span, OpenKind::Sequence(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.start(anchor, span, OpenKind::Mapping { pairs: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Fault> {
        let plain = style == ScalarStyle::Plain;
        let span = self.source.without_trailer(span, style);
        let value = match tag {
            None if plain => resolve_plain(text),
            None => Ok(Scalar::Text(text.to_owned())),
            Some(tag) if tag.is_yaml_core_schema() => resolve_tagged(&format!("!!{}", tag.suffix), text),
            Some(_) => Ok(Scalar::Text(text.to_owned())),
        };
        let is_merge = plain && tag.is_none() && text == "<<";
        let value = value.or_else(|message| fault(message, span))?;
        // Nothing at all stands nowhere: the key is what can be pointed at.
        let span = if span.start == span.end { self.waiting_key_span().unwrap_or(span) } else { span };
        self.add(Node { span, kind: NodeKind::Scalar(value), size: 1, height: 0 }, anchor, is_merge)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fault> {
        let name = self.source.text_of(span).trim().trim_start_matches('*');
        let Some(target) = self.anchors.get(&anchor).copied() else {
            return fault(format!("yaml: anchor '{name}' value contains itself"), span);
        };
        let (size, height) = (self.tree.raw(target).size, self.tree.raw(target).height);
        self.add(Node { span, kind: NodeKind::Alias(target), size, height }, 0, false)
    }

    fn start(&mut self, anchor: usize, span: Span, kind: OpenKind) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return too_deep(span);
        }
        self.open.push(Open { anchor, span, kind });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (kind, children) = match open.kind {
            OpenKind::Sequence(items) => (NodeKind::Sequence(items.clone()), items),
            OpenKind::Mapping { pairs, .. } => {
                let children = pairs.iter().map(|(_, value)| *value).collect();
                (NodeKind::Mapping(self.entries(&pairs)?), children)
            }
        };
        let mut size = 1_usize;
        let mut height = 0;
        // A block collection ends with its last child, a flow collection with its bracket.
        let mut end = if span.end > span.start { span.end } else { open.span.end };
        for child in &children {
            let child = self.tree.raw(*child);
            size = size.saturating_add(child.size);
            height = height.max(child.height);
            end = end.max(child.span.end);
        }
        let span = Span { end, ..open.span };
        self.add(Node { span, kind, size, height: height + 1 }, open.anchor, false)
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node, anchor: usize, is_merge: bool) -> Result<(), Fault> {
        if self.open.len() + node.height > MAX_DEPTH {
            return too_deep(node.span);
        }
        let is_key = matches!(self.open.last(), Some(Open { kind: OpenKind::Mapping { key: None, .. }, .. }));
        // Keys are not counted, there is a value for each. What a collection holds is counted already.
        let cost = match node.kind {
            NodeKind::Alias(_) => node.size,
            _ => usize::from(!is_key),
        };
        self.spent.has_aliases |= matches!(node.kind, NodeKind::Alias(_));
        self.spent.nodes = self.spent.nodes.saturating_add(cost);
        let (most, how) = if self.spent.has_aliases { (MAX_NODES, " (aliases expanded)") } else { (MAX_WRITTEN, "") };
        if self.spent.nodes > most {
            let message = format!("the text holds more than {most} values{how}, this playground reads no more");
            return fault(message, node.span);
        }
        let id = NodeId(self.tree.nodes.len());
        self.tree.nodes.push(node);
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.tree.root = Some(id),
            Some(OpenKind::Sequence(items)) => items.push(id),
            Some(OpenKind::Mapping { pairs, key }) => match key.take() {
                Some(key) => pairs.push((key, id)),
                None => *key = Some(Key { id, is_merge }),
            },
        }
        Ok(())
    }

    fn waiting_key_span(&self) -> Option<Span> {
        match &self.open.last()?.kind {
            OpenKind::Mapping { key: Some(key), .. } => Some(self.tree.raw(key.id).span),
            _ => None,
        }
    }

    /// The entries of a mapping, merge keys resolved: what is written later wins.
    fn entries(&mut self, pairs: &[(Key, NodeId)]) -> Result<Vec<Entry>, Fault> {
        let mut map = MapBuilder::default();
        for (key, value) in pairs {
            let key_span = self.tree.raw(key.id).span;
            if key.is_merge {
                self.merge(&mut map, *value, key_span)?;
                continue;
            }
            let (text, is_text) = match &self.tree.node(key.id).kind {
                NodeKind::Scalar(scalar) => (scalar.as_key(), matches!(scalar, Scalar::Text(_))),
                _ => (None, false),
            };
            let Some(text) = text else {
                let written: String = self.source.text_of(key_span).chars().take(60).collect();
                return fault(format!("yaml: invalid map key: {written}"), key_span);
            };
            map.set(Entry { key: text, key_span, value: *value, is_text });
        }
        self.duplicates.append(&mut map.duplicates);
        Ok(map.entries)
    }

    fn merge(&self, map: &mut MapBuilder, value: NodeId, key_span: Span) -> Result<(), Fault> {
        let sources: Vec<NodeId> = match &self.tree.node(value).kind {
            NodeKind::Mapping(_) => vec![value],
            // The first of several wins, so it is written last.
            NodeKind::Sequence(items) => items.iter().rev().copied().collect(),
            NodeKind::Scalar(_) | NodeKind::Alias(_) => Vec::new(),
        };
        let all_maps = sources.iter().all(|id| matches!(self.tree.node(*id).kind, NodeKind::Mapping(_)));
        if !all_maps || matches!(self.tree.node(value).kind, NodeKind::Scalar(_)) {
            return fault("yaml: map merge requires map or sequence of maps as the value", key_span);
        }
        for source in sources {
            for entry in self.tree.entries(source) {
                map.set(Entry { key_span, ..entry.clone() });
            }
        }
        Ok(())
    }
}

/// Entries in the order of their first key.
#[derive(Default)]
struct MapBuilder {
    entries: Vec<Entry>,
    index: Map<String, usize>,
    duplicates: Vec<Fault>,
}

impl MapBuilder {
    fn set(&mut self, entry: Entry) {
        let Some(index) = self.index.get(&entry.key) else {
            self.index.insert(entry.key.clone(), self.entries.len());
            self.entries.push(entry);
            return;
        };
        let Some(slot) = self.entries.get_mut(*index) else {
            return;
        };
        // `"16"` and `0x10` are two keys to go-yaml and one to JSON.
        if slot.is_text == entry.is_text {
            let message = format!("key {} already set in map", entry.printed());
            self.duplicates.push(Fault { message, span: entry.key_span });
        }
        *slot = entry;
    }
}

fn too_deep<T>(span: Span) -> Result<T, Fault> {
    fault(format!("nested deeper than {MAX_DEPTH} levels, this playground reads no more"), span)
}
