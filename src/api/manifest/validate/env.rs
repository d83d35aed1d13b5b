//! Variables of containers.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidateEnv`, `ValidateEnvFrom`,
//! `validateObjectFieldSelector`, `validateContainerResourceFieldSelector`).

use super::metadata::NameRule;
use super::names::{config_key, dns_label, dns_subdomain, env_name, label_key};
use super::place::{At, Report};
use super::resources::quantity;
use super::volumes::no_backsteps;

const SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// Fields of a pod that can be asked for at all.
const POD_FIELDS: [&str; 15] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.phase",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
    "spec.host",
];

/// Those that a variable may hold.
const IN_VARIABLES: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Those that a file may hold.
pub const IN_FILES: [&str; 5] =
    ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];
const HUGE_PAGES: [&str; 2] = ["limits.hugepages-", "requests.hugepages-"];
const BYTES: [&str; 13] = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/// The variables and sources of variables of a container.
pub fn check(container: &At, report: &mut Report) {
    for variable in container.field("env").items() {
        let name = variable.field("name");
        if name.text().is_empty() {
            report.required(&name, "");
        } else {
            report.all_invalid(&name, name.text(), &env_name(name.text()));
        }
        value_from(&variable, report);
    }
    let from = container.field("envFrom");
    for source in from.items() {
        let prefix = source.field("prefix");
        if !prefix.text().is_empty() {
            report.all_invalid(&prefix, prefix.text(), &env_name(prefix.text()));
        }
        let references = ["configMapRef", "secretRef"].map(|name| source.field(name));
        for name in references.iter().filter(|reference| reference.is_set()).map(|reference| reference.field("name")) {
            if name.text().is_empty() {
                report.required(&name, "");
            } else {
                report.all_invalid(&name, name.text(), &dns_subdomain(name.text().trim_end_matches('-')));
            }
        }
        // The API server tells the list's place, not the item's.
        let at = source.as_path(from.path());
        match references.iter().filter(|reference| reference.is_set()).count() {
            0 => report.invalid_text(&at, "", "must specify one of: `configMapRef` or `secretRef`"),
            1 => {}
            _ => report.invalid_text(&at, "", "may not have more than one field specified at a time"),
        }
    }
}

fn value_from(variable: &At, report: &mut Report) {
    let source = variable.field("valueFrom");
    if !source.is_set() {
        return;
    }
    field_ref(&source.field("fieldRef"), &IN_VARIABLES, report);
    resource_ref(&source.field("resourceFieldRef"), false, report);
    for name in ["configMapKeyRef", "secretKeyRef"] {
        key_ref(&source.field(name), report);
    }
    file_ref(&source.field("fileKeyRef"), report);
    match SOURCES.iter().filter(|name| source.field(name).is_set()).count() {
        0 => {
            let detail = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
            report.invalid_text(&source, "", detail);
        }
        _ if !variable.field("value").text().is_empty() => {
            report.invalid_text(&source, "", "may not be specified when `value` is not empty");
        }
        1 => {}
        _ => report.invalid_text(&source, "", "may not have more than one field specified at a time"),
    }
}

/// A field of the pod, one of `allowed`.
pub fn field_ref(at: &At, allowed: &[&str], report: &mut Report) {
    let (path, version) = (at.field("fieldPath"), at.field("apiVersion"));
    if !at.is_set() {
        return;
    }
    if path.text().is_empty() {
        report.required(&path, "");
        return;
    }
    let text = if path.text() == "spec.host" { "spec.nodeName" } else { path.text() };
    let subscripted = text.strip_suffix("']").and_then(|text| text.split_once("['")).filter(|(map, _)| !map.is_empty());
    let refused = match subscripted {
        _ if version.text() != "v1" => Some(format!("unsupported pod version: {}", version.text())),
        Some(("metadata.annotations" | "metadata.labels", _)) => None,
        Some(_) => Some(format!("field label does not support subscript: {text}")),
        None if POD_FIELDS.contains(&text) => None,
        None => Some(format!("field label not supported: {text}")),
    };
    if let Some(why) = refused {
        report.invalid_text(&path, path.text(), &format!("error converting fieldPath: {why}"));
        return;
    }
    match subscripted {
        Some(("metadata.annotations", key)) => {
            let key = key.to_lowercase();
            report.all_invalid(&path.as_path(at.path()), &key, &label_key(&key));
        }
        Some((_, key)) => report.all_invalid(&path.as_path(at.path()), key, &label_key(key)),
        None if allowed.contains(&text) => {}
        None => report.unsupported_value(&path, &super::place::quoted(text), allowed),
    }
}

/// An amount of a container's resources.
pub fn resource_ref(at: &At, in_file: bool, report: &mut Report) {
    if !at.is_set() {
        return;
    }
    let (resource, container) = (at.field("resource"), at.field("containerName"));
    let name = resource.text();
    if in_file && container.text().is_empty() {
        report.required(&container, "");
    } else if name.is_empty() {
        report.required(&resource, "");
    } else if !RESOURCES.contains(&name) && !HUGE_PAGES.iter().any(|prefix| name.starts_with(prefix)) {
        report.unsupported(&resource, &RESOURCES);
    }
    divisor(at, name, report);
}

fn divisor(at: &At, resource: &str, report: &mut Report) {
    let divisor = at.field("divisor");
    if quantity(&divisor).is_none_or(|amount| amount.nanos() == 0) {
        return;
    }
    let (kind, allowed) = match resource {
        "limits.cpu" | "requests.cpu" => {
            if !["1m", "1"].contains(&divisor.text()) {
                let detail = "only divisor's values 1m and 1 are supported with the cpu resource";
                report.invalid_text(&divisor, resource, detail);
            }
            return;
        }
        "limits.memory" | "requests.memory" => ("memory", BYTES),
        "limits.ephemeral-storage" | "requests.ephemeral-storage" => ("local ephemeral storage", BYTES),
        _ if HUGE_PAGES.iter().any(|prefix| resource.starts_with(prefix)) => ("hugepages", BYTES),
        _ => return,
    };
    if !allowed.contains(&divisor.text()) {
        let detail = format!("only divisor's values {} are supported with the {kind} resource", BYTES.join(", "));
        report.invalid_text(&divisor, resource, &detail);
    }
}

fn key_ref(at: &At, report: &mut Report) {
    let (name, key) = (at.field("name"), at.field("key"));
    if !at.is_set() {
        return;
    }
    report.all_invalid_text(&name, &dns_subdomain(name.text()));
    if key.text().is_empty() {
        report.required(&key, "");
    } else {
        report.all_invalid(&key, key.text(), &config_key(key.text()));
    }
}

fn file_ref(at: &At, report: &mut Report) {
    if !at.is_set() {
        return;
    }
    let rules: [NameRule; 3] = [env_name, dns_label, no_backsteps];
    for (name, rule) in ["key", "volumeName", "path"].into_iter().zip(rules) {
        let field = at.field(name);
        if field.text().is_empty() {
            report.required(&field, "");
        } else {
            report.all_invalid(&field, field.text(), &rule(field.text()));
        }
    }
}

/// The volumes whose files variables are read from. Upstream: `validateFileKeyRefVolumes`.
pub fn files(spec: &At, report: &mut Report) {
    let volumes = spec.field("volumes");
    for list in ["initContainers", "containers"] {
        for container in spec.field(list).items() {
            for variable in container.field("env").items() {
                let source = variable.field("valueFrom").field("fileKeyRef");
                let name = source.field("volumeName");
                if !source.is_set() {
                    continue;
                }
                match volumes.items().find(|volume| volume.field("name").text() == name.text()) {
                    None => report.not_found(&name),
                    Some(volume) if !volume.field("emptyDir").is_set() => {
                        report.invalid_text(&name, name.text(), "referenced volume must be of type emptyDir");
                    }
                    Some(_) => {}
                }
            }
        }
    }
}
