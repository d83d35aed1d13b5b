//! Security contexts, and what a pod shares with its node.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidateSecurityContext`,
//! `validatePodSpecSecurityContext`, `validateHostUsers`, `validateOS`).

use super::go;
use super::names::user_id;
use super::place::{At, Report};
use super::pod::choice;
use super::volumes::local_path;
use super::windows;

const SECCOMP_TYPES: [&str; 3] = ["Localhost", "RuntimeDefault", "Unconfined"];
const POD_CHOICES: [(&str, [&str; 2]); 3] = [
    ("fsGroupChangePolicy", ["Always", "OnRootMismatch"]),
    ("supplementalGroupsPolicy", ["Merge", "Strict"]),
    ("seLinuxChangePolicy", ["MountOption", "Recursive"]),
];

/// A pod's.
pub fn of_pod(context: &At, report: &mut Report) {
    for name in ["fsGroup", "runAsUser", "runAsGroup"] {
        id(&context.field(name), report);
    }
    context.field("supplementalGroups").items().for_each(|group| id(&group, report));
    for (name, choices) in POD_CHOICES {
        choice(&context.field(name), &choices, report);
    }
    seccomp(&context.field("seccompProfile"), report);
    windows::options(&context.field("windowsOptions"), report);
    app_armor(&context.field("appArmorProfile"), report);
}

/// A container's.
pub fn of_container(context: &At, spec: &At, report: &mut Report) {
    if !context.is_set() {
        return;
    }
    for name in ["runAsUser", "runAsGroup"] {
        id(&context.field(name), report);
    }
    let mount = context.field("procMount");
    choice(&mount, &["Default", "Unmasked"], report);
    let users = spec.field("hostUsers");
    if mount.text() == "Unmasked" && (!users.is_set() || users.is_true()) {
        report.invalid(&mount, "`hostUsers` must be false to use `Unmasked`");
    }
    seccomp(&context.field("seccompProfile"), report);
    let escalation = context.field("allowPrivilegeEscalation");
    if escalation.is_set() && !escalation.is_true() && context.field("privileged").is_true() {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
        report.invalid_shown(context, &go::security(context.value), detail);
    }
    let added = context.field("capabilities").field("add");
    if escalation.is_set() && !escalation.is_true() && added.items().any(|added| added.text() == "CAP_SYS_ADMIN") {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
        report.invalid_shown(context, &go::security(context.value), detail);
    }
    windows::options(&context.field("windowsOptions"), report);
    app_armor(&context.field("appArmorProfile"), report);
}

fn id(at: &At, report: &mut Report) {
    if let Some(message) = at.int().and_then(user_id) {
        report.invalid(at, message);
    }
}

fn seccomp(at: &At, report: &mut Report) {
    if !at.is_set() {
        return;
    }
    let (kind, profile) = (at.field("type"), at.field("localhostProfile"));
    if kind.text().is_empty() {
        report.required(&kind, "type is required when seccompProfile is set");
    } else {
        choice(&kind, &SECCOMP_TYPES, report);
    }
    if kind.text() == "Localhost" {
        if profile.is_set() {
            report.all_invalid(&profile, profile.text(), &local_path(profile.text()));
        } else {
            report.required(&profile, "must be set when seccomp type is Localhost");
        }
    } else if profile.is_set() {
        let shown = go::untagged(at.value, &go::PROFILE);
        report.invalid_shown(&profile, &shown, "can only be set when seccomp type is Localhost");
    }
}

/// Upstream: `ValidateAppArmorProfileField`.
fn app_armor(at: &At, report: &mut Report) {
    const MOST_BYTES: usize = 4_095;
    let (kind, profile) = (at.field("type"), at.field("localhostProfile"));
    if !at.is_set() {
        return;
    }
    match kind.text() {
        "" => report.required(&kind, "type is required when appArmorProfile is set"),
        "Localhost" => {
            if profile.text().trim() != profile.text() {
                report.invalid(&profile, "must not be padded with whitespace");
            } else if profile.text().is_empty() {
                report.required(&profile, "must be set when AppArmor type is Localhost");
            }
            if profile.text().len() > MOST_BYTES {
                report.too_long(&profile, MOST_BYTES);
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if profile.is_set() {
                report.invalid(&profile, "can only be set when AppArmor type is Localhost");
            }
        }
        _ => report.unsupported(&kind, &SECCOMP_TYPES),
    }
}

/// Namespaces of the node that a pod joins.
pub fn host_namespaces(spec: &At, report: &mut Report) {
    let share = spec.field("shareProcessNamespace");
    if share.is_true() && spec.field("hostPID").is_true() {
        report.invalid(&share, "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    let users = spec.field("hostUsers");
    if !users.is_set() || users.is_true() {
        return;
    }
    for (name, told_as) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        let at = spec.field(name);
        if at.is_true() {
            report.forbidden(&at.as_path(&format!("{}.{told_as}", spec.path())), "when `hostUsers` is false");
        }
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in spec.field(list).items() {
            let devices = container.field("volumeDevices");
            if !devices.is_empty() {
                report.forbidden(&devices, "when `hostUsers` is false");
            }
        }
    }
}

/// The operating system.
pub fn operating_system(os: &At, report: &mut Report) {
    let name = os.field("name");
    if !os.is_set() {
        return;
    }
    if name.text().is_empty() {
        report.required(&name, "");
    } else if !["linux", "windows"].contains(&name.text()) {
        report.unsupported(&name.as_path(os.path()), &["linux", "windows"]);
    }
}
