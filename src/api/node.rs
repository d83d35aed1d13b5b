//! Nodes.
//!
//! Upstream: `k8s.io/api/core/v1/types.go`.

use super::meta::{ObjectMeta, null_is_default};
use super::other::Other;
use super::pod_status::ConditionStatus;
use super::quantity::Quantity;
use super::taint::Taint;
use super::well_known;
use crate::base::{Map, Time, sort_by};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// Amounts by resource name.
pub type ResourceList = Map<String, Quantity>;

/// A machine of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct Node {
    /// Metadata.
    pub metadata: ObjectMeta,
    /// What it should be.
    pub spec: NodeSpec,
    /// What it is.
    pub status: NodeStatus,
}

/// `spec` of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSpec {
    /// Cordoned.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unschedulable: bool,
    /// Taints.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub taints: Vec<Taint>,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// `status` of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeStatus {
    /// What pods may ask for in all.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub allocatable: ResourceList,
    /// What the machine has.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub capacity: ResourceList,
    /// Conditions, one a type. What a manifest says of them is not read.
    #[serde(skip)]
    #[borsh(skip)]
    pub conditions: Vec<NodeCondition>,
    /// Images on the machine, as far as its kubelet reports them.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub images: Vec<ContainerImage>,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// An image on a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerImage {
    /// Names by which it is known.
    #[serde(deserialize_with = "null_is_default")]
    pub names: Vec<String>,
    /// Size.
    pub size_bytes: i64,
}

/// Types of node conditions that are modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeConditionType {
    /// It is short of memory.
    MemoryPressure,
    /// It is short of disk.
    DiskPressure,
    /// It is short of process IDs.
    PidPressure,
    /// The kubelet is well and may run pods.
    Ready,
    /// Its network is not set up.
    NetworkUnavailable,
}

impl NodeConditionType {
    /// All of them. A packed cluster counts them by their place here.
    pub const ALL: [NodeConditionType; 5] = [
        NodeConditionType::MemoryPressure,
        NodeConditionType::DiskPressure,
        NodeConditionType::PidPressure,
        NodeConditionType::Ready,
        NodeConditionType::NetworkUnavailable,
    ];
}

/// As the API writes it.
impl fmt::Display for NodeConditionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NodeConditionType::MemoryPressure => "MemoryPressure",
            NodeConditionType::DiskPressure => "DiskPressure",
            NodeConditionType::PidPressure => "PIDPressure",
            NodeConditionType::Ready => "Ready",
            NodeConditionType::NetworkUnavailable => "NetworkUnavailable",
        })
    }
}

/// A condition of a node. What the simulation says of them is always the same: a node's four take
/// no memory for texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeCondition {
    /// Type.
    pub kind: NodeConditionType,
    /// Status.
    pub status: ConditionStatus,
    /// Reason in one word.
    pub reason: &'static str,
    /// Message for people.
    pub message: Cow<'static, str>,
    /// When the status last changed.
    pub last_transition_time: Time,
}

impl Node {
    /// The name, which identifies a node.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Status of the Ready condition; Unknown if there is none.
    #[must_use]
    pub fn ready(&self) -> ConditionStatus {
        self.condition(NodeConditionType::Ready).map_or(ConditionStatus::Unknown, |condition| condition.status)
    }

    /// A condition by its type.
    #[must_use]
    pub fn condition(&self, kind: NodeConditionType) -> Option<&NodeCondition> {
        self.status.conditions.iter().find(|condition| condition.kind == kind)
    }

    /// A label's value.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.metadata.labels.find(key).map(String::as_str)
    }

    /// Roles as `kubectl get nodes` shows them, sorted: the rest of each
    /// `node-role.kubernetes.io/…` label, and the value of `kubernetes.io/role`.
    #[must_use]
    pub fn roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> = self
            .metadata
            .labels
            .iter()
            .filter_map(|(key, value)| match key.strip_prefix(well_known::ROLE_PREFIX) {
                Some(role) if !role.is_empty() => Some(role),
                _ if key == "kubernetes.io/role" && !value.is_empty() => Some(value.as_str()),
                _ => None,
            })
            .collect();
        sort_by(&mut roles, |a, b| a.cmp(b));
        roles.dedup();
        roles
    }

    /// Whether it has the control-plane role.
    #[must_use]
    pub fn is_control_plane(&self) -> bool {
        self.metadata.labels.contains_key(well_known::CONTROL_PLANE_ROLE)
    }
}
