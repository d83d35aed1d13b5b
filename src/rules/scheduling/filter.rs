//! Whether a pod fits on a node.
//!
//! Upstream: `pkg/scheduler/framework/plugins` (`nodename`, `nodeunschedulable`,
//! `tainttoleration`, `nodeaffinity`, `nodeports`, `noderesources`), in the order of the
//! default profile; the first plugin that objects ends the filtering of a node.
//! `framework/runtime/framework.go` (`RunFilterPluginsWithNominatedPods`).
//! Leaves out: terms of node affinity that contradict each other on the node's name.

use super::super::node_affinity;
use super::super::resources::{Amounts, pod_requests};
use super::super::tolerations::untolerated;
use super::node_info::{HostPort, NodeInfo, Snapshot, host_ports};
use super::pod_affinity::PodAffinityState;
use super::spread::SpreadState;
use super::{Code, Misfit};
use crate::api::{
    METADATA_NAME, Node, NodeSelector, NodeSelectorOperator, Pod, PodSpec, Taint, TaintEffect, well_known,
};
use std::borrow::Cow;

const UNTOLERATED: &str = "node(s) had untolerated taint(s)";
pub(in crate::rules) const WRONG_NODE: &str = "node(s) didn't match Pod's node affinity/selector";
pub(in crate::rules) const PORTS_TAKEN: &str = "node(s) didn't have free ports for the requested pod ports";

/// One attempt to schedule a pod: what is worked out once for all nodes.
#[derive(Clone)]
pub struct Attempt<'a> {
    /// The pod.
    pub pod: &'a Pod,
    /// The cluster.
    pub snapshot: &'a Snapshot<'a>,
    /// Labels of pods that belong together with this one, for the default spreading.
    pub default_selector: Option<&'a crate::api::LabelSelector>,
    /// The only nodes that the pod's affinity names.
    names: Option<Vec<&'a str>>,
    requests: Amounts<'a>,
    spread: SpreadState<'a>,
    affinity: PodAffinityState<'a>,
}

impl<'a> Attempt<'a> {
    /// Prepares the filters.
    #[must_use]
    pub fn new(pod: &'a Pod, snapshot: &'a Snapshot<'a>) -> Attempt<'a> {
        Attempt {
            pod,
            snapshot,
            default_selector: None,
            names: named_nodes(pod),
            requests: pod_requests(&pod.spec),
            spread: SpreadState::new(pod, snapshot),
            affinity: PodAffinityState::new(pod, snapshot),
        }
    }

    /// Filters a node: nothing if the pod fits, beside the pods nominated to it that are
    /// as important, and without them.
    #[must_use]
    pub fn filter(&self, info: &NodeInfo<'a>) -> Option<Misfit> {
        if self.names.as_ref().is_some_and(|names| !names.contains(&info.node.name())) {
            return Some(Misfit { reasons: Vec::new(), code: Code::PreFilter });
        }
        let mut with_nominated: Option<(Attempt<'a>, NodeInfo<'a>)> = None;
        for (at, pod) in &self.snapshot.nominated {
            let here = self.snapshot.nodes.get(*at).is_some_and(|other| std::ptr::eq(other.node, info.node));
            if here && !std::ptr::eq(*pod, self.pod) && pod.priority() >= self.pod.priority() {
                let (attempt, info) = with_nominated.get_or_insert_with(|| (self.clone(), info.clone()));
                attempt.change(info, pod, 1);
            }
        }
        let beside = with_nominated.and_then(|(attempt, info)| attempt.filter_as_is(&info));
        beside.or_else(|| self.filter_as_is(info))
    }

    /// The same once the pods on the node that leave have left.
    #[must_use]
    pub fn filter_without(&self, info: &NodeInfo<'a>, leaves: &dyn Fn(&Pod) -> bool) -> Option<Misfit> {
        let (mut attempt, mut without) = (self.clone(), info.clone());
        for pod in info.pods.iter().filter(|pod| leaves(pod)) {
            attempt.change(&mut without, pod, -1);
        }
        attempt.filter(&without)
    }

    fn filter_as_is(&self, info: &NodeInfo<'a>) -> Option<Misfit> {
        let (spec, node) = (&self.pod.spec, info.node);
        if !spec.node_name.is_empty() && spec.node_name != node.name() {
            return Some(Misfit::unresolvable("node(s) didn't match the requested node name"));
        }
        let unschedulable = Taint::new(well_known::TAINT_UNSCHEDULABLE, TaintEffect::NoSchedule);
        if node.spec.unschedulable && !spec.tolerations.iter().any(|toleration| toleration.tolerates(&unschedulable)) {
            return Some(Misfit::unresolvable("node(s) were unschedulable"));
        }
        if untolerated(&node.spec.taints, &spec.tolerations, &[TaintEffect::NoSchedule, TaintEffect::NoExecute])
            .is_some()
        {
            return Some(Misfit::unresolvable(UNTOLERATED));
        }
        if !matches_affinity(self.pod, node) {
            return Some(Misfit::unresolvable(WRONG_NODE));
        }
        if ports_taken(spec, info) {
            return Some(Misfit::new(Code::Unschedulable, PORTS_TAKEN));
        }
        resources_misfit(&self.requests, info)
            .or_else(|| self.spread.misfit(info))
            .or_else(|| self.affinity.misfit(info))
    }

    /// Supposes a pod more (1) or less (-1) on a node.
    pub(super) fn change(&mut self, info: &mut NodeInfo<'a>, pod: &'a Pod, delta: i64) {
        if delta > 0 {
            info.add_pod(pod);
        } else {
            info.remove_pod(pod);
        }
        self.spread.change(info.node, pod, delta);
        self.affinity.change(info.node, pod, delta);
    }
}

/// The nodes that a pod's affinity names, if each of its terms names some.
fn named_nodes(pod: &Pod) -> Option<Vec<&str>> {
    if let Some(pinned) = &pod.pinned_to {
        return Some(vec![pinned]);
    }
    let terms = &required_node_affinity(pod)?.node_selector_terms;
    let mut names = Vec::new();
    for term in terms {
        let by_name =
            |r: &&crate::api::NodeSelectorRequirement| r.key == METADATA_NAME && r.operator == NodeSelectorOperator::In;
        let named = term.match_fields.iter().find(by_name)?;
        names.extend(named.values.iter().map(String::as_str));
    }
    (!names.is_empty()).then_some(names)
}

fn required_node_affinity(pod: &Pod) -> Option<&NodeSelector> {
    let affinity = pod.spec.affinity.as_ref()?.node_affinity.as_ref()?;
    affinity.required_during_scheduling_ignored_during_execution.as_ref()
}

/// Node selector and, unless pinning has replaced it, required node affinity.
pub(in crate::rules) fn matches_affinity(pod: &Pod, node: &Node) -> bool {
    let labels = &node.metadata.labels;
    let selected = pod.spec.node_selector.iter().all(|(key, value)| labels.get(key) == Some(value));
    match (&pod.pinned_to, required_node_affinity(pod)) {
        (Some(pinned), _) => selected && pinned == node.name(),
        (None, Some(required)) => selected && node_affinity::selector_matches(required, node),
        (None, None) => selected,
    }
}

/// Whether a port of the node that the pod wants is another's.
pub(in crate::rules) fn ports_taken(spec: &PodSpec, info: &NodeInfo<'_>) -> bool {
    host_ports(spec).any(|wanted| info.ports.iter().any(|taken| ports_conflict(wanted, *taken)))
}

fn ports_conflict(a: HostPort<'_>, b: HostPort<'_>) -> bool {
    let same_address = a.1 == b.1 || a.1 == "0.0.0.0" || b.1 == "0.0.0.0";
    a.0 == b.0 && a.2 == b.2 && same_address
}

/// A resource of which a node has too little left: cpu in thousandths, everything else in
/// units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insufficient<'a> {
    /// Which.
    pub resource: &'a str,
    /// What the pod asks for.
    pub requested: i64,
    /// What the others have.
    pub used: i64,
    /// What there is for pods.
    pub capacity: i64,
}

/// What the node lacks, in upstream's order: pods, cpu, memory, ephemeral storage, then the
/// others by name.
pub(in crate::rules) fn insufficient<'a>(wanted: &Amounts<'a>, info: &NodeInfo<'_>) -> Vec<Insufficient<'a>> {
    let first = ["pods", "cpu", "memory", "ephemeral-storage"];
    let others = wanted.iter().map(|(name, _)| name).filter(|name| !first.contains(name));
    let pods = i64::try_from(info.pods.len()).unwrap_or(i64::MAX);
    let mut lacking = Vec::new();
    for resource in first.into_iter().chain(others) {
        let (requested, used) = match resource {
            "pods" => (1, pods),
            _ => (wanted.get(resource), info.requested.get(resource)),
        };
        let capacity = info.allocatable(resource);
        if requested > 0 && requested > capacity.saturating_sub(used) {
            lacking.push(Insufficient { resource, requested, used, capacity });
        }
    }
    lacking
}

fn resources_misfit(wanted: &Amounts<'_>, info: &NodeInfo<'_>) -> Option<Misfit> {
    let lacking = insufficient(wanted, info);
    let reasons = lacking.iter().map(|lacking| match lacking.resource {
        "pods" => Cow::Borrowed("Too many pods"),
        other => Cow::Owned(format!("Insufficient {other}")),
    });
    let hopeless = lacking.iter().any(|lacking| lacking.resource != "pods" && lacking.requested > lacking.capacity);
    let code = if hopeless { Code::UnschedulableAndUnresolvable } else { Code::Unschedulable };
    (!lacking.is_empty()).then(|| Misfit { reasons: reasons.collect(), code })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    fn check(terms: &str, want: Option<&[&str]>) {
        let spec = format!(
            r#"{{"affinity":{{"nodeAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":{{"nodeSelectorTerms":[{terms}]}}}}}}}}"#
        );
        let pod = Pod { spec: Rc::new(serde_json::from_str(&spec).unwrap()), ..Pod::default() };
        assert_eq!(named_nodes(&pod).as_deref(), want, "{terms}");
    }

    #[test]
    fn nodes_are_named_only_if_every_term_names_some() {
        let on = |name: &str| {
            format!(r#"{{"matchFields":[{{"key":"metadata.name","operator":"In","values":["{name}"]}}]}}"#)
        };
        let off = r#"{"matchFields":[{"key":"metadata.name","operator":"NotIn","values":["a"]}]}"#;
        check(&on("a"), Some(&["a"]));
        check(&format!("{},{}", on("a"), on("b")), Some(&["a", "b"]));
        check(&format!("{},{off}", on("a")), None);
        check("", None);
    }
}
