//! `spec` of a Deployment, and of a ReplicaSet.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go` (`ValidateDeploymentSpec`,
//! `ValidateDeploymentStrategy`, `ValidateReplicaSetSpec`).

use super::place::{At, Report};
use super::workload::{self, amount, at_most_all, has_requirements, int_or_percent};
use super::{go, labels, pod};

/// Selector, template, strategy and numbers of a Deployment.
pub fn check(spec: &At, report: &mut Report) {
    report.non_negative(&spec.field("replicas"));
    selector_and_template(spec, report);
    strategy(&spec.field("strategy"), report);
    report.non_negative(&spec.field("minReadySeconds"));
    report.non_negative(&spec.field("revisionHistoryLimit"));
    let deadline = spec.field("progressDeadlineSeconds");
    report.non_negative(&deadline);
    if deadline.int().is_some_and(|n| n <= spec.field("minReadySeconds").int().unwrap_or(0)) {
        report.invalid(&deadline, "must be greater than minReadySeconds");
    }
}

/// The same of a ReplicaSet.
pub fn replica_set(spec: &At, report: &mut Report) {
    report.non_negative(&spec.field("replicas"));
    report.non_negative(&spec.field("minReadySeconds"));
    selector_and_template(spec, report);
}

fn selector_and_template(spec: &At, report: &mut Report) {
    let (selector, template) = (spec.field("selector"), spec.field("template"));
    workload::selector_required(&selector, "deployment", report);
    if labels::is_broken(&selector) {
        report.invalid_shown(&selector, &go::selector(selector.value), "invalid label selector");
        return;
    }
    if !selector.is_set() || has_requirements(&selector) {
        workload::selects_template(&selector, &template, report);
    }
    pod::template(&template, report);
    workload::always_running(&template, "ReplicaSet", report);
}

fn strategy(at: &At, report: &mut Report) {
    let rolling = at.field("rollingUpdate");
    match at.field("type").text() {
        "Recreate" if rolling.is_set() => {
            report.forbidden(&rolling, "may not be specified when strategy `type` is 'Recreate'");
        }
        "Recreate" => {}
        "RollingUpdate" => {
            let (unavailable, surge) = (rolling.field("maxUnavailable"), rolling.field("maxSurge"));
            int_or_percent(&unavailable, report);
            int_or_percent(&surge, report);
            if amount(unavailable.value) == 0 && amount(surge.value) == 0 {
                report.invalid(&unavailable, "may not be 0 when `maxSurge` is 0");
            }
            at_most_all(&unavailable, report);
        }
        _ => {
            let shown = go::strategy(at, &[("maxUnavailable", "0"), ("maxSurge", "0")]);
            report.unsupported_value(at, &shown, &["Recreate", "RollingUpdate"]);
        }
    }
}
