//! Vectors of one attempt of the scheduler.

use crate::api::{Labels, Node, NodeSelector, ObjectMeta, Phase, Pod, PodSpec, PodStatus};
use crate::base::{Time, sort_by};
use crate::rules::scheduling::{Attempt, Snapshot, decide, default_selector, failed_scheduling_message, total_score};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// Go writes an empty list as `null`.
#[derive(Deserialize)]
struct Given {
    nodes: Option<Vec<Node>>,
    pods: Option<Vec<GivenPod>>,
    pod: GivenPod,
    services: Option<Vec<GivenService>>,
}

#[derive(Deserialize)]
struct GivenPod {
    metadata: ObjectMeta,
    spec: PodSpec,
    #[serde(default)]
    status: GivenStatus,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GivenStatus {
    phase: Phase,
    start_time: Option<String>,
    nominated_node_name: String,
}

#[derive(Deserialize)]
struct GivenService {
    metadata: ObjectMeta,
    spec: GivenServiceSpec,
}

#[derive(Deserialize)]
struct GivenServiceSpec {
    #[serde(default)]
    selector: Labels,
}

/// Where the scheduler puts a pod, and what it says if it cannot.
pub(super) fn answer(given: &Value) -> Result<Value, String> {
    let mut given: Given = serde_json::from_value(given.clone()).map_err(|error| error.to_string())?;
    let mut nodes = given.nodes.take().unwrap_or_default();
    sort_by(&mut nodes, |a, b| a.name().cmp(b.name()));
    let pods: Vec<Pod> = given.pods.take().into_iter().flatten().map(GivenPod::into_pod).collect();
    let pod = given.pod.into_pod();
    let mut snapshot = Snapshot::new(&mut nodes.iter());
    for other in pods.iter().filter(|other| !other.status.phase.is_terminal()) {
        if let Some(node) = &other.node_name {
            snapshot.add_pod(node, other);
        }
    }
    let mut services = Vec::new();
    for service in given.services.into_iter().flatten() {
        if service.metadata.namespace == pod.metadata.namespace && !service.spec.selector.is_empty() {
            services.push(service.spec.selector);
        }
    }
    let selector = default_selector(&pod, &services);
    let mut attempt = Attempt::new(&pod, &snapshot);
    attempt.default_selector = selector.as_ref();
    let decision = decide(&attempt);

    let mut scores = decision.scores.iter();
    let mut verdicts = Map::new();
    for (node, misfit) in nodes.iter().zip(&decision.misfits) {
        let verdict = match misfit {
            Some(misfit) => json!({
                "fits": false,
                "reasons": misfit.reasons,
                "code": format!("{:?}", misfit.code),
            }),
            None => json!({ "fits": true, "score": scores.next().map(total_score) }),
        };
        verdicts.insert(node.name().to_owned(), verdict);
    }
    let name_of = |at: usize| nodes.get(at).map(Node::name);
    if let Some(node) = decision.node {
        return Ok(json!({ "nodes": verdicts, "node": name_of(node) }));
    }
    let preemption = attempt.preempt(&decision.misfits);
    let victims = preemption.victims.as_ref();
    let names: Option<Vec<&str>> =
        victims.map(|victims| victims.pods.iter().map(|pod| pod.metadata.name.as_str()).collect());
    Ok(json!({
        "nodes": verdicts,
        "message": failed_scheduling_message(&decision.misfits, 0, &preemption.message),
        "nominated_node": victims.map(|victims| name_of(victims.node)),
        "victims": names,
    }))
}

impl GivenPod {
    /// The pod as the simulation has it: pinning, if there is nothing else to its required
    /// node affinity, stands beside the spec.
    fn into_pod(mut self) -> Pod {
        let mut pinned_to = None;
        if let Some(affinity) = self.spec.affinity.as_mut().and_then(|affinity| affinity.node_affinity.as_mut()) {
            let required = &mut affinity.required_during_scheduling_ignored_during_execution;
            let named = required.as_ref().and_then(|selector| {
                selector.node_selector_terms.first()?.match_fields.first()?.values.first().cloned()
            });
            if named.as_ref().is_some_and(|name| *required == Some(NodeSelector::pinned_to(name))) {
                (pinned_to, *required) = (named, None);
            }
        }
        let node_name = std::mem::take(&mut self.spec.node_name);
        Pod {
            metadata: self.metadata,
            spec: Rc::new(self.spec),
            pinned_to,
            node_name: (!node_name.is_empty()).then_some(node_name),
            status: PodStatus {
                phase: self.status.phase,
                start_time: self.status.start_time.as_deref().map(instant),
                nominated_node_name: self.status.nominated_node_name,
                ..PodStatus::default()
            },
        }
    }
}

/// An instant that is right in comparison with others: the digits of its text.
fn instant(text: &str) -> Time {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    Time(digits.parse::<i64>().unwrap_or_default().saturating_mul(1_000))
}
