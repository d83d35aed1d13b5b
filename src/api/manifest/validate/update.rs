//! What cannot be changed once an object is stored.
//!
//! Upstream: `Validate{DaemonSet,Deployment,StatefulSet}Update` of
//! `pkg/apis/apps/validation/validation.go`.
//!
//! Leaves out: updates of nodes and pods.

use super::go;
use super::place::{At, Report, shown};
use crate::api::manifest::schema::{Schema, Shape};
use crate::api::manifest::walk;
use serde_json::Value;

const IMMUTABLE: &str = "field is immutable";

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
        _ => {}
    }
}
