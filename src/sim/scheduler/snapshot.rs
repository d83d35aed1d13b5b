//! The cluster as far as it matters to one pod, and what stands there against a pod that does not
//! exist: asked by who looks on, and without consequences.

use super::Scheduler;
use crate::api::Pod;
use crate::base::sort_by;
use crate::rules::scheduling::{Attempt, Misfit, Snapshot, has_required_anti_affinity};
use crate::sim::notice::Context;
use crate::sim::store::Store;
use std::rc::Rc;

impl Scheduler {
    /// What stands against a pod on the node that it is pinned to, beside what is there, but
    /// for the pods of the same owner, whose place it would take.
    pub fn misfit(&self, context: &Context<'_>, pod: &Pod) -> Option<Misfit> {
        let snapshot = self.snapshot(context, pod);
        let info = snapshot.nodes.get(snapshot.find(pod.pinned_to.as_deref()?)?)?;
        let owner = pod.metadata.controller()?;
        Attempt::new(pod, &snapshot).filter_without(info, &|other| other.metadata.is_controlled_by(&owner.uid))
    }

    /// The cluster as far as it matters to a pod. A pinned one minds only its node, unless
    /// it, or a pod anywhere, has rules about other pods.
    pub(super) fn snapshot<'a>(&self, context: &Context<'a>, pod: &Pod) -> Snapshot<'a> {
        let store = context.store;
        let only = pod.pinned_to.as_deref().filter(|_| !minds_other_pods(pod));
        if let Some(only) = only.filter(|_| !store.has_repelling_pods()) {
            return self.snapshot_of_one(store, only);
        }
        let mut snapshot = Snapshot::new(&mut store.nodes.values().map(|node| &**node));
        for other in store.pods.values() {
            self.add_to(&mut snapshot, other, only);
        }
        snapshot
    }

    /// One node of the cluster, whose size does not matter then.
    fn snapshot_of_one<'a>(&self, store: &'a Store, only: &str) -> Snapshot<'a> {
        let mut snapshot = Snapshot::new(&mut store.nodes.get(only).into_iter().map(|node| &**node));
        snapshot.left_out = store.nodes.len() - snapshot.nodes.len();
        let assumed = self.assumed.iter().filter(|(_, assumed)| assumed.node == only);
        let assumed = assumed.filter_map(|(key, _)| store.pods.get(key));
        let mut pods: Vec<&Rc<Pod>> = store.pods_at(only).iter().chain(assumed).collect();
        // One that has just been bound is among both.
        sort_by(&mut pods, |a, b| a.key().cmp(&b.key()));
        pods.dedup_by(|a, b| Rc::ptr_eq(a, b));
        for other in pods {
            self.add_to(&mut snapshot, other, Some(only));
        }
        snapshot
    }

    /// Puts a pod on its node, or on the one that it is nominated to. If only one node
    /// matters, then of the pods on others only those that keep pods away.
    fn add_to<'a>(&self, snapshot: &mut Snapshot<'a>, pod: &'a Pod, only: Option<&str>) {
        let assumed = || self.assumed.get(&pod.key()).map(|assumed| assumed.node.as_str());
        match pod.node_name.as_deref().or_else(assumed) {
            Some(node) => {
                let matters = only.is_none_or(|only| only == node) || has_required_anti_affinity(pod);
                if matters && !pod.status.phase.is_terminal() {
                    snapshot.add_pod(node, pod);
                }
            }
            None if pod.is_deleting() => {}
            None => {
                if let Some(at) = snapshot.find(&pod.status.nominated_node_name) {
                    snapshot.nominated.push((at, pod));
                }
            }
        }
    }
}

/// Whether it matters to a pod which pods run on other nodes.
pub(super) fn minds_other_pods(pod: &Pod) -> bool {
    let affinity = pod.spec.affinity.as_ref();
    !pod.spec.topology_spread_constraints.is_empty()
        || affinity.is_some_and(|affinity| affinity.pod_affinity.is_some() || affinity.pod_anti_affinity.is_some())
}
