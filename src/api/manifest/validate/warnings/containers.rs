//! Warnings of containers: resources, variables, ports.
//!
//! Upstream: `pkg/api/pod/warnings.go` (`warningsForPodSpecAndMeta`).

use super::super::place::{At, Report, quoted};
use super::fraction;
use crate::base::{Map, Set};

/// All containers of a pod, those that run first before the others.
pub fn check(spec: &At, report: &mut Report) {
    let (first, then) = (spec.field("initContainers"), spec.field("containers"));
    let containers: Vec<At> = first.items().chain(then.items()).collect();
    for container in &containers {
        for list in ["limits", "requests"] {
            let amounts = container.field("resources").field(list);
            for name in ["memory", "ephemeral-storage"] {
                fraction(&amounts.field(name).as_path(&format!("{}[{name}]", amounts.path())), report);
            }
        }
        variables(&container.field("env"), report);
    }
    let ports: Vec<At> = containers.iter().map(|container| container.field("ports")).collect();
    let ports: Vec<At> = ports.iter().flat_map(|ports| ports.items().collect::<Vec<_>>()).collect();
    overlapping_ports(&ports, report);
    repeated_names(&ports, report);
}

/// Variables that hide one of the same name without building on it.
fn variables(env: &At, report: &mut Report) {
    let mut seen = Set::new();
    for variable in env.items() {
        let (name, value) = (variable.field("name").text(), variable.field("value").text());
        let reference = format!("$({name})");
        let builds_on = !variable.field("valueFrom").is_set() && value != reference && value.contains(&reference);
        if !seen.insert(name) && !builds_on {
            let message =
                format!("hides previous definition of {}, which may be dropped when using apply", quoted(name));
            report.warn(&variable, &message);
        }
    }
}

fn overlapping_ports(ports: &[At], report: &mut Report) {
    let number = |port: &At, name: &str| port.field(name).int().unwrap_or(0);
    let mut by_port: Map<(i64, &str), Vec<&At>> = Map::new();
    for port in ports {
        let (ip, host) = (port.field("hostIP").text(), number(port, "hostPort"));
        if !ip.is_empty() && host == 0 {
            let shown = format!(
                "{{Name:{} HostPort:0 ContainerPort:{} Protocol:{} HostIP:{ip}}}",
                port.field("name").text(),
                number(port, "containerPort"),
                port.field("protocol").text()
            );
            report.warn(port, &format!("hostIP set without hostPort: {shown}"));
        }
        let others = by_port.entry((number(port, "containerPort"), port.field("protocol").text())).or_default();
        for other in others.iter() {
            let (other_ip, other_host) = (other.field("hostIP").text(), number(other, "hostPort"));
            let what = if ip == other_ip && host == other_host {
                "duplicate"
            } else if host == 0 || other_host == 0 {
                "overlapping"
            } else if host == other_host && ip.is_empty() != other_ip.is_empty() {
                "dangerously ambiguous"
            } else {
                continue;
            };
            report.warn(port, &format!("{what} port definition with {}", other.path()));
        }
        others.push(port);
    }
}

fn repeated_names(ports: &[At], report: &mut Report) {
    let mut first: Map<&str, &At> = Map::new();
    for port in ports {
        let name = port.field("name").text();
        match first.get(name) {
            _ if name.is_empty() => {}
            Some(other) => {
                let (name, other) = (quoted(name), other.path());
                report.warn(
                    port,
                    &format!("duplicate port name {name} with {other}, services and probes that select ports by name will use {other}"),
                );
            }
            None => {
                first.insert(name, port);
            }
        }
    }
}
