//! The API server's rules, told in its own words at the place of the offending value.
//! One rule is one function; an object is walked as JSON, defaulted, beside its tree.
//!
//! Upstream: `pkg/apis/apps/validation`, `pkg/apis/core/validation`,
//! `k8s.io/apimachinery/pkg/{api,apis/meta/v1,util}/validation`.
//!
//! Leaves out: sources of volumes but hostPath, security contexts, pod (anti-)affinity, DNS,
//! topology spread, and what only updates break.

mod affinity;
mod container;
mod daemon_set;
mod labels;
mod metadata;
mod names;
mod node;
mod place;
mod pod;
mod probe;
mod resources;
mod taints;
mod volumes;

pub use place::{At, Report};

/// Checks a DaemonSet.
pub fn daemon_set(object: &At, report: &mut Report) {
    metadata::check(&object.field("metadata"), true, report);
    daemon_set::check(&object.field("spec"), report);
}

/// Checks a node.
pub fn node(object: &At, report: &mut Report) {
    metadata::check(&object.field("metadata"), false, report);
    node::check(object, report);
}
