//! The values that the page draws.

use crate::api::{Key, TaintEffect, UpdateStrategyType};
use crate::base::Time;
use crate::sim::{Actor, EventId};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Everything on the board at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// The moment.
    pub now: Time,
    /// Nodes in groups: control plane first, then workers; or by zone; or in one.
    pub groups: Vec<Rc<NodeGroup>>,
    /// DaemonSets, by namespace and name.
    pub workloads: Vec<Rc<WorkloadCard>>,
    /// Pods that no node has yet: in the API server, aimed at their node.
    pub lane: Vec<Rc<PodChip>>,
    /// Nodes in all.
    pub node_count: usize,
    /// Pods in all.
    pub pod_count: usize,
}

/// What nodes stand together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Control plane and workers.
    #[default]
    Role,
    /// The label `topology.kubernetes.io/zone`.
    Zone,
    /// Nothing: they stand in one group.
    None,
}

/// Nodes that stand together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NodeGroup {
    /// Heading, e.g. `control plane`, `workers` or `zone a`.
    pub title: String,
    /// The nodes, by name with numbers counted (`worker-2` before `worker-10`).
    pub nodes: Vec<Rc<NodeCard>>,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeCard {
    /// Name.
    pub name: String,
    /// Roles as kubectl prints them.
    pub roles: Vec<String>,
    /// Ready, NotReady or Unknown.
    pub state: NodeState,
    /// What the Ready condition says when it is not True, e.g. `Kubelet stopped posting node status.`.
    pub state_message: String,
    /// Cordoned.
    pub cordoned: bool,
    /// The machine was broken, whether or not the API knows already.
    pub faulty: bool,
    /// It is cut off or its kubelet is down, and the API does not know yet.
    pub silent: bool,
    /// The node object is gone; what is left are pods that name it.
    pub deleted: bool,
    /// Conditions other than Ready that are not as they should be, e.g. `DiskPressure`.
    pub troubles: Vec<String>,
    /// Labels that tell this node from others (host name, OS and role labels left out).
    pub labels: Vec<LabelChip>,
    /// All taints, as `key=value:Effect`.
    pub taints: Vec<TaintChip>,
    /// Requested of allocatable: cpu, memory, pods.
    pub meters: Vec<Meter>,
    /// Pods bound to the node, in the order of their creation.
    pub pods: Vec<Rc<PodChip>>,
    /// When the node joined.
    pub joined_at: Time,
}

impl NodeCard {
    /// The state in a word, as kubectl prints it: what is not known is NotReady too.
    #[must_use]
    pub fn state_word(&self) -> &'static str {
        match self.state {
            _ if self.deleted => "deleted",
            NodeState::Ready => "Ready",
            NodeState::NotReady | NodeState::Unknown => "NotReady",
        }
    }
}

/// State of a node by its Ready condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeState {
    /// True.
    Ready,
    /// False.
    NotReady,
    /// Unknown: shown by kubectl as NotReady too.
    Unknown,
}

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelChip {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
}

/// A taint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaintChip {
    /// `key=value:Effect`.
    pub text: String,
    /// Key.
    pub key: String,
    /// Effect.
    pub effect: TaintEffect,
}

/// How much of a resource is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meter {
    /// `cpu`, `memory` or `pods`.
    pub resource: String,
    /// Per mille of what there is, 0 to 1000.
    pub used_permille: u16,
    /// E.g. `1.5 / 4`.
    pub text: String,
}

/// A pod as a chip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodChip {
    /// UID: the same pod keeps it while it moves over the screen.
    pub uid: String,
    /// Namespace and name.
    pub key: Key,
    /// Name of its workload, or its own if it has none.
    pub workload: String,
    /// Namespace and name of its workload; absent for orphans.
    pub workload_key: Option<Key>,
    /// Colour and shape of its workload: an index, the same as on its card. Orphans: `None`.
    pub style: Option<usize>,
    /// The node it is on or meant for.
    pub node: String,
    /// Of the present template, as the controller reckons.
    pub up_to_date: bool,
    /// What it looks like.
    pub look: PodLook,
    /// What it is doing, in a word or two: `scheduling`, `pulling`, `starting`, `ready`, `ending`.
    pub doing: String,
    /// Why it is not ready, in upstream's words; empty when there is nothing to say.
    pub reason: String,
    /// What is under way began then…
    pub started_at: Option<Time>,
    /// …and ends then; between the two, progress is a function of time alone.
    pub ends_at: Option<Time>,
    /// Restarts of its containers.
    pub restarts: i32,
    /// It runs where it should not (but may stay).
    pub misscheduled: bool,
    /// First image.
    pub image: String,
    /// When it was created.
    pub created_at: Time,
}

/// The few looks of a chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PodLook {
    /// Created, not bound.
    Pending,
    /// Pending, and the scheduler found no way.
    Unschedulable,
    /// Bound; sandbox, image or container under way.
    Starting,
    /// Running and ready, and ready long enough.
    Available,
    /// Running and ready, not yet for minReadySeconds.
    Ready,
    /// Running and not ready.
    NotReady,
    /// Image or container keeps failing.
    Failing,
    /// Asked to stop.
    Terminating,
    /// Ended for good, object still there.
    Finished,
}

/// The numbers of a DaemonSet, as kubectl prints them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Columns {
    /// DESIRED.
    pub desired: i32,
    /// CURRENT.
    pub current: i32,
    /// READY.
    pub ready: i32,
    /// UP-TO-DATE.
    pub up_to_date: i32,
    /// AVAILABLE.
    pub available: i32,
    /// Not a column of kubectl's, but in the status.
    pub misscheduled: i32,
}

/// A DaemonSet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadCard {
    /// Namespace and name.
    pub key: Key,
    /// Colour and shape: an index.
    pub style: usize,
    /// The numbers stored in its status.
    pub columns: Columns,
    /// What the controller would write if it synced now; present only where that differs
    /// and no sync is on its way: the stored numbers are stale.
    pub fresh: Option<Columns>,
    /// One segment a node that has or should have a pod, in the board's order of nodes.
    pub rollout: Vec<RolloutSegment>,
    /// A rollout is under way: some pod is not of the present template, or not available.
    pub rolling_out: bool,
    /// First container's image in the template.
    pub image: String,
    /// Strategy and its parameters.
    pub strategy: StrategyKnobs,
    /// Node selector and the like in words; `every node` without any.
    pub placement: String,
    /// History, newest first.
    pub revisions: Vec<RevisionRow>,
    /// Deletion is under way (foreground).
    pub deleting: bool,
}

/// Update strategy as it can be edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StrategyKnobs {
    /// RollingUpdate or OnDelete.
    pub kind: UpdateStrategyType,
    /// maxUnavailable as written; empty if absent.
    pub max_unavailable: String,
    /// maxSurge as written; empty if absent.
    pub max_surge: String,
    /// minReadySeconds.
    pub min_ready_seconds: i32,
}

/// A node's part of the rollout bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RolloutSegment {
    /// The node.
    pub node: String,
    /// State.
    pub state: SegmentState,
}

/// State of a node in a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SegmentState {
    /// Should have a pod and has none.
    Missing,
    /// A pod of an old template, available.
    Old,
    /// A pod of an old template, not available.
    OldUnavailable,
    /// A pod of the present template, not available yet.
    Updating,
    /// A pod of the present template, available.
    Updated,
    /// A pod that should not be there.
    Misscheduled,
}

/// A ControllerRevision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisionRow {
    /// Name.
    pub name: String,
    /// Number.
    pub revision: i64,
    /// First container's image.
    pub image: String,
    /// The template is the present one.
    pub current: bool,
    /// Pods made of it.
    pub pods: usize,
}

/// An event as a line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRow {
    /// Number.
    pub id: EventId,
    /// When.
    pub at: Time,
    /// Who.
    pub actor: Actor,
    /// The event that led to it.
    pub cause: Option<EventId>,
    /// What, for people.
    pub text: String,
    /// The object, e.g. `pod nginx-x7k2p`.
    pub object: String,
    /// Something is wrong.
    pub warning: bool,
    /// Of a Kubernetes Event: the first of those that one Event object counts.
    pub counted_in: Option<EventId>,
}
