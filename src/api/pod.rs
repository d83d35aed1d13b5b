//! Pods and what they are made from.
//!
//! Upstream: `k8s.io/api/core/v1/types.go`.

use super::affinity::Affinity;
use super::meta::{Labels, ObjectMeta, null_is_default};
use super::node::ResourceList;
use super::other::Other;
use super::pod_status::{ConditionStatus, PodCondition, PodConditionType, PodStatus};
use super::taint::Toleration;
use super::topology_spread::TopologySpreadConstraint;
use crate::base::{Map, Millis, SECOND_MS, Time};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// `spec.template` of a DaemonSet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct PodTemplateSpec {
    /// Labels and annotations of the pods.
    pub metadata: PodTemplateMeta,
    /// What the pods are.
    pub spec: PodSpec,
}

/// `spec.template.metadata`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct PodTemplateMeta {
    /// Labels.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub labels: Labels,
    /// Annotations.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub annotations: Labels,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// `spec` of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// Containers.
    #[serde(deserialize_with = "null_is_default")]
    pub containers: Vec<Container>,
    /// Containers that run to completion one after another before the others start.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub init_containers: Vec<Container>,
    /// Labels that a node must have.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub node_selector: Labels,
    /// The node, fixed by the template's author or set by the scheduler.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub node_name: String,
    /// Affinity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Affinity>,
    /// Tolerations.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub tolerations: Vec<Toleration>,
    /// Whether pods share the node's network, and their ports are the node's.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub host_network: bool,
    /// Name of a PriorityClass.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub priority_class_name: String,
    /// Priority; admission sets it from the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// `Never`: waits for room instead of taking it from others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preemption_policy: Option<String>,
    /// How evenly pods are spread over zones, nodes or other places.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub topology_spread_constraints: Vec<TopologySpreadConstraint>,
    /// Seconds between the request to stop and the kill; 30 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_grace_period_seconds: Option<i64>,
    /// Resources that running takes beside the containers' own.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub overhead: ResourceList,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// A container of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    /// Name.
    pub name: String,
    /// Image with tag.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// `Always`, `IfNotPresent` or `Never`; the API server's default hangs on the tag.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image_pull_policy: String,
    /// What runs instead of the image's entry point.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub command: Vec<String>,
    /// Until it passes, nothing else is asked of the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub startup_probe: Option<Probe>,
    /// When it fails, the container is restarted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liveness_probe: Option<Probe>,
    /// When it is ready; without one, when it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness_probe: Option<Probe>,
    /// Ports.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub ports: Vec<ContainerPort>,
    /// What it asks for.
    pub resources: ResourceRequirements,
    /// `Always` makes an init container a sidecar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<String>,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// A probe of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Probe {
    /// Seconds from the container's start to the first probe.
    #[serde(skip_serializing_if = "is_zero")]
    pub initial_delay_seconds: i32,
    /// Seconds between two probes; 0 means 10.
    #[serde(skip_serializing_if = "is_zero")]
    pub period_seconds: i32,
    /// Seconds that an answer may take; 0 means 1.
    #[serde(skip_serializing_if = "is_zero")]
    pub timeout_seconds: i32,
    /// Successes in a row that count as one; 0 means 1.
    #[serde(skip_serializing_if = "is_zero")]
    pub success_threshold: i32,
    /// Failures in a row that count as one; 0 means 3.
    #[serde(skip_serializing_if = "is_zero")]
    pub failure_threshold: i32,
    /// Grace period of a container that is stopped because of this probe, instead of the pod's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_grace_period_seconds: Option<i64>,
    /// What the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    /// Port in the container.
    pub container_port: i32,
    /// Port on the node; 0 for none.
    #[serde(skip_serializing_if = "is_zero")]
    pub host_port: i32,
    /// `TCP`, `UDP` or `SCTP`; empty means `TCP`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub protocol: String,
    /// Address on the node; empty means all.
    #[serde(rename = "hostIP", skip_serializing_if = "String::is_empty")]
    pub host_ip: String,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// What a container asks for and may not exceed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct ResourceRequirements {
    /// What the scheduler reserves.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub requests: ResourceList,
    /// What it may not exceed.
    #[serde(skip_serializing_if = "Map::is_empty", deserialize_with = "null_is_default")]
    pub limits: ResourceList,
    /// Fields that the simulation does not read.
    #[serde(flatten)]
    pub other: Other,
}

/// A pod. All pods of a template share its `spec`; what differs from pod to pod (the node
/// it is pinned to, the node it is bound to) stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pod {
    /// Metadata.
    pub metadata: ObjectMeta,
    /// The template's spec with the tolerations that the controller adds; its required
    /// node affinity is replaced by `pinned_to` if that is set.
    pub spec: Rc<PodSpec>,
    /// The node that the pod's required node affinity names (daemon pods).
    pub pinned_to: Option<String>,
    /// `spec.nodeName`: the node it is bound to.
    pub node_name: Option<String>,
    /// What it is doing.
    pub status: PodStatus,
}

impl Pod {
    /// Namespace and name.
    #[must_use]
    pub fn key(&self) -> super::Key {
        self.metadata.key()
    }

    /// The node it runs on, or is meant for. Upstream: `GetTargetNodeName`.
    #[must_use]
    pub fn target_node(&self) -> Option<&str> {
        self.node_name.as_deref().or(self.pinned_to.as_deref())
    }

    /// Its priority, by number or by one of the two classes that every cluster has.
    /// Upstream: `PodPriority`, with what the Priority admission plugin sets.
    #[must_use]
    pub fn priority(&self) -> i32 {
        self.spec.priority.unwrap_or(match self.spec.priority_class_name.as_str() {
            "system-node-critical" => 2_000_001_000,
            "system-cluster-critical" => 2_000_000_000,
            _ => 0,
        })
    }

    /// A condition by its type.
    #[must_use]
    pub fn condition(&self, kind: PodConditionType) -> Option<&PodCondition> {
        self.status.conditions.iter().find(|condition| condition.kind == kind)
    }

    /// Whether the Ready condition is True. Upstream: `IsPodReady`.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.condition(PodConditionType::Ready).is_some_and(|c| c.status == ConditionStatus::True)
    }

    /// Whether it has been ready for `min_ready_seconds` at `now`. Upstream: `IsPodAvailable`.
    #[must_use]
    pub fn is_available(&self, min_ready_seconds: i32, now: Time) -> bool {
        self.available_from(min_ready_seconds).is_some_and(|at| at <= now)
    }

    /// From when on it has been ready for `min_ready_seconds`; `None` if it is not ready.
    /// Timestamps count in whole seconds, as the API server stores them.
    #[must_use]
    pub fn available_from(&self, min_ready_seconds: i32) -> Option<Time> {
        let ready = self.condition(PodConditionType::Ready).filter(|ready| ready.status == ConditionStatus::True)?;
        match min_ready_seconds {
            0 => Some(Time(Millis::MIN)),
            seconds => Some(ready.last_transition_time.floor_to_second() + i64::from(seconds) * SECOND_MS),
        }
    }

    /// Whether it is being deleted.
    #[must_use]
    pub fn is_deleting(&self) -> bool {
        self.metadata.is_deleting()
    }

    /// A label's value.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.metadata.labels.find(key).map(String::as_str)
    }
}

fn is_zero(n: &i32) -> bool {
    *n == 0
}
