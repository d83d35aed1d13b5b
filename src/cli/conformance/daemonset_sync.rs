//! Vectors of one sync of the DaemonSet controller.

use crate::api::{
    ConditionStatus, ControllerRevision, DaemonSet, Key, Node, ObjectMeta, OwnerReference, Phase, Pod, PodCondition,
    PodConditionType, PodTemplateSpec, well_known,
};
use crate::base::{self, SECOND_MS, Time};
use crate::rules::backoff::Backoff;
use crate::rules::placement::{self, Placement};
use crate::rules::roster::Roster;
use crate::rules::sync::{self, Seen};
use crate::rules::tolerations::daemon_pod_tolerations;
use crate::rules::{budget, history};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// The instant of every vector: late enough for any age to be in the past.
const NOW: Time = Time(1_000_000_000 * SECOND_MS);

/// Go writes an empty list as `null`.
#[derive(Deserialize)]
struct Given {
    daemonset: DaemonSet,
    nodes: Option<Vec<Node>>,
    pods: Option<Vec<GivenPod>>,
    revisions: Option<Vec<GivenRevision>>,
}

#[derive(Deserialize)]
struct GivenPod {
    name: String,
    node: String,
    bound: bool,
    revision: String,
    phase: Phase,
    ready: bool,
    #[serde(default)]
    ready_for_s: i64,
    age_s: i64,
    #[serde(default)]
    deleting: bool,
}

#[derive(Deserialize)]
struct GivenRevision {
    name: String,
    template: String,
    revision: i64,
}

/// What the controller does with a given cluster in one sync.
pub(super) fn answer(given: &Value) -> Result<Value, String> {
    let given: Given = serde_json::from_value(given.clone()).map_err(|error| error.to_string())?;
    let daemon_set = &given.daemonset;
    let current_hash = history::template_hash(&daemon_set.spec.template, daemon_set.status.collision_count);
    let pods = given.pods.iter().flatten().map(|pod| Rc::new(pod.to_pod(daemon_set, &current_hash)));
    let pods: base::Map<Key, Rc<Pod>> = pods.map(|pod| (pod.key(), pod)).collect();
    let revisions: Vec<ControllerRevision> =
        given.revisions.iter().flatten().map(|revision| revision.to_revision(daemon_set, &current_hash)).collect();
    let nodes = given.nodes.iter().flatten().map(|node| (node.name().to_owned(), Rc::new(node.clone())));
    let nodes = nodes.collect();
    let seen = Seen { daemon_set, nodes: &nodes, pods: &pods, revisions: revisions.iter().collect(), now: NOW };
    let mut roster = Roster::default();
    let plan = sync::plan(&seen, &mut roster, &mut Backoff::of_failed_pods(), true);
    let status = sync::status_of(&seen, &mut roster, &plan.history.hash, plan.acted)
        .unwrap_or_else(|| daemon_set.status.clone());

    let placement = Placement::of(daemon_set);
    let mut verdicts = Map::new();
    let mut desired = 0;
    for node in given.nodes.iter().flatten() {
        let verdict = placement::should_run(&placement, node);
        desired += usize::from(verdict.should_run);
        let value = json!({
            "should_run": verdict.should_run,
            "should_continue_running": verdict.should_continue_running,
        });
        verdicts.insert(node.name().to_owned(), value);
    }
    let budget = budget::of(daemon_set, desired)?;
    let bumped: Map<String, Value> =
        plan.history.bump.iter().map(|(name, number)| (name.clone(), json!(number))).collect();
    let deleted = [plan.history.duplicates.as_slice(), plan.clean_up.as_slice()].concat();
    let tolerations = (!plan.create_on.is_empty()).then(|| daemon_pod_tolerations(&daemon_set.spec.template.spec));
    Ok(json!({
        "nodes": verdicts,
        "create_on": plan.create_on,
        "delete": plan.delete,
        "status": status,
        "max_unavailable": budget.max_unavailable,
        "max_surge": budget.max_surge,
        "revision_created": plan.history.create.as_ref().map(|(_, number)| number),
        "revision_bumped": bumped,
        "revision_deleted": deleted,
        "pod_tolerations": tolerations,
    }))
}

impl GivenPod {
    fn to_pod(&self, daemon_set: &DaemonSet, current_hash: &str) -> Pod {
        let template = &daemon_set.spec.template;
        let hash = if self.revision == "current" { current_hash } else { self.revision.as_str() };
        let mut labels = template.metadata.labels.clone();
        labels.insert(well_known::CONTROLLER_REVISION_HASH.to_owned(), hash.to_owned());
        let ready = if self.ready { ConditionStatus::True } else { ConditionStatus::False };
        let mut pod = Pod {
            metadata: ObjectMeta {
                uid: self.name.clone(),
                creation_timestamp: NOW + -self.age_s * SECOND_MS,
                deletion_timestamp: self.deleting.then_some(NOW + -SECOND_MS),
                ..own_metadata(daemon_set, &self.name)
            },
            spec: Rc::new(template.spec.clone()),
            pinned_to: Some(self.node.clone()),
            node_name: self.bound.then(|| self.node.clone()),
            ..Pod::default()
        };
        pod.metadata.labels = labels.into();
        pod.status.phase = self.phase;
        pod.status.conditions.push(PodCondition {
            kind: PodConditionType::Ready,
            status: ready,
            reason: String::new(),
            message: String::new(),
            last_transition_time: NOW + -self.ready_for_s * SECOND_MS,
        });
        pod
    }
}

impl GivenRevision {
    fn to_revision(&self, daemon_set: &DaemonSet, current_hash: &str) -> ControllerRevision {
        let mut data: PodTemplateSpec = (*daemon_set.spec.template).clone();
        let mut hash = current_hash.to_owned();
        if self.template != "current" {
            // Any template that differs: the vectors' own differ in the image as well.
            if let Some(container) = data.spec.containers.first_mut() {
                container.image = format!("registry.example/agent:{}", self.template);
            }
            hash.clone_from(&self.template);
        }
        let mut metadata = own_metadata(daemon_set, &self.name);
        metadata.labels = history::revision_labels(&data, &hash).into();
        ControllerRevision { metadata, data: Rc::new(data), revision: self.revision }
    }
}

/// Metadata of an object that the DaemonSet controls.
fn own_metadata(daemon_set: &DaemonSet, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: name.to_owned(),
        namespace: daemon_set.metadata.namespace.clone(),
        owner_references: vec![OwnerReference::controller_of(daemon_set)].into(),
        ..ObjectMeta::default()
    }
}
