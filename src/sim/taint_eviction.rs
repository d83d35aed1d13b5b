//! The taint eviction controller: deletes pods that do not tolerate a NoExecute taint of
//! their node. What is decided is in `rules::eviction`.
//!
//! Upstream: `pkg/controller/tainteviction/taint_eviction.go`.
//! Models: eviction at once or after the shortest of the matching seconds; a planned
//! eviction keeps its time when taints change and is cancelled when all is tolerated, when
//! something is not, or when the pod goes by itself; a pod that is terminating already is
//! marked like others; the condition DisruptionTarget and the TaintManagerEviction events.

use super::faults::TRIES;
use super::notice::{Change, Context, Notice, Out, Turn, Write};
use crate::api::{Key, Kind, Node, ObjectRef, Pod};
use crate::base::{Map, Millis, Time};
use crate::rules::eviction::{self, Eviction, no_execute};

/// Between two tries to delete a pod.
const RETRY_MS: Millis = 10;

/// The controller's memory: when pods will be evicted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct TaintEviction {
    planned: Map<Key, Time>,
}

impl TaintEviction {
    /// Handlers of the controller's informers.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        match notice {
            Notice::Node(Change { old, new: Some(node) }) => {
                let before = old.as_ref().map_or(&[][..], |old| &old.spec.taints);
                if !no_execute(before).eq(no_execute(&node.spec.taints))
                    && let Some(node) = context.store.nodes.get(node.name())
                {
                    for pod in context.store.pods_on(node.name()) {
                        self.look_at(context, node, pod, out);
                    }
                }
            }
            Notice::Pod(Change { old, new: Some(pod) }) => {
                let changed = old
                    .as_ref()
                    .is_none_or(|old| old.node_name != pod.node_name || old.spec.tolerations != pod.spec.tolerations);
                let node = pod.node_name.as_ref().and_then(|name| context.store.nodes.get(name));
                if let Some(node) = node.filter(|_| changed) {
                    self.look_at(context, node, pod, out);
                }
            }
            Notice::Pod(Change { old: Some(pod), new: None }) if self.planned.remove(&pod.key()).is_some() => {
                say(out, pod.key(), "Cancelling deletion of");
            }
            _ => {}
        }
    }

    fn look_at(&mut self, context: &Context<'_>, node: &Node, pod: &Pod, out: &mut Out) {
        let key = pod.key();
        let mut planned = self.planned.remove(&key);
        let outcome = eviction::reconsider(&mut planned, context.now, &node.spec.taints, &pod.spec.tolerations);
        if let Some(due_at) = planned {
            self.planned.insert(key.clone(), due_at);
        }
        if outcome.cancelled {
            say(out, key.clone(), "Cancelling deletion of");
        }
        match outcome.begins {
            Eviction::Never => {}
            Eviction::Now => mark(pod, out),
            Eviction::After(delay_ms) => out.turn_after(delay_ms, Turn::Evict(key)),
        }
    }

    /// The time of an eviction has come, if it is still planned.
    pub fn evict(&mut self, context: &Context<'_>, key: &Key, out: &mut Out) {
        if self.planned.get(key) == Some(&context.now) {
            self.planned.remove(key);
            if let Some(pod) = context.store.pods.get(key) {
                mark(pod, out);
            }
        }
    }
}

fn mark(pod: &Pod, out: &mut Out) {
    say(out, pod.key(), "Marking for deletion");
    let (key, uid) = (pod.key(), pod.metadata.uid.clone());
    let (reason, message) = ("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
    let disrupt = Write::Disrupt { key: key.clone(), uid: uid.clone(), reason, message };
    let delete = Write::DeletePod { key, uid, grace_period_seconds: None };
    for at_ms in (0..TRIES).map(|tries| tries * RETRY_MS) {
        if out.send_after(at_ms, disrupt.clone()) && out.send_after(at_ms, delete.clone()) {
            return;
        }
    }
}

fn say(out: &mut Out, pod: Key, what: &str) {
    let message = format!("{what} Pod {pod}");
    out.normal(ObjectRef::new(Kind::Pod, pod), "TaintManagerEviction", message);
}
