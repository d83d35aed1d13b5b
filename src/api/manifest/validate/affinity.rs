//! Node affinity.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateNodeAffinity`).
//!
//! Leaves out: pod affinity and anti-affinity.

use super::labels::operator_and_values;
use super::names::{dns_subdomain, label_key, label_value};
use super::place::{At, Report};

/// What a node must and should satisfy.
pub fn node_affinity(at: &At, report: &mut Report) {
    let required = at.field("requiredDuringSchedulingIgnoredDuringExecution");
    if required.is_set() {
        let terms = required.field("nodeSelectorTerms");
        if terms.is_empty() {
            report.required(&terms, "must have at least one node selector term");
        }
        terms.items().for_each(|term| node_selector_term(&term, true, report));
    }
    for preferred in at.field("preferredDuringSchedulingIgnoredDuringExecution").items() {
        let weight = preferred.field("weight");
        let number = weight.int().unwrap_or(0);
        if !(1..=100).contains(&number) {
            report.invalid_value(&weight, &number.into(), "must be in the range 1-100");
        }
        // Values of preferences are not looked at.
        node_selector_term(&preferred.field("preference"), false, report);
    }
}

fn node_selector_term(term: &At, checks_values: bool, report: &mut Report) {
    for requirement in term.field("matchExpressions").items() {
        operator_and_values(&requirement, true, report);
        let key = requirement.field("key");
        report.all_invalid(&key, key.text(), &label_key(key.text()));
        for value in requirement.field("values").items().filter(|_| checks_values) {
            report.all_invalid(&value, value.text(), &label_value(value.text()));
        }
    }
    term.field("matchFields").items().for_each(|requirement| field_requirement(&requirement, report));
}

fn field_requirement(requirement: &At, report: &mut Report) {
    let (key, operator, values) =
        (requirement.field("key"), requirement.field("operator"), requirement.field("values"));
    match operator.text() {
        "In" | "NotIn" if values.len() != 1 => {
            report
                .required(&values, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        "In" | "NotIn" => {}
        text => report.invalid_text(&operator, text, "not a valid selector operator"),
    }
    if key.text() != crate::api::METADATA_NAME {
        report.invalid_text(&key, key.text(), "not a valid field selector key");
        return;
    }
    for value in values.items() {
        report.all_invalid(&value, value.text(), &dns_subdomain(value.text()));
    }
}
