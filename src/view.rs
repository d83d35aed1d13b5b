//! What is on screen, as plain values: [`project`] makes a [`Frame`] of the world at one
//! moment, [`explain`] says why. Knows nothing of Yew or the DOM. Values are compared, so
//! that only what changed is drawn again.

pub mod added;
pub mod attempts;
pub mod beside;
pub mod consequence;
pub mod describe;
pub mod event_objects;
pub mod explain;
pub mod forecast;
mod frame;
pub mod node_files;
pub mod node_resources;
pub mod node_taints;
pub mod object;
mod project;
pub mod remedy;
pub mod text;

pub use frame::{
    Columns, EventRow, Frame, Grouping, LabelChip, Meter, NodeCard, NodeGroup, NodeState, PodChip, PodLook,
    RevisionRow, RolloutSegment, SegmentState, StrategyKnobs, TaintChip, WorkloadCard,
};
pub use project::project;
