//! Where containers see volumes.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidateVolumeMounts`,
//! `ValidateVolumeDevices`, `validateMountPropagation`, `validateMountRecursiveReadOnly`).

use super::place::{At, Report};
use super::pod::choice;
use super::volumes::{Volumes, local_path, no_backsteps};
use crate::base::{Map, Set};

const PROPAGATIONS: [&str; 3] = ["Bidirectional", "HostToContainer", "None"];
const RECURSIVE: [&str; 3] = ["Disabled", "Enabled", "IfPossible"];

/// The mounts and block devices of a container.
pub fn check(container: &At, volumes: &Volumes, report: &mut Report) {
    let (mounts, devices) = (container.field("volumeMounts"), container.field("volumeDevices"));
    let by_name = |list: &At, path: &str| -> Map<String, String> {
        list.items().map(|item| (item.field("name").text().to_owned(), item.field(path).text().to_owned())).collect()
    };
    let (mount_paths, device_paths) = (by_name(&mounts, "mountPath"), by_name(&devices, "devicePath"));
    let mut seen = Set::new();
    for mount in mounts.items() {
        let (name, path) = (mount.field("name"), mount.field("mountPath"));
        if name.text().is_empty() {
            report.required(&name, "");
        }
        if !volumes.contains_key(name.text()) {
            report.not_found(&name);
        }
        if path.text().is_empty() {
            report.required(&path, "");
        }
        if !seen.insert(path.text()) {
            report.invalid_text(&path, path.text(), "must be unique");
        }
        if device_paths.contains_key(name.text()) {
            report.invalid_text(&name, name.text(), "must not already exist in volumeDevices");
        }
        if device_paths.values().any(|device| device == path.text()) {
            report.invalid_text(&path, path.text(), "must not already exist as a path in volumeDevices");
        }
        sub_path(&mounts, &mount, report);
        propagation(container, &mounts, &mount, report);
        recursive(&mounts, &mount, report);
    }
    self::devices(&devices, &mount_paths, volumes, report);
}

/// The API server leaves the mount's number out of these paths.
fn sub_path(mounts: &At, mount: &At, report: &mut Report) {
    let (path, expression) = (mount.field("subPath"), mount.field("subPathExpr"));
    if !expression.text().is_empty() && !path.text().is_empty() {
        let detail = "subPathExpr and subPath are mutually exclusive";
        report.invalid_text(&expression, expression.text(), detail);
    }
    for (field, name) in [(path, "subPath"), (expression, "subPathExpr")] {
        if !field.text().is_empty() {
            let place = field.as_path(&format!("{}.{name}", mounts.path()));
            report.all_invalid(&place, field.text(), &local_path(field.text()));
        }
    }
}

fn propagation(container: &At, mounts: &At, mount: &At, report: &mut Report) {
    let at = mount.field("mountPropagation");
    let at = at.as_path(&format!("{}.mountPropagation", mounts.path()));
    choice(&at, &PROPAGATIONS, report);
    if at.text() == "Bidirectional" && !container.field("securityContext").field("privileged").is_true() {
        report.forbidden(&at, "Bidirectional mount propagation is available only to privileged containers");
    }
}

fn recursive(mounts: &At, mount: &At, report: &mut Report) {
    let at = mount.field("recursiveReadOnly");
    let at = at.as_path(&format!("{}.recursiveReadOnly", mounts.path()));
    if !["Enabled", "IfPossible"].contains(&at.text()) {
        choice(&at, &RECURSIVE, report);
        return;
    }
    if !mount.field("readOnly").is_true() {
        report.forbidden(&at, "may only be specified when readOnly is true");
    }
    let propagation = mount.field("mountPropagation");
    if propagation.is_set() && propagation.text() != "None" {
        report.forbidden(&at, "may only be specified when mountPropagation is None or not specified");
    }
}

fn devices(devices: &At, mounts: &Map<String, String>, volumes: &Volumes, report: &mut Report) {
    let (mut names, mut paths) = (Set::new(), Set::new());
    for device in devices.items() {
        let (name, path) = (device.field("name"), device.field("devicePath"));
        if name.text().is_empty() {
            report.required(&name, "");
        }
        if names.contains(name.text()) {
            report.invalid_text(&name, name.text(), "must be unique");
        }
        match volumes.get(name.text()) {
            None => report.not_found(&name),
            Some(is_claim) if !is_claim => {
                let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                report.invalid_text(&name, name.text(), detail);
            }
            Some(_) => {}
        }
        if path.text().is_empty() {
            report.required(&path, "");
        }
        if paths.contains(path.text()) {
            report.invalid_text(&path, path.text(), "must be unique");
        }
        if no_backsteps(path.text()).is_empty() {
            paths.insert(path.text());
        } else {
            report.invalid_text(&path, path.text(), "can not contain backsteps ('..')");
        }
        if mounts.contains_key(name.text()) {
            report.invalid_text(&name, name.text(), "must not already exist in volumeMounts");
        }
        if mounts.values().any(|mount| mount == path.text()) {
            report.invalid_text(&path, path.text(), "must not already exist as a path in volumeMounts");
        }
        if !name.text().is_empty() {
            names.insert(name.text());
        }
    }
}
