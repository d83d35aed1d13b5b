//! Patches of objects as `kubectl apply` makes them and the API server takes them: three-way
//! strategic merge by the table of types, and JSON merge for what the table does not know.
//!
//! A patch is itself an object: fields to set, `null` for those that go, and for lists that are
//! merged item by item the directives `$setElementOrder/…`, `$deleteFromPrimitiveList/…`,
//! `$retainKeys` and, in an item, `$patch: delete`.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/{strategicpatch,jsonmergepatch}`.
//!
//! Models: patches and results are upstream's, field by field, with its quirks (items of equal
//! keys, an order that differs is a change, lists that are sorted to be compared).
//! Leaves out: directives that an author writes into a manifest (strict decoding refuses them).
//!
//! Recursion here is as deep as the table, or as YAML may nest.

mod compare;
mod json;
mod list;
mod merge;

use super::schema::{Merge, Schema, Shape};
use compare::{Comparison, Told};
use serde_json::{Map, Value};

/// The fields of a struct or map.
pub type Fields = Map<String, Value>;

/// Before the name of a list: the order that its items are to have.
const ORDER: &str = "$setElementOrder/";
/// Before the name of a list: items without fields that go.
const DELETE_ITEMS: &str = "$deleteFromPrimitiveList/";
/// The only fields that stay.
const RETAIN_KEYS: &str = "$retainKeys";
/// In an item: what becomes of it.
const DIRECTIVE: &str = "$patch";

/// What a patch is made for, or applied to: a type of the table, or anything.
#[derive(Clone, Copy)]
pub struct Patcher<'s> {
    schema: &'s Schema,
    shape: Shape,
}

impl<'s> Patcher<'s> {
    /// For objects of a kind; none for custom resources, whose patches are of JSON alone.
    #[must_use]
    pub fn new(schema: &'s Schema, kind: Option<&'static str>) -> Patcher<'s> {
        Patcher { schema, shape: kind.map_or(Shape::Any, Shape::Struct) }
    }

    /// What makes `modified` of `live`: everything that it sets and is not so, and that goes
    /// which it has not and `original` had.
    ///
    /// # Errors
    /// Upstream's message, when a list's items cannot be told apart.
    pub fn three_way(self, original: &Fields, modified: &Fields, live: &Fields) -> Result<Fields, String> {
        if self.is_custom() {
            return Ok(json::three_way(original, modified, live));
        }
        let compare = |told| Comparison { of: self, told, merge: Merge::default() };
        let delta = compare(Told::Additions).differences(live, modified)?;
        let deletions = compare(Told::Deletions).differences(original, modified)?;
        merge::merge(self, deletions, delta, merge::Into::Patch)
    }

    /// The object with the patch applied.
    ///
    /// # Errors
    /// Upstream's message for a patch that does not fit.
    pub fn apply(self, live: Fields, patch: Fields) -> Result<Fields, String> {
        if self.is_custom() {
            return Ok(json::merge(live, patch));
        }
        merge::merge(self, live, patch, merge::Into::Object)
    }

    fn is_custom(self) -> bool {
        matches!(self.shape, Shape::Any)
    }

    /// The type of a field, of an item or entry if it is a list or map, and how it is merged.
    fn field(self, name: &str) -> (Patcher<'s>, Merge) {
        let (shape, merge) = match self.shape {
            Shape::Struct(of) => {
                self.schema.field(of, name).map_or((Shape::Any, Merge::default()), |f| (f.of.shape(), f.merge))
            }
            Shape::Map(of) => (of.shape(), Merge::default()),
            _ => (Shape::Any, Merge::default()),
        };
        let shape = if let Shape::List(of) = shape { of.shape() } else { shape };
        (Patcher { shape, ..self }, merge)
    }
}

/// What Go tells values apart by before it compares them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum GoType {
    Null,
    Bool,
    Int,
    Float,
    Text,
    List,
    Map,
}

fn go_type(value: &Value) -> GoType {
    match value {
        Value::Null => GoType::Null,
        Value::Bool(_) => GoType::Bool,
        Value::Number(number) if number.is_f64() => GoType::Float,
        Value::Number(_) => GoType::Int,
        Value::String(_) => GoType::Text,
        Value::Array(_) => GoType::List,
        Value::Object(_) => GoType::Map,
    }
}

/// The patch that `kubectl apply` makes, and the object that comes of it; for conformance vectors.
///
/// # Errors
/// Upstream's message.
pub fn kubectl_apply(kind: &str, original: &Value, modified: &Value, live: &Value) -> Result<[Value; 2], String> {
    let schema = Schema::new();
    let known = ["apps/v1", "v1"].iter().find_map(|version| schema.kind(version, kind));
    let patcher = Patcher::new(&schema, known.map(|(name, _)| name));
    let fields = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let patch = patcher.three_way(&fields(original), &fields(modified), &fields(live))?;
    let object = patcher.apply(fields(live), patch.clone())?;
    Ok([patch, object].map(Value::Object))
}
