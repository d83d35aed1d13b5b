//! Amounts of resources.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateResourceRequirements`,
//! `ValidateResourceQuantityValue`).
//!
//! Leaves out: huge pages, resource claims, the canonical form of quantities in messages.

use super::names::label_key;
use super::place::{At, Report};
use crate::api::Quantity;

const STANDARD: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
/// Standard for quotas, not for containers.
const STANDARD_ELSEWHERE: [&str; 7] =
    ["pods", "services", "secrets", "configmaps", "persistentvolumeclaims", "resourcequotas", "storage"];

/// A container's requests and limits.
pub fn requirements(at: &At, report: &mut Report) {
    let (limits, requests) = (at.field("limits"), at.field("requests"));
    amounts(&limits, report);
    amounts(&requests, report);
    for (name, request) in requests.entries() {
        let limit = limits.field(name);
        let (Some(asked), Some(most)) = (quantity(&request), quantity(&limit)) else {
            continue;
        };
        if asked.milli_value() > most.milli_value() {
            let detail = format!("must be less than or equal to {name} limit of {}", most.as_str());
            report.invalid(&request, &detail);
        }
    }
}

/// Names and amounts of a container or of a pod's overhead.
pub fn amounts(at: &At, report: &mut Report) {
    for (name, amount) in at.keyed_entries() {
        resource_name(&amount.at_key(), name, report);
        quantity_value(&amount, name, report);
    }
}

/// An amount: not negative, and whole where parts make no sense.
pub fn quantity_value(at: &At, name: &str, report: &mut Report) {
    let Some(amount) = quantity(at) else { return };
    if amount.as_str().starts_with('-') && amount.milli_value() != 0 {
        report.invalid(at, "must be greater than or equal to 0");
    }
    let is_counted = name == "pods" || is_extended(name);
    if is_counted && amount.milli_value() % 1_000 != 0 {
        report.invalid(at, "must be an integer");
    }
}

fn quantity(at: &At) -> Option<Quantity> {
    Quantity::parse(at.value.as_str()?).ok()
}

fn resource_name(at: &At, name: &str, report: &mut Report) {
    let messages = label_key(name);
    report.all_invalid(at, name, &messages);
    let is_standard = STANDARD.contains(&name) || name.starts_with("hugepages-");
    if name.contains('/') || is_standard {
        return;
    }
    if messages.is_empty() && !STANDARD_ELSEWHERE.contains(&name) {
        report.invalid_text(at, name, "must be a standard resource type or fully qualified");
    }
    report.invalid_text(at, name, "must be a standard resource for containers");
}

fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/")
}
