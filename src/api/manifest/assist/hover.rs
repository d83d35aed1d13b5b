//! What a field means: its path, its type, a line of our own words.

use super::cursor::{Part, Step, place};
use super::words::meaning;
use super::{MAX_BYTES, shape_at, told};
use crate::api::manifest::schema::{Schema, Shape};
use serde_json::{Value, json};

/// What is known of the key at a byte.
#[must_use]
pub fn hover(text: &str, at: usize) -> Value {
    tell(text, at).unwrap_or_default()
}

fn tell(text: &str, at: usize) -> Option<Value> {
    let place = place(text, at).filter(|_| text.len() <= MAX_BYTES)?;
    if place.part != Part::Key || at > place.end {
        return None;
    }
    let schema = Schema::new();
    let key = text.get(place.start..place.end)?.trim_matches(['"', '\'']);
    let Shape::Struct(holder) = shape_at(&schema, &place)? else {
        return None;
    };
    let of = schema.field(holder, key)?.of;
    let mut path = String::new();
    for step in place.steps.iter().chain([&Step::Key(key.to_owned())]) {
        match step {
            Step::Key(key) if path.is_empty() => path.push_str(key),
            Step::Key(key) => path.extend([".", key]),
            Step::Item => path.push_str("[]"),
        }
    }
    let info = meaning(holder, key);
    Some(json!({"start": place.start, "end": place.end, "path": path, "type": told(of), "info": info}))
}
