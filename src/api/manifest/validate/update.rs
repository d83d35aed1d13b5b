//! What cannot be changed once an object is stored.
//!
//! Upstream: `Validate{DaemonSet,Deployment,StatefulSet}Update` of
//! `pkg/apis/apps/validation/validation.go`, `ValidateNodeUpdate` of
//! `pkg/apis/core/validation/validation.go`.
//!
//! Leaves out: updates of pods; nodes whose kubelet is configured by the API server.

use super::go;
use super::place::{At, Report, shown};
use crate::api::manifest::schema::{Schema, Shape};
use crate::api::manifest::walk;
use serde_json::Value;

const IMMUTABLE: &str = "field is immutable";
const POD_CIDRS: &str = "node updates may not change podCIDR except from \"\" to valid";

/// The fields of a spec that stay as they are.
pub fn spec(schema: &Schema, kind: &str, spec: &At, old: &Value, report: &mut Report) {
    let field = |name: &str, of: &'static str| {
        let at = spec.field(name);
        let row = schema.field(of, name);
        let old = old.get(name).unwrap_or(&Value::Null);
        let shape = row.map_or(Shape::Any, |row| row.of.shape());
        (!walk::same(schema, shape, at.value, old)).then_some(at)
    };
    match kind {
        "DaemonSet" | "Deployment" | "ReplicaSet" => {
            if let Some(at) = field("selector", "DaemonSetSpec") {
                report.invalid_shown(&at, &go::selector(at.value), IMMUTABLE);
            }
        }
        "StatefulSet" => {
            if let Some(at) = field("selector", "StatefulSetSpec") {
                report.invalid_shown(&at, &go::selector(at.value), IMMUTABLE);
            }
            if let Some(at) = field("volumeClaimTemplates", "StatefulSetSpec") {
                report.invalid_shown(&at, &go::claims(at.value), IMMUTABLE);
            }
            for name in ["serviceName", "podManagementPolicy"] {
                if let Some(at) = field(name, "StatefulSetSpec") {
                    let text = if at.is_set() { shown(at.value) } else { "\"\"".to_owned() };
                    report.invalid_shown(&at, &text, IMMUTABLE);
                }
            }
        }
        "Node" => node(spec, old, report),
        _ => {}
    }
}

/// What a node was given by those who run the cluster stays.
fn node(spec: &At, old: &Value, report: &mut Report) {
    let ranges = spec.field("podCIDRs");
    let known = |name: &str| old.get(name).unwrap_or(&Value::Null);
    if known("podCIDRs").as_array().is_some_and(|ranges| !ranges.is_empty()) && known("podCIDRs") != ranges.value {
        report.forbidden(&ranges, POD_CIDRS);
    }
    let is_text = |name: &str| known(name).as_str().is_some_and(|text| !text.is_empty());
    let id = spec.field("providerID");
    if is_text("providerID") && id.value != known("providerID") {
        let done = if id.text().is_empty() { "cleared" } else { "modified" };
        report.invalid_shown(&id, "null", &format!("field cannot be {done} once set"));
    }
    let id = spec.field("externalID");
    if id.text() != known("externalID").as_str().unwrap_or_default() {
        report.forbidden(&id, "may not be updated");
    }
}
