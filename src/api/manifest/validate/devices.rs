//! Claims of devices: those of a pod, and which of them a container uses.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validatePodResourceClaims`,
//! `validateResourceClaimNames`).
//!
//! Leaves out: static pods, which have none.

use super::go;
use super::names::{dns_label, dns_subdomain};
use super::place::{At, Report, quoted};
use crate::base::Set;

/// A claim as Go prints it.
const CLAIM: [(&str, &str); 3] =
    [("name", "\"\""), ("resourceClaimName", "null"), ("resourceClaimTemplateName", "null")];

/// A pod's.
pub fn of_pod(claims: &At, report: &mut Report) {
    let mut names = Set::new();
    for claim in claims.items() {
        let name = claim.field("name");
        if name.text().is_empty() {
            report.required(&name, "");
        } else if names.insert(name.text()) {
            report.all_invalid_text(&name, &dns_label(name.text()));
        } else {
            report.duplicate(&name, &quoted(name.text()), "");
        }
        let sources = ["resourceClaimName", "resourceClaimTemplateName"].map(|name| claim.field(name));
        let detail = match sources.iter().filter(|source| source.is_set()).count() {
            0 => "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`",
            1 => "",
            _ => "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified",
        };
        if !detail.is_empty() {
            report.invalid_shown(&claim, &go::untagged(claim.value, &CLAIM), detail);
        }
        for source in sources.iter().filter(|source| source.is_set()) {
            report.all_invalid_text(source, &dns_subdomain(source.text()));
        }
    }
}

/// Those that a container uses of the pod's.
pub fn of_container(used: &At, of_pod: &At, report: &mut Report) {
    let claims = of_pod.items().map(|claim| claim.field("name").text()).filter(|name| !name.is_empty());
    let claims: Set<&str> = claims.collect();
    let mut seen: Set<(&str, &str)> = Set::new();
    for claim in used.items() {
        let (name, request) = (claim.field("name").text(), claim.field("request"));
        if name.is_empty() {
            report.required(&claim, "");
            continue;
        }
        if seen.contains(&(name, "")) {
            report.duplicate(&claim, &quoted(name), "");
        } else {
            if !request.text().is_empty() {
                report.all_invalid_text(&request, &dns_label(request.text()));
            }
            if seen.contains(&(name, request.text())) {
                report.duplicate(&claim, &quoted(&format!("{name}/{}", request.text())), "");
            } else if request.text().is_empty() && seen.iter().any(|(of, _)| *of == name) {
                report.duplicate(&claim, &quoted(name), "");
            }
            seen.insert((name, request.text()));
        }
        if !claims.contains(&name) {
            let known: Vec<&str> = claims.iter().copied().collect();
            let known = if known.is_empty() { " which is empty".to_owned() } else { format!(": {}", known.join(", ")) };
            report.not_found_name(&claim, name, &format!("must be one of the names in pod.spec.resourceClaims{known}"));
        }
    }
}
