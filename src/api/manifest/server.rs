//! The API server's answer to creating an object, or to replacing a stored one: what is wrong
//! with it, what it warns of, and the object as it is stored.
//!
//! Upstream: `k8s.io/apiserver/pkg/registry/rest/{create,update}.go`,
//! `pkg/registry/{apps/*,core/{node,pod}}/strategy.go`, `pkg/apis/{apps,core}/v1/conversion.go`.
//!
//! Leaves out: kinds whose rules are not here are checked as far as their metadata.

use super::defaults::{self, within};
use super::schema::{Schema, Shape};
use super::validate::{self, At, Report};
use super::walk;
use super::yaml::{NodeId, Tree};
use serde_json::{Map, Value, json};

/// Where the API server keeps a DaemonSet's template generation for those who ask in this version.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

/// Fields whose feature gates are off: the API server drops them.
const SWITCHED_OFF: [(&str, &str); 14] = [
    ("PodSpec", "schedulingGroup"),
    ("PodSpec", "evictionResponders"),
    ("GRPCAction", "mode"),
    ("EmptyDirVolumeSource", "mode"),
    ("NodeSpec", "podPreemptionPolicy"),
    ("SecretVolumeSource", "defaultUser"),
    ("ConfigMapVolumeSource", "defaultUser"),
    ("DownwardAPIVolumeSource", "defaultUser"),
    ("ProjectedVolumeSource", "defaultUser"),
    ("KeyToPath", "user"),
    ("DownwardAPIVolumeFile", "user"),
    ("ServiceAccountTokenProjection", "user"),
    ("ClusterTrustBundleProjection", "user"),
    ("PodCertificateProjection", "user"),
];

/// A kind: its type and whether its objects live in namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfKind {
    /// Name of its type.
    pub name: &'static str,
    /// Whether its objects live in namespaces.
    pub is_namespaced: bool,
}

/// An object as the API server holds it, with its defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    kind: OfKind,
    value: Value,
}

/// Fills in what was decoded.
#[must_use]
pub fn hold(schema: &Schema, kind: OfKind, decoded: Value) -> Held {
    let mut value = decoded;
    walk::normalise(schema, Shape::Struct(kind.name), &mut value);
    if let Value::Object(object) = &mut value {
        walk::structs(schema, kind.name, object, &mut |name, fields| {
            for (_, field) in SWITCHED_OFF.iter().filter(|(of, _)| *of == name) {
                fields.remove(*field);
            }
        });
        defaults::fill(schema, kind.name, object);
        convert(kind, object);
        let managed = object.get("metadata").and_then(|metadata| metadata.get("managedFields")).cloned();
        defaults::created_anew(object);
        within(object, "metadata", |metadata| {
            // Looked at, and not kept.
            metadata.extend(managed.map(|managed| ("managedFields".to_owned(), managed)));
            if kind.is_namespaced {
                metadata.entry("namespace").or_insert_with(|| json!("default"));
            } else {
                // Upstream: `EnsureObjectNamespaceMatchesRequestNamespace`.
                metadata.remove("namespace");
            }
        });
    }
    Held { kind, value }
}

/// What the API server's own version of the objects has elsewhere.
fn convert(kind: OfKind, object: &mut Map<String, Value>) {
    match kind.name {
        "DaemonSet" => {
            let annotations = object.get_mut("metadata").and_then(|m| m.get_mut("annotations")?.as_object_mut());
            let written = annotations.and_then(|annotations| annotations.remove(TEMPLATE_GENERATION));
            let generation = written.and_then(|text| text.as_str()?.parse::<i64>().ok()).unwrap_or(0);
            set(object, "spec", "templateGeneration", generation);
            let rolling =
                object.get_mut("spec").and_then(|spec| spec.get_mut("updateStrategy")?.get_mut("rollingUpdate"));
            if let Some(rolling) = rolling.and_then(Value::as_object_mut) {
                // No pointers there: what is not said is none.
                for budget in ["maxUnavailable", "maxSurge"] {
                    rolling.entry(budget).or_insert_with(|| json!(0));
                }
            }
        }
        "StatefulSet" => {
            let claims = object.get_mut("spec").and_then(|spec| spec.get_mut("volumeClaimTemplates")?.as_array_mut());
            for claim in claims.into_iter().flatten().filter_map(Value::as_object_mut) {
                claim.remove("apiVersion");
                claim.remove("kind");
            }
        }
        "Node" => {
            within(object, "spec", |spec| {
                let Some(first) = spec.get("podCIDR").cloned() else { return };
                if spec.get("podCIDRs").and_then(|all| all.get(0)) != Some(&first) {
                    spec.insert("podCIDRs".to_owned(), json!([first]));
                }
            });
        }
        _ => {}
    }
}

impl Held {
    /// Makes it as creation does, and checks it.
    pub fn create(&mut self, tree: &Tree, id: NodeId, report: &mut Report) {
        if let Value::Object(object) = &mut self.value {
            match self.kind.name {
                "Node" => {
                    within(object, "spec", |spec| spec.remove("configSource"));
                }
                _ => {
                    object.remove("status");
                }
            }
            if has_generation(self.kind) {
                set(object, "metadata", "generation", 1);
            }
            if self.kind.name == "DaemonSet" {
                let generation = template_generation(object).max(1);
                set(object, "spec", "templateGeneration", generation);
            }
        }
        let at = At::root(tree, id, &self.value);
        validate::create(self.kind, &at, report);
        if report.faults.is_empty() {
            validate::warnings(self.kind, &at, true, false, report);
        }
    }

    /// Makes it as replacing `old` does, and checks it.
    pub fn replace(&mut self, schema: &Schema, old: &Held, tree: &Tree, id: NodeId, report: &mut Report) {
        let differs = |a: &Value, b: &Value, name: &'static str| !walk::same(schema, Shape::Struct(name), a, b);
        let spec_type = match self.kind.name {
            "DaemonSet" => "DaemonSetSpec",
            "Deployment" => "DeploymentSpec",
            "StatefulSet" => "StatefulSetSpec",
            "ReplicaSet" => "ReplicaSetSpec",
            "Pod" => "PodSpec",
            _ => "NodeSpec",
        };
        let (new_spec, old_spec) = (self.spec(), old.spec());
        let template_changed =
            differs(&part(&self.value, "spec", "template"), &part(&old.value, "spec", "template"), "PodTemplateSpec");
        let annotations = |held: &Value| part(held, "metadata", "annotations");
        let annotations_changed = self.kind.name == "Deployment"
            && annotations(&self.value) != annotations(&old.value)
            && !(is_empty(&annotations(&self.value)) && is_empty(&annotations(&old.value)));
        let changed = differs(&new_spec, &old_spec, spec_type) || annotations_changed;
        if let (Value::Object(object), Value::Object(old)) = (&mut self.value, &old.value) {
            match old.get("status") {
                Some(status) => object.insert("status".to_owned(), status.clone()),
                None => object.remove("status"),
            };
            if self.kind.name == "Node" {
                // Only one that is in use may be set, and none ever is.
                within(object, "spec", |spec| spec.remove("configSource"));
            }
            if self.kind.name == "DaemonSet" {
                let generation = template_generation(old) + i64::from(template_changed);
                set(object, "spec", "templateGeneration", generation);
            }
            if has_generation(self.kind) {
                let generation = old.get("metadata").and_then(|m| m.get("generation")).and_then(Value::as_i64);
                set(object, "metadata", "generation", generation.unwrap_or(0) + i64::from(changed));
            }
        }
        let at = At::root(tree, id, &self.value);
        validate::update(schema, self.kind, &at, &old.value, report);
        let warns = if self.kind.name == "DaemonSet" { template_changed } else { changed };
        if report.faults.is_empty() {
            validate::warnings(self.kind, &at, warns, true, report);
        }
    }

    /// As it is held.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    fn spec(&self) -> Value {
        self.value.get("spec").cloned().unwrap_or_default()
    }

    /// As it is given to those who ask for it.
    #[must_use]
    pub fn printed(&self, schema: &Schema) -> Value {
        let mut printed = walk::printed(schema, Shape::Struct(self.kind.name), &self.value);
        let Value::Object(object) = &mut printed else { return printed };
        within(object, "metadata", |metadata| metadata.remove("managedFields"));
        match self.kind.name {
            "Node" => {
                within(object, "spec", |spec| {
                    if let Some(first) = spec.get("podCIDRs").and_then(|all| all.get(0)).cloned() {
                        spec.insert("podCIDR".to_owned(), first);
                    }
                });
            }
            kind => {
                object.remove("status");
                let claims =
                    object.get_mut("spec").and_then(|spec| spec.get_mut("volumeClaimTemplates")?.as_array_mut());
                for claim in claims.into_iter().flatten().filter_map(Value::as_object_mut) {
                    claim.insert("apiVersion".to_owned(), json!("v1"));
                    claim.insert("kind".to_owned(), json!("PersistentVolumeClaim"));
                }
                if kind == "DaemonSet" {
                    let generation = self.value.as_object().map_or(0, template_generation);
                    within(object, "metadata", |metadata| {
                        within(metadata, "annotations", |annotations| {
                            annotations.insert(TEMPLATE_GENERATION.to_owned(), json!(generation.to_string()));
                        });
                    });
                }
            }
        }
        printed
    }
}

/// Whether the API server counts changes of what is asked for.
fn has_generation(kind: OfKind) -> bool {
    matches!(kind.name, "DaemonSet" | "Deployment" | "StatefulSet" | "ReplicaSet" | "Pod")
}

fn template_generation(object: &Map<String, Value>) -> i64 {
    object.get("spec").and_then(|spec| spec.get("templateGeneration")).and_then(Value::as_i64).unwrap_or(0)
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_none_or(Map::is_empty)
}

fn part(object: &Value, outer: &str, inner: &str) -> Value {
    object.get(outer).and_then(|part| part.get(inner)).cloned().unwrap_or_default()
}

fn set(object: &mut Map<String, Value>, outer: &str, name: &str, number: i64) {
    within(object, outer, |part| part.insert(name.to_owned(), json!(number)));
}
