//! What the page draws, made of the timeline and kept between frames: only what changed is
//! made again.

use super::activity::{Activity, TimelineTrack};
use super::marks::Marks;
use crate::base::Time;
use crate::sim::Actor;
use crate::timeline::{Future, Timeline};
use crate::view::{self, EventRow, Frame, Grouping, describe};
use std::rc::Rc;

use super::super::intent::{Origin, Speed};

/// Most rows of the list of events.
const MAX_ROWS: usize = 2_000;

/// Nodes and pods of a board that is drawn at moments that are only passed through.
const MAX_OBJECTS_IN_PASSING: usize = 500;

/// Everything the page draws, as one value. Cheap to clone and to compare.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The board at the moment shown. While long work is under way on a large cluster, the
    /// board stays as it was until the work is done.
    pub frame: Rc<Frame>,
    /// The strip of time.
    pub timeline: Rc<TimelineView>,
    /// Events up to the moment shown, oldest first; the newest 2,000.
    pub events: Rc<Vec<Rc<EventRow>>>,
    /// What nodes stand together by.
    pub grouping: Grouping,
    /// Time runs.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// Whose acts steps go to; anybody's if none is named.
    pub step_by: Option<Actor>,
    /// Where it came from.
    pub origin: Origin,
    /// There is something to take back.
    pub can_undo: bool,
    /// There is something to do again.
    pub can_redo: bool,
    /// Long work under way.
    pub busy: Option<Busy>,
}

/// Long work under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// What is done.
    pub label: String,
    /// How much of it, 0 to 1000.
    pub permille: u16,
}

/// The strip of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineView {
    /// The moment shown.
    pub now: Time,
    /// The start.
    pub start: Time,
    /// The latest moment that was simulated or has an input.
    pub end: Time,
    /// Moments worth a mark, in order.
    pub marks: Vec<TimelineMark>,
    /// Who acted when.
    pub tracks: Rc<Vec<TimelineTrack>>,
    /// Rollouts, by their begin.
    pub spans: Vec<TimelineSpan>,
    /// Other futures, the latest first.
    pub futures: Rc<Vec<Future>>,
    /// Nothing is left to happen.
    pub settled: bool,
    /// When something happens next, as far as is known: simulated already, or the next
    /// wake-up of the cluster.
    pub next_event_at: Option<Time>,
}

/// A moment worth a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineMark {
    /// When.
    pub at: Time,
    /// Who did it.
    pub actor: Actor,
    /// What happened, for people.
    pub text: String,
    /// What kind of mark.
    pub kind: MarkKind,
}

/// Kinds of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Something else worth knowing: an eviction, a node's change.
    Note,
    /// Something is wrong.
    Warning,
    /// The person did something.
    UserAction,
}

/// A span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineSpan {
    /// Begin.
    pub from: Time,
    /// End; of a rollout under way, the latest moment that was simulated.
    pub to: Time,
    /// What, e.g. `rollout fluentd`.
    pub text: String,
}

/// The costly parts of a snapshot.
#[derive(Default)]
pub(super) struct Cache {
    frame: Option<(FrameOf, Rc<Frame>)>,
    timeline: Option<Rc<TimelineView>>,
    marks: Marks,
    activity: Activity,
    /// Of a branch.
    futures: (u64, Rc<Vec<Future>>),
    rows: Rows,
}

pub(super) struct Parts {
    pub frame: Rc<Frame>,
    pub timeline: Rc<TimelineView>,
    pub events: Rc<Vec<Rc<EventRow>>>,
}

/// What a frame depends on, its clock aside: Kubernetes compares whole seconds.
type FrameOf = ((u64, u64), Time, Grouping);

impl Cache {
    /// The parts at the moment shown; `under_way` if it is only passed through.
    pub fn refresh(&mut self, timeline: &Timeline, grouping: Grouping, under_way: bool) -> Parts {
        let store = timeline.world().store();
        let is_large = store.nodes.len() + store.pods.len() > MAX_OBJECTS_IN_PASSING;
        let kept = self.frame.as_ref().filter(|_| under_way && is_large).map(|(_, frame)| Rc::clone(frame));
        Parts {
            frame: kept.unwrap_or_else(|| self.frame(timeline, grouping)),
            timeline: self.timeline(timeline),
            events: self.rows.refresh(timeline),
        }
    }

    fn frame(&mut self, timeline: &Timeline, grouping: Grouping) -> Rc<Frame> {
        let now = timeline.now();
        let of = (timeline.revision(), now.floor_to_second(), grouping);
        let frame = match self.frame.take() {
            Some((known, frame)) if known == of && frame.now == now => frame,
            Some((known, mut frame)) if known == of => {
                Rc::make_mut(&mut frame).now = now;
                frame
            }
            other => {
                let previous = other.as_ref().map(|(_, frame)| &**frame);
                Rc::new(view::project(timeline.world(), grouping, previous))
            }
        };
        self.frame = Some((of, Rc::clone(&frame)));
        frame
    }

    fn timeline(&mut self, timeline: &Timeline) -> Rc<TimelineView> {
        let end = timeline.end();
        let spans = timeline.rollouts().iter().map(|rollout| TimelineSpan {
            from: rollout.from,
            to: rollout.to.unwrap_or(end),
            text: format!("rollout {}", rollout.key.name),
        });
        if self.futures.0 != timeline.branch() {
            self.futures = (timeline.branch(), Rc::new(timeline.futures()));
        }
        let made = TimelineView {
            now: timeline.now(),
            start: Time::ZERO,
            end,
            marks: self.marks.refresh(timeline),
            tracks: self.activity.refresh(timeline),
            spans: spans.collect(),
            futures: Rc::clone(&self.futures.1),
            settled: timeline.is_settled(),
            next_event_at: timeline.next_known_event_at(None).or_else(|| timeline.next_turn_at()),
        };
        match &self.timeline {
            Some(known) if **known == made => Rc::clone(known),
            _ => Rc::clone(self.timeline.insert(Rc::new(made))),
        }
    }
}

/// The rows of events `from..to` of one branch.
#[derive(Default)]
struct Rows {
    branch: u64,
    from: usize,
    to: usize,
    rows: Rc<Vec<Rc<EventRow>>>,
}

impl Rows {
    fn refresh(&mut self, timeline: &Timeline) -> Rc<Vec<Rc<EventRow>>> {
        let (to, _) = timeline.event_count();
        let from = to.saturating_sub(MAX_ROWS);
        if timeline.branch() != self.branch || to < self.to || from > self.to {
            *self = Rows { branch: timeline.branch(), from, to: from, rows: Rc::default() };
        }
        if to > self.to {
            let rows = Rc::make_mut(&mut self.rows);
            rows.drain(..(from - self.from).min(rows.len()));
            rows.extend(timeline.events(self.to, to).map(|event| Rc::new(describe::event_row(event))));
            (self.from, self.to) = (from, to);
        }
        Rc::clone(&self.rows)
    }
}
