//! Volumes and their mounts.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidateVolumes`,
//! `ValidateVolumeMounts`).
//!
//! Leaves out: the rules of sources but hostPath, configMap, secret and projected ones.

use super::names::dns_label;
use super::place::{At, Report, quoted};
use super::pod::choice;
use crate::base::Set;

const HOST_PATH_TYPES: [&str; 8] =
    ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
const PROPAGATIONS: [&str; 3] = ["Bidirectional", "HostToContainer", "None"];

/// Checks volumes and gives the names of the valid ones: only they can be mounted.
pub fn volumes<'a>(at: &At<'a>, report: &mut Report) -> Set<&'a str> {
    let mut names = Set::new();
    for volume in at.items() {
        let before = report.faults.len();
        let name = volume.field("name");
        host_path(&volume.field("hostPath"), report);
        files(&volume.field("configMap"), "name", report);
        files(&volume.field("secret"), "secretName", report);
        for source in volume.field("projected").field("sources").items() {
            files(&source.field("configMap"), "name", report);
            files(&source.field("secret"), "name", report);
        }
        if name.text().is_empty() {
            report.required(&name, "");
        } else {
            report.all_invalid(&name, name.text(), &dns_label(name.text()));
        }
        if names.contains(name.text()) {
            report.duplicate(&name, &quoted(name.text()), "");
        }
        if report.faults.len() == before {
            names.insert(name.text());
        }
    }
    names
}

fn host_path(at: &At, report: &mut Report) {
    let path = at.field("path");
    if !at.is_set() {
        return;
    }
    if path.text().is_empty() {
        report.required(&path, "");
        return;
    }
    backsteps(&path, report);
    choice(&at.field("type"), &HOST_PATH_TYPES, report);
}

/// Files made of the entries of an object that must be named.
fn files(at: &At, name: &str, report: &mut Report) {
    let name = at.field(name);
    if at.is_set() && name.text().is_empty() {
        report.required(&name, "");
    }
    for item in at.field("items").items() {
        for part in ["key", "path"] {
            let part = item.field(part);
            if part.text().is_empty() {
                report.required(&part, "");
            }
        }
        backsteps(&item.field("path"), report);
    }
}

fn backsteps(path: &At, report: &mut Report) {
    if path.text().split('/').any(|part| part == "..") {
        report.invalid(path, "must not contain '..'");
    }
}

/// A container's mounts.
pub fn mounts(container: &At, volumes: &Set<&str>, report: &mut Report) {
    let mounts = container.field("volumeMounts");
    let mut paths = Set::new();
    for mount in mounts.items() {
        let (name, path) = (mount.field("name"), mount.field("mountPath"));
        if name.text().is_empty() {
            report.required(&name, "");
        }
        if !volumes.contains(name.text()) {
            report.not_found(&name);
        }
        if path.text().is_empty() {
            report.required(&path, "");
        }
        if !paths.insert(path.text()) {
            report.invalid_text(&path, path.text(), "must be unique");
        }
        propagation(container, &mount, report);
    }
}

/// The API server leaves the mount's number out of the path.
fn propagation(container: &At, mount: &At, report: &mut Report) {
    let at = mount.field("mountPropagation");
    let at = at.as_path(&format!("{}.volumeMounts.mountPropagation", container.path()));
    choice(&at, &PROPAGATIONS, report);
    if at.text() == "Bidirectional" && !container.field("securityContext").field("privileged").is_true() {
        report.forbidden(&at, "Bidirectional mount propagation is available only to privileged containers");
    }
}
