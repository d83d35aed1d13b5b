//! Patches of objects whose types are not in the table: plain JSON, lists are values.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/jsonmergepatch`, `gopkg.in/evanphx/json-patch.v4/merge.go`.

use super::Fields;
use super::merge::discard_nulls;
use serde_json::Value;

/// What makes `modified` of `live`: everything that it sets and is not so, and that goes which it
/// has not, or has as `null`, and `original` had.
pub fn three_way(original: &Fields, modified: &Fields, live: &Fields) -> Fields {
    merge(told(differences(original, modified), true), told(differences(live, modified), false))
}

/// `object` with the patch merged into it.
pub fn merge(mut object: Fields, patch: Fields) -> Fields {
    for (name, mut value) in patch {
        if value.is_null() {
            object.remove(&name);
            continue;
        }
        match object.get_mut(&name).filter(|old| !old.is_null()) {
            None => {
                discard_nulls(&mut value);
                object.insert(name, value);
            }
            Some(old) => {
                *old = match (old.take(), value) {
                    (Value::Object(old), Value::Object(new)) => Value::Object(merge(old, new)),
                    // Upstream does not look for nulls in what takes an object's place.
                    (Value::Object(_), new) => new,
                    (_, mut new) => {
                        discard_nulls(&mut new);
                        new
                    }
                }
            }
        }
    }
    object
}

/// The patch that makes `new` of `old`.
fn differences(old: &Fields, new: &Fields) -> Fields {
    let mut patch = Fields::new();
    for (name, after) in new {
        let difference = match (old.get(name), after) {
            (Some(Value::Object(before)), Value::Object(after)) => {
                let inner = differences(before, after);
                (!inner.is_empty()).then_some(Value::Object(inner))
            }
            (Some(before), after) => (!is_same(before, after)).then(|| after.clone()),
            (None, after) => Some(after.clone()),
        };
        patch.extend(difference.map(|value| (name.clone(), value)));
    }
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    patch.extend(gone.map(|name| (name.clone(), Value::Null)));
    patch
}

/// Of a patch only the nulls, or all else. An empty object is a value, one that only nulls were in
/// is nothing.
fn told(patch: Fields, nulls: bool) -> Fields {
    let kept = patch.into_iter().filter_map(|(name, value)| match value {
        Value::Object(inner) if !inner.is_empty() => {
            let inner = told(inner, nulls);
            (!inner.is_empty()).then_some((name, Value::Object(inner)))
        }
        value => (value.is_null() == nulls).then_some((name, value)),
    });
    kept.collect()
}

/// Numbers are floating point to upstream.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| is_same(a, b)))
        }
        _ => a == b,
    }
}
