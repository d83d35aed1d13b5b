//! Where instants lie on the track.

use crate::base::{Millis, SECOND_MS, Time};

/// Lengths of the track in seconds: it grows by steps, so that what is on it does not creep.
const LENGTHS: [Millis; 17] =
    [20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1_200, 1_800, 2_700, 3_600, 7_200, 14_400];

/// Distances of the ticks.
const TICKS: [Millis; 15] = [
    100, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
    3_600_000,
];

/// The shortest part of time that fills the track.
const LEAST_MS: Millis = SECOND_MS;

/// What a step of zooming comes to, and how much of the track a step aside leaves out.
const ZOOM: (Millis, Millis) = (2, 3);

/// At most so many ticks.
const TICKS_MAX: Millis = 12;

/// The track's extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    start: Time,
    length_ms: Millis,
}

impl Scale {
    /// A track on which `end` has room.
    pub(super) fn new(start: Time, end: Time) -> Scale {
        // A twentieth of the track stays free at its end.
        let needed_ms = end.since(start).saturating_mul(20) / 19;
        let fits = LENGTHS.into_iter().map(|seconds| seconds * SECOND_MS).find(|length_ms| *length_ms >= needed_ms);
        Scale { start, length_ms: fits.unwrap_or(needed_ms).max(SECOND_MS) }
    }

    /// Half as much of time, or twice as much, with an instant at the place where it is; `None` if
    /// that is all of it.
    pub(super) fn zoomed(self, all: Scale, closer: bool, around: Time) -> Option<Scale> {
        let (times, parts) = ZOOM;
        let wanted_ms = if closer { self.length_ms * times / parts } else { self.length_ms * parts / times };
        let length_ms = wanted_ms.max(LEAST_MS);
        if length_ms >= all.length_ms {
            return None;
        }
        let before_ms = around.since(self.start).clamp(0, self.length_ms) * length_ms / self.length_ms;
        Some(Scale { start: around + -before_ms, length_ms }.within(all))
    }

    /// Whether no less of time fits on it.
    pub(super) fn is_closest(self) -> bool {
        self.length_ms <= LEAST_MS
    }

    /// As much of time, a part of the track later or earlier.
    pub(super) fn shifted(self, all: Scale, parts: i64) -> Scale {
        Scale { start: self.start + self.length_ms * parts / 10, ..self }.within(all)
    }

    /// As much of time, with an instant on it that has left it.
    pub(super) fn following(self, all: Scale, now: Time) -> Scale {
        let parts = if now < self.start { 8 } else { 2 };
        Scale { start: now + -(self.length_ms * parts / 10), ..self }.within(all)
    }

    fn within(self, all: Scale) -> Scale {
        let last = all.end() + -self.length_ms;
        Scale { start: self.start.min(last).max(all.start), ..self }
    }

    /// Whether an instant is on it.
    pub(super) fn shows(self, at: Time) -> bool {
        self.start <= at && at <= self.end()
    }

    /// Whether a part of a span is on it.
    pub(super) fn overlaps(self, from: Time, to: Time) -> bool {
        from <= self.end() && self.start <= to
    }

    /// Where an instant lies, as an attribute of a drawing.
    pub(super) fn percent(self, at: Time) -> String {
        let basis = self.basis_points(at);
        format!("{}.{:02}%", basis / 100, basis % 100)
    }

    /// Where an instant lies, in hundredths of a percent.
    pub(super) fn basis_points(self, at: Time) -> Millis {
        at.since(self.start).clamp(0, self.length_ms).saturating_mul(10_000) / self.length_ms
    }

    /// How long the part of a span is that is on it, as an attribute of a drawing.
    pub(super) fn width(self, from: Time, to: Time) -> String {
        self.percent(self.start + to.min(self.end()).since(from.max(self.start)))
    }

    /// The instant at a part of the track, from 0 to 1.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a place under a finger")]
    pub(super) fn at(self, part: f64) -> Time {
        self.start + (part.clamp(0.0, 1.0) * self.length_ms as f64).round() as Millis
    }

    /// The last instant of the track.
    pub(super) fn end(self) -> Time {
        self.start + self.length_ms
    }

    /// Instants worth a tick, without the first.
    pub(super) fn ticks(self) -> Vec<Time> {
        let fits = |step: &Millis| self.length_ms / step <= TICKS_MAX;
        let step_ms = TICKS.into_iter().find(fits).unwrap_or(self.length_ms / TICKS_MAX).max(1);
        let first = self.start.0.div_euclid(step_ms) + 1;
        (first..=first + TICKS_MAX).map(|i| Time(i * step_ms)).take_while(|at| *at < self.end()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_track_grows_by_steps() {
        let length = |end_ms| Scale::new(Time(0), Time(end_ms)).length_ms;
        assert_eq!(length(0), 20_000);
        assert_eq!(length(19_000), 20_000);
        assert_eq!(length(19_500), 30_000);
        assert!(length(100_000_000) > 100_000_000);
    }

    #[test]
    fn places_and_instants() {
        let scale = Scale::new(Time(0), Time(10_000));
        assert_eq!(scale.percent(Time(5_000)), "25.00%");
        assert_eq!(scale.percent(Time(90_000)), "100.00%");
        assert_eq!(scale.width(Time(5_000), Time(6_000)), "5.00%");
        assert_eq!(scale.at(0.25), Time(5_000));
        assert_eq!(scale.at(-1.0), Time(0));
        assert_eq!(scale.ticks().first(), Some(&Time(2_000)));
        assert!(scale.ticks().len() < 12);
    }

    #[test]
    fn a_part_of_time() {
        let all = Scale::new(Time(0), Time(80_000));
        let part = all.zoomed(all, true, Time(45_000)).unwrap();
        assert_eq!(part, Scale { start: Time(15_000), length_ms: 60_000 });
        assert_eq!(part.basis_points(Time(45_000)), all.basis_points(Time(45_000)));
        assert_eq!(part.zoomed(all, false, Time(45_000)), None, "that is all");
        assert_eq!((part.shifted(all, -5).start, part.shifted(all, 1).start), (Time(0), Time(21_000)));
        assert_eq!((part.shifted(all, 9).start, part.following(all, Time(4_000)).start), (Time(30_000), Time(0)));
        assert_eq!((part.shows(Time(14_999)), part.shows(Time(75_000))), (false, true));
        assert_eq!(part.width(Time(0), Time(45_000)), "50.00%");
        assert_eq!(part.ticks().first(), Some(&Time(20_000)));
        let mut closest = all;
        (0..40).for_each(|_| closest = closest.zoomed(all, true, Time(45_123)).unwrap());
        assert_eq!((closest.length_ms, closest.shows(Time(45_123))), (1_000, true));
        assert!(closest.ticks().len() <= 12, "{:?}", closest.ticks());
    }
}
