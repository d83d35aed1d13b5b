//! Volumes on disks and in file systems that are reached over a network.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (the rules of these sources).

use super::names::dns_label;
use super::place::{At, Report};
use super::pod::choice;
use super::volumes::local_path;

/// Texts that a source must have.
const REQUIRED: [(&str, &[&str]); 18] = [
    ("awsElasticBlockStore", &["volumeID"]),
    ("azureDisk", &["diskName", "diskURI"]),
    ("azureFile", &["secretName", "shareName"]),
    ("cinder", &["volumeID"]),
    ("flexVolume", &["driver"]),
    ("gcePersistentDisk", &["pdName"]),
    ("gitRepo", &["repository"]),
    ("glusterfs", &["endpoints", "path"]),
    ("image", &["reference"]),
    ("iscsi", &["targetPortal", "iqn"]),
    ("nfs", &["server", "path"]),
    ("photonPersistentDisk", &["pdID"]),
    ("portworxVolume", &["volumeID"]),
    ("quobyte", &["volume"]),
    ("rbd", &["image"]),
    ("scaleIO", &["gateway", "system", "volumeName"]),
    ("storageos", &["volumeName"]),
    ("vsphereVolume", &["volumePath"]),
];
const HOST_AND_PORT: &str = "must be a host:port pair or multiple pairs separated by commas";
const MANAGED_DISK: &str =
    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const BLOB: &str = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";

/// One source by its name.
pub fn check(name: &str, at: &At, report: &mut Report) {
    for (_, fields) in REQUIRED.iter().filter(|(source, _)| *source == name) {
        required(at, fields, report);
    }
    match name {
        "awsElasticBlockStore" | "gcePersistentDisk" => {
            let partition = at.field("partition");
            if partition.int().is_some_and(|number| !(0..=255).contains(&number)) {
                report.invalid(&partition, "must be between 1 and 255, inclusive");
            }
        }
        "azureDisk" => azure_disk(at, report),
        "cephfs" | "rbd" => {
            let monitors = at.field("monitors");
            if monitors.is_empty() {
                report.required(&monitors, "");
            }
        }
        "cinder" => named_secret(at, report),
        "fc" => fibre_channel(at, report),
        "flexVolume" => flex_options(&at.field("options"), report),
        "flocker" => flocker(at, report),
        "gitRepo" => {
            let directory = at.field("directory");
            report.all_invalid_text(&directory, &local_path(directory.text()));
        }
        "image" => choice(&at.field("pullPolicy"), &["Always", "IfNotPresent", "Never"], report),
        "iscsi" => iscsi(at, report),
        "nfs" => {
            let path = at.field("path");
            if !path.text().starts_with('/') {
                report.invalid_text(&path, path.text(), "must be an absolute path");
            }
        }
        "quobyte" => quobyte(at, report),
        "storageos" => {
            for name in ["volumeName", "volumeNamespace"].map(|name| at.field(name)) {
                if !name.text().is_empty() {
                    report.all_invalid_text(&name, &dns_label(name.text()));
                }
            }
            named_secret(at, report);
        }
        _ => {}
    }
}

fn required(at: &At, fields: &[&str], report: &mut Report) {
    for field in fields.iter().map(|name| at.field(name)).filter(|field| field.text().is_empty()) {
        report.required(&field, "");
    }
}

fn named_secret(at: &At, report: &mut Report) {
    let secret = at.field("secretRef");
    if secret.is_set() {
        required(&secret, &["name"], report);
    }
}

fn azure_disk(at: &At, report: &mut Report) {
    choice(&at.field("cachingMode"), &["None", "ReadOnly", "ReadWrite"], report);
    let (kind, uri) = (at.field("kind"), at.field("diskURI"));
    choice(&kind, &["Dedicated", "Managed", "Shared"], report);
    if kind.is_set() {
        let (scheme, form) =
            if kind.text() == "Managed" { ("/subscriptions/", MANAGED_DISK) } else { ("https://", BLOB) };
        if !uri.text().starts_with(scheme) {
            report.unsupported_value(&uri, &super::place::quoted(uri.text()), &[form]);
        }
    }
}

fn fibre_channel(at: &At, report: &mut Report) {
    let (targets, lun) = (at.field("targetWWNs"), at.field("lun"));
    let has_ids = !at.field("wwids").is_empty();
    if targets.is_empty() {
        if !has_ids {
            report.required(&targets, "must specify either targetWWNs or wwids, but not both");
        }
        return;
    }
    if has_ids {
        report.invalid(&targets, "targetWWNs and wwids can not be specified simultaneously");
    }
    if lun.is_set() {
        unit(&lun, report);
    } else {
        report.required(&lun, "lun is required if targetWWNs is specified");
    }
}

/// A number of a unit.
fn unit(lun: &At, report: &mut Report) {
    if lun.int().is_some_and(|number| !(0..=255).contains(&number)) {
        report.invalid(lun, "must be between 0 and 255, inclusive");
    }
}

fn flex_options(options: &At, report: &mut Report) {
    for (key, option) in options.keyed_entries() {
        let domain = key.split_once('/').map_or(key, |(domain, _)| domain);
        let domain = format!(".{}", domain.to_lowercase());
        if domain.ends_with(".kubernetes.io") || domain.ends_with(".k8s.io") {
            report.invalid_text(&option.at_key(), key, "kubernetes.io and k8s.io namespaces are reserved");
        }
    }
}

fn flocker(at: &At, report: &mut Report) {
    let (name, id) = (at.field("datasetName"), at.field("datasetUUID"));
    match (name.text().is_empty(), id.text().is_empty()) {
        (true, true) => report.required(at, "one of datasetName and datasetUUID is required"),
        (false, false) => {
            report.invalid_text(at, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        _ => {}
    }
    if name.text().contains('/') {
        report.invalid(&name, "must not contain '/'");
    }
}

fn iscsi(at: &At, report: &mut Report) {
    let (target, initiator) = (at.field("iqn"), at.field("initiatorName"));
    let initiator_place = initiator.as_path(&format!("{}.initiatorname", at.path()));
    for (name, place) in [(&target, &target), (&initiator, &initiator_place)] {
        let is_told = if name.value == target.value { !name.text().is_empty() } else { name.is_set() };
        if is_told && let Some(message) = iscsi_name(name.text()) {
            report.invalid_text(place, name.text(), message);
        }
    }
    unit(&at.field("lun"), report);
    let authenticates = ["chapAuthDiscovery", "chapAuthSession"].iter().any(|name| at.field(name).is_true());
    let secret = at.field("secretRef");
    if authenticates && !secret.is_set() {
        report.required(&secret, "");
    }
}

fn iscsi_name(name: &str) -> Option<&'static str> {
    let of_letters = |rest: Option<&str>, count: usize| {
        rest.is_some_and(|rest| rest.len() == count && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
    };
    // Any letter may stand behind these two.
    let behind = |prefix: &str| {
        let mut rest = name.strip_prefix(prefix)?.chars();
        rest.next().filter(|c| *c != '\n')?;
        Some(rest.as_str())
    };
    let is_well_formed = match name.get(..3) {
        Some("iqn") => name.match_indices("iqn.").any(|(at, _)| name.get(at + 4..).is_some_and(is_qualified)),
        Some("eui") => of_letters(behind("eui"), 16),
        Some("naa") => of_letters(behind("naa"), 32),
        _ => return Some("must be valid format starting with iqn, eui, or naa"),
    };
    (!is_well_formed).then_some("must be valid format")
}

/// A date, a domain and a name, as in `2001-04.com.example:storage`.
fn is_qualified(text: &str) -> bool {
    let digits = |text: Option<&str>| text.is_some_and(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let Some((domain, name)) = text.get(8..).and_then(|rest| rest.split_once(':')) else { return false };
    digits(text.get(..4))
        && digits(text.get(5..7))
        && text.get(4..5) == Some("-")
        && text.get(7..8) == Some(".")
        && !domain.is_empty()
        && domain.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
        && !name.is_empty()
        && !name.contains(|c: char| ",;*&$|\t\n\x0c\r ".contains(c))
}

fn quobyte(at: &At, report: &mut Report) {
    let (registry, tenant) = (at.field("registry"), at.field("tenant"));
    if registry.text().is_empty() {
        report.required(&registry, HOST_AND_PORT);
    } else if tenant.text().len() >= 65 {
        report.required(&tenant, "must be a UUID and may not exceed a length of 64 characters");
    } else if !registry.text().split(',').all(is_host_and_port) {
        report.invalid(&registry, HOST_AND_PORT);
    }
}

/// Upstream: Go's `net.SplitHostPort`.
fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let is_host = match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']').is_some_and(|host| !host.contains(['[', ']'])),
        None => !host.contains([':', '[', ']']),
    };
    is_host && !port.contains(['[', ']'])
}
