//! Values as Go prints them in messages: types of the API with their fields in Go's order, the
//! API server's own types by the names of Go's fields and with what is not set.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/validation/field/errors.go` (`ErrorBody`).

use super::place::{At, quoted, shown};
use serde_json::Value;

/// A label selector.
pub fn selector(value: &Value) -> String {
    let part = |name: &str| value.get(name).filter(|part| !is_empty(part));
    let labels = part("matchLabels").map(|labels| format!("\"matchLabels\":{}", shown(labels)));
    let requirements = part("matchExpressions").and_then(Value::as_array).map(|requirements| {
        let each = requirements.iter().map(|requirement| {
            let text = |name: &str| quoted(requirement.get(name).and_then(Value::as_str).unwrap_or_default());
            let values = requirement.get("values").filter(|values| !is_empty(values));
            let values = values.map_or_else(String::new, |values| format!(",\"values\":{}", shown(values)));
            format!("{{\"key\":{},\"operator\":{}{values}}}", text("key"), text("operator"))
        });
        format!("\"matchExpressions\":[{}]", each.collect::<Vec<_>>().join(","))
    });
    if value.is_null() {
        return "null".to_owned();
    }
    format!("{{{}}}", labels.into_iter().chain(requirements).collect::<Vec<_>>().join(","))
}

/// An update strategy with its parameters, and what Go writes of those that are not set.
pub fn strategy(at: &At, parameters: &[(&str, &str)]) -> String {
    let rolling = at.field("rollingUpdate");
    let rolling = if rolling.is_set() { self::parameters(&rolling, parameters) } else { "null".to_owned() };
    format!("{{\"Type\":{},\"RollingUpdate\":{rolling}}}", quoted(at.field("type").text()))
}

/// The parameters of a rolling update.
pub fn parameters(rolling: &At, parameters: &[(&str, &str)]) -> String {
    untagged(rolling.value, parameters)
}

/// The claims of a StatefulSet, of the API server's own type.
pub fn claims(value: &Value) -> String {
    let Some(claims) = value.as_array() else { return "null".to_owned() };
    format!("[{}]", claims.iter().map(claim).collect::<Vec<_>>().join(","))
}

fn claim(claim: &Value) -> String {
    let field = |outer: &str, name: &str| claim.get(outer).and_then(|part| part.get(name)).cloned().unwrap_or_default();
    // `metadata` is of the API's type and stands among the rest; empty fields are left out.
    let mut parts = Vec::new();
    for name in ["name", "namespace", "labels", "annotations"] {
        let value = field("metadata", name);
        if !value.is_null() && !is_empty(&value) {
            parts.push(format!("\"{name}\":{}", shown(&value)));
        }
    }
    let text = |name: &str| quoted(field("spec", name).as_str().unwrap_or_default());
    let resources = field("spec", "resources");
    let amounts = |name: &str| shown(resources.get(name).unwrap_or(&Value::Null));
    parts.push(format!(
        "\"Spec\":{{\"AccessModes\":{},\"Selector\":{},\"Resources\":{{\"Limits\":{},\"Requests\":{}}},\"VolumeName\":{},\"StorageClassName\":{},\"VolumeMode\":{},\"DataSource\":{},\"DataSourceRef\":{},\"VolumeAttributesClassName\":{}}}",
        shown(&field("spec", "accessModes")),
        selector(&field("spec", "selector")),
        amounts("limits"),
        amounts("requests"),
        text("volumeName"),
        shown(&field("spec", "storageClassName")),
        shown(&field("spec", "volumeMode")),
        shown(&field("spec", "dataSource")),
        shown(&field("spec", "dataSourceRef")),
        shown(&field("spec", "volumeAttributesClassName")),
    ));
    let status = claim.get("status").unwrap_or(&Value::Null);
    const STATUS: [(&str, &str); 9] = [
        ("phase", "\"\""),
        ("accessModes", "null"),
        ("capacity", "null"),
        ("conditions", "null"),
        ("allocatedResources", "null"),
        ("allocatedResourceStatuses", "null"),
        ("currentVolumeAttributesClassName", "null"),
        ("modifyVolumeStatus", "null"),
        ("healthStatus", "null"),
    ];
    parts.push(format!("\"Status\":{}", untagged(status, &STATUS)));
    format!("{{{}}}", parts.join(","))
}

/// Fields of a profile of seccomp or AppArmor, and what Go writes of them if they are not set.
pub const PROFILE: [(&str, &str); 2] = [("type", "\"\""), ("localhostProfile", "null")];

/// A container's security context.
pub fn security(value: &Value) -> String {
    const SE_LINUX: [(&str, &str); 4] = [("user", "\"\""), ("role", "\"\""), ("type", "\"\""), ("level", "\"\"")];
    const WINDOWS: [(&str, &str); 4] = [
        ("gmsaCredentialSpecName", "null"),
        ("gmsaCredentialSpec", "null"),
        ("runAsUserName", "null"),
        ("hostProcess", "null"),
    ];
    const LISTS: [(&str, &str); 2] = [("add", "null"), ("drop", "null")];
    let part = |name: &str, fields: &[(&str, &str)]| match value.get(name) {
        Some(part) => untagged(part, fields),
        None => "null".to_owned(),
    };
    let plain = |name: &str| shown(value.get(name).unwrap_or(&Value::Null));
    format!(
        "{{\"Capabilities\":{},\"Privileged\":{},\"SELinuxOptions\":{},\"WindowsOptions\":{},\"RunAsUser\":{},\"RunAsGroup\":{},\"RunAsNonRoot\":{},\"ReadOnlyRootFilesystem\":{},\"AllowPrivilegeEscalation\":{},\"ProcMount\":{},\"SeccompProfile\":{},\"AppArmorProfile\":{}}}",
        part("capabilities", &LISTS),
        plain("privileged"),
        part("seLinuxOptions", &SE_LINUX),
        part("windowsOptions", &WINDOWS),
        plain("runAsUser"),
        plain("runAsGroup"),
        plain("runAsNonRoot"),
        plain("readOnlyRootFilesystem"),
        plain("allowPrivilegeEscalation"),
        plain("procMount"),
        part("seccompProfile", &PROFILE),
        part("appArmorProfile", &PROFILE),
    )
}

/// A value of the API server's own type, by the names of Go's fields.
pub fn untagged(value: &Value, fields: &[(&str, &str)]) -> String {
    let each = fields.iter().map(|(name, unset)| {
        let value = value.get(name).map_or_else(|| (*unset).to_owned(), shown);
        format!("{}:{value}", quoted(&go_name(name)))
    });
    format!("{{{}}}", each.collect::<Vec<_>>().join(","))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

fn go_name(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("gmsa") {
        return format!("GMSA{rest}");
    }
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
