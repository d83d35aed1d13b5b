//! Objects as `kubectl get -o yaml` prints them, to the letter: every field, in go-yaml's order
//! of keys, with its quotes and its folds.
//!
//! Upstream: `sigs.k8s.io/yaml` (`Marshal`), `go.yaml.in/yaml/v2` (`sorter.go`, `encode.go`).

use super::emit::{Place, scalar};
use crate::base::sort_by;
use serde_json::Value;
use std::cmp::Ordering;

/// Columns that a level is indented by.
const INDENT: usize = 2;

/// Keys that are longer have a line of their own.
const MAX_SIMPLE_KEY: usize = 128;

/// The object as YAML.
#[must_use]
pub fn object(object: &Value) -> String {
    let mut out = String::new();
    let mut todo = Vec::new();
    let mut in_line = true;
    // The root has no key and no dash: it is taken apart beforehand.
    entries(object, 0, &mut todo);
    if todo.is_empty() {
        return format!("{}\n", scalar(object, Place { column: 0, indent: INDENT, is_key: false }));
    }
    while let Some(Part { indent, key, value }) = todo.pop() {
        if !std::mem::take(&mut in_line) {
            out.push_str(&" ".repeat(indent));
        }
        match key {
            Some(name) => out.push_str(&in_key(name, indent)),
            None => out.push('-'),
        }
        let is_item = key.is_none();
        let before = todo.len();
        // Lists stand under their key's first letter, all else further in.
        let inner = if value.is_array() && !is_item { indent } else { indent + INDENT };
        entries(value, inner, &mut todo);
        if todo.len() > before {
            in_line = is_item;
            out.push(if in_line { ' ' } else { '\n' });
            continue;
        }
        out.push(' ');
        let column = out.chars().rev().take_while(|c| *c != '\n').count();
        out.push_str(&scalar(value, Place { column, indent: indent + INDENT, is_key: false }));
        if !out.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

/// Something still to be printed.
struct Part<'v> {
    indent: usize,
    /// Key of a map's entry; none: an item of a list.
    key: Option<&'v str>,
    value: &'v Value,
}

fn in_key(name: &str, indent: usize) -> String {
    let text = scalar(&Value::from(name), Place { column: indent, indent, is_key: true });
    if name.len() > MAX_SIMPLE_KEY {
        return format!("? {text}\n{}:", " ".repeat(indent));
    }
    text + ":"
}

/// Puts a collection's parts to work, the first on top.
fn entries<'v>(value: &'v Value, indent: usize, todo: &mut Vec<Part<'v>>) {
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            sort_by(&mut names, |a, b| order(b, a));
            todo.extend(
                names.into_iter().filter_map(|name| Some(Part { indent, key: Some(name), value: map.get(name)? })),
            );
        }
        Value::Array(items) => {
            todo.extend(items.iter().rev().map(|value| Part { indent, key: None, value }));
        }
        _ => {}
    }
}

/// go-yaml's order of keys: letters behind everything else, numbers by their value.
fn order(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(a, b)| a != b) else {
        return a.len().cmp(&b.len());
    };
    let (Some(x), Some(y)) = (a.get(at), b.get(at)) else { return Ordering::Equal };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // Zeros count where a number has begun before them.
    let mut before = a.get(..at).unwrap_or_default().iter().rev().take_while(|c| c.is_ascii_digit());
    let is_within = (*x == '0' || *y == '0') && before.any(|c| *c != '0');
    let number = |text: &[char]| {
        let digits: Vec<u32> = text.iter().skip(at).map_while(|c| c.to_digit(10)).collect();
        let value = digits
            .iter()
            .fold(i64::from(is_within), |value, digit| value.wrapping_mul(10).wrapping_add(i64::from(*digit)));
        (value, digits.len())
    };
    number(&a).cmp(&number(&b)).then(x.cmp(y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_in_natural_order() {
        let check = |a: &str, b: &str, want: Ordering| {
            assert_eq!((order(a, b), order(b, a)), (want, want.reverse()), "{a} {b}");
        };
        check("a2", "a10", Ordering::Less);
        check("a", "a1", Ordering::Less);
        check("app.kubernetes.io/name", "app", Ordering::Greater);
        check("a-b", "ab", Ordering::Less);
        check("B", "a", Ordering::Less);
        check("x", "x", Ordering::Equal);
    }

    #[test]
    fn collections_are_nested_as_go_yaml_nests_them() {
        let value = json!({ "b": { "l": [{ "x": 1, "a": [] }, ["y", "z"], {}], "e": {} }, "a": null });
        let want = "a: null\nb:\n  e: {}\n  l:\n  - a: []\n    x: 1\n  - - \"y\"\n    - z\n  - {}\n";
        assert_eq!(object(&value), want);
    }
}
