//! Taints and tolerations.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateNodeTaints`,
//! `ValidateTolerations`).

use super::names::{label_key, label_value};
use super::place::{At, Report, shown};
use crate::base::Set;
use serde_json::json;

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A node's taints.
pub fn taints(at: &At, report: &mut Report) {
    let mut seen = Set::new();
    for taint in at.items() {
        let (key, value, effect) = (taint.field("key"), taint.field("value"), taint.field("effect"));
        report.all_invalid(&key, key.text(), &label_key(key.text()));
        joined(&value, value.text(), report);
        if effect.text().is_empty() {
            report.required(&effect, "");
        } else {
            known_effect(&effect, report);
        }
        if !seen.insert((key.text(), effect.text())) {
            let field = |name: &str| shown(&json!(taint.field(name).text()));
            let text = format!(
                "{{\"Key\":{},\"Value\":{},\"Effect\":{},\"TimeAdded\":{}}}",
                field("key"),
                field("value"),
                field("effect"),
                shown(taint.field("timeAdded").value)
            );
            report.duplicate(&taint, &text, "taints must be unique by key and effect pair");
        }
    }
}

/// A pod's tolerations.
pub fn tolerations(at: &At, report: &mut Report) {
    for toleration in at.items() {
        let key = toleration.field("key");
        if !key.text().is_empty() {
            report.all_invalid(&key, key.text(), &label_key(key.text()));
        }
        no_key(&toleration, report);
        seconds(&toleration, report);
        operator(&toleration, report);
        let effect = toleration.field("effect");
        if !effect.text().is_empty() {
            known_effect(&effect, report);
        }
    }
}

fn no_key(toleration: &At, report: &mut Report) {
    let operator = toleration.field("operator");
    if toleration.field("key").text().is_empty() && operator.text() != "Exists" {
        let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        report.invalid_text(&operator, operator.text(), detail);
    }
}

fn seconds(toleration: &At, report: &mut Report) {
    let effect = toleration.field("effect");
    if toleration.field("tolerationSeconds").is_set() && effect.text() != "NoExecute" {
        let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
        report.invalid_text(&effect, effect.text(), detail);
    }
}

/// The API server reports a bad value under the operator's path; the value is what is marked.
fn operator(toleration: &At, report: &mut Report) {
    let (operator, value) = (toleration.field("operator"), toleration.field("value"));
    let place = value.as_path(operator.path());
    match operator.text() {
        "" | "Equal" => joined(&place, value.text(), report),
        "Exists" if !value.text().is_empty() => {
            report.invalid_text(&place, value.text(), "value must be empty when `operator` is 'Exists'");
        }
        "Exists" => {}
        // Behind a feature gate that is off.
        "Lt" | "Gt" => report.unsupported(&operator, &["Equal", "Exists", "Lt", "Gt"]),
        _ => report.unsupported(&operator, &["Equal", "Exists"]),
    }
}

fn known_effect(effect: &At, report: &mut Report) {
    if !EFFECTS.contains(&effect.text()) {
        report.unsupported(effect, &EFFECTS);
    }
}

fn joined(at: &At, text: &str, report: &mut Report) {
    let messages = label_value(text);
    if !messages.is_empty() {
        report.invalid_text(at, text, &messages.join(";"));
    }
}
