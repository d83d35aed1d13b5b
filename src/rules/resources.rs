//! What pods ask for and what is left of a node.
//!
//! Upstream: `k8s.io/component-helpers/resource/helpers.go` (`PodRequests`),
//! `pkg/scheduler/framework/plugins/noderesources/fit.go`.

use crate::api::{Container, Node, PodSpec, ResourceList};
use crate::base::Map;

/// Amounts by resource name: cpu in thousandths, everything else in units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Amounts(Map<String, i64>);

impl Amounts {
    /// Amounts of a list.
    #[must_use]
    pub fn of(list: &ResourceList) -> Amounts {
        let amount = |name: &str, quantity: &crate::api::Quantity| {
            if name == "cpu" { quantity.milli_value() } else { quantity.value() }
        };
        Amounts(list.iter().map(|(name, quantity)| (name.clone(), amount(name, quantity))).collect())
    }

    /// The amount of one resource, 0 if it is not there.
    #[must_use]
    pub fn get(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// Resources and amounts by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().map(|(name, amount)| (name.as_str(), *amount))
    }

    /// Adds other amounts to these.
    pub fn add(&mut self, other: &Amounts) {
        self.combine(other, i64::saturating_add);
    }

    /// Raises each amount to at least the other's.
    fn raise_to(&mut self, other: &Amounts) {
        self.combine(other, i64::max);
    }

    fn combine(&mut self, other: &Amounts, combine: fn(i64, i64) -> i64) {
        for (name, amount) in &other.0 {
            let mine = self.0.entry(name.clone()).or_insert(0);
            *mine = combine(*mine, *amount);
        }
    }
}

/// What a pod asks for: the sum of its containers, or what an init container needs beside
/// the sidecars started before it if that is more, and the overhead.
#[must_use]
pub fn pod_requests(spec: &PodSpec) -> Amounts {
    let requests = |container: &Container| {
        let mut list = container.resources.requests.clone();
        // The API server's default: where a limit is set and no request, the limit.
        for (name, limit) in &container.resources.limits {
            list.entry(name.clone()).or_insert_with(|| limit.clone());
        }
        Amounts::of(&list)
    };
    let mut total = Amounts::default();
    for container in &spec.containers {
        total.add(&requests(container));
    }
    let (mut sidecars, mut initial) = (Amounts::default(), Amounts::default());
    for container in &spec.init_containers {
        let own = requests(container);
        if container.restart_policy.as_deref() == Some("Always") {
            total.add(&own);
            sidecars.add(&own);
            initial.raise_to(&sidecars);
        } else {
            let mut beside_sidecars = sidecars.clone();
            beside_sidecars.add(&own);
            initial.raise_to(&beside_sidecars);
        }
    }
    total.raise_to(&initial);
    total.add(&Amounts::of(&spec.overhead));
    total
}

/// What a node has for pods.
#[must_use]
pub fn allocatable(node: &Node) -> Amounts {
    Amounts::of(&node.status.allocatable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn init_containers_count_by_the_greatest_need() {
        let spec: PodSpec = serde_json::from_str(
            r#"{"containers":[{"resources":{"requests":{"cpu":"100m"}}},{"resources":{"limits":{"cpu":"0.2","memory":"1Ki"}}}],
                "initContainers":[
                  {"restartPolicy":"Always","resources":{"requests":{"cpu":"50m"}}},
                  {"resources":{"requests":{"cpu":"400m"}}}],
                "overhead":{"cpu":"5m"}}"#,
        )
        .unwrap();
        let requests = pod_requests(&spec);
        assert_eq!(requests.get("cpu"), 455);
        assert_eq!(requests.get("memory"), 1_024);
        assert_eq!(requests.get("pods"), 0);
    }
}
