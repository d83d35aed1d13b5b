//! The cluster in time. [`World`] is its whole state; a [`Command`] changes it from outside,
//! [`World::step`] lets one wake-up happen inside, and both tell what happened as [`Event`]s
//! with actor and cause. Components (one file each) read objects, change only their own
//! memory, and ask for writes; `commit` is the only writer. They talk to each other through
//! objects alone, as in Kubernetes. Nobody here knows that anyone is watching.

mod apply;
mod at_once;
mod command;
mod commit;
pub mod daemon_set_controller;
mod event;
mod faults;
mod found;
mod garbage_collector;
mod invariants;
mod knobs;
mod kubelet;
mod node_lifecycle;
mod notice;
mod pod_gc;
mod recorder;
mod scheduler;
mod store;
mod taint_eviction;
mod world;

pub use command::{Cascade, Command, Fault, Rejection};
pub use event::{Actor, Event, EventId, EventType, Fact};
pub use knobs::{Faults, ImageFault, ImageKnob, Knobs, NodeKnob};
pub use kubelet::{Progress, Stage};
pub use scheduler::{Outcome, PodAttempts, Preempts, Queues, ScheduleAttempt, Verdict, Woken};
pub use store::Store;
pub use world::World;
