//! From events to the tree: anchors, merge keys, duplicate keys, limits.
//!
//! Upstream: `go.yaml.in/yaml/v2/decode.go`.

use super::entries::MapBuilder;
use super::expansion::{Expansion, Extent};
use super::position::Source;
use super::preflight::plain_breaks;
use super::relaxed::{self, Proof, Relaxed};
use super::scalar::{Scalar, not_finite_key, plain_in_brackets, resolve_plain, resolve_tagged};
use super::tabs::Tabs;
use super::tree::{Entry, Node, NodeId, NodeKind, Tree};
use super::words::in_go_yaml_words;
use super::{Document, Fault, MAX_DEPTH, Spent, TELL_EVERY, fault};
use crate::base::{Map, Span};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use std::ops::Range;

/// Reads one document.
///
/// # Errors
/// The first thing that makes it unreadable.
pub fn document(source: &Source, range: Range<usize>, spent: &mut Spent<'_>) -> Result<Document, Fault> {
    let before = (spent.nodes, spent.has_aliases);
    let text = plain_breaks(source.slice(range.clone()));
    let fault = match attempt(source, &range, spent, &text, None) {
        Ok(document) => return Ok(document),
        Err(Refused { fault, is_ours: false }) => return Err(fault),
        Err(Refused { fault, .. }) => fault,
    };
    let Some(relaxed) = Relaxed::of(&text) else { return Err(fault) };
    (spent.nodes, spent.has_aliases) = before;
    match attempt(source, &range, spent, &relaxed.text, Some(&relaxed)) {
        Ok(document) => Ok(document),
        Err(second) if second.fault.span.start > fault.span.start => Err(second.fault),
        Err(_) => Err(fault),
    }
}

/// Why a document is not read.
struct Refused {
    fault: Fault,
    /// go-yaml may know no such error.
    is_ours: bool,
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        Refused { fault, is_ours: false }
    }
}

/// Reads a document as it is, or relaxed.
fn attempt(
    source: &Source,
    range: &Range<usize>,
    spent: &mut Spent<'_>,
    text: &str,
    relaxed: Option<&Relaxed>,
) -> Result<Document, Refused> {
    let first_char = source.char_of_byte(range.start);
    let mut builder = Builder {
        source,
        first_char,
        end: range.end,
        spent,
        relaxed,
        proof: Proof::default(),
        tree: Tree::default(),
        open: Vec::new(),
        anchors: Map::new(),
        expansion: Expansion::new(),
        duplicates: Vec::new(),
        tabs: Tabs::of(source, range.clone()),
    };
    let mut parser = Parser::new_from_str(text);
    let (mut unread, mut events, mut end) = (None, 0_usize, range.end);
    while let Some(event) = parser.next_event() {
        let (event, place) = event
            .map_err(|error| Refused { fault: builder.scan_error(&error), is_ours: Relaxed::helps(error.info()) })?;
        let span = builder.span(place);
        events += 1;
        if let (0, Some(tell)) = (events % TELL_EVERY, &mut builder.spent.tell) {
            tell(span.start);
        }
        match event {
            Event::DocumentEnd => {
                if source.text_of(span).starts_with("...") {
                    end = span.start;
                }
                // Errors behind the document are not seen either.
                unread = match parser.next_event() {
                    Some(Ok((Event::DocumentStart(_), span))) => Some(builder.span(span)),
                    _ => None,
                };
                break;
            }
            event => {
                builder.prove(&event, place, span);
                builder.event(event, span)?;
            }
        }
    }
    if relaxed.is_some_and(|relaxed| !builder.proof.holds(relaxed)) {
        return Err(Fault { message: String::new(), span: Span::default() }.into());
    }
    if let Some(tab) = builder.tabs.first_refused(source, end) {
        return fault(in_go_yaml_words("found a tab"), source.span_of_bytes(tab, tab + 1)).map_err(Refused::from);
    }
    Ok(Document { tree: builder.tree, duplicates: builder.duplicates, unread })
}

/// A collection whose end has not come yet.
struct Open {
    anchor: usize,
    span: Span,
    begins: Extent,
    /// In brackets, or in something that is.
    is_flow: bool,
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
    /// Where the document ends.
    end: usize,
    spent: &'s mut Spent<'p>,
    relaxed: Option<&'s Relaxed>,
    proof: Proof,
    tree: Tree,
    open: Vec<Open>,
    /// What has a name, and how much that is.
    anchors: Map<usize, (NodeId, Extent)>,
    expansion: Expansion,
    duplicates: Vec<Fault>,
    tabs: Tabs,
}

impl Builder<'_, '_, '_> {
    /// A character of the document by its number in what the parser reads.
    fn place(&self, at: usize) -> usize {
        self.relaxed.map_or(at, |relaxed| relaxed.original(at))
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        let (start, end) = (self.place(span.start.index()), self.place(span.end.index()));
        self.source.span(self.first_char + start, self.first_char + end)
    }

    /// Looks for what was relaxed among what the parser finds.
    fn prove(&mut self, event: &Event, place: saphyr_parser::Span, span: Span) {
        let Some(relaxed) = self.relaxed else { return };
        let places = self.place(place.start.index())..self.place(place.end.index());
        match event {
            Event::Scalar(_, style, ..) => {
                let is_quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                self.proof.scalar(relaxed, places, is_quoted);
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let bracket = relaxed::bracket(self.source.slice(span.start..self.end));
                self.proof.start(bracket.map(|behind| places.start + behind));
            }
            Event::SequenceEnd | Event::MappingEnd => self.proof.end(relaxed, places.end),
            _ => {}
        }
    }

    fn scan_error(&self, error: &ScanError) -> Fault {
        let at = self.first_char + self.place(error.marker().index());
        let mut span = self.source.span(at, at + 1);
        let mut message = in_go_yaml_words(error.info());
        if error.info().contains("tab") {
            span = self.source.tab_near(span, self.end);
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
        let is_flow = self.is_flow();
        if !is_flow {
            self.tabs.scalar(style, span.start..span.end);
        }
        let span = self.source.without_trailer(span, style);
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        // Where the last line has no end, the block has none either.
        let text = if is_block && self.is_unended(span) { text.strip_suffix('\n').unwrap_or(text) } else { text };
        let value = match tag {
            None if plain => resolve_plain(text),
            None => Ok(Scalar::Text(text.to_owned())),
            Some(tag) if tag.is_yaml_core_schema() => resolve_tagged(&format!("!!{}", tag.suffix), text),
            Some(_) => Ok(Scalar::Text(text.to_owned())),
        };
        let is_merge = plain && tag.is_none() && text == "<<";
        if plain && is_flow {
            plain_in_brackets(self.source.text_of(span), self.is_sequence()).or_else(|words| fault(words, span))?;
        }
        let value = if plain && self.is_key() { value.or_else(not_finite_key) } else { value };
        let value = value.or_else(|message| fault(message, span))?;
        // Nothing at all stands nowhere: the key is what can be pointed at.
        let span = if span.start == span.end { self.waiting_key_span().unwrap_or(span) } else { span };
        let begins = self.expansion.here();
        self.expansion.add(text.len()).or_else(|message| fault(message, span))?;
        self.add(Node { span, kind: NodeKind::Scalar(value), size: 1, height: 0 }, anchor, begins, is_merge)
    }

    fn is_sequence(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Sequence(_), .. }))
    }

    fn is_flow(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_flow)
    }

    /// Whether nothing but blanks follows, and no line break at the end.
    fn is_unended(&self, span: Span) -> bool {
        let rest = self.source.slice(span.end..self.end);
        let last = self.source.slice(span.start..self.end);
        rest.trim().is_empty() && !last.ends_with(['\n', '\r'])
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Fault> {
        let name = self.source.text_of(span).trim().trim_start_matches('*');
        let Some((target, extent)) = self.anchors.get(&anchor).copied() else {
            return fault(format!("yaml: anchor '{name}' value contains itself"), span);
        };
        let begins = self.expansion.here();
        self.spent.has_aliases = true;
        self.expansion.add_alias(extent).or_else(|message| fault(message, span))?;
        let (size, height) = (self.tree.raw(target).size, self.tree.raw(target).height);
        self.add(Node { span, kind: NodeKind::Alias(target), size, height }, 0, begins, false)
    }

    fn start(&mut self, anchor: usize, span: Span, kind: OpenKind) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return too_deep(span);
        }
        self.spent.add(usize::from(!self.is_key()), span)?;
        let begins = self.expansion.here();
        self.expansion.add(0).or_else(|message| fault(message, span))?;
        let is_flow = self.is_flow() || relaxed::bracket(self.source.slice(span.start..self.end)).is_some();
        self.open.push(Open { anchor, span, begins, is_flow, kind });
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
        if open.is_flow && !self.is_flow() {
            self.tabs.brackets(span.start..span.end);
        }
        self.add(Node { span, kind, size, height: height + 1 }, open.anchor, open.begins, false)
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node, anchor: usize, begins: Extent, is_merge: bool) -> Result<(), Fault> {
        if self.open.len() + node.height > MAX_DEPTH {
            return too_deep(node.span);
        }
        let cost = match node.kind {
            NodeKind::Alias(_) => node.size,
            NodeKind::Scalar(_) => usize::from(!self.is_key()),
            // Counted where it began.
            NodeKind::Sequence(_) | NodeKind::Mapping(_) => 0,
        };
        self.spent.add(cost, node.span)?;
        let id = NodeId(self.tree.nodes.len());
        self.tree.nodes.push(node);
        if anchor != 0 {
            self.anchors.insert(anchor, (id, self.expansion.since(begins)));
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

    /// Whether what comes is a key: those are not counted, there is a value for each.
    fn is_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Mapping { key: None, .. }, .. }))
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
            map.0.push(Entry { key: text, key_span, value: *value, is_text });
        }
        let (entries, mut duplicates) = map.finish();
        self.duplicates.append(&mut duplicates);
        Ok(entries)
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
            map.0.extend(self.tree.entries(source).iter().map(|entry| Entry { key_span, ..entry.clone() }));
        }
        Ok(())
    }
}

fn too_deep<T>(span: Span) -> Result<T, Fault> {
    fault(format!("nested deeper than {MAX_DEPTH} levels, this playground reads no more"), span)
}
