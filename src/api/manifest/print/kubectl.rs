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

/// A step from a collection to one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'v> {
    /// To the entry of this key.
    Key(&'v str),
    /// To the item of this number.
    Item(usize),
}

/// Is told of each part where it stands, by the number of the collection that it is in (0 is the
/// object itself), and gives it a number.
pub type Visit<'f, 'v> = &'f mut dyn FnMut(usize, Step<'v>, &'v Value) -> usize;

/// The object as YAML.
#[must_use]
pub fn object(object: &Value) -> String {
    lines(object, &mut |_, _, _| 0).0
}

/// The object as YAML, and for each line the number of the innermost part that begins on it or goes
/// on there.
#[must_use]
pub fn lines<'v>(object: &'v Value, visit: Visit<'_, 'v>) -> (String, Vec<usize>) {
    let mut out = String::new();
    let mut numbers = Vec::new();
    let mut todo = Vec::new();
    let mut in_line = false;
    // The root has no key and no dash: it is taken apart beforehand.
    entries(object, 0, 0, &mut todo, visit);
    if todo.is_empty() {
        return (format!("{}\n", scalar(object, Place { column: 0, indent: INDENT, is_key: false })), vec![0]);
    }
    while let Some(Part { indent, key, value, number }) = todo.pop() {
        if std::mem::take(&mut in_line) {
            numbers.pop();
        } else {
            out.push_str(&" ".repeat(indent));
        }
        numbers.push(number);
        let begin = out.len();
        match key {
            Some(name) => out.push_str(&in_key(name, indent)),
            None => out.push('-'),
        }
        let is_item = key.is_none();
        let before = todo.len();
        // Lists stand under their key's first letter, all else further in.
        let inner = if value.is_array() && !is_item { indent } else { indent + INDENT };
        entries(value, number, inner, &mut todo, visit);
        if todo.len() > before {
            in_line = is_item;
            out.push(if in_line { ' ' } else { '\n' });
        } else {
            out.push(' ');
            let column = out.chars().rev().take_while(|c| *c != '\n').count();
            out.push_str(&scalar(value, Place { column, indent: indent + INDENT, is_key: false }));
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        let breaks = out.get(begin..).unwrap_or_default().matches('\n').count();
        numbers.resize(numbers.len() + breaks.saturating_sub(1), number);
    }
    (out, numbers)
}

/// Something still to be printed.
struct Part<'v> {
    indent: usize,
    /// Key of a map's entry; none: an item of a list.
    key: Option<&'v str>,
    value: &'v Value,
    number: usize,
}

fn in_key(name: &str, indent: usize) -> String {
    let text = scalar(&Value::from(name), Place { column: indent, indent, is_key: true });
    if name.len() > MAX_SIMPLE_KEY {
        return format!("? {text}\n{}:", " ".repeat(indent));
    }
    text + ":"
}

/// Puts a collection's parts to work, the first on top.
fn entries<'v>(value: &'v Value, within: usize, indent: usize, todo: &mut Vec<Part<'v>>, visit: Visit<'_, 'v>) {
    let before = todo.len();
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            sort_by(&mut names, |a, b| order(a, b));
            for name in names {
                let Some(value) = map.get(name) else { continue };
                let number = visit(within, Step::Key(name), value);
                todo.push(Part { indent, key: Some(name), value, number });
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                let number = visit(within, Step::Item(at), value);
                todo.push(Part { indent, key: None, value, number });
            }
        }
        _ => {}
    }
    if let Some(added) = todo.get_mut(before..) {
        added.reverse();
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

    #[test]
    fn lines_know_their_parts() {
        let value = json!({ "b": { "l": [{ "x": 1, "a": "one\ntwo\n" }, "z"] }, "a": null });
        let mut parts = vec![String::new()];
        let (text, numbers) = lines(&value, &mut |within, step, _| {
            let step = match step {
                Step::Key(key) => key.to_owned(),
                Step::Item(at) => at.to_string(),
            };
            parts.push(format!("{}/{step}", parts[within]));
            parts.len() - 1
        });
        let told: Vec<_> = text.lines().zip(&numbers).map(|(line, number)| (line, parts[*number].as_str())).collect();
        let want = [
            ("a: null", "/a"),
            ("b:", "/b"),
            ("  l:", "/b/l"),
            ("  - a: |", "/b/l/0/a"),
            ("      one", "/b/l/0/a"),
            ("      two", "/b/l/0/a"),
            ("    x: 1", "/b/l/0/x"),
            ("  - z", "/b/l/1"),
        ];
        assert_eq!((told, numbers.len()), (want.to_vec(), want.len()));
    }
}
