//! Merging a patch into an object, or into another patch.

use super::list::{arranged, go_text, is_deleted, item_type, known_by, place};
use super::{DELETE_ITEMS, DIRECTIVE, Fields, GoType, ORDER, Patcher, RETAIN_KEYS, go_type};
use serde_json::Value;

/// What a patch is merged into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Into {
    /// Another patch: directives and nulls stay.
    Patch,
    /// An object: they are followed.
    Object,
}

const BAD_RETAIN_KEYS: &str = "invalid patch format of retainKeys";
const BAD_ORDER: &str = "invalid patch format of setElementOrder list";

/// `live` with the patch merged into it.
pub fn merge(of: Patcher, mut live: Fields, mut patch: Fields, into: Into) -> Result<Fields, String> {
    if let Some(kept) = patch.remove(RETAIN_KEYS) {
        retain(&mut live, &patch, kept, into)?;
    }
    let ordered: Vec<String> = patch.keys().filter(|name| name.starts_with(ORDER)).cloned().collect();
    for directive in ordered {
        let Some(order) = patch.remove(&directive) else { continue };
        put_in_order(of, &mut live, &mut patch, &directive, order, into)?;
    }
    for (name, value) in patch {
        let (name, deletes) = match name.strip_prefix(DELETE_ITEMS) {
            Some(_) if into == Into::Patch => {
                live.insert(name, value);
                continue;
            }
            Some(list) => (list.to_owned(), true),
            None => (name, false),
        };
        if value.is_null() {
            live.remove(&name);
            if into == Into::Object {
                continue;
            }
        }
        let Some(old) = live.get_mut(&name).filter(|old| go_type(old) == go_type(&value)) else {
            if !deletes {
                set(&mut live, name, value, into);
            }
            continue;
        };
        let (inner, how) = of.field(&name);
        *old = match (std::mem::take(old), value) {
            (Value::Object(old), Value::Object(new)) if !how.replaces() => Value::Object(merge(inner, old, new, into)?),
            (Value::Array(old), Value::Array(new)) if deletes => {
                Value::Array(old.into_iter().filter(|item| !new.contains(item)).collect())
            }
            (Value::Array(old), Value::Array(new)) if how.key().is_some() => {
                Value::Array(lists(inner, old, new, how.key().unwrap_or_default(), into)?)
            }
            (_, new) => new,
        };
    }
    Ok(live)
}

fn set(live: &mut Fields, name: String, mut value: Value, into: Into) {
    if into == Into::Object {
        discard_nulls(&mut value);
    }
    match without_directives(value) {
        Some(value) => live.insert(name, value),
        None => live.remove(&name),
    };
}

/// Lets go what the patch does not name, or keeps the directive for later.
fn retain(live: &mut Fields, patch: &Fields, kept: Value, into: Into) -> Result<(), String> {
    if into == Into::Patch {
        return match live.get(RETAIN_KEYS) {
            Some(known) if *known != kept => Err("$retainKeys of two patches are not equal".to_owned()),
            _ => {
                live.insert(RETAIN_KEYS.to_owned(), kept);
                Ok(())
            }
        };
    }
    let kept = kept.as_array().ok_or(BAD_RETAIN_KEYS)?;
    let is_kept = |name: &str| kept.iter().any(|key| key == name);
    let mut fields = patch.iter().filter(|(name, _)| !name.starts_with(DELETE_ITEMS) && !name.starts_with(ORDER));
    if fields.any(|(name, value)| !value.is_null() && !is_kept(name)) {
        return Err(BAD_RETAIN_KEYS.to_owned());
    }
    live.retain(|name, _| is_kept(name));
    Ok(())
}

/// Merges the list that a directive of order is about, and puts it in that order.
fn put_in_order(
    of: Patcher,
    live: &mut Fields,
    patch: &mut Fields,
    directive: &str,
    order: Value,
    into: Into,
) -> Result<(), String> {
    if into == Into::Patch {
        if live.get(directive).is_some_and(|known| *known != order) {
            return Err(BAD_ORDER.to_owned());
        }
        live.insert(directive.to_owned(), order.clone());
    }
    let name = directive.strip_prefix(ORDER).unwrap_or_default();
    let list = |value: Option<&Value>| match value {
        None => Ok(None),
        Some(Value::Array(list)) => Ok(Some(list.clone())),
        Some(_) => Err("expected a []interface {}".to_owned()),
    };
    let order = list(Some(&order))?.unwrap_or_default();
    let (old, new) = (list(live.get(name))?, list(patch.remove(name).as_ref())?);
    let (inner, how) = of.field(name);
    let key = how.key().unwrap_or_default();
    if old.is_none() && new.is_none() {
        return Ok(());
    }
    check_order(new.as_deref().unwrap_or_default(), &order, key)?;
    let (live_items, patch_items) = (old.clone().unwrap_or_default(), new.clone().unwrap_or_default());
    item_type([&live_items, &patch_items])?;
    // Upstream deletes and appends in place: what is new takes the places of what is gone.
    let mut places = live_items.clone();
    for item in &patch_items {
        match place(&places, item, key) {
            Some(_) if is_deleted(item) => places.retain(|other| known_by(other, key) != known_by(item, key)),
            None if !is_deleted(item) => places.push(item.clone()),
            _ => {}
        }
    }
    places.truncate(live_items.len());
    let merged = match (old, new) {
        (old, None) => old.unwrap_or_default(),
        (None, Some(new)) => new.into_iter().filter_map(without_directives).collect(),
        (Some(old), Some(new)) if how.key().is_some() => lists(inner, old, new, key, into)?,
        (Some(_), Some(new)) => new,
    };
    let merged = arranged(merged, &order, &places, key)?;
    live.insert(name.to_owned(), Value::Array(merged));
    Ok(())
}

/// Whether a patch's items come in the order that it asks for.
fn check_order(items: &[Value], order: &[Value], key: &str) -> Result<(), String> {
    if order.is_empty() {
        return Ok(());
    }
    let mut rest = order.iter();
    for item in items.iter().filter(|item| item.get(DIRECTIVE).is_none()) {
        let known = known_by(item, key)?;
        if !rest.any(|other| known_by(other, key) == Ok(known)) {
            let [items, order] = [items, order].map(|list| go_text(&Value::Array(list.to_vec())));
            return Err(format!("The order in patch list:\n{items}\n doesn't match $setElementOrder list:\n{order}\n"));
        }
    }
    Ok(())
}

/// Merges two lists item by item.
fn lists(of: Patcher, mut live: Vec<Value>, patch: Vec<Value>, key: &str, into: Into) -> Result<Vec<Value>, String> {
    if live.is_empty() && patch.is_empty() {
        return Ok(live);
    }
    let is_map = item_type([&live, &patch])? == GoType::Map;
    if is_map && key.is_empty() {
        return Err("cannot merge lists without merge key".to_owned());
    }
    let (deleted, patch): (Vec<_>, Vec<_>) = patch.into_iter().partition(is_deleted);
    for item in deleted {
        let known = known_by(&item, key)?;
        live.retain(|other| known_by(other, key) != Ok(known));
    }
    let mut merged: Vec<Value> = Vec::new();
    for item in &live {
        if is_map || !merged.contains(item) {
            merged.push(item.clone());
        }
    }
    for item in patch.iter().cloned() {
        known_by(&item, key)?;
        let found = place(&merged, &item, key).and_then(|at| merged.get_mut(at));
        match (found, item) {
            (Some(slot), Value::Object(item)) => {
                let Value::Object(old) = std::mem::take(slot) else { continue };
                *slot = Value::Object(merge(of, old, item, into)?);
            }
            (None, item) => merged.push(item),
            (Some(_), _) => {}
        }
    }
    arranged(merged, &patch, &live, key)
}

/// In objects; items of lists that are null stay.
pub(super) fn discard_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(discard_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(discard_nulls),
        _ => {}
    }
}

/// A value without the parts that say what becomes of them.
fn without_directives(value: Value) -> Option<Value> {
    Some(match value {
        Value::Object(map) if map.contains_key(DIRECTIVE) => return None,
        Value::Object(map) => Value::Object(
            map.into_iter().filter_map(|(name, value)| Some((name, without_directives(value)?))).collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().filter_map(without_directives).collect()),
        scalar => scalar,
    })
}
