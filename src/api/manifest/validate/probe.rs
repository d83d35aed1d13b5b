//! Probes and lifecycle handlers.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateProbe`, `validateHandler`).
//!
//! Leaves out: headers and protocols of HTTP.

use super::names::{port_name, port_number};
use super::place::{At, Report};
use super::pod::choice;

const HANDLERS: [&str; 5] = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
const NUMBERS: [&str; 5] =
    ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

/// The three probes and two handlers of a container.
pub fn probes(container: &At, report: &mut Report) {
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let at = container.field(name);
        if !at.is_set() {
            continue;
        }
        handler(&at, report);
        for number in NUMBERS {
            report.non_negative(&at.field(number));
        }
        let successes = at.field("successThreshold");
        if name != "readinessProbe" && successes.int().is_some_and(|n| n != 1 && n != 0) {
            report.invalid(&successes, "must be 1");
        }
    }
    for name in ["postStart", "preStop"] {
        let at = container.field("lifecycle").field(name);
        if at.is_set() {
            handler(&at, report);
        }
    }
}

fn handler(at: &At, report: &mut Report) {
    let mut set = HANDLERS.iter().map(|name| (*name, at.field(name))).filter(|(_, at)| at.is_set());
    match set.next() {
        None => report.required(at, "must specify a handler type"),
        Some(("exec", exec)) => {
            let command = exec.field("command");
            if command.is_empty() {
                report.required(&command, "");
            }
        }
        Some(("httpGet", get)) => {
            port(&get.field("port"), report);
            choice(&get.field("scheme"), &["HTTP", "HTTPS"], report);
        }
        Some(("tcpSocket", socket)) => port(&socket.field("port"), report),
        Some(_) => {}
    }
    for (_, other) in set {
        report.forbidden(&other, "may not specify more than 1 handler type");
    }
}

fn port(at: &At, report: &mut Report) {
    if let Some(text) = at.value.as_str() {
        report.all_invalid(at, text, &port_name(text));
    } else if let Some(message) = port_number(at.int().unwrap_or(0)) {
        report.invalid_value(at, &at.int().unwrap_or(0).into(), message);
    }
}
