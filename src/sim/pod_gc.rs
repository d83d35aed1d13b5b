//! The pod garbage collector: pods of nodes that are gone, or given up.
//!
//! Upstream: `pkg/controller/podgc/gc_controller.go` (`gcOrphaned`, `gcTerminating`).
//! Models: rounds every 20 s; a node must have been found missing for 40 s; its pods fail and
//! are removed without grace, marked by
//! the condition DisruptionTarget, their containers' status as it was last known; so, without
//! the condition, do pods that are terminating on a node that is not ready and tainted `out-of-service`.
//! Simplifies: rounds are counted from the start of the simulation, and held only while there
//! may be something to collect.
//! Leaves out: the limit on pods that have ended.

use super::commit::disrupt;
use super::notice::{Context, Notice, Out, Turn, Write};
use crate::api::{ConditionStatus, Node, Phase, PodStatus, well_known};
use crate::base::{Map, Set, Time};

/// What is wrong with a node whose pods are said to be disrupted.
const GONE: &str = "is gone";

/// The collector's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct PodGc {
    /// Missing nodes and the round in which they were found to be.
    missing: Map<String, Time>,
    /// A round is asked for.
    armed: bool,
}

impl PodGc {
    /// Notices only that there may be something to collect in the next round.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        let (node, pod) = match notice {
            Notice::Node(change) => (change.latest().map(|node| node.name()), None),
            Notice::Pod(change) => (change.new.as_ref().and_then(|pod| pod.node_name.as_deref()), change.new.as_ref()),
            _ => (None, None),
        };
        let collects = |name: &str| match context.store.nodes.get(name) {
            None => true,
            Some(node) => is_out_of_service(node) && pod.is_none_or(|pod| pod.is_deleting()),
        };
        if node.is_some_and(collects) {
            self.arm(context, out);
        }
    }

    fn arm(&mut self, context: &Context<'_>, out: &mut Out) {
        if !self.armed {
            self.armed = true;
            let period_ms = context.knobs.pod_gc_period_ms;
            out.turn_after(period_ms - context.now.0.rem_euclid(period_ms), Turn::CollectPods);
        }
    }

    /// A round.
    pub fn collect(&mut self, context: &Context<'_>, out: &mut Out) {
        self.armed = false;
        let mut again = false;
        let store = context.store;
        let mut missing: Set<&String> = Set::new();
        for pod in store.pods.values() {
            let Some(name) = &pod.node_name else { continue };
            let why = match store.nodes.get(name) {
                Some(node) if pod.is_deleting() && is_out_of_service(node) => "is out of service",
                Some(_) => continue,
                None => {
                    missing.insert(name);
                    let found_at = *self.missing.entry(name.clone()).or_insert(context.now);
                    if context.now.since(found_at) < context.knobs.pod_gc_quarantine_ms {
                        continue;
                    }
                    GONE
                }
            };
            let (key, uid) = (pod.key(), pod.metadata.uid.clone());
            if !pod.status.phase.is_terminal() {
                // Nobody is left to tell what became of its containers.
                let mut status = Box::new(PodStatus { phase: Phase::Failed, ..pod.status.clone() });
                if why == GONE {
                    disrupt(&mut status, "DeletionByPodGC", "PodGC: node no longer exists", context.now);
                }
                let what = format!("Failed: node {name} {why}");
                if !out.send(Write::SetPodStatus { key: key.clone(), uid: uid.clone(), status, what }) {
                    again = true;
                    continue;
                }
            }
            again |= !out.send(Write::DeletePod { key, uid, grace_period_seconds: Some(0) });
        }
        self.missing.retain(|node, _| missing.contains(node));
        // Those just deleted are out of the store before the next round, which forgets them.
        if again || !self.missing.is_empty() {
            self.arm(context, out);
        }
    }
}

fn is_out_of_service(node: &Node) -> bool {
    node.ready() != ConditionStatus::True
        && node.spec.taints.iter().any(|taint| taint.key == well_known::TAINT_OUT_OF_SERVICE)
}
