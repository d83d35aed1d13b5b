//! The taint eviction controller: deletes pods that do not tolerate a NoExecute taint of
//! their node. What is decided is in `rules::eviction`.
//!
//! Upstream: `pkg/controller/tainteviction/taint_eviction.go`.
//! Models: eviction at once or after the shortest of the matching seconds; a planned
//! eviction keeps its time when taints change and is cancelled when all is tolerated; the
//! TaintManagerEviction events.
//! Leaves out: the DisruptionTarget condition.

use super::notice::{Change, Context, Notice, Out, Turn, Write};
use crate::api::{Key, Kind, Node, ObjectRef, Pod, TaintEffect, Uid};
use crate::base::Map;
use crate::rules::eviction::{self, Eviction};

/// The controller's memory: planned evictions by pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct TaintEviction {
    planned: Map<Uid, Plan>,
    next_stamp: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Plan {
    key: Key,
    stamp: u64,
}

const REASON: &str = "TaintManagerEviction";

impl TaintEviction {
    /// Handlers of the controller's informers.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        match notice {
            Notice::Node(Change { old, new: Some(node) })
                if old.as_ref().is_none_or(|old| old.spec.taints != node.spec.taints) =>
            {
                self.look_at_node(context, node.name(), out);
            }
            Notice::Pod(Change { old, new: Some(pod) })
                if old.as_ref().is_none_or(|old| old.node_name != pod.node_name) =>
            {
                self.look_at_pod(context, pod, out);
            }
            Notice::Pod(Change { old: Some(pod), new: None }) => {
                self.planned.remove(&pod.metadata.uid);
            }
            _ => {}
        }
    }

    fn look_at_node(&mut self, context: &Context<'_>, name: &str, out: &mut Out) {
        for pod in context.store.pods_on(name) {
            self.look_at_pod(context, pod, out);
        }
    }

    fn look_at_pod(&mut self, context: &Context<'_>, pod: &Pod, out: &mut Out) {
        let Some(node) = pod.node_name.as_ref().and_then(|name| context.store.nodes.get(name)) else {
            return;
        };
        if pod.is_deleting() {
            return;
        }
        match decide(node, pod) {
            Eviction::Now => {
                self.cancel(pod, out);
                mark(pod, out);
            }
            Eviction::Never => self.cancel(pod, out),
            Eviction::After(delay_ms) => {
                if !self.planned.contains_key(&pod.metadata.uid) {
                    let stamp = self.next_stamp;
                    self.next_stamp += 1;
                    self.planned.insert(pod.metadata.uid.clone(), Plan { key: pod.key(), stamp });
                    out.turn_after(delay_ms, Turn::Evict { uid: pod.metadata.uid.clone(), stamp });
                }
            }
        }
    }

    fn cancel(&mut self, pod: &Pod, out: &mut Out) {
        if self.planned.remove(&pod.metadata.uid).is_some() {
            let object = ObjectRef::new(Kind::Pod, pod.key());
            out.normal(object, REASON, format!("Cancelling deletion of Pod {}", pod.key()));
        }
    }

    /// A planned eviction is due.
    pub fn evict(&mut self, context: &Context<'_>, uid: &Uid, stamp: u64, out: &mut Out) {
        if self.planned.get(uid).is_none_or(|plan| plan.stamp != stamp) {
            return;
        }
        let Some(plan) = self.planned.remove(uid) else { return };
        if let Some(pod) = context.store.pods.get(&plan.key).filter(|pod| pod.metadata.uid == *uid) {
            mark(pod, out);
        }
    }
}

fn decide(node: &Node, pod: &Pod) -> Eviction {
    if node.spec.taints.iter().all(|taint| taint.effect != TaintEffect::NoExecute) {
        return Eviction::Never;
    }
    eviction::decide(&node.spec.taints, &pod.spec.tolerations)
}

fn mark(pod: &Pod, out: &mut Out) {
    let object = ObjectRef::new(Kind::Pod, pod.key());
    out.normal(object, REASON, format!("Marking for deletion Pod {}", pod.key()));
    out.write(Write::DeletePod { key: pod.key(), uid: pod.metadata.uid.clone(), grace_period_seconds: None });
}
