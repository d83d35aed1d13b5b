//! The life of one cluster: what was done to it and when, any moment of it on demand.
//!
//! A [`Scenario`] is the ground state; worlds, the log of events and keyframes follow from it.
//! The laws that hold everywhere (`tests/timeline.rs` proves them):
//!
//! * **An instant is atomic.** At an instant `t`, first every wake-up due at `t` runs; then the
//!   inputs at `t` are applied in their order, and whatever is due at `t` after one of them
//!   runs before the next one. What is shown at `t` is the world after all of that. So an
//!   input given while `t` is shown goes behind the inputs that `t` has already, sees the
//!   world as shown, and finds the same world on every replay.
//! * **Seek is replay.** Going to `t`, from wherever, gives the world and the events that a
//!   fresh run of the scenario to `t` gives.
//! * **Looking changes nothing.** Going back keeps the log of what was simulated. Only an
//!   input given in the past begins another future: what was simulated beyond it is
//!   forgotten, and later inputs wait in the undo history. Undo brings them back. What was
//!   done in the old future is kept beside ([`Timeline::futures`]), to be gone back to.
//! * **Undo goes to the moment of the change** and takes it back (all inputs of one act
//!   together); redo brings it back and returns to the moment at which undo was asked for.
//!
//! Work is done in slices: [`Timeline::seek`] and [`Timeline::run`] take a budget of turns (a
//! turn is one wake-up or one input) and say whether they arrived. Knows nothing of screens,
//! playback or real time.

mod edit;
mod futures;
mod keyframes;
mod log;
mod position;
mod rebuild;
mod rollouts;
mod scenario;
mod sound;

pub use edit::{Attempt, MAX_UNDO};
pub use futures::{Future, Glimpse, MAX_FUTURES};
pub use log::MAX_LOG_EVENTS;
pub use rebuild::Rebuild;
pub use rollouts::Rollout;
pub use scenario::{Input, LAST_MOMENT, MAX_INPUTS, MAX_NODES, MAX_SCENARIO_BYTES, MAX_SEED, Scenario, ScenarioError};
pub use sound::sound;

use crate::base::{Map, Time};
use crate::sim::{Actor, Event, Rejection, World};
use edit::Edit;
use futures::Futures;
use keyframes::Keyframes;
use log::Log;
use position::{Position, Turn};
use rollouts::Rollouts;
use std::rc::Rc;

/// A cluster's past and future, and the moment that is shown.
pub struct Timeline {
    scenario: Scenario,
    present: Position,
    keyframes: Keyframes,
    log: Log,
    rollouts: Rollouts,
    /// Inputs of the scenario that the simulation refused, by their index: they do nothing.
    refusals: Map<usize, (Time, Rejection)>,
    /// How far this future was ever simulated: turns, and the latest moment shown.
    frontier: u64,
    frontier_at: Time,
    futures: Futures,
    undo: Vec<Edit>,
    redo: Vec<Edit>,
    /// Changes whenever the log may have lost what was in it.
    branch: u64,
}

/// What a slice of work came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The moment asked for is shown. If not, ask again with a new budget.
    pub arrived: bool,
    /// Turns that were run.
    pub turns: usize,
}

/// What a search for the next event came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Something happened; its moment is shown.
    Found,
    /// Nothing happens until the limit. Moments without events have passed: the caller
    /// returns to where it came from.
    Nothing,
    /// The budget is spent; ask again.
    Unfinished,
}

impl Timeline {
    /// The scenario at its start, with what is due at the start done.
    ///
    /// # Errors
    /// A scenario beyond the limits.
    pub fn new(scenario: Scenario) -> Result<Timeline, ScenarioError> {
        Rebuild::new(scenario).map(Rebuild::finish)
    }

    /// No cluster at all.
    #[must_use]
    pub fn empty() -> Timeline {
        Rebuild::of(Scenario::default()).finish()
    }

    /// The world at the moment that is shown.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.present.world
    }

    /// The moment that is shown.
    #[must_use]
    pub fn now(&self) -> Time {
        self.present.world.now()
    }

    /// The scenario with all inputs of the present branch.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The latest moment that was simulated or has an input.
    #[must_use]
    pub fn end(&self) -> Time {
        let last_input = self.scenario.inputs.last().map_or(Time::ZERO, |input| input.at);
        self.frontier_at.max(last_input)
    }

    /// How many events happened up to the moment shown, and how many are known of later ones.
    #[must_use]
    pub fn event_count(&self) -> (usize, usize) {
        (self.present.logged, self.log.len() - self.present.logged)
    }

    /// The known events from number `from` up to and without number `to`, counted from the
    /// start. The log keeps the newest [`MAX_LOG_EVENTS`]; older ones are passed over.
    pub fn events(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &Rc<Event>> {
        self.log.range(from, to)
    }

    /// A number that changes whenever events that were known may have been forgotten.
    #[must_use]
    pub fn branch(&self) -> u64 {
        self.branch
    }

    /// A number that differs whenever the world shown differs in more than its `now`.
    #[must_use]
    pub fn revision(&self) -> (u64, u64) {
        (self.branch, self.present.ordinal)
    }

    /// Rollouts that began up to the end of what was simulated, oldest first.
    #[must_use]
    pub fn rollouts(&self) -> &[Rollout] {
        self.rollouts.all()
    }

    /// Inputs that the simulation refused when their moment came: moment and reason.
    pub fn refusals(&self) -> impl Iterator<Item = &(Time, Rejection)> {
        self.refusals.values()
    }

    /// When the next turn is due: a wake-up or an input.
    #[must_use]
    pub fn next_turn_at(&self) -> Option<Time> {
        let input_at = self.scenario.inputs.get(self.present.applied).map(|input| input.at);
        self.present.world.next_wakeup().into_iter().chain(input_at).min()
    }

    /// Whether nothing is left to happen.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.next_turn_at().is_none()
    }

    /// The moment of the next known event, of an actor if one is given; absent beyond what was
    /// simulated.
    #[must_use]
    pub fn next_known_event_at(&self, by: Option<Actor>) -> Option<Time> {
        let mut later = self.log.range(self.present.logged, usize::MAX);
        Some(later.find(|event| is_by(event, by))?.at)
    }

    /// The latest moment before the one shown at which something happened, or an actor did
    /// something.
    #[must_use]
    pub fn previous_event_at(&self, by: Option<Actor>) -> Option<Time> {
        let now = self.now();
        let mut earlier = self.log.range(0, self.present.logged).rev();
        Some(earlier.find(|event| event.at < now && is_by(event, by))?.at)
    }

    /// Goes to `at`, past or future, in at most `budget` turns.
    pub fn seek(&mut self, at: Time, budget: usize) -> Run {
        let at = at.clamp(Time::ZERO, LAST_MOMENT);
        let nearest = self.keyframes.nearest(at, u64::MAX);
        if at < self.now() || nearest.ordinal > self.present.ordinal {
            let nearest = nearest.clone();
            let left = std::mem::replace(&mut self.present, nearest);
            if left.ordinal == self.frontier {
                self.keyframes.save(left);
            }
        }
        self.run(at, budget)
    }

    /// Lets time pass up to `until`, in at most `budget` turns; never goes back.
    pub fn run(&mut self, until: Time, budget: usize) -> Run {
        let until = until.min(LAST_MOMENT);
        for turns in 0..budget {
            if !self.turn(until) {
                return self.arrive(until, turns);
            }
        }
        match self.present.next_turn(&self.scenario.inputs, until) {
            Turn::None => self.arrive(until, budget),
            _ => Run { arrived: false, turns: budget },
        }
    }

    /// Lets time pass until something happens, or an actor does something, up to `until` and in at
    /// most `budget` turns.
    pub fn run_to_event(&mut self, by: Option<Actor>, until: Time, budget: usize) -> Search {
        let until = until.min(LAST_MOMENT);
        for _ in 0..budget {
            let before = self.present.logged;
            if !self.turn(until) {
                return Search::Nothing;
            }
            if self.log.range(before, self.present.logged).any(|event| is_by(event, by)) {
                self.finish_instant();
                return Search::Found;
            }
        }
        Search::Unfinished
    }

    /// Runs what is due at the moment shown. Work that stopped for want of budget may have
    /// stopped in the middle of an instant; whoever acts on the world calls this first.
    pub fn finish_instant(&mut self) {
        let now = self.now();
        self.run(now, edit::INSTANT_TURNS);
    }

    /// Runs one turn that is due up to `until`; false if there is none.
    fn turn(&mut self, until: Time) -> bool {
        let events = match self.present.next_turn(&self.scenario.inputs, until) {
            Turn::None => return false,
            Turn::WakeUp => self.present.wake_up(),
            Turn::Input(input) => match self.present.apply(input) {
                Ok(events) => events,
                Err(rejection) => {
                    self.refusals.insert(self.present.applied - 1, (self.present.world.now(), rejection));
                    Vec::new()
                }
            },
        };
        for event in events {
            self.log.note(self.present.logged, event);
            self.present.logged += 1;
        }
        if self.present.ordinal > self.frontier {
            self.frontier = self.present.ordinal;
            self.frontier_at = self.frontier_at.max(self.now());
            self.rollouts.observe(&self.present);
            self.keyframes.offer(&self.present);
        }
        true
    }

    fn arrive(&mut self, until: Time, turns: usize) -> Run {
        if until > self.now() {
            self.present.world.advance_to(until);
        }
        self.frontier_at = self.frontier_at.max(self.now());
        Run { arrived: true, turns }
    }
}

fn is_by(event: &Event, actor: Option<Actor>) -> bool {
    actor.is_none_or(|actor| event.actor == actor)
}
