//! Printing objects as YAML that reads back as the same objects.
//!
//! Upstream: none; `kubectl -o yaml` sorts fields by name, this keeps the order of Go's
//! structs, which is the one that people write.

mod emit;
pub mod kubectl;
mod scalar;

use super::schema::{Schema, Shape};
use crate::api::{DaemonSet, Node};
use scalar::{key, text};
use serde_json::{Map, Value};

/// Prints a DaemonSet: no status, no metadata that the API server makes.
#[must_use]
pub fn print_daemon_set(ds: &DaemonSet) -> String {
    let mut object = serde_json::to_value(ds).unwrap_or_default();
    if let Some(object) = object.as_object_mut() {
        object.remove("status");
    }
    object_text("apps/v1", "DaemonSet", object)
}

/// Prints a node, with what it offers.
#[must_use]
pub fn print_node(node: &Node) -> String {
    let mut object = serde_json::to_value(node).unwrap_or_default();
    // To say nothing of it would be to offer all of the capacity.
    if let Some(status) = object.get_mut("status").and_then(Value::as_object_mut)
        && status.contains_key("capacity")
    {
        status.entry("allocatable").or_insert_with(|| Value::Object(Map::new()));
    }
    object_text("v1", "Node", object)
}

fn object_text(api_version: &str, kind: &'static str, mut object: Value) -> String {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|name, _| !matches!(name.as_str(), "uid" | "generation"));
    }
    if let Some(object) = object.as_object_mut() {
        object.retain(|_, part| part.as_object().is_none_or(|part| !part.is_empty()));
    }
    let mut printer = Printer { schema: Schema::new(), out: String::new(), work: Vec::new(), in_line: false };
    printer.out = format!("apiVersion: {api_version}\nkind: {kind}\n");
    printer.map(&object, Shape::Struct(kind), 0);
    while let Some(work) = printer.work.pop() {
        printer.line(&work);
    }
    printer.out
}

/// Something still to be printed.
struct Work<'v> {
    indent: usize,
    /// Key of a map's entry; none: an item of a list.
    key: Option<&'v str>,
    value: &'v Value,
    shape: Shape,
}

struct Printer<'v> {
    schema: Schema,
    out: String,
    /// What is to be printed next is the last.
    work: Vec<Work<'v>>,
    /// Behind the dash of a list item.
    in_line: bool,
}

impl<'v> Printer<'v> {
    fn line(&mut self, work: &Work<'v>) {
        if !std::mem::take(&mut self.in_line) {
            self.out.push_str(&" ".repeat(work.indent));
        }
        match work.key {
            Some(name) => {
                self.out.push_str(&key(name));
                self.out.push(':');
            }
            None => self.out.push('-'),
        }
        match work.value {
            Value::Object(map) if !map.is_empty() => {
                self.new_line(work);
                self.map(work.value, work.shape, work.indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                self.new_line(work);
                let shape = if let Shape::List(of) = work.shape { of.shape() } else { Shape::Any };
                // Items stand under their key's first letter, as kubectl prints them.
                let indent = if work.key.is_some() { work.indent } else { work.indent + 2 };
                let items = items.iter().rev().map(|value| Work { indent, key: None, value, shape });
                self.work.extend(items);
            }
            Value::Object(_) => self.out.push_str(" {}\n"),
            Value::Array(_) => self.out.push_str(" []\n"),
            Value::String(value) => {
                self.out.push(' ');
                self.out.push_str(&text(value, work.indent + 2));
                self.out.push('\n');
            }
            scalar => self.out.push_str(&format!(" {scalar}\n")),
        }
    }

    /// A collection begins on the next line, within a list on the same.
    fn new_line(&mut self, work: &Work) {
        self.in_line = work.key.is_none();
        self.out.push(if self.in_line { ' ' } else { '\n' });
    }

    /// Puts a map's entries to work, in the order of the type's fields.
    fn map(&mut self, value: &'v Value, shape: Shape, indent: usize) {
        let Some(map) = value.as_object() else { return };
        let fields = if let Shape::Struct(name) = shape { self.schema.fields(name) } else { Vec::new() };
        let known = fields.iter().filter_map(|row| entry(map, row.name, row.of.shape()));
        let rest = map.iter().filter(|(name, _)| !fields.iter().any(|row| row.name == *name));
        let of = if let Shape::Map(of) = shape { of.shape() } else { Shape::Any };
        let rest = rest.map(|(name, value)| (name.as_str(), value, of));
        let entries: Vec<_> = known.chain(rest).filter(|(name, value, _)| !is_idle(name, value)).collect();
        let works = entries.into_iter().rev();
        self.work.extend(works.map(|(name, value, shape)| Work { indent, key: Some(name), value, shape }));
    }
}

fn entry<'v>(map: &'v Map<String, Value>, name: &str, shape: Shape) -> Option<(&'v str, &'v Value, Shape)> {
    map.get_key_value(name).map(|(name, value)| (name.as_str(), value, shape))
}

/// What our own structs always write and nobody needs to read.
fn is_idle(name: &str, value: &Value) -> bool {
    name == "resources" && value.as_object().is_some_and(Map::is_empty)
}
