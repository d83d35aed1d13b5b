//! What DaemonSets, Deployments, ReplicaSets and StatefulSets share: selectors, budgets, and
//! what a template of theirs must not ask for.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go` (`ValidatePositiveIntOrPercent`,
//! `IsNotMoreThan100Percent`, `ValidatePodTemplateSpecForReplicaSet`).

use super::labels;
use super::names;
use super::place::{At, Report};
use serde_json::{Value, json};

/// A selector that must be there and not be empty.
pub fn selector_required(selector: &At, owner: &str, report: &mut Report) {
    if !selector.is_set() {
        report.required(selector, "");
        return;
    }
    labels::selector(selector, report);
    not_empty(selector, owner, report);
}

/// Whether there are requirements in it.
pub fn has_requirements(selector: &At) -> bool {
    !selector.field("matchLabels").is_empty() || !selector.field("matchExpressions").is_empty()
}

/// A selector that selects everything.
pub fn not_empty(selector: &At, owner: &str, report: &mut Report) {
    if selector.is_set() && !has_requirements(selector) {
        report.invalid_value(selector, &json!({}), &format!("empty selector is invalid for {owner}"));
    }
}

/// The template's labels, which the selector must select.
pub fn selects_template(selector: &At, template: &At, report: &mut Report) {
    let labels = template.field("metadata").field("labels");
    if labels::misses(selector, labels.value) {
        report.invalid(&labels, "`selector` does not match template `labels`");
    }
}

/// Pods of controllers run for ever.
pub fn always_running(template: &At, owner: &str, report: &mut Report) {
    let spec = template.field("spec");
    let policy = spec.field("restartPolicy");
    if policy.text() != "Always" {
        report.unsupported(&policy, &["Always"]);
    }
    let deadline = spec.field("activeDeadlineSeconds");
    if deadline.is_set() {
        report.forbidden(&deadline, &format!("activeDeadlineSeconds in {owner} is not Supported"));
    }
}

/// A number that is not negative, or a percentage.
pub fn int_or_percent(at: &At, report: &mut Report) {
    report.non_negative(at);
    if let Value::String(text) = at.value {
        report.all_invalid(at, text, &names::percent(text));
    }
}

/// A percentage of at most 100.
pub fn at_most_all(at: &At, report: &mut Report) {
    let is_percent = at.value.as_str().is_some_and(|text| names::percent(text).is_empty());
    if is_percent && amount(at.value) > 100 {
        report.invalid(at, "must not be greater than 100%");
    }
}

/// The number, percentages without their sign; 0 for what is neither, as upstream has it.
pub fn amount(value: &Value) -> i64 {
    match value {
        Value::String(text) => {
            let digits = if names::percent(text).is_empty() { text.trim_end_matches('%') } else { text };
            digits.parse().unwrap_or(if names::percent(text).is_empty() { i64::MAX } else { 0 })
        }
        value => value.as_i64().unwrap_or(0),
    }
}
