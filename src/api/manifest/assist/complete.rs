//! What may stand at a place: the fields of its type that are not there yet, and the values
//! of those that take one of a few.

use super::cursor::{Part, Place, place};
use super::words::{choices, meaning};
use super::{MAX_BYTES, root, shape_at, told};
use crate::api::manifest::schema::{Schema, Shape, Type};
use serde_json::{Value, json};

/// Amounts that a resource list may name.
const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// The options at a byte: where the word that they replace begins and ends, and each with
/// its label, its type, a line about it, and what is to be written.
#[must_use]
pub fn complete(text: &str, at: usize) -> Value {
    let found = Some(text).filter(|text| text.len() <= MAX_BYTES).and_then(|text| place(text, at));
    let Some(place) = found else { return Value::Null };
    let schema = Schema::new();
    let options = match &place.part {
        Part::Key => keys(&schema, &place),
        Part::Value(key) => values(&schema, &place, key),
    };
    match options {
        Some(options) if !options.is_empty() => json!({"start": place.start, "end": place.end, "options": options}),
        _ => Value::Null,
    }
}

fn keys(schema: &Schema, place: &Place) -> Option<Vec<Value>> {
    let is_new = |name: &str| !place.siblings.iter().any(|sibling| sibling == name);
    match shape_at(schema, place)? {
        Shape::Struct(of) => {
            let fields = schema.fields(of).into_iter().filter(|row| is_new(row.name) && row.name != "status");
            Some(fields.map(|row| key(row.name, of, row.of, place.column)).collect())
        }
        Shape::Map(of) if of.shape() == Shape::Quantity => {
            let names = RESOURCES.into_iter().filter(|name| is_new(name));
            Some(names.map(|name| key(name, "ResourceList", of, place.column)).collect())
        }
        _ => None,
    }
}

fn key(name: &str, holder: &str, of: Type, column: usize) -> Value {
    let inner = " ".repeat(column + 2);
    let write = match of.shape() {
        Shape::Struct(_) | Shape::Map(_) => format!("{name}:\n{inner}"),
        Shape::List(_) => format!("{name}:\n{inner}- "),
        _ => format!("{name}: "),
    };
    let info = meaning(holder, name);
    json!({"label": name, "detail": told(of), "info": info, "write": write, "kind": "field"})
}

fn values(schema: &Schema, place: &Place, key: &str) -> Option<Vec<Value>> {
    let option = |value: &&str| json!({"label": value, "write": value, "kind": "value"});
    let of = match shape_at(schema, place)? {
        Shape::Struct(name) => schema.field(name, key)?.of,
        _ => return None,
    };
    let list: &[&str] = match of.shape() {
        Shape::Bool => &["true", "false"],
        _ if place.steps.is_empty() && key == "apiVersion" => &["apps/v1", "v1"],
        _ if place.steps.is_empty() && key == "kind" => &["DaemonSet", "Node"],
        // The pods of a controller are always restarted; the type knows more.
        _ if key == "restartPolicy" && of.go_name() == "v1.RestartPolicy" && root(schema, place) != Some("Pod") => {
            &["Always"]
        }
        _ => choices(&of.go_name())?,
    };
    Some(list.iter().map(option).collect())
}
