//! Node affinity as it is written. What it decides is in `rules::node_affinity`.
//!
//! Upstream: `k8s.io/api/core/v1/types.go`.

use super::meta::null_is_default;
use super::other::Other;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// The only field that `matchFields` knows.
pub const METADATA_NAME: &str = "metadata.name";

/// `spec.affinity`. Pod affinity and anti-affinity are kept in `other`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Affinity {
    /// Which nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_affinity: Option<NodeAffinity>,
    /// Pod affinity and anti-affinity, unread.
    #[serde(flatten)]
    pub other: Other,
}

/// `spec.affinity.nodeAffinity`. Preferences are kept in `other`: they never decide
/// whether a daemon pod may run on a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeAffinity {
    /// What a node must satisfy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_during_scheduling_ignored_during_execution: Option<NodeSelector>,
    /// Preferences, unread.
    #[serde(flatten)]
    pub other: Other,
}

/// Terms of which one must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelector {
    /// The terms, ORed. None of them: no node matches.
    #[serde(deserialize_with = "null_is_default")]
    pub node_selector_terms: Vec<NodeSelectorTerm>,
}

/// Requirements all of which must hold. An empty term matches no node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NodeSelectorTerm {
    /// Requirements on labels.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub match_expressions: Vec<NodeSelectorRequirement>,
    /// Requirements on fields; `metadata.name` is the only one.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub match_fields: Vec<NodeSelectorRequirement>,
}

/// One requirement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
pub struct NodeSelectorRequirement {
    /// Label key or field.
    pub key: String,
    /// How to compare.
    pub operator: NodeSelectorOperator,
    /// What to compare with.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub values: Vec<String>,
}

/// How a requirement compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
pub enum NodeSelectorOperator {
    /// The label has one of the values.
    In,
    /// The label is absent or has none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
    /// The label is a whole number above the value.
    Gt,
    /// The label is a whole number below the value.
    Lt,
}

impl NodeSelector {
    /// The selector that pins a daemon pod to a node.
    /// Upstream: `ReplaceDaemonSetPodNodeNameNodeAffinity`.
    pub fn pinned_to(node: impl Into<String>) -> NodeSelector {
        NodeSelector {
            node_selector_terms: vec![NodeSelectorTerm {
                match_expressions: Vec::new(),
                match_fields: vec![NodeSelectorRequirement {
                    key: METADATA_NAME.to_owned(),
                    operator: NodeSelectorOperator::In,
                    values: vec![node.into()],
                }],
            }],
        }
    }
}
