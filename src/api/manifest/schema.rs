//! The table of types: which fields there are and of which type, for strict decoding.
//!
//! `types.txt` begins with the kinds: `= apiVersion kind resource`, `n` (in namespaces) or
//! `c` (in the cluster), short names. Then one type a line: its name, then `field:type` for
//! each field by its JSON name, `field!` if it is written even when empty, `+GoName:type` for
//! an embedded struct whose fields stand beside the others. A type is written `` (nothing:
//! string), `i` (int32), `l` (int64), `b` (bool), `B` (bytes), `$Name` (a named string type),
//! `*T`, `[]T`, `{}T` (map by text), the name of another line, or one of the types that decode
//! themselves (`Quantity`, `IntOrString`, `Time`, …). Behind it stands how patches merge the
//! field, see [`Merge`].
//!
//! Upstream: `k8s.io/api` by reflection, see `types_from_schema.py`.

use crate::base::Map;

/// Type name, then its fields.
const TYPES: &str = include_str!("types.txt");

/// A type as the table writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type(&'static str);

/// What a type wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// A whole number of so many bits.
    Int32,
    /// A whole number of so many bits.
    Int64,
    /// `true` or `false`.
    Bool,
    /// Items of a type.
    List(Type),
    /// Values of a type by text.
    Map(Type),
    /// Fields by the table.
    Struct(&'static str),
    /// An amount.
    Quantity,
    /// A number or text.
    IntOrString,
    /// An RFC 3339 time.
    Time,
    /// Bytes in base64.
    Bytes,
    /// Anything.
    Any,
}

/// How strategic merge patches merge a field: a list's items `@` by one of their fields, or `@`
/// themselves; a struct `=` as a whole; fields that a patch does not have `&` go. A list without
/// any of these is one value. Upstream: Go's tags `patchStrategy` and `patchMergeKey`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merge(&'static str);

/// A field found by its JSON name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Go names of the embedded structs that it was found in.
    pub embedded: Vec<&'static str>,
    /// Its type.
    pub of: Type,
    /// How patches merge it.
    pub merge: Merge,
}

/// A field as the table has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// JSON name.
    pub name: &'static str,
    /// Type.
    pub of: Type,
    /// Whether it is written even when empty.
    pub is_written: bool,
    /// How patches merge it.
    pub merge: Merge,
}

/// The table, parsed.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    types: Map<&'static str, Vec<Row>>,
    kinds: Vec<[&'static str; 4]>,
}

impl Merge {
    /// The field by which a list's items are known; empty for items without fields, none for a
    /// list that is one value.
    #[must_use]
    pub fn key(self) -> Option<&'static str> {
        self.0.strip_prefix('@').map(|key| key.trim_end_matches('&'))
    }

    /// Whether fields go that a patch does not name.
    #[must_use]
    pub fn retains_keys(self) -> bool {
        self.0.ends_with('&')
    }

    /// Whether it is put in the place of the old one as a whole.
    #[must_use]
    pub fn replaces(self) -> bool {
        self.0 == "="
    }
}

impl Type {
    /// Whether it may be absent other than by its zero value.
    #[must_use]
    pub fn is_pointer(self) -> bool {
        self.0.starts_with('*')
    }

    /// Whether it is the map of amounts by resource, whose amounts are rounded.
    #[must_use]
    pub fn is_resource_list(self) -> bool {
        self.0 == "ResourceList"
    }

    /// What it wants to see.
    #[must_use]
    pub fn shape(self) -> Shape {
        let name = self.0.trim_start_matches('*');
        if let Some(item) = name.strip_prefix("[]") {
            return Shape::List(Type(item));
        }
        if let Some(value) = name.strip_prefix("{}") {
            return Shape::Map(Type(value));
        }
        match name {
            "" => Shape::Text,
            "i" => Shape::Int32,
            "l" => Shape::Int64,
            "b" => Shape::Bool,
            "B" => Shape::Bytes,
            "Quantity" => Shape::Quantity,
            "ResourceList" => Shape::Map(Type("Quantity")),
            "IntOrString" => Shape::IntOrString,
            "Time" | "MicroTime" => Shape::Time,
            "FieldsV1" | "any" => Shape::Any,
            _ if name.starts_with('$') => Shape::Text,
            _ => Shape::Struct(name),
        }
    }

    /// The type as Go's error texts print it.
    #[must_use]
    pub fn go_name(self) -> String {
        let name = self.0.trim_start_matches('*');
        match self.shape() {
            Shape::List(item) => format!("[]{}", item.go_name()),
            Shape::Map(_) if name == "ResourceList" => "v1.ResourceList".to_owned(),
            Shape::Map(value) => format!("map[string]{}", value.go_name()),
            Shape::Int32 => "int32".to_owned(),
            Shape::Int64 => "int64".to_owned(),
            Shape::Bool => "bool".to_owned(),
            Shape::Bytes => "[]uint8".to_owned(),
            Shape::Text if name.is_empty() => "string".to_owned(),
            _ => match name.trim_start_matches('$') {
                name if name.contains('.') => name.to_owned(),
                name => format!("v1.{name}"),
            },
        }
    }
}

impl Schema {
    /// Parses the table.
    #[must_use]
    pub fn new() -> Schema {
        let mut schema = Schema::default();
        for line in TYPES.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            match words.next() {
                Some("=") => {
                    let mut word = || words.next().unwrap_or_default();
                    schema.kinds.push([word(), word(), word(), word()]);
                }
                Some(name) => {
                    let fields = words.map(|word| {
                        let (field, of) = word.split_once(':').unwrap_or((word, ""));
                        let name = field.trim_end_matches('!');
                        let (of, merge) = of.split_at(of.find(['@', '=', '&']).unwrap_or(of.len()));
                        Row { name, of: Type(of), is_written: name != field, merge: Merge(merge) }
                    });
                    schema.types.insert(name, fields.collect());
                }
                None => {}
            }
        }
        schema
    }

    /// The type of a kind, and whether its objects live in namespaces; none if the table has no such kind.
    #[must_use]
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<(&'static str, bool)> {
        let [_, name, _, scope] =
            self.kinds.iter().find(|[version, name, ..]| *version == api_version && *name == kind)?;
        Some((name, *scope == "n"))
    }

    /// A struct's fields as the table has them, embedded ones with `+` and their Go name.
    #[must_use]
    pub fn rows(&self, name: &str) -> &[Row] {
        self.types.get(name).map_or(&[], Vec::as_slice)
    }

    /// The fields of a struct in Go's order, embedded ones in their place.
    #[must_use]
    pub fn fields(&self, name: &str) -> Vec<Row> {
        let mut found = Vec::new();
        let mut todo: Vec<Row> = self.rows(name).iter().rev().copied().collect();
        while let Some(row) = todo.pop() {
            match row.of.shape() {
                Shape::Struct(inner) if row.name.starts_with('+') => {
                    todo.extend(self.rows(inner).iter().rev().copied());
                }
                _ => found.push(row),
            }
        }
        found
    }

    /// The field of a struct by its JSON name.
    #[must_use]
    pub fn field(&self, name: &'static str, key: &str) -> Option<Field> {
        let mut todo = vec![(name, Vec::new())];
        while let Some((name, embedded)) = todo.pop() {
            for Row { name: field, of, merge, .. } in self.rows(name) {
                if *field == key {
                    return Some(Field { embedded, of: *of, merge: *merge });
                }
                if let (Some(go), Shape::Struct(inner)) = (field.strip_prefix('+'), of.shape()) {
                    let mut path = embedded.clone();
                    path.push(go);
                    todo.push((inner, path));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_table_is_there() {
        let schema = Schema::new();
        assert!(schema.types.len() > 250 && TYPES.len() < 40_000, "{} bytes", TYPES.len());
        assert_eq!(schema.kinds.len(), 27);
        for (name, fields) in &schema.types {
            for Row { name: field, of, .. } in fields {
                let mut of = *of;
                while let Shape::List(inner) | Shape::Map(inner) = of.shape() {
                    of = inner;
                }
                if let Shape::Struct(inner) = of.shape() {
                    assert!(schema.types.contains_key(inner), "{name}.{field} is a {inner}");
                }
            }
        }
    }

    #[test]
    fn finds_fields_and_names_types() {
        let schema = Schema::new();
        let check = |name, key, want: Option<(&[&str], &str)>| {
            let found = schema.field(name, key).map(|f| (f.embedded, f.of.go_name()));
            assert_eq!(found, want.map(|(e, t)| (e.to_vec(), t.to_owned())), "{name}.{key}");
        };
        check("DaemonSetSpec", "minReadySeconds", Some((&[], "int32")));
        check("Volume", "hostPath", Some((&["VolumeSource"], "v1.HostPathVolumeSource")));
        check("Container", "ports", Some((&[], "[]v1.ContainerPort")));
        check("ObjectMeta", "labels", Some((&[], "map[string]string")));
        check("ObjectMeta", "uid", Some((&[], "types.UID")));
        check("NodeStatus", "capacity", Some((&[], "v1.ResourceList")));
        check("Container", "imagePullPolicy", Some((&[], "v1.PullPolicy")));
        check("PodSpec", "contaners", None);
        let fields: Vec<&str> = schema.fields("ConfigMapVolumeSource").into_iter().map(|row| row.name).collect();
        assert_eq!(fields, ["name", "items", "defaultMode", "optional", "defaultUser"]);
    }
}
