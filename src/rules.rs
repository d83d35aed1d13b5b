//! Pure decisions, each with its reasons: who may run where, what is created and deleted,
//! what a status says. Knows nothing of time passing or of the store; what a decision
//! needs is handed to it.

pub mod admission;
pub mod backoff;
pub mod budget;
pub mod claim;
pub mod containers;
pub mod drain;
pub mod event_correlator;
pub mod event_series;
pub mod eviction;
pub mod history;
pub mod host_mounts;
pub mod log_files;
pub mod manage;
pub mod node_affinity;
pub mod node_conditions;
pub mod node_files;
pub mod placement;
pub mod pod_conditions;
pub mod pod_phase;
pub mod pod_row;
pub mod pods;
pub mod pressure;
pub mod probe;
pub mod qos;
pub mod resources;
pub mod rolling_update;
pub mod roster;
pub mod scheduling;
pub mod status;
pub mod sync;
pub mod termination;
pub mod tolerations;
pub mod usage;
pub mod zones;
