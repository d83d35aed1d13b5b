//! Kubernetes objects as data, and the reading of manifests. Knows nothing of clocks or of
//! the cluster. Typed fields exist only for what the simulation reads; everything else that
//! a manifest says is kept, unread, in `other`, so that nothing is lost.

pub mod manifest;

mod affinity;
mod controller_revision;
mod daemon_set;
mod found;
mod int_or_percent;
mod meta;
mod node;
mod other;
mod pod;
mod pod_status;
mod quantity;
mod selector;
mod taint;
mod topology_spread;
mod volume;

pub use affinity::{
    Affinity, METADATA_NAME, NodeAffinity, NodeSelector, NodeSelectorOperator, NodeSelectorRequirement,
    NodeSelectorTerm, PodAffinity, PodAffinityTerm, PreferredSchedulingTerm, WeightedPodAffinityTerm,
};
pub use controller_revision::ControllerRevision;
pub use daemon_set::{
    DaemonSet, DaemonSetSpec, DaemonSetStatus, RollingUpdateDaemonSet, UpdateStrategy, UpdateStrategyType,
};
pub use found::{Found, FoundObject, Packer, Unpacker};
pub use int_or_percent::IntOrPercent;
pub use meta::{Key, Kind, Labels, ObjectMeta, ObjectRef, OwnerReference, Uid};
pub use node::{ContainerImage, Node, NodeCondition, NodeConditionType, NodeSpec, NodeStatus, ResourceList};
pub use other::Other;
pub use pod::{Container, ContainerPort, Pod, PodSpec, PodTemplateMeta, PodTemplateSpec, Probe, ResourceRequirements};
pub use pod_status::{
    ConditionStatus, ContainerState, ContainerStatus, Phase, PodCondition, PodConditionType, PodStatus, Termination,
};
pub use quantity::{Quantity, QuantityError};
pub use selector::{LabelSelector, LabelSelectorOperator, LabelSelectorRequirement};
pub use taint::{Taint, TaintEffect, Toleration, TolerationOperator};
pub use topology_spread::TopologySpreadConstraint;
pub use volume::{Volume, VolumeMount};

/// Names, labels and taint keys that Kubernetes itself gives a meaning.
pub mod well_known {
    /// Label on daemon pods and ControllerRevisions: the hash of the template they are made of.
    pub const CONTROLLER_REVISION_HASH: &str = "controller-revision-hash";
    /// Label on daemon pods: the template generation of the DaemonSet that made them.
    pub const POD_TEMPLATE_GENERATION: &str = "pod-template-generation";
    /// Annotation on DaemonSets: their template generation, kept by the API server.
    pub const DEPRECATED_TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";
    /// Taint of a node whose Ready condition is False.
    pub const TAINT_NOT_READY: &str = "node.kubernetes.io/not-ready";
    /// Taint of a node whose Ready condition is Unknown.
    pub const TAINT_UNREACHABLE: &str = "node.kubernetes.io/unreachable";
    /// Taint of a cordoned node.
    pub const TAINT_UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";
    /// Taint of a node short of disk.
    pub const TAINT_DISK_PRESSURE: &str = "node.kubernetes.io/disk-pressure";
    /// Taint of a node short of memory.
    pub const TAINT_MEMORY_PRESSURE: &str = "node.kubernetes.io/memory-pressure";
    /// Taint of a node short of process IDs.
    pub const TAINT_PID_PRESSURE: &str = "node.kubernetes.io/pid-pressure";
    /// Taint of a node whose network is not set up.
    pub const TAINT_NETWORK_UNAVAILABLE: &str = "node.kubernetes.io/network-unavailable";
    /// Taint that a person sets on a machine that is down for good: its pods may be forced off.
    pub const TAINT_OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";
    /// Taint, and prefix of the role label, of control-plane nodes.
    pub const CONTROL_PLANE_ROLE: &str = "node-role.kubernetes.io/control-plane";
    /// Prefix of the labels that `kubectl get nodes` shows as roles.
    pub const ROLE_PREFIX: &str = "node-role.kubernetes.io/";
    /// Label with the node's host name.
    pub const HOSTNAME: &str = "kubernetes.io/hostname";
    /// Label with the node's operating system.
    pub const OS: &str = "kubernetes.io/os";
    /// Annotation of a template by which `kubectl rollout restart` makes new pods of it.
    /// Upstream: `k8s.io/kubectl/pkg/polymorphichelpers/objectrestarter.go`.
    pub const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";
    /// Label with the node's zone.
    pub const ZONE: &str = "topology.kubernetes.io/zone";
}
