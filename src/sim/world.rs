//! The whole state of a cluster, and how it moves on: from wake-up to wake-up.

use super::command::{Command, Fault, Rejection};
use super::daemon_set_controller::DaemonSetController;
use super::event::{Actor, Event, EventId, Fact};
use super::faults::WATCHERS;
use super::garbage_collector::GarbageCollector;
use super::knobs::Knobs;
use super::kubelet::{Kubelets, Progress};
use super::node_lifecycle::NodeLifecycle;
use super::notice::{Context, Notice, Out, Turn, Wakeup, What};
use super::pod_gc::PodGc;
use super::recorder::Recorders;
use super::scheduler::{PodAttempts, Scheduler};
use super::store::Store;
use super::taint_eviction::TaintEviction;
use super::{apply, commit, invariants};
use crate::api::{ControllerRevision, DaemonSetStatus, Key, Node, ObjectMeta, ObjectRef, Pod};
use crate::base::{Millis, Rng, Time, digest_of};
use crate::rules::drain::{Drain, DrainOptions};
use crate::rules::node_conditions::{REPORTED, condition};
use crate::rules::node_files::NodeFile;
use crate::rules::roster::Counted;
use crate::rules::scheduling::Misfit;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Worlds with more pods than this are not proved sound after every step, only in tests
/// that ask for it.
const CHECKED_PODS_MAX: usize = 200;

/// A cluster. Same seed, knobs, nodes and commands: same history, on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub(super) now: Time,
    pub(super) knobs: Knobs,
    pub(super) store: Store,
    pub(super) rng: Rng,
    pub(super) components: Components,
    /// What will happen, in order of time and, within an instant, of rank and of request.
    queue: BTreeMap<(Time, u64, u64), Wakeup>,
    next_wakeup_number: u64,
    pub(super) next_event: u64,
    pub(super) recorders: Recorders,
    pub(super) last_resource_version: u64,
    pub(super) last_uid: u64,
}

/// The memories of the components.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Components {
    pub daemon_sets: DaemonSetController,
    pub scheduler: Scheduler,
    pub kubelets: Kubelets,
    pub node_lifecycle: NodeLifecycle,
    pub taint_eviction: TaintEviction,
    pub pod_gc: PodGc,
    pub garbage: GarbageCollector,
}

impl World {
    /// A quiet cluster at time 0: these nodes have joined and are Ready.
    #[must_use]
    pub fn new(seed: u64, knobs: Knobs, nodes: Vec<Node>) -> World {
        let mut world = World {
            now: Time::ZERO,
            knobs: knobs.clamped(),
            store: Store::default(),
            rng: Rng::new(seed),
            components: Components::default(),
            queue: BTreeMap::new(),
            next_wakeup_number: 0,
            next_event: 0,
            recorders: Recorders::default(),
            last_resource_version: 0,
            last_uid: 0,
        };
        for mut node in nodes {
            world.stamp_new(&mut node.metadata);
            apply::complete_node(&mut node);
            let well = REPORTED.map(|kind| condition(kind, true));
            commit::set_conditions(&mut node, &well, Time::ZERO);
            world.components.kubelets.register(node.name(), Time::ZERO);
            world.store.nodes.insert(node.name().to_owned(), Rc::new(node));
        }
        world
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// The objects.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The knobs.
    #[must_use]
    pub fn knobs(&self) -> &Knobs {
        &self.knobs
    }

    /// Does a command now.
    ///
    /// # Errors
    /// What the API server or kubectl would refuse, in their words; nothing is changed then.
    pub fn apply(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let mut events = Vec::new();
        apply::apply(self, command, &mut events)?;
        self.check();
        Ok(events)
    }

    /// When something happens next by itself.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<Time> {
        self.queue.first_key_value().map(|((at, ..), _)| *at)
    }

    /// Lets exactly one wake-up happen, at its time. Nothing if there is none.
    pub fn step(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        if let Some(((at, ..), wakeup)) = self.queue.pop_first() {
            self.now = self.now.max(at);
            self.wake(wakeup, &mut events);
            self.check();
        }
        events
    }

    /// Lets time pass up to `at`, but not beyond the next wake-up, and never back.
    pub fn advance_to(&mut self, at: Time) {
        let limit = self.next_wakeup().unwrap_or(Time::NEVER);
        self.now = self.now.max(at.min(limit));
    }

    /// A number that two worlds have in common only if they are the same in every detail that
    /// anything to come hangs on.
    #[must_use]
    pub fn digest(&self) -> u64 {
        digest_of(self)
    }

    /// What is under way with a pod, if anything is.
    #[must_use]
    pub fn progress(&self, pod: &Key) -> Option<Progress> {
        let object = self.store.pods.get(pod)?;
        match &object.node_name {
            Some(node) => self.components.kubelets.progress(node, object),
            None => self.components.scheduler.progress(pod),
        }
    }

    /// What the scheduler tried for a pod that is there: the last attempts.
    #[must_use]
    pub fn attempts(&self, pod: &Key) -> Option<&PodAttempts> {
        self.components.scheduler.attempts().of(pod).map(|attempts| &**attempts)
    }

    /// The pod for which another was driven from its node, if both are still there.
    #[must_use]
    pub fn preemptor(&self, victim: &Key) -> Option<&Key> {
        self.components.scheduler.attempts().preemptor(victim)
    }

    /// What a drain of a node would come to, and what kubectl would say.
    #[must_use]
    pub fn drain(&self, node: &str, options: &DrainOptions) -> Drain {
        apply::drain_of(self, node, options)
    }

    /// The files that the containers of a node leave there, those of its pods in their order.
    #[must_use]
    pub fn node_files(&self, node: &str) -> Vec<NodeFile> {
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        self.components.kubelets.files(&context, node)
    }

    /// What is wrong with the machine, known to the API or not.
    #[must_use]
    pub fn fault(&self, node: &str) -> Option<Fault> {
        self.components.kubelets.fault(node)
    }

    /// Whether a sync of the DaemonSet is on its way, so that its status is about to be
    /// refreshed.
    #[must_use]
    pub fn sync_expected(&self, daemon_set: &Key) -> bool {
        let Some(object) = self.store.daemon_sets.get(daemon_set) else {
            return false;
        };
        self.components.daemon_sets.is_active(daemon_set)
            || self.queue.values().any(|wakeup| is_news_for(wakeup, &object.metadata))
    }

    /// What the controller would write into the status if it synced now.
    #[must_use]
    pub fn fresh_status(&self, daemon_set: &Key) -> Option<DaemonSetStatus> {
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        self.components.daemon_sets.fresh_status(&context, daemon_set)
    }

    /// The columns that count each node if the controller wrote the status now, by the nodes'
    /// names.
    #[must_use]
    pub fn counted(&self, daemon_set: &Key) -> Vec<Counted> {
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        self.components.daemon_sets.counted(&context, daemon_set).unwrap_or_default()
    }

    /// A pod of the DaemonSet as the controller would create it now, but for its node.
    #[must_use]
    pub fn pod_of(&self, daemon_set: &Key) -> Option<Pod> {
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        self.components.daemon_sets.pod_of(&context, daemon_set)
    }

    /// What the scheduler would hold against a pod on the node that it is pinned to, its
    /// owner's pods there aside.
    #[must_use]
    pub fn misfit(&self, pod: &Pod) -> Option<Misfit> {
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        self.components.scheduler.misfit(&context, pod)
    }

    /// The revision whose template is the DaemonSet's present one.
    #[must_use]
    pub fn current_revision(&self, daemon_set: &Key) -> Option<Rc<ControllerRevision>> {
        let object = self.store.daemon_sets.get(daemon_set)?;
        let mut own = self.store.revisions_of(&object.metadata.uid);
        own.find(|revision| revision.data == object.spec.template).cloned()
    }

    /// Lets `wakeup` happen.
    fn wake(&mut self, wakeup: Wakeup, events: &mut Vec<Event>) {
        let Wakeup { what, cause } = wakeup;
        match what {
            What::Deliver(notice) => {
                let out = self.deliver(&notice, None);
                self.settle(out, cause, events);
            }
            What::DeliverTo(actor, notice) => {
                let out = self.deliver(&notice, Some(actor));
                self.settle(out, cause, events);
            }
            What::Turn(turn) => {
                let out = self.take_turn(turn);
                self.settle(out, cause, events);
            }
            What::Commit { actor, write } => commit::commit(self, actor, write, cause, events),
        }
    }

    /// Every component hears of a change, or only one; each signs what it asks for.
    fn deliver(&mut self, notice: &Notice, only: Option<Actor>) -> Out {
        let mut out = self.out(Actor::DaemonSetController);
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        let components = &mut self.components;
        for actor in WATCHERS.into_iter().filter(|actor| only.is_none_or(|only| only == *actor)) {
            out.sign_as(actor);
            match actor {
                Actor::DaemonSetController => components.daemon_sets.notice(&context, notice, &mut out),
                Actor::Scheduler => components.scheduler.notice(&context, notice, &mut out),
                Actor::Kubelet => components.kubelets.notice(&context, notice, &mut out),
                Actor::NodeLifecycle => components.node_lifecycle.notice(&context, notice, &mut out),
                Actor::TaintEviction => components.taint_eviction.notice(&context, notice, &mut out),
                Actor::PodGc => components.pod_gc.notice(&context, notice, &mut out),
                Actor::GarbageCollector => components.garbage.notice(&context, notice, &mut out),
                Actor::User | Actor::ApiServer => {}
            }
        }
        out
    }

    pub(super) fn take_turn(&mut self, turn: Turn) -> Out {
        let mut out = self.out(turn.actor());
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        let components = &mut self.components;
        match turn {
            Turn::EnqueueDaemonSet(_) | Turn::SyncDaemonSet(_) | Turn::StoreStatus { .. } => {
                components.daemon_sets.turn(&context, turn, &mut out);
            }
            Turn::Schedule | Turn::EndSchedulingBackoff(_) | Turn::EndErrorBackoff(_) => {
                components.scheduler.turn(&context, &turn, &mut out);
            }
            Turn::PodWorker { .. } | Turn::PostNodeStatus(_) | Turn::EvictionRound(_) => {
                components.kubelets.turn(&context, &turn, &mut out);
            }
            Turn::MissLeases { .. } | Turn::MarkPodsNotReady { .. } | Turn::MonitorNode(_) | Turn::TaintNode(_) => {
                let silence_of = |node: &str| components.kubelets.silence(node);
                components.node_lifecycle.turn(&context, &turn, &silence_of, &mut out);
            }
            Turn::Evict(key) => {
                components.taint_eviction.evict(&context, &key, &mut out);
            }
            Turn::CollectPods => {
                components.pod_gc.collect(&context, &mut out);
            }
            Turn::CollectGarbage { owner, failures } => {
                components.garbage.work(&context, &owner, failures, &mut out);
            }
        }
        out
    }

    /// Does what was asked for: writes without delay at once, everything else is queued.
    pub(super) fn settle(&mut self, out: Out, cause: Option<EventId>, events: &mut Vec<Event>) {
        self.rng = out.rng.clone();
        for (delay_ms, what) in out.into_items() {
            match what {
                What::Commit { actor, write } if delay_ms <= 0 => commit::commit(self, actor, write, cause, events),
                what => self.queue_after(delay_ms, what, cause),
            }
        }
    }

    pub(super) fn queue_after(&mut self, delay_ms: Millis, what: What, cause: Option<EventId>) {
        let number = self.next_wakeup_number;
        self.next_wakeup_number += 1;
        let rank = rank(&what, self.knobs.tie_order);
        self.queue.insert((self.now + delay_ms.max(0), rank, number), Wakeup { what, cause });
    }

    /// Notes a fact and, where an object changed, tells the watchers.
    pub(super) fn happened(
        &mut self,
        events: &mut Vec<Event>,
        actor: Actor,
        cause: Option<EventId>,
        object: ObjectRef,
        fact: Fact,
        notice: Option<Notice>,
    ) -> EventId {
        let id = EventId(self.next_event);
        self.next_event += 1;
        events.push(Event { id, at: self.now, actor, cause, object, fact });
        if let Some(notice) = notice {
            self.components.daemon_sets.note(&notice);
            self.tell(notice, id);
        }
        id
    }

    /// Gives a new object UID, time and version.
    pub(super) fn stamp_new(&mut self, metadata: &mut ObjectMeta) {
        self.last_uid += 1;
        metadata.uid = format!("00000000-0000-4000-8000-{:012x}", self.last_uid);
        metadata.creation_timestamp = self.now;
        metadata.deletion_timestamp = None;
        metadata.deletion_grace_period_seconds = None;
        metadata.generation = metadata.generation.max(1);
        metadata.resource_version = self.next_resource_version();
    }

    pub(super) fn next_resource_version(&mut self) -> u64 {
        self.last_resource_version += 1;
        self.last_resource_version
    }

    /// In debug builds, small worlds prove after every step that they are sound.
    fn check(&self) {
        if cfg!(debug_assertions) && self.store.pods.len() < CHECKED_PODS_MAX {
            let broken = invariants::broken(self);
            debug_assert!(broken.is_empty(), "{broken:?}");
        }
    }
}

/// Which of what is due at one instant comes first: that depends on the component, so that
/// each still does its own work in order, and all hear of changes in order.
fn rank(what: &What, tie_order: u32) -> u64 {
    let component = match what {
        _ if tie_order == 0 => return 0,
        What::Deliver(_) => 0,
        What::Turn(turn) => 1 + turn.actor() as u64,
        What::Commit { actor, .. } | What::DeliverTo(actor, _) => 1 + *actor as u64,
    };
    Rng::new((u64::from(tie_order) << 8) + component).next_u64()
}

/// Whether a wake-up will make the controller look at a DaemonSet.
fn is_news_for(wakeup: &Wakeup, daemon_set: &ObjectMeta) -> bool {
    let (What::Deliver(notice) | What::DeliverTo(Actor::DaemonSetController, notice)) = &wakeup.what else {
        return false;
    };
    match notice {
        Notice::Pod(change) => change.latest().is_some_and(|pod| pod.metadata.is_controlled_by(&daemon_set.uid)),
        Notice::DaemonSet(change) => change.latest().is_some_and(|other| other.metadata.uid == daemon_set.uid),
        // Until the controller has looked at the node, nobody can tell.
        Notice::Node(_) => true,
        Notice::Revision(_) => false,
    }
}
