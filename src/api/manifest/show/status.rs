//! What a pod does, as its status says it.
//!
//! Upstream: `k8s.io/api/core/v1/types.go` (`PodStatus`).

use crate::api::{ConditionStatus, ContainerState, ContainerStatus, Pod, PodConditionType, PodSpec, Termination};
use serde_json::{Value, json};

/// `status` of a pod.
pub fn of_pod(pod: &Pod, qos: &str) -> Value {
    let status = &pod.status;
    let mut value = json!({ "phase": status.phase.name() });
    let mut set = |name: &str, part: Value| {
        if let Some(fields) = value.as_object_mut() {
            fields.insert(name.to_owned(), part);
        }
    };
    let generation = Some(pod.metadata.generation).filter(|generation| *generation > 0);
    // Of the status as a whole, the kubelet says what it has observed.
    if let (Some(generation), Some(_)) = (generation, status.start_time) {
        set("observedGeneration", json!(generation));
    }
    if !status.conditions.is_empty() {
        // Who disrupts comes last.
        let (last, first): (Vec<_>, Vec<_>) =
            status.conditions.iter().partition(|condition| condition.kind == PodConditionType::DisruptionTarget);
        let conditions = first.into_iter().chain(last).map(|condition| {
            let mut fields = json!({
                "lastProbeTime": null,
                "lastTransitionTime": condition.last_transition_time.to_rfc3339(),
                "status": format!("{:?}", condition.status),
                "type": format!("{:?}", condition.kind),
            });
            put_text(&mut fields, "message", &condition.message);
            put_text(&mut fields, "reason", &condition.reason);
            // The API server itself, which notes a binding, does not say what it has observed; the
            // kubelet does so later.
            let is_bound =
                condition.kind == PodConditionType::PodScheduled && condition.status == ConditionStatus::True;
            let observed = generation.filter(|_| !is_bound || status.start_time.is_some());
            if let (Some(generation), Some(fields)) = (observed, fields.as_object_mut()) {
                fields.insert("observedGeneration".to_owned(), json!(generation));
            }
            fields
        });
        set("conditions", conditions.collect());
    }
    for (name, statuses) in
        [("initContainerStatuses", &status.init_container_statuses), ("containerStatuses", &status.container_statuses)]
    {
        if !statuses.is_empty() {
            set(name, statuses.iter().map(|container| container_status(container, &pod.spec)).collect());
        }
    }
    let start_time = status.start_time.map(|at| at.to_rfc3339()).unwrap_or_default();
    let texts = [
        ("message", status.message.as_str()),
        ("reason", &status.reason),
        ("nominatedNodeName", &status.nominated_node_name),
        ("qosClass", qos),
        ("startTime", &start_time),
    ];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        set(name, json!(text));
    }
    value
}

fn container_status(status: &ContainerStatus, spec: &PodSpec) -> Value {
    let mut containers = spec.containers.iter().chain(&spec.init_containers);
    let image = containers.find(|container| container.name == status.name).map_or("", |container| &container.image);
    let mut value = json!({
        "image": image,
        "lastState": status.last_state.map_or_else(|| json!({}), |ended| json!({ "terminated": terminated(ended) })),
        "name": status.name,
        "ready": status.ready,
        "restartCount": status.restart_count,
        "started": status.started,
        "state": match &status.state {
            ContainerState::Waiting { reason, message } => {
                let mut waiting = json!({});
                put_text(&mut waiting, "reason", reason);
                put_text(&mut waiting, "message", message);
                json!({ "waiting": waiting })
            }
            ContainerState::Running { started_at } => json!({ "running": { "startedAt": started_at.to_rfc3339() } }),
            ContainerState::Terminated(ended) => json!({ "terminated": terminated(*ended) }),
        },
    });
    // One that has never run has none, which is told.
    let is_new = matches!(status.state, ContainerState::Waiting { .. }) && status.last_state.is_none();
    if let (true, Some(fields)) = (is_new, value.as_object_mut()) {
        fields.insert("imageID".to_owned(), json!(""));
    }
    value
}

fn terminated(ended: Termination) -> Value {
    let mut value = json!({
        "exitCode": ended.exit_code,
        "finishedAt": ended.finished_at.to_rfc3339(),
        "reason": ended.reason,
        "startedAt": ended.started_at.to_rfc3339(),
    });
    put_text(&mut value, "message", ended.message);
    value
}

/// Sets a field, unless there is nothing to say.
pub fn put_text(value: &mut Value, name: &str, text: &str) {
    if let (false, Some(fields)) = (text.is_empty(), value.as_object_mut()) {
        fields.insert(name.to_owned(), json!(text));
    }
}
