//! Times of a real cluster as instants of the simulation, which begins at the cluster's present:
//! the latest time that its objects speak of.

use crate::base::{SECOND_MS, Time};
use serde_json::Value;

/// Fields that tell when something happened. When a deletion is due is not among them.
const PAST: [&str; 9] = [
    "creationTimestamp",
    "time",
    "lastTransitionTime",
    "lastHeartbeatTime",
    "lastProbeTime",
    "lastUpdateTime",
    "startTime",
    "startedAt",
    "finishedAt",
];

/// When the picture was taken, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Present(i64);

impl Present {
    /// The latest time in these objects.
    pub fn of<'a>(objects: impl Iterator<Item = &'a Value>) -> Present {
        let (mut latest, mut todo) = (0, objects.collect::<Vec<_>>());
        while let Some(value) = todo.pop() {
            match value {
                Value::Array(items) => todo.extend(items),
                Value::Object(fields) => {
                    for (name, field) in fields {
                        match field.as_str().filter(|_| PAST.contains(&name.as_str())).and_then(unix_seconds) {
                            Some(second) => latest = second.max(latest),
                            // People write times into annotations too.
                            None if name == "annotations" || name == "labels" => {}
                            None => todo.push(field),
                        }
                    }
                }
                _ => {}
            }
        }
        Present(latest)
    }

    /// The instant that a field of an object tells.
    pub fn time(self, object: &Value, field: &str) -> Option<Time> {
        let second = unix_seconds(object.get(field)?.as_str()?)?;
        Some(Time(second.saturating_sub(self.0).saturating_mul(SECOND_MS)))
    }
}

/// Seconds since 1970 of a time as the API server prints it, `2026-01-01T00:00:12Z`; fractions are cut
/// off, offsets are heeded.
fn unix_seconds(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let separators = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")];
    if separators.into_iter().any(|(at, want)| text.get(at..at + 1) != Some(want)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign @ ("+" | "-"), rest) => {
            let (hours, minutes) = rest.split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if sign == "+" { minutes * 60 } else { -minutes * 60 }
        }
        _ => return None,
    };
    Some(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset)
}

/// Days from 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Counted from 1 March, so that a leap day is the last day of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_read() {
        let check = |text: &str, want: Option<i64>| assert_eq!(unix_seconds(text), want, "{text}");
        check("1970-01-01T00:00:00Z", Some(0));
        check("2026-01-01T00:00:12Z", Some(1_767_225_612));
        check("2024-02-29T23:59:59.123456Z", Some(1_709_251_199));
        check("2026-01-01T02:00:00+02:00", Some(1_767_225_600));
        check("2026-01-01T00:00:00", None);
        check("yesterday", None);
        check("2026-01-01Tää:00:00Z", None);
        check("", None);
    }

    #[test]
    fn the_present_is_the_latest_time_but_no_deadline() {
        let object = json!({
            "metadata": { "creationTimestamp": "2026-01-01T00:00:00Z", "deletionTimestamp": "2026-01-01T09:00:00Z",
                "annotations": { "time": "2027-01-01T00:00:00Z" } },
            "status": { "conditions": [{ "lastHeartbeatTime": "2026-01-01T00:01:40Z" }] },
        });
        let present = Present::of(std::iter::once(&object));
        let metadata = object.get("metadata").unwrap();
        assert_eq!(present.time(metadata, "creationTimestamp"), Some(Time(-100_000)));
        assert_eq!(present.time(metadata, "name"), None);
    }
}
