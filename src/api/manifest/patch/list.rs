//! Lists that are merged item by item: their types, order and keys.

use super::{DIRECTIVE, GoType, go_type};
use crate::base::{sort_by, sort_by_key};
use serde_json::Value;

/// The type of all items of some lists.
///
/// # Errors
/// Items of several types, lists, or none at all.
pub fn item_type(lists: [&[Value]; 2]) -> Result<GoType, String> {
    let mut types = lists.into_iter().flatten().map(go_type);
    match types.next() {
        None => Err("no elements in any of the given slices".to_owned()),
        Some(GoType::List) => Err("lists of lists are not supported".to_owned()),
        Some(first) if types.all(|other| other == first) => Ok(first),
        Some(_) => Err("list element types are not identical".to_owned()),
    }
}

/// What an item is known by: its key's value, or itself if items have no key.
///
/// # Errors
/// It has no such field.
pub fn known_by<'v>(item: &'v Value, key: &str) -> Result<&'v Value, String> {
    if key.is_empty() {
        return Ok(item);
    }
    item.get(key).ok_or_else(|| format!("map: {} does not contain declared merge key: {key}", go_text(item)))
}

/// The place of the first item that is known by the same as `item`.
pub fn place(list: &[Value], item: &Value, key: &str) -> Option<usize> {
    let known = |item| known_by(item, key).ok();
    list.iter().position(|other| known(other) == known(item))
}

/// As Go's `%v` prints it.
pub fn go_text(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(" ");
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(go_text).collect())),
        Value::Object(map) => {
            format!("map[{}]", joined(map.iter().map(|(name, value)| format!("{name}:{}", go_text(value))).collect()))
        }
        scalar => scalar.to_string(),
    }
}

/// Items by the text of what they are known by; of those that are the same the last comes first,
/// as upstream's way to sort has it.
pub fn sorted(list: &[Value], key: &str) -> Vec<Value> {
    let mut sorted: Vec<Value> = list.iter().rev().cloned().collect();
    let text = |item: &Value| go_text(known_by(item, key).unwrap_or(&Value::Null));
    sort_by(&mut sorted, |a, b| text(a).cmp(&text(b)));
    sorted
}

/// Puts the items in the order that they have in another list; those that are to be deleted last.
///
/// # Errors
/// An item without the key.
pub fn in_order_of(items: Vec<Value>, order: &[Value], key: &str) -> Result<Vec<Value>, String> {
    for item in items.iter().chain(order) {
        known_by(item, key)?;
    }
    let (deleted, mut kept): (Vec<_>, Vec<_>) = items.into_iter().partition(is_deleted);
    sort_by_key(&mut kept, |item| place(order, item, key));
    kept.extend(deleted);
    Ok(kept)
}

/// Whether the item says that it is to be deleted.
pub fn is_deleted(item: &Value) -> bool {
    item.get(DIRECTIVE).is_some_and(|directive| directive == "delete")
}

/// Puts the items of a merged list in order: those that `order` names as it has them, between
/// them the others as they are in `live`.
///
/// # Errors
/// An item without the key.
pub fn arranged(merged: Vec<Value>, order: &[Value], live: &[Value], key: &str) -> Result<Vec<Value>, String> {
    for item in &merged {
        known_by(item, key)?;
    }
    let (named, others): (Vec<_>, Vec<_>) = merged.into_iter().partition(|item| place(order, item, key).is_some());
    let mut named = in_order_of(named, order, key)?.into_iter().peekable();
    let mut others = in_order_of(others, live, key)?.into_iter().peekable();
    let mut all = Vec::new();
    while let (Some(other), Some(next)) = (others.peek(), named.peek()) {
        let comes_first = match (place(live, other, key), place(live, next, key)) {
            (Some(other), Some(next)) => other < next,
            _ => false,
        };
        all.extend(if comes_first { others.next() } else { named.next() });
    }
    all.extend(named);
    all.extend(others);
    Ok(all)
}
