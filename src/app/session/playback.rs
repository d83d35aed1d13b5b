//! Playback and longer ways through time, in slices.

use super::snapshot::Busy;
use super::{LAST_MOMENT, Notice, Session};
use crate::base::{Millis, SECOND_MS, Time};
use crate::timeline::{Search, Timeline};

/// What one call may cost, in units of about a tenth of a microsecond in the browser: some 6 ms.
pub(super) const SLICE_COST: usize = 60_000;
/// What a turn costs: this much, and one unit for each object of the cluster. Measured at 5 to
/// 5,000 nodes; the clock that could tell exactly is not read here.
const TURN_COST: usize = 100;
/// Most real time that counts for one frame.
const MAX_FRAME_MS: f64 = 250.0;
/// How far a step looks for the next event.
const STEP_HORIZON_MS: Millis = 3_600 * SECOND_MS;

/// A way through time that takes more than one slice.
pub(super) struct Work {
    label: &'static str,
    from: Time,
    goal: Goal,
}

#[derive(Clone, Copy)]
enum Goal {
    /// This moment.
    Moment(Time),
    /// The next moment at which something happens; if there is none up to `until`, back to
    /// `origin`.
    Event { origin: Time, until: Time },
}

impl Work {
    pub fn busy(&self, now: Time) -> Busy {
        let (Goal::Moment(to) | Goal::Event { until: to, .. }) = self.goal;
        let (done, all) = (now.since(self.from), to.since(self.from).max(1));
        let permille = u16::try_from(done.saturating_mul(1_000) / all).unwrap_or(1_000).min(1_000);
        Busy { label: self.label.to_owned(), permille }
    }
}

impl Session {
    /// Lets `real_elapsed_ms` of real time pass, as from one animation frame to the next, and
    /// runs at most one slice of work. Says whether anything on screen may have changed.
    pub fn advance(&mut self, real_elapsed_ms: f64) -> bool {
        if self.rebuild.is_some() {
            self.rebuild_on();
            return true;
        }
        if self.work.is_some() {
            self.work_on();
            return true;
        }
        if !self.playing {
            return false;
        }
        let real_ms = if real_elapsed_ms.is_nan() { 0.0 } else { real_elapsed_ms.clamp(0.0, MAX_FRAME_MS) };
        let owed_ms = self.fraction_ms + real_ms * f64::from(self.speed.0) / 1_000.0;
        let whole_ms = owed_ms.floor();
        self.fraction_ms = owed_ms - whole_ms;
        // At most 250 × 100 ms: the cast is exact.
        let until = self.timeline.now() + whole_ms as Millis;
        let run = self.timeline.run(until, turns_a_slice(&self.timeline));
        if run.arrived && self.timeline.now() >= LAST_MOMENT {
            self.playing = false;
        }
        true
    }

    /// Lets time pass, or not. There is something to say if it cannot.
    pub fn set_playing(&mut self, playing: bool) -> Option<Notice> {
        self.fraction_ms = 0.0;
        if playing && self.timeline.now() >= LAST_MOMENT {
            return Some(Notice::refused("Simulated time ends after 24 hours: go back, or load a scenario"));
        }
        self.playing = playing;
        None
    }

    pub(super) fn step_forward(&mut self) -> Option<Notice> {
        self.playing = false;
        if let Some(at) = self.timeline.next_known_event_at(self.step_by) {
            self.go_to(at, "Going to the next event");
            return None;
        }
        let origin = self.timeline.now();
        let until = (origin + STEP_HORIZON_MS).min(LAST_MOMENT);
        self.start(Goal::Event { origin, until }, "Looking for the next event");
        let found_nothing = self.timeline.next_known_event_at(self.step_by).is_none() && self.timeline.now() == origin;
        (self.work.is_none() && found_nothing).then(|| match self.step_by {
            None => Notice::done("Nothing happens in the next hour"),
            Some(actor) => Notice::done(format!("{actor}: nothing in the next hour")),
        })
    }

    pub(super) fn step_back(&mut self) -> Option<Notice> {
        self.playing = false;
        let now = self.timeline.now();
        let at = self.timeline.previous_event_at(self.step_by).unwrap_or(Time::ZERO);
        self.go_to(at, "Going to the event before");
        (now == Time::ZERO).then(|| Notice::done("This is the start"))
    }

    pub(super) fn seek(&mut self, at: Time) -> Option<Notice> {
        self.go_to(at, "Simulating");
        (at > LAST_MOMENT).then(|| Notice::done("Simulated time ends after 24 hours"))
    }

    /// Goes to a moment; at once if it is near enough.
    pub(super) fn go_to(&mut self, at: Time, label: &'static str) {
        self.start(Goal::Moment(at.clamp(Time::ZERO, LAST_MOMENT)), label);
    }

    fn start(&mut self, goal: Goal, label: &'static str) {
        self.fraction_ms = 0.0;
        if let Goal::Moment(at) = goal {
            // The way begins at the nearest keyframe; the first slice goes on from there.
            self.timeline.seek(at, 0);
        }
        self.work = Some(Work { label, from: self.timeline.now(), goal });
        self.work_on();
    }

    /// One slice.
    fn work_on(&mut self) {
        let Some(work) = &mut self.work else { return };
        let turns = turns_a_slice(&self.timeline);
        let done = match work.goal {
            Goal::Moment(at) => self.timeline.run(at, turns).arrived,
            Goal::Event { origin, until } => match self.timeline.run_to_event(self.step_by, until, turns) {
                Search::Found => true,
                Search::Unfinished => false,
                Search::Nothing => {
                    work.goal = Goal::Moment(origin);
                    self.timeline.seek(origin, turns).arrived
                }
            },
        };
        if done {
            self.work = None;
        }
    }

    /// Ends the way under way where it is. What was being rebuilt is given up.
    pub(super) fn stop_work(&mut self) {
        self.rebuild = None;
        if self.work.take().is_some() {
            self.timeline.finish_instant();
        }
    }
}

/// Most turns that are run in one call: a turn of a large cluster takes longer.
fn turns_a_slice(timeline: &Timeline) -> usize {
    let store = timeline.world().store();
    (SLICE_COST / (TURN_COST + store.nodes.len() + store.pods.len())).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Intent, PRESETS, opening_objects};
    use crate::sim::Actor;

    #[test]
    fn steps_go_to_what_one_actor_does() {
        let mut session = Session::new(&PRESETS[0], opening_objects());
        session.dispatch(Intent::SetPlaying(false));
        let now = session.now();
        session.dispatch(Intent::StepBy(Some(Actor::Scheduler)));
        session.dispatch(Intent::StepForward);
        let last = |session: &Session| {
            let (past, _) = session.timeline.event_count();
            session
                .timeline
                .events(0, past)
                .filter(|event| event.at == session.now())
                .any(|event| event.actor == Actor::Scheduler)
        };
        assert!(session.now() > now && last(&session));
        let first = session.now();
        session.dispatch(Intent::Seek(Time(20_000)));
        session.dispatch(Intent::StepBack);
        assert!(session.now() >= first && last(&session));
        // The way there is found among what is known, and looked for beyond.
        session.dispatch(Intent::Seek(now));
        session.dispatch(Intent::StepForward);
        assert_eq!(session.now(), first);
        session.dispatch(Intent::StepBy(Some(Actor::PodGc)));
        let notice = session.dispatch(Intent::StepForward);
        assert_eq!(notice.map(|notice| notice.text).as_deref(), Some("pod GC: nothing in the next hour"));
        assert_eq!(session.now(), first);
    }
}
