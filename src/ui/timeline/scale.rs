//! Where instants lie on the track.

use crate::base::{Millis, SECOND_MS, Time};

/// Lengths of the track in seconds: it grows by steps, so that what is on it does not creep.
const LENGTHS: [Millis; 17] =
    [20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1_200, 1_800, 2_700, 3_600, 7_200, 14_400];

/// Distances of the ticks in seconds.
const TICKS: [Millis; 12] = [2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

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

    /// Where an instant lies, as an attribute of a drawing.
    pub(super) fn percent(self, at: Time) -> String {
        let basis = self.basis_points(at);
        format!("{}.{:02}%", basis / 100, basis % 100)
    }

    /// Where an instant lies, in hundredths of a percent.
    pub(super) fn basis_points(self, at: Time) -> Millis {
        at.since(self.start).min(self.length_ms).saturating_mul(10_000) / self.length_ms
    }

    /// How long a span is, as an attribute of a drawing.
    pub(super) fn width(self, from: Time, to: Time) -> String {
        self.percent(self.start + to.since(from))
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
        let fits = |step: &Millis| self.length_ms / (step * SECOND_MS) <= TICKS_MAX;
        let step_ms = TICKS.into_iter().find(fits).map_or(self.length_ms / TICKS_MAX, |step| step * SECOND_MS).max(1);
        (1..=TICKS_MAX).map(|i| self.start + i * step_ms).take_while(|at| *at < self.end()).collect()
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
}
