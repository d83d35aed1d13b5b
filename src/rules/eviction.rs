//! When NoExecute taints evict a pod, and what becomes of an eviction that was planned.
//!
//! Upstream: `pkg/controller/tainteviction/taint_eviction.go` (`processPodOnNode`,
//! `getMinTolerationTime`), `timed_workers.go`.

use super::tolerations::untolerated;
use crate::api::{Taint, TaintEffect, Toleration};
use crate::base::{Millis, SECOND_MS, Time};

/// What a node's taints mean for a pod that runs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eviction {
    /// Something is not tolerated: it goes now.
    Now,
    /// All is tolerated, but not for ever.
    After(Millis),
    /// It stays.
    Never,
}

/// What follows from a look at a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// A planned eviction is called off.
    pub cancelled: bool,
    /// The eviction that begins.
    pub begins: Eviction,
}

/// The taints that evict.
pub fn no_execute(taints: &[Taint]) -> impl Iterator<Item = &Taint> {
    taints.iter().filter(|taint| taint.effect == TaintEffect::NoExecute)
}

/// Decides by the NoExecute taints of a node. For each the *first* matching toleration in
/// the pod's order counts; of those the shortest time.
#[must_use]
pub fn decide(taints: &[Taint], tolerations: &[Toleration]) -> Eviction {
    let mut shortest: Option<i64> = None;
    for taint in no_execute(taints) {
        let Some(toleration) = tolerations.iter().find(|toleration| toleration.tolerates(taint)) else {
            return Eviction::Now;
        };
        if let Some(seconds) = toleration.toleration_seconds {
            shortest = Some(shortest.map_or(seconds, |known| known.min(seconds)));
        }
    }
    match shortest {
        None => Eviction::Never,
        Some(seconds) if seconds <= 0 => Eviction::Now,
        Some(seconds) => Eviction::After(seconds.saturating_mul(SECOND_MS)),
    }
}

/// Looks at a pod whose tolerations, or whose node's NoExecute taints, have changed. What is
/// planned keeps its time, whatever the new seconds say; it is called off when nothing evicts
/// the pod any more, and when a taint that it does not tolerate does so at once.
pub fn reconsider(planned: &mut Option<Time>, now: Time, taints: &[Taint], tolerations: &[Toleration]) -> Outcome {
    let begins = decide(taints, tolerations);
    let tolerated_for_a_time = match begins {
        Eviction::Never => false,
        Eviction::After(_) => true,
        Eviction::Now => untolerated(taints, tolerations, &[TaintEffect::NoExecute]).is_none(),
    };
    if tolerated_for_a_time && planned.is_some() {
        return Outcome { cancelled: false, begins: Eviction::Never };
    }
    let cancelled = planned.is_some();
    *planned = if let Eviction::After(delay_ms) = begins { Some(now + delay_ms) } else { None };
    Outcome { cancelled, begins }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tolerations() -> Vec<Toleration> {
        serde_json::from_str(
            r#"[{"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":60},
                {"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":5},
                {"key":"b","operator":"Exists","effect":"NoExecute","tolerationSeconds":30},
                {"key":"c","operator":"Exists","effect":"NoExecute"},
                {"key":"d","operator":"Exists","effect":"NoExecute","tolerationSeconds":0}]"#,
        )
        .unwrap()
    }

    fn taints(keys: &[&str]) -> Vec<Taint> {
        keys.iter().map(|key| Taint::new(*key, TaintEffect::NoExecute)).collect()
    }

    #[test]
    fn the_first_match_of_each_and_the_shortest_of_all() {
        let check = |keys: &[&str], want| assert_eq!(decide(&taints(keys), &tolerations()), want, "{keys:?}");
        check(&[], Eviction::Never);
        check(&["a"], Eviction::After(60_000));
        check(&["a", "b"], Eviction::After(30_000));
        check(&["c"], Eviction::Never);
        check(&["c", "d"], Eviction::Now);
        check(&["a", "x"], Eviction::Now);
    }

    #[test]
    fn a_plan_keeps_its_time_or_is_called_off() {
        let at = Some(Time(60_000));
        let check = |keys: &[&str], before, after, cancelled| {
            let mut planned = before;
            let outcome = reconsider(&mut planned, Time(9_000), &taints(keys), &tolerations());
            assert_eq!((planned, outcome.cancelled), (after, cancelled), "{keys:?}");
        };
        check(&["b"], at, at, false);
        check(&["d"], at, at, false);
        check(&[], at, None, true);
        check(&["c"], at, None, true);
        check(&["x"], at, None, true);
        check(&["a"], None, Some(Time(69_000)), false);
        check(&["d"], None, None, false);
    }
}
