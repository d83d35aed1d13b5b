//! Whether a pod fits on a node, in the scheduler's words.
//!
//! Upstream: `pkg/scheduler/framework/plugins` (`nodeunschedulable`, `nodename`,
//! `tainttoleration`, `nodeaffinity`, `nodeports`, `noderesources`), in the order of the
//! default profile; the first plugin that objects ends the filtering of a node.
//! `pkg/scheduler/framework/types.go` (`FitError.Error`).

use super::node_affinity;
use super::resources::{Amounts, allocatable, pod_requests};
use super::tolerations::untolerated;
use crate::api::{Container, Node, Pod, PodSpec, Taint, TaintEffect, well_known};
use crate::base::{Map, sort_by};

/// Whether preemption could help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Other pods stand in the way.
    Unschedulable,
    /// Whatever pods go, it will not fit.
    UnschedulableAndUnresolvable,
    /// The node was left out before filtering, because the pod is pinned to another.
    PreFilter,
}

/// Why a node will not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Reasons in upstream's words.
    pub reasons: Vec<String>,
    /// Whether preemption could help.
    pub code: Code,
}

impl Misfit {
    fn unresolvable(reason: &str) -> Misfit {
        Misfit { reasons: vec![reason.to_owned()], code: Code::UnschedulableAndUnresolvable }
    }
}

/// Reason of nodes that a pinned pod is not pinned to.
const NOT_PINNED: &str = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
const UNTOLERATED: &str = "node(s) had untolerated taint(s)";
const WRONG_NODE: &str = "node(s) didn't match Pod's node affinity/selector";
const PORTS_TAKEN: &str = "node(s) didn't have free ports for the requested pod ports";

/// A node with what runs on it.
pub struct Candidate<'a> {
    /// The node.
    pub node: &'a Node,
    /// Pods bound to it, or about to be.
    pub pods: &'a [&'a Pod],
}

/// Filters one node for a pod: `None` if it fits.
#[must_use]
pub fn filter(pod: &Pod, candidate: &Candidate<'_>) -> Option<Misfit> {
    let (spec, node) = (&pod.spec, candidate.node);
    if pod.pinned_to.as_deref().is_some_and(|pinned| pinned != node.name()) {
        return Some(Misfit { reasons: vec![NOT_PINNED.to_owned()], code: Code::PreFilter });
    }
    let unschedulable = Taint::new(well_known::TAINT_UNSCHEDULABLE, TaintEffect::NoSchedule);
    if node.spec.unschedulable && !spec.tolerations.iter().any(|toleration| toleration.tolerates(&unschedulable)) {
        return Some(Misfit::unresolvable("node(s) were unschedulable"));
    }
    if !spec.node_name.is_empty() && spec.node_name != node.name() {
        return Some(Misfit::unresolvable("node(s) didn't match the requested node name"));
    }
    if untolerated(&node.spec.taints, &spec.tolerations, &[TaintEffect::NoSchedule, TaintEffect::NoExecute]).is_some() {
        return Some(Misfit::unresolvable(UNTOLERATED));
    }
    if !matches_affinity(pod, node) {
        return Some(Misfit::unresolvable(WRONG_NODE));
    }
    ports_misfit(spec, candidate.pods).or_else(|| resources_misfit(spec, candidate))
}

/// Node selector and, unless pinning has replaced it, required node affinity.
#[must_use]
pub fn matches_affinity(pod: &Pod, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    let selected = pod.spec.node_selector.iter().all(|(key, value)| labels.get(key) == Some(value));
    let required = pod
        .spec
        .affinity
        .as_ref()
        .and_then(|affinity| affinity.node_affinity.as_ref())
        .and_then(|affinity| affinity.required_during_scheduling_ignored_during_execution.as_ref());
    match (&pod.pinned_to, required) {
        (Some(pinned), _) => selected && pinned == node.name(),
        (None, Some(required)) => selected && node_affinity::selector_matches(required, node),
        (None, None) => selected,
    }
}

/// A port on the node: protocol, address, number.
type HostPort<'a> = (&'a str, &'a str, i32);

fn ports_misfit(spec: &PodSpec, pods: &[&Pod]) -> Option<Misfit> {
    let wanted: Vec<HostPort<'_>> = host_ports(spec).collect();
    let taken = pods.iter().flat_map(|pod| host_ports(&pod.spec));
    let conflict = taken.into_iter().any(|taken| wanted.iter().any(|wanted| ports_conflict(*wanted, taken)));
    conflict.then(|| Misfit { reasons: vec![PORTS_TAKEN.to_owned()], code: Code::Unschedulable })
}

/// Ports that a pod takes of its node: those of containers and sidecars.
fn host_ports(spec: &PodSpec) -> impl Iterator<Item = HostPort<'_>> {
    let sidecars =
        spec.init_containers.iter().filter(|container| container.restart_policy.as_deref() == Some("Always"));
    spec.containers
        .iter()
        .chain(sidecars)
        .flat_map(|container: &Container| &container.ports)
        .filter(|port| port.host_port > 0)
        .map(|port| {
            let protocol = if port.protocol.is_empty() { "TCP" } else { port.protocol.as_str() };
            let address = if port.host_ip.is_empty() { "0.0.0.0" } else { port.host_ip.as_str() };
            (protocol, address, port.host_port)
        })
}

fn ports_conflict(a: HostPort<'_>, b: HostPort<'_>) -> bool {
    let same_address = a.1 == b.1 || a.1 == "0.0.0.0" || b.1 == "0.0.0.0";
    a.0 == b.0 && a.2 == b.2 && same_address
}

/// Resources that the node lacks, in upstream's order: pods, cpu, memory, ephemeral
/// storage, then the others by name.
fn resources_misfit(spec: &PodSpec, candidate: &Candidate<'_>) -> Option<Misfit> {
    let available = allocatable(candidate.node);
    let wanted = pod_requests(spec);
    let mut used = Amounts::default();
    for pod in candidate.pods {
        used.add(&pod_requests(&pod.spec));
    }
    let mut misfit = Misfit { reasons: Vec::new(), code: Code::Unschedulable };
    let pods = i64::try_from(candidate.pods.len()).unwrap_or(i64::MAX);
    if pods + 1 > available.get("pods") {
        misfit.reasons.push("Too many pods".to_owned());
    }
    let first = ["cpu", "memory", "ephemeral-storage"];
    let others = wanted.iter().map(|(name, _)| name).filter(|name| !first.contains(name));
    for name in first.into_iter().chain(others) {
        let (amount, all) = (wanted.get(name), available.get(name));
        if amount > 0 && amount > all - used.get(name) {
            misfit.reasons.push(format!("Insufficient {name}"));
            if amount > all {
                misfit.code = Code::UnschedulableAndUnresolvable;
            }
        }
    }
    (!misfit.reasons.is_empty()).then_some(misfit)
}

/// The text of the FailedScheduling event, as where preemption finds no victims.
#[must_use]
pub fn failed_scheduling_message(misfits: &[Misfit]) -> String {
    let nodes = misfits.len();
    if nodes == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    let mut reasons: Map<&str, usize> = Map::new();
    for reason in misfits.iter().flat_map(|misfit| &misfit.reasons) {
        *reasons.entry(reason).or_insert(0) += 1;
    }
    let helpful = misfits.iter().filter(|misfit| misfit.code == Code::Unschedulable).count();
    let preemption = Map::from([
        ("No preemption victims found for incoming pod", helpful),
        ("Preemption is not helpful for scheduling", nodes - helpful),
    ]);
    format!(
        "0/{nodes} nodes are available: {}. preemption: 0/{nodes} nodes are available: {}.",
        histogram(&reasons),
        histogram(&preemption)
    )
}

/// `1 reason, 3 other reason`, sorted as text.
fn histogram(counts: &Map<&str, usize>) -> String {
    let mut parts: Vec<String> =
        counts.iter().filter(|(_, count)| **count > 0).map(|(reason, count)| format!("{count} {reason}")).collect();
    sort_by(&mut parts, Ord::cmp);
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn pod(spec: &str, pinned: Option<&str>) -> Pod {
        Pod { spec: Rc::new(serde_json::from_str(spec).unwrap()), pinned_to: pinned.map(Into::into), ..Pod::default() }
    }

    fn check(spec: &str, others: &[&str], want: &[&str]) {
        let node: Node = serde_json::from_str(
            r#"{"metadata":{"name":"n1"},"status":{"allocatable":{"cpu":"1","memory":"1Gi","pods":"3"}}}"#,
        )
        .unwrap();
        let others: Vec<Pod> = others.iter().map(|spec| pod(spec, None)).collect();
        let others: Vec<&Pod> = others.iter().collect();
        let misfit = filter(&pod(spec, Some("n1")), &Candidate { node: &node, pods: &others });
        assert_eq!(misfit.map_or(Vec::new(), |m| m.reasons), want, "{spec}");
    }

    #[test]
    fn resources_and_ports() {
        let cpu = |n: &str| format!(r#"{{"containers":[{{"resources":{{"requests":{{"cpu":"{n}"}}}}}}]}}"#);
        let port = r#"{"containers":[{"ports":[{"hostPort":80}]}]}"#;
        let udp = r#"{"containers":[{"ports":[{"hostPort":80,"protocol":"UDP"}]}]}"#;
        check(&cpu("500m"), &[&cpu("500m")], &[]);
        check(&cpu("501m"), &[&cpu("500m")], &["Insufficient cpu"]);
        check("{}", &["{}", "{}", "{}"], &["Too many pods"]);
        check(port, &[port], &[PORTS_TAKEN]);
        check(port, &[udp], &[]);
        check(
            r#"{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"1"}}}]}"#,
            &[],
            &["Insufficient nvidia.com/gpu"],
        );
    }

    #[test]
    fn the_message_of_a_pinned_pod() {
        let misfit = |reason: &str, code| Misfit { reasons: vec![reason.into()], code };
        let not_pinned = || misfit(NOT_PINNED, Code::PreFilter);
        assert_eq!(
            failed_scheduling_message(&[misfit("Insufficient cpu", Code::Unschedulable), not_pinned(), not_pinned()]),
            "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. \
             preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, \
             2 Preemption is not helpful for scheduling."
        );
    }
}
