//! Strict decoding: a tree against the table of types, to the JSON that Go's structs would
//! print, without nulls and empty texts. Every fault is told, with its place.
//!
//! Upstream: `sigs.k8s.io/json` (errors of Go's `encoding/json`, strict errors).
//!
//! Every refusal is told, upstream tells one kind of them: see [`first_told`].

use super::quantity;
use super::schema::{Schema, Shape, Type};
use super::yaml::{Fault, NodeId, NodeKind, Scalar, Tree, float_as_json};
use crate::base::sort_by_key;
use serde_json::{Map, Value};

/// What is refused, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Words and place.
    pub fault: Fault,
    /// What Go does about it.
    pub kind: Kind,
}

/// What Go does about something that it refuses, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A type that decodes itself: Go stops at once.
    Own,
    /// A wrong type: Go goes on and tells the first.
    Type,
    /// Only strict decoding objects, and tells all.
    Strict,
}

/// What upstream says, which knows one error a text: the first that stops it, else the first
/// wrong type, else all that only strict decoding objects to. Refusals come in the order of keys,
/// for upstream sorts them on the way from YAML to JSON.
#[must_use]
pub fn first_told(refused: &[Refused]) -> Option<String> {
    const STRICT: &str = "strict decoding error: ";
    let gravest = refused.iter().map(|refused| refused.kind).min()?;
    let mut said =
        refused.iter().filter(|refused| refused.kind == gravest).map(|refused| refused.fault.message.as_str());
    if gravest != Kind::Strict {
        return said.next().map(str::to_owned);
    }
    let said: Vec<&str> = said.map(|message| message.trim_start_matches(STRICT)).collect();
    Some(format!("{STRICT}{}", said.join(", ")))
}

/// Decodes the node `id` as the struct `root`.
pub fn decode(schema: &Schema, tree: &Tree, id: NodeId, root: &'static str) -> (Value, Vec<Refused>) {
    run(schema, tree, id, Shape::Struct(root))
}

/// The node as JSON, whatever it is.
pub fn as_json(tree: &Tree, id: NodeId) -> Value {
    run(&Schema::default(), tree, id, Shape::Any).0
}

/// A collection that is being decoded.
struct Frame {
    id: NodeId,
    step: Step,
    shape: Shape,
    next: usize,
    /// A mapping's entries in the order of keys.
    order: Vec<usize>,
    value: Value,
}

/// How a value is reached from the collection around it.
#[derive(Clone)]
enum Step {
    Field { embedded: Vec<&'static str>, key: String },
    Key(String),
    Index(usize),
}

/// A value that is to be decoded next.
struct Child {
    id: NodeId,
    step: Step,
    of: Option<Type>,
}

struct Decoder<'s> {
    schema: &'s Schema,
    tree: &'s Tree,
    frames: Vec<Frame>,
    refused: Vec<Refused>,
}

fn run(schema: &Schema, tree: &Tree, id: NodeId, shape: Shape) -> (Value, Vec<Refused>) {
    let mut decoder = Decoder { schema, tree, frames: Vec::new(), refused: Vec::new() };
    let mut result = match &tree.node(id).kind {
        NodeKind::Scalar(scalar) => Some(scalar_as_json(scalar)),
        _ => {
            decoder.open(id, Step::Index(0), shape);
            None
        }
    };
    while let Some(mut frame) = decoder.frames.pop() {
        if let Some(child) = decoder.next_child(&mut frame) {
            decoder.frames.push(frame);
            decoder.child(child);
        } else if let Some(parent) = decoder.frames.last_mut() {
            put(&mut parent.value, &frame.step, frame.value);
        } else {
            result = Some(frame.value);
        }
    }
    (result.unwrap_or_default(), decoder.refused)
}

impl Decoder<'_> {
    fn open(&mut self, id: NodeId, step: Step, shape: Shape) {
        let value = match &self.tree.node(id).kind {
            NodeKind::Sequence(_) => Value::Array(Vec::new()),
            _ => Value::Object(Map::new()),
        };
        let entries = self.tree.entries(id);
        let mut order: Vec<usize> = (0..entries.len()).collect();
        sort_by_key(&mut order, |at| entries.get(*at).map(|entry| entry.key.as_str()));
        self.frames.push(Frame { id, step, shape, next: 0, order, value });
    }

    /// The next value of a collection. Fields that there are not are told and passed over.
    fn next_child(&mut self, frame: &mut Frame) -> Option<Child> {
        let tree = self.tree;
        if let Some(item) = tree.items(frame.id).get(frame.next) {
            let step = Step::Index(frame.next);
            frame.next += 1;
            let of = if let Shape::List(of) = frame.shape { Some(of) } else { None };
            return Some(Child { id: *item, step, of });
        }
        while let Some(entry) = frame.order.get(frame.next).and_then(|at| tree.entries(frame.id).get(*at)) {
            frame.next += 1;
            let key = entry.key.clone();
            let (step, of) = match frame.shape {
                Shape::Map(of) => (Step::Key(key), Some(of)),
                Shape::Struct(name) => match self.schema.field(name, &key) {
                    Some(field) => (Step::Field { embedded: field.embedded, key }, Some(field.of)),
                    None => {
                        let path = self.strict_path(frame, &key);
                        let message = format!("strict decoding error: unknown field \"{path}\"");
                        self.refused
                            .push(Refused { fault: Fault { message, span: entry.key_span }, kind: Kind::Strict });
                        continue;
                    }
                },
                _ => (Step::Key(key), None),
            };
            return Some(Child { id: entry.value, step, of });
        }
        None
    }

    fn child(&mut self, child: Child) {
        let kind = &self.tree.node(child.id).kind;
        let shape = child.of.map_or(Shape::Any, Type::shape);
        let fits = matches!(
            (kind, shape),
            (NodeKind::Mapping(_), Shape::Struct(_) | Shape::Map(_) | Shape::Any)
                | (NodeKind::Sequence(_), Shape::List(_) | Shape::Any)
        );
        if fits {
            return self.open(child.id, child.step, shape);
        }
        let decoded = match kind {
            NodeKind::Scalar(Scalar::Null) => Ok(self.zero(&child, shape)),
            NodeKind::Scalar(scalar) => decode_scalar(scalar, shape),
            _ => Err(Refusal::of_collection(shape)),
        };
        match decoded {
            Ok(Some(value)) => {
                let is_empty = value.as_str() == Some("");
                let is_field = matches!(child.step, Step::Field { .. });
                // An empty text and none are one, but behind a pointer, or where it says that it is text.
                let is_kept = child.of.is_some_and(Type::is_pointer) || matches!(shape, Shape::IntOrString);
                if is_empty && is_field && !is_kept {
                    return;
                }
                if let Some(frame) = self.frames.last_mut() {
                    put(&mut frame.value, &child.step, value);
                }
            }
            Ok(None) => {}
            Err(refusal) => {
                let fault = Fault { message: self.words(&child, &refusal), span: self.tree.span(child.id) };
                let kind = if self.decodes_itself(&refusal, shape) { Kind::Own } else { Kind::Type };
                self.refused.push(Refused { fault, kind });
            }
        }
    }

    /// What Go makes of `null`: nothing in a field, the zero value in a list or map.
    fn zero(&self, child: &Child, shape: Shape) -> Option<Value> {
        match (&child.step, shape) {
            (_, Shape::Any) => Some(Value::Null),
            (Step::Field { .. }, _) => None,
            (_, Shape::Text) => Some(Value::from("")),
            (_, Shape::Int32 | Shape::Int64) => Some(Value::from(0)),
            (_, Shape::Quantity) => Some(Value::from("0")),
            (_, Shape::Struct(_)) => Some(Value::Object(Map::new())),
            _ => None,
        }
    }

    /// Whether the type has its own way to read JSON.
    fn decodes_itself(&self, refusal: &Refusal, shape: Shape) -> bool {
        matches!(refusal, Refusal::Own(_)) || matches!(shape, Shape::IntOrString | Shape::Time | Shape::Quantity)
    }

    /// A path with indices, as strict errors print it.
    fn strict_path(&self, frame: &Frame, key: &str) -> String {
        let mut path = String::new();
        for step in self.frames.iter().chain([frame]).skip(1).map(|frame| &frame.step) {
            match step {
                Step::Field { key, .. } | Step::Key(key) => {
                    path.push_str(key);
                    path.push('.');
                }
                Step::Index(index) => {
                    path.pop();
                    path.push_str(&format!("[{index}]."));
                }
            }
        }
        path + key
    }

    /// The error as Go prints it: the innermost struct, then field names without indices.
    fn words(&self, child: &Child, refusal: &Refusal) -> String {
        let what = match refusal {
            Refusal::Own(message) => return message.clone(),
            Refusal::Wrong(what) => what,
            Refusal::Collection => match self.tree.node(child.id).kind {
                NodeKind::Sequence(_) => "array",
                _ => "object",
            },
        };
        let holder = self.frames.iter().rev().find_map(|frame| match frame.shape {
            Shape::Struct(name) => Some(name),
            _ => None,
        });
        let steps = self.frames.iter().skip(1).map(|frame| &frame.step).chain([&child.step]);
        let mut names = vec![holder.unwrap_or_default()];
        for step in steps {
            if let Step::Field { embedded, key } = step {
                names.extend(embedded.iter().copied());
                names.push(key);
            }
        }
        let wanted = match child.of.map(Type::shape) {
            // These decode themselves, as what they hold.
            Some(Shape::IntOrString) => "int32".to_owned(),
            Some(Shape::Time) => "string".to_owned(),
            _ => child.of.map(Type::go_name).unwrap_or_default(),
        };
        format!("json: cannot unmarshal {what} into Go struct field {} of type {wanted}", names.join("."))
    }
}

/// Why a value is not taken.
enum Refusal {
    /// Of the wrong type: JSON's name of what it is.
    Wrong(String),
    /// A list or map where neither fits.
    Collection,
    /// The type's own words.
    Own(String),
}

impl Refusal {
    fn of_collection(shape: Shape) -> Refusal {
        match shape {
            Shape::Quantity => {
                amount(&Value::Object(Map::new())).map_or_else(|refusal| refusal, |_| Refusal::Collection)
            }
            _ => Refusal::Collection,
        }
    }
}

fn put(parent: &mut Value, step: &Step, value: Value) {
    match (parent, step) {
        (Value::Object(map), Step::Field { key, .. } | Step::Key(key)) => {
            map.insert(key.clone(), value);
        }
        (Value::Array(items), _) => items.push(value),
        _ => {}
    }
}

fn scalar_as_json(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Bool(value) => Value::from(*value),
        Scalar::Int(value) => match i64::try_from(*value) {
            Ok(value) => Value::from(value),
            Err(_) => Value::from(u64::try_from(*value).unwrap_or(u64::MAX)),
        },
        Scalar::Float(value) => float_as_json(*value),
        Scalar::Text(text) => Value::from(text.as_str()),
    }
}

fn decode_scalar(scalar: &Scalar, shape: Shape) -> Result<Option<Value>, Refusal> {
    let json = scalar_as_json(scalar);
    let fits = match shape {
        Shape::Text => json.is_string(),
        Shape::Bool => json.is_boolean(),
        Shape::Int64 => json.is_i64(),
        Shape::Int32 => is_int32(&json),
        Shape::IntOrString => json.is_string() || is_int32(&json),
        Shape::Any => true,
        Shape::Quantity => return amount(&json).map(Some),
        Shape::Time => return time(json).map(Some),
        Shape::Bytes => return bytes(json).map(Some),
        Shape::List(_) | Shape::Map(_) | Shape::Struct(_) => false,
    };
    if fits { Ok(Some(json)) } else { Err(Refusal::Wrong(go_kind(&json, shape))) }
}

/// Base64 text. Upstream: `encoding/base64.StdEncoding`.
fn bytes(json: Value) -> Result<Value, Refusal> {
    let Some(text) = json.as_str() else {
        return Err(Refusal::Wrong(go_kind(&json, Shape::Bytes)));
    };
    let digits = text.trim_end_matches('=');
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    match digits.bytes().position(|b| !is_digit(&b)) {
        Some(at) => Err(Refusal::Own(format!("illegal base64 data at input byte {at}"))),
        None if text.len() % 4 != 0 || text.len() - digits.len() > 2 => {
            Err(Refusal::Own(format!("illegal base64 data at input byte {}", text.len() / 4 * 4)))
        }
        None => Ok(json),
    }
}

fn is_int32(json: &Value) -> bool {
    json.as_i64().is_some_and(|n| i32::try_from(n).is_ok())
}

/// What Go calls a value that it refuses: a number of the wrong size by its digits.
fn go_kind(json: &Value, wanted: Shape) -> String {
    let wants_number = matches!(wanted, Shape::Int32 | Shape::Int64 | Shape::IntOrString);
    match json {
        // Go writes floats without an exponent up to 1e21.
        Value::Number(number) if wants_number && number.as_f64().is_some_and(|n| n.abs() < 1e21) && number.is_f64() => {
            format!("number {}", number.as_f64().unwrap_or_default())
        }
        Value::Number(number) if wants_number => format!("number {number}"),
        Value::Number(_) => "number".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        _ => "string".to_owned(),
    }
}

/// A quantity is kept as text, as it was written.
fn amount(json: &Value) -> Result<Value, Refusal> {
    let text = json.as_str().map_or_else(|| json.to_string(), |text| text.trim().to_owned());
    match quantity::check(&text) {
        Ok(()) => Ok(Value::from(text)),
        Err(message) => Err(Refusal::Own(message.to_owned())),
    }
}

fn time(json: Value) -> Result<Value, Refusal> {
    const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";
    let Some(text) = json.as_str() else {
        return Err(Refusal::Wrong(go_kind(&json, Shape::Time)));
    };
    let shape: String = text.chars().take(19).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let zone = text.get(19..).unwrap_or_default();
    if shape == "0000-00-00T00:00:00" && (zone.ends_with('Z') || zone.contains(['+', '-'])) {
        return Ok(json);
    }
    Err(Refusal::Own(format!("parsing time {text:?} as {LAYOUT:?}: cannot parse {text:?} as \"2006\"")))
}
