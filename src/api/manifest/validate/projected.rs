//! Volumes that several sources fill.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateProjectionSources`).

use super::certificates;
use super::place::{At, Report};
use super::volumes::{conflicting, downward_file, file_mode, key_to_path, local_unreserved_path};
use crate::base::Set;

const SOURCES: [&str; 6] =
    ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];

/// The sources, whose files must not clash.
pub fn check(at: &At, report: &mut Report) {
    file_mode(&at.field("defaultMode"), report);
    let mut paths = Set::new();
    for source in at.field("sources").items() {
        for name in ["secret", "configMap"] {
            let object = source.field(name);
            if object.is_set() {
                entries(at, &object, &mut paths, report);
            }
        }
        let downward = source.field("downwardAPI");
        for file in downward.field("items").items() {
            downward_file(&file, downward.path(), report);
            let path = file.field("path").text();
            if conflicting(path, &mut paths) {
                report.invalid_text(&file.as_path(at.path()), path, "conflicting duplicate paths");
            }
        }
        token(at, &source.field("serviceAccountToken"), report);
        certificates::bundle(at, &source.field("clusterTrustBundle"), &mut paths, report);
        certificates::certificate(at, &source.field("podCertificate"), &mut paths, report);
        if SOURCES.iter().filter(|name| source.field(name).is_set()).count() > 1 {
            report.forbidden(&source, "may not specify more than 1 volume type per source");
        }
    }
}

fn entries<'a>(at: &At, object: &At<'a>, paths: &mut Set<&'a str>, report: &mut Report) {
    let name = object.field("name");
    if name.text().is_empty() {
        report.required(&name, "");
    }
    for item in object.field("items").items() {
        key_to_path(&item, report);
        if conflicting(item.field("path").text(), paths) {
            report.invalid_text(&item.as_path(at.path()), name.text(), "conflicting duplicate paths");
        }
    }
}

/// The API server tells the path under the volume.
fn token(at: &At, token: &At, report: &mut Report) {
    if !token.is_set() {
        return;
    }
    let expires = token.field("expirationSeconds");
    let seconds = expires.int().unwrap_or(0);
    if seconds < 600 {
        report.invalid(&expires, "may not specify a duration less than 10 minutes");
    } else if seconds > 1 << 32 {
        report.invalid(&expires, "may not specify a duration larger than 2^32 seconds");
    }
    let path = token.field("path");
    let place = path.as_path(&format!("{}.path", at.path()));
    if path.text().is_empty() {
        report.required(&place, "");
    } else {
        report.all_invalid(&place, path.text(), &local_unreserved_path(path.text()));
    }
}
