//! What wakes components: changes of objects that they watch, and turns that they asked for.

use super::event::EventType;
use super::event::{Actor, EventId};
use super::knobs::Knobs;
use super::store::Store;
use crate::api::{
    ControllerRevision, DaemonSet, DaemonSetStatus, Key, Node, NodeCondition, ObjectRef, Pod, PodStatus, Taint, Uid,
};
use crate::base::{Millis, Rare, Rng, Time};
use std::rc::Rc;

/// An object before and after a write; absent before its creation and after its removal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Change<T> {
    pub old: Option<Rc<T>>,
    pub new: Option<Rc<T>>,
}

impl<T> Change<T> {
    /// The object as it is, or as it was last.
    pub fn latest(&self) -> Option<&Rc<T>> {
        self.new.as_ref().or(self.old.as_ref())
    }

    /// Something of the object as it was, and as it is.
    pub fn parts<P>(&self, part: fn(&T) -> &P) -> [Option<&P>; 2] {
        [&self.old, &self.new].map(|object| object.as_deref().map(part))
    }
}

/// A watch event: every component sees each of them, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Notice {
    Node(Change<Node>),
    DaemonSet(Change<DaemonSet>),
    Pod(Change<Pod>),
    Revision(Change<ControllerRevision>),
}

impl Notice {
    /// Which watch brings it: one for each kind of object.
    pub fn kind(&self) -> Millis {
        match self {
            Notice::Node(_) => 0,
            Notice::DaemonSet(_) => 1,
            Notice::Pod(_) => 2,
            Notice::Revision(_) => 3,
        }
    }
}

/// A turn of one component.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Turn {
    /// The DaemonSet controller puts a DaemonSet in its queue (after a delay).
    EnqueueDaemonSet(Key),
    /// The DaemonSet controller syncs a DaemonSet.
    SyncDaemonSet(Key),
    /// The DaemonSet controller ends a sync by writing the status.
    StoreStatus { key: Key, hash: String, acted: bool, failed: Rare<bool> },
    /// The scheduler takes the next pod from its queue.
    Schedule,
    /// The scheduler looks again at a pod that was in back-off.
    EndSchedulingBackoff(Key),
    /// What a kubelet does with a pod comes to its end; out of date if the stamp is.
    PodWorker { node: String, uid: Uid, stamp: u64 },
    /// A kubelet posts the status of its node.
    PostNodeStatus(String),
    /// A kubelet whose machine runs short of something looks for a pod to evict.
    EvictionRound(String),
    /// The node lifecycle controller misses the leases of a node.
    MissLeases { node: String, stamp: u64 },
    /// The node lifecycle controller looks at a node in its next round.
    MonitorNode(String),
    /// The node lifecycle controller taints a node NoExecute, if the rate of its zone allows.
    TaintNode(String),
    /// The taint eviction controller deletes a pod as planned.
    Evict(Key),
    /// The pod garbage collector's round.
    CollectPods,
    /// The garbage collector tries again what it could not do about the dependents of an owner.
    CollectGarbage { owner: Uid, failures: u32 },
    /// The scheduler looks again at a pod that it could not bind.
    EndErrorBackoff(Key),
    /// The node lifecycle controller tries again to mark pods not ready.
    MarkPodsNotReady { node: String, stamp: u64 },
}

impl Turn {
    /// Whose turn it is.
    pub fn actor(&self) -> Actor {
        match self {
            Turn::EnqueueDaemonSet(_) | Turn::SyncDaemonSet(_) | Turn::StoreStatus { .. } => Actor::DaemonSetController,
            Turn::Schedule | Turn::EndSchedulingBackoff(_) | Turn::EndErrorBackoff(_) => Actor::Scheduler,
            Turn::PodWorker { .. } | Turn::PostNodeStatus(_) | Turn::EvictionRound(_) => Actor::Kubelet,
            Turn::MissLeases { .. } | Turn::MarkPodsNotReady { .. } | Turn::MonitorNode(_) | Turn::TaintNode(_) => {
                Actor::NodeLifecycle
            }
            Turn::Evict(_) => Actor::TaintEviction,
            Turn::CollectPods => Actor::PodGc,
            Turn::CollectGarbage { .. } => Actor::GarbageCollector,
        }
    }
}

/// A write to the API server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Write {
    /// Creates a pod; completes `generateName`.
    CreatePod(Box<Pod>),
    /// `pods/binding`.
    BindPod { key: Key, uid: Uid, node: String },
    /// `pods/status`.
    SetPodStatus { key: Key, uid: Uid, status: Box<PodStatus>, what: String },
    /// `pods/status`: sets the condition DisruptionTarget of a pod that is about to go.
    Disrupt { key: Key, uid: Uid, reason: &'static str, message: &'static str },
    /// Sets (or removes) the managing controller of a pod.
    SetPodOwner { key: Key, uid: Uid, owner: Option<Key> },
    /// Sets a label of a pod.
    LabelPod { key: Key, uid: Uid, label: String, value: String },
    /// Deletes a pod; `None` takes the pod's own grace period. Without grace, or if the pod is
    /// not bound, it is removed at once.
    DeletePod { key: Key, uid: Uid, grace_period_seconds: Option<i64> },
    /// Creates a revision.
    CreateRevision(Box<ControllerRevision>),
    /// Sets the number of a revision.
    NumberRevision { key: Key, revision: i64 },
    /// Sets a label of a revision.
    LabelRevision { key: Key, label: String, value: String },
    /// Sets (or removes) the managing controller of a revision.
    SetRevisionOwner { key: Key, owner: Option<Key> },
    /// Deletes a revision.
    DeleteRevision(Key),
    /// `daemonsets/status`.
    SetDaemonSetStatus { key: Key, uid: Uid, status: Box<DaemonSetStatus> },
    /// Removes a DaemonSet for good: its finalizers are done.
    RemoveDaemonSet { key: Key, uid: Uid },
    /// Sets conditions of a node; their times are the commit's.
    SetNodeConditions { node: String, conditions: Vec<NodeCondition> },
    /// Adds and removes taints of a node.
    SetTaints { node: String, add: Vec<Taint>, remove: Vec<Taint> },
    /// Records a Kubernetes Event.
    Record { object: ObjectRef, event_type: EventType, reason: String, message: String },
}

/// What happens next, and what led to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wakeup {
    pub what: What,
    pub cause: Option<EventId>,
}

/// Kinds of wake-ups.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    Deliver(Notice),
    Turn(Turn),
    Commit {
        actor: Actor,
        write: Write,
    },
    /// To one component: watches lag.
    DeliverTo(Actor, Notice),
}

/// What a component may read.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub now: Time,
    pub knobs: &'a Knobs,
    pub store: &'a Store,
}

/// What a component asks for: the only way in which it acts.
#[derive(Debug)]
pub(super) struct Out {
    actor: Actor,
    items: Vec<(Millis, What)>,
    /// The world's random numbers, and how many of a thousand requests are refused.
    pub(super) rng: Rng,
    pub(super) permille: u32,
}

impl Out {
    /// An empty list; writes will be signed by `actor`.
    pub fn new(actor: Actor, rng: Rng, permille: u32) -> Out {
        Out { actor, items: Vec::new(), rng, permille }
    }

    /// From here on another component signs.
    pub fn sign_as(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// A write at once.
    pub fn write(&mut self, write: Write) {
        self.write_after(0, write);
    }

    /// A write after a while.
    pub fn write_after(&mut self, delay_ms: Millis, write: Write) {
        self.items.push((delay_ms, What::Commit { actor: self.actor, write }));
    }

    /// A Kubernetes Event of type Normal.
    pub fn normal(&mut self, object: ObjectRef, reason: &str, message: impl Into<String>) {
        self.record_after(0, EventType::Normal, object, reason, message.into());
    }

    /// A Kubernetes Event of type Warning.
    pub fn warning(&mut self, object: ObjectRef, reason: &str, message: impl Into<String>) {
        self.record_after(0, EventType::Warning, object, reason, message.into());
    }

    /// A Kubernetes Event after a while.
    pub fn record_after(
        &mut self,
        delay_ms: Millis,
        event_type: EventType,
        object: ObjectRef,
        reason: &str,
        message: String,
    ) {
        self.write_after(delay_ms, Write::Record { object, event_type, reason: reason.to_owned(), message });
    }

    /// A turn after a while.
    pub fn turn_after(&mut self, delay_ms: Millis, turn: Turn) {
        self.items.push((delay_ms, What::Turn(turn)));
    }

    /// All that was asked for, in order.
    pub fn into_items(self) -> Vec<(Millis, What)> {
        self.items
    }
}
