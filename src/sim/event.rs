//! What happened: facts with actor and cause.

use crate::api::{Kind, ObjectRef};
use crate::base::Time;
use crate::rules::event_correlator::Observed;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Number of an event: they are numbered in the order in which they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(pub u64);

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The person at the page, or whoever sends commands.
    User,
    /// The API server: admission and defaults.
    ApiServer,
    /// The DaemonSet controller.
    DaemonSetController,
    /// The default scheduler.
    Scheduler,
    /// The taint eviction controller.
    TaintEviction,
    /// The node lifecycle controller.
    NodeLifecycle,
    /// A kubelet; which one is told by the event's object.
    Kubelet,
    /// The pod garbage collector: pods of nodes that are gone.
    PodGc,
    /// The garbage collector: objects whose owner is gone.
    GarbageCollector,
}

impl Actor {
    /// All actors, in the order in which they are shown.
    pub const ALL: [Actor; 9] = [
        Actor::User,
        Actor::ApiServer,
        Actor::DaemonSetController,
        Actor::Scheduler,
        Actor::TaintEviction,
        Actor::NodeLifecycle,
        Actor::Kubelet,
        Actor::PodGc,
        Actor::GarbageCollector,
    ];
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Actor::User => "you",
            Actor::ApiServer => "API server",
            Actor::DaemonSetController => "DaemonSet controller",
            Actor::Scheduler => "scheduler",
            Actor::TaintEviction => "taint eviction",
            Actor::NodeLifecycle => "node lifecycle",
            Actor::Kubelet => "kubelet",
            Actor::PodGc => "pod GC",
            Actor::GarbageCollector => "garbage collector",
        })
    }
}

/// Type of a Kubernetes Event object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventType {
    /// As it should be.
    Normal,
    /// Something is wrong.
    Warning,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Event {
    /// Number.
    pub id: EventId,
    /// When.
    pub at: Time,
    /// Who did it.
    pub actor: Actor,
    /// What made the actor do it: the event whose notice woke it.
    pub cause: Option<EventId>,
    /// What it was done to.
    pub object: ObjectRef,
    /// What.
    pub fact: Fact,
}

/// What was done to an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Fact {
    /// A command was accepted; the text is the `kubectl` command that does the same.
    Commanded {
        /// E.g. `kubectl taint nodes worker-1 dedicated=infra:NoSchedule`.
        kubectl: String,
    },
    /// The object was created.
    Created,
    /// The object was changed.
    Updated {
        /// What changed, for people: `image nginx:1.27 → nginx:1.28`.
        what: String,
    },
    /// The pod was bound to a node.
    Bound {
        /// The node.
        node: String,
    },
    /// Deletion was asked for and waits for the grace period or a finalizer.
    DeletionRequested,
    /// The object is gone.
    Removed,
    /// A machine stopped or started working; no object says so yet.
    Machine {
        /// What happened to it, for people.
        what: String,
    },
    /// A Kubernetes Event was recorded for the object.
    Recorded {
        /// Normal or Warning.
        event_type: EventType,
        /// Reason in one word, upstream's.
        reason: String,
        /// Message, upstream's.
        message: String,
        /// What the component's recorder made of it.
        observed: Observed,
    },
}

impl Event {
    /// Whether this is a Kubernetes Event of type Warning.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        matches!(self.fact, Fact::Recorded { event_type: EventType::Warning, .. })
    }

    /// Whether the event is about an object of this kind.
    #[must_use]
    pub fn is_about(&self, kind: Kind) -> bool {
        self.object.kind == kind
    }
}
