//! When NoExecute taints evict a pod.
//!
//! Upstream: `pkg/controller/tainteviction/taint_eviction.go` (`processPodOnNode`,
//! `getMinTolerationTime`).

use crate::api::{Taint, TaintEffect, Toleration};
use crate::base::{Millis, SECOND_MS};

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

/// Decides by the NoExecute taints of a node. For each the *first* matching toleration in
/// the pod's order counts; of those the shortest time.
#[must_use]
pub fn decide(taints: &[Taint], tolerations: &[Toleration]) -> Eviction {
    let mut shortest: Option<i64> = None;
    for taint in taints.iter().filter(|taint| taint.effect == TaintEffect::NoExecute) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_match_of_each_and_the_shortest_of_all() {
        let tolerations: Vec<Toleration> = serde_json::from_str(
            r#"[{"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":60},
                {"key":"a","operator":"Exists","effect":"NoExecute","tolerationSeconds":5},
                {"key":"b","operator":"Exists","effect":"NoExecute","tolerationSeconds":30},
                {"key":"c","operator":"Exists","effect":"NoExecute"},
                {"key":"d","operator":"Exists","effect":"NoExecute","tolerationSeconds":0}]"#,
        )
        .unwrap();
        let check = |keys: &[&str], want| {
            let taints: Vec<Taint> = keys.iter().map(|key| Taint::new(*key, TaintEffect::NoExecute)).collect();
            assert_eq!(decide(&taints, &tolerations), want, "{keys:?}");
        };
        check(&[], Eviction::Never);
        check(&["a"], Eviction::After(60_000));
        check(&["a", "b"], Eviction::After(30_000));
        check(&["c"], Eviction::Never);
        check(&["c", "d"], Eviction::Now);
        check(&["a", "x"], Eviction::Now);
    }
}
