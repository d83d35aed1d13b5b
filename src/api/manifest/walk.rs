//! Values seen through the table of types: as Go holds them, as it prints them, and whether two
//! of them mean the same. Recursion here follows the table, in which no type holds itself.
//!
//! Upstream: `encoding/json` (`omitempty`), `k8s.io/apimachinery/pkg/api/equality`.

use super::quantity;
use super::schema::{Row, Schema, Shape, Type};
use serde_json::{Map, Value};

/// Takes out what Go cannot tell from nothing (zeros that are not behind a pointer), and writes
/// amounts as Kubernetes does.
pub fn normalise(schema: &Schema, shape: Shape, value: &mut Value) {
    match (shape, value) {
        (Shape::Struct(name), Value::Object(map)) => {
            for row in schema.fields(name) {
                let Some(field) = map.get_mut(row.name) else { continue };
                in_field(schema, row.of, field);
                // Empty text in place of a number is no zero.
                let is_text = field.is_string() && matches!(row.of.shape(), Shape::IntOrString);
                if !row.of.is_pointer() && !is_text && is_zero(field) {
                    map.remove(row.name);
                }
            }
        }
        (Shape::List(of), Value::Array(items)) => items.iter_mut().for_each(|item| in_field(schema, of, item)),
        (Shape::Map(of), Value::Object(map)) => map.values_mut().for_each(|value| in_field(schema, of, value)),
        _ => {}
    }
}

fn in_field(schema: &Schema, of: Type, value: &mut Value) {
    match (of.shape(), value) {
        (Shape::Quantity, Value::String(text)) => *text = quantity::canonical(text, false),
        (Shape::Map(_), Value::Object(amounts)) if of.is_resource_list() => {
            for amount in amounts.values_mut() {
                if let Value::String(text) = amount {
                    *text = quantity::canonical(text, true);
                }
            }
        }
        (shape, value) => normalise(schema, shape, value),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Calls `visit` with every struct from the outside in, embedded ones too, and with those that Go
/// would hold as zeros: what is put into one of them stays.
pub fn structs(
    schema: &Schema,
    name: &'static str,
    map: &mut Map<String, Value>,
    visit: &mut dyn FnMut(&'static str, &mut Map<String, Value>),
) {
    visit(name, map);
    for Row { name: field, of, .. } in schema.rows(name) {
        match of.shape() {
            Shape::Struct(inner) if field.starts_with('+') => structs(schema, inner, map, visit),
            Shape::Struct(inner) if !of.is_pointer() => {
                let slot = map.entry(*field).or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(held) = slot else { continue };
                structs(schema, inner, held, visit);
                if held.is_empty() {
                    map.remove(*field);
                }
            }
            shape => {
                if let Some(value) = map.get_mut(*field) {
                    within(schema, shape, value, visit);
                }
            }
        }
    }
}

fn within(
    schema: &Schema,
    shape: Shape,
    value: &mut Value,
    visit: &mut dyn FnMut(&'static str, &mut Map<String, Value>),
) {
    match (shape, value) {
        (Shape::Struct(name), Value::Object(map)) => structs(schema, name, map, visit),
        (Shape::List(of), Value::Array(items)) => {
            items.iter_mut().for_each(|item| within(schema, of.shape(), item, visit));
        }
        _ => {}
    }
}

/// The value as Go prints it: with the zeros that it writes.
#[must_use]
pub fn printed(schema: &Schema, shape: Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::Struct(name), _) => {
            let mut out = Map::new();
            for row in schema.fields(name) {
                let part = match value.get(row.name) {
                    Some(part) => Some(printed(schema, row.of.shape(), part)),
                    None if row.of.is_pointer() => None,
                    None => zero(schema, row),
                };
                if let Some(part) = part {
                    out.insert(row.name.to_owned(), part);
                }
            }
            Value::Object(out)
        }
        (Shape::List(of), Value::Array(items)) => items.iter().map(|item| printed(schema, of.shape(), item)).collect(),
        (_, value) => value.clone(),
    }
}

/// What Go writes of a field that holds nothing. Structs are never omitted.
fn zero(schema: &Schema, row: Row) -> Option<Value> {
    match row.of.shape() {
        shape @ Shape::Struct(_) => Some(printed(schema, shape, &Value::Null)),
        Shape::Quantity => Some(Value::from("0")),
        Shape::IntOrString => Some(Value::from(0)),
        Shape::Text if row.is_written => Some(Value::from("")),
        Shape::Int32 | Shape::Int64 if row.is_written => Some(Value::from(0)),
        Shape::Bool if row.is_written => Some(Value::from(false)),
        _ => None,
    }
}

/// Whether two values mean the same: an empty list or map is none.
#[must_use]
pub fn same(schema: &Schema, shape: Shape, a: &Value, b: &Value) -> bool {
    match (shape, a, b) {
        (Shape::Struct(name), Value::Object(_), Value::Object(_)) => schema.fields(name).into_iter().all(|row| {
            let (a, b) = (a.get(row.name).unwrap_or(&Value::Null), b.get(row.name).unwrap_or(&Value::Null));
            let is_held = matches!(row.of.shape(), Shape::Struct(_)) && !row.of.is_pointer();
            let empty = Value::Object(Map::new());
            let or_empty = |value| if is_held && matches!(value, &Value::Null) { &empty } else { value };
            same(schema, row.of.shape(), or_empty(a), or_empty(b))
        }),
        (Shape::List(of), Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(schema, of.shape(), a, b))
        }
        (Shape::List(_) | Shape::Map(_), a, b) if is_none(a) && is_none(b) => true,
        (_, a, b) => a == b,
    }
}

fn is_none(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn zeros_go_and_come_as_in_go() {
        let schema = Schema::new();
        let shape = Shape::Struct("ContainerPort");
        let mut port = json!({ "containerPort": 0, "hostPort": 0, "name": "" });
        normalise(&schema, shape, &mut port);
        assert_eq!(port, json!({}));
        assert_eq!(printed(&schema, shape, &port), json!({ "containerPort": 0 }));
        let mut probe = json!({ "resource": "limits.cpu", "divisor": "1000m" });
        let shape = Shape::Struct("ResourceFieldSelector");
        normalise(&schema, shape, &mut probe);
        assert_eq!(probe, json!({ "resource": "limits.cpu", "divisor": "1" }));
        assert_eq!(printed(&schema, shape, &json!({})), json!({ "resource": "", "divisor": "0" }));
    }

    #[test]
    fn empty_and_none_mean_the_same_but_behind_pointers() {
        let schema = Schema::new();
        let check = |a: Value, b: Value, want: bool| {
            assert_eq!(same(&schema, Shape::Struct("PodSpec"), &a, &b), want, "{a} {b}");
        };
        check(json!({ "nodeSelector": {}, "containers": [] }), json!({}), true);
        check(json!({ "containers": [{ "resources": {} }] }), json!({ "containers": [{}] }), true);
        check(json!({ "securityContext": {} }), json!({}), false);
        check(json!({ "containers": [{ "name": "a" }] }), json!({ "containers": [{ "name": "b" }] }), false);
    }

    #[test]
    fn no_type_holds_itself() {
        fn depth(schema: &Schema, name: &str, left: usize) {
            assert!(left > 0, "{name} nests without end");
            for row in schema.rows(name) {
                let mut of = row.of;
                while let Shape::List(inner) | Shape::Map(inner) = of.shape() {
                    of = inner;
                }
                if let Shape::Struct(inner) = of.shape() {
                    depth(schema, inner, left - 1);
                }
            }
        }
        let schema = Schema::new();
        for kind in ["DaemonSet", "Deployment", "StatefulSet", "Pod", "Node", "CronJob", "Ingress", "PersistentVolume"]
        {
            depth(&schema, kind, 24);
        }
    }
}
