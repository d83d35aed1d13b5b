//! The log of a container as files: how the kubelet rotates it.
//!
//! Upstream: `pkg/kubelet/logs/container_log_manager.go`, with its defaults
//! (`containerLogMaxSize: 10Mi`, `containerLogMaxFiles: 5`, looked at every 10 s).
//! Simplifies: the kubelet's looks are counted from the container's start; a compressed file
//! has a tenth of its size.

use super::usage::log_bytes;
use crate::base::Millis;

/// 10Mi are written after 320 s, and the next look sees more than that.
const SPAN_MS: Millis = 330_000;
/// Rotated files that are kept beside the one that is written.
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

/// The files of a container that has been running for so long, the newest first.
#[must_use]
pub fn of(running_for: Millis) -> Vec<LogFile> {
    let rotations = running_for / SPAN_MS;
    let current = LogFile { rotated_after: None, compressed: false, bytes: log_bytes(running_for % SPAN_MS) };
    let rotated = (0..rotations.min(ROTATED_MAX)).map(|back| LogFile {
        rotated_after: Some((rotations - back) * SPAN_MS),
        compressed: back > 0,
        bytes: log_bytes(SPAN_MS) / if back > 0 { COMPRESSION } else { 1 },
    });
    std::iter::once(current).chain(rotated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_files_are_kept_and_all_but_two_are_compressed() {
        let check = |running_s: i64, want: &[(Option<i64>, bool, i64)]| {
            let files = of(running_s * 1_000);
            let got: Vec<_> =
                files.iter().map(|f| (f.rotated_after.map(|ms| ms / 1_000), f.compressed, f.bytes)).collect();
            assert_eq!(got, want, "after {running_s} s");
        };
        let full = 330 * 32 * 1_024;
        check(0, &[(None, false, 0)]);
        check(329, &[(None, false, 329 * 32 * 1_024)]);
        check(330, &[(None, false, 0), (Some(330), false, full)]);
        check(
            2_000,
            &[
                (None, false, 20 * 32 * 1_024),
                (Some(1_980), false, full),
                (Some(1_650), true, full / 10),
                (Some(1_320), true, full / 10),
                (Some(990), true, full / 10),
            ],
        );
    }
}
