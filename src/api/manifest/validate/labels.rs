//! Labels, annotations and label selectors.
//!
//! Upstream: `k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go`,
//! `pkg/api/validation/objectmeta.go`.

use super::names::{label_key, label_value};
use super::place::{At, Report};
use serde_json::Value;

/// Bytes that all annotations together may take.
const MAX_ANNOTATIONS_BYTES: usize = 256 * 1_024;

/// Keys and values of labels, or of a node selector.
pub fn labels(at: &At, report: &mut Report) {
    for (key, value) in at.entries() {
        report.all_invalid(&value.at_key(), key, &label_key(key));
        report.all_invalid(&value, value.text(), &label_value(value.text()));
    }
}

/// Keys of annotations, whose case does not matter, and the size of all.
pub fn annotations(at: &At, report: &mut Report) {
    let mut bytes = 0;
    for (key, value) in at.entries() {
        bytes += key.len() + value.text().len();
        report.all_invalid(&value.at_key(), key, &label_key(&key.to_lowercase()));
    }
    if bytes > MAX_ANNOTATIONS_BYTES {
        report.too_long(&at.at_key(), MAX_ANNOTATIONS_BYTES);
    }
}

/// A selector's requirements.
pub fn selector(at: &At, report: &mut Report) {
    labels(&at.field("matchLabels"), report);
    for requirement in at.field("matchExpressions").items() {
        operator_and_values(&requirement, false, report);
        let key = requirement.field("key");
        report.all_invalid_text(&key, &label_key(key.text()));
        for value in requirement.field("values").items() {
            report.all_invalid(&value, value.text(), &label_value(value.text()));
        }
    }
}

/// How many values an operator takes.
pub fn operator_and_values(requirement: &At, compares_numbers: bool, report: &mut Report) {
    let (operator, values) = (requirement.field("operator"), requirement.field("values"));
    match operator.text() {
        "In" | "NotIn" if values.is_empty() => {
            report.required(&values, "must be specified when `operator` is 'In' or 'NotIn'");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            report.forbidden(&values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        "Gt" | "Lt" if compares_numbers && values.len() != 1 => {
            report.required(&values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
        "Gt" | "Lt" if compares_numbers => {}
        "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
        text => report.invalid_text(&operator, text, "not a valid selector operator"),
    }
}

/// Whether a selector cannot be understood.
pub fn is_broken(selector: &At) -> bool {
    let mut faults = Report::default();
    self::selector(selector, &mut faults);
    !faults.faults.is_empty()
}

/// Whether a selector that can be understood does not select the labels.
/// Upstream: `LabelSelectorAsSelector`; an absent selector selects nothing.
pub fn misses(selector: &At, labels: &Value) -> bool {
    if !selector.is_set() {
        return true;
    }
    if is_broken(selector) {
        return false;
    }
    let label = |key: &str| labels.get(key).and_then(Value::as_str);
    let all_equal = selector.field("matchLabels").entries().all(|(key, value)| label(key) == Some(value.text()));
    let all_hold = selector.field("matchExpressions").items().all(|requirement| {
        let found = label(requirement.field("key").text());
        let is_listed = requirement.field("values").items().any(|value| found == Some(value.text()));
        match requirement.field("operator").text() {
            "In" => is_listed,
            "NotIn" => !is_listed,
            "Exists" => found.is_some(),
            _ => found.is_none(),
        }
    });
    !(all_equal && all_hold)
}
