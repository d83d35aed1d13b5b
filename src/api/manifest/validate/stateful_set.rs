//! `spec` of a StatefulSet.
//!
//! Upstream: `pkg/apis/apps/validation/validation.go` (`ValidateStatefulSetSpec`,
//! `validateRollingUpdateStatefulSet`, `ValidatePodTemplateSpecForStatefulSet`).

use super::names::dns_label;
use super::place::{At, Report};
use super::pod::{self, Template, choice};
use super::workload::{self, amount, at_most_all, has_requirements, int_or_percent};
use super::{claims, go, labels};

/// Checks a spec. What can no longer be changed is not looked at again on update.
pub fn check(spec: &At, is_update: bool, report: &mut Report) {
    let management = spec.field("podManagementPolicy");
    if !["OrderedReady", "Parallel"].contains(&management.text()) {
        report.invalid(&management, "must be 'OrderedReady' or 'Parallel'");
    }
    update_strategy(&spec.field("updateStrategy"), report);
    let retention = spec.field("persistentVolumeClaimRetentionPolicy");
    for name in ["whenDeleted", "whenScaled"] {
        choice(&retention.field(name), &["Retain", "Delete"], report);
    }
    if !is_update {
        for claim in spec.field("volumeClaimTemplates").items() {
            claims::spec(&claim.field("spec"), report);
        }
        let service = spec.field("serviceName");
        if !service.text().is_empty() {
            report.all_invalid(&service, service.text(), &dns_label(service.text()));
        }
    }
    report.non_negative(&spec.field("replicas"));
    report.non_negative(&spec.field("minReadySeconds"));
    report.non_negative(&spec.field("ordinals").field("start"));
    workload::selector_required(&spec.field("selector"), "statefulset", report);
    template(spec, report);
    workload::always_running(&spec.field("template"), "StatefulSet", report);
}

fn template(spec: &At, report: &mut Report) {
    let (selector, template) = (spec.field("selector"), spec.field("template"));
    if labels::is_broken(&selector) {
        report.invalid_shown(&selector, &go::selector(selector.value), "");
        return;
    }
    if !selector.is_set() || has_requirements(&selector) {
        workload::selects_template(&selector, &template, report);
    }
    // Each claim is a volume of its name; the controller says the host's name.
    let claims = spec.field("volumeClaimTemplates");
    let claims = claims.items().collect();
    pod::template_with(&template, &Template { claims, names_hosts: true, ..Template::default() }, report);
}

fn update_strategy(at: &At, report: &mut Report) {
    let rolling = at.field("rollingUpdate");
    match at.field("type").text() {
        "OnDelete" if rolling.is_set() => {
            let shown = go::parameters(&rolling, &[("partition", "0"), ("maxUnavailable", "null")]);
            report.invalid_shown(&rolling, &shown, "only allowed for updateStrategy 'RollingUpdate'");
        }
        "OnDelete" => {}
        "RollingUpdate" => {
            report.non_negative(&rolling.field("partition"));
            let unavailable = rolling.field("maxUnavailable");
            if unavailable.is_set() {
                int_or_percent(&unavailable, report);
                if amount(unavailable.value) == 0 {
                    report.invalid(&unavailable, "cannot be 0");
                }
                at_most_all(&unavailable, report);
            }
        }
        _ => {
            let shown = go::strategy(at, &[("partition", "0"), ("maxUnavailable", "null")]);
            report.invalid_shown(at, &shown, "must be 'RollingUpdate' or 'OnDelete'");
        }
    }
}
