//! `kubectl apply` and `kubectl diff` of a text: for each object what becomes of it, the object to
//! be stored, and what is different in it.
//!
//! Upstream: `k8s.io/kubectl/pkg/cmd/{apply,diff}`, `pkg/util/apply.go`,
//! `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.
//!
//! Models: three-way merge by the annotation of what was last applied, which is written as kubectl
//! writes it; created, configured, unchanged; warnings; the API server's answer to the object as
//! merged; the diff of the objects as they are printed in full.
//! Simplifies: objects that a preset holds have no annotation: it is taken from the preset's
//! manifest; the directories of a diff are numbered by the time; a text whose objects are not all
//! in order is not applied at all.
//! Leaves out: `--server-side`, `--prune`, `--force`; in the diff managed fields, the UID of what
//! does not exist yet, conditions and addresses of nodes; the stored objects of kinds that are not
//! simulated.

mod changes;
mod exchange;
mod unified;

pub use exchange::{Applied, Cluster};

use super::Object;
use super::decode;
use super::defaults::within;
use super::kinds::Head;
use super::patch::{Fields, Patcher};
use super::print::kubectl;
use super::schema::{Schema, Shape};
use super::server::{self, Held, OfKind};
use super::validate::Report;
use super::walk;
use super::yaml::{self, Fault, NodeId, Source, Tree};
use crate::api::{Key, ObjectMeta};
use crate::base::{Time, sort_by_key};
use serde_json::{Value, json};

/// Where kubectl keeps what it applied last.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A diff is cut behind so many lines.
const MAX_DIFF_LINES: usize = 2_000;

/// Works out what comes of applying a text. What is a picture of a cluster is only read.
#[must_use]
pub fn apply(text: &str, cluster: Cluster) -> Applied {
    apply_and_tell(text, cluster, &mut |_| {})
}

/// As [`apply`]; `tell` hears now and then how much is done, in thousandths.
#[must_use]
pub fn apply_and_tell(text: &str, cluster: Cluster, tell: &mut dyn FnMut(u16)) -> Applied {
    let mut applying = Applying { at: cluster.at, ..Applying::default() };
    if !cluster.base.is_empty() {
        let (base, _) = super::read_to_apply(&cluster.base, Applying::default(), &mut |_| {});
        applying.base = base.into_objects();
    }
    applying.live = cluster.live;
    let (reading, applying) = super::read_to_apply(text, applying, tell);
    if reading.has_errors() || reading.found.is_some() {
        return Applied { reading, ..Applied::default() };
    }
    Applied { reading, said: applying.said.join("\n"), diff: applying.diff() }
}

/// What has been applied of a text so far.
#[derive(Default)]
pub(super) struct Applying {
    live: Vec<Object>,
    base: Vec<Object>,
    at: Time,
    said: Vec<String>,
    /// Name, and the object before and after.
    diffs: Vec<(String, String, String)>,
}

/// An object of a text.
pub(super) struct Local<'t> {
    pub tree: &'t Tree,
    pub id: NodeId,
    pub head: &'t Head,
    pub kind: OfKind,
    /// As strict decoding leaves it.
    pub decoded: Value,
}

impl Applying {
    /// Notes an object that is read and no more.
    pub(super) fn not_simulated(&mut self, kind: &str, name: &str) {
        self.said.push(format!("{}/{name}: valid, but {kind} is not simulated", kind.to_ascii_lowercase()));
    }

    /// Notes an object as it is stored from now on.
    pub(super) fn store(&mut self, object: &Object) {
        self.live.retain(|known| name_of(known) != name_of(object));
        self.live.push(object.clone());
    }

    /// The object that is to be stored, none if nothing changes; what is wrong is reported.
    pub(super) fn object(&mut self, schema: &Schema, local: &Local, report: &mut Report) -> Option<Value> {
        let Local { tree, id, kind, ref decoded, .. } = *local;
        let mut modified = configuration(local);
        let applied = go_json(&Value::Object(modified.clone()));
        annotate(&mut modified, &applied);
        let text = |name: &str| decoded.get("metadata").and_then(|metadata| metadata.get(name)?.as_str());
        let namespace = if kind.is_namespaced { text("namespace").unwrap_or("default") } else { "" };
        let key = Key::new(namespace, text("name").unwrap_or_default());
        let live = self.live.iter().find(|object| name_of(object) == Some((kind.name, key.clone())));
        let Some((meta, mut lean)) = live.and_then(parts) else {
            let mut fields = decoded.as_object().cloned()?;
            annotate(&mut fields, &applied);
            let mut held = server::hold(schema, kind, Value::Object(fields.clone()));
            held.create(tree, id, report);
            let meta = ObjectMeta { creation_timestamp: self.at, ..ObjectMeta::default() };
            let mut after = stored(schema, &held, kind, &meta, &json!({}));
            unannotate(&mut after, None);
            self.compare(local, &key, String::new(), &after);
            self.say(kind, &key, "created");
            return Some(Value::Object(fields));
        };
        let span = tree.span(id);
        let applied = last_applied(&lean).or_else(|| {
            let base = self.base.iter().find(|object| name_of(object) == Some((kind.name, key.clone())))?;
            last_applied(&parts(base)?.1)
        });
        match &applied {
            Some(applied) => annotate(&mut lean, applied),
            None => report.warnings.push(Fault { message: missing(kind, &key), span }),
        }
        let original = applied.as_ref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let live = Live::of(schema, kind, &meta, lean);
        match live.merged(schema, local, &original, &modified, report) {
            Err(message) => report.faults.push(Fault { message, span }),
            Ok(None) => self.say(kind, &key, "unchanged"),
            Ok(Some((held, object))) => {
                if meta.is_deleting() {
                    let message =
                        format!("Detected changes to resource {} which is currently being deleted.", key.name);
                    report.warnings.push(Fault { message, span });
                }
                let status = live.lean.get("status").cloned().unwrap_or_default();
                let mut after = stored(schema, &held, kind, &meta, &status);
                unannotate(&mut after, applied);
                self.compare(local, &key, kubectl::object(&Value::Object(live.full)), &after);
                self.say(kind, &key, "configured");
                return Some(object);
            }
        }
        None
    }

    fn say(&mut self, kind: OfKind, key: &Key, done: &str) {
        let resource = if kind.is_namespaced { "daemonset.apps" } else { "node" };
        self.said.push(format!("{resource}/{} {done}", key.name));
    }

    fn compare(&mut self, local: &Local, key: &Key, before: String, after: &Value) {
        let version = local.head.api_version.replace('/', ".");
        let file = format!("{version}.{}.{}.{}", local.head.kind, key.namespace, key.name);
        self.diffs.push((file, before, kubectl::object(after)));
    }

    /// What `diff -u -N` prints of two directories, in the order of names.
    fn diff(mut self) -> String {
        sort_by_key(&mut self.diffs, |(file, ..)| file.clone());
        let written = self.at.to_rfc3339().replace('T', " ").replace('Z', ".000000000 +0000");
        let at = self.at.0;
        let mut out = String::new();
        for (file, before, after) in &self.diffs {
            let hunks = unified::hunks(before, after);
            if !hunks.is_empty() {
                let [live, merged] = ["LIVE", "MERGED"].map(|directory| format!("/tmp/{directory}-{at}/{file}"));
                out.push_str(&format!("diff -u -N {live} {merged}\n--- {live}\t{written}\n+++ {merged}\t{written}\n"));
                out.push_str(&hunks);
            }
        }
        let more = out.lines().count().saturating_sub(MAX_DIFF_LINES);
        if more > 0 {
            let kept: Vec<&str> = out.lines().take(MAX_DIFF_LINES).collect();
            return format!("{}\n… {more} more lines\n", kept.join("\n"));
        }
        out
    }
}

/// A stored object.
struct Live {
    /// As the page holds it: what its author wrote, and the defaults that the simulation reads.
    lean: Fields,
    held: Held,
    /// As the API server prints it.
    full: Fields,
}

impl Live {
    fn of(schema: &Schema, kind: OfKind, meta: &ObjectMeta, lean: Fields) -> Live {
        let held = server::hold(schema, kind, Value::Object(lean.clone()));
        let status = lean.get("status").cloned().unwrap_or_default();
        let full = stored(schema, &held, kind, meta, &status);
        Live { lean, held, full: full.as_object().cloned().unwrap_or_default() }
    }

    /// The object merged: as the API server holds it, and as the page does. None if there is
    /// nothing to change.
    fn merged(
        &self,
        schema: &Schema,
        local: &Local,
        original: &Fields,
        modified: &Fields,
        report: &mut Report,
    ) -> Result<Option<(Held, Value)>, String> {
        let kind = local.kind;
        let patcher = Patcher::new(schema, Some(kind.name));
        let patch = patcher.three_way(original, modified, &self.full)?;
        if patch.is_empty() {
            return Ok(None);
        }
        let merged = decoded(schema, patcher.apply(self.full.clone(), patch.clone())?, kind)?;
        let mut held = server::hold(schema, kind, merged);
        held.replace(schema, &self.held, local.tree, local.id, report);
        let mut lean = decoded(schema, patcher.apply(self.lean.clone(), patch)?, kind)?;
        // What means the same stays as it is written: the page tells templates apart by it.
        let template = |value: &Value| value.get("spec").and_then(|spec| spec.get("template")).cloned();
        if let Some(known) = self.lean.get("spec").and_then(|spec| spec.get("template"))
            && same(schema, "PodTemplateSpec", template(held.value()), template(self.held.value()))
            && let Some(slot) = lean.get_mut("spec").and_then(|spec| spec.get_mut("template"))
        {
            *slot = known.clone();
        }
        let spec = |value: &Value| value.get("spec").cloned();
        let of = if kind.is_namespaced { "DaemonSetSpec" } else { "NodeSpec" };
        let again = server::hold(schema, kind, lean.clone());
        let is_same = same(schema, of, spec(again.value()), spec(held.value()));
        // A field that only the defaults had was changed by what was taken away beside it.
        let object = if is_same { lean } else { held.printed(schema) };
        Ok(Some((held, object)))
    }
}

fn same(schema: &Schema, of: &'static str, a: Option<Value>, b: Option<Value>) -> bool {
    walk::same(schema, Shape::Struct(of), &a.unwrap_or_default(), &b.unwrap_or_default())
}

/// A merged object as strict decoding leaves it.
fn decoded(schema: &Schema, merged: Fields, kind: OfKind) -> Result<Value, String> {
    let text = Value::Object(merged).to_string();
    let document =
        yaml::parse(&Source::new(&text), 0..text.len(), &mut yaml::Spent::default()).map_err(|fault| fault.message)?;
    let root = document.tree.root().ok_or("nothing is left")?;
    let (value, refused) = decode::decode(schema, &document.tree, root, kind.name);
    decode::first_told(&refused).map_or(Ok(value), Err)
}

/// The object as the API server prints it.
pub(super) fn stored(schema: &Schema, held: &Held, kind: OfKind, meta: &ObjectMeta, status: &Value) -> Value {
    let mut printed = held.printed(schema);
    let Some(object) = printed.as_object_mut() else { return printed };
    if kind.name == "DaemonSet" {
        let status = walk::printed(schema, Shape::Struct("DaemonSetStatus"), status);
        object.insert("status".to_owned(), status);
    }
    within(object, "metadata", |metadata| {
        stamp(metadata, meta);
        if let Some(generation) = metadata.get_mut("generation") {
            *generation = json!(meta.generation + generation.as_i64().unwrap_or(0));
        } else if kind.name == "DaemonSet" {
            metadata.insert("generation".to_owned(), json!(meta.generation));
        }
    });
    printed
}

/// Writes into metadata what the API server alone sets, but for the generation.
pub(super) fn stamp(metadata: &mut Fields, meta: &ObjectMeta) {
    let mut set = |name: &str, value: Value| metadata.insert(name.to_owned(), value);
    set("creationTimestamp", json!(meta.creation_timestamp.to_rfc3339()));
    if let Some(at) = meta.deletion_timestamp {
        set("deletionTimestamp", json!(at.to_rfc3339()));
    }
    if let Some(seconds) = meta.deletion_grace_period_seconds {
        set("deletionGracePeriodSeconds", json!(seconds));
    }
    if meta.resource_version > 0 {
        set("resourceVersion", json!(meta.resource_version.to_string()));
    }
    if !meta.uid.is_empty() {
        set("uid", json!(meta.uid.as_str()));
    }
}

/// What kubectl makes of an object before it is applied: as it is written, in its namespace, and
/// without the annotation.
fn configuration(local: &Local) -> Fields {
    let mut fields = decode::as_json(local.tree, local.id).as_object().cloned().unwrap_or_default();
    for (name, value) in [("apiVersion", &local.head.api_version), ("kind", &local.head.kind)] {
        fields.entry(name).or_insert_with(|| json!(value));
    }
    within(&mut fields, "metadata", |metadata| {
        let is_in_none = metadata.get("namespace").and_then(Value::as_str).is_none_or(str::is_empty);
        if local.kind.is_namespaced && is_in_none {
            metadata.insert("namespace".to_owned(), json!("default"));
        }
        if metadata.get("annotations").is_some_and(Value::is_null) {
            metadata.remove("annotations");
        }
        within(metadata, "annotations", |annotations| annotations.remove(LAST_APPLIED));
    });
    fields
}

pub(super) fn annotate(object: &mut Fields, applied: &str) {
    within(object, "metadata", |metadata| {
        within(metadata, "annotations", |annotations| annotations.insert(LAST_APPLIED.to_owned(), json!(applied)))
    });
}

/// Puts the annotation back as it was: a diff does not speak of it.
fn unannotate(object: &mut Value, applied: Option<String>) {
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return };
    let is_empty = within(metadata, "annotations", |annotations| {
        match applied {
            Some(applied) => annotations.insert(LAST_APPLIED.to_owned(), json!(applied)),
            None => annotations.remove(LAST_APPLIED),
        };
        annotations.is_empty()
    });
    if is_empty == Some(true) {
        metadata.remove("annotations");
    }
}

pub(super) fn last_applied(object: &Fields) -> Option<String> {
    Some(object.get("metadata")?.get("annotations")?.get(LAST_APPLIED)?.as_str()?.to_owned())
}

fn missing(kind: OfKind, key: &Key) -> String {
    let resource = if kind.is_namespaced { "daemonsets" } else { "nodes" };
    format!(
        "resource {resource}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.",
        key.name
    )
}

/// What kubectl would have noted of an object when it applied this manifest.
pub(super) fn noted(manifest: &str, kind: &str, key: &Key) -> Option<String> {
    let (reading, _) = super::read_to_apply(manifest, Applying::default(), &mut |_| {});
    let objects = reading.into_objects();
    let object = objects.iter().find(|object| name_of(object).is_some_and(|(of, name)| of == kind && name == *key))?;
    last_applied(&parts(object)?.1)
}

/// JSON as Go's encoder writes it.
fn go_json(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\n');
    out
}

/// Kind and key of an object that is stored.
pub(super) fn name_of(object: &Object) -> Option<(&'static str, Key)> {
    match object {
        Object::DaemonSet(object) => Some(("DaemonSet", object.metadata.key())),
        Object::Node(object) => Some(("Node", object.metadata.key())),
        Object::NotSimulated { .. } => None,
    }
}

/// Metadata and JSON of a stored object.
pub(super) fn parts(object: &Object) -> Option<(ObjectMeta, Fields)> {
    let (meta, version, kind, value) = match object {
        Object::DaemonSet(object) => (&object.metadata, "apps/v1", "DaemonSet", serde_json::to_value(object)),
        Object::Node(object) => (&object.metadata, "v1", "Node", serde_json::to_value(object)),
        Object::NotSimulated { .. } => return None,
    };
    let mut fields = value.ok()?.as_object().cloned()?;
    fields.insert("apiVersion".to_owned(), json!(version));
    fields.insert("kind".to_owned(), json!(kind));
    Some((meta.clone(), fields))
}

#[cfg(test)]
mod tests;
