//! ControllerRevisions: the history of a DaemonSet's templates.
//!
//! Upstream: `k8s.io/api/apps/v1/types.go`.

use super::meta::ObjectMeta;
use super::pod::PodTemplateSpec;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// A template that a DaemonSet has or had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ControllerRevision {
    /// Metadata.
    pub metadata: ObjectMeta,
    /// The template. Upstream keeps it as a patch that replaces `spec.template`.
    pub data: Rc<PodTemplateSpec>,
    /// Number: the highest is the current one.
    pub revision: i64,
}
