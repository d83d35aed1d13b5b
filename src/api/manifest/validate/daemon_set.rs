//! `spec` of a DaemonSet.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go` (`ValidateDaemonSetSpec`).

use super::place::{At, Report, shown};
use super::{labels, names, pod};
use serde_json::{Value, json};

/// Selector, template, strategy and numbers.
pub fn check(spec: &At, report: &mut Report) {
    let template = spec.field("template");
    selector(&spec.field("selector"), &template, report);
    pod::template(&template, report);
    let pod = template.field("spec");
    restart_policy(&pod.field("restartPolicy"), report);
    active_deadline(&pod.field("activeDeadlineSeconds"), report);
    report.non_negative(&spec.field("minReadySeconds"));
    update_strategy(&spec.field("updateStrategy"), report);
    report.non_negative(&spec.field("revisionHistoryLimit"));
}

fn selector(selector: &At, template: &At, report: &mut Report) {
    labels::selector(selector, report);
    let labels = template.field("metadata").field("labels");
    if labels::misses(selector, labels.value) {
        report.invalid(&labels, "`selector` does not match template `labels`");
    }
    let is_empty = selector.field("matchLabels").is_empty() && selector.field("matchExpressions").is_empty();
    if selector.is_set() && is_empty {
        report.invalid_value(selector, &json!({}), "empty selector is invalid for daemonset");
    }
}

fn restart_policy(at: &At, report: &mut Report) {
    if at.is_set() && at.text() != "Always" {
        report.unsupported(at, &["Always"]);
    }
}

fn active_deadline(at: &At, report: &mut Report) {
    if at.is_set() {
        report.forbidden(at, "activeDeadlineSeconds in DaemonSet is not Supported");
    }
}

fn update_strategy(at: &At, report: &mut Report) {
    match at.field("type").text() {
        "OnDelete" => {}
        "RollingUpdate" => rolling_update(&at.field("rollingUpdate"), report),
        kind => {
            // The value is printed with the names of Go's fields.
            let rolling = at.field("rollingUpdate");
            let part =
                |name: &str| shown(Some(rolling.field(name).value).filter(|v| !v.is_null()).unwrap_or(&json!(0)));
            let parameters = if rolling.is_set() {
                format!("{{\"MaxUnavailable\":{},\"MaxSurge\":{}}}", part("maxUnavailable"), part("maxSurge"))
            } else {
                "null".to_owned()
            };
            let value = format!("{{\"Type\":{},\"RollingUpdate\":{parameters}}}", shown(&json!(kind)));
            report.unsupported_value(at, &value, &["RollingUpdate", "OnDelete"]);
        }
    }
}

fn rolling_update(at: &At, report: &mut Report) {
    let (unavailable, surge) = (at.field("maxUnavailable"), at.field("maxSurge"));
    for budget in [&unavailable, &surge] {
        int_or_percent(budget, report);
    }
    match (amount(unavailable.value) != 0, amount(surge.value) != 0) {
        (true, true) => report.invalid(&surge, "may not be set when maxUnavailable is non-zero"),
        (false, false) => report.required(&unavailable, "cannot be 0 when maxSurge is 0"),
        _ => {}
    }
}

/// Not negative and not above 100%.
fn int_or_percent(at: &At, report: &mut Report) {
    report.non_negative(at);
    if let Value::String(text) = at.value {
        let messages = names::percent(text);
        report.all_invalid(at, text, &messages);
        if messages.is_empty() && amount(at.value) > 100 {
            report.invalid(at, "must not be greater than 100%");
        }
    }
}

/// The number, percentages without their sign; 0 for what is neither, as upstream has it.
fn amount(value: &Value) -> i64 {
    match value {
        Value::String(text) => {
            let digits = if names::percent(text).is_empty() { text.trim_end_matches('%') } else { text };
            digits.parse().unwrap_or(if names::percent(text).is_empty() { i64::MAX } else { 0 })
        }
        value => value.as_i64().unwrap_or(0),
    }
}
