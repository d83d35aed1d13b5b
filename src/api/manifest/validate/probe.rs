//! Probes and lifecycle handlers.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateProbe`, `validateHandler`,
//! `validateHTTPGetAction`, `validateLifecycle`).
//!
//! Leaves out: signals to stop.

use super::names::{header_name, port_name, port_number};
use super::place::{At, Report};
use super::pod::choice;

const HANDLERS: [&str; 5] = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];
const NUMBERS: [&str; 5] =
    ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

/// The two handlers and three probes of a container.
pub fn all(container: &At, spec: &At, report: &mut Report) {
    let grace = spec.field("terminationGracePeriodSeconds").int();
    for name in ["postStart", "preStop"] {
        let at = container.field("lifecycle").field(name);
        if at.is_set() {
            handler(&at, grace, report);
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let at = container.field(name);
        if at.is_set() {
            probe(&at, name == "readinessProbe", grace, report);
        }
    }
}

fn probe(at: &At, is_readiness: bool, grace: Option<i64>, report: &mut Report) {
    handler(at, grace, report);
    for number in NUMBERS {
        report.non_negative(&at.field(number));
    }
    let own_grace = at.field("terminationGracePeriodSeconds");
    if own_grace.int().is_some_and(|seconds| seconds <= 0) {
        report.invalid(&own_grace, "must be greater than 0");
    }
    let successes = at.field("successThreshold");
    if is_readiness {
        if own_grace.is_set() {
            report.invalid(&own_grace, "must not be set for readinessProbes");
        }
    } else if successes.int() != Some(1) {
        report.invalid(&successes, "must be 1");
    }
}

fn handler(at: &At, grace: Option<i64>, report: &mut Report) {
    let mut set = HANDLERS.iter().map(|name| (*name, at.field(name))).filter(|(_, at)| at.is_set());
    match set.next() {
        None => report.required(at, "must specify a handler type"),
        Some(("exec", exec)) => {
            let command = exec.field("command");
            if command.is_empty() {
                report.required(&command, "");
            }
        }
        Some(("httpGet", get)) => http_get(&get, report),
        Some(("tcpSocket", socket)) => port(&socket.field("port"), report),
        Some(("grpc", grpc)) => port(&grpc.field("port"), report),
        Some((_, sleep)) => self::sleep(&sleep, grace, report),
    }
    for (_, other) in set {
        report.forbidden(&other, "may not specify more than 1 handler type");
    }
}

fn http_get(get: &At, report: &mut Report) {
    port(&get.field("port"), report);
    choice(&get.field("scheme"), &["HTTP", "HTTPS"], report);
    for header in get.field("httpHeaders").items() {
        let name = header.field("name");
        let place = name.as_path(&format!("{}.httpHeaders", get.path()));
        report.all_invalid_text(&place, &header_name(name.text()));
    }
}

fn sleep(at: &At, grace: Option<i64>, report: &mut Report) {
    let seconds = at.field("seconds").int().unwrap_or(0);
    let Some(grace) = grace else { return };
    if !(0..=grace).contains(&seconds) {
        let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        report.invalid_value(at, &seconds.into(), &detail);
    }
}

fn port(at: &At, report: &mut Report) {
    if let Some(text) = at.value.as_str() {
        report.all_invalid(at, text, &port_name(text));
    } else if let Some(message) = port_number(at.int().unwrap_or(0)) {
        report.invalid_value(at, &at.int().unwrap_or(0).into(), message);
    }
}
