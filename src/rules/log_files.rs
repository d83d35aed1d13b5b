//! The log of a container as files: how the kubelet rotates it.
//!
//! Upstream: `pkg/kubelet/logs/container_log_manager.go`, with its defaults
//! (`containerLogMaxSize: 10Mi`, `containerLogMaxFiles: 5`, looked at every 10 s).
//! Simplifies: the kubelet's looks are counted from the container's start; a compressed file
//! has a tenth of its size.

use crate::base::{Millis, SECOND_MS};

/// Period of the kubelet's looks (`containerLogMonitorInterval`).
const LOOK_SECONDS: i64 = 10;
/// A log of this size is rotated (`containerLogMaxSize`).
const MAX_BYTES: i64 = 10 << 20;
/// Rotated files that are kept beside the one that is written (`containerLogMaxFiles` less one).
const ROTATED_MAX: i64 = 4;
/// What compression makes of a log.
const COMPRESSION: i64 = 10;

/// A file of a container's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// How long after the container's start it was rotated; not yet, if it is written to.
    pub rotated_after: Option<Millis>,
    /// All that were rotated but for the last are compressed.
    pub compressed: bool,
    /// Size.
    pub bytes: i64,
}

/// The files of a container that has been running for so long and writes so much, the newest
/// first.
#[must_use]
pub fn of(running_for: Millis, bytes_per_second: i64) -> Vec<LogFile> {
    let running_s = running_for / SECOND_MS;
    // The first look at which there is enough.
    let per_look = (bytes_per_second * LOOK_SECONDS).max(1);
    let span_s = (MAX_BYTES + per_look - 1) / per_look * LOOK_SECONDS;
    let rotations = running_s / span_s;
    let current = LogFile { rotated_after: None, compressed: false, bytes: running_s % span_s * bytes_per_second };
    let rotated = (0..rotations.min(ROTATED_MAX)).map(|back| LogFile {
        rotated_after: Some((rotations - back) * span_s * SECOND_MS),
        compressed: back > 0,
        bytes: span_s * bytes_per_second / if back > 0 { COMPRESSION } else { 1 },
    });
    std::iter::once(current).chain(rotated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(running_s: i64, bytes_per_second: i64, want: &[(Option<i64>, bool, i64)]) {
        let files = of(running_s * 1_000, bytes_per_second);
        let got: Vec<_> = files.iter().map(|f| (f.rotated_after.map(|ms| ms / 1_000), f.compressed, f.bytes)).collect();
        assert_eq!(got, want, "after {running_s} s of {bytes_per_second} a second");
    }

    #[test]
    fn five_files_are_kept_and_all_but_two_are_compressed() {
        let rate = 32 << 10;
        check(0, rate, &[(None, false, 0)]);
        check(319, rate, &[(None, false, 319 * rate)]);
        // At the limit, not only beyond it.
        check(320, rate, &[(None, false, 0), (Some(320), false, MAX_BYTES)]);
        check(
            2_000,
            rate,
            &[
                (None, false, 80 * rate),
                (Some(1_920), false, MAX_BYTES),
                (Some(1_600), true, MAX_BYTES / 10),
                (Some(1_280), true, MAX_BYTES / 10),
                (Some(960), true, MAX_BYTES / 10),
            ],
        );
    }

    #[test]
    fn a_look_comes_every_ten_seconds_however_fast_it_grows() {
        let rate = 3 << 20;
        check(9, rate, &[(None, false, 9 * rate)]);
        check(11, rate, &[(None, false, rate), (Some(10), false, 10 * rate)]);
        check(100_000, 0, &[(None, false, 0)]);
    }
}
