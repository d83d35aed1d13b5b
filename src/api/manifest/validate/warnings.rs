//! What the API server warns of and takes all the same.
//!
//! Upstream: `pkg/api/pod/warnings.go`, `WarningsOn{Create,Update}` of the strategies.
//!
//! Leaves out: annotations of AppArmor and seccomp, forms of addresses.

mod containers;
mod paths;

use super::names::{dns_label, label_value};
use super::place::{At, Report};
use super::resources::quantity;
use crate::base::Set;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
const NO_SELECTOR: &str = "a null labelSelector results in matching no pod";

/// Labels of nodes that are no longer set, and what to use instead.
const DEPRECATED_LABELS: [(&str, &str); 8] = [
    ("beta.kubernetes.io/arch", r#"deprecated since v1.14; use "kubernetes.io/arch" instead"#),
    ("beta.kubernetes.io/os", r#"deprecated since v1.14; use "kubernetes.io/os" instead"#),
    (
        "failure-domain.beta.kubernetes.io/region",
        r#"deprecated since v1.17; use "topology.kubernetes.io/region" instead"#,
    ),
    ("failure-domain.beta.kubernetes.io/zone", r#"deprecated since v1.17; use "topology.kubernetes.io/zone" instead"#),
    ("beta.kubernetes.io/instance-type", r#"deprecated since v1.17; use "node.kubernetes.io/instance-type" instead"#),
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
    ("scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead"),
    ("node-role.kubernetes.io/master", r#"use "node-role.kubernetes.io/control-plane" instead"#),
];

const DEPRECATED_ANNOTATIONS: [(&str, &str); 3] = [
    (
        "scheduler.alpha.kubernetes.io/critical-pod",
        r#"non-functional in v1.16+; use the "priorityClassName" field instead"#,
    ),
    ("security.alpha.kubernetes.io/sysctls", r#"non-functional in v1.11+; use the "sysctls" field instead"#),
    ("security.alpha.kubernetes.io/unsafe-sysctls", r#"non-functional in v1.11+; use the "sysctls" field instead"#),
];

const DEPRECATED_VOLUMES: [(&str, &str, &str); 9] = [
    ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// All warnings of an object; of its template only if that (or for some kinds anything) `changed`.
pub fn check(kind: &str, object: &At, changed: bool, is_update: bool, report: &mut Report) {
    let spec = object.field("spec");
    let template = spec.field("template");
    match kind {
        "DaemonSet" if changed => pod(&template, report),
        "Deployment" if changed => {
            let name = object.field("metadata").field("name");
            let messages = dns_label(name.text());
            if !is_update && !messages.is_empty() {
                let told = messages.join(" ");
                report.warn(
                    &name,
                    &format!("this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [{told}]"),
                );
            }
            pod(&template, report);
        }
        "StatefulSet" => {
            if changed {
                pod(&template, report);
            }
            stateful_set(&spec, is_update, report);
        }
        "ReplicaSet" if changed => pod(&template, report),
        "Pod" => pod(object, report),
        "Node" => {
            let id = spec.field("externalID");
            if !id.text().is_empty() {
                report.warn(&id, "this field is deprecated, and is unused by Kubernetes");
            }
        }
        _ => {}
    }
}

fn stateful_set(spec: &At, is_update: bool, report: &mut Report) {
    for claim in spec.field("volumeClaimTemplates").items() {
        let path = if is_update { format!("{}.Spec", claim.path()) } else { claim.path().to_owned() };
        claims(&claim.field("spec").as_path(&path), report);
    }
    let history = spec.field("revisionHistoryLimit");
    if history.int().is_some_and(|limit| limit < 0) {
        report.warn(&history, "a negative value retains all historical revisions; a value >= 0 is recommended");
    }
}

fn claims(spec: &At, report: &mut Report) {
    for list in ["requests", "limits"] {
        let amounts = spec.field("resources").field(list);
        fraction(&amounts.field("storage").as_path(&format!("{}[storage]", amounts.path())), report);
    }
}

/// Parts of a byte.
fn fraction(amount: &At, report: &mut Report) {
    if quantity(amount).is_some_and(|amount| amount.milli_value() % 1_000 != 0) {
        report.warn(amount, &format!("fractional byte value {:?} is invalid, must be an integer", amount.text()));
    }
}

/// A pod, or a template of pods.
fn pod(pod: &At, report: &mut Report) {
    let spec = pod.field("spec");
    node_labels(&spec, report);
    spreading(&spec, report);
    annotations(&pod.field("metadata").field("annotations"), report);
    volumes(&spec.field("volumes"), report);
    paths::overlapping(&spec.field("volumes"), report);
    repeated(&spec.field("hostAliases"), "ip", report);
    let secrets = spec.field("imagePullSecrets");
    repeated(&secrets, "name", report);
    for name in secrets.items().map(|secret| secret.field("name")).filter(|name| name.text().is_empty()) {
        report.warn(&name, "invalid empty name \"\"");
    }
    let overhead = spec.field("overhead");
    for name in ["memory", "ephemeral-storage"] {
        fraction(&overhead.field(name).as_path(&format!("{}[{name}]", overhead.path())), report);
    }
    containers::check(&spec, report);
    let grace = spec.field("terminationGracePeriodSeconds");
    if grace.int().is_some_and(|seconds| seconds < 0) {
        report.warn(&grace, "must be >= 0; negative values are invalid and will be treated as 1");
    }
    for kind in ["podAffinity", "podAntiAffinity"] {
        let at = spec.field("affinity").field(kind);
        let preferred = at.field(PREFERRED);
        let terms = at
            .field(REQUIRED)
            .items()
            .chain(preferred.items().map(|term| term.field("podAffinityTerm")))
            .collect::<Vec<_>>();
        for selector in terms.iter().map(|term| term.field("labelSelector")).filter(|selector| !selector.is_set()) {
            report.warn(&selector, NO_SELECTOR);
        }
    }
}

fn deprecated(label: &str) -> Option<&'static str> {
    DEPRECATED_LABELS.iter().find(|(known, _)| *known == label).map(|(_, message)| *message)
}

fn node_labels(spec: &At, report: &mut Report) {
    for (key, value) in spec.field("nodeSelector").keyed_entries() {
        if let Some(message) = deprecated(key) {
            report.warn(&value.at_key(), message);
        }
    }
    let affinity = spec.field("affinity").field("nodeAffinity");
    for term in affinity.field(REQUIRED).field("nodeSelectorTerms").items() {
        node_term(&term, false, report);
    }
    for term in affinity.field(PREFERRED).items() {
        node_term(&term.field("preference"), true, report);
    }
}

fn node_term(term: &At, checks_values: bool, report: &mut Report) {
    for requirement in term.field("matchExpressions").items() {
        let key = requirement.field("key");
        if let Some(message) = deprecated(key.text()) {
            report.warn(&key, &format!("{} is {message}", key.text()));
        }
        for value in requirement.field("values").items().filter(|_| checks_values) {
            for message in label_value(value.text()) {
                report.warn(&value, &format!("{} is invalid, {message}", value.text()));
            }
        }
    }
}

fn spreading(spec: &At, report: &mut Report) {
    for constraint in spec.field("topologySpreadConstraints").items() {
        let (key, selector) = (constraint.field("topologyKey"), constraint.field("labelSelector"));
        if let Some(message) = deprecated(key.text()) {
            report.warn(&key, &format!("{} is {message}", key.text()));
        }
        if !selector.is_set() {
            report.warn(&selector, NO_SELECTOR);
        }
    }
}

fn annotations(annotations: &At, report: &mut Report) {
    for (key, value) in annotations.keyed_entries() {
        if let Some((_, message)) = DEPRECATED_ANNOTATIONS.iter().find(|(known, _)| *known == key) {
            report.warn(&value.at_key(), message);
        }
    }
}

fn volumes(volumes: &At, report: &mut Report) {
    for volume in volumes.items() {
        for (name, told_as, message) in DEPRECATED_VOLUMES {
            let at = volume.field(name);
            if at.is_set() {
                report.warn(&at.as_path(&format!("{}.{told_as}", volume.path())), message);
            }
        }
        claims(&volume.field("ephemeral").field("volumeClaimTemplate").field("spec"), report);
    }
}

/// Items that say the same as one before.
fn repeated(list: &At, field: &str, report: &mut Report) {
    let mut seen = Set::new();
    for at in list.items().map(|item| item.field(field)) {
        if !seen.insert(at.text()) {
            report.warn(&at, &format!("duplicate {field} {}", super::place::quoted(at.text())));
        }
    }
}
