//! Why a DaemonSet's pod may or may not run on each node: the matrix of nodes and checks,
//! made by the same rules that the controller runs.

use crate::api::Key;
use crate::rules::placement::{self, Placement};
use crate::sim::World;
use serde::Serialize;

/// The verdicts of one DaemonSet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The DaemonSet.
    pub key: Key,
    /// One row a node.
    pub rows: Vec<ExplanationRow>,
}

/// One node's verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplanationRow {
    /// The node.
    pub node: String,
    /// `spec.nodeName` of the template agrees.
    pub node_name: bool,
    /// nodeSelector agrees.
    pub node_selector: bool,
    /// Required node affinity agrees.
    pub node_affinity: bool,
    /// All NoSchedule taints are tolerated.
    pub no_schedule: bool,
    /// All NoExecute taints are tolerated.
    pub no_execute: bool,
    /// A pod is created here.
    pub should_run: bool,
    /// A pod that is here may stay.
    pub should_continue_running: bool,
    /// What fails, in words; empty if nothing does.
    pub because: Vec<String>,
}

/// Explains a DaemonSet of the world; `None` if there is none of that key.
#[must_use]
pub fn explain(world: &World, key: &Key) -> Option<Explanation> {
    let daemon_set = world.store().daemon_sets.get(key)?;
    let placement = Placement::of(daemon_set);
    let rows = world
        .store()
        .nodes
        .values()
        .map(|node| {
            let verdict = placement::explain(&placement, node);
            ExplanationRow {
                node: node.name().to_owned(),
                node_name: verdict.checks.node_name,
                node_selector: verdict.checks.node_selector,
                node_affinity: verdict.checks.node_affinity,
                no_schedule: verdict.checks.no_schedule,
                no_execute: verdict.checks.no_execute,
                should_run: verdict.should_run,
                should_continue_running: verdict.should_continue_running,
                because: verdict.reasons.iter().map(ToString::to_string).collect(),
            }
        })
        .collect();
    Some(Explanation { key: key.clone(), rows })
}
