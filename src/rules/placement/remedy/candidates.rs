//! Edits that are worth trying.

use super::{CANDIDATES_MAX, Edit, Hopeless};
use crate::api::{
    METADATA_NAME, Node, NodeSelectorOperator, NodeSelectorRequirement, PodSpec, Taint, TaintEffect, Toleration,
    TolerationOperator, well_known,
};
use crate::base::sort_by;
use crate::rules::node_affinity::expression_holds;
use crate::rules::placement::Placement;

/// At most so many values of one `In` are tried.
const VALUES_MAX: usize = 4;

/// Taints that follow a node's conditions and its cordon.
const KEPT: [&str; 7] = [
    well_known::TAINT_NOT_READY,
    well_known::TAINT_UNREACHABLE,
    well_known::TAINT_UNSCHEDULABLE,
    well_known::TAINT_DISK_PRESSURE,
    well_known::TAINT_MEMORY_PRESSURE,
    well_known::TAINT_PID_PRESSURE,
    well_known::TAINT_NETWORK_UNAVAILABLE,
];

/// Labels that the kubelet sets when it registers its node.
const OWNED: [&str; 3] = [well_known::HOSTNAME, well_known::OS, "kubernetes.io/arch"];

/// Edits of a node that bring it nearer to what is asked for, and what else stands against it.
pub(super) fn node_candidates(spec: &PodSpec, node: &Node, placement: &Placement) -> (Vec<Edit>, Hopeless) {
    let mut hopeless = Hopeless::TooMuch;
    if !placement.fits_name(node) {
        hopeless = Hopeless::Name;
    }
    let mut edits = Vec::new();
    let labels = &node.metadata.labels;
    let mut is_owned = |key: &String, holds: bool| {
        let is_owned = OWNED.contains(&key.as_str());
        if is_owned && !holds {
            hopeless = Hopeless::Owned(key.clone());
        }
        is_owned
    };
    for (key, value) in &spec.node_selector {
        if !is_owned(key, labels.find(key) == Some(value)) {
            edits.push(Edit::Label { key: key.clone(), value: Some(value.clone()) });
        }
    }
    let terms = placement.required_affinity().map_or(&[][..], |required| &required.node_selector_terms);
    for requirement in terms.iter().flat_map(|term| &term.match_expressions) {
        if !is_owned(&requirement.key, expression_holds(requirement, labels)) {
            add_labels(requirement, &mut edits);
        }
    }
    let by_name = terms.iter().flat_map(|term| &term.match_fields).any(|field| field.key == METADATA_NAME);
    if by_name && !placement.fits_affinity(node) {
        hopeless = Hopeless::Name;
    }
    for (taint, key_wide) in unwanted(node, placement) {
        if KEPT.contains(&taint.key.as_str()) {
            hopeless = Hopeless::Kept(taint.to_string());
            continue;
        }
        edits.push(Edit::Untaint { key: taint.key.clone(), effect: Some(taint.effect) });
        if key_wide {
            edits.push(Edit::Untaint { key: taint.key.clone(), effect: None });
        }
    }
    // What is there already is no edit.
    edits.retain(|edit| !matches!(edit, Edit::Label { key, value } if labels.find(key) == value.as_ref()));
    (in_order(edits), hopeless)
}

/// Labels with which a requirement would hold.
fn add_labels(requirement: &NodeSelectorRequirement, edits: &mut Vec<Edit>) {
    let NodeSelectorRequirement { key, operator, values } = requirement;
    let bound = || values.first().and_then(|text| text.parse::<i64>().ok());
    // What starts with a minus is no value of a label.
    let number = |number: Option<i64>| number.filter(|number| *number >= 0).map(|number| number.to_string());
    let mut set = |value: Option<String>| edits.push(Edit::Label { key: key.clone(), value });
    match operator {
        NodeSelectorOperator::In => values.iter().take(VALUES_MAX).for_each(|value| set(Some(value.clone()))),
        NodeSelectorOperator::Exists => set(Some(String::new())),
        NodeSelectorOperator::NotIn | NodeSelectorOperator::DoesNotExist => set(None),
        NodeSelectorOperator::Gt => {
            if let Some(value) = number(bound().and_then(|bound| bound.max(-1).checked_add(1))) {
                set(Some(value));
            }
        }
        NodeSelectorOperator::Lt => {
            if let Some(value) = number(bound().and_then(|bound| bound.checked_sub(1))) {
                set(Some(value));
            }
        }
    }
}

/// Edits of a node that keep pods off: a label that is asked for goes, or, where that does not
/// help, a taint comes.
pub(super) fn repelling_candidates(spec: &PodSpec, node: &Node) -> Vec<Edit> {
    let affinity = spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
    let required = affinity.and_then(|affinity| affinity.required_during_scheduling_ignored_during_execution.as_ref());
    let expressions = required.into_iter().flat_map(|required| &required.node_selector_terms);
    let keys = expressions.flat_map(|term| &term.match_expressions).map(|requirement| &requirement.key);
    let keys = spec.node_selector.keys().chain(keys);
    let removable = |key: &&String| node.metadata.labels.contains_key(*key) && !OWNED.contains(&key.as_str());
    let labels = keys.filter(removable).map(|key| Edit::Label { key: key.clone(), value: None });
    let mut edits = in_order(labels.collect());
    edits.truncate(CANDIDATES_MAX - 2);
    for effect in [TaintEffect::NoSchedule, TaintEffect::NoExecute] {
        edits.push(Edit::Taint(Taint { key: "dedicated".to_owned(), value: "infra".to_owned(), effect }));
    }
    edits
}

/// Edits of a template that make it less choosy where a node is concerned.
pub(super) fn template_candidates(spec: &PodSpec, node: &Node, placement: &Placement) -> Vec<Edit> {
    let mut edits = Vec::new();
    if !placement.fits_name(node) {
        edits.push(Edit::DropNodeName);
    }
    if !placement.fits_affinity(node) {
        edits.push(Edit::DropAffinity);
    }
    let labels = &node.metadata.labels;
    for (key, _) in spec.node_selector.iter().filter(|(key, value)| labels.find(key) != Some(*value)) {
        edits.push(Edit::DropSelector(key.clone()));
    }
    for (taint, key_wide) in unwanted(node, placement) {
        edits.push(Edit::Tolerate(toleration_of(taint)));
        if key_wide {
            let any = Toleration::exists(taint.key.clone(), taint.effect);
            edits.push(Edit::Tolerate(Toleration { effect: None, ..any }));
        }
    }
    in_order(edits)
}

/// The toleration of this taint and no other.
fn toleration_of(taint: &Taint) -> Toleration {
    let any = Toleration::exists(taint.key.clone(), taint.effect);
    if taint.value.is_empty() {
        return any;
    }
    Toleration { operator: Some(TolerationOperator::Equal), value: taint.value.clone(), ..any }
}

/// Taints that nothing tolerates, and whether there are others of the same key.
fn unwanted<'n>(node: &'n Node, placement: &Placement) -> Vec<(&'n Taint, bool)> {
    let taints = node.spec.taints.iter().filter(|taint| taint.effect != TaintEffect::PreferNoSchedule);
    let taints: Vec<&Taint> =
        taints.filter(|taint| !placement.tolerations.iter().any(|known| known.tolerates(taint))).collect();
    let alike = |taint: &Taint| taints.iter().filter(|other| other.key == taint.key).count() > 1;
    taints.iter().map(|taint| (*taint, alike(taint))).collect()
}

/// By name, each once, and no more than may be tried.
fn in_order(mut edits: Vec<Edit>) -> Vec<Edit> {
    sort_by(&mut edits, |a, b| a.to_string().cmp(&b.to_string()));
    edits.dedup();
    edits.truncate(CANDIDATES_MAX);
    edits
}
