//! A sync or a scheduling cycle by itself, for measuring: in the cluster's own time it waits
//! for its turn and for the API server.

use super::commit;
use super::daemon_set_controller::DaemonSetController;
use super::event::{Actor, Event};
use super::knobs::Knobs;
use super::notice::{Change, Context, Notice, Turn, What};
use super::scheduler::Scheduler;
use super::store::Store;
use super::world::World;
use crate::api::Key;

impl World {
    /// A cluster that consists of these objects, in which nothing has happened yet.
    #[must_use]
    pub fn of_store(seed: u64, knobs: Knobs, store: Store) -> World {
        let mut world = World::new(seed, knobs, Vec::new());
        world.store = store;
        world
    }

    /// One sync of a DaemonSet from its beginning to its status, by a controller that
    /// remembers nothing, all at this instant.
    pub fn sync_at_once(&mut self, daemon_set: &Key) -> Vec<Event> {
        self.components.daemon_sets = DaemonSetController::default();
        self.turn_at_once(Turn::SyncDaemonSet(daemon_set.clone()))
    }

    /// One cycle of a scheduler that has just heard of a pod and remembers nothing else, the
    /// binding included, all at this instant.
    pub fn schedule_at_once(&mut self, pod: &Key) -> Vec<Event> {
        self.components.scheduler = Scheduler::default();
        let notice = Notice::Pod(Change { old: None, new: self.store.pods.get(pod).cloned() });
        let mut out = self.out(Actor::Scheduler);
        let context = Context { now: self.now, knobs: &self.knobs, store: &self.store };
        self.components.scheduler.notice(&context, &notice, &mut out);
        self.turn_at_once(Turn::Schedule)
    }

    fn turn_at_once(&mut self, turn: Turn) -> Vec<Event> {
        let mut events = Vec::new();
        for (_, what) in self.take_turn(turn).into_items() {
            match what {
                What::Commit { actor, write } => commit::commit(self, actor, write, None, &mut events),
                What::Turn(turn @ Turn::StoreStatus { .. }) => {
                    let out = self.take_turn(turn);
                    self.settle(out, None, &mut events);
                }
                What::Turn(_) | What::Deliver(_) | What::DeliverTo(..) => {}
            }
        }
        events
    }
}
