//! The only writer: carries out what components ask for, as the API server would, notes
//! what happened and tells the watchers. A write to an object that is gone, or to a later
//! one of the same name, does nothing.
//!
//! Upstream: `pkg/registry/core/pod/strategy.go`, `storage/storage.go`,
//! `k8s.io/apiserver/pkg/registry/generic/registry/store.go`.

use super::event::{Actor, Event, EventId, EventType, Fact};
use super::notice::{Change, Notice, Write};
use super::recorder::Recording;
use super::world::World;
use crate::api::{
    ConditionStatus, ControllerRevision, DaemonSet, Key, Kind, Node, NodeCondition, ObjectMeta, ObjectRef,
    OwnerReference, Pod, PodCondition, PodConditionType, PodStatus,
};
use crate::base::{SECOND_MS, Time, sort_by_key};
use crate::rules::tolerations::default_tolerations;
use std::rc::Rc;

/// One write being carried out.
pub(super) struct Commit<'a> {
    pub world: &'a mut World,
    pub actor: Actor,
    pub cause: Option<EventId>,
    pub events: &'a mut Vec<Event>,
}

/// Carries out one write.
pub(super) fn commit(world: &mut World, actor: Actor, write: Write, cause: Option<EventId>, events: &mut Vec<Event>) {
    let mut commit = Commit { world, actor, cause, events };
    match write {
        Write::CreatePod(pod) => commit.create_pod(*pod),
        Write::BindPod { key, uid, node } => commit.bind_pod(&key, &uid, node),
        Write::SetPodStatus { key, uid, status, what } => {
            commit.update_pod(&key, &uid, Some(what), |pod| pod.status = *status)
        }
        Write::Disrupt { key, uid, reason, message } => {
            let what = format!("DisruptionTarget True: {reason}");
            let now = commit.world.now;
            commit.update_pod(&key, &uid, Some(what), |pod| disrupt(&mut pod.status, reason, message, now));
        }
        Write::SetPodOwner { key, uid, owner } => {
            let reference = owner.and_then(|owner| commit.owner_reference(&owner));
            let what = owner_change(reference.as_ref());
            commit.update_pod(&key, &uid, Some(what), |pod| set_owner(&mut pod.metadata, reference));
        }
        Write::LabelPod { key, uid, label, value } => {
            let what = format!("label {label}={value}");
            commit.update_pod(&key, &uid, Some(what), |pod| {
                pod.metadata.labels_mut().insert(label, value);
            });
        }
        Write::DeletePod { key, uid, grace_period_seconds } => commit.delete_pod(&key, &uid, grace_period_seconds),
        Write::CreateRevision(revision) => commit.create_revision(*revision),
        Write::NumberRevision { key, revision } => {
            let what = format!("revision {revision}");
            commit.update_revision(&key, what, |object| object.revision = revision);
        }
        Write::LabelRevision { key, label, value } => {
            let what = format!("label {label}={value}");
            commit.update_revision(&key, what, |object| {
                object.metadata.labels_mut().insert(label, value);
            });
        }
        Write::SetRevisionOwner { key, owner } => {
            let reference = owner.and_then(|owner| commit.owner_reference(&owner));
            let what = owner_change(reference.as_ref());
            commit.update_revision(&key, what, |object| set_owner(&mut object.metadata, reference));
        }
        Write::DeleteRevision(key) => commit.delete_revision(&key),
        Write::SetDaemonSetStatus { key, uid, status } => {
            let same = |ds: &DaemonSet| ds.metadata.uid == uid;
            let what = format!(
                "status: desired {}, current {}, ready {}, up-to-date {}, available {}",
                status.desired_number_scheduled,
                status.current_number_scheduled,
                status.number_ready,
                status.updated_number_scheduled,
                status.number_available
            );
            commit.update_daemon_set(&key, same, what, |ds| ds.status = *status);
        }
        Write::RemoveDaemonSet { key, uid } => commit.remove_daemon_set(&key, &uid),
        Write::SetNodeConditions { node, conditions } => commit.set_node_conditions(&node, &conditions),
        Write::SetTaints { node, add, remove } => commit.set_taints(&node, add, &remove),
        Write::Record { object, event_type, reason, message } => {
            commit.record(object, event_type, reason, message);
        }
    }
}

impl Commit<'_> {
    fn happened(&mut self, object: ObjectRef, fact: Fact, notice: Option<Notice>) {
        self.world.happened(self.events, self.actor, self.cause, object, fact, notice);
    }

    fn create_pod(&mut self, mut pod: Pod) {
        let mut name = pod.metadata.name.clone();
        while name.is_empty()
            || self.world.store.pods.contains_key(&Key::new(pod.metadata.namespace.clone(), name.clone()))
        {
            name = format!("{}{}", pod.metadata.generate_name, self.world.rng.name_suffix(5));
        }
        pod.metadata.name = name;
        let defaults: Vec<_> = default_tolerations(&pod.spec.tolerations).collect();
        if !defaults.is_empty() {
            // Otherwise the pod goes on sharing its template's spec.
            Rc::make_mut(&mut pod.spec).tolerations.extend(defaults);
        }
        self.world.stamp_new(&mut pod.metadata);
        let (key, pod) = (pod.key(), Rc::new(pod));
        self.world.store.put_pod(key.clone(), Rc::clone(&pod));
        let owner = pod.metadata.controller().filter(|owner| owner.kind == "DaemonSet").map(|owner| owner.name.clone());
        let name = key.name.clone();
        let notice = Notice::Pod(Change { old: None, new: Some(pod) });
        self.happened(ObjectRef::new(Kind::Pod, key.clone()), Fact::Created, Some(notice));
        if let Some(owner) = owner {
            // Upstream's PodControl records this for the owner right after the creation.
            self.record_normal(
                Kind::DaemonSet,
                Key::new(key.namespace, owner),
                "SuccessfulCreate",
                format!("Created pod: {name}"),
            );
        }
    }

    fn record_normal(&mut self, kind: Kind, key: Key, reason: &str, message: String) {
        self.record(ObjectRef::new(kind, key), EventType::Normal, reason.to_owned(), message);
    }

    fn record(&mut self, object: ObjectRef, event_type: EventType, reason: String, message: String) {
        let world = &mut *self.world;
        let (id, actor) = (world.next_event, self.actor);
        let recording = Recording { id, actor, object: &object, event_type, reason: &reason, message: &message };
        let observed = world.recorders.observe(&world.store, &recording, world.now);
        self.happened(object, Fact::Recorded { event_type, reason, message, observed }, None);
    }

    fn bind_pod(&mut self, key: &Key, uid: &str, node: String) {
        let Some(old) = self.world.store.pods.get(key).filter(|pod| pod.metadata.uid == uid && !pod.is_deleting())
        else {
            return;
        };
        if old.node_name.is_some() {
            return;
        }
        let old = Rc::clone(old);
        let mut pod = (*old).clone();
        pod.node_name = Some(node.clone());
        pod.status.nominated_node_name.clear();
        set_condition(
            &mut pod.status.conditions,
            PodConditionType::PodScheduled,
            ConditionStatus::True,
            "",
            "",
            self.world.now,
        );
        let notice = self.replace_pod(key, old, pod);
        self.happened(ObjectRef::new(Kind::Pod, key.clone()), Fact::Bound { node: node.clone() }, Some(notice));
        self.record_normal(Kind::Pod, key.clone(), "Scheduled", format!("Successfully assigned {key} to {node}"));
    }

    /// Changes a pod if it is still the one meant; `what` tells what changed.
    pub(super) fn update_pod(&mut self, key: &Key, uid: &str, what: Option<String>, change: impl FnOnce(&mut Pod)) {
        let Some(old) = self.world.store.pods.get(key).filter(|pod| pod.metadata.uid == uid).cloned() else {
            return;
        };
        let mut pod = (*old).clone();
        change(&mut pod);
        if pod == *old {
            return;
        }
        let notice = self.replace_pod(key, old, pod);
        let fact = what.map_or(Fact::DeletionRequested, |what| Fact::Updated { what });
        self.happened(ObjectRef::new(Kind::Pod, key.clone()), fact, Some(notice));
    }

    fn replace_pod(&mut self, key: &Key, old: Rc<Pod>, mut pod: Pod) -> Notice {
        pod.metadata.resource_version = self.world.next_resource_version();
        let pod = Rc::new(pod);
        self.world.store.put_pod(key.clone(), Rc::clone(&pod));
        Notice::Pod(Change { old: Some(old), new: Some(pod) })
    }

    fn delete_pod(&mut self, key: &Key, uid: &str, grace_period_seconds: Option<i64>) {
        let Some(pod) = self.world.store.pods.get(key).filter(|pod| pod.metadata.uid == uid).cloned() else {
            return;
        };
        let own_grace = pod.spec.termination_grace_period_seconds.unwrap_or(30);
        let grace_s = grace_period_seconds.unwrap_or(own_grace).max(0);
        let deleted_by_controller = self.actor == Actor::DaemonSetController;
        // What no kubelet has or what has ended need not wait for a graceful stop.
        let at_once = grace_s == 0 || pod.node_name.is_none() || pod.status.phase.is_terminal();
        let now = self.world.now;
        if at_once {
            self.world.store.remove_pod(key);
            self.world.recorders.forget(uid);
            let notice = Notice::Pod(Change { old: Some(Rc::clone(&pod)), new: None });
            self.happened(ObjectRef::new(Kind::Pod, key.clone()), Fact::Removed, Some(notice));
        } else if !pod.is_deleting() {
            self.update_pod(key, uid, None, |pod| {
                pod.metadata.deletion_timestamp = Some(now + grace_s * SECOND_MS);
                pod.metadata.deletion_grace_period_seconds = Some(grace_s);
            });
        } else {
            return;
        }
        if let (true, Some(owner)) = (deleted_by_controller, pod.metadata.controller()) {
            let owner = Key::new(key.namespace.clone(), owner.name.clone());
            self.record_normal(Kind::DaemonSet, owner, "SuccessfulDelete", format!("Deleted pod: {}", key.name));
        }
    }

    fn create_revision(&mut self, mut revision: ControllerRevision) {
        let key = revision.metadata.key();
        if self.world.store.revisions.contains_key(&key) {
            return;
        }
        self.world.stamp_new(&mut revision.metadata);
        let revision = Rc::new(revision);
        self.world.store.revisions.insert(key.clone(), Rc::clone(&revision));
        let notice = Notice::Revision(Change { old: None, new: Some(revision) });
        self.happened(ObjectRef::new(Kind::ControllerRevision, key), Fact::Created, Some(notice));
    }

    fn update_revision(&mut self, key: &Key, what: String, change: impl FnOnce(&mut ControllerRevision)) {
        let Some(old) = self.world.store.revisions.get(key).cloned() else {
            return;
        };
        let mut revision = (*old).clone();
        change(&mut revision);
        revision.metadata.resource_version = self.world.next_resource_version();
        let revision = Rc::new(revision);
        self.world.store.revisions.insert(key.clone(), Rc::clone(&revision));
        let notice = Notice::Revision(Change { old: Some(old), new: Some(revision) });
        self.happened(ObjectRef::new(Kind::ControllerRevision, key.clone()), Fact::Updated { what }, Some(notice));
    }

    fn delete_revision(&mut self, key: &Key) {
        if let Some(old) = self.world.store.revisions.remove(key) {
            let notice = Notice::Revision(Change { old: Some(old), new: None });
            self.happened(ObjectRef::new(Kind::ControllerRevision, key.clone()), Fact::Removed, Some(notice));
        }
    }

    /// Changes a DaemonSet if `same` says that it is the one meant.
    pub(super) fn update_daemon_set(
        &mut self,
        key: &Key,
        same: impl FnOnce(&DaemonSet) -> bool,
        what: String,
        change: impl FnOnce(&mut DaemonSet),
    ) {
        let Some(old) = self.world.store.daemon_sets.get(key).filter(|ds| same(ds)).cloned() else {
            return;
        };
        let mut daemon_set = (*old).clone();
        change(&mut daemon_set);
        daemon_set.metadata.resource_version = self.world.next_resource_version();
        let daemon_set = Rc::new(daemon_set);
        self.world.store.daemon_sets.insert(key.clone(), Rc::clone(&daemon_set));
        let notice = Notice::DaemonSet(Change { old: Some(old), new: Some(daemon_set) });
        self.happened(ObjectRef::new(Kind::DaemonSet, key.clone()), Fact::Updated { what }, Some(notice));
    }

    pub(super) fn remove_daemon_set(&mut self, key: &Key, uid: &str) {
        if self.world.store.daemon_sets.get(key).is_none_or(|ds| ds.metadata.uid != uid) {
            return;
        }
        let old = self.world.store.daemon_sets.remove(key);
        self.world.recorders.forget(uid);
        let notice = Notice::DaemonSet(Change { old, new: None });
        self.happened(ObjectRef::new(Kind::DaemonSet, key.clone()), Fact::Removed, Some(notice));
    }

    /// Changes a node if it is there.
    pub(super) fn update_node(&mut self, name: &str, what: String, change: impl FnOnce(&mut Node)) {
        let Some(old) = self.world.store.nodes.get(name).cloned() else {
            return;
        };
        let mut node = (*old).clone();
        change(&mut node);
        if node == *old {
            return;
        }
        node.metadata.resource_version = self.world.next_resource_version();
        let node = Rc::new(node);
        self.world.store.nodes.insert(name.to_owned(), Rc::clone(&node));
        let notice = Notice::Node(Change { old: Some(old), new: Some(node) });
        self.happened(ObjectRef::node(name), Fact::Updated { what }, Some(notice));
    }

    fn set_node_conditions(&mut self, name: &str, conditions: &[NodeCondition]) {
        let Some(node) = self.world.store.nodes.get(name) else {
            return;
        };
        let changed =
            |wanted: &&NodeCondition| node.condition(wanted.kind).is_none_or(|old| old.status != wanted.status);
        // Of several the last one tells why: Ready.
        let Some(NodeCondition { kind, status, message, .. }) = conditions.iter().rev().find(changed) else {
            return;
        };
        let (what, now) = (format!("{kind} {status:?}: {message}"), self.world.now);
        self.update_node(name, what, |node| set_conditions(node, conditions, now));
    }

    fn set_taints(&mut self, name: &str, add: Vec<crate::api::Taint>, remove: &[crate::api::Taint]) {
        let plus = add.iter().map(|taint| format!("taint {taint} added"));
        let minus = remove.iter().map(|taint| format!("taint {taint} removed"));
        let what = plus.chain(minus).collect::<Vec<_>>().join(", ");
        self.update_node(name, what, |node| {
            node.spec.taints.retain(|taint| !remove.iter().any(|gone| gone.matches(taint)));
            for taint in add {
                if !node.spec.taints.iter().any(|known| known.matches(&taint)) {
                    node.spec.taints.push(taint);
                }
            }
        });
    }

    fn owner_reference(&self, owner: &Key) -> Option<OwnerReference> {
        self.world.store.daemon_sets.get(owner).map(|daemon_set| OwnerReference::controller_of(daemon_set))
    }
}

fn set_owner(metadata: &mut ObjectMeta, owner: Option<OwnerReference>) {
    let owners = Rc::make_mut(&mut metadata.owner_references);
    owners.retain(|known| !known.controller);
    owners.extend(owner);
}

fn owner_change(owner: Option<&OwnerReference>) -> String {
    owner.map_or_else(|| "released by its owner".to_owned(), |owner| format!("adopted by {}", owner.name))
}

/// Sets a pod's condition; the transition time moves only if the status changes.
pub(super) fn set_condition(
    conditions: &mut Vec<PodCondition>,
    kind: PodConditionType,
    status: ConditionStatus,
    reason: &str,
    message: &str,
    now: Time,
) {
    let known = conditions.iter().find(|condition| condition.kind == kind && condition.status == status);
    let last_transition_time = known.map_or(now, |condition| condition.last_transition_time);
    conditions.retain(|condition| condition.kind != kind);
    conditions.push(PodCondition {
        kind,
        status,
        reason: reason.to_owned(),
        message: message.to_owned(),
        last_transition_time,
    });
    sort_by_key(conditions, |condition| condition.kind);
}

/// Says of a pod why it is about to go.
pub(super) fn disrupt(status: &mut PodStatus, reason: &str, message: &str, now: Time) {
    let kind = PodConditionType::DisruptionTarget;
    set_condition(&mut status.conditions, kind, ConditionStatus::True, reason, message, now);
}

/// Sets a node's conditions; a transition time moves only if the status changes.
pub(super) fn set_conditions(node: &mut Node, wanted: &[NodeCondition], now: Time) {
    for wanted in wanted {
        let mut condition = NodeCondition { last_transition_time: now, ..wanted.clone() };
        match node.status.conditions.iter_mut().find(|known| known.kind == wanted.kind) {
            Some(known) => {
                if known.status == condition.status {
                    condition.last_transition_time = known.last_transition_time;
                }
                *known = condition;
            }
            None => node.status.conditions.push(condition),
        }
    }
}
