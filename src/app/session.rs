//! The session: a person's cluster, its timeline, playback, and what follows from each
//! [`Intent`]. Plain values in and out; no clock is read: real time comes in by
//! [`Session::advance`].
//!
//! Rules beyond the timeline's own:
//! * Work is done in slices of bounded size. A seek that takes longer goes on in later calls
//!   of `advance` and is told as [`Busy`]; whoever acts meanwhile ends it where it is.
//! * Playback never catches up: what a frame does not get done in its slice is not owed.
//! * At most 250 ms of real time count for one frame, so that a page that slept goes on where
//!   it was.
//! * Loading a preset is an act like others: undo brings the scenario before it back, whole.

mod activity;
mod aside;
mod manifest;
mod marks;
mod node_text;
mod nodes;
mod playback;
mod rebuild;
mod snapshot;
mod workload;

pub use activity::TimelineTrack;
pub use aside::Aside;
pub use manifest::{apply, cluster};
pub use rebuild::rebuild;
pub use snapshot::{Busy, MarkKind, Snapshot, TimelineMark, TimelineSpan, TimelineView};

use super::intent::{Edit, Intent, Notice, OpenedFrom, Origin, Speed};
use super::presets::Preset;
use super::share::{Opened, Scene, preset_scenario};
use crate::api::manifest::{Cluster, Hidden, Object, Subject};
use crate::api::{DaemonSet, Key};
use crate::base::Time;
use crate::sim::{Actor, Command, Rejection, World};
use crate::timeline::{Glimpse, LAST_MOMENT, Rebuild, Scenario, Timeline};
use crate::view::Grouping;
use crate::view::explain::{self, Explanation, Known};
use crate::view::object::{self, Stored};
use aside::Shown;
use playback::Work;
use snapshot::Cache;

/// A person's cluster and the moment that they look at.
pub struct Session {
    timeline: Timeline,
    /// Where the timeline came from.
    origin: Origin,
    aside: Aside,
    playing: bool,
    speed: Speed,
    /// Whose acts steps go to; anybody's if none is named.
    step_by: Option<Actor>,
    /// Milliseconds of simulated time that playback owes: less than one.
    fraction_ms: f64,
    work: Option<Work>,
    /// A cluster that is being rebuilt, to take the place of this one; and what is said then.
    rebuild: Option<(Rebuild, Notice)>,
    told: Option<Notice>,
    grouping: Grouping,
    cache: Cache,
}

impl Session {
    /// The preset's cluster, with what its manifest holds applied at the start; plays.
    #[must_use]
    pub fn new(preset: &Preset, objects: Vec<Object>) -> Session {
        let origin = Origin { preset: preset.id, ..Origin::default() };
        Session { playing: true, origin, ..Session::of(timeline_of(preset, objects)) }
    }

    /// The scenario at its start; does not play.
    ///
    /// # Errors
    /// A scenario beyond the limits.
    pub fn from_scenario(scenario: Scenario) -> Result<Session, String> {
        Timeline::new(scenario).map(Session::of).map_err(|error| error.to_string())
    }

    fn of(timeline: Timeline) -> Session {
        Session {
            timeline,
            origin: Origin::default(),
            aside: Aside::default(),
            playing: false,
            speed: Speed(1_000),
            step_by: None,
            fraction_ms: 0.0,
            work: None,
            rebuild: None,
            told: None,
            grouping: Grouping::default(),
            cache: Cache::default(),
        }
    }

    /// Does what the person asks for. Refusals are notices too.
    pub fn dispatch(&mut self, intent: Intent) -> Option<Notice> {
        self.stop_work();
        match intent {
            Intent::SetPlaying(playing) => self.set_playing(playing),
            Intent::SetSpeed(Speed(permille)) => {
                self.speed = Speed(permille.clamp(1, Speed::MAX.0));
                None
            }
            Intent::GroupBy(grouping) => {
                self.grouping = grouping;
                None
            }
            Intent::StepBy(actor) => {
                self.step_by = actor;
                None
            }
            Intent::TakeFuture(id) => Some(self.take_future(id)),
            Intent::StepForward => self.step_forward(),
            Intent::StepBack => self.step_back(),
            Intent::Seek(at) => self.seek(at),
            Intent::Undo => Some(self.undo()),
            Intent::Redo => Some(self.redo()),
            Intent::LoadPreset { id, objects } => self.load_preset(id, objects),
            Intent::Apply(applied) if applied.reading.found.is_some() => self.begin_rebuild(applied.reading),
            Intent::Open(opened, from) => self.open(*opened, from),
            other => {
                let branch = self.timeline.branch();
                let notice = act(&mut self.timeline, other);
                if self.timeline.branch() != branch {
                    self.aside.forget_later();
                }
                Some(notice)
            }
        }
    }

    /// Everything to draw.
    pub fn snapshot(&mut self) -> Snapshot {
        let parts = self.cache.refresh(&self.timeline, self.grouping, self.work.is_some());
        Snapshot {
            frame: parts.frame,
            timeline: parts.timeline,
            events: parts.events,
            grouping: self.grouping,
            playing: self.playing,
            speed: self.speed,
            step_by: self.step_by,
            origin: self.origin,
            can_undo: self.timeline.can_undo() || self.aside.has(false),
            can_redo: self.timeline.can_redo() || self.aside.has(true),
            busy: self.busy(),
        }
    }

    /// The moment shown.
    #[must_use]
    pub fn now(&self) -> Time {
        self.timeline.now()
    }

    /// The world shown.
    #[must_use]
    pub fn world(&self) -> &World {
        self.timeline.world()
    }

    /// The scenario, with all that was done.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        self.timeline.scenario()
    }

    /// What a link to the moment shown leads to.
    #[must_use]
    pub fn scene(&self) -> Box<Scene> {
        Box::new(Scene { scenario: self.scenario().clone(), at: self.now(), preset: self.origin.preset.to_owned() })
    }

    /// The stored DaemonSet as the person wants it to be, before the API server has seen it;
    /// [`Intent::Admitted`] brings it back.
    ///
    /// # Errors
    /// There is no such DaemonSet.
    pub fn edited(&self, key: &Key, edit: &Edit) -> Result<Box<DaemonSet>, Notice> {
        workload::edited(&self.timeline, key, edit)
    }

    /// What is to be known of the cluster for a text to be applied.
    #[must_use]
    pub fn cluster(&self, text: &str) -> Box<Cluster> {
        manifest::cluster(&self.timeline, text, self.base())
    }

    /// What the objects were applied from that the timeline begins with.
    fn base(&self) -> &'static str {
        Preset::find(self.origin.preset).map_or("", |preset| preset.manifest)
    }

    /// What is to be known of an object for printing it.
    #[must_use]
    pub fn subject(&self, stored: &Stored, hidden: Hidden) -> Box<Subject> {
        object::subject(self.world(), stored, self.base(), hidden)
    }

    /// Why a DaemonSet's pods may or may not run on each node, and what would change it.
    #[must_use]
    pub fn explain(&self, key: &Key) -> Option<Explanation> {
        explain::explain(self.world(), key)
    }

    /// The same, with the fixes that are known where they still hold.
    #[must_use]
    pub fn explain_again(&self, key: &Key, known: &mut Known) -> Option<Explanation> {
        explain::explain_again(self.world(), key, known)
    }

    /// Why a DaemonSet's pods may or may not run on each node.
    #[must_use]
    pub fn verdicts(&self, key: &Key) -> Option<Explanation> {
        explain::verdicts(self.world(), key)
    }

    fn undo(&mut self) -> Notice {
        if let Some(at) = self.timeline.undo() {
            self.go_to(at, "Going back to the change");
            return Notice::done(format!("Took back what was done at {at}"));
        }
        if !self.bring_back(false) {
            return Notice::refused("There is nothing to take back");
        }
        Notice::done("Back to the scenario before")
    }

    fn redo(&mut self) -> Notice {
        if let Some(at) = self.timeline.redo() {
            self.go_to(at, "Doing the change again");
            return Notice::done("Did again what was taken back");
        }
        if !self.bring_back(true) {
            return Notice::refused("There is nothing to do again");
        }
        Notice::done("The later scenario again")
    }

    fn take_future(&mut self, id: u32) -> Notice {
        let Some(at) = self.timeline.take_future(id) else {
            return Notice::refused("That future is gone");
        };
        self.playing = false;
        self.aside.forget_later();
        self.go_to(at, "Going to the other future");
        Notice::done("The other future; undo goes back")
    }

    /// Begins to look at the moment shown as it is in another future.
    #[must_use]
    pub fn glimpse(&self, id: u32) -> Option<Glimpse> {
        self.timeline.glimpse(id)
    }

    /// Shows the timeline that this one took the place of, or that it gave way to.
    fn bring_back(&mut self, is_redo: bool) -> bool {
        let Some(other) = self.aside.take(is_redo) else { return false };
        let shown = self.show(other);
        self.aside.put(shown, is_redo);
        true
    }

    fn load_preset(&mut self, id: &str, objects: Vec<Object>) -> Option<Notice> {
        let Some(preset) = Preset::find(id) else {
            return Some(Notice::refused(format!("There is no scenario {id:?}")));
        };
        self.replace(timeline_of(preset, objects), Origin { preset: preset.id, ..Origin::default() });
        self.playing = true;
        None
    }

    /// Opens a scene at its moment, paused.
    fn open(&mut self, opened: Opened, from: OpenedFrom) -> Option<Notice> {
        let Scene { scenario, at, preset } = opened.scene;
        let preset = Preset::find(&preset).map_or("", |preset| preset.id);
        match Timeline::new(scenario) {
            Ok(timeline) => self.replace(timeline, Origin { preset, from }),
            Err(error) => return Some(Notice::refused(error.to_string())),
        }
        self.go_to(at, "Simulating");
        None
    }

    /// Another timeline takes the place of the one shown, which undo brings back.
    fn replace(&mut self, timeline: Timeline, origin: Origin) {
        let earlier = self.show((timeline, origin));
        self.aside.replaced(earlier);
    }

    /// Shows another timeline and gives back the one shown before.
    fn show(&mut self, (timeline, origin): Shown) -> Shown {
        self.playing = false;
        self.fraction_ms = 0.0;
        self.cache = Cache::default();
        (std::mem::replace(&mut self.timeline, timeline), std::mem::replace(&mut self.origin, origin))
    }
}

/// The preset's nodes, and what its manifest holds applied at the start.
fn timeline_of(preset: &Preset, objects: Vec<Object>) -> Timeline {
    // No preset is beyond the limits: `tests/timeline.rs` loads each.
    Timeline::new(preset_scenario(preset, objects)).unwrap_or_else(|_| Timeline::empty())
}

/// Changes the cluster.
fn act(timeline: &mut Timeline, intent: Intent) -> Notice {
    match intent {
        Intent::Apply(applied) => manifest::apply(timeline, *applied),
        Intent::Admitted { key, edit, reading } => workload::admitted(timeline, &key, &edit, *reading),
        Intent::RollBack { key, revision } => workload::roll_back(timeline, &key, revision),
        Intent::Restart(key) => workload::restart(timeline, &key),
        Intent::DeleteDaemonSet { key, cascade } => workload::delete(timeline, key, cascade),
        Intent::DeletePod(key) => workload::delete_pod(timeline, key),
        other => nodes::act(timeline, other),
    }
}

/// Does commands as one act; `text` says that it is done.
fn perform(timeline: &mut Timeline, commands: Vec<Command>, text: impl Into<String>) -> Notice {
    match timeline.attempt(commands) {
        Err(Rejection { message }) => Notice::refused(message),
        Ok(attempt) => {
            // What makes no event is no act: there is nothing to take back.
            if attempt.events().iter().any(|events| !events.is_empty()) {
                timeline.commit(attempt);
            }
            Notice::done(text)
        }
    }
}

#[cfg(test)]
mod tests;
