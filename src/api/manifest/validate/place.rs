//! A value, its path as the API server prints it, and its place in the text.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/validation/field`.

use crate::api::manifest::yaml::{Entry, Fault, NodeId, Tree};
use crate::base::{Map, Set, Span};
use serde_json::Value;

static NOTHING: Value = Value::Null;

/// A value within an object.
#[derive(Clone)]
pub struct At<'a> {
    tree: &'a Tree,
    /// The value, null if there is none.
    pub value: &'a Value,
    /// The value's node, or the nearest around it if the text does not have it.
    node: NodeId,
    is_written: bool,
    /// The key that the node stands behind.
    key: Option<Span>,
    path: String,
}

/// What is found wrong.
#[derive(Default)]
pub struct Report {
    /// In the order of finding.
    pub faults: Vec<Fault>,
    /// What the API server warns of.
    pub warnings: Vec<Fault>,
    told: Set<String>,
}

impl<'a> At<'a> {
    /// The object itself.
    #[must_use]
    pub fn root(tree: &'a Tree, node: NodeId, value: &'a Value) -> At<'a> {
        At { tree, value, node, is_written: true, key: None, path: String::new() }
    }

    /// A field; null if there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> At<'a> {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        self.child(self.value.get(name).unwrap_or(&NOTHING), name, path)
    }

    /// The items of a list.
    pub fn items(&self) -> impl Iterator<Item = At<'a>> + use<'a, '_> {
        let nodes = if self.is_written { self.tree.items(self.node) } else { &[] };
        self.value.as_array().into_iter().flatten().enumerate().map(move |(index, value)| {
            let node = nodes.get(index).copied();
            At {
                value,
                node: node.unwrap_or(self.node),
                is_written: node.is_some(),
                key: if node.is_some() { None } else { self.key },
                path: format!("{}[{index}]", self.path),
                ..self.clone()
            }
        })
    }

    /// The entries of a map by key. The path stays the map's own.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, At<'a>)> + use<'a, '_> {
        let written = if self.is_written { self.tree.entries(self.node) } else { &[] };
        // A map may be large: looking up each key in the text's order would take its square.
        let by_key: Map<&str, &Entry> = written.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        let map = self.value.as_object().into_iter().flatten();
        map.map(move |(key, value)| {
            let at = self.child_at(value, by_key.get(key.as_str()).copied(), self.path.clone());
            (key.as_str(), at)
        })
    }

    /// The same with the key in the path.
    pub fn keyed_entries(&self) -> impl Iterator<Item = (&'a str, At<'a>)> + use<'a, '_> {
        self.entries().map(|(key, at)| (key, At { path: format!("{}[{key}]", self.path), ..at }))
    }

    /// The same place under another path.
    #[must_use]
    pub fn as_path(&self, path: &str) -> At<'a> {
        At { path: path.to_owned(), ..self.clone() }
    }

    /// The place of the key instead of the value's.
    #[must_use]
    pub fn at_key(&self) -> At<'a> {
        At { is_written: false, ..self.clone() }
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Text; empty if it is none.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.value.as_str().unwrap_or_default()
    }

    /// A whole number, if it is one.
    #[must_use]
    pub fn int(&self) -> Option<i64> {
        self.value.as_i64()
    }

    /// Whether it is `true`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.value.as_bool().unwrap_or(false)
    }

    /// Whether there is a value.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !self.value.is_null()
    }

    /// Whether there is no item or entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many items or entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.value {
            Value::Array(items) => items.len(),
            Value::Object(map) => map.len(),
            _ => 0,
        }
    }

    /// Where it stands: the value, or else what is nearest to where it ought to stand.
    #[must_use]
    pub fn span(&self) -> Span {
        let whole = self.tree.span(self.node);
        if self.is_written {
            return whole;
        }
        // A whole block is more than anyone wants to see marked: its key or its first key.
        let first_key = self.tree.entries(self.node).iter().map(|entry| entry.key_span).min();
        self.key.or(first_key).unwrap_or(whole)
    }

    fn child(&self, value: &'a Value, name: &str, path: String) -> At<'a> {
        let entry = if self.is_written { self.tree.entry(self.node, name) } else { None };
        self.child_at(value, entry, path)
    }

    fn child_at(&self, value: &'a Value, entry: Option<&'a Entry>, path: String) -> At<'a> {
        match entry {
            Some(entry) => {
                let (node, key) = (entry.value, Some(entry.key_span));
                At { tree: self.tree, value, node, is_written: true, key, path }
            }
            None => At { value, is_written: false, path, ..self.clone() },
        }
    }
}

impl Report {
    /// A value that must be there.
    pub fn required(&mut self, at: &At, detail: &str) {
        self.add(at, "Required value".to_owned(), detail);
    }

    /// A value that is not as it must be.
    pub fn invalid(&mut self, at: &At, detail: &str) {
        self.invalid_value(at, at.value, detail);
    }

    /// The same with the value to be shown.
    pub fn invalid_value(&mut self, at: &At, value: &Value, detail: &str) {
        self.add(at, format!("Invalid value: {}", shown(value)), detail);
    }

    /// The same with text to be shown.
    pub fn invalid_text(&mut self, at: &At, text: &str, detail: &str) {
        self.add(at, format!("Invalid value: {}", quoted(text)), detail);
    }

    /// The same with the value as it is shown.
    pub fn invalid_shown(&mut self, at: &At, shown: &str, detail: &str) {
        self.add(at, format!("Invalid value: {shown}"), detail);
    }

    /// A value that is none of those there are.
    pub fn unsupported(&mut self, at: &At, supported: &[&str]) {
        self.unsupported_value(at, &shown(at.value), supported);
    }

    /// The same with the value as it is shown.
    pub fn unsupported_value(&mut self, at: &At, shown: &str, supported: &[&str]) {
        let list: Vec<String> = supported.iter().map(|value| quoted(value)).collect();
        self.add(at, format!("Unsupported value: {shown}"), &format!("supported values: {}", list.join(", ")));
    }

    /// A value that must not be there.
    pub fn forbidden(&mut self, at: &At, detail: &str) {
        self.add(at, "Forbidden".to_owned(), detail);
    }

    /// A value that is there before.
    pub fn duplicate(&mut self, at: &At, shown: &str, detail: &str) {
        self.add(at, format!("Duplicate value: {shown}"), detail);
    }

    /// A name of something that is not there.
    pub fn not_found(&mut self, at: &At) {
        self.add(at, format!("Not found: {}", quoted(at.text())), "");
    }

    /// The same with the name and what there is.
    pub fn not_found_name(&mut self, at: &At, name: &str, detail: &str) {
        self.add(at, format!("Not found: {}", quoted(name)), detail);
    }

    /// What the API server itself failed at.
    pub fn internal_error(&mut self, at: &At, detail: &str) {
        self.add(at, "Internal error".to_owned(), detail);
    }

    /// More items than there may be.
    pub fn too_many(&mut self, at: &At, most: usize) {
        if at.len() > most {
            self.add(at, format!("Too many: {}", at.len()), &format!("must have at most {most} items"));
        }
    }

    /// A number that must not be below zero.
    pub fn non_negative(&mut self, at: &At) {
        if at.int().is_some_and(|n| n < 0) {
            self.invalid(at, "must be greater than or equal to 0");
        }
    }

    /// One fault for each message about the text at hand.
    pub fn all_invalid(&mut self, at: &At, text: &str, messages: &[String]) {
        for message in messages {
            self.invalid_text(at, text, message);
        }
    }

    /// The same of the text that is there, or of the empty one.
    pub fn all_invalid_text(&mut self, at: &At, messages: &[String]) {
        self.all_invalid(at, at.text(), messages);
    }

    /// Text of more bytes than there may be.
    pub fn too_long(&mut self, at: &At, most: usize) {
        self.add(at, "Too long".to_owned(), &format!("may not be more than {most} bytes"));
    }

    /// Something that the API server warns of, behind the path.
    pub fn warn(&mut self, at: &At, detail: &str) {
        self.warn_plain(at, format!("{}: {detail}", at.path));
    }

    /// The same in words of their own.
    pub fn warn_plain(&mut self, at: &At, message: String) {
        self.warnings.push(Fault { message, span: at.span() });
    }

    fn add(&mut self, at: &At, body: String, detail: &str) {
        let colon = if detail.is_empty() { "" } else { ": " };
        let message = format!("{}: {body}{colon}{detail}", at.path);
        // The API server tells nothing twice.
        if self.told.insert(message.clone()) {
            self.faults.push(Fault { message, span: at.span() });
        }
    }
}

/// A value as the API server shows it: text quoted, the rest as JSON.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        value => {
            let json = value.to_string();
            json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
        }
    }
}

/// Text as Go's `%q` prints it.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            ' '..='~' => out.push(c),
            c if u32::from(c) < 0x80 => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_control() || "\u{a0}\u{ad}\u{2028}\u{2029}\u{feff}".contains(c) => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
