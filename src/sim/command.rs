//! What can be done to the cluster from outside. A command is data: the timeline keeps it
//! and applies it again on every replay.

use crate::api::{DaemonSet, Key, Node, NodeConditionType, Taint, TaintEffect};
use crate::rules::drain::DrainOptions;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A change of the cluster by its user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", tag = "do")]
pub enum Command {
    /// Create the DaemonSet, or make the existing one like it: what `kubectl apply` has merged.
    ApplyDaemonSet {
        /// The object, with the API server's defaults.
        daemon_set: Box<DaemonSet>,
    },
    /// Create a node (a machine joins), or make labels, annotations and spec of an existing one
    /// like it.
    ApplyNode {
        /// The object.
        node: Box<Node>,
    },
    /// A machine joins the cluster.
    AddNode {
        /// The node; its name must be new.
        node: Box<Node>,
    },
    /// `kubectl delete node`: the object goes, and with it what the API knows of the machine.
    DeleteNode {
        /// Name.
        name: String,
    },
    /// `kubectl label node --overwrite`.
    LabelNode {
        /// Name of the node.
        name: String,
        /// Label key.
        key: String,
        /// New value; absent removes the label.
        value: Option<String>,
    },
    /// `kubectl taint node --overwrite`.
    TaintNode {
        /// Name of the node.
        name: String,
        /// The taint; replaces one of the same key and effect.
        taint: Taint,
    },
    /// `kubectl taint node key:effect-`.
    UntaintNode {
        /// Name of the node.
        name: String,
        /// Key.
        key: String,
        /// Effect; absent removes all effects of the key.
        effect: Option<TaintEffect>,
    },
    /// `kubectl cordon` and `kubectl uncordon`.
    CordonNode {
        /// Name of the node.
        name: String,
        /// Whether it is to be cordoned.
        unschedulable: bool,
    },
    /// `kubectl drain`: cordon and evict. If something may not be evicted nothing is, and the
    /// node is cordoned all the same; only where it was already is the command refused.
    DrainNode {
        /// Name of the node.
        name: String,
        /// Flags.
        #[serde(default)]
        options: DrainOptions,
    },
    /// Something happens to the machine.
    BreakNode {
        /// Name of the node.
        name: String,
        /// What.
        fault: Fault,
    },
    /// The machine works again.
    RepairNode {
        /// Name of the node.
        name: String,
    },
    /// `kubectl delete pod`.
    DeletePod {
        /// The pod.
        key: Key,
    },
    /// `kubectl delete daemonset`.
    DeleteDaemonSet {
        /// The DaemonSet.
        key: Key,
        /// What becomes of its pods and revisions.
        cascade: Cascade,
    },
}

/// What becomes of the dependents of a deleted object.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Cascade {
    /// The object goes at once, the garbage collector deletes its dependents.
    #[default]
    Background,
    /// The dependents go first.
    Foreground,
    /// The dependents stay, without an owner.
    Orphan,
}

/// What can happen to a machine.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Fault {
    /// The kubelet stops or the network is cut: no more heartbeats; what runs is frozen in
    /// the eyes of the API. After the grace period the node is Unknown and unreachable.
    Unreachable,
    /// The kubelet reports that it is not ready (its runtime is down).
    NotReady,
    /// The kubelet reports that disk runs short: it takes no new pods.
    DiskPressure,
    /// The kubelet reports that memory runs short: it takes no new pods without requests, but
    /// for those that tolerate it.
    MemoryPressure,
    /// The kubelet reports that process IDs run short: it takes no new pods.
    PidPressure,
    /// The network's controller reports that the node has none.
    NetworkUnavailable,
}

impl Fault {
    /// The condition that is not as it should be; nothing of a machine that is cut off.
    #[must_use]
    pub fn condition(self) -> Option<NodeConditionType> {
        Some(match self {
            Fault::Unreachable => return None,
            Fault::NotReady => NodeConditionType::Ready,
            Fault::DiskPressure => NodeConditionType::DiskPressure,
            Fault::MemoryPressure => NodeConditionType::MemoryPressure,
            Fault::PidPressure => NodeConditionType::PidPressure,
            Fault::NetworkUnavailable => NodeConditionType::NetworkUnavailable,
        })
    }

    /// Whether nothing starts, stops or is reported any more.
    #[must_use]
    pub fn freezes(self) -> bool {
        matches!(self, Fault::Unreachable | Fault::NotReady)
    }
}

/// Why a command was refused, in the API server's or kubectl's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The message.
    pub message: String,
}

impl Rejection {
    /// A refusal with this message.
    pub fn new(message: impl Into<String>) -> Rejection {
        Rejection { message: message.into() }
    }

    /// The API server's answer for an object that is not there.
    #[must_use]
    pub fn not_found(resource: &str, name: &str) -> Rejection {
        Rejection::new(format!("Error from server (NotFound): {resource} {name:?} not found"))
    }

    /// The API server's answer for an object that is there already.
    #[must_use]
    pub fn already_exists(resource: &str, name: &str) -> Rejection {
        Rejection::new(format!("Error from server (AlreadyExists): {resource} {name:?} already exists"))
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Rejection {}
