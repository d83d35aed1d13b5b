//! Containers and their ports.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateContainers`,
//! `validateInitContainers`, `validateContainerCommon`, `validateContainerPorts`).

use super::names::{dns_label, port_name, port_number};
use super::place::{At, Report, quoted};
use super::pod::choice;
use super::volumes::Volumes;
use super::{devices, env, mounts, probe, resources, restart, security};
use crate::base::Set;

/// Fields that a container for debugging cannot have.
const NOT_TO_DEBUG: [&str; 9] = [
    "ports",
    "resources",
    "resizePolicy",
    "restartPolicy",
    "restartPolicyRules",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "lifecycle",
];

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
        restart::check(&container, false, report);
        unique_host_ports(&container, container.path(), &mut host_ports, report);
        if spec.field("hostNetwork").is_true() {
            host_network_ports(&container, report);
        }
    }
    for container in init_containers.items() {
        common(&container, spec, volumes, report);
        restart::check(&container, true, report);
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
    to_debug(spec, volumes, report);
}

/// Containers that are put beside the others for a look at them, with less than those may have.
/// Upstream: `validateEphemeralContainers`.
fn to_debug(spec: &At, volumes: &Volumes, report: &mut Report) {
    let lists = ["containers", "initContainers"].map(|list| spec.field(list));
    let others: Set<&str> = lists
        .iter()
        .flat_map(|list| list.items().map(|other| other.field("name").text()).collect::<Vec<_>>())
        .collect();
    let mut names = Set::new();
    for container in spec.field("ephemeralContainers").items() {
        common(&container, spec, volumes, report);
        only_in_pods(&container, report);
        let (name, target) = (container.field("name"), container.field("targetContainerName"));
        if others.contains(&name.text()) || !names.insert(name.text()) {
            report.duplicate(&name, &quoted(name.text()), "");
        }
        if !target.text().is_empty() && !others.contains(&target.text()) {
            report.not_found(&target);
        }
        let fields = NOT_TO_DEBUG.map(|name| container.field(name));
        let mounts = container.field("volumeMounts");
        let paths = mounts.items().flat_map(|mount| ["subPath", "subPathExpr"].map(|name| mount.field(name)));
        for field in fields.into_iter().chain(paths) {
            // Go cannot tell resources without fields from none.
            let is_nothing = field.path().ends_with(".resources") && field.is_empty();
            if field.is_set() && !is_nothing {
                report.forbidden(&field, "cannot be set for an Ephemeral Container");
            }
        }
    }
}

/// What holds of containers of pods and not of templates.
pub fn only_in_pods(container: &At, report: &mut Report) {
    let image = container.field("image");
    if image.text().trim() != image.text() {
        report.invalid(&image, "must not have leading or trailing whitespace");
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
    let resources = container.field("resources");
    resources::requirements(&resources, false, report);
    devices::of_container(&resources.field("claims"), &spec.field("resourceClaims"), report);
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
