//! Object metadata.
//!
//! Upstream: `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`.

use super::labels;
use super::names::{dns_label, dns_subdomain, label_key};
use super::place::{At, Report};
use super::pod::choice;
use serde_json::Value;

const STANDARD_FINALIZERS: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

/// What names of a kind must look like.
pub type NameRule = fn(&str) -> Vec<String>;

/// Metadata of a new object. Upstream: `ValidateObjectMeta`.
pub fn check(at: &At, is_namespaced: bool, rule: NameRule, report: &mut Report) {
    let (name, prefix) = (at.field("name"), at.field("generateName"));
    if !prefix.text().is_empty() {
        // A dash at the end will be one within the name. Upstream (`maskTrailingDash`) puts a letter
        // for it and for what stands before it.
        let mut whole = prefix.text().to_owned();
        if whole.len() > 1 && whole.ends_with('-') {
            whole.truncate(whole.len() - 1);
            whole.pop();
            whole.push('a');
        }
        report.all_invalid(&prefix, prefix.text(), &rule(&whole));
    }
    if name.text().is_empty() {
        report.required(&name, "name or generateName is required");
    } else {
        report.all_invalid(&name, name.text(), &rule(name.text()));
    }
    common(at, is_namespaced, report);
}

/// What holds of every object, at creation and after.
fn common(at: &At, is_namespaced: bool, report: &mut Report) {
    namespace(&at.field("namespace"), is_namespaced, report);
    labels::labels(&at.field("labels"), report);
    labels::annotations(&at.field("annotations"), report);
    at.field("ownerReferences").items().for_each(|owner| owner_reference(&owner, report));
    at.field("managedFields").items().for_each(|entry| managed_fields(&entry, report));
    for finalizer in at.field("finalizers").items() {
        let place = finalizer.as_path("metadata.finalizers");
        report.all_invalid(&place, finalizer.text(), &label_key(finalizer.text()));
        if !finalizer.text().contains('/') && !STANDARD_FINALIZERS.contains(&finalizer.text()) {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            report.invalid_text(&finalizer, finalizer.text(), detail);
        }
    }
}

/// Metadata of an object that is to replace another. Upstream: `ValidateObjectMetaUpdate`,
/// `validateCommonFields` of the API server.
pub fn update(at: &At, old: &Value, is_namespaced: bool, report: &mut Report) {
    let name = at.field("name");
    if name.text().is_empty() {
        report.required(&name, "name or generateName is required");
    }
    report.all_invalid(&name, name.text(), &path_segment(name.text()));
    common(at, is_namespaced, report);
    for field in ["name", "namespace"] {
        let at = at.field(field);
        if at.text() != old.get(field).and_then(Value::as_str).unwrap_or_default() {
            report.invalid_text(&at, at.text(), "field is immutable");
        }
    }
}

/// A name that can stand in the path of a request.
pub fn path_segment(text: &str) -> Vec<String> {
    if text == "." || text == ".." {
        return vec![format!("may not be '{text}'")];
    }
    let found = ["/", "%"].into_iter().filter(|part| text.contains(part));
    found.map(|part| format!("may not contain '{part}'")).collect()
}

/// A kind's rule of names: most are subdomains, those of StatefulSets are parts of host names.
pub fn name_rule(kind: &str) -> NameRule {
    match kind {
        "StatefulSet" => dns_label,
        "ClusterRole" | "ClusterRoleBinding" | "Role" | "RoleBinding" => path_segment,
        "Namespace" | "Service" => dns_label,
        _ => dns_subdomain,
    }
}

fn namespace(at: &At, is_namespaced: bool, report: &mut Report) {
    match at.text() {
        "" if is_namespaced => report.required(at, ""),
        "" => {}
        text if is_namespaced => report.all_invalid(at, text, &dns_label(text)),
        _ => report.forbidden(at, "not allowed on this type"),
    }
}

/// Who set which fields. Upstream: `ValidateManagedFields`.
fn managed_fields(entry: &At, report: &mut Report) {
    let [operation, kind, manager, part] =
        ["operation", "fieldsType", "manager", "subresource"].map(|name| entry.field(name));
    match operation.text() {
        "" => report.required(&operation, "must not be empty"),
        _ => choice(&operation, &["Apply", "Update"], report),
    }
    if !["", "FieldsV1"].contains(&kind.text()) {
        report.invalid(&kind, "must be `FieldsV1`");
    }
    for (text, most) in [(&manager, 128), (&part, 256)] {
        if text.text().len() > most {
            report.too_long(text, most);
        }
    }
    for (at, c) in manager.text().char_indices().filter(|(_, c)| c.is_control()) {
        report.invalid(&manager, &format!("invalid character U+{:04X} (at position {at})", u32::from(c)));
    }
}

fn owner_reference(owner: &At, report: &mut Report) {
    for name in ["apiVersion", "kind", "name", "uid"] {
        let field = owner.field(name);
        if field.text().is_empty() {
            report.required(&field, "must not be empty");
        }
    }
}
