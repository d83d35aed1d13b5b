//! What the API server fills in, as far as the engine reads it: the page keeps an object as its
//! author wrote it with these.
//!
//! Upstream: `pkg/apis/apps/v1/defaults.go`, `pkg/apis/core/v1/defaults.go`,
//! `pkg/registry/apps/daemonset/strategy.go`.
//!
//! Leaves out: defaults of fields that the simulation does not read, so that an object
//! that is printed again says no more than its author.

use super::{default, image, items, within};
use serde_json::{Map, Value, json};

/// Metadata that only the API server makes. A pasted object is created anew.
const SERVER_MADE: [&str; 8] = [
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
];

/// Fills in a DaemonSet.
pub fn daemon_set(object: &mut Value) {
    let Some(object) = object.as_object_mut() else {
        return;
    };
    object.remove("status");
    created_anew(object);
    within(object, "metadata", |metadata| default(metadata, "namespace", || json!("default")));
    within(object, "spec", |spec| {
        default(spec, "revisionHistoryLimit", || json!(10));
        within(spec, "updateStrategy", update_strategy);
        within(spec, "template", |template| within(template, "spec", pod_spec));
    });
}

fn update_strategy(strategy: &mut Map<String, Value>) {
    default(strategy, "type", || json!("RollingUpdate"));
    if strategy.get("type").is_some_and(|kind| kind == "RollingUpdate") {
        within(strategy, "rollingUpdate", |rolling| {
            default(rolling, "maxUnavailable", || json!(1));
            default(rolling, "maxSurge", || json!(0));
        });
    }
}

/// Fills in a node: capacity for allocatable, and the other way round for those who write one.
pub fn node(object: &mut Value) {
    let Some(object) = object.as_object_mut() else {
        return;
    };
    created_anew(object);
    let Some(status) = object.get_mut("status").and_then(Value::as_object_mut) else {
        return;
    };
    if let Some(capacity) = status.get("capacity").cloned() {
        default(status, "allocatable", || capacity);
    }
}

/// Takes out what only the API server makes.
pub fn created_anew(object: &mut Map<String, Value>) {
    within(object, "metadata", |metadata| metadata.retain(|name, _| !SERVER_MADE.contains(&name.as_str())));
}

fn pod_spec(spec: &mut Map<String, Value>) {
    let grace = spec.get("terminationGracePeriodSeconds").and_then(Value::as_i64).unwrap_or(30);
    spec.insert("terminationGracePeriodSeconds".to_owned(), json!(if grace < 0 { 1 } else { grace }));
    let host_network = spec.get("hostNetwork").and_then(Value::as_bool).unwrap_or(false);
    for list in ["initContainers", "containers"] {
        for container in items(spec, list) {
            self::container(container, host_network);
        }
    }
}

fn container(container: &mut Map<String, Value>, host_network: bool) {
    let image = container.get("image").and_then(Value::as_str).unwrap_or_default().to_owned();
    default(container, "imagePullPolicy", || json!(image::pull_policy(&image)));
    for port in items(container, "ports") {
        default(port, "protocol", || json!("TCP"));
        let number = port.get("containerPort").and_then(Value::as_i64).unwrap_or(0);
        let host_port = port.get("hostPort").and_then(Value::as_i64).unwrap_or(0);
        if host_network && host_port == 0 && number != 0 {
            port.insert("hostPort".to_owned(), json!(number));
        }
    }
    resources(container);
}

/// A limit without a request requests as much.
fn resources(container: &mut Map<String, Value>) {
    let Some(resources) = container.get_mut("resources").and_then(Value::as_object_mut) else {
        return;
    };
    let limits = resources.get("limits").and_then(Value::as_object).cloned().unwrap_or_default();
    if limits.is_empty() {
        return;
    }
    within(resources, "requests", |requests| {
        for (name, amount) in limits {
            default(requests, &name, || amount);
        }
    });
}
