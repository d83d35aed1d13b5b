//! How pods are to be spread.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateTopologySpreadConstraints`).

use super::affinity::label_keys;
use super::labels;
use super::place::{At, Report, quoted};
use super::pod::choice;

const ACTIONS: [&str; 2] = ["DoNotSchedule", "ScheduleAnyway"];

/// All constraints of a pod.
pub fn constraints(at: &At, report: &mut Report) {
    let all: Vec<At> = at.items().collect();
    for (index, constraint) in all.iter().enumerate() {
        let (skew, key, action) =
            (constraint.field("maxSkew"), constraint.field("topologyKey"), constraint.field("whenUnsatisfiable"));
        positive(&skew, report);
        if key.text().is_empty() {
            report.required(&key, "can not be empty");
        }
        if !ACTIONS.contains(&action.text()) {
            report.unsupported_value(&action, &quoted(action.text()), &ACTIONS);
        }
        let is_again = |other: &At| {
            other.field("topologyKey").text() == key.text() && other.field("whenUnsatisfiable").text() == action.text()
        };
        if all.iter().skip(index + 1).any(is_again) {
            let place = constraint.as_path(&format!("{}.{{topologyKey, whenUnsatisfiable}}", constraint.path()));
            report.duplicate(&place, &quoted(&format!("{{{}, {}}}", key.text(), action.text())), "");
        }
        min_domains(&constraint.field("minDomains"), action.text(), report);
        for name in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            choice(&constraint.field(name), &["Honor", "Ignore"], report);
        }
        let selector = constraint.field("labelSelector");
        label_keys(&constraint.field("matchLabelKeys"), &selector, report);
        labels::selector(&selector, report);
    }
}

fn positive(at: &At, report: &mut Report) {
    let number = at.int().unwrap_or(0);
    if number <= 0 {
        report.invalid_value(at, &number.into(), "must be greater than zero");
    }
}

fn min_domains(at: &At, action: &str, report: &mut Report) {
    if !at.is_set() {
        return;
    }
    positive(at, report);
    if action != "DoNotSchedule" {
        let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
        report.invalid(at, &detail);
    }
}
