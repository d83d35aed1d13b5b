//! Claims of volumes.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidatePersistentVolumeClaimSpec`).
//!
//! Leaves out: data sources.

use super::labels;
use super::names::dns_subdomain;
use super::place::{At, Report};
use super::pod::choice;
use super::resources::{quantity, quantity_value};

const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

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
