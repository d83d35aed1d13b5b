//! Decoded objects of a cluster as typed ones.

use super::super::defaults;
use super::time::Present;
use crate::api::{
    ConditionStatus, ContainerState, ContainerStatus, ControllerRevision, DaemonSet, FoundObject, METADATA_NAME, Node,
    NodeCondition, NodeConditionType, ObjectMeta, Phase, Pod, PodCondition, PodConditionType, PodSpec, PodStatus,
    PodTemplateSpec, Termination,
};
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// What admission names the volume of a service account's token.
const TOKEN_VOLUME: &str = "kube-api-access-";

/// The number of an object's kind among those that are taken in.
pub(super) fn place(object: &FoundObject) -> usize {
    match object {
        FoundObject::Node(_) => 0,
        FoundObject::DaemonSet(_) => 1,
        FoundObject::Revision(_) => 2,
        FoundObject::Pod(_) => 3,
    }
}

/// An object's metadata.
pub(super) fn metadata(object: &FoundObject) -> &ObjectMeta {
    match object {
        FoundObject::Node(node) => &node.metadata,
        FoundObject::DaemonSet(daemon_set) => &daemon_set.metadata,
        FoundObject::Revision(revision) => &revision.metadata,
        FoundObject::Pod(pod) => &pod.metadata,
    }
}

/// The object that a value says; none if it is a revision of something else.
pub(super) fn typed(
    kind: &str,
    is_namespaced: bool,
    value: Value,
    template: Option<Value>,
    present: Present,
) -> Result<Option<FoundObject>, String> {
    let written = value.get("metadata").cloned().unwrap_or_default();
    let mut metadata: ObjectMeta = of_json(written.clone())?;
    if is_namespaced && metadata.namespace.is_empty() {
        "default".clone_into(&mut metadata.namespace);
    }
    metadata.creation_timestamp = present.time(&written, "creationTimestamp").unwrap_or_default();
    metadata.deletion_timestamp = present.time(&written, "deletionTimestamp");
    metadata.deletion_grace_period_seconds = written.get("deletionGracePeriodSeconds").and_then(Value::as_i64);
    let version = written.get("resourceVersion").and_then(Value::as_str);
    metadata.resource_version = version.and_then(|version| version.parse().ok()).unwrap_or_default();
    Ok(Some(match kind {
        "Node" => FoundObject::Node(node(value, metadata, present)?),
        "DaemonSet" => FoundObject::DaemonSet(daemon_set(value, metadata)?),
        "ControllerRevision" => match template {
            Some(template) => {
                let revision = value.get("revision").and_then(Value::as_i64).unwrap_or(0);
                FoundObject::Revision(ControllerRevision { metadata, data: self::template(template)?, revision })
            }
            None => return Ok(None),
        },
        _ => FoundObject::Pod(pod(value, metadata, present)?),
    }))
}

fn of_json<T: Default + serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    if value.is_null() {
        return Ok(T::default());
    }
    serde_json::from_value(value).map_err(|error| error.to_string())
}

fn part(value: &Value, name: &str) -> Value {
    value.get(name).cloned().unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn node(mut value: Value, metadata: ObjectMeta, present: Present) -> Result<Node, String> {
    let mut conditions = Vec::new();
    if let Some(status) = value.get_mut("status").and_then(Value::as_object_mut) {
        status.remove("addresses");
        if let Some(Value::Array(written)) = status.remove("conditions") {
            let typed = written.iter().filter_map(|condition| node_condition(condition, present));
            conditions = typed.collect();
        }
    }
    let mut node: Node = of_json(value)?;
    node.metadata = metadata;
    node.status.conditions = conditions;
    Ok(node)
}

fn node_condition(condition: &Value, present: Present) -> Option<NodeCondition> {
    let kind = NodeConditionType::ALL.into_iter().find(|kind| kind.to_string() == text(condition, "type"))?;
    Some(NodeCondition {
        kind,
        status: condition_status(condition),
        reason: "",
        message: text(condition, "message").to_owned().into(),
        last_transition_time: present.time(condition, "lastTransitionTime").unwrap_or_default(),
    })
}

fn condition_status(condition: &Value) -> ConditionStatus {
    match text(condition, "status") {
        "True" => ConditionStatus::True,
        "False" => ConditionStatus::False,
        _ => ConditionStatus::Unknown,
    }
}

fn daemon_set(mut value: Value, metadata: ObjectMeta) -> Result<DaemonSet, String> {
    let status = part(&value, "status");
    defaults::simulated_daemon_set(&mut value);
    let mut daemon_set: DaemonSet = of_json(value)?;
    daemon_set.metadata = metadata;
    daemon_set.status = of_json(status)?;
    Ok(daemon_set)
}

/// A template with the defaults that it would have in a DaemonSet.
fn template(template: Value) -> Result<Rc<PodTemplateSpec>, String> {
    let mut value = json!({ "spec": { "template": template } });
    defaults::simulated_daemon_set(&mut value);
    let daemon_set: DaemonSet = of_json(value)?;
    Ok(daemon_set.spec.template)
}

fn pod(value: Value, metadata: ObjectMeta, present: Present) -> Result<Pod, String> {
    let mut spec = part(&value, "spec");
    let mut taken = Taken::default();
    if let Some(spec) = spec.as_object_mut() {
        without_token(spec);
        taken = take_place(spec);
    }
    let spec: PodSpec = of_json(spec)?;
    let status = value.get("status").map(|status| pod_status(status, present)).unwrap_or_default();
    Ok(Pod { metadata, spec: Rc::new(spec), pinned_to: taken.pinned_to, node_name: taken.node_name, status })
}

/// What differs between the pods of a template.
#[derive(Default)]
struct Taken {
    pinned_to: Option<String>,
    node_name: Option<String>,
}

/// Takes the node's name out of a spec, and the affinity by which a daemon pod is pinned to it.
fn take_place(spec: &mut Map<String, Value>) -> Taken {
    let node_name = spec.remove("nodeName").and_then(|name| name.as_str().map(str::to_owned));
    let mut pinned_to = None;
    if let Some(affinity) = spec.get_mut("affinity").and_then(Value::as_object_mut) {
        if let Some(node_affinity) = affinity.get_mut("nodeAffinity").and_then(Value::as_object_mut) {
            const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
            pinned_to = node_affinity.get(REQUIRED).and_then(pinned);
            if pinned_to.is_some() {
                node_affinity.remove(REQUIRED);
            }
            if node_affinity.is_empty() {
                affinity.remove("nodeAffinity");
            }
        }
        if affinity.is_empty() {
            spec.remove("affinity");
        }
    }
    Taken { pinned_to, node_name: node_name.filter(|name| !name.is_empty()) }
}

/// The one node that a selector names.
fn pinned(selector: &Value) -> Option<String> {
    let [term] = list(selector, "nodeSelectorTerms") else { return None };
    let [field] = list(term, "matchFields") else { return None };
    let [name] = list(field, "values") else { return None };
    let is_pin = text(field, "key") == METADATA_NAME
        && text(field, "operator") == "In"
        && list(term, "matchExpressions").is_empty();
    name.as_str().filter(|_| is_pin).map(str::to_owned)
}

/// Takes the token's volume and its mounts out of a spec.
fn without_token(spec: &mut Map<String, Value>) {
    let keep = |list: Option<&mut Value>| {
        let Some(items) = list.and_then(Value::as_array_mut) else { return };
        items.retain(|item| !text(item, "name").starts_with(TOKEN_VOLUME));
    };
    keep(spec.get_mut("volumes"));
    for containers in ["initContainers", "containers"] {
        for container in spec.get_mut(containers).and_then(Value::as_array_mut).into_iter().flatten() {
            keep(container.get_mut("volumeMounts"));
            remove_empty(container.as_object_mut(), "volumeMounts");
        }
    }
    remove_empty(Some(spec), "volumes");
}

fn remove_empty(object: Option<&mut Map<String, Value>>, field: &str) {
    if let Some(object) = object.filter(|object| object.get(field).is_some_and(|list| *list == json!([]))) {
        object.remove(field);
    }
}

fn pod_status(status: &Value, present: Present) -> PodStatus {
    let phase = match text(status, "phase") {
        "Running" => Phase::Running,
        "Succeeded" => Phase::Succeeded,
        "Failed" => Phase::Failed,
        _ => Phase::Pending,
    };
    let conditions = list(status, "conditions").iter().filter_map(|condition| {
        let kind: PodConditionType = serde_json::from_value(part(condition, "type")).ok()?;
        Some(PodCondition {
            kind,
            status: condition_status(condition),
            reason: text(condition, "reason").to_owned(),
            message: text(condition, "message").to_owned(),
            last_transition_time: present.time(condition, "lastTransitionTime").unwrap_or_default(),
        })
    });
    let mut conditions: Vec<PodCondition> = conditions.collect();
    crate::base::sort_by_key(&mut conditions, |condition| condition.kind);
    conditions.dedup_by_key(|condition| condition.kind);
    let containers = |name: &str| list(status, name).iter().map(|status| container(status, present)).collect();
    PodStatus {
        phase,
        conditions,
        init_container_statuses: containers("initContainerStatuses"),
        container_statuses: containers("containerStatuses"),
        reason: text(status, "reason").to_owned(),
        message: text(status, "message").to_owned(),
        start_time: present.time(status, "startTime"),
        nominated_node_name: text(status, "nominatedNodeName").to_owned(),
    }
}

fn container(status: &Value, present: Present) -> ContainerStatus {
    let flag = |name: &str| status.get(name).and_then(Value::as_bool).unwrap_or(false);
    let ended = |state: &Value| state.get("terminated").map(|ended| termination(ended, present));
    let state = status.get("state").map(|state| {
        if let Some(running) = state.get("running") {
            return ContainerState::Running { started_at: present.time(running, "startedAt").unwrap_or_default() };
        }
        let waiting = part(state, "waiting");
        ended(state).map_or_else(
            || ContainerState::Waiting {
                reason: text(&waiting, "reason").to_owned(),
                message: text(&waiting, "message").to_owned(),
            },
            ContainerState::Terminated,
        )
    });
    let restarts = status.get("restartCount").and_then(Value::as_i64).unwrap_or(0);
    ContainerStatus {
        name: text(status, "name").to_owned(),
        state: state.unwrap_or_default(),
        last_state: status.get("lastState").and_then(ended),
        ready: flag("ready"),
        started: flag("started"),
        restart_count: i32::try_from(restarts).unwrap_or(i32::MAX),
    }
}

fn termination(ended: &Value, present: Present) -> Termination {
    let exit_code = ended.get("exitCode").and_then(Value::as_i64).unwrap_or(0);
    let known = Termination::REASONS.into_iter().find(|known| *known == text(ended, "reason"));
    Termination {
        exit_code: i32::try_from(exit_code).unwrap_or(1),
        reason: known.unwrap_or(if exit_code == 0 { "Completed" } else { "Error" }),
        message: "",
        started_at: present.time(ended, "startedAt").unwrap_or_default(),
        finished_at: present.time(ended, "finishedAt").unwrap_or_default(),
    }
}
