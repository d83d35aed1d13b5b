//! Volumes and their sources.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidateVolumes`, `validateVolumeSource`
//! and the rules of each source).

use super::env::{self, IN_FILES};
use super::names::{dns_label, dns_subdomain};
use super::place::{At, Report, quoted};
use super::pod::{Template, choice};
use super::{claims, projected, storage};
use crate::base::{Map, Set};

/// The names of valid volumes, and whether a volume is a claim.
pub type Volumes<'a> = Map<&'a str, bool>;

const HOST_PATH_TYPES: [&str; 8] =
    ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

/// The sources in the order in which they are looked at: only the first may be set.
const SOURCES: [(&str, &str); 28] = [
    ("emptyDir", "emptyDir"),
    ("hostPath", "hostPath"),
    ("gitRepo", "gitRepo"),
    ("gcePersistentDisk", "gcePersistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("secret", "secret"),
    ("nfs", "nfs"),
    ("iscsi", "iscsi"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("persistentVolumeClaim", "persistentVolumeClaim"),
    ("rbd", "rbd"),
    ("cinder", "cinder"),
    ("cephfs", "cephFS"),
    ("quobyte", "quobyte"),
    ("downwardAPI", "downwarAPI"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("configMap", "configMap"),
    ("azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk"),
    ("storageos", "storageos"),
    ("projected", "projected"),
    ("scaleIO", "scaleIO"),
    ("csi", "csi"),
];
const LATE_SOURCES: [(&str, &str); 2] = [("ephemeral", "ephemeral"), ("image", "image")];

/// Checks volumes and gives the names of the valid ones: only they can be mounted. Before them
/// come the owner's claims, which stand in for volumes of their names.
/// Upstream: `ValidateVolumes`, `volumesToAddForTemplates` for StatefulSets.
pub fn with_claims<'a>(at: &At<'a>, owner: &Template<'a>, report: &mut Report) -> Volumes<'a> {
    let (mut names, mut claimed) = (Map::new(), Set::new());
    for name in owner.claims.iter().map(|claim| claim.field("metadata").field("name")) {
        if !claimed.insert(name.text()) {
            continue;
        }
        let path = format!("{}[{}]", at.path(), claimed.len() - 1);
        if name.text().is_empty() {
            report.required(&name.as_path(&format!("{path}.persistentVolumeClaim.claimName")), "");
        }
        named(&name.as_path(&format!("{path}.name")), true, &mut names, report.faults.len(), report);
    }
    let own = at.items().filter(|volume| !claimed.contains(volume.field("name").text()));
    for (index, volume) in own.enumerate() {
        let volume = volume.as_path(&format!("{}[{}]", at.path(), claimed.len() + index));
        let before = report.faults.len();
        source(&volume, report);
        claim_name(&volume, owner.pod, report);
        let is_claim = ["persistentVolumeClaim", "ephemeral"].iter().any(|name| volume.field(name).is_set());
        named(&volume.field("name"), is_claim, &mut names, before, report);
    }
    names
}

/// Takes in a volume of which nothing has been wrong since there were so many faults.
fn named<'a>(name: &At<'a>, is_claim: bool, names: &mut Volumes<'a>, before: usize, report: &mut Report) {
    if name.text().is_empty() {
        report.required(name, "");
    } else {
        report.all_invalid(name, name.text(), &dns_label(name.text()));
    }
    if names.contains_key(name.text()) {
        report.duplicate(name, &quoted(name.text()), "");
    }
    if report.faults.len() == before {
        names.insert(name.text(), is_claim);
    }
}

/// A volume that is claimed for a pod alone is named after both.
fn claim_name(volume: &At, pod: &str, report: &mut Report) {
    let (name, is_first) = (volume.field("name"), SOURCES.iter().all(|(name, _)| !volume.field(name).is_set()));
    if pod.is_empty() || name.text().is_empty() || !is_first || !volume.field("ephemeral").is_set() {
        return;
    }
    let claim = format!("{pod}-{}", name.text());
    for message in dns_subdomain(&claim) {
        report.invalid_text(&name, name.text(), &format!("PVC name {}: {message}", quoted(&claim)));
    }
}

fn source(volume: &At, report: &mut Report) {
    let mut is_first = true;
    for (name, told_as) in SOURCES.iter().chain(&LATE_SOURCES) {
        let at = volume.field(name);
        if !at.is_set() {
            continue;
        }
        if is_first {
            // The API server calls it otherwise here.
            let told_as = if *name == "gcePersistentDisk" { "persistentDisk" } else { name };
            of_source(name, &at.as_path(&format!("{}.{told_as}", volume.path())), report);
        } else {
            let place = at.as_path(&format!("{}.{told_as}", volume.path()));
            report.forbidden(&place, "may not specify more than 1 volume type");
        }
        if *name == "iscsi" {
            initiator(volume, &at, report);
        }
        is_first = false;
    }
    if is_first {
        report.required(volume, "must specify a volume type");
    }
}

/// Both names together are a name of the node's.
fn initiator(volume: &At, at: &At, report: &mut Report) {
    let name = volume.field("name");
    if at.field("initiatorName").is_set() && name.text().len() + 1 + at.field("targetPortal").text().len() > 64 {
        let detail = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
        report.invalid_text(&name, name.text(), detail);
    }
}

fn of_source(name: &str, at: &At, report: &mut Report) {
    match name {
        "emptyDir" => empty_dir(at, report),
        "hostPath" => host_path(at, report),
        "secret" => files(at, "secretName", report),
        "configMap" => files(at, "name", report),
        "projected" => projected::check(at, report),
        "downwardAPI" => downward(at, report),
        "persistentVolumeClaim" => {
            let claim = at.field("claimName");
            if claim.text().is_empty() {
                report.required(&claim, "");
            }
        }
        "ephemeral" => {
            let template = at.field("volumeClaimTemplate");
            if template.is_set() {
                claims::template(&template, report);
            } else {
                report.required(&template, "");
            }
        }
        "csi" => csi(at, report),
        _ => storage::check(name, at, report),
    }
}

/// Upstream: `ValidateCSIDriverName`; the place of the secret's name is upstream's own.
fn csi(at: &At, report: &mut Report) {
    let driver = at.field("driver");
    if driver.text().is_empty() {
        report.required(&driver, "");
    } else {
        if driver.text().len() > 63 {
            report.too_long(&driver, 63);
        }
        report.all_invalid_text(&driver, &dns_subdomain(&driver.text().to_lowercase()));
    }
    let secret = at.field("nodePublishSecretRef");
    let name = secret.field("name");
    if secret.is_set() && name.text().is_empty() {
        report.required(&name, "");
    } else if secret.is_set() {
        report.all_invalid_text(&name.as_path(&format!("{}.name", at.path())), &dns_subdomain(name.text()));
    }
}

fn empty_dir(at: &At, report: &mut Report) {
    let limit = at.field("sizeLimit");
    if limit.text().starts_with('-') {
        report.forbidden(&limit, "SizeLimit field must be a valid resource quantity");
    }
    mode(&at.field("mode"), 0o1777, "01777", report);
}

fn host_path(at: &At, report: &mut Report) {
    let path = at.field("path");
    if path.text().is_empty() {
        report.required(&path, "");
        return;
    }
    report.all_invalid(&path, path.text(), &no_backsteps(path.text()));
    choice(&at.field("type"), &HOST_PATH_TYPES, report);
}

/// Files made of the entries of an object that must be named.
fn files(at: &At, name: &str, report: &mut Report) {
    let name = at.field(name);
    if name.text().is_empty() {
        report.required(&name, "");
    }
    file_mode(&at.field("defaultMode"), report);
    at.field("items").items().for_each(|item| key_to_path(&item, report));
}

fn downward(at: &At, report: &mut Report) {
    file_mode(&at.field("defaultMode"), report);
    at.field("items").items().for_each(|file| downward_file(&file, at.path(), report));
}

/// A file that holds a field of the pod. The API server tells the source's place, not the file's.
pub fn downward_file(file: &At, place: &str, report: &mut Report) {
    let at = |name: &str| file.field(name).as_path(&format!("{place}.{name}"));
    let path = at("path");
    if path.text().is_empty() {
        report.required(&path, "");
    }
    report.all_invalid(&path, path.text(), &local_unreserved_path(path.text()));
    let (field, resource) = (file.field("fieldRef"), file.field("resourceFieldRef"));
    if field.is_set() {
        env::field_ref(&at("fieldRef"), &IN_FILES, report);
        if resource.is_set() {
            let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
            report.invalid_text(&file.as_path(place), "resource", detail);
        }
    } else if resource.is_set() {
        env::resource_ref(&at("resourceFieldRef"), true, report);
    } else {
        report.required(&file.as_path(place), "one of fieldRef and resourceFieldRef is required");
    }
    file_mode(&at("mode"), report);
}

/// A key and the file that it becomes.
pub fn key_to_path(item: &At, report: &mut Report) {
    for part in ["key", "path"] {
        let part = item.field(part);
        if part.text().is_empty() {
            report.required(&part, "");
        }
    }
    let path = item.field("path");
    report.all_invalid(&path, path.text(), &local_unreserved_path(path.text()));
    file_mode(&item.field("mode"), report);
}

/// The permissions of a file.
pub fn file_mode(at: &At, report: &mut Report) {
    mode(at, 0o777, "0777", report);
}

fn mode(at: &At, most: i64, told_as: &str, report: &mut Report) {
    if at.int().is_some_and(|mode| !(0..=most).contains(&mode)) {
        report.invalid(at, &format!("must be a number between 0 and {told_as} (octal), both inclusive"));
    }
}

/// No part of a path leads upwards.
pub fn no_backsteps(path: &str) -> Vec<String> {
    if path.split('/').any(|part| part == "..") { vec!["must not contain '..'".to_owned()] } else { Vec::new() }
}

/// A path downwards from where it is used.
pub fn local_path(path: &str) -> Vec<String> {
    let mut messages = Vec::new();
    if path.starts_with('/') {
        messages.push("must be a relative path".to_owned());
    }
    messages.extend(no_backsteps(path));
    messages
}

/// The same, and no name that Kubernetes keeps for itself.
pub fn local_unreserved_path(path: &str) -> Vec<String> {
    let mut messages = local_path(path);
    if path.starts_with("..") && !path.starts_with("../") {
        messages.push("must not start with '..'".to_owned());
    }
    messages
}

/// Paths that are there before.
pub fn conflicting<'a>(path: &'a str, seen: &mut Set<&'a str>) -> bool {
    !path.is_empty() && !seen.insert(path)
}
