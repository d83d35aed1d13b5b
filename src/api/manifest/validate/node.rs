//! Nodes.
//!
//! Upstream: `pkg/apis/core/validation/validation.go` (`ValidateNode`).
//!
//! Leaves out: pod CIDRs.

use super::place::{At, Report};
use super::{resources, taints};

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
}
