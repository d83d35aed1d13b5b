//! Affinity to nodes and to other pods.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateNodeAffinity`,
//! `validatePodAffinityTerm`, `validateWeightedPodAffinityTerms`).

use super::labels::{self, operator_and_values};
use super::names::{dns_label, dns_subdomain, label_key, label_value};
use super::place::{At, Report};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// All of a pod's.
pub fn affinity(at: &At, report: &mut Report) {
    node_affinity(&at.field("nodeAffinity"), report);
    for name in ["podAffinity", "podAntiAffinity"] {
        let at = at.field(name);
        at.field(REQUIRED).items().for_each(|term| pod_term(&term, report));
        for preferred in at.field(PREFERRED).items() {
            weight(&preferred, report);
            pod_term(&preferred.field("podAffinityTerm"), report);
        }
    }
}

fn node_affinity(at: &At, report: &mut Report) {
    let required = at.field(REQUIRED);
    if required.is_set() {
        let terms = required.field("nodeSelectorTerms");
        if terms.is_empty() {
            report.required(&terms, "must have at least one node selector term");
        }
        terms.items().for_each(|term| node_selector_term(&term, true, report));
    }
    for preferred in at.field(PREFERRED).items() {
        weight(&preferred, report);
        // Values of preferences are not looked at.
        node_selector_term(&preferred.field("preference"), false, report);
    }
}

fn weight(preferred: &At, report: &mut Report) {
    let weight = preferred.field("weight");
    let number = weight.int().unwrap_or(0);
    if !(1..=100).contains(&number) {
        report.invalid_value(&weight, &number.into(), "must be in the range 1-100");
    }
}

fn node_selector_term(term: &At, checks_values: bool, report: &mut Report) {
    for requirement in term.field("matchExpressions").items() {
        operator_and_values(&requirement, true, report);
        let key = requirement.field("key");
        report.all_invalid_text(&key, &label_key(key.text()));
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

fn pod_term(term: &At, report: &mut Report) {
    let selector = term.field("labelSelector");
    labels::selector(&selector, report);
    labels::selector(&term.field("namespaceSelector"), report);
    for namespace in term.field("namespaces").items() {
        let place = namespace.as_path(&format!("{}.namespace", term.path()));
        report.all_invalid_text(&place, &dns_label(namespace.text()));
    }
    let (matching, mismatching) = (term.field("matchLabelKeys"), term.field("mismatchLabelKeys"));
    for keys in [&matching, &mismatching] {
        label_keys(keys, &selector, report);
    }
    for key in matching.items().filter(|key| mismatching.items().any(|other| other.text() == key.text())) {
        report.invalid(&key, "exists in both matchLabelKeys and mismatchLabelKeys");
    }
    let key = term.field("topologyKey");
    if key.text().is_empty() {
        report.required(&key, "can not be empty");
    }
    report.all_invalid_text(&key, &label_key(key.text()));
}

/// Keys whose values are taken from the pod. Upstream: `validateLabelKeys`.
pub fn label_keys(keys: &At, selector: &At, report: &mut Report) {
    if keys.is_empty() {
        return;
    }
    if !selector.is_set() {
        report.forbidden(keys, "must not be specified when labelSelector is not set");
        return;
    }
    keys.items().for_each(|key| report.all_invalid_text(&key, &label_key(key.text())));
}
