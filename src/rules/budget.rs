//! How many nodes a rolling update may touch at a time.
//!
//! Upstream: `pkg/controller/daemon/util/daemonset_util.go` (`SurgeCount`,
//! `UnavailableCount`), `update.go` (`updatedDesiredNodeCounts`).

use crate::api::{DaemonSet, UpdateStrategyType};

/// The limits of a rolling update in nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many may be without an available pod.
    pub max_unavailable: usize,
    /// How many may have a second pod.
    pub max_surge: usize,
}

/// The limits for `desired` nodes.
///
/// # Errors
/// A percentage that is none, in Kubernetes' words.
pub fn of(daemon_set: &DaemonSet, desired: usize) -> Result<Budget, String> {
    let max_unavailable = unavailable_count(daemon_set, desired)?;
    let max_surge = surge_count(daemon_set, desired)?;
    if desired > 0 && max_unavailable == 0 && max_surge == 0 {
        // Impossible to make progress; upstream falls back to one at a time.
        return Ok(Budget { max_unavailable: 1, max_surge: 0 });
    }
    Ok(Budget { max_unavailable, max_surge })
}

/// Whether a node may have two pods for a while.
#[must_use]
pub fn allows_surge(daemon_set: &DaemonSet) -> bool {
    surge_count(daemon_set, 1).is_ok_and(|count| count > 0)
}

fn surge_count(daemon_set: &DaemonSet, desired: usize) -> Result<usize, String> {
    let strategy = &daemon_set.spec.update_strategy;
    let surge = strategy.rolling_update.as_ref().and_then(|rolling| rolling.max_surge.as_ref());
    match surge {
        Some(surge) if strategy.kind == UpdateStrategyType::RollingUpdate => {
            surge.scaled_up(desired).map(to_count).map_err(|e| format!("invalid value for MaxSurge: {e}"))
        }
        _ => Ok(0),
    }
}

fn unavailable_count(daemon_set: &DaemonSet, desired: usize) -> Result<usize, String> {
    let strategy = &daemon_set.spec.update_strategy;
    match &strategy.rolling_update {
        Some(rolling) if strategy.kind == UpdateStrategyType::RollingUpdate => match &rolling.max_unavailable {
            Some(unavailable) => unavailable
                .scaled_up(desired)
                .map(to_count)
                .map_err(|e| format!("invalid value for MaxUnavailable: {e}")),
            // The API server always sets it; upstream gives this error for a missing one.
            None => Err("invalid value for MaxUnavailable: nil value for IntOrString".to_owned()),
        },
        _ => Ok(0),
    }
}

fn to_count(n: i64) -> usize {
    usize::try_from(n.max(0)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(strategy: &str, desired: usize, want: (usize, usize)) {
        let daemon_set: DaemonSet =
            serde_json::from_str(&format!(r#"{{"spec":{{"updateStrategy":{strategy}}}}}"#)).unwrap();
        let budget = of(&daemon_set, desired).unwrap();
        assert_eq!((budget.max_unavailable, budget.max_surge), want, "{strategy} of {desired}");
    }

    #[test]
    fn budgets() {
        check(r#"{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"10%","maxSurge":0}}"#, 11, (2, 0));
        check(r#"{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":0,"maxSurge":"25%"}}"#, 5, (0, 2));
        check(r#"{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":0,"maxSurge":0}}"#, 5, (1, 0));
        check(r#"{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":0,"maxSurge":0}}"#, 0, (0, 0));
    }
}
