//! Containers and their ports.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateContainers`,
//! `validateInitContainers`, `validateContainerCommon`, `validateContainerPorts`).
//!
//! Leaves out: restart rules, claims of devices.

use super::names::{dns_label, port_name, port_number};
use super::place::{At, Report, quoted};
use super::pod::choice;
use super::volumes::Volumes;
use super::{env, mounts, probe, resources, security};
use crate::base::Set;

/// All containers of a pod.
pub fn all(spec: &At, volumes: &Volumes, report: &mut Report) {
    let (containers, init_containers) = (spec.field("containers"), spec.field("initContainers"));
    if containers.is_empty() {
        report.required(&containers, "");
    }
    let mut names = Set::new();
    let mut host_ports = Set::new();
    for container in containers.items() {
        common(&container, spec, volumes, report);
        unique_name(&container, false, &mut names, report);
        probe::all(&container, spec, report);
        choice(&container.field("restartPolicy"), &["Always", "Never", "OnFailure"], report);
        unique_host_ports(&container, container.path(), &mut host_ports, report);
        if spec.field("hostNetwork").is_true() {
            host_network_ports(&container, report);
        }
    }
    for container in init_containers.items() {
        common(&container, spec, volumes, report);
        choice(&container.field("restartPolicy"), &["Always", "Never", "OnFailure"], report);
        unique_name(&container, true, &mut names, report);
        // Init containers run one by one: only their own ports may clash, and upstream always
        // tells of the first.
        let path = format!("{}[0]", init_containers.path());
        unique_host_ports(&container, &path, &mut Set::new(), report);
        if container.field("restartPolicy").text() == "Always" {
            probe::all(&container, spec, report);
        } else {
            runs_once(&container, report);
        }
    }
}

fn common(container: &At, spec: &At, volumes: &Volumes, report: &mut Report) {
    let (name, image) = (container.field("name"), container.field("image"));
    if name.text().is_empty() {
        report.required(&name, "");
    } else {
        report.all_invalid(&name, name.text(), &dns_label(name.text()));
    }
    if image.text().is_empty() {
        report.required(&image, "");
    }
    choice(&container.field("terminationMessagePolicy"), &["File", "FallbackToLogsOnError"], report);
    ports(&container.field("ports"), report);
    env::check(container, report);
    mounts::check(container, volumes, report);
    choice(&container.field("imagePullPolicy"), &["Always", "IfNotPresent", "Never"], report);
    resources::requirements(&container.field("resources"), report);
    resize_policy(&container.field("resizePolicy"), spec, report);
    security::of_container(&container.field("securityContext"), spec, report);
}

fn unique_name<'a>(container: &At<'a>, runs_first: bool, names: &mut Set<&'a str>, report: &mut Report) {
    let name = container.field("name");
    if names.contains(name.text()) {
        report.duplicate(&name, &quoted(name.text()), "");
    } else if !(runs_first && name.text().is_empty()) {
        names.insert(name.text());
    }
}

/// What only makes sense for a container that goes on running.
fn runs_once(container: &At, report: &mut Report) {
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

fn unique_host_ports(container: &At, path: &str, seen: &mut Set<String>, report: &mut Report) {
    for (index, port) in container.field("ports").items().enumerate() {
        let host = port.field("hostPort");
        let Some(number) = host.int().filter(|n| *n != 0) else {
            continue;
        };
        let text = format!("{}/{}/{number}", port.field("protocol").text(), port.field("hostIP").text());
        if seen.contains(&text) {
            report.duplicate(&host.as_path(&format!("{path}.ports[{index}].hostPort")), &quoted(&text), "");
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

/// The API server tells the list's place, not the item's, but for what is there twice.
fn resize_policy(at: &At, spec: &At, report: &mut Report) {
    let mut seen = Set::new();
    for policy in at.items() {
        let (resource, restart) = (policy.field("resourceName"), policy.field("restartPolicy"));
        if !seen.insert(resource.text()) {
            report.duplicate(&policy, &quoted(resource.text()), "");
        }
        let fields: [(&At, &[&str]); 2] =
            [(&resource, &["cpu", "memory"]), (&restart, &["NotRequired", "RestartContainer"])];
        for (field, choices) in fields {
            let place = field.as_path(at.path());
            if field.text().is_empty() {
                report.required(&place, "");
            } else {
                choice(&place, choices, report);
            }
        }
        if spec.field("restartPolicy").text() == "Never" && restart.text() != "NotRequired" {
            let detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
            report.invalid_text(&restart.as_path(at.path()), restart.text(), detail);
        }
    }
}
