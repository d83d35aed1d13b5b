//! Claims of volumes.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidatePersistentVolumeClaimSpec`).

use super::labels;
use super::names::{dns_label, dns_subdomain};
use super::place::{At, Report};
use super::pod::choice;
use super::resources::{quantity, quantity_value};

const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// Fields of metadata that a template cannot have, as the API server calls them.
const NOT_IN_TEMPLATES: [(&str, &str); 12] = [
    ("name", "name"),
    ("generateName", "generateName"),
    ("namespace", "namespace"),
    ("selfLink", "selfLink"),
    ("uid", "uID"),
    ("resourceVersion", "resourceVersion"),
    ("generation", "generation"),
    ("creationTimestamp", "creationTimestamp"),
    ("deletionTimestamp", "deletionTimestamp"),
    ("deletionGracePeriodSeconds", "deletionGracePeriodSeconds"),
    ("ownerReferences", "ownerReferences"),
    ("finalizers", "finalizers"),
];

/// A claim to be made for a pod. Upstream: `ValidatePersistentVolumeClaimTemplate`.
pub fn template(template: &At, report: &mut Report) {
    let metadata = template.field("metadata");
    labels::annotations(&metadata.field("annotations"), report);
    labels::labels(&metadata.field("labels"), report);
    for (name, told_as) in NOT_IN_TEMPLATES {
        let field = metadata.field(name);
        if field.is_set() {
            report.forbidden(&field.as_path(&format!("{}.{told_as}", metadata.path())), "cannot be set");
        }
    }
    spec(&template.field("spec"), report);
}

/// What is claimed.
pub fn spec(spec: &At, report: &mut Report) {
    let modes = spec.field("accessModes");
    if modes.is_empty() {
        report.required(&modes, "at least 1 access mode is required");
    }
    labels::selector(&spec.field("selector"), report);
    for mode in modes.items() {
        choice(&mode.as_path(modes.path()), &ACCESS_MODES, report);
    }
    let is_pod = |mode: &At| mode.text() == "ReadWriteOncePod";
    if modes.items().any(|mode| is_pod(&mode))
        && modes.items().any(|mode| !is_pod(&mode) && ACCESS_MODES.contains(&mode.text()))
    {
        report.forbidden(&modes, "may not use ReadWriteOncePod with other access modes");
    }
    storage(spec, report);
    for name in ["storageClassName", "volumeAttributesClassName"] {
        let class = spec.field(name);
        if !class.text().is_empty() {
            report.all_invalid(&class, class.text(), &dns_subdomain(class.text()));
        }
    }
    choice(&spec.field("volumeMode"), &["Block", "Filesystem"], report);
    sources(spec, report);
}

/// What a volume is filled from: both fields say the same.
fn sources(spec: &At, report: &mut Report) {
    let [own, any] = ["dataSource", "dataSourceRef"].map(|name| spec.field(name));
    for source in [&own, &any].into_iter().filter(|source| source.is_set()) {
        for field in ["name", "kind"].map(|name| source.field(name)).iter().filter(|field| field.text().is_empty()) {
            report.required(field, "");
        }
        let (group, kind) = (source.field("apiGroup"), source.field("kind").text());
        if group.text().is_empty() {
            if kind != "PersistentVolumeClaim" {
                let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
                report.invalid_text(source, kind, detail);
            }
        } else {
            report.all_invalid_text(&group, &dns_subdomain(group.text()));
        }
    }
    let namespace = any.field("namespace");
    let is_elsewhere = !namespace.text().is_empty();
    if is_elsewhere {
        report.all_invalid_text(&namespace, &dns_label(namespace.text()));
    }
    let differs = ["apiGroup", "kind", "name"].iter().any(|name| own.field(name).value != any.field(name).value);
    if own.is_set() && any.is_set() && (is_elsewhere || differs) {
        let detail = if is_elsewhere {
            "may not be specified when dataSourceRef.namespace is specified"
        } else {
            "must match dataSourceRef"
        };
        // The API server shows a place, and that has no words for itself.
        report.invalid_shown(spec, "{}", detail);
    }
}

fn storage(spec: &At, report: &mut Report) {
    let resources = spec.field("resources");
    let amount = resources.field("requests").field("storage");
    let at = amount.as_path(&format!("{}[storage]", resources.path()));
    match quantity(&at) {
        None => report.required(&at, ""),
        Some(amount) if amount.nanos() <= 0 => report.invalid(&at, "must be greater than zero"),
        Some(_) => quantity_value(&at, "storage", report),
    }
}
