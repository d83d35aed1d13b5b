//! Simulated time. No clock is read anywhere in the core: the only present is `World::now`.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};

/// A span of simulated time in milliseconds.
pub type Millis = i64;

/// Milliseconds in a second.
pub const SECOND_MS: Millis = 1_000;

/// Seconds from 1970-01-01 to the epoch of every simulation, 2026-01-01T00:00:00Z.
const EPOCH_UNIX_SECONDS: i64 = 1_767_225_600;

/// An instant: milliseconds since the start of the simulation. Objects made before the
/// start (the nodes that a scenario begins with) have negative instants.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    BorshSerialize,
    BorshDeserialize,
)]
#[serde(transparent)]
pub struct Time(pub Millis);

impl Time {
    /// The start of the simulation.
    pub const ZERO: Time = Time(0);
    /// Later than anything that can happen.
    pub const NEVER: Time = Time(Millis::MAX);

    /// The instant cut to whole seconds, as `metav1.Time` is stored by the API server.
    /// Comparisons of creation times and `minReadySeconds` see only this.
    #[must_use]
    pub fn floor_to_second(self) -> Time {
        Time(self.0.div_euclid(SECOND_MS) * SECOND_MS)
    }

    /// Milliseconds from `earlier` to `self`, 0 if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Time) -> Millis {
        self.0.saturating_sub(earlier.0).max(0)
    }

    /// The instant as the API server prints it, e.g. `2026-01-01T00:00:12Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let unix = EPOCH_UNIX_SECONDS.saturating_add(self.0.div_euclid(SECOND_MS));
        let (days, second) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
        let (year, month, day) = civil_from_days(days);
        format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
    }
}

/// A span of whole milliseconds as Go prints a `time.Duration`, e.g. `400ms`, `1.8s`, `1m20s`.
#[must_use]
pub fn go_duration(ms: Millis) -> String {
    match ms {
        ..=0 => return "0s".to_owned(),
        1..SECOND_MS => return format!("{ms}ms"),
        _ => {}
    }
    let (minutes, ms) = (ms / 60_000, ms % 60_000);
    let seconds = format!("{}.{:03}", ms / SECOND_MS, ms % SECOND_MS);
    let seconds = seconds.trim_end_matches('0').trim_end_matches('.');
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds}s"),
        (0, minutes) => format!("{minutes}m{seconds}s"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

/// Year, month and day of a day counted from 1970-01-01 in the Gregorian calendar.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    // Counted from 1 March of year 0, so that a leap day is the last day of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

impl Add<Millis> for Time {
    type Output = Time;
    fn add(self, span: Millis) -> Time {
        Time(self.0.saturating_add(span))
    }
}

impl Sub<Time> for Time {
    type Output = Millis;
    fn sub(self, other: Time) -> Millis {
        self.0.saturating_sub(other.0)
    }
}

/// Seconds with three decimals, for people.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, ms) = if self.0 < 0 { ("-", self.0.unsigned_abs()) } else { ("", self.0.unsigned_abs()) };
        write!(f, "{sign}{}.{:03}s", ms / 1_000, ms % 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_the_api_server_does() {
        let check = |ms: i64, want: &str| assert_eq!(Time(ms).to_rfc3339(), want);
        check(0, "2026-01-01T00:00:00Z");
        check(12_999, "2026-01-01T00:00:12Z");
        check(-1, "2025-12-31T23:59:59Z");
        check(86_400_000 * 59, "2026-03-01T00:00:00Z");
        check(86_400_000 * (365 * 2 + 31 + 28), "2028-02-29T00:00:00Z");
    }

    #[test]
    fn spans_read_as_in_go() {
        let check = |ms: Millis, want: &str| assert_eq!(go_duration(ms), want);
        check(0, "0s");
        check(400, "400ms");
        check(1_800, "1.8s");
        check(10_000, "10s");
        check(80_000, "1m20s");
        check(300_000, "5m0s");
        check(3_600_250, "1h0m0.25s");
    }

    #[test]
    fn cuts_to_seconds_downwards() {
        assert_eq!(Time(1_999).floor_to_second(), Time(1_000));
        assert_eq!(Time(-1).floor_to_second(), Time(-1_000));
    }
}
