//! Changing what was done to the cluster: new inputs at the moment shown, undo and redo.

use super::Timeline;
use super::position::{Position, Turn};
use super::scenario::{Input, MAX_INPUTS, MAX_NODES};
use crate::base::Time;
use crate::sim::{Command, Event, Rejection, World};

/// Acts that can be taken back; beyond, the oldest one stays done.
pub const MAX_UNDO: usize = 200;

/// Turns that one instant may take. More than any cluster within the limits needs; a
/// scenario that needs more (hand-made latencies of 0 that chase each other) takes no
/// further inputs at that instant.
pub(super) const INSTANT_TURNS: usize = 200_000;

/// One act: inputs that came and later ones that made way for them.
pub(super) struct Edit {
    pub(super) at: Time,
    /// Turns before the act.
    pub(super) ordinal: u64,
    /// Events before the act.
    pub(super) logged: usize,
    /// Inputs before the act.
    pub(super) keep: usize,
    pub(super) added: Vec<Input>,
    pub(super) dropped: Vec<Input>,
    /// Where redo returns to: the moment at which undo was asked for.
    pub(super) resume_at: Time,
}

/// Commands that the cluster accepts at the moment shown, not yet part of the timeline.
pub struct Attempt {
    inputs: Vec<Input>,
    events: Vec<Vec<Event>>,
}

impl Attempt {
    /// What each command does at once.
    #[must_use]
    pub fn events(&self) -> &[Vec<Event>] {
        &self.events
    }
}

impl Timeline {
    /// Tries commands, one after another, at the moment shown. All of them or none: nothing
    /// is changed until [`Timeline::commit`].
    ///
    /// # Errors
    /// The first refusal, or a limit.
    pub fn attempt(&mut self, commands: Vec<Command>) -> Result<Attempt, Rejection> {
        self.finish_instant();
        if self.present.applied.saturating_add(commands.len()) > MAX_INPUTS {
            return Err(Rejection::new(format!(
                "a scenario holds at most {MAX_INPUTS} inputs, and this one has {} up to here",
                self.present.applied
            )));
        }
        let at = self.now();
        let mut trial = self.present.clone();
        let mut attempt = Attempt { inputs: Vec::new(), events: Vec::new() };
        for command in commands {
            let input = Input { at, command };
            attempt.events.push(trial.apply(&input)?);
            attempt.inputs.push(input);
            come_to_rest(&mut trial, at)?;
        }
        within_limits(&trial.world)?;
        Ok(attempt)
    }

    /// Makes the attempt part of the timeline, as one act. To be called before anything else
    /// is done to the timeline.
    pub fn commit(&mut self, attempt: Attempt) {
        if attempt.inputs.is_empty() {
            return;
        }
        self.keep_futures();
        let (at, keep) = (self.now(), self.present.applied);
        let Position { ordinal, logged, .. } = self.present;
        let dropped = self.scenario.inputs.get(keep..).unwrap_or_default().to_vec();
        self.cut();
        self.keyframes.save(self.present.clone());
        self.take(Edit { at, ordinal, logged, keep, added: attempt.inputs, dropped, resume_at: at });
        self.finish_instant();
    }

    /// Makes an act part of the timeline; the moment shown is then at or before it.
    pub(super) fn take(&mut self, edit: Edit) {
        self.redo.clear();
        self.enter(edit);
        if self.undo.len() > MAX_UNDO {
            self.undo.remove(0);
        }
    }

    fn enter(&mut self, edit: Edit) {
        self.rewind(&edit);
        self.scenario.inputs.truncate(edit.keep);
        self.scenario.inputs.extend(edit.added.iter().cloned());
        self.undo.push(edit);
    }

    /// [`Timeline::attempt`] and [`Timeline::commit`] in one: what each command did at once.
    ///
    /// # Errors
    /// The first refusal, or a limit; then nothing was changed.
    pub fn insert(&mut self, commands: Vec<Command>) -> Result<Vec<Vec<Event>>, Rejection> {
        let mut attempt = self.attempt(commands)?;
        let events = std::mem::take(&mut attempt.events);
        self.commit(attempt);
        Ok(events)
    }

    /// Whether there is an act to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is an act to do again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Takes back the last act and what it pushed aside comes back. The moment shown is then
    /// at or before the act: seek to the moment returned, which is the act's.
    pub fn undo(&mut self) -> Option<Time> {
        let mut edit = self.undo.pop()?;
        self.note_undo(&edit);
        edit.resume_at = self.now();
        let at = edit.at;
        self.rewind(&edit);
        self.scenario.inputs.truncate(edit.keep);
        self.scenario.inputs.extend(edit.dropped.iter().cloned());
        self.redo.push(edit);
        Some(at)
    }

    /// Does the act last taken back again. Seek to the moment returned.
    pub fn redo(&mut self) -> Option<Time> {
        let edit = self.redo.pop()?;
        let resume_at = edit.resume_at.max(edit.at);
        self.enter(edit);
        Some(resume_at)
    }

    /// No act can be done again.
    pub fn forget_redo(&mut self) {
        self.redo.clear();
    }

    /// Goes to a position at or before the act and forgets what was simulated beyond.
    fn rewind(&mut self, edit: &Edit) {
        let nearest = self.keyframes.nearest(edit.at, edit.ordinal);
        let is_before = self.now() <= edit.at && self.present.ordinal <= edit.ordinal;
        if !is_before || nearest.ordinal > self.present.ordinal {
            self.present = nearest.clone();
        }
        self.cut();
    }

    /// Forgets what was simulated beyond the moment shown.
    fn cut(&mut self) {
        self.keyframes.cut(&self.present);
        self.log.cut(self.present.logged);
        self.rollouts.cut(&self.present);
        self.refusals.truncate_from(&self.present.applied);
        self.frontier = self.present.ordinal;
        self.frontier_at = self.now();
        self.branch += 1;
    }
}

/// Runs what is due at `at`.
fn come_to_rest(trial: &mut Position, at: Time) -> Result<(), Rejection> {
    for _ in 0..INSTANT_TURNS {
        match trial.next_turn(&[], at) {
            Turn::None => return Ok(()),
            _ => drop(trial.wake_up()),
        }
    }
    Err(Rejection::new(format!("the cluster does not come to rest at {at}: its latencies are too short")))
}

fn within_limits(world: &World) -> Result<(), Rejection> {
    let nodes = world.store().nodes.len();
    if nodes > MAX_NODES {
        return Err(Rejection::new(format!("a cluster has at most {MAX_NODES} nodes here; this would make {nodes}")));
    }
    Ok(())
}
