//! How long a container takes to end that was told to: the grace period is one budget for its
//! preStop hook, its turn and its own exit.
//!
//! Upstream: `pkg/kubelet/kuberuntime/kuberuntime_container.go` (`killContainer`,
//! `executePreStopHook`), `kuberuntime_termination_order.go`.

use crate::base::{Millis, SECOND_MS};

/// However little grace is left, a container has this much before it is killed.
const LEAST_S: i64 = 2;
/// Longest grace period that is reckoned with.
const GRACE_MAX_S: i64 = 86_400;

/// What is asked to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopping {
    /// Its grace period.
    pub grace_s: i64,
    /// How long its preStop hook takes; 0 without one.
    pub hook_ms: Millis,
    /// When those have ended that it waits for; 0 if for none.
    pub turn_ms: Millis,
    /// From the request to its exit; `None` if it ignores the request.
    pub exit_ms: Option<Millis>,
}

/// When it ends, and whether it had to be killed.
#[must_use]
pub fn end(stopping: &Stopping) -> (Millis, bool) {
    let mut left_s = stopping.grace_s.clamp(0, GRACE_MAX_S);
    // What a hook or a wait takes counts in whole seconds, cut.
    let mut at_ms = if left_s > 0 { stopping.hook_ms.clamp(0, left_s * SECOND_MS) } else { 0 };
    left_s -= at_ms / SECOND_MS;
    if left_s > 0 {
        let waited_ms = (stopping.turn_ms - at_ms).clamp(0, left_s * SECOND_MS);
        at_ms += waited_ms;
        left_s -= waited_ms / SECOND_MS;
    }
    let window_ms = left_s.max(LEAST_S) * SECOND_MS;
    match stopping.exit_ms {
        Some(exit_ms) if exit_ms <= window_ms => (at_ms + exit_ms.max(0), false),
        _ => (at_ms + window_ms, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(grace_s: i64, hook_ms: Millis, turn_ms: Millis, exit_ms: Option<Millis>, want: (Millis, bool)) {
        let stopping = Stopping { grace_s, hook_ms, turn_ms, exit_ms };
        assert_eq!(end(&stopping), want, "{stopping:?}");
    }

    #[test]
    fn who_ignores_the_request_is_killed_after_the_grace_period() {
        check(30, 0, 0, Some(400), (400, false));
        check(30, 0, 0, None, (30_000, true));
        check(2, 0, 0, Some(2_500), (2_000, true));
        check(0, 0, 0, None, (2_000, true));
        check(i64::MAX, 0, 0, None, (86_400_000, true));
    }

    #[test]
    fn the_hook_is_part_of_the_grace_period() {
        check(30, 10_500, 0, Some(400), (10_900, false));
        check(30, 10_500, 0, None, (30_500, true));
        check(30, 45_000, 0, Some(400), (30_400, false));
        check(30, 45_000, 0, None, (32_000, true));
        check(0, 5_000, 0, Some(400), (400, false));
    }

    #[test]
    fn a_sidecar_waits_for_its_turn() {
        check(30, 0, 12_000, Some(400), (12_400, false));
        check(30, 5_000, 12_000, None, (30_000, true));
        check(10, 0, 30_000, Some(400), (10_400, false));
    }
}
