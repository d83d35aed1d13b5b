//! The world that a scenario begins with, made piece by piece: a cluster that was found may hold
//! thousands of objects, and the page has a few milliseconds at a time.

use super::Timeline;
use super::futures::Futures;
use super::keyframes::Keyframes;
use super::log::Log;
use super::position::Position;
use super::rollouts::Rollouts;
use super::scenario::{Scenario, ScenarioError};
use crate::api::{Key, Unpacker};
use crate::base::{Map, Time};
use crate::sim::World;

/// What an object costs, in the units of a slice of playback: some tenth of a microsecond.
const OBJECT_COST: usize = 300;

/// A timeline whose start is being made.
pub struct Rebuild {
    scenario: Scenario,
    world: World,
    unpacker: Unpacker,
    taken_in: u32,
    /// DaemonSets that the controllers have still to look at; none while objects come in.
    waiting: Option<Vec<Key>>,
}

impl Rebuild {
    /// Nothing is there yet but the scenario's own nodes.
    ///
    /// # Errors
    /// A scenario beyond the limits.
    pub fn new(scenario: Scenario) -> Result<Rebuild, ScenarioError> {
        Ok(Rebuild::of(scenario.checked()?))
    }

    pub(super) fn of(scenario: Scenario) -> Rebuild {
        let world = World::new(scenario.seed, scenario.knobs.clamped(), scenario.nodes.clone());
        Rebuild { scenario, world, unpacker: Unpacker::default(), taken_in: 0, waiting: None }
    }

    /// Goes on, at this cost or a little more. Whether everything is done.
    pub fn run(&mut self, cost: usize) -> bool {
        let mut left = cost;
        while left > 0 {
            let store = self.world.store();
            let looked_over = store.nodes.len() + store.pods.len();
            let Some(waiting) = &mut self.waiting else {
                let found = self.scenario.found.as_deref();
                match found.and_then(|found| self.unpacker.next(found)) {
                    Some(object) => self.world.take_in(object),
                    None => self.waiting = Some(store.daemon_sets.keys().cloned().collect()),
                }
                self.taken_in += 1;
                left = left.saturating_sub(OBJECT_COST);
                continue;
            };
            let Some(key) = waiting.pop() else { return true };
            self.world.resume_daemon_set(&key);
            left = left.saturating_sub(OBJECT_COST + looked_over);
        }
        false
    }

    /// How much is done, in thousandths.
    #[must_use]
    pub fn permille(&self) -> u16 {
        let all = self.scenario.found.as_ref().map_or(1, |found| found.objects.max(1));
        u16::try_from(u64::from(self.taken_in.min(all)) * 1_000 / u64::from(all)).unwrap_or(1_000)
    }

    /// The timeline, with what is due at the start done; what is not made by now is made.
    #[must_use]
    pub fn finish(mut self) -> Timeline {
        while !self.run(usize::MAX) {}
        let genesis = Position::start(self.world);
        let mut timeline = Timeline {
            rollouts: Rollouts::of(genesis.world.store()),
            keyframes: Keyframes::new(genesis.clone()),
            present: genesis,
            scenario: self.scenario,
            log: Log::default(),
            refusals: Map::new(),
            frontier: 0,
            frontier_at: Time::ZERO,
            futures: Futures::default(),
            undo: Vec::new(),
            redo: Vec::new(),
            branch: 0,
        };
        timeline.finish_instant();
        timeline
    }
}
