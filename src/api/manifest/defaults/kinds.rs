//! Defaults of whole kinds.
//!
//! Upstream: `SetDefaults_{DaemonSet,Deployment,StatefulSet}` of `pkg/apis/apps/v1/defaults.go`,
//! `SetDefaults_Pod` of `pkg/apis/core/v1/defaults.go`.
//!
//! Leaves out: resources of whole pods, the protocol of HTTP probes.

use super::{default, items, within};
use serde_json::{Map, Value, json};

/// `spec` of a DaemonSet.
pub fn daemon_set(spec: &mut Map<String, Value>) {
    within(spec, "updateStrategy", |strategy| rolling(strategy, &json!(1), &json!(0)));
    default(spec, "revisionHistoryLimit", || json!(10));
}

/// `spec` of a Deployment.
pub fn deployment(spec: &mut Map<String, Value>) {
    default(spec, "replicas", || json!(1));
    within(spec, "strategy", |strategy| rolling(strategy, &json!("25%"), &json!("25%")));
    default(spec, "revisionHistoryLimit", || json!(10));
    default(spec, "progressDeadlineSeconds", || json!(600));
}

fn rolling(strategy: &mut Map<String, Value>, unavailable: &Value, surge: &Value) {
    default(strategy, "type", || json!("RollingUpdate"));
    if strategy.get("type").is_some_and(|kind| kind == "RollingUpdate") {
        within(strategy, "rollingUpdate", |rolling| {
            default(rolling, "maxUnavailable", || unavailable.clone());
            default(rolling, "maxSurge", || surge.clone());
        });
    }
}

/// `spec` of a StatefulSet. Parameters are only made where the type is not said either.
pub fn stateful_set(spec: &mut Map<String, Value>) {
    default(spec, "podManagementPolicy", || json!("OrderedReady"));
    within(spec, "updateStrategy", |strategy| {
        if !strategy.contains_key("type") {
            strategy.insert("type".to_owned(), json!("RollingUpdate"));
            default(strategy, "rollingUpdate", || json!({}));
        }
        let is_rolling = strategy.get("type").is_some_and(|kind| kind == "RollingUpdate");
        if is_rolling && strategy.contains_key("rollingUpdate") {
            within(strategy, "rollingUpdate", |rolling| {
                default(rolling, "partition", || json!(0));
                default(rolling, "maxUnavailable", || json!(1));
            });
        }
    });
    within(spec, "persistentVolumeClaimRetentionPolicy", |policy| {
        default(policy, "whenDeleted", || json!("Retain"));
        default(policy, "whenScaled", || json!("Retain"));
    });
    default(spec, "replicas", || json!(1));
    default(spec, "revisionHistoryLimit", || json!(10));
}

/// What holds of pods and not of templates.
pub fn pod(pod: &mut Map<String, Value>) {
    within(pod, "spec", |spec| {
        if spec.get("terminationGracePeriodSeconds").and_then(Value::as_i64).is_some_and(|grace| grace < 0) {
            spec.insert("terminationGracePeriodSeconds".to_owned(), json!(1));
        }
        default(spec, "enableServiceLinks", || json!(true));
        let host_network = spec.get("hostNetwork") == Some(&json!(true));
        for list in ["containers", "initContainers"] {
            for container in items(spec, list) {
                requests(container);
                for port in items(container, "ports").filter(|_| host_network) {
                    if let Some(number) = port.get("containerPort").cloned() {
                        default(port, "hostPort", || number);
                    }
                }
            }
        }
    });
}

/// A limit without a request requests as much.
fn requests(container: &mut Map<String, Value>) {
    let Some(resources) = container.get_mut("resources").and_then(Value::as_object_mut) else { return };
    let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else { return };
    within(resources, "requests", |requests| {
        for (name, amount) in limits {
            default(requests, &name, || amount);
        }
    });
}
