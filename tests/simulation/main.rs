//! What a cluster does over time, told by its state after commands. Numbers come from the
//! recordings of a real control plane and from Kubernetes' rules.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod admission;
mod cluster;
mod deletion;
mod drain;
mod events;
mod eviction;
mod faults;
mod files;
mod kubelet;
mod laws;
mod nodes;
mod placement;
mod refusals;
mod rollout;
mod scheduling;
mod storm;
