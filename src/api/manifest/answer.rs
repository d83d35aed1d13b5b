//! The API server's answer to one manifest, in full: for conformance vectors, and for those who
//! want an object as it would be stored.
//!
//! Upstream: `k8s.io/apiserver/pkg/endpoints/handlers/{create,update}.go`.

use super::decode::{self, first_told};
use super::defaults::within;
use super::kinds::{self, Head};
use super::schema::Schema;
use super::server::{self, Held, OfKind};
use super::validate::Report;
use super::yaml::{self, Document, NodeId, NodeKind, Scalar, Source, Tree};
use crate::base::sort_by;
use serde_json::{Map, Value, json};

/// A version that the API server's codecs still read and no server offers: as `apps/v1`, with other
/// defaults.
const OLDER: &str = "apps/v1beta1";

/// What comes of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is no YAML, or sets a key twice.
    YamlError(String),
    /// It is no object of a kind that there is.
    DecodeError(String),
    /// Validation objects.
    Invalid(Vec<String>),
    /// It is stored.
    Stored {
        /// With its defaults.
        object: Value,
        /// What the API server warns of.
        warnings: Vec<String>,
    },
}

/// The answer to creating the object of a text.
#[must_use]
pub fn create(text: &str) -> Outcome {
    let schema = Schema::new();
    created(&schema, text, true).map_or_else(|outcome| outcome, |(held, report)| outcome(&schema, &held, report))
}

/// The answer to replacing the object of one text by that of another.
#[must_use]
pub fn replace(old: &str, text: &str) -> Outcome {
    let schema = Schema::new();
    let answer = created(&schema, old, false).and_then(|(old, _)| {
        let (tree, id, kind, decoded) = read(&schema, text)?;
        let mut held = server::hold(&schema, kind, decoded);
        let mut report = Report::default();
        held.replace(&schema, &old, &tree, id, &mut report);
        Ok((held, report))
    });
    answer.map_or_else(|outcome| outcome, |(held, report)| outcome(&schema, &held, report))
}

fn created(schema: &Schema, text: &str, generates_name: bool) -> Result<(Held, Report), Outcome> {
    let (tree, id, kind, mut decoded) = read(schema, text)?;
    if generates_name {
        generate_name(&mut decoded);
    }
    let mut held = server::hold(schema, kind, decoded);
    let mut report = Report::default();
    held.create(&tree, id, &mut report);
    Ok((held, report))
}

fn read(schema: &Schema, text: &str) -> Result<(Tree, NodeId, OfKind, Value), Outcome> {
    let Document { tree, duplicates, .. } = yaml::parse(&Source::new(text), 0..text.len(), &mut yaml::Spent::default())
        .map_err(|fault| Outcome::YamlError(fault.message))?;
    if let Some(duplicate) = duplicates.into_iter().next() {
        return Err(Outcome::YamlError(duplicate.message));
    }
    let is_nothing = |id: &NodeId| matches!(tree.node(*id).kind, NodeKind::Scalar(Scalar::Null));
    let id = tree.root().filter(|id| !is_nothing(id));
    let id = id.ok_or_else(|| Outcome::DecodeError("Object 'Kind' is missing in 'null'".to_owned()))?;
    let head = kinds::head(&tree, id, None).map_err(|fault| Outcome::DecodeError(fault.message))?;
    let is_older = head.api_version == OLDER && ["Deployment", "StatefulSet"].contains(&head.kind.as_str());
    let version = if is_older { "apps/v1" } else { &head.api_version };
    let (name, is_namespaced) =
        schema.kind(version, &head.kind).ok_or_else(|| Outcome::DecodeError(not_registered(&head)))?;
    let (mut value, refused) = decode::decode(schema, &tree, id, name);
    if let (true, Some(object)) = (is_older, value.as_object_mut()) {
        older_defaults(name, object);
    }
    match first_told(&refused) {
        Some(message) => Err(Outcome::DecodeError(message)),
        None => Ok((tree, id, OfKind { name, is_namespaced }, value)),
    }
}

/// Upstream: `SetDefaults_{Deployment,StatefulSet}` of `pkg/apis/apps/v1beta1/defaults.go`.
fn older_defaults(kind: &str, object: &mut Map<String, Value>) {
    let labels = object.get("spec").and_then(|spec| spec.get("template")?.get("metadata")?.get("labels")).cloned();
    within(object, "spec", |spec| {
        if let Some(labels) = labels.clone() {
            spec.entry("selector").or_insert_with(|| json!({ "matchLabels": labels }));
        }
        if kind == "Deployment" {
            spec.entry("revisionHistoryLimit").or_insert_with(|| json!(2));
        } else {
            within(spec, "updateStrategy", |strategy| {
                strategy.entry("type").or_insert_with(|| json!("OnDelete"));
            });
        }
    });
    if let Some(labels) = labels {
        within(object, "metadata", |metadata| {
            if metadata.get("labels").and_then(Value::as_object).is_none_or(Map::is_empty) {
                metadata.insert("labels".to_owned(), labels);
            }
        });
    }
}

/// A codec's words for a kind that it does not know; kubectl never gets that far.
fn not_registered(head: &Head) -> String {
    format!(
        "no kind {:?} is registered for version {:?} in scheme \"pkg/runtime/scheme.go:111\"",
        head.kind, head.api_version
    )
}

/// Makes a name where only its beginning is said, and gives that. The API server's own names end in
/// five letters by chance; here they are always the same.
pub(super) fn generate_name(decoded: &mut Value) -> Option<String> {
    let metadata = decoded.get_mut("metadata")?.as_object_mut()?;
    let prefix = metadata.get("generateName")?.as_str().filter(|prefix| !prefix.is_empty())?.to_owned();
    if metadata.contains_key("name") {
        return None;
    }
    metadata.insert("name".to_owned(), json!(format!("{prefix}xxxxx")));
    Some(prefix)
}

fn outcome(schema: &Schema, held: &Held, report: Report) -> Outcome {
    let texts = |faults: Vec<yaml::Fault>| {
        let mut texts: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
        sort_by(&mut texts, Ord::cmp);
        texts
    };
    if report.faults.is_empty() {
        Outcome::Stored { object: held.printed(schema), warnings: texts(report.warnings) }
    } else {
        Outcome::Invalid(texts(report.faults))
    }
}
