//! A place on a timeline: a world, and how much of inputs and log led to it.

use super::scenario::Input;
use crate::base::Time;
use crate::sim::{Event, Rejection, World};

/// A world and what led to it. Two positions of one branch are equal if their ordinals and
/// their `now` are.
#[derive(Clone)]
pub(super) struct Position {
    pub world: World,
    /// Inputs that were applied (or refused).
    pub applied: usize,
    /// Events that happened.
    pub logged: usize,
    /// Turns that were run.
    pub ordinal: u64,
}

/// What comes next.
pub(super) enum Turn<'a> {
    /// Nothing up to the limit.
    None,
    /// The world's own next wake-up.
    WakeUp,
    /// An input.
    Input(&'a Input),
}

impl Position {
    /// Before anything happened.
    pub fn start(world: World) -> Position {
        Position { world, applied: 0, logged: 0, ordinal: 0 }
    }

    /// What comes next, up to and with `until`: of what is due at one instant, wake-ups
    /// come before inputs.
    pub fn next_turn<'a>(&self, inputs: &'a [Input], until: Time) -> Turn<'a> {
        let wake_up_at = self.world.next_wakeup().filter(|at| *at <= until);
        let input = inputs.get(self.applied).filter(|input| input.at <= until);
        match (wake_up_at, input) {
            (Some(at), Some(input)) if input.at < at => Turn::Input(input),
            (Some(_), _) => Turn::WakeUp,
            (None, Some(input)) => Turn::Input(input),
            (None, None) => Turn::None,
        }
    }

    /// Lets the next wake-up happen.
    pub fn wake_up(&mut self) -> Vec<Event> {
        self.ordinal += 1;
        self.world.step()
    }

    /// Applies the next input.
    pub fn apply(&mut self, input: &Input) -> Result<Vec<Event>, Rejection> {
        self.ordinal += 1;
        self.applied += 1;
        if input.at > self.world.now() {
            self.world.advance_to(input.at);
        }
        self.world.apply(&input.command)
    }
}
