//! Whether a DaemonSet's pod should be on a node: the controller's three-way verdict.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`nodeShouldRunDaemonPod`,
//! `predicates`). Looks at node name, node selector, required affinity and taints only:
//! not at resources, ports or whether the node is ready, which is the scheduler's part.

use super::node_affinity::{self, Unmet};
use super::tolerations::{daemon_pod_tolerations, untolerated};
use crate::api::{DaemonSet, Node, PodTemplateSpec, Taint, TaintEffect, Toleration};
use std::fmt;
use std::rc::Rc;

/// What of a DaemonSet decides on placement, worked out once for all nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    template: Rc<PodTemplateSpec>,
    tolerations: Vec<Toleration>,
}

/// The verdict on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeVerdict {
    /// A pod is to be created if there is none.
    pub should_run: bool,
    /// A pod that is there may stay.
    pub should_continue_running: bool,
}

impl NodeVerdict {
    const RUN: NodeVerdict = NodeVerdict { should_run: true, should_continue_running: true };
    const NO: NodeVerdict = NodeVerdict { should_run: false, should_continue_running: false };
}

/// The verdict with all that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// A pod is to be created if there is none.
    pub should_run: bool,
    /// A pod that is there may stay.
    pub should_continue_running: bool,
    /// Each check by itself.
    pub checks: Checks,
    /// What fails.
    pub reasons: Vec<Reason>,
}

/// Each check by itself: true where nothing stands against a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// The template's `nodeName` is empty or this node's.
    pub node_name: bool,
    /// The node has all labels of `nodeSelector`.
    pub node_selector: bool,
    /// A term of the required node affinity matches.
    pub node_affinity: bool,
    /// All `NoSchedule` taints are tolerated.
    pub no_schedule: bool,
    /// All `NoExecute` taints are tolerated.
    pub no_execute: bool,
}

/// Why a check fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The template asks for another node by name.
    NodeName {
        /// That node.
        wanted: String,
    },
    /// A label of `nodeSelector` is missing or has another value.
    NodeSelector(Unmet),
    /// No term of the required affinity matches: what fails in each.
    NodeAffinity(Vec<Unmet>),
    /// A taint that no toleration covers.
    Taint(Taint),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NodeName { wanted } => write!(f, "spec.nodeName asks for {wanted}"),
            Reason::NodeSelector(unmet) => write!(f, "nodeSelector asks for {unmet}"),
            Reason::NodeAffinity(unmet) if unmet.is_empty() => {
                f.write_str("the required node affinity has no term that could match")
            }
            Reason::NodeAffinity(unmet) => {
                let terms: Vec<String> = unmet.iter().map(ToString::to_string).collect();
                write!(f, "the required node affinity asks for {}", terms.join(", or for "))
            }
            Reason::Taint(taint) => write!(f, "nothing tolerates {taint}"),
        }
    }
}

impl Placement {
    /// What decides on the placement of a DaemonSet's pods.
    #[must_use]
    pub fn of(daemon_set: &DaemonSet) -> Placement {
        let template = Rc::clone(&daemon_set.spec.template);
        Placement { tolerations: daemon_pod_tolerations(&template.spec), template }
    }

    /// The tolerations of its pods, those that the controller adds included.
    #[must_use]
    pub fn tolerations(&self) -> &[Toleration] {
        &self.tolerations
    }

    fn fits_name(&self, node: &Node) -> bool {
        let wanted = &self.template.spec.node_name;
        wanted.is_empty() || wanted == node.name()
    }

    fn fits_selector(&self, node: &Node) -> bool {
        let labels = &node.metadata.labels;
        self.template.spec.node_selector.iter().all(|(key, value)| labels.find(key) == Some(value))
    }

    fn required_affinity(&self) -> Option<&crate::api::NodeSelector> {
        let affinity = self.template.spec.affinity.as_ref()?.node_affinity.as_ref()?;
        affinity.required_during_scheduling_ignored_during_execution.as_ref()
    }

    fn fits_affinity(&self, node: &Node) -> bool {
        self.required_affinity().is_none_or(|selector| node_affinity::selector_matches(selector, node))
    }

    fn untolerated<'a>(&self, node: &'a Node, effects: &[TaintEffect]) -> Option<&'a Taint> {
        untolerated(&node.spec.taints, &self.tolerations, effects)
    }
}

/// The verdict on one node.
#[must_use]
pub fn should_run(placement: &Placement, node: &Node) -> NodeVerdict {
    if !placement.fits_name(node) || !placement.fits_selector(node) || !placement.fits_affinity(node) {
        return NodeVerdict::NO;
    }
    if placement.untolerated(node, &[TaintEffect::NoSchedule, TaintEffect::NoExecute]).is_some() {
        let evicted = placement.untolerated(node, &[TaintEffect::NoExecute]).is_some();
        return NodeVerdict { should_run: false, should_continue_running: !evicted };
    }
    NodeVerdict::RUN
}

/// The verdict on one node with every check and reason.
#[must_use]
pub fn explain(placement: &Placement, node: &Node) -> Verdict {
    let verdict = should_run(placement, node);
    let labels = &node.metadata.labels;
    let checks = Checks {
        node_name: placement.fits_name(node),
        node_selector: placement.fits_selector(node),
        node_affinity: placement.fits_affinity(node),
        no_schedule: placement.untolerated(node, &[TaintEffect::NoSchedule]).is_none(),
        no_execute: placement.untolerated(node, &[TaintEffect::NoExecute]).is_none(),
    };
    let mut reasons = Vec::new();
    if !checks.node_name {
        reasons.push(Reason::NodeName { wanted: placement.template.spec.node_name.clone() });
    }
    for (key, value) in placement.template.spec.node_selector.iter().filter(|(k, v)| labels.get(*k) != Some(*v)) {
        let requirement = if value.is_empty() { key.clone() } else { format!("{key}={value}") };
        reasons.push(Reason::NodeSelector(Unmet { requirement, found: node_affinity::found_label(key, labels) }));
    }
    if let (false, Some(selector)) = (checks.node_affinity, placement.required_affinity()) {
        reasons.push(Reason::NodeAffinity(node_affinity::unmet(selector, node)));
    }
    let repelling = |taint: &&Taint| taint.effect != TaintEffect::PreferNoSchedule;
    for taint in node.spec.taints.iter().filter(repelling) {
        if !placement.tolerations.iter().any(|toleration| toleration.tolerates(taint)) {
            reasons.push(Reason::Taint(taint.clone()));
        }
    }
    Verdict {
        should_run: verdict.should_run,
        should_continue_running: verdict.should_continue_running,
        checks,
        reasons,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spec: &str, node: &str, want: (bool, bool), because: &[&str]) {
        let daemon_set: DaemonSet =
            serde_json::from_str(&format!(r#"{{"spec":{{"template":{{"spec":{spec}}}}}}}"#)).unwrap();
        let node: Node = serde_json::from_str(node).unwrap();
        let verdict = explain(&Placement::of(&daemon_set), &node);
        assert_eq!((verdict.should_run, verdict.should_continue_running), want);
        let reasons: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
        assert_eq!(reasons, because);
    }

    #[test]
    fn three_ways() {
        let spec = r#"{"nodeSelector":{"disk":"ssd"}}"#;
        check(spec, r#"{"metadata":{"labels":{"disk":"ssd"}}}"#, (true, true), &[]);
        check(
            spec,
            r#"{"metadata":{"labels":{"disk":"hdd"}}}"#,
            (false, false),
            &["nodeSelector asks for disk=ssd (node has disk=hdd)"],
        );
        check(
            "{}",
            r#"{"spec":{"taints":[{"key":"a","value":"b","effect":"NoSchedule"}]}}"#,
            (false, true),
            &["nothing tolerates a=b:NoSchedule"],
        );
        check(
            "{}",
            r#"{"spec":{"taints":[{"key":"a","effect":"NoExecute"},{"key":"c","effect":"PreferNoSchedule"}]}}"#,
            (false, false),
            &["nothing tolerates a:NoExecute"],
        );
    }

    #[test]
    fn a_cordoned_node_runs_daemon_pods() {
        let node = r#"{"spec":{"unschedulable":true,"taints":[{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule"}]}}"#;
        check("{}", node, (true, true), &[]);
    }

    #[test]
    fn a_named_node_is_the_only_one() {
        check(r#"{"nodeName":"n2"}"#, r#"{"metadata":{"name":"n1"}}"#, (false, false), &["spec.nodeName asks for n2"]);
    }
}
