//! DaemonSets.
//!
//! Upstream: `k8s.io/api/apps/v1/types.go`.

use super::int_or_percent::IntOrPercent;
use super::meta::ObjectMeta;
use super::other::Other;
use super::pod::PodTemplateSpec;
use super::selector::LabelSelector;
use super::well_known;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// One pod on every eligible node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct DaemonSet {
    /// Metadata.
    pub metadata: ObjectMeta,
    /// What should be.
    pub spec: DaemonSetSpec,
    /// What the controller last saw.
    pub status: DaemonSetStatus,
}

/// `spec` of a DaemonSet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DaemonSetSpec {
    /// Which pods are its own.
    pub selector: LabelSelector,
    /// What its pods are made from; pods share it.
    pub template: Rc<PodTemplateSpec>,
    /// How pods are replaced when the template changes.
    pub update_strategy: UpdateStrategy,
    /// How long a pod must be ready to count as available.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_ready_seconds: i32,
    /// How many old ControllerRevisions are kept; the API server's default is 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision_history_limit: Option<i32>,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// `spec.updateStrategy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateStrategy {
    /// Which.
    #[serde(rename = "type")]
    pub kind: UpdateStrategyType,
    /// Parameters of `RollingUpdate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolling_update: Option<RollingUpdateDaemonSet>,
}

/// How pods are replaced.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
pub enum UpdateStrategyType {
    /// By the controller, within a budget.
    #[default]
    RollingUpdate,
    /// When somebody deletes them.
    OnDelete,
}

/// `spec.updateStrategy.rollingUpdate`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RollingUpdateDaemonSet {
    /// How many nodes may be without an available pod during the update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_unavailable: Option<IntOrPercent>,
    /// How many nodes may have a second pod during the update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_surge: Option<IntOrPercent>,
}

/// `status` of a DaemonSet: the columns of `kubectl get daemonset`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DaemonSetStatus {
    /// Nodes that should run a pod (DESIRED).
    pub desired_number_scheduled: i32,
    /// Nodes that should and have a pod object (CURRENT).
    pub current_number_scheduled: i32,
    /// Nodes that have a pod and should not.
    pub number_misscheduled: i32,
    /// Nodes that should, and whose oldest pod is ready (READY).
    pub number_ready: i32,
    /// Nodes that should, and whose oldest pod is of the current template (UP-TO-DATE).
    #[serde(skip_serializing_if = "is_zero")]
    pub updated_number_scheduled: i32,
    /// Nodes that should, and whose oldest pod is available (AVAILABLE).
    #[serde(skip_serializing_if = "is_zero")]
    pub number_available: i32,
    /// DESIRED less AVAILABLE.
    #[serde(skip_serializing_if = "is_zero")]
    pub number_unavailable: i32,
    /// Generation of the spec that the controller last worked on.
    #[serde(skip_serializing_if = "is_zero_i64")]
    pub observed_generation: i64,
    /// How often the hash of a template met another template's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collision_count: Option<i32>,
}

impl DaemonSet {
    /// The template generation that the API server keeps in an annotation; absent if the
    /// annotation is missing or no number. Upstream: `GetTemplateGeneration`.
    #[must_use]
    pub fn template_generation(&self) -> Option<i64> {
        self.metadata.annotations.get(well_known::DEPRECATED_TEMPLATE_GENERATION)?.parse().ok()
    }
}

fn is_zero(n: &i32) -> bool {
    *n == 0
}

fn is_zero_i64(n: &i64) -> bool {
    *n == 0
}
