//! `spec` of a DaemonSet.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go` (`ValidateDaemonSetSpec`,
//! `ValidateDaemonSetUpdateStrategy`, `ValidateRollingUpdateDaemonSet`).

use super::go;
use super::place::{At, Report};
use super::workload::{self, amount, at_most_all, int_or_percent};
use super::{labels, pod};

/// Selector, template, strategy and numbers.
pub fn check(spec: &At, report: &mut Report) {
    let (selector, template) = (spec.field("selector"), spec.field("template"));
    labels::selector(&selector, report);
    workload::selects_template(&selector, &template, report);
    workload::not_empty(&selector, "daemonset", report);
    pod::template(&template, report);
    workload::always_running(&template, "DaemonSet", report);
    report.non_negative(&spec.field("minReadySeconds"));
    update_strategy(&spec.field("updateStrategy"), report);
    report.non_negative(&spec.field("revisionHistoryLimit"));
}

fn update_strategy(at: &At, report: &mut Report) {
    match at.field("type").text() {
        "OnDelete" => {}
        "RollingUpdate" => rolling_update(&at.field("rollingUpdate"), report),
        _ => {
            let shown = go::strategy(at, &[("maxUnavailable", "0"), ("maxSurge", "0")]);
            report.unsupported_value(at, &shown, &["RollingUpdate", "OnDelete"]);
        }
    }
}

fn rolling_update(at: &At, report: &mut Report) {
    let (unavailable, surge) = (at.field("maxUnavailable"), at.field("maxSurge"));
    for budget in [&unavailable, &surge] {
        int_or_percent(budget, report);
        at_most_all(budget, report);
    }
    match (amount(unavailable.value) != 0, amount(surge.value) != 0) {
        (true, true) => report.invalid(&surge, "may not be set when maxUnavailable is non-zero"),
        (false, false) => report.required(&unavailable, "cannot be 0 when maxSurge is 0"),
        _ => {}
    }
}
