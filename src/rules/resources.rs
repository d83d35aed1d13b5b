//! What pods ask for.
//!
//! Upstream: `k8s.io/component-helpers/resource/helpers.go` (`PodRequests`).
//! Leaves out: resources of a pod as a whole, resizing.

use crate::api::{Container, PodSpec, Quantity, ResourceList};

/// What the scheduler's scores take a container for that does not say: thousandths of a cpu
/// and bytes of memory. Upstream: `schedutil.DefaultMilliCPURequest`, `DefaultMemoryRequest`.
const UNSAID: [(&str, i64); 2] = [("cpu", 100), ("memory", 200 * 1_024 * 1_024)];

/// Amounts by resource name: cpu in thousandths, everything else in units. Few and sorted;
/// the names are those of what was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Amounts<'a>(Vec<(&'a str, i64)>);

impl<'a> Amounts<'a> {
    /// Amounts of a list.
    #[must_use]
    pub fn of(list: &'a ResourceList) -> Amounts<'a> {
        Amounts(list.iter().map(|(name, quantity)| (name.as_str(), amount(name, quantity))).collect())
    }

    /// The amount of one resource, 0 if it is not there.
    #[must_use]
    pub fn get(&self, name: &str) -> i64 {
        self.iter().find(|(known, _)| *known == name).map_or(0, |(_, amount)| amount)
    }

    /// Resources and amounts by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, i64)> {
        self.0.iter().copied()
    }

    /// Adds other amounts to these.
    pub fn add(&mut self, other: &Amounts<'a>) {
        self.combine(other, i64::saturating_add);
    }

    /// Takes other amounts from these.
    pub fn subtract(&mut self, other: &Amounts<'a>) {
        self.combine(other, i64::saturating_sub);
    }

    /// Raises each amount to at least the other's.
    fn raise_to(&mut self, other: &Amounts<'a>) {
        self.combine(other, i64::max);
    }

    fn combine(&mut self, other: &Amounts<'a>, combine: fn(i64, i64) -> i64) {
        for (name, amount) in other.iter() {
            self.put(name, amount, combine);
        }
    }

    fn put(&mut self, name: &'a str, amount: i64, combine: fn(i64, i64) -> i64) {
        let at = self.0.partition_point(|(known, _)| *known < name);
        match self.0.get_mut(at) {
            Some((known, mine)) if *known == name => *mine = combine(*mine, amount),
            _ => self.0.insert(at, (name, combine(0, amount))),
        }
    }
}

/// One amount: cpu in thousandths, everything else in units.
#[must_use]
pub fn amount(name: &str, quantity: &Quantity) -> i64 {
    if name == "cpu" { quantity.milli_value() } else { quantity.value() }
}

/// What a pod asks for: the sum of its containers, or what an init container needs beside
/// the sidecars started before it if that is more, and the overhead.
#[must_use]
pub fn pod_requests(spec: &PodSpec) -> Amounts<'_> {
    let mut total = sum(spec, |container| container_requests(container, &[]));
    total.add(&Amounts::of(&spec.overhead));
    total
}

/// What a pod may not exceed, by resource; overhead comes on top of what is limited.
/// Upstream: `PodLimits`.
#[must_use]
pub fn pod_limits(spec: &PodSpec) -> Amounts<'_> {
    let mut total = sum(spec, |container| Amounts::of(&container.resources.limits));
    for (name, overhead) in Amounts::of(&spec.overhead).iter() {
        if total.get(name) != 0 {
            total.put(name, overhead, i64::saturating_add);
        }
    }
    total
}

/// The same for scores: containers that ask for no cpu or memory count as if they asked for
/// a little, lest any number of them seem to fit on one node.
#[must_use]
pub fn non_zero_requests(spec: &PodSpec) -> Amounts<'_> {
    let mut total = sum(spec, |container| container_requests(container, &UNSAID));
    total.add(&Amounts::of(&spec.overhead));
    total
}

/// Of all containers, as they run beside and after one another.
fn sum<'a>(spec: &'a PodSpec, of: impl Fn(&'a Container) -> Amounts<'a>) -> Amounts<'a> {
    let mut total = Amounts::default();
    for container in &spec.containers {
        total.add(&of(container));
    }
    let (mut sidecars, mut initial) = (Amounts::default(), Amounts::default());
    for container in &spec.init_containers {
        let mut own = of(container);
        if container.restart_policy.as_deref() == Some("Always") {
            total.add(&own);
            sidecars.add(&own);
            initial.raise_to(&sidecars);
        } else {
            own.add(&sidecars);
            initial.raise_to(&own);
        }
    }
    total.raise_to(&initial);
    total
}

fn container_requests<'a>(container: &'a Container, unsaid: &[(&'static str, i64)]) -> Amounts<'a> {
    let (requests, limits) = (&container.resources.requests, &container.resources.limits);
    let mut amounts = Amounts::of(requests);
    // The API server's default: where a limit is set and no request, the limit.
    for (name, limit) in limits.iter().filter(|(name, _)| !requests.contains_key(*name)) {
        amounts.put(name, amount(name, limit), i64::max);
    }
    for (name, amount) in unsaid {
        if !requests.contains_key(*name) && !limits.contains_key(*name) {
            amounts.put(name, *amount, i64::max);
        }
    }
    amounts
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
        let limits = pod_limits(&spec);
        assert_eq!((limits.get("cpu"), limits.get("memory")), (205, 1_024));
        let non_zero = non_zero_requests(&spec);
        assert_eq!((non_zero.get("cpu"), non_zero.get("memory")), (455, 400 * 1_024 * 1_024 + 1_024));
    }
}
