//! The DaemonSet controller: when it syncs, and what it asks for. What it decides is in
//! `rules::sync`.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go`, `update.go`.
//! Models: the queue without repeats and a key never worked on twice at once; handlers of
//! DaemonSets, pods, revisions and nodes as upstream's, so that a node change alone syncs
//! only what must gain or lose a pod there, or has misscheduled pods; expectations with
//! their five minutes; slow start in batches 1, 2, 4… and at most 250 creations and
//! deletions a sync; back-off of failed pods; adoption and release; history; status last.
//! Simplifies: any number of workers instead of two; a batch takes one API latency.
//! Leaves out: quotas and admission that refuse pods, the consistency store.

mod ask;
mod expectations;
mod rosters;

use self::ask::{ask, model};
use self::expectations::Expectations;
use self::rosters::Rosters;
use super::faults::queue_delay_ms;
use super::notice::{Change, Context, Notice, Out, Turn, Write};
use super::store::Store;
use crate::api::{ControllerRevision, DaemonSet, DaemonSetStatus, Key, Kind, Node, ObjectMeta, ObjectRef, Pod};
use crate::base::{Map, Rare, SECOND_MS, Set};
use crate::rules::backoff::Backoff;
use crate::rules::placement::{self, Placement};
use crate::rules::roster::{Counted, Roster};
use crate::rules::sync::{self, Seen};
use std::rc::Rc;

/// The controller's memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DaemonSetController {
    /// Keys in the queue.
    queued: Set<Key>,
    /// Keys being worked on; true if they came into the queue meanwhile.
    syncing: Map<Key, bool>,
    expectations: Expectations,
    backoff: Backoff,
    /// Failures in a row.
    failures: Map<Key, u32>,
    rosters: Rosters,
}

impl Default for DaemonSetController {
    fn default() -> DaemonSetController {
        DaemonSetController {
            queued: Set::new(),
            syncing: Map::new(),
            expectations: Expectations::default(),
            backoff: Backoff::of_failed_pods(),
            failures: Map::new(),
            rosters: Rosters::default(),
        }
    }
}

impl DaemonSetController {
    /// Whether a sync of the DaemonSet is queued or under way.
    pub fn is_active(&self, key: &Key) -> bool {
        self.queued.contains(key) || self.syncing.contains_key(key)
    }

    /// What it would write into the status if it synced now.
    pub fn fresh_status(&self, context: &Context<'_>, key: &Key) -> Option<DaemonSetStatus> {
        let daemon_set = context.store.daemon_sets.get(key)?;
        Some(sync::fresh_status(&see(context, daemon_set), self.rosters.get(key)))
    }

    /// Brings what is kept for the next sync up to date: an object was written. What is kept
    /// decides nothing and wakes nobody.
    pub fn note(&mut self, written: &Notice) {
        self.rosters.note(written);
    }

    /// Whether what is kept for the next sync is what a walk over all objects would find.
    pub fn is_up_to_date(&self, store: &Store) -> bool {
        self.rosters.are_right(store)
    }

    /// A DaemonSet of a cluster as it was found: it is synced if there is something to do, now or when
    /// pods that are ready become available. Otherwise the controller has done so before, and its status
    /// is what it stored then.
    pub fn find(&mut self, context: &Context<'_>, daemon_set: &DaemonSet, out: &mut Out) {
        let key = daemon_set.metadata.key();
        let plan = sync::plan(&see(context, daemon_set), &mut Roster::default(), &mut self.backoff.clone(), true);
        let status = &daemon_set.status;
        if status.observed_generation != daemon_set.metadata.generation
            || !plan.create_on.is_empty()
            || !plan.delete.is_empty()
            || !plan.requeue_after_ms.is_empty()
        {
            self.enqueue(&key, out);
        } else if status.number_ready != status.number_available {
            let min_ready_ms = i64::from(daemon_set.spec.min_ready_seconds) * SECOND_MS;
            out.turn_after(min_ready_ms, Turn::EnqueueDaemonSet(key));
        }
    }

    /// The columns that count each node, by the nodes' names.
    pub fn counted(&self, context: &Context<'_>, key: &Key) -> Option<Vec<Counted>> {
        let daemon_set = context.store.daemon_sets.get(key)?;
        Some(sync::counted(&see(context, daemon_set), self.rosters.get(key)))
    }

    /// A pod as it would create one, but for the node.
    pub fn pod_of(&self, context: &Context<'_>, key: &Key) -> Option<Pod> {
        let seen = see(context, context.store.daemon_sets.get(key)?);
        Some(model(seen.daemon_set, &sync::hash_of(&seen)))
    }

    /// Handlers of the controller's informers.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        match notice {
            Notice::DaemonSet(change) => self.notice_daemon_set(change, out),
            Notice::Pod(change) => self.notice_pod(context, change, out),
            Notice::Revision(change) => self.notice_revision(context, change, out),
            Notice::Node(Change { old, new: Some(node) }) if !is_same_to_daemon_sets(old.as_deref(), node) => {
                self.notice_node(context, node, out);
            }
            Notice::Node(_) => {}
        }
    }

    /// A turn of a worker.
    pub fn turn(&mut self, context: &Context<'_>, turn: Turn, out: &mut Out) {
        match turn {
            Turn::EnqueueDaemonSet(key) => self.enqueue(&key, out),
            Turn::SyncDaemonSet(key) => self.sync(context, key, out),
            Turn::StoreStatus { key, hash, acted, failed } => {
                self.store_status(context, &key, (&hash, acted), failed.0, out);
            }
            _ => {}
        }
    }

    fn enqueue(&mut self, key: &Key, out: &mut Out) {
        if let Some(again) = self.syncing.get_mut(key) {
            *again = true;
        } else if self.queued.insert(key.clone()) {
            out.turn_after(0, Turn::SyncDaemonSet(key.clone()));
        }
    }

    fn notice_daemon_set(&mut self, change: &Change<DaemonSet>, out: &mut Out) {
        let Some(latest) = change.latest() else {
            return;
        };
        let key = latest.metadata.key();
        if change.new.is_none() {
            self.forget(&key);
        }
        self.enqueue(&key, out);
    }

    fn notice_pod(&mut self, context: &Context<'_>, change: &Change<Pod>, out: &mut Out) {
        let Some(pod) = change.latest() else { return };
        let owner = resolve(context, &pod.metadata);
        let being_deleted = change.new.is_none() || pod.is_deleting();
        match (&change.old, owner) {
            // A pod that is being deleted counts as deleted from the first moment.
            (_, Some(owner)) if being_deleted => {
                self.expectations.deletion_observed(&owner.metadata.key(), &pod.metadata.uid);
                self.enqueue(&owner.metadata.key(), out);
            }
            (_, None) if being_deleted => {}
            (None, Some(owner)) => {
                self.expectations.creation_observed(&owner.metadata.key());
                self.enqueue(&owner.metadata.key(), out);
            }
            (Some(old), owner) => self.notice_pod_update(context, old, pod, owner, out),
            (None, None) => self.enqueue_matching(context, &pod.metadata, out),
        }
    }

    fn notice_pod_update(
        &mut self,
        context: &Context<'_>,
        old: &Pod,
        pod: &Pod,
        owner: Option<&Rc<DaemonSet>>,
        out: &mut Out,
    ) {
        let owner_changed = old.metadata.controller() != pod.metadata.controller();
        if let (true, Some(former)) = (owner_changed, resolve(context, &old.metadata)) {
            self.enqueue(&former.metadata.key(), out);
        }
        if let Some(owner) = owner {
            let key = owner.metadata.key();
            self.enqueue(&key, out);
            let min_ready_ms = i64::from(owner.spec.min_ready_seconds) * SECOND_MS;
            if !old.is_ready() && pod.is_ready() && min_ready_ms > 0 {
                // A second more, as upstream adds against rounded clocks.
                out.turn_after(min_ready_ms + SECOND_MS, Turn::EnqueueDaemonSet(key));
            }
        } else if pod.metadata.controller().is_none() && (owner_changed || old.metadata.labels != pod.metadata.labels) {
            self.enqueue_matching(context, &pod.metadata, out);
        }
    }

    fn notice_revision(&mut self, context: &Context<'_>, change: &Change<ControllerRevision>, out: &mut Out) {
        let Some(revision) = change.latest() else {
            return;
        };
        let owner_changed = |old: &ControllerRevision| old.metadata.controller() != revision.metadata.controller();
        let former = change.old.as_deref().filter(|old| owner_changed(old));
        if let Some(former) = former.and_then(|old| resolve(context, &old.metadata)) {
            self.enqueue(&former.metadata.key(), out);
        }
        match (&change.old, resolve(context, &revision.metadata)) {
            // A new revision of its own tells the controller nothing.
            (None, Some(_)) => {}
            (Some(_), Some(owner)) => self.enqueue(&owner.metadata.key(), out),
            (old, None) if change.new.is_some() && revision.metadata.controller().is_none() => {
                let same =
                    |old: &ControllerRevision| !owner_changed(old) && old.metadata.labels == revision.metadata.labels;
                if !old.as_deref().is_some_and(same) {
                    self.enqueue_matching(context, &revision.metadata, out);
                }
            }
            (_, None) => {}
        }
    }

    /// Syncs only what must gain or lose a pod on the node, or has misscheduled pods: any
    /// other status stays as it is stored. Upstream: `syncNodeUpdate`.
    fn notice_node(&mut self, context: &Context<'_>, node: &Node, out: &mut Out) {
        // Only pods that are bound count here.
        let owners: Set<&str> = context
            .store
            .pods_on(node.name())
            .filter_map(|pod| pod.metadata.controller())
            .map(|owner| owner.uid.as_str())
            .collect();
        for (key, daemon_set) in &context.store.daemon_sets {
            let verdict = placement::should_run(&Placement::of(daemon_set), node);
            let scheduled = owners.contains(daemon_set.metadata.uid.as_str());
            let misscheduled = daemon_set.status.number_misscheduled > 0;
            let concerns =
                if scheduled { !verdict.should_continue_running || misscheduled } else { verdict.should_run };
            if concerns {
                self.enqueue(key, out);
            }
        }
    }

    fn enqueue_matching(&mut self, context: &Context<'_>, orphan: &ObjectMeta, out: &mut Out) {
        for (key, daemon_set) in &context.store.daemon_sets {
            if key.namespace == orphan.namespace && daemon_set.spec.selector.matches(&orphan.labels) {
                self.enqueue(key, out);
            }
        }
    }

    fn sync(&mut self, context: &Context<'_>, key: Key, out: &mut Out) {
        self.queued.remove(&key);
        let Some(daemon_set) = context.store.daemon_sets.get(&key) else {
            self.forget(&key);
            return;
        };
        if daemon_set.spec.selector.is_empty() {
            let message = "This daemon set is selecting all pods. A non-empty selector is required.";
            out.warning(ObjectRef::new(Kind::DaemonSet, key), "SelectingAll", message);
            return;
        }
        if daemon_set.metadata.is_deleting() {
            return;
        }
        let seen = see(context, daemon_set);
        let met = self.expectations.are_met(&key, context.now);
        self.backoff.collect_garbage(context.now);
        let plan = sync::plan(&seen, self.rosters.of(&key), &mut self.backoff, met);
        let Some(asked) = ask(context, &seen, &plan, out) else {
            self.retry(&key, out);
            return;
        };
        if met {
            self.expectations.set(&key, asked.creations, asked.deletions, context.now);
        }
        for delay_ms in &plan.requeue_after_ms {
            out.turn_after(*delay_ms, Turn::EnqueueDaemonSet(key.clone()));
        }
        self.syncing.insert(key.clone(), false);
        let failed = Rare(asked.failed || plan.error.is_some());
        out.turn_after(asked.took_ms, Turn::StoreStatus { key, hash: plan.history.hash, acted: plan.acted, failed });
    }

    /// A DaemonSet is gone.
    fn forget(&mut self, key: &Key) {
        self.expectations.forget(key);
        self.failures.remove(key);
        self.rosters.forget(key);
    }

    fn retry(&mut self, key: &Key, out: &mut Out) {
        let failures = self.failures.entry(key.clone()).or_insert(0);
        out.turn_after(queue_delay_ms(*failures), Turn::EnqueueDaemonSet(key.clone()));
        *failures += 1;
    }

    /// The end of a sync: the status, from what is in the store by now.
    fn store_status(
        &mut self,
        context: &Context<'_>,
        key: &Key,
        (hash, acted): (&str, bool),
        mut failed: bool,
        out: &mut Out,
    ) {
        let again = self.syncing.remove(key).unwrap_or(false);
        if let Some(daemon_set) = context.store.daemon_sets.get(key).filter(|ds| !ds.metadata.is_deleting()) {
            let seen = see(context, daemon_set);
            let status = sync::status_of(&seen, self.rosters.of(key), hash, acted);
            let latest = status.as_ref().unwrap_or(&daemon_set.status);
            let waiting = latest.number_ready != latest.number_available;
            let min_ready_ms = i64::from(daemon_set.spec.min_ready_seconds) * SECOND_MS;
            if min_ready_ms > 0 && waiting {
                out.turn_after(min_ready_ms, Turn::EnqueueDaemonSet(key.clone()));
            }
            if let Some(status) = status {
                // Upstream tries once more (`StatusUpdateRetries`).
                if out.is_refused() && out.is_refused() {
                    failed = true;
                } else {
                    let uid = daemon_set.metadata.uid.clone();
                    out.write(Write::SetDaemonSetStatus { key: key.clone(), uid, status: Box::new(status) });
                }
            }
        }
        if failed {
            self.retry(key, out);
        } else {
            self.failures.remove(key);
        }
        if again {
            self.enqueue(key, out);
        }
    }
}

/// Whether nothing that matters to DaemonSets changed. Upstream: `shouldIgnoreNodeUpdate`.
fn is_same_to_daemon_sets(old: Option<&Node>, new: &Node) -> bool {
    old.is_some_and(|old| old.metadata.labels == new.metadata.labels && old.spec.taints == new.spec.taints)
}

/// The DaemonSet that controls an object, if it is still the same. Upstream: `resolveControllerRef`.
fn resolve<'a>(context: &Context<'a>, object: &ObjectMeta) -> Option<&'a Rc<DaemonSet>> {
    let owner = object.controller().filter(|owner| owner.kind == "DaemonSet")?;
    let key = Key::new(object.namespace.clone(), owner.name.clone());
    context.store.daemon_sets.get(&key).filter(|daemon_set| daemon_set.metadata.uid == owner.uid)
}

/// What the controller sees of the cluster for one DaemonSet.
fn see<'a>(context: &Context<'a>, daemon_set: &'a DaemonSet) -> Seen<'a> {
    let (store, own) = (context.store, &daemon_set.metadata);
    let concerns = move |other: &ObjectMeta| {
        other.namespace == own.namespace && other.controller().is_none_or(|owner| owner.uid == own.uid)
    };
    Seen {
        daemon_set,
        nodes: &store.nodes,
        pods: &store.pods,
        revisions: store.revisions.values().map(|r| &**r).filter(|r| concerns(&r.metadata)).collect(),
        now: context.now,
    }
}
