//! Bundles of trust and certificates that are put into volumes.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`validateProjectionSources`),
//! `pkg/apis/core/validation/names.go` (`ValidateSignerName`).
//!
//! Leaves out: bundles that are named after their signer.

use super::labels;
use super::names::{dns_label, dns_subdomain, label_key};
use super::place::{At, Report, quoted, shown};
use super::restart::one_of;
use super::volumes::{conflicting, local_unreserved_path};
use crate::base::Set;

const KEY_TYPES: [&str; 6] = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A bundle, by its name or by its signer's; its file must be none of the volume's others.
pub fn bundle<'a>(volume: &At, at: &At<'a>, paths: &mut Set<&'a str>, report: &mut Report) {
    if !at.is_set() {
        return;
    }
    let (name, signer, selector) = (at.field("name"), at.field("signerName"), at.field("labelSelector"));
    match (name.is_set(), signer.is_set()) {
        (true, true) => {
            report.invalid_shown(at, &shown_bundle(at), "only one of name and signerName may be used");
        }
        (true, false) => {
            if name.text().is_empty() {
                report.required(&name, "must be a valid object name");
            }
            for message in dns_subdomain(name.text()) {
                report.invalid_text(&name, name.text(), &format!("not a valid clustertrustbundlename: {message}"));
            }
            if selector.is_set() {
                let detail = "labelSelector must be unset if name is specified";
                report.invalid_shown(&selector, &super::go::selector(selector.value), detail);
            }
        }
        (false, true) => {
            if signer.text().is_empty() {
                report.required(&signer, "must be a valid signer name");
            }
            signer_name(&signer, report);
            labels::selector(&selector, report);
        }
        (false, false) => report.required(at, "either name or signerName must be specified"),
    }
    let path = at.field("path");
    if path.text().is_empty() {
        report.required(&path, "");
    }
    report.all_invalid_text(&path, &local_unreserved_path(path.text()));
    // Here an empty path clashes with another.
    if !paths.insert(path.text()) {
        report.invalid_text(&path.as_path(volume.path()), path.text(), "conflicting duplicate paths");
    }
}

fn shown_bundle(at: &At) -> String {
    let plain = |name: &str| shown(at.field(name).value);
    format!(
        "{{\"Name\":{},\"SignerName\":{},\"LabelSelector\":{},\"Optional\":{},\"Path\":{},\"User\":null}}",
        plain("name"),
        plain("signerName"),
        super::go::selector(at.field("labelSelector").value),
        plain("optional"),
        quoted(at.field("path").text()),
    )
}

/// A pod's certificate and its key, in one file or in two.
pub fn certificate<'a>(volume: &At, at: &At<'a>, paths: &mut Set<&'a str>, report: &mut Report) {
    if !at.is_set() {
        return;
    }
    let signer = at.field("signerName");
    signer_name(&signer, report);
    let annotations = at.field("userAnnotations");
    for (key, annotation) in annotations.entries() {
        user_annotation(&annotation.at_key(), &key.to_lowercase(), report);
    }
    one_of(&at.field("keyType"), &KEY_TYPES, report);
    let expires = at.field("maxExpirationSeconds");
    if let Some(seconds) = expires.int() {
        let domain = signer.text().split('/').next().unwrap_or_default();
        let days = if domain == "kubernetes.io" || domain.ends_with(".kubernetes.io") { 1 } else { 91 };
        if seconds < 3_600 {
            report.invalid(&expires, "if provided, maxExpirationSeconds must be >= 3600");
        }
        if seconds > days * DAY_SECONDS {
            let detail = format!("if provided, maxExpirationSeconds must be <= {}", days * DAY_SECONDS);
            report.invalid(&expires, &detail);
        }
    }
    let files = ["credentialBundlePath", "keyPath", "certificateChainPath"].map(|name| at.field(name));
    for path in files.iter().filter(|path| !path.text().is_empty()) {
        report.all_invalid_text(path, &local_unreserved_path(path.text()));
        if conflicting(path.text(), paths) {
            report.invalid_text(&path.as_path(volume.path()), path.text(), "conflicting duplicate paths");
        }
    }
    if files.iter().all(|path| path.text().is_empty()) {
        let detail = "specify at least one of credentialBundlePath, keyPath, and certificateChainPath";
        report.required(at, detail);
    }
}

/// Upstream: `IsDomainPrefixedKey`.
fn user_annotation(at: &At, key: &str, report: &mut Report) {
    let messages = label_key(key);
    if key.is_empty() {
        report.required(at, "");
    } else if messages.is_empty() && !key.contains('/') {
        report.invalid_text(at, key, "must be a domain-prefixed key (such as \"acme.io/foo\")");
    } else {
        report.all_invalid(at, key, &messages);
    }
}

/// A domain, a slash and a name.
fn signer_name(at: &At, report: &mut Report) {
    let text = at.text();
    if text.is_empty() {
        report.required(at, "");
        return;
    }
    let parts = text.split_once('/').filter(|(_, path)| !path.contains('/'));
    let Some((domain, path)) = parts else {
        let detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        report.invalid(at, detail);
        return;
    };
    if domain.len() > 253 {
        report.too_long(at, 253);
    }
    let mut labels = |part: &str, rule: fn(&str) -> Vec<String>| {
        let broken = part.split('.').map(|label| (label, rule(label))).find(|(_, messages)| !messages.is_empty());
        if let Some((label, messages)) = broken {
            for message in messages {
                report.invalid_text(at, part, &format!("validating label {}: {message}", quoted(label)));
            }
        }
    };
    labels(domain, dns_label);
    labels(path, dns_subdomain);
    if !domain.contains('.') {
        report.invalid_text(at, domain, "should be a domain with at least two segments separated by dots");
    }
    if text.len() > 253 + 1 + 253 + 63 + 1 {
        report.too_long(at, 571);
    }
}
