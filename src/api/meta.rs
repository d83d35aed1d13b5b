//! Object metadata and references between objects.
//!
//! Upstream: `k8s.io/apimachinery/pkg/apis/meta/v1/types.go`.

use crate::base::{Map, Time};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::rc::Rc;

/// Labels or annotations.
pub type Labels = Map<String, String>;

/// The UID of an object; empty until the API server gives it one.
pub type Uid = String;

/// Namespace (empty for cluster-scoped objects) and name.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    BorshSerialize,
    BorshDeserialize,
)]
pub struct Key {
    /// Namespace; empty for nodes.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl Key {
    /// A key from its two parts.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Key {
        Key { namespace: namespace.into(), name: name.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            write!(f, "{}", self.name)
        } else {
            write!(f, "{}/{}", self.namespace, self.name)
        }
    }
}

/// The kinds of objects that are simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// A machine.
    Node,
    /// One pod on every eligible node.
    DaemonSet,
    /// A pod.
    Pod,
    /// A past or present template of a DaemonSet.
    ControllerRevision,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Node => "Node",
            Kind::DaemonSet => "DaemonSet",
            Kind::Pod => "Pod",
            Kind::ControllerRevision => "ControllerRevision",
        })
    }
}

/// An object by kind and key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// Kind.
    pub kind: Kind,
    /// Namespace and name.
    pub key: Key,
}

impl ObjectRef {
    /// A reference from its parts.
    #[must_use]
    pub fn new(kind: Kind, key: Key) -> ObjectRef {
        ObjectRef { kind, key }
    }

    /// A reference to a node.
    pub fn node(name: impl Into<String>) -> ObjectRef {
        ObjectRef { kind: Kind::Node, key: Key::new("", name) }
    }
}

/// Who owns an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerReference {
    /// API version of the owner.
    #[serde(default)]
    pub api_version: String,
    /// Kind of the owner, e.g. `DaemonSet`.
    pub kind: String,
    /// Name of the owner, in the object's own namespace.
    pub name: String,
    /// UID of the owner: a later object of the same name is not it.
    #[serde(default)]
    pub uid: Uid,
    /// Whether the owner is the object's managing controller.
    #[serde(default)]
    pub controller: bool,
    /// Whether foreground deletion of the owner waits for this object.
    #[serde(default)]
    pub block_owner_deletion: bool,
}

impl OwnerReference {
    /// The reference that makes a DaemonSet the managing controller.
    /// Upstream: `metav1.NewControllerRef`.
    #[must_use]
    pub fn controller_of(daemon_set: &super::DaemonSet) -> OwnerReference {
        OwnerReference {
            api_version: "apps/v1".to_owned(),
            kind: "DaemonSet".to_owned(),
            name: daemon_set.metadata.name.clone(),
            uid: daemon_set.metadata.uid.clone(),
            controller: true,
            block_owner_deletion: true,
        }
    }
}

/// Metadata of an object. Timestamps are instants of the simulation and are not read from
/// manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMeta {
    /// Name, unique within kind and namespace.
    pub name: String,
    /// Prefix that the API server completes to a name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub generate_name: String,
    /// Namespace; empty for nodes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// UID.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: Uid,
    /// Grows with every write to any object.
    #[serde(skip)]
    pub resource_version: u64,
    /// Grows with every change of the spec.
    pub generation: i64,
    /// Labels, shared by pods that are made together.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub labels: Rc<Labels>,
    /// Annotations.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub annotations: Labels,
    /// Owners, shared like labels; at most one has `controller` set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owner_references: Rc<Vec<OwnerReference>>,
    /// When the object was created (kept to the millisecond; Kubernetes compares seconds).
    #[serde(skip)]
    pub creation_timestamp: Time,
    /// When a graceful deletion will be due; the object is being deleted if set.
    #[serde(skip)]
    pub deletion_timestamp: Option<Time>,
    /// Grace period of the deletion under way, in seconds.
    #[serde(skip)]
    pub deletion_grace_period_seconds: Option<i64>,
    /// What must be done before the object may vanish, e.g. `foregroundDeletion`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<String>,
}

impl ObjectMeta {
    /// Namespace and name.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::new(self.namespace.clone(), self.name.clone())
    }

    /// The labels, to be changed.
    pub fn labels_mut(&mut self) -> &mut Labels {
        Rc::make_mut(&mut self.labels)
    }

    /// The managing controller, if any. Upstream: `metav1.GetControllerOf`.
    #[must_use]
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references.iter().find(|owner| owner.controller)
    }

    /// Whether `uid` is the managing controller.
    #[must_use]
    pub fn is_controlled_by(&self, uid: &str) -> bool {
        self.controller().is_some_and(|owner| owner.uid == uid)
    }

    /// Whether the object is being deleted.
    #[must_use]
    pub fn is_deleting(&self) -> bool {
        self.deletion_timestamp.is_some()
    }
}

/// Reads `null` as an absent field, as Go's decoder does.
pub(super) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(<Option<T> as Deserialize>::deserialize(deserializer)?.unwrap_or_default())
}
