//! Pod templates.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidatePodTemplateSpec`,
//! `ValidatePodSpec`).

use super::names::{dns_label, dns_subdomain};
use super::place::{At, Report};
use super::{affinity, container, labels, resources, taints, volumes};

/// Names that must be DNS subdomains.
const SUBDOMAINS: [&str; 4] = ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"];
/// Names that must be DNS labels.
const LABELS: [&str; 2] = ["hostname", "subdomain"];
/// Texts that must be one of a few; absent ones have a default.
const CHOICES: [(&str, &[&str]); 3] = [
    ("restartPolicy", &["Always", "OnFailure", "Never"]),
    ("dnsPolicy", &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ("preemptionPolicy", &["Never", "PreemptLowerPriority"]),
];

/// A template. The API server leaves `metadata` out of the paths of its labels.
pub fn template(at: &At, report: &mut Report) {
    let metadata = at.field("metadata");
    labels::labels(&metadata.field("labels").as_path(&format!("{}.labels", at.path())), report);
    labels::annotations(&metadata.field("annotations").as_path(&format!("{}.annotations", at.path())), report);
    spec(&at.field("spec"), report);
}

fn spec(spec: &At, report: &mut Report) {
    let volumes = volumes::volumes(&spec.field("volumes"), report);
    container::all(spec, &volumes, report);
    for (name, choices) in CHOICES {
        choice(&spec.field(name), choices, report);
    }
    for name in SUBDOMAINS {
        let at = spec.field(name);
        if !at.text().is_empty() {
            report.all_invalid(&at, at.text(), &dns_subdomain(at.text()));
        }
    }
    for name in LABELS {
        let at = spec.field(name);
        if !at.text().is_empty() {
            report.all_invalid(&at, at.text(), &dns_label(at.text()));
        }
    }
    labels::labels(&spec.field("nodeSelector"), report);
    affinity::node_affinity(&spec.field("affinity").field("nodeAffinity"), report);
    taints::tolerations(&spec.field("tolerations"), report);
    resources::amounts(&spec.field("overhead"), report);
    dns_config(spec, report);
    host_namespaces(spec, report);
    operating_system(&spec.field("os"), report);
    active_deadline(&spec.field("activeDeadlineSeconds"), report);
    let debug = spec.field("ephemeralContainers");
    if !debug.is_empty() {
        report.forbidden(&debug, "ephemeral containers not allowed in pod template");
    }
}

/// Text that must be one of a few, if it is there.
pub fn choice(at: &At, choices: &[&str], report: &mut Report) {
    if at.is_set() && !choices.contains(&at.text()) {
        report.unsupported(at, choices);
    }
}

fn dns_config(spec: &At, report: &mut Report) {
    let config = spec.field("dnsConfig");
    if spec.field("dnsPolicy").text() != "None" {
        return;
    }
    if !config.is_set() {
        report.required(&config, "must provide `dnsConfig` when `dnsPolicy` is None");
    } else if config.field("nameservers").is_empty() {
        report.required(
            &config.field("nameservers"),
            "must provide at least one DNS nameserver when `dnsPolicy` is None",
        );
    }
}

fn host_namespaces(spec: &At, report: &mut Report) {
    let share = spec.field("shareProcessNamespace");
    if share.is_true() && spec.field("hostPID").is_true() {
        report.invalid(&share, "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    let users = spec.field("hostUsers");
    if !users.is_set() || users.is_true() {
        return;
    }
    for (name, told_as) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        let at = spec.field(name);
        if at.is_true() {
            report.forbidden(&at.as_path(&format!("{}.{told_as}", spec.path())), "when `hostUsers` is false");
        }
    }
}

fn operating_system(os: &At, report: &mut Report) {
    let name = os.field("name");
    if !os.is_set() {
        return;
    }
    if name.text().is_empty() {
        report.required(&name, "");
    } else if !["linux", "windows"].contains(&name.text()) {
        report.unsupported(&name.as_path(os.path()), &["linux", "windows"]);
    }
}

fn active_deadline(at: &At, report: &mut Report) {
    if at.int().is_some_and(|n| !(1..=i64::from(i32::MAX)).contains(&n)) {
        report.invalid(at, "must be between 1 and 2147483647, inclusive");
    }
}
