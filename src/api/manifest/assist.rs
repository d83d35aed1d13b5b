//! Help while one types: what may stand at a place, what a field means, what would mend a
//! problem. The editor asks and shows; answers are JSON, places are bytes.
//!
//! The text is seldom whole while one types, so the place of the caret is found by
//! indentation (`cursor`), not by parsing.

mod complete;
mod cursor;
mod hover;
mod words;

pub use complete::complete;
pub use hover::hover;

use super::schema::{Schema, Shape, Type};
use cursor::{Place, Step};

/// Longer texts get no help.
const MAX_BYTES: usize = 1 << 20;

/// The type of the object that a place is in; a DaemonSet as long as it does not say.
fn root(schema: &Schema, place: &Place) -> Option<&'static str> {
    if place.kind.is_empty() {
        return Some("DaemonSet");
    }
    let versions = [place.api_version.as_str(), "apps/v1", "v1"];
    let found = versions.iter().find_map(|version| schema.kind(version, &place.kind)).map(|(name, _)| name);
    // While the kind itself is being written, it is none yet.
    found.or(place.steps.is_empty().then_some("DaemonSet"))
}

/// What stands around a place.
fn shape_at(schema: &Schema, place: &Place) -> Option<Shape> {
    let mut shape = Shape::Struct(root(schema, place)?);
    for step in &place.steps {
        shape = match (shape, step) {
            (Shape::Struct(name), Step::Key(key)) => schema.field(name, key)?.of.shape(),
            (Shape::Map(of), Step::Key(_)) | (Shape::List(of), Step::Item) => of.shape(),
            _ => return None,
        };
    }
    Some(shape)
}

/// A type in our own words.
fn told(of: Type) -> String {
    match of.shape() {
        Shape::Text => "text".to_owned(),
        Shape::Int32 | Shape::Int64 => "whole number".to_owned(),
        Shape::Bool => "true or false".to_owned(),
        Shape::Quantity => "amount, as 100m or 64Mi".to_owned(),
        Shape::IntOrString => "number or text".to_owned(),
        Shape::Time => "time".to_owned(),
        Shape::List(item) => format!("list of {}", told(item)),
        Shape::Map(value) => format!("map of {}", told(value)),
        Shape::Struct(name) => name.to_owned(),
        _ => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests;
