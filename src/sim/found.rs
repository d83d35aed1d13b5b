//! A cluster as it was found, taken into a world: its objects are stored as they are, and the
//! components know of them what they would know had they been running all the time.
//!
//! Upstream: the state that informers, queues and pod workers have in a cluster at rest.
//! Models: nodes with their conditions, where one that is not as it should be is a machine with
//! that fault, which can be repaired; DaemonSets with their stored status, synced at once only if
//! there is something to do; pods on their nodes, running or not, and those that are being
//! deleted; pods without a node in the scheduler's queue; evictions and collections that are due.
//! Simplifies: of several faults of a machine one is known; planned evictions begin anew; a
//! container that fails goes on failing as found, for why it fails is not known, and one that
//! runs is ready, or not, for good; a machine's images are those of its pods.
//! Leaves out: what is not written in objects, such as back-offs and failures in a row.

use super::event::Actor;
use super::notice::{Change, Context, Notice, Out};
use super::world::World;
use crate::api::{FoundObject, Key, Node, Pod};
use crate::base::Time;
use std::rc::Rc;

/// UIDs of later objects are counted from here: a cluster that was simulated before has those below.
const FIRST_UID: u64 = 1 << 40;

impl World {
    /// Takes in an object. Nodes come before pods.
    pub fn take_in(&mut self, object: FoundObject) {
        match object {
            FoundObject::Node(node) => self.take_in_node(node),
            FoundObject::Pod(pod) => self.take_in_pod(pod),
            FoundObject::DaemonSet(daemon_set) => {
                self.saw(daemon_set.metadata.resource_version);
                self.store.daemon_sets.insert(daemon_set.metadata.key(), Rc::new(daemon_set));
            }
            FoundObject::Revision(revision) => {
                self.saw(revision.metadata.resource_version);
                self.store.revisions.insert(revision.metadata.key(), Rc::new(revision));
            }
        }
    }

    fn take_in_node(&mut self, node: Node) {
        self.saw(node.metadata.resource_version);
        let node = Rc::new(node);
        self.store.nodes.insert(node.name().to_owned(), Rc::clone(&node));
        self.components.kubelets.find_machine(&node, &self.knobs);
        // Known before: a controller that sees it for the first time would say so.
        let notice = Notice::Node(Change { old: Some(Rc::clone(&node)), new: Some(node) });
        self.hear(Actor::NodeLifecycle, |components, context, out| {
            components.node_lifecycle.notice(context, &notice, out);
        });
    }

    fn take_in_pod(&mut self, pod: Pod) {
        self.saw(pod.metadata.resource_version);
        let pod = Rc::new(pod);
        self.store.put_pod(pod.key(), Rc::clone(&pod));
        let notice = Notice::Pod(Change { old: None, new: Some(Rc::clone(&pod)) });
        self.hear(Actor::Kubelet, |components, context, out| {
            components.kubelets.find_pod(context, &pod, out);
            if pod.node_name.is_none() {
                out.sign_as(Actor::Scheduler);
                components.scheduler.notice(context, &notice, out);
            }
            out.sign_as(Actor::TaintEviction);
            components.taint_eviction.notice(context, &notice, out);
            out.sign_as(Actor::PodGc);
            components.pod_gc.notice(context, &notice, out);
        });
    }

    /// Lets the controllers look at a DaemonSet once everything has been taken in.
    pub fn resume_daemon_set(&mut self, key: &Key) {
        let Some(daemon_set) = self.store.daemon_sets.get(key).cloned() else { return };
        let notice = Notice::DaemonSet(Change { old: Some(Rc::clone(&daemon_set)), new: Some(Rc::clone(&daemon_set)) });
        self.hear(Actor::DaemonSetController, |components, context, out| {
            components.daemon_sets.find(context, &daemon_set, out);
            out.sign_as(Actor::GarbageCollector);
            components.garbage.notice(context, &notice, out);
        });
    }

    /// Later objects get later versions, and UIDs of their own.
    fn saw(&mut self, resource_version: u64) {
        self.last_resource_version = self.last_resource_version.max(resource_version);
        self.last_uid = FIRST_UID;
    }

    fn hear(&mut self, actor: Actor, tell: impl FnOnce(&mut super::world::Components, &Context<'_>, &mut Out)) {
        let mut out = self.out(actor);
        let context = Context { now: Time::ZERO, knobs: &self.knobs, store: &self.store };
        tell(&mut self.components, &context, &mut out);
        // At the first instant, and not before it: there each has its place in the log.
        for (delay_ms, what) in out.into_items() {
            self.queue_after(delay_ms, what, None);
        }
    }
}
