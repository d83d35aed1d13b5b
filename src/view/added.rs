//! What a pod has that its template has not, or has otherwise, and who put it there: worked out
//! from the two objects.
//!
//! Leaves out: what admission adds in a real cluster and is not simulated (the service account
//! and its token), and what the kubelet reports beside phase and conditions.

use crate::api::{Key, Labels, METADATA_NAME, Pod, PodConditionType, PodTemplateSpec, Toleration, well_known};
use crate::rules::node_affinity::in_words;
use crate::rules::qos::qos_class;
use crate::rules::tolerations::daemon_pod_tolerations;
use crate::sim::World;
use std::rc::Rc;

/// What one of them put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Who.
    pub by: &'static str,
    /// What: a line each.
    pub lines: Vec<Line>,
}

/// A field of the pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `+` if the template has none, `~` if it has another, `-` if the pod has none.
    pub sign: char,
    /// The field's path, and what it holds.
    pub text: String,
}

impl Line {
    fn new(sign: char, text: String) -> Line {
        Line { sign, text }
    }
}

/// What was added to a daemon pod; nothing of pods whose template is not known.
#[must_use]
pub fn added(world: &World, pod: &Key) -> Vec<Added> {
    let Some(pod) = world.store().pods.get(pod) else { return Vec::new() };
    let Some(template) = template_of(world, pod) else { return Vec::new() };
    let parts = [
        ("DaemonSet controller", of_controller(pod, &template)),
        ("Admission", of_admission(pod, &template)),
        ("API server", of_api_server(pod)),
        ("Scheduler", of_scheduler(pod, &template)),
        ("Kubelet", of_kubelet(pod)),
        ("Somebody else", of_others(pod, &template)),
    ];
    let parts = parts.into_iter().filter(|(_, lines)| !lines.is_empty());
    parts.map(|(by, lines)| Added { by, lines }).collect()
}

/// The template that a pod was made of: its revision's, or else its DaemonSet's present one.
pub(super) fn template_of(world: &World, pod: &Pod) -> Option<Rc<PodTemplateSpec>> {
    let owner = pod.metadata.controller().filter(|owner| owner.kind == "DaemonSet")?;
    let hash = pod.metadata.labels.get(well_known::CONTROLLER_REVISION_HASH)?;
    let store = world.store();
    let mut revisions = store.revisions_of(&owner.uid);
    let of_hash = |labels: &Labels| labels.get(well_known::CONTROLLER_REVISION_HASH) == Some(hash);
    let revision = revisions.find(|revision| of_hash(&revision.metadata.labels));
    let present = || {
        let daemon_set = store.daemon_sets.get(&Key::new(pod.metadata.namespace.clone(), owner.name.clone()))?;
        Some(Rc::clone(&daemon_set.spec.template))
    };
    revision.map(|revision| Rc::clone(&revision.data)).or_else(present)
}

/// Labels that the controller gives to every pod.
fn is_controllers(label: &str) -> bool {
    [well_known::CONTROLLER_REVISION_HASH, well_known::POD_TEMPLATE_GENERATION].contains(&label)
}

fn of_controller(pod: &Pod, template: &PodTemplateSpec) -> Vec<Line> {
    let mut lines = labels(pod, template, is_controllers);
    for owner in pod.metadata.owner_references.iter().filter(|owner| owner.controller) {
        lines.push(Line::new('+', format!("metadata.ownerReferences {} {}", owner.kind, owner.name)));
    }
    if let Some(node) = &pod.pinned_to {
        let affinity = template.spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
        let written = affinity.and_then(|known| known.required_during_scheduling_ignored_during_execution.as_ref());
        let terms = written.map(|selector| {
            let of_term = |term: &crate::api::NodeSelectorTerm| {
                let all = term.match_expressions.iter().chain(&term.match_fields);
                all.map(in_words).collect::<Vec<_>>().join(" and ")
            };
            selector.node_selector_terms.iter().map(of_term).collect::<Vec<_>>().join(", or ")
        });
        let (sign, instead) = match terms {
            Some(terms) => ('~', format!(" instead of {terms}")),
            None => ('+', String::new()),
        };
        let text = format!("spec.affinity.nodeAffinity required: {METADATA_NAME} In [{node}]{instead}");
        lines.push(Line::new(sign, text));
    }
    let own = daemon_pod_tolerations(&template.spec);
    tolerations(pod, template, |toleration| own.contains(toleration), &mut lines);
    lines
}

fn of_admission(pod: &Pod, template: &PodTemplateSpec) -> Vec<Line> {
    let mut lines = Vec::new();
    let own = daemon_pod_tolerations(&template.spec);
    tolerations(pod, template, |toleration| !own.contains(toleration), &mut lines);
    if template.spec.priority.is_none() {
        let class = &pod.spec.priority_class_name;
        let of = if class.is_empty() { String::new() } else { format!(" of {class}") };
        lines.push(Line::new('+', format!("spec.priority {}{of}", pod.priority())));
    }
    if template.spec.preemption_policy.is_none() {
        lines.push(Line::new('+', "spec.preemptionPolicy PreemptLowerPriority".to_owned()));
    }
    lines
}

fn of_api_server(pod: &Pod) -> Vec<Line> {
    let metadata = &pod.metadata;
    let from = if metadata.generate_name.is_empty() { "" } else { &format!(" from {}", metadata.generate_name) };
    vec![
        Line::new('+', format!("metadata.name {}{from}", metadata.name)),
        Line::new('+', format!("metadata.uid {}", metadata.uid)),
        Line::new('+', format!("status.qosClass {:?}", qos_class(&pod.spec))),
    ]
}

fn of_scheduler(pod: &Pod, template: &PodTemplateSpec) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(node) = pod.node_name.as_ref().filter(|_| template.spec.node_name.is_empty()) {
        lines.push(Line::new('+', format!("spec.nodeName {node}")));
    }
    if !pod.status.nominated_node_name.is_empty() {
        lines.push(Line::new('+', format!("status.nominatedNodeName {}", pod.status.nominated_node_name)));
    }
    conditions(pod, |kind| kind == PodConditionType::PodScheduled, &mut lines);
    lines
}

fn of_kubelet(pod: &Pod) -> Vec<Line> {
    if pod.node_name.is_none() || pod.status.start_time.is_none() {
        return Vec::new();
    }
    let mut lines = vec![Line::new('+', format!("status.phase {}", pod.status.phase.name()))];
    let others = [PodConditionType::PodScheduled, PodConditionType::DisruptionTarget];
    conditions(pod, |kind| !others.contains(&kind), &mut lines);
    lines
}

fn of_others(pod: &Pod, template: &PodTemplateSpec) -> Vec<Line> {
    let mut lines = labels(pod, template, |label| !is_controllers(label));
    for (key, _) in template.metadata.labels.iter().filter(|(key, _)| !pod.metadata.labels.contains_key(*key)) {
        lines.push(Line::new('-', format!("metadata.labels {key}")));
    }
    conditions(pod, |kind| kind == PodConditionType::DisruptionTarget, &mut lines);
    lines
}

/// Labels that the template has not, or has otherwise.
fn labels(pod: &Pod, template: &PodTemplateSpec, wanted: impl Fn(&str) -> bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for (key, value) in pod.metadata.labels.iter().filter(|(key, _)| wanted(key)) {
        match template.metadata.labels.get(key) {
            Some(written) if written == value => {}
            Some(written) => lines.push(Line::new('~', format!("metadata.labels {key}={value} instead of {written}"))),
            None => lines.push(Line::new('+', format!("metadata.labels {key}={value}"))),
        }
    }
    lines
}

/// Tolerations that the template has not, or has with other seconds.
fn tolerations(pod: &Pod, template: &PodTemplateSpec, wanted: impl Fn(&Toleration) -> bool, lines: &mut Vec<Line>) {
    let written = &template.spec.tolerations;
    for toleration in pod.spec.tolerations.iter().filter(|known| wanted(known) && !written.contains(known)) {
        let (sign, instead) = match written.iter().find(|known| known.matches(toleration)) {
            Some(known) => ('~', format!(" instead of {known}")),
            None => ('+', String::new()),
        };
        lines.push(Line::new(sign, format!("spec.tolerations {toleration}{instead}")));
    }
}

fn conditions(pod: &Pod, wanted: impl Fn(PodConditionType) -> bool, lines: &mut Vec<Line>) {
    for condition in pod.status.conditions.iter().filter(|condition| wanted(condition.kind)) {
        lines.push(Line::new('+', format!("status.conditions {:?}={:?}", condition.kind, condition.status)));
    }
}
