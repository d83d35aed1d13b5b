//! Pods and their templates.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidatePodTemplateSpec`,
//! `ValidatePodSpec`, `ValidatePodCreate`).
//!
//! Leaves out: updates of pods.

use super::names::{dns_label, dns_subdomain, label_key};
use super::place::{At, Report};
use super::{
    affinity, container, devices, dns, env, labels, pod_resources, resources, security, spread, sysctls, taints,
    volumes, windows,
};
use crate::base::Set;

/// Names that must be DNS subdomains.
const SUBDOMAINS: [&str; 4] = ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"];
/// Texts that must be one of a few; absent ones have a default.
const CHOICES: [(&str, &[&str]); 3] = [
    ("restartPolicy", &["Always", "OnFailure", "Never"]),
    ("dnsPolicy", &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ("preemptionPolicy", &["PreemptLowerPriority", "Never"]),
];

/// What a template's owner adds to it.
#[derive(Default)]
pub struct Template<'a> {
    /// Claims of the owner's, each a volume of its name.
    pub claims: Vec<At<'a>>,
    /// Name of the pod, if it is one and no template.
    pub pod: &'a str,
    /// The owner says the names of hosts.
    pub names_hosts: bool,
}

/// A template. The API server leaves `metadata` out of the paths of its labels.
pub fn template(at: &At, report: &mut Report) {
    template_with(at, &Template::default(), report);
}

/// A template to which its owner adds something.
pub fn template_with<'a>(at: &At<'a>, owner: &Template<'a>, report: &mut Report) {
    let metadata = at.field("metadata");
    labels::labels(&metadata.field("labels").as_path(&format!("{}.labels", at.path())), report);
    let annotations = metadata.field("annotations").as_path(&format!("{}.annotations", at.path()));
    labels::annotations(&annotations, report);
    deletion_cost(&annotations, report);
    spec(&at.field("spec"), owner, report);
    let debug = at.field("spec").field("ephemeralContainers");
    if !debug.is_empty() {
        report.forbidden(&debug, "ephemeral containers not allowed in pod template");
    }
}

/// A pod of its own.
pub fn pod(at: &At, report: &mut Report) {
    let pod = at.field("spec");
    deletion_cost(&at.field("metadata").field("annotations"), report);
    let name = at.field("metadata").field("name").text();
    spec(&pod, &Template { pod: name, ..Template::default() }, report);
    report.non_negative(&pod.field("terminationGracePeriodSeconds"));
    for list in ["containers", "initContainers"] {
        pod.field(list).items().for_each(|container| container::only_in_pods(&container, report));
    }
    let debug = pod.field("ephemeralContainers");
    if !debug.is_empty() {
        report.forbidden(&debug, "cannot be set on create");
    }
    let node = pod.field("nodeName");
    if !node.text().is_empty() && !pod.field("schedulingGates").is_empty() {
        report.forbidden(&node, "cannot be set until all schedulingGates have been cleared");
    }
}

fn deletion_cost(annotations: &At, report: &mut Report) {
    const COST: &str = "controller.kubernetes.io/pod-deletion-cost";
    let cost = annotations.field(COST).as_path(&format!("{}[{COST}]", annotations.path()));
    let digits = cost.text().strip_prefix('-').unwrap_or(cost.text());
    let is_canonical = digits == "0" || !digits.starts_with(['0', '+']);
    if cost.is_set() && (cost.text().parse::<i32>().is_err() || !is_canonical) {
        report.invalid(&cost, "must be a 32bit integer");
    }
}

fn spec<'a>(spec: &At<'a>, owner: &Template<'a>, report: &mut Report) {
    let volumes = volumes::with_claims(&spec.field("volumes"), owner, report);
    devices::of_pod(&spec.field("resourceClaims"), report);
    container::all(spec, &volumes, report);
    for (name, choices) in CHOICES {
        choice(&spec.field(name), choices, report);
    }
    for name in SUBDOMAINS {
        let at = spec.field(name);
        let is_told = name == "runtimeClassName" && at.is_set();
        if is_told || !at.text().is_empty() {
            report.all_invalid(&at, at.text(), &dns_subdomain(at.text()));
        }
    }
    for name in ["hostname", "subdomain"] {
        let at = spec.field(name);
        if !at.text().is_empty() && !owner.names_hosts {
            report.all_invalid(&at, at.text(), &dns_label(at.text()));
        }
    }
    host_name(spec, report);
    env::files(spec, report);
    labels::labels(&spec.field("nodeSelector"), report);
    security::of_pod(&spec.field("securityContext"), report);
    sysctls::check(spec, report);
    affinity::affinity(&spec.field("affinity"), report);
    dns::check(spec, report);
    gates(spec, report);
    spread::constraints(&spec.field("topologySpreadConstraints"), report);
    taints::tolerations(&spec.field("tolerations"), report);
    resources::limits(&spec.field("overhead"), report);
    security::host_namespaces(spec, report);
    security::operating_system(&spec.field("os"), report);
    windows::host_process(spec, report);
    windows::of_system(spec, report);
    pod_resources::check(spec, report);
    active_deadline(&spec.field("activeDeadlineSeconds"), report);
}

/// Text that must be one of a few, if it is there.
pub fn choice(at: &At, choices: &[&str], report: &mut Report) {
    if at.is_set() && !choices.contains(&at.text()) {
        report.unsupported(at, choices);
    }
}

fn gates(spec: &At, report: &mut Report) {
    for gate in spec.field("readinessGates").items() {
        let condition = gate.field("conditionType");
        report.all_invalid_text(&condition, &label_key(condition.text()));
    }
    let mut seen = Set::new();
    for gate in spec.field("schedulingGates").items() {
        let name = gate.field("name").as_path(gate.path());
        report.all_invalid_text(&name, &label_key(name.text()));
        if !seen.insert(name.text()) {
            report.duplicate(&name, &super::place::quoted(name.text()), "");
        }
    }
}

/// Upstream: `validatePodHostName`.
fn host_name(spec: &At, report: &mut Report) {
    let name = spec.field("hostnameOverride");
    if !name.is_set() {
        return;
    }
    for other in ["setHostnameAsFQDN", "hostNetwork"].into_iter().filter(|other| spec.field(other).is_true()) {
        report.forbidden(&name, &format!("may not be specified when {other} is true"));
    }
    if name.text().len() > 64 {
        report.too_long(&name, 64);
    }
    report.all_invalid_text(&name, &dns_subdomain(name.text()));
}

fn active_deadline(at: &At, report: &mut Report) {
    if at.int().is_some_and(|n| !(1..=i64::from(i32::MAX)).contains(&n)) {
        report.invalid(at, "must be between 1 and 2147483647, inclusive");
    }
}
