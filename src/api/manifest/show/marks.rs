//! Holds the parts of an object against what its author wrote.

use super::Subject;
use super::full::Written;
use super::who::{By, Known, who};
use crate::api::manifest::print::kubectl::Step;
use crate::api::manifest::quantity::canonical;
use serde_json::{Map, Value};

/// What items of lists are known by, the surest first.
const IDENTITIES: [&str; 6] = ["name", "mountPath", "devicePath", "containerPort", "type", "key"];

/// A part of the object.
struct Part<'v> {
    /// The way to it, as a JSON pointer.
    path: String,
    by: By,
    /// What stands there in the author's text, and in that with the API server's defaults.
    written: Option<&'v Value>,
    filled: Option<&'v Value>,
}

/// The parts that were met, by their numbers.
pub struct Marks<'v> {
    parts: Vec<Part<'v>>,
    written: &'v Written,
    known: Known<'v>,
}

impl<'v> Marks<'v> {
    /// Nothing but the object itself.
    pub fn new(written: &'v Written, subject: &'v Subject) -> Marks<'v> {
        let whole = written.whole();
        let spec = whole.and_then(|whole| whole.get("spec"));
        let known = Known {
            kind: written.kind,
            is_controlled: !subject.owner.is_empty(),
            is_started: written.is_started,
            names_account: spec.is_some_and(|spec| spec.get("serviceAccountName").is_some()),
            tolerations: &subject.tolerations,
        };
        // A revision is its controller's work, but for the template in it.
        let by = if written.kind == "ControllerRevision" { By::DaemonSetController } else { By::Author };
        let root = Part { path: String::new(), by, written: whole, filled: written.filled() };
        Marks { parts: vec![root], written, known }
    }

    /// Who put a part there.
    pub fn by(&self, number: usize) -> By {
        self.parts.get(number).map_or(By::Author, |part| part.by)
    }

    /// The parts of some kind, in the order in which they were met.
    pub fn paths(&self, wanted: impl Fn(&str, By) -> bool) -> Vec<String> {
        self.parts.iter().skip(1).filter(|part| wanted(&part.path, part.by)).map(|part| part.path.clone()).collect()
    }

    /// Takes note of a part, and gives it a number.
    pub fn visit(&mut self, within: usize, step: Step<'v>, value: &'v Value) -> usize {
        let Some(parent) = self.parts.get(within) else { return 0 };
        let (name, mut written, mut filled) = match step {
            Step::Key(key) => {
                let within = |whole: Option<&'v Value>| whole.and_then(|whole| whole.get(key));
                (key.replace('~', "~0").replace('/', "~1"), within(parent.written), within(parent.filled))
            }
            Step::Item(at) => {
                let items = parent.written.and_then(Value::as_array);
                let found = items.and_then(|items| counterpart(items, value));
                let item = |whole: Option<&'v Value>| whole.and_then(|whole| whole.get(found?));
                (at.to_string(), item(parent.written), item(parent.filled))
            }
        };
        let path = [&parent.path, "/", &name].concat();
        written = written.filter(|written| !written.is_null());
        let found = || who(&self.known, &path, value);
        let by = if ["/apiVersion", "/kind"].contains(&path.as_str()) {
            By::Author
        } else if self.known.kind == "ControllerRevision" && path == "/data/spec/template" {
            (written, filled) = (self.written.template.as_ref(), value.into());
            if written.is_some() { By::Author } else { By::DaemonSetController }
        } else if self.written.whole().is_none() && !path.starts_with("/data/")
            || parent.by.is_added() && parent.by != By::Defaults
        {
            found().unwrap_or(parent.by)
        } else {
            let is_default = filled.is_some_and(|filled| is_collection(value) || is_same(filled, value));
            match written {
                Some(written) if is_collection(value) || is_same(written, value) => By::Author,
                Some(_) => By::Since,
                None => found().unwrap_or(if is_default { By::Defaults } else { By::Since }),
            }
        };
        self.parts.push(Part { path, by, written, filled });
        self.parts.len() - 1
    }
}

/// A key of a JSON pointer as it is in the object.
pub fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

fn is_collection(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// Whether a value means what was written.
fn is_same(written: &Value, value: &Value) -> bool {
    written == value
        || match (written, value) {
            (Value::String(written), Value::String(value)) => {
                canonical(written, false) == *value || canonical(written, true) == *value
            }
            // Amounts may be written as numbers.
            (Value::Number(number), Value::String(text)) => canonical(&number.to_string(), false) == *text,
            _ => false,
        }
}

/// The number of the item of a list as it was written: one that says no more than it, or else one that
/// has its name.
fn counterpart(items: &[Value], value: &Value) -> Option<usize> {
    let Value::Object(fields) = value else { return items.iter().position(|item| is_same(item, value)) };
    let part_of = |item: &Value| says_no_more(item, value);
    let named = |item: &Value| item.as_object().is_some_and(|item| has_name_of(item, fields));
    items.iter().position(part_of).or_else(|| items.iter().position(named))
}

fn has_name_of(item: &Map<String, Value>, fields: &Map<String, Value>) -> bool {
    let known = IDENTITIES.into_iter().find(|name| item.contains_key(*name));
    // Tolerations and taints have a key in common with others.
    known.is_some_and(|name| name != "key" && item.get(name) == fields.get(name))
}

/// Whether all that is written is there.
fn says_no_more(written: &Value, value: &Value) -> bool {
    let mut todo = vec![(written, value)];
    while let Some((written, value)) = todo.pop() {
        match (written, value) {
            (Value::Object(written), Value::Object(value)) => {
                for (name, part) in written.iter().filter(|(_, part)| !part.is_null()) {
                    match value.get(name) {
                        Some(other) => todo.push((part, other)),
                        None => return false,
                    }
                }
            }
            (Value::Array(written), Value::Array(value)) => {
                if written.len() > value.len() {
                    return false;
                }
                todo.extend(written.iter().zip(value));
            }
            (written, value) if is_same(written, value) => {}
            _ => return false,
        }
    }
    true
}
