//! Nodes.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidateNode`,
//! `ValidateNodeUpdate`).
//!
//! Leaves out: features that a node declares.

use super::names::{cidr, is_cidr};
use super::place::{At, Report, shown};
use super::{resources, taints};
use crate::base::Set;

/// No address twice; only of a node that is stored already.
pub fn addresses(node: &At, report: &mut Report) {
    let mut seen = Set::new();
    for address in node.field("status").field("addresses").items() {
        let (kind, text) = (address.field("type"), address.field("address"));
        if !seen.insert((kind.text(), text.text())) {
            let shown = format!("{{\"Type\":{},\"Address\":{}}}", shown(kind.value), shown(text.value));
            report.duplicate(&address, &shown, "");
        }
    }
}

/// Taints, which the API server reports under `metadata`, and amounts.
pub fn check(node: &At, report: &mut Report) {
    taints::taints(&node.field("spec").field("taints").as_path("metadata.taints"), report);
    for name in ["capacity", "allocatable"] {
        let amounts = node.field("status").field(name);
        for (resource, amount) in amounts.entries() {
            let path = format!("{}.{resource}", amounts.path());
            resources::quantity_value(&amount.as_path(&path), resource, report);
        }
    }
    let ranges = node.field("spec").field("podCIDRs");
    for range in ranges.items() {
        report.all_invalid_text(&range, &cidr(range.text()));
    }
    let texts = || ranges.items().map(|range| range.text());
    if ranges.len() < 2 {
        return;
    }
    let broken = texts().enumerate().find(|(_, text)| !is_cidr(text));
    if let Some((index, text)) = broken {
        let detail = format!(
            "invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[{index}]: <nil> (invalid CIDR address: {text})"
        );
        report.internal_error(&ranges, &detail);
    }
    let is_v6 = |text: &str| text.contains(':');
    let is_dual = texts().any(is_v6) && !texts().all(is_v6);
    if broken.is_some() || !is_dual || ranges.len() > 2 {
        report.invalid(&ranges, "may specify no more than one CIDR for each IP family");
    }
}
