//! What a recorder of `k8s.io/client-go/tools/events` (the scheduler's) makes of an event that
//! comes again: the second makes a series of the object, further ones are only counted in
//! memory. What was counted is written every half hour, and when nothing came for six minutes;
//! then the series is over and the next event a new object. The message stays the first one's.
//!
//! Upstream: `k8s.io/client-go/tools/events/event_broadcaster.go`.

use super::event_correlator::{Fate, Observed};
use crate::base::{Millis, SECOND_MS, Time};

/// How long nothing comes before a series is over, and how often that is looked at.
pub const FINISH_MS: Millis = 6 * 60 * SECOND_MS;
/// How often series are written, which renews their time to live.
const REFRESH_MS: Millis = 30 * 60 * SECOND_MS;

/// A series, or the one event that may become one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    first: u64,
    since: Time,
    count: u32,
    last_at: Time,
}

impl Series {
    /// Takes note of event number `id`, of the same key as all in `series`.
    pub fn observe(series: &mut Option<Series>, id: u64, now: Time) -> Observed {
        let known = series.take().filter(|series| !series.is_over(now));
        let mut known = known.unwrap_or(Series { first: id, since: now, count: 0, last_at: now });
        known.count = known.count.saturating_add(1);
        known.last_at = now;
        let fate = if known.count > 2 { Fate::Held } else { Fate::Written };
        let observed = Observed { first: known.first, since: known.since, count: known.count, fate };
        *series = Some(known);
        observed
    }

    /// Whether it was found to be over.
    #[must_use]
    pub fn is_over(&self, now: Time) -> bool {
        finished_at(self.last_at) <= now
    }
}

/// When a series whose last event came at `last_at` is found to be over.
fn finished_at(last_at: Time) -> Time {
    Time((last_at.0 / FINISH_MS).saturating_add(2).saturating_mul(FINISH_MS))
}

/// When a series whose last event came at `at` is written in turn.
fn refreshed_at(at: Time) -> Time {
    Time((at.0.saturating_sub(1).div_euclid(REFRESH_MS)).saturating_add(1).saturating_mul(REFRESH_MS))
}

/// When the recorder wrote what it had counted up to an event of a series last before `now`, if
/// it did. `newest`: none came after that event.
#[must_use]
pub fn written_at(at: Time, now: Time, newest: bool) -> Option<Time> {
    // Its end is the last that is written of it.
    let finished = Some(finished_at(at)).filter(|finished| newest && *finished <= now);
    finished.or(Some(refreshed_at(at)).filter(|refreshed| *refreshed <= now))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Millis = 60 * SECOND_MS;

    #[test]
    fn a_series_ends_at_the_first_look_after_six_quiet_minutes() {
        let mut series = None;
        let mut check = |second: i64, want: (u64, u32, Fate)| {
            let id = u64::try_from(second).unwrap();
            let observed = Series::observe(&mut series, id, Time(second * SECOND_MS));
            assert_eq!((observed.first, observed.count, observed.fate), want, "{second}");
        };
        check(10, (10, 1, Fate::Written));
        check(20, (10, 2, Fate::Written));
        check(30, (10, 3, Fate::Held));
        // At minute 6 it was not six minutes old yet; the next look is at minute 12.
        check(719, (10, 4, Fate::Held));
        check(719 + 360, (10, 5, Fate::Held));
        check(1_800, (1_800, 1, Fate::Written));
    }

    #[test]
    fn exactly_six_minutes_are_not_enough() {
        assert_eq!(finished_at(Time(0)), Time(2 * FINISH_MS));
        assert_eq!(finished_at(Time(FINISH_MS - 1)), Time(2 * FINISH_MS));
        assert_eq!(finished_at(Time(FINISH_MS)), Time(3 * FINISH_MS));
    }

    #[test]
    fn held_counts_are_written_at_the_refresh_or_at_the_end() {
        let check = |at: Millis, now: Millis, newest: bool, want: Option<Millis>| {
            let want = want.map(|minute| Time(minute * MINUTE));
            assert_eq!(written_at(Time(at * MINUTE), Time(now * MINUTE), newest), want, "{at} {now}");
        };
        check(1, 11, true, None);
        check(1, 12, true, Some(12));
        check(1, 29, false, None);
        check(1, 30, false, Some(30));
        check(25, 35, true, Some(30));
        check(25, 40, true, Some(36));
        check(30, 40, true, Some(30));
        check(31, 41, true, None);
        check(31, 42, true, Some(42));
        check(1, 70, true, Some(12));
    }
}
