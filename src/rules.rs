//! Pure decisions, each with its reasons: who may run where, what is created and deleted,
//! what a status says. Knows nothing of time passing or of the store; what a decision
//! needs is handed to it.

pub mod backoff;
pub mod budget;
pub mod claim;
pub mod drain;
pub mod event_correlator;
pub mod event_series;
pub mod eviction;
pub mod history;
pub mod manage;
pub mod node_affinity;
pub mod node_conditions;
pub mod placement;
pub mod pods;
pub mod resources;
pub mod rolling_update;
pub mod scheduling;
pub mod status;
pub mod sync;
pub mod tolerations;
pub mod zones;
