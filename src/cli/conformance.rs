//! Answers conformance vectors: facts about Kubernetes, one JSON object a line, answered by
//! the same functions that the simulation runs. Nothing here looks at what a vector expects.

mod daemonset_sync;
mod eviction;
mod manifests;
mod scheduler;

use serde_json::{Value, json};

/// A family of vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// Three-way merges of `kubectl apply`.
    Apply,
    /// One sync of the DaemonSet controller.
    DaemonsetSync,
    /// One attempt of the scheduler.
    Scheduler,
    /// Taints, tolerations and their changes: when a pod is evicted.
    Eviction,
    /// Creating and replacing objects by manifests.
    Manifests,
    /// YAML as JSON.
    Yaml,
}

impl Suite {
    /// The suite of this name.
    ///
    /// # Errors
    /// A name that is none, with the names there are.
    pub fn named(name: &str) -> Result<Suite, String> {
        match name {
            "apply" => Ok(Suite::Apply),
            "daemonset-sync" => Ok(Suite::DaemonsetSync),
            "eviction" => Ok(Suite::Eviction),
            "manifests" => Ok(Suite::Manifests),
            "scheduler" => Ok(Suite::Scheduler),
            "yaml" => Ok(Suite::Yaml),
            _ => Err(format!(
                "unknown suite {name:?}; there are: apply, daemonset-sync, eviction, manifests, scheduler, yaml"
            )),
        }
    }

    /// The answer to one vector: `{"id": …, "answer": {…}}`.
    ///
    /// # Errors
    /// A line that is no vector of this suite.
    pub fn answer(self, line: &str) -> Result<Value, String> {
        let vector: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let given = || vector.get("given").ok_or("a vector needs `given`");
        let answer = match self {
            Suite::Apply => manifests::apply(&vector)?,
            Suite::DaemonsetSync => daemonset_sync::answer(given()?)?,
            Suite::Scheduler => scheduler::answer(given()?)?,
            Suite::Eviction => eviction::answer(given()?)?,
            Suite::Manifests => manifests::answer(&vector)?,
            Suite::Yaml => manifests::yaml(&vector)?,
        };
        Ok(json!({ "id": vector.get("id"), "answer": answer }))
    }
}
