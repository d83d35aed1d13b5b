//! Vectors of the reading of manifests: YAML, and the API server's answers to objects.

use crate::api::manifest::{self, Outcome, yaml_to_json};
use serde_json::{Value, json};

/// The JSON that a YAML text is read as, and what strict reading objects to.
pub(super) fn yaml(vector: &Value) -> Result<Value, String> {
    Ok(match yaml_to_json(text(vector, "yaml")?) {
        Err(fault) => json!({ "error": fault.message }),
        Ok((json, duplicates)) => match duplicates.into_iter().next() {
            Some(duplicate) => json!({ "json": json, "strict_error": duplicate.message }),
            None => json!({ "json": json }),
        },
    })
}

/// What comes of creating an object, or of replacing a stored one.
pub(super) fn answer(vector: &Value) -> Result<Value, String> {
    let new = text(vector, "yaml")?;
    let outcome = match vector.get("old") {
        Some(_) => manifest::replace(text(vector, "old")?, new),
        None => manifest::create(new),
    };
    Ok(match outcome {
        Outcome::YamlError(message) => json!({ "yaml_error": message }),
        Outcome::DecodeError(message) => json!({ "decode_error": message }),
        Outcome::Invalid(messages) => json!({ "invalid": messages }),
        Outcome::Stored { object, warnings } => json!({ "object": object, "warnings": warnings }),
    })
}

/// The patch that `kubectl apply` makes of what was applied, what is to be and what is stored; and
/// the object that comes of it.
pub(super) fn apply(vector: &Value) -> Result<Value, String> {
    let part = |name: &str| vector.get(name).unwrap_or(&Value::Null);
    let merged = manifest::kubectl_apply(text(vector, "kind")?, part("original"), part("modified"), part("live"));
    Ok(match merged {
        Ok([patch, object]) => json!({ "patch": patch, "object": object }),
        Err(message) => json!({ "error": message }),
    })
}

fn text<'v>(vector: &'v Value, name: &str) -> Result<&'v str, String> {
    vector.get(name).and_then(Value::as_str).ok_or_else(|| format!("a vector needs `{name}`"))
}
