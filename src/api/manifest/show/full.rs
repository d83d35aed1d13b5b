//! A stored object in full, as the API server gives it to those who ask, and what its author wrote.

use super::status::{of_pod, put_text};
use super::who::{TOKEN_PATH, TOKEN_VOLUME};
use super::{Basis, Subject};
use crate::api::manifest::apply::{LAST_APPLIED, annotate, last_applied, noted, parts, stamp, stored};
use crate::api::manifest::defaults::within;
use crate::api::manifest::schema::{Schema, Shape};
use crate::api::manifest::server::{self, OfKind};
use crate::api::manifest::{Object, walk};
use crate::api::{
    ControllerRevision, DaemonSet, Found, FoundObject, Key, METADATA_NAME, Node, ObjectMeta, Pod, PodTemplateSpec,
    Unpacker,
};
use serde_json::{Map, Value, json};

type Fields = Map<String, Value>;

/// A pod of this annotation was not made through the API.
const MIRROR: &str = "kubernetes.io/config.mirror";

/// An object in full.
pub struct Full {
    /// As it is printed.
    pub value: Value,
    /// What it is held against.
    pub written: Written,
}

/// What the author wrote.
#[derive(Default)]
pub struct Written {
    /// Kind of the object.
    pub kind: &'static str,
    /// The kubelet has taken the pod on.
    pub is_started: bool,
    /// The template in a revision.
    pub template: Option<Value>,
    whole: Option<Value>,
    filled: Option<Value>,
    basis: Basis,
}

impl Written {
    /// The whole object as it was written, if that is known.
    pub fn whole(&self) -> Option<&Value> {
        self.whole.as_ref()
    }

    /// The same with the API server's defaults.
    pub fn filled(&self) -> Option<&Value> {
        self.filled.as_ref()
    }

    /// Where that is known from.
    pub fn basis(&self) -> Basis {
        self.basis
    }
}

/// The object, if it can be read.
pub fn object(schema: &Schema, subject: &Subject) -> Option<Full> {
    let found = Found { packed: subject.packed.clone(), ..Found::default() };
    match Unpacker::default().next(&found)? {
        FoundObject::Node(node) => self::node(schema, subject, node),
        FoundObject::DaemonSet(daemon_set) => self::daemon_set(schema, subject, daemon_set),
        FoundObject::Revision(revision) => Some(self::revision(schema, subject, &revision)),
        FoundObject::Pod(pod) => Some(self::pod(schema, subject, &pod)),
    }
}

fn node(schema: &Schema, subject: &Subject, node: Node) -> Option<Full> {
    let conditions: Vec<Value> = node
        .status
        .conditions
        .iter()
        .enumerate()
        .map(|(at, condition)| {
            let mut fields = json!({
                "lastTransitionTime": condition.last_transition_time.to_rfc3339(),
                "message": condition.message,
                "status": format!("{:?}", condition.status),
                "type": condition.kind.to_string(),
            });
            put_text(&mut fields, "reason", subject.reasons.get(at).map_or("", String::as_str));
            fields
        })
        .collect();
    let kind = OfKind { name: "Node", is_namespaced: false };
    let (meta, lean) = parts(&Object::Node(Box::new(node)))?;
    let applied = last_applied(&lean);
    let known = lean.get("status").cloned().unwrap_or_default();
    let held = server::hold(schema, kind, Value::Object(lean));
    let mut value = stored(schema, &held, kind, &meta, &Value::Null);
    if let Some(status) = value.get_mut("status").and_then(Value::as_object_mut) {
        // Go prints what it does not know of these as well, and here nothing is known.
        status.retain(|name, part| known.get(name).is_some() || !part.is_object() || name == "allocatable");
        status.insert("conditions".to_owned(), Value::Array(conditions));
    }
    Some(Full { value, written: Written::of(schema, kind, applied) })
}

fn daemon_set(schema: &Schema, subject: &Subject, daemon_set: DaemonSet) -> Option<Full> {
    let kind = OfKind { name: "DaemonSet", is_namespaced: true };
    let key = daemon_set.metadata.key();
    let (meta, mut lean) = parts(&Object::DaemonSet(Box::new(daemon_set)))?;
    let applied = last_applied(&lean).or_else(|| noted(&subject.base, kind.name, &key));
    if let Some(applied) = &applied {
        annotate(&mut lean, applied);
    }
    let status = lean.get("status").cloned().unwrap_or_default();
    let held = server::hold(schema, kind, Value::Object(lean));
    let value = stored(schema, &held, kind, &meta, &status);
    Some(Full { value, written: Written::of(schema, kind, applied) })
}

fn revision(schema: &Schema, subject: &Subject, revision: &ControllerRevision) -> Full {
    let mut template = whole_template(schema, &revision.data);
    if let Some(template) = template.as_object_mut() {
        template.insert("$patch".to_owned(), json!("replace"));
    }
    let value = json!({
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": metadata(&revision.metadata),
        "data": { "spec": { "template": template } },
        "revision": revision.revision,
    });
    let (mut template, basis) = written_template(schema, subject, &revision.data, &revision.metadata.namespace);
    if let Some(template) = template.as_object_mut() {
        template.insert("$patch".to_owned(), json!("replace"));
    }
    let written = Written { kind: "ControllerRevision", template: Some(template), basis, ..Written::default() };
    Full { value, written }
}

fn pod(schema: &Schema, subject: &Subject, pod: &Pod) -> Full {
    let kind = OfKind { name: "Pod", is_namespaced: true };
    let mut spec = serde_json::to_value(&*pod.spec).unwrap_or_default();
    if let Some(spec) = spec.as_object_mut() {
        place(spec, pod);
        admit(spec, pod);
    }
    let held = server::hold(schema, kind, json!({ "apiVersion": "v1", "kind": "Pod", "spec": spec }));
    let mut value = held.printed(schema);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("metadata".to_owned(), metadata(&pod.metadata));
        fields.insert("status".to_owned(), of_pod(pod, &subject.qos));
    }
    let is_started = pod.status.start_time.is_some();
    let mut written = match pod.metadata.annotations.get(LAST_APPLIED) {
        Some(applied) => Written::of(schema, kind, Some(applied.clone())),
        None => Written { kind: kind.name, ..Written::default() },
    };
    if let Some(template) = &subject.template {
        let (whole, basis) = written_template(schema, subject, template, &pod.metadata.namespace);
        written = Written { kind: kind.name, basis, ..Written::default() }.filled_in(schema, kind, Some(whole));
    }
    Full { value, written: Written { is_started, ..written } }
}

impl Written {
    fn of(schema: &Schema, kind: OfKind, applied: Option<String>) -> Written {
        let whole: Option<Value> = applied.and_then(|applied| serde_json::from_str(&applied).ok());
        let basis = if whole.is_some() { Basis::Applied } else { Basis::Nothing };
        Written { kind: kind.name, basis, ..Written::default() }.filled_in(schema, kind, whole)
    }

    fn filled_in(self, schema: &Schema, kind: OfKind, whole: Option<Value>) -> Written {
        let filled = whole.as_ref().map(|whole| server::hold(schema, kind, whole.clone()).printed(schema));
        Written { whole, filled, ..self }
    }
}

/// The template as its author wrote it, if what was applied last still means the same; as it is stored
/// otherwise.
fn written_template(schema: &Schema, subject: &Subject, template: &PodTemplateSpec, namespace: &str) -> (Value, Basis) {
    let full = whole_template(schema, template);
    let noted = || noted(&subject.base, "DaemonSet", &Key::new(namespace, subject.owner.as_str()));
    let applied = Some(subject.applied.clone()).filter(|applied| !applied.is_empty()).or_else(noted);
    let applied: Option<Value> = applied.and_then(|applied| serde_json::from_str(&applied).ok());
    if let Some(written) = applied.as_ref().and_then(|applied| applied.get("spec")?.get("template")) {
        let again = filled(schema, written.clone());
        if walk::same(schema, Shape::Struct("PodTemplateSpec"), &again, &full) {
            return (written.clone(), Basis::Applied);
        }
    }
    (serde_json::to_value(template).unwrap_or_default(), Basis::Template)
}

fn whole_template(schema: &Schema, template: &PodTemplateSpec) -> Value {
    filled(schema, serde_json::to_value(template).unwrap_or_default())
}

/// A template with all defaults, as it is printed.
fn filled(schema: &Schema, template: Value) -> Value {
    let kind = OfKind { name: "DaemonSet", is_namespaced: true };
    let held = server::hold(schema, kind, json!({ "spec": { "template": template } }));
    let mut printed = held.printed(schema);
    printed.get_mut("spec").and_then(|spec| spec.get_mut("template")).map(Value::take).unwrap_or_default()
}

/// Metadata as the API server prints it.
fn metadata(meta: &ObjectMeta) -> Value {
    let mut value = serde_json::to_value(meta).unwrap_or_default();
    let Some(fields) = value.as_object_mut() else { return value };
    stamp(fields, meta);
    if meta.generation == 0 {
        fields.remove("generation");
    }
    let owners = fields.get_mut("ownerReferences").and_then(Value::as_array_mut);
    for owner in owners.into_iter().flatten().filter_map(Value::as_object_mut) {
        owner.retain(|_, part| *part != json!(false));
    }
    value
}

/// Where the pod is to run, and where it does.
fn place(spec: &mut Fields, pod: &Pod) {
    if let Some(node) = &pod.pinned_to {
        let term = json!({ "matchFields": [{ "key": METADATA_NAME, "operator": "In", "values": [node] }] });
        within(spec, "affinity", |affinity| {
            within(affinity, "nodeAffinity", |known| {
                let required = json!({ "nodeSelectorTerms": [term] });
                known.insert("requiredDuringSchedulingIgnoredDuringExecution".to_owned(), required)
            })
        });
    }
    if let Some(node) = &pod.node_name {
        spec.insert("nodeName".to_owned(), json!(node));
    }
}

/// What admission adds to a new pod, but for tolerations, which the simulation needs.
/// Upstream: `plugin/pkg/admission/{priority,serviceaccount}/admission.go`.
fn admit(spec: &mut Fields, pod: &Pod) {
    spec.insert("priority".to_owned(), json!(pod.priority()));
    spec.entry("preemptionPolicy").or_insert_with(|| json!("PreemptLowerPriority"));
    if pod.metadata.annotations.contains_key(MIRROR) {
        return;
    }
    if !spec.contains_key("serviceAccountName") {
        let name = spec.get("serviceAccount").cloned().unwrap_or_else(|| json!("default"));
        spec.insert("serviceAccountName".to_owned(), name);
    }
    if spec.get("automountServiceAccountToken") != Some(&json!(false)) {
        mount_token(spec, &pod.metadata.uid);
    }
}

fn mount_token(spec: &mut Fields, uid: &str) {
    let name = format!("{TOKEN_VOLUME}{}", ending(uid));
    let mut is_mounted = false;
    for list in ["initContainers", "containers"] {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten().filter_map(Value::as_object_mut) {
            let mounts = container.entry("volumeMounts").or_insert_with(|| json!([]));
            let Some(mounts) = mounts.as_array_mut() else { continue };
            if mounts.iter().any(|mount| mount.get("mountPath") == Some(&json!(TOKEN_PATH))) {
                continue;
            }
            mounts.push(json!({ "mountPath": TOKEN_PATH, "name": name, "readOnly": true }));
            is_mounted = true;
        }
    }
    if !is_mounted {
        return;
    }
    let volume = json!({ "name": name, "projected": { "defaultMode": 420, "sources": [
        { "serviceAccountToken": { "expirationSeconds": 3_607, "path": "token" } },
        { "configMap": { "items": [{ "key": "ca.crt", "path": "ca.crt" }], "name": "kube-root-ca.crt" } },
        { "downwardAPI": { "items": [
            { "fieldRef": { "apiVersion": "v1", "fieldPath": "metadata.namespace" }, "path": "namespace" }] } },
    ] } });
    if let Some(volumes) = spec.entry("volumes").or_insert_with(|| json!([])).as_array_mut() {
        volumes.push(volume);
    }
}

/// Five letters of those that the API server ends names with. Its own are by chance.
fn ending(uid: &str) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut number = uid
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let mut letters = String::new();
    for _ in 0..5 {
        let at = usize::try_from(number % LETTERS.len() as u64).unwrap_or_default();
        letters.push(LETTERS.get(at).copied().map_or('x', char::from));
        number /= LETTERS.len() as u64;
    }
    letters
}
