//! Other futures: what a timeline held beyond a moment at which something else was then done.
//! Nothing of them is kept but what was done to the cluster and how far it was looked at: the rest
//! is simulated again when somebody goes there, or looks at the same moment of it.

use super::Timeline;
use super::edit::Edit;
use super::position::{Position, Turn};
use super::scenario::Input;
use crate::base::Time;
use crate::sim::{Event, Fact, World};
use std::rc::Rc;

/// Most that are kept; beyond, the oldest goes.
pub const MAX_FUTURES: usize = 8;

/// Another future.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Future {
    /// Tells it from others.
    pub id: u32,
    /// When it and the present one part.
    pub parts_at: Time,
    /// The latest moment of it that was simulated or has an input.
    pub end: Time,
    /// What is done in it first where it was left, as a kubectl command; nothing if nothing is.
    pub first: Option<String>,
}

/// A future as it is kept.
#[derive(Clone)]
struct Kept {
    id: u32,
    /// All of them, from the start.
    inputs: Rc<[Input]>,
    end: Time,
    first: Option<String>,
}

/// Those of one timeline.
#[derive(Default)]
pub(super) struct Futures {
    all: Vec<Kept>,
    last_id: u32,
    /// The one that the first of several undos left, in case something else is done then.
    undone: Option<Kept>,
}

/// The same moment of another future, on its way.
pub struct Glimpse {
    position: Position,
    inputs: Rc<[Input]>,
    at: Time,
}

impl Futures {
    fn keep(&mut self, future: Kept) {
        let is_known = |known: &Kept| known.inputs == future.inputs;
        if let Some(known) = self.all.iter_mut().find(|known| is_known(known)) {
            known.end = known.end.max(future.end);
            return;
        }
        self.last_id += 1;
        self.all.push(Kept { id: self.last_id, ..future });
        // The one that is gone to, if any, stays: it is the present one.
        if self.all.len() > MAX_FUTURES + 1 {
            self.all.remove(0);
        }
    }
}

impl Timeline {
    /// Other futures, the latest first. Two that are equal to the one shown are not others.
    #[must_use]
    pub fn futures(&self) -> Vec<Future> {
        let others = self.futures.all.iter().rev().filter(|kept| *kept.inputs != *self.scenario.inputs);
        let future = |kept: &Kept| Future {
            id: kept.id,
            parts_at: self.parting(&kept.inputs).1,
            end: kept.end,
            first: kept.first.clone(),
        };
        others.map(future).take(MAX_FUTURES).collect()
    }

    /// Goes to another future; the present one is kept, and undo goes back to it. Seek to the
    /// moment returned, which is the one shown before.
    pub fn take_future(&mut self, id: u32) -> Option<Time> {
        let kept = self.futures.all.iter().find(|kept| kept.id == id)?.clone();
        let shown = self.now();
        let (keep, parts_at) = self.parting(&kept.inputs);
        let present = self.present_future(self.futures_first(parts_at));
        self.futures.keep(present);
        self.futures.undone = None;
        let nearest = self.keyframes.nearest(parts_at + -1, u64::MAX);
        let (_, added) = kept.inputs.split_at(keep.min(kept.inputs.len()));
        let edit = Edit {
            at: parts_at,
            ordinal: nearest.ordinal,
            logged: nearest.logged,
            keep,
            added: added.to_vec(),
            dropped: self.scenario.inputs.get(keep..).unwrap_or_default().to_vec(),
            resume_at: shown,
        };
        self.take(edit);
        Some(shown)
    }

    /// Begins to look at the moment shown as it is in another future.
    #[must_use]
    pub fn glimpse(&self, id: u32) -> Option<Glimpse> {
        let kept = self.futures.all.iter().find(|kept| kept.id == id)?;
        let (_, parts_at) = self.parting(&kept.inputs);
        let at = self.now();
        let position = self.keyframes.nearest(at.min(parts_at + -1), u64::MAX).clone();
        Some(Glimpse { position, inputs: Rc::clone(&kept.inputs), at })
    }

    /// Keeps what is beyond the moment shown, and what was undone, before something else is done.
    pub(super) fn keep_futures(&mut self) {
        if let Some(undone) = self.futures.undone.take().filter(|_| self.can_redo()) {
            self.futures.keep(undone);
        }
        let has_more = self.present.applied < self.scenario.inputs.len() || self.event_count().1 > 0;
        if has_more {
            let future = self.present_future(self.first_command(self.present.logged));
            self.futures.keep(future);
        }
    }

    /// An act is about to be taken back.
    pub(super) fn note_undo(&mut self, edit: &Edit) {
        if !self.can_redo() {
            self.futures.undone = Some(self.present_future(self.first_command(edit.logged)));
        }
    }

    fn present_future(&self, first: Option<String>) -> Kept {
        Kept { id: 0, inputs: self.scenario.inputs.as_slice().into(), end: self.end(), first }
    }

    /// What the person did first among the known events from this one on.
    fn first_command(&self, from: usize) -> Option<String> {
        command_in(self.log.range(from, usize::MAX))
    }

    fn futures_first(&self, parts_at: Time) -> Option<String> {
        command_in(self.log.range(0, usize::MAX).skip_while(|event| event.at < parts_at))
    }

    /// How many inputs the present future has in common with others, and when they part.
    fn parting(&self, others: &[Input]) -> (usize, Time) {
        let own = &self.scenario.inputs;
        let keep = own.iter().zip(others).take_while(|(a, b)| a == b).count();
        let next = [own.get(keep), others.get(keep)].into_iter().flatten().map(|input| input.at).min();
        (keep, next.unwrap_or(Time::ZERO))
    }
}

fn command_in<'a>(mut events: impl Iterator<Item = &'a Rc<Event>>) -> Option<String> {
    events.find_map(|event| match &event.fact {
        Fact::Commanded { kubectl } => Some(kubectl.clone()),
        _ => None,
    })
}

impl Glimpse {
    /// Goes on for at most so many turns; says whether it is there.
    pub fn run(&mut self, budget: usize) -> bool {
        for _ in 0..budget {
            match self.position.next_turn(&self.inputs, self.at) {
                Turn::None => {
                    self.position.world.advance_to(self.at);
                    return true;
                }
                Turn::WakeUp => drop(self.position.wake_up()),
                // One that is refused does nothing, there as here.
                Turn::Input(input) => drop(self.position.apply(input)),
            }
        }
        false
    }

    /// The moment that is looked at.
    #[must_use]
    pub fn at(&self) -> Time {
        self.at
    }

    /// The world, as far as it is.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.position.world
    }
}
