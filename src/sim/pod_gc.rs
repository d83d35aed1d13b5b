//! The pod garbage collector: pods of nodes that are gone.
//!
//! Upstream: `pkg/controller/podgc/gc_controller.go` (`gcOrphaned`).
//! Models: rounds every 20 s; a node must have been found missing for 40 s; its pods fail and
//! are removed without grace.
//! Simplifies: rounds are counted from the start of the simulation, and held only while a
//! node with pods is missing.
//! Leaves out: the limit on pods that have ended, out-of-service nodes.

use super::notice::{Context, Notice, Out, Turn, Write};
use crate::base::{Map, Set, Time};

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
        let node = match notice {
            Notice::Node(change) if change.new.is_none() => change.old.as_ref().map(|node| node.name()),
            Notice::Pod(change) => change.new.as_ref().and_then(|pod| pod.node_name.as_deref()),
            _ => None,
        };
        if node.is_some_and(|node| !context.store.nodes.contains_key(node)) {
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
        let store = context.store;
        let orphaned = store
            .pods
            .values()
            .filter(|pod| pod.node_name.as_ref().is_some_and(|node| !store.nodes.contains_key(node)));
        let mut missing: Set<&String> = Set::new();
        for pod in orphaned {
            let Some(node) = &pod.node_name else { continue };
            missing.insert(node);
            let found_at = *self.missing.entry(node.clone()).or_insert(context.now);
            if context.now.since(found_at) < context.knobs.pod_gc_quarantine_ms {
                continue;
            }
            let mut failed = (**pod).clone();
            super::commit::mark_failed(&mut failed, context.now);
            let (key, uid) = (pod.key(), pod.metadata.uid.clone());
            let what = format!("Failed: node {node} is gone");
            out.write(Write::SetPodStatus {
                key: key.clone(),
                uid: uid.clone(),
                status: Box::new(failed.status),
                what,
            });
            out.write(Write::DeletePod { key, uid, grace_period_seconds: Some(0) });
        }
        self.missing.retain(|node, _| missing.contains(node));
        // Those just deleted are out of the store before the next round, which forgets them.
        if !self.missing.is_empty() {
            self.arm(context, out);
        }
    }
}
