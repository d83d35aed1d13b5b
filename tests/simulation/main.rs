//! What a cluster does over time, told by its state after commands. Numbers come from the
//! recordings of a real control plane and from Kubernetes' rules.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod cluster;
mod deletion;
mod drain;
mod events;
mod faults;
mod laws;
mod nodes;
mod placement;
mod rollout;
mod scheduling;
mod storm;
