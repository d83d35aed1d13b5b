//! Object metadata.
//!
//! Upstream: `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`.

use super::labels;
use super::names::{dns_label, dns_subdomain, label_key};
use super::place::{At, Report};

/// Name, namespace, labels, annotations, owners and finalizers.
pub fn check(at: &At, is_namespaced: bool, report: &mut Report) {
    name(at, report);
    namespace(&at.field("namespace"), is_namespaced, report);
    labels::labels(&at.field("labels"), report);
    labels::annotations(&at.field("annotations"), report);
    at.field("ownerReferences").items().for_each(|owner| owner_reference(&owner, report));
    for finalizer in at.field("finalizers").items() {
        let place = finalizer.as_path("metadata.finalizers");
        report.all_invalid(&place, finalizer.text(), &label_key(finalizer.text()));
    }
}

fn name(at: &At, report: &mut Report) {
    let (name, prefix) = (at.field("name"), at.field("generateName"));
    match (name.text(), prefix.text()) {
        ("", "") => report.required(&name, "name or generateName is required"),
        // Not the API server's words but kubectl's: an object is applied, and found again, by its name.
        ("", prefix_text) => {
            let message = format!("from {prefix_text}: cannot use generate name with apply");
            report.plain(&prefix, message);
        }
        (text, _) => report.all_invalid(&name, text, &dns_subdomain(text)),
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

fn owner_reference(owner: &At, report: &mut Report) {
    for name in ["apiVersion", "kind", "name", "uid"] {
        let field = owner.field(name);
        if field.text().is_empty() {
            report.required(&field, "must not be empty");
        }
    }
}
