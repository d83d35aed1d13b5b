//! Containers, their ports, variables and mounts.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateContainers`,
//! `validateInitContainers`, `validateContainerPorts`).

use super::names::{dns_label, env_name, port_name, port_number};
use super::place::{At, Report, quoted};
use super::pod::choice;
use super::{probe, resources, volumes};
use crate::base::Set;

/// Where a variable's value may come from.
const VALUE_SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// Fields of a pod that `fieldRef` may name.
const POD_FIELDS: [&str; 13] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.labels",
    "metadata.annotations",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.serviceAccountName",
    "spec.schedulerName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// All containers of a pod.
pub fn all(spec: &At, volumes: &Set<&str>, report: &mut Report) {
    let (containers, init_containers) = (spec.field("containers"), spec.field("initContainers"));
    if containers.is_empty() {
        report.required(&containers, "");
    }
    let mut names = Set::new();
    let mut host_ports = Set::new();
    for container in containers.items() {
        common(&container, volumes, report);
        unique_name(&container, &mut names, report);
        probe::probes(&container, report);
        unique_host_ports(&container, &mut host_ports, report);
        if spec.field("hostNetwork").is_true() {
            host_network_ports(&container, report);
        }
    }
    for container in init_containers.items() {
        common(&container, volumes, report);
        unique_name(&container, &mut names, report);
        if container.field("restartPolicy").text() == "Always" {
            probe::probes(&container, report);
        } else {
            no_probes(&container, report);
        }
        // Init containers run one by one: only their own ports may clash.
        unique_host_ports(&container, &mut Set::new(), report);
    }
}

fn common(container: &At, volumes: &Set<&str>, report: &mut Report) {
    let (name, image) = (container.field("name"), container.field("image"));
    if name.text().is_empty() {
        report.required(&name, "");
    } else {
        report.all_invalid(&name, name.text(), &dns_label(name.text()));
    }
    if image.text().is_empty() {
        report.required(&image, "");
    }
    choice(&container.field("imagePullPolicy"), &["Always", "IfNotPresent", "Never"], report);
    choice(&container.field("terminationMessagePolicy"), &["File", "FallbackToLogsOnError"], report);
    choice(&container.field("restartPolicy"), &["Always", "Never", "OnFailure"], report);
    ports(&container.field("ports"), report);
    container.field("env").items().for_each(|variable| env(&variable, report));
    volumes::mounts(container, volumes, report);
    resources::requirements(&container.field("resources"), report);
}

fn unique_name<'a>(container: &At<'a>, names: &mut Set<&'a str>, report: &mut Report) {
    let name = container.field("name");
    if !names.insert(name.text()) {
        report.duplicate(&name, &quoted(name.text()), "");
    }
}

fn no_probes(container: &At, report: &mut Report) {
    for name in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
        let at = container.field(name);
        if at.is_set() {
            report.forbidden(&at, "may not be set for init containers without restartPolicy=Always");
        }
    }
}

fn ports(at: &At, report: &mut Report) {
    let mut names = Set::new();
    for port in at.items() {
        let (name, number, host) = (port.field("name"), port.field("containerPort"), port.field("hostPort"));
        if !name.text().is_empty() {
            let messages = port_name(name.text());
            report.all_invalid(&name, name.text(), &messages);
            if messages.is_empty() && !names.insert(name.text()) {
                report.duplicate(&name, &quoted(name.text()), "");
            }
        }
        match number.int().unwrap_or(0) {
            0 => report.required(&number, ""),
            n => port_number(n).into_iter().for_each(|message| report.invalid(&number, message)),
        }
        if let Some(message) = host.int().filter(|n| *n != 0).and_then(port_number) {
            report.invalid(&host, message);
        }
        choice(&port.field("protocol"), &["SCTP", "TCP", "UDP"], report);
    }
}

fn unique_host_ports(container: &At, seen: &mut Set<String>, report: &mut Report) {
    for port in container.field("ports").items() {
        let host = port.field("hostPort");
        let Some(number) = host.int().filter(|n| *n != 0) else {
            continue;
        };
        let text = format!("{}/{}/{number}", port.field("protocol").text(), port.field("hostIP").text());
        if seen.contains(&text) {
            report.duplicate(&host, &quoted(&text), "");
        }
        seen.insert(text);
    }
}

fn host_network_ports(container: &At, report: &mut Report) {
    for port in container.field("ports").items() {
        let (number, host) = (port.field("containerPort").int().unwrap_or(0), port.field("hostPort"));
        if host.int().is_some_and(|n| n != 0 && n != number) {
            report.invalid(&host, "must match `containerPort` when `hostNetwork` is true");
        }
    }
}

fn env(variable: &At, report: &mut Report) {
    let (name, source) = (variable.field("name"), variable.field("valueFrom"));
    if name.text().is_empty() {
        report.required(&name, "");
    } else {
        report.all_invalid(&name, name.text(), &env_name(name.text()));
    }
    if !source.is_set() {
        return;
    }
    field_ref(&source.field("fieldRef"), report);
    let resource = source.field("resourceFieldRef").field("resource");
    if source.field("resourceFieldRef").is_set() && resource.text().is_empty() {
        report.required(&resource, "");
    }
    match VALUE_SOURCES.iter().filter(|name| source.field(name).is_set()).count() {
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

/// A field of the pod that a variable takes its value from.
fn field_ref(at: &At, report: &mut Report) {
    let path = at.field("fieldPath");
    let is_keyed = ["metadata.annotations['", "metadata.labels['"].iter().any(|start| path.text().starts_with(start));
    if at.is_set() && path.text().is_empty() {
        report.required(&path, "");
    } else if at.is_set() && !is_keyed && !POD_FIELDS.contains(&path.text()) {
        let detail = format!("error converting fieldPath: field label not supported: {}", path.text());
        report.invalid_text(&path, path.text(), &detail);
    }
}
