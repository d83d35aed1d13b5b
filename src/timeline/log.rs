//! What happened on one branch, as far as it was simulated.

use crate::sim::Event;
use std::collections::VecDeque;
use std::rc::Rc;

/// Most events that are kept. Beyond, the oldest quarter is forgotten: lists reach back less
/// far; the cluster at any moment is not affected.
pub const MAX_LOG_EVENTS: usize = 200_000;

/// Events in order, numbered from 0.
#[derive(Default)]
pub(super) struct Log {
    forgotten: usize,
    events: VecDeque<Rc<Event>>,
}

impl Log {
    /// How many events happened, forgotten ones too.
    pub fn len(&self) -> usize {
        self.forgotten + self.events.len()
    }

    /// The event of this number.
    pub fn get(&self, number: usize) -> Option<&Rc<Event>> {
        self.events.get(number.checked_sub(self.forgotten)?)
    }

    /// Event `number` happened: again, or for the first time.
    pub fn note(&mut self, number: usize, event: Event) {
        if number < self.len() {
            debug_assert!(self.get(number).is_none_or(|known| **known == event), "replay differs: {event:?}");
            return;
        }
        self.events.push_back(Rc::new(event));
        if self.events.len() > MAX_LOG_EVENTS {
            let oldest = MAX_LOG_EVENTS / 4;
            self.events.drain(..oldest);
            self.forgotten += oldest;
        }
    }

    /// The events from number `from` up to and without number `to`.
    pub fn range(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = &Rc<Event>> {
        let end = to.saturating_sub(self.forgotten).min(self.events.len());
        let start = from.saturating_sub(self.forgotten).min(end);
        self.events.range(start..end)
    }

    /// Forgets what came after the first `count` events.
    pub fn cut(&mut self, count: usize) {
        if count < self.forgotten {
            // What is left would have a gap; the next events follow on `count`.
            *self = Log { forgotten: count, events: VecDeque::new() };
        }
        self.events.truncate(count - self.forgotten);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ObjectRef;
    use crate::base::Time;
    use crate::sim::{Actor, EventId, Fact};

    fn event(number: usize) -> Event {
        Event {
            id: EventId(number as u64),
            at: Time(i64::try_from(number / 2).unwrap()),
            actor: Actor::User,
            cause: None,
            object: ObjectRef::node("n"),
            fact: Fact::Created,
        }
    }

    fn log(count: usize) -> Log {
        let mut log = Log::default();
        (0..count).for_each(|number| log.note(number, event(number)));
        log
    }

    #[test]
    fn forgets_the_oldest_at_the_limit() {
        let mut log = log(MAX_LOG_EVENTS + 1);
        assert_eq!(log.len(), MAX_LOG_EVENTS + 1);
        assert!(log.get(0).is_none());
        assert_eq!(log.range(0, usize::MAX).count(), MAX_LOG_EVENTS * 3 / 4 + 1);
        assert_eq!(log.range(log.len() - 2, log.len()).count(), 2);
        log.cut(10);
        assert_eq!((log.len(), log.range(0, usize::MAX).count()), (10, 0));
        log.note(10, event(10));
        assert_eq!(log.get(10).map(|event| event.id), Some(EventId(10)));
    }
}
