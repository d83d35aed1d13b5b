//! Which events get a mark on the strip of time: what the person did, warnings, evictions,
//! and changes of nodes. Marks of one kind at one moment are one mark.

use super::{MarkKind, TimelineMark};
use crate::api::Kind;
use crate::sim::{Actor, Event, Fact};
use crate::timeline::Timeline;
use crate::view::describe;

/// Most marks; beyond, the oldest of the least important kind goes.
const MAX_MARKS: usize = 300;

/// The marks of one branch.
#[derive(Default)]
pub(super) struct Marks {
    branch: u64,
    seen: usize,
    marks: Vec<Mark>,
    /// Refused inputs when the marks were made.
    refusals: usize,
}

struct Mark {
    mark: TimelineMark,
    more: usize,
}

impl Marks {
    /// The marks of all that was simulated.
    pub fn refresh(&mut self, timeline: &Timeline) -> Vec<TimelineMark> {
        let refusals = timeline.refusals().count();
        if self.branch != timeline.branch() || self.refusals != refusals {
            *self = Marks { branch: timeline.branch(), refusals, ..Marks::default() };
            for (at, rejection) in timeline.refusals() {
                let text = format!("refused: {rejection}");
                self.add(TimelineMark { at: *at, actor: Actor::User, text, kind: MarkKind::Warning });
            }
        }
        let (past, future) = timeline.event_count();
        for event in timeline.events(self.seen, past + future) {
            if let Some(kind) = kind_of(event) {
                self.add(mark_of(event, kind));
            }
        }
        self.seen = past + future;
        self.marks.iter().map(Mark::shown).collect()
    }

    fn add(&mut self, mark: TimelineMark) {
        let same = |known: &&mut Mark| known.mark.at == mark.at && known.mark.kind == mark.kind;
        if let Some(known) = self.marks.iter_mut().rev().take(3).find(same) {
            known.more += 1;
            return;
        }
        let behind = self.marks.partition_point(|known| known.mark.at <= mark.at);
        self.marks.insert(behind, Mark { mark, more: 0 });
        if self.marks.len() > MAX_MARKS {
            let least = self.marks.iter().enumerate().min_by_key(|(index, known)| (known.mark.kind, *index));
            if let Some((index, _)) = least {
                self.marks.remove(index);
            }
        }
    }
}

impl Mark {
    fn shown(&self) -> TimelineMark {
        let mut mark = self.mark.clone();
        if self.more > 0 {
            mark.text = format!("{} (and {} more)", mark.text, self.more);
        }
        mark
    }
}

fn kind_of(event: &Event) -> Option<MarkKind> {
    if event.is_warning() {
        return Some(MarkKind::Warning);
    }
    let is_note = match &event.fact {
        Fact::Commanded { .. } => return Some(MarkKind::UserAction),
        // The person broke or repaired a machine: no kubectl command does that.
        Fact::Machine { .. } if event.actor == Actor::User => return Some(MarkKind::UserAction),
        // The person's own changes have their mark already.
        _ if event.actor == Actor::User || event.actor == Actor::ApiServer => false,
        Fact::Machine { .. } => true,
        Fact::DeletionRequested | Fact::Removed => event.actor == Actor::TaintEviction,
        Fact::Updated { .. } | Fact::Recorded { .. } => {
            event.is_about(Kind::Node) && matches!(event.actor, Actor::NodeLifecycle | Actor::Kubelet)
        }
        Fact::Created | Fact::Bound { .. } => false,
    };
    is_note.then_some(MarkKind::Note)
}

fn mark_of(event: &Event, kind: MarkKind) -> TimelineMark {
    let row = describe::event_row(event);
    let text =
        if matches!(event.fact, Fact::Commanded { .. }) { row.text } else { format!("{}: {}", row.object, row.text) };
    TimelineMark { at: event.at, actor: event.actor, text, kind }
}
