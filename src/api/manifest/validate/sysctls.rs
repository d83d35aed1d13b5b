//! Kernel parameters of a pod.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateSysctls`, `ValidateHostSysctl`),
//! `k8s.io/component-helpers/node/util/sysctl`.

use super::place::{At, Report, quoted};
use crate::base::Set;

const MOST_BYTES: usize = 253;
const REGEX: &str = r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

/// Parameters of the namespace that processes share memory and messages in.
const IPC: [&str; 10] = [
    "kernel.sem",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.shm_rmid_forced",
    "kernel.shm",
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.msg",
];

/// Names once each, and none of a namespace that is the host's.
pub fn check(spec: &At, report: &mut Report) {
    let mut seen = Set::new();
    for sysctl in spec.field("securityContext").field("sysctls").items() {
        let at = sysctl.field("name");
        let name = at.text();
        if name.is_empty() {
            report.required(&at, "");
        } else if name.len() > MOST_BYTES || !is_name(name) {
            report.invalid_text(
                &at,
                name,
                &format!("must have at most {MOST_BYTES} characters and match regex {REGEX}"),
            );
        } else if !seen.insert(name) {
            report.duplicate(&at, &quoted(name), "");
        }
        let dotted = dotted(name);
        let known = dotted.split('*').next().unwrap_or_default();
        if spec.field("hostNetwork").is_true() && known.starts_with("net.") {
            report.invalid_text(&at, name, "may not be specified when 'hostNetwork' is true");
        } else if spec.field("hostIPC").is_true() && (IPC.contains(&known) || known.starts_with("fs.mqueue.")) {
            report.invalid_text(&at, name, "may not be specified when 'hostIPC' is true");
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    name.split(['.', '/']).all(|part| {
        part.bytes().all(is_inner) && !part.is_empty() && !part.starts_with(['-', '_']) && !part.ends_with(['-', '_'])
    })
}

/// A name with dots between its parts: where the first of them is a slash, dots and slashes change places.
fn dotted(name: &str) -> String {
    match name.find(['.', '/']) {
        Some(at) if name.as_bytes().get(at) == Some(&b'/') => name
            .chars()
            .map(|c| match c {
                '/' => '.',
                '.' => '/',
                c => c,
            })
            .collect(),
        _ => name.to_owned(),
    }
}
