//! Who goes first, and what it is told.

use super::*;
use crate::api::{ContainerStatus, PodSpec};
use crate::base::Time;
use std::rc::Rc;

const DISK: Signal = SIGNALS[0];
const MEMORY: Signal = SIGNALS[1];
const PIDS: Signal = SIGNALS[2];

/// A pod that has been running for 100 s.
fn pod(name: &str, more: &str, resources: &str) -> Pod {
    let text = format!(r#"{{{more}"containers":[{{"name":"main","resources":{resources}}}]}}"#);
    let spec: PodSpec = serde_json::from_str(&text).unwrap();
    let mut pod = Pod { spec: Rc::new(spec), ..Pod::default() };
    pod.metadata.name = name.into();
    let state = ContainerState::Running { started_at: Time::ZERO };
    pod.status.container_statuses =
        vec![ContainerStatus { name: "main".into(), state, ready: true, ..ContainerStatus::default() }];
    pod
}

const NOW: Moment = Moment { now: Time(100_000), log_bytes_per_second: 32 << 10 };

fn order(signal: Signal, pods: &[&Pod]) -> Vec<String> {
    let mut left: Vec<&Pod> = pods.to_vec();
    let mut names = Vec::new();
    while let Some(victim) = signal.victim(&left, NOW) {
        left.retain(|pod| !std::ptr::eq(*pod, victim));
        names.push(victim.metadata.name.clone());
    }
    names
}

#[test]
fn who_exceeds_its_request_goes_first_then_the_least_important() {
    let best_effort = pod("best-effort", "", "{}");
    let more = r#"{"requests":{"memory":"100Mi"},"limits":{"memory":"400Mi"}}"#;
    let burstable = pod("burstable", "", more);
    let important = pod("important", r#""priority":7,"#, more);
    let within = pod("within", r#""priority":-1,"#, r#"{"requests":{"memory":"1Gi"}}"#);
    let critical = pod("critical", r#""priorityClassName":"system-node-critical","#, "{}");
    let all = [&within, &critical, &important, &best_effort, &burstable];
    assert_eq!(order(MEMORY, &all), ["burstable", "best-effort", "important", "within"]);
    // Nobody asks for disk: the order is that of priority, and of names, so to say.
    assert_eq!(order(DISK, &all), ["within", "best-effort", "burstable", "important"]);
    assert_eq!(order(PIDS, &all), ["within", "best-effort", "burstable", "important"]);
}

#[test]
fn messages_are_upstreams() {
    let mut node = Node::default();
    node.status.capacity.insert("ephemeral-storage".into(), Quantity::parse("61202244Ki").unwrap());
    let burstable = pod("a", "", r#"{"requests":{"memory":"100Mi"},"limits":{"memory":"400Mi"}}"#);
    let within = pod("b", "", r#"{"requests":{"memory":"1Gi"}}"#);
    let check = |signal: Signal, pod: &Pod, want: &str| assert_eq!(signal.message(&node, pod, NOW), want);
    let low = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 98212Ki. ";
    check(MEMORY, &within, low);
    let who = "Container main was using 300Mi, request is 100Mi, has larger consumption of memory. ";
    check(MEMORY, &burstable, &format!("{low}{who}"));
    check(
        DISK,
        &within,
        "The node was low on resource: ephemeral-storage. Threshold quantity: 6267109878, available: 4590168Ki. \
         Container main was using 3264Ki, request is 0, has larger consumption of ephemeral-storage. ",
    );
    check(PIDS, &within, "The node was low on resource: pids. Threshold quantity: 1k, available: 612. ");
}
