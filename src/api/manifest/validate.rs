//! The API server's rules, told in its own words at the place of the offending value.
//! One rule is one function; an object is walked as JSON, defaulted, beside its tree.
//!
//! Upstream: `pkg/apis/apps/validation`, `pkg/apis/core/validation`, `pkg/api/pod/warnings.go`,
//! `k8s.io/apimachinery/pkg/{api,apis/meta/v1,util}/validation`.

mod affinity;
mod certificates;
mod claims;
mod container;
mod daemon_set;
mod deployment;
mod devices;
mod dns;
mod env;
mod go;
mod labels;
mod metadata;
mod mounts;
mod names;
mod node;
mod place;
mod pod;
mod pod_resources;
mod probe;
mod projected;
mod resources;
mod restart;
mod security;
mod spread;
mod stateful_set;
mod storage;
mod sysctls;
mod taints;
mod update;
mod volumes;
mod warnings;
mod windows;
mod workload;

pub use place::{At, Report};

use super::schema::Schema;
use super::server::OfKind;
use serde_json::Value;

/// Checks a new object.
pub fn create(kind: OfKind, object: &At, report: &mut Report) {
    let metadata = object.field("metadata");
    metadata::check(&metadata, kind.is_namespaced, metadata::name_rule(kind.name), report);
    spec(kind, object, false, report);
}

/// Checks an object that is to replace `old`.
pub fn update(schema: &Schema, kind: OfKind, object: &At, old: &Value, report: &mut Report) {
    let part = |name: &str| old.get(name).unwrap_or(&Value::Null);
    metadata::update(&object.field("metadata"), part("metadata"), kind.is_namespaced, report);
    spec(kind, object, true, report);
    update::spec(schema, kind.name, &object.field("spec"), part("spec"), report);
}

fn spec(kind: OfKind, object: &At, is_update: bool, report: &mut Report) {
    let spec = object.field("spec");
    match kind.name {
        "DaemonSet" => daemon_set::check(&spec, report),
        "Deployment" => deployment::check(&spec, report),
        "ReplicaSet" => deployment::replica_set(&spec, report),
        "StatefulSet" => stateful_set::check(&spec, is_update, report),
        "Pod" => pod::pod(object, report),
        "Node" => {
            node::check(object, report);
            if is_update {
                node::addresses(object, report);
            }
        }
        _ => {}
    }
}

/// What the API server warns of; of the template only if something was `changed`.
pub fn warnings(kind: OfKind, object: &At, changed: bool, is_update: bool, report: &mut Report) {
    warnings::check(kind.name, object, changed, is_update, report);
}
