//! A sync by itself, for measuring: in the cluster's own time it waits for its turn and for
//! the API server.

use super::commit;
use super::daemon_set_controller::DaemonSetController;
use super::event::Event;
use super::knobs::Knobs;
use super::notice::{Turn, What};
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
        let mut events = Vec::new();
        let asked = self.take_turn(Turn::SyncDaemonSet(daemon_set.clone()));
        for (_, what) in asked.into_items() {
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
