//! Who acted when, for the strip of time: a track for each actor. Instants that lie close
//! together are one.

use crate::base::{Millis, Time};
use crate::sim::Actor;
use crate::timeline::Timeline;
use std::rc::Rc;

/// Most instants of a track; beyond, what counts as close together doubles.
const MAX_INSTANTS: usize = 600;

/// What counts as close together at first.
const CLOSE_MS: Millis = 20;

/// When an actor acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineTrack {
    /// Who.
    pub actor: Actor,
    /// When, in order.
    pub instants: Vec<Time>,
}

/// The tracks of one branch.
pub(super) struct Activity {
    branch: u64,
    seen: usize,
    close_ms: Millis,
    tracks: Rc<Vec<TimelineTrack>>,
}

impl Default for Activity {
    fn default() -> Activity {
        Activity { branch: 0, seen: 0, close_ms: CLOSE_MS, tracks: Rc::default() }
    }
}

impl Activity {
    /// The tracks of all that was simulated, in the order of [`Actor::ALL`]; those who did
    /// nothing have none.
    pub fn refresh(&mut self, timeline: &Timeline) -> Rc<Vec<TimelineTrack>> {
        let (past, future) = timeline.event_count();
        if self.branch != timeline.branch() || self.seen > past + future {
            *self = Activity { branch: timeline.branch(), ..Activity::default() };
        }
        if self.seen < past + future {
            for event in timeline.events(self.seen, past + future) {
                self.add(event.actor, event.at);
            }
            self.seen = past + future;
        }
        Rc::clone(&self.tracks)
    }

    fn add(&mut self, actor: Actor, at: Time) {
        let tracks = Rc::make_mut(&mut self.tracks);
        let place = tracks.partition_point(|track| track.actor < actor);
        match tracks.get_mut(place).filter(|track| track.actor == actor) {
            None => tracks.insert(place, TimelineTrack { actor, instants: vec![at] }),
            Some(track) => {
                let close = track.instants.last().is_some_and(|last| at.since(*last) < self.close_ms);
                if !close {
                    track.instants.push(at);
                }
                while track.instants.len() > MAX_INSTANTS {
                    self.close_ms *= 2;
                    let (close_ms, mut last) = (self.close_ms, None::<Time>);
                    track.instants.retain(|at| {
                        let keep = last.is_none_or(|last| at.since(last) >= close_ms);
                        if keep {
                            last = Some(*at);
                        }
                        keep
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_thinned_and_none_is_far_from_what_happened() {
        let mut activity = Activity::default();
        for i in 0..10_000 {
            activity.add(Actor::Kubelet, Time(i * 50));
        }
        activity.add(Actor::User, Time(500_000));
        activity.add(Actor::User, Time(500_001));
        let actors: Vec<_> = activity.tracks.iter().map(|track| (track.actor, track.instants.len())).collect();
        assert_eq!(actors.iter().map(|(actor, _)| *actor).collect::<Vec<_>>(), [Actor::User, Actor::Kubelet]);
        assert_eq!(actors[0].1, 1);
        let kubelet = &activity.tracks[1].instants;
        assert!((MAX_INSTANTS / 4..=MAX_INSTANTS).contains(&kubelet.len()), "{}", kubelet.len());
        let gaps = kubelet.windows(2).map(|pair| pair[1].since(pair[0]));
        assert!(gaps.clone().all(|gap| gap <= 2 * activity.close_ms), "{:?}", gaps.max());
    }
}
