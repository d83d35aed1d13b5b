//! What a node's pods ask for and may not exceed, and what that comes to.
//!
//! Upstream: `describeNodeResource` of `k8s.io/kubectl/pkg/describe/describe.go`.
//! Models: requests and limits of cpu and memory by pod, and their sums for each resource of the node,
//! with overhead, init containers and sidecars.
//! Simplifies: amounts are written in the greatest unit that leaves a whole number, whatever they
//! were written in.

use super::describe::human_duration;
use crate::api::{Key, Pod, Quantity, ResourceList};
use crate::rules::resources::{Amounts, amount, pod_limits, pod_requests};
use crate::rules::usage;
use crate::sim::World;

/// At most so many pods are listed.
const PODS_MAX: usize = 200;

/// The resources of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeResources {
    /// Its pods that have not ended, by namespace and name.
    pub pods: Vec<PodRow>,
    /// How many there are in all.
    pub count: usize,
    /// Requests and limits of all of them.
    pub totals: Vec<TotalRow>,
}

/// One pod: cpu and memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodRow {
    /// Its name.
    pub key: Key,
    /// Requests of cpu, limits of cpu, and the same of memory, with their share of the node.
    pub cells: [String; 4],
    /// For how long there has been the pod.
    pub age: String,
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalRow {
    /// Its name.
    pub resource: String,
    /// What is asked for.
    pub requests: String,
    /// What may not be exceeded.
    pub limits: String,
    /// More is allowed than there is.
    pub is_overcommitted: bool,
}

/// The resources of a node as `kubectl describe node` counts them.
#[must_use]
pub fn node_resources(world: &World, name: &str) -> NodeResources {
    let store = world.store();
    let Some(node) = store.nodes.get(name) else { return NodeResources::default() };
    let status = &node.status;
    let there = if status.allocatable.is_empty() { &status.capacity } else { &status.allocatable };
    let (mut requests, mut limits) = (Amounts::default(), Amounts::default());
    let (mut pods, mut count) = (Vec::new(), 0);
    let row = |pod: &Pod, requests: &Amounts<'_>, limits: &Amounts<'_>| {
        let cell = |name: &str, amounts: &Amounts<'_>| with_share(name, amounts.get(name), there);
        PodRow {
            key: pod.key(),
            cells: [cell("cpu", requests), cell("cpu", limits), cell("memory", requests), cell("memory", limits)],
            age: human_duration(world.now().since(pod.metadata.creation_timestamp)),
        }
    };
    for pod in store.pods_on(name).filter(|pod| !pod.status.phase.is_terminal()) {
        let (asked, allowed) = (pod_requests(&pod.spec), pod_limits(&pod.spec));
        requests.add(&asked);
        limits.add(&allowed);
        count += 1;
        if count <= PODS_MAX {
            pods.push(row(pod, &asked, &allowed));
        }
    }
    let totals = resources(there).into_iter().map(|name| {
        let (asked, allowed) = (requests.get(name), limits.get(name));
        let text = |amount| if is_extended(name) { in_words(name, amount) } else { with_share(name, amount, there) };
        TotalRow {
            resource: name.to_owned(),
            requests: text(asked),
            limits: text(allowed),
            is_overcommitted: allowed > of(there, name),
        }
    });
    NodeResources { pods, count, totals: totals.collect() }
}

/// The rows of the sums: three that are always there, huge pages, and what the node has beside.
fn resources(there: &ResourceList) -> Vec<&str> {
    let names = || there.keys().map(String::as_str);
    let usual = ["cpu", "memory", "ephemeral-storage"].into_iter();
    usual
        .chain(names().filter(|name| is_huge_page(name)))
        .chain(names().filter(|name| is_extended(name) && *name != "pods"))
        .collect()
}

fn is_huge_page(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn is_extended(name: &str) -> bool {
    !["cpu", "memory", "ephemeral-storage"].contains(&name) && !is_huge_page(name)
}

fn of(there: &ResourceList, name: &str) -> i64 {
    there.get(name).map_or(0, |quantity: &Quantity| amount(name, quantity))
}

fn in_words(name: &str, amount: i64) -> String {
    match name {
        "cpu" if amount % 1_000 == 0 => (amount / 1_000).to_string(),
        "cpu" => format!("{amount}m"),
        name if is_extended(name) => amount.to_string(),
        _ => usage::bytes(amount),
    }
}

/// `250m (6%)`.
fn with_share(name: &str, amount: i64, there: &ResourceList) -> String {
    let percent = (i128::from(amount) * 100).checked_div(i128::from(of(there, name))).unwrap_or(0);
    format!("{} ({percent}%)", in_words(name, amount))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Container, Node, PodSpec};
    use crate::base::Time;
    use crate::sim::Knobs;

    fn amounts(of: &[(&str, &str)]) -> ResourceList {
        of.iter().map(|(name, text)| ((*name).to_owned(), Quantity::parse(text).unwrap())).collect()
    }

    #[test]
    fn sums_are_kubectls() {
        let check = |requests: &[(&str, &str)], limits: &[(&str, &str)], want: [&str; 4]| {
            let mut container = Container::default();
            container.resources.requests = amounts(requests);
            container.resources.limits = amounts(limits);
            let spec = PodSpec { containers: vec![container], ..PodSpec::default() };
            let there = amounts(&[("cpu", "4"), ("memory", "8Gi"), ("pods", "110"), ("nvidia.com/gpu", "2")]);
            let cell = |name: &str, amounts: &Amounts<'_>| with_share(name, amounts.get(name), &there);
            let (requests, limits) = (pod_requests(&spec), pod_limits(&spec));
            let cells = ["cpu", "memory"].map(|name| [cell(name, &requests), cell(name, &limits)]);
            assert_eq!(cells.as_flattened(), want);
        };
        check(&[], &[], ["0 (0%)", "0 (0%)", "0 (0%)", "0 (0%)"]);
        check(
            &[("cpu", "250m"), ("memory", "200Mi")],
            &[("cpu", "5"), ("memory", "500Mi")],
            ["250m (6%)", "5 (125%)", "200Mi (2%)", "500Mi (6%)"],
        );
        // What is limited and not asked for is asked for.
        check(&[], &[("memory", "8Gi")], ["0 (0%)", "0 (0%)", "8Gi (100%)", "8Gi (100%)"]);
    }

    #[test]
    fn a_node_lists_what_it_has() {
        let mut node = Node::default();
        node.metadata.name = "a".to_owned();
        node.status.allocatable =
            amounts(&[("cpu", "4"), ("hugepages-2Mi", "0"), ("nvidia.com/gpu", "2"), ("pods", "9")]);
        let world = World::new(1, Knobs::default(), vec![node]);
        assert_eq!(world.now(), Time::ZERO);
        let resources = node_resources(&world, "a");
        let rows: Vec<_> = resources.totals.iter().map(|row| (row.resource.as_str(), row.requests.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("cpu", "0 (0%)"),
                ("memory", "0 (0%)"),
                ("ephemeral-storage", "0 (0%)"),
                ("hugepages-2Mi", "0 (0%)"),
                ("nvidia.com/gpu", "0")
            ]
        );
        assert_eq!(node_resources(&world, "b"), NodeResources::default());
    }
}
