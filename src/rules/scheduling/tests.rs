//! The rules together, on small clusters.

use super::*;
use crate::api::{Node, Pod};
use std::rc::Rc;

fn node(name: &str, zone: &str) -> Node {
    let json = format!(
        r#"{{"metadata":{{"name":"{name}","labels":{{"kubernetes.io/hostname":"{name}","topology.kubernetes.io/zone":"{zone}"}}}},
            "status":{{"allocatable":{{"cpu":"1","memory":"1Gi","pods":"3"}}}}}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn pod(spec: &str, pinned: Option<&str>) -> Pod {
    let mut pod =
        Pod { spec: Rc::new(serde_json::from_str(spec).unwrap()), pinned_to: pinned.map(Into::into), ..Pod::default() };
    pod.metadata.labels_mut().insert("app".into(), "web".into());
    pod
}

fn cpu(n: &str) -> String {
    format!(r#"{{"containers":[{{"resources":{{"requests":{{"cpu":"{n}"}}}}}}]}}"#)
}

/// `others` are nodes and what runs there. The answer is the chosen node, or the text.
fn check(spec: &str, pinned: Option<&str>, others: &[(&str, &str)], want: &str) {
    let nodes = [node("n1", "a"), node("n2", "a"), node("n3", "b")];
    let others: Vec<(&str, Pod)> = others.iter().map(|(node, spec)| (*node, pod(spec, None))).collect();
    let mut snapshot = Snapshot::new(&mut nodes.iter());
    for (node, other) in &others {
        snapshot.add_pod(node, other);
    }
    let pod = pod(spec, pinned);
    assert_eq!(answer(&pod, &snapshot), want, "{spec} beside {}", others.len());
    if let Some(only) = pinned {
        // What lies beside the node that a pod is pinned to may as well be left out.
        let mut few = Snapshot::new(&mut nodes.iter().filter(|node| node.name() == only));
        few.left_out = nodes.len() - few.nodes.len();
        for (node, other) in &others {
            few.add_pod(node, other);
        }
        assert_eq!(answer(&pod, &few), want, "{spec} on {only} alone");
    }
}

fn answer<'a>(pod: &'a Pod, snapshot: &'a Snapshot<'a>) -> String {
    let attempt = Attempt::new(pod, snapshot);
    let decision = decide(&attempt);
    match decision.node {
        Some(at) => snapshot.nodes[at].node.name().to_owned(),
        None => {
            let preemption = attempt.preempt(&decision.misfits);
            failed_scheduling_message(&decision.misfits, snapshot.left_out, &preemption.message)
        }
    }
}

const OTHERS: &str = "2 node(s) didn't satisfy plugin(s) [NodeAffinity]";
const HOPELESS: &str = "Preemption is not helpful for scheduling";

fn pinned(spec: &str, others: &[(&str, &str)], reason: &str) {
    let want = if reason.is_empty() {
        "n1".to_owned()
    } else {
        format!(
            "0/3 nodes are available: 1 {reason}, {OTHERS}. preemption: 0/3 nodes are available: \
             1 No preemption victims found for incoming pod, 2 {HOPELESS}."
        )
    };
    check(spec, Some("n1"), others, &want);
}

#[test]
fn resources_and_ports() {
    let port = r#"{"containers":[{"ports":[{"hostPort":80}]}]}"#;
    let udp = r#"{"containers":[{"ports":[{"hostPort":80,"protocol":"UDP"}]}]}"#;
    pinned(&cpu("500m"), &[("n1", &cpu("500m"))], "");
    pinned(&cpu("501m"), &[("n1", &cpu("500m"))], "Insufficient cpu");
    pinned("{}", &[("n1", "{}"), ("n1", "{}"), ("n1", "{}")], "Too many pods");
    pinned(port, &[("n1", port)], "node(s) didn't have free ports for the requested pod ports");
    pinned(port, &[("n1", udp)], "");
}

#[test]
fn what_no_preemption_helps() {
    let gpu = r#"{"containers":[{"resources":{"limits":{"nvidia.com/gpu":"1"}}}]}"#;
    let want = format!(
        "0/3 nodes are available: 1 Insufficient nvidia.com/gpu, {OTHERS}. preemption: 0/3 nodes are available: 3 {HOPELESS}."
    );
    check(gpu, Some("n1"), &[], &want);
    let elsewhere = format!(
        "0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/3 nodes are available: 3 {HOPELESS}."
    );
    check("{}", Some("gone"), &[], &elsewhere);
}

#[test]
fn the_emptiest_node_is_best() {
    check("{}", None, &[("n1", &cpu("100m")), ("n3", &cpu("100m"))], "n2");
    check("{}", None, &[], "n1");
}

#[test]
fn spreading_and_affinity() {
    let selector = r#""labelSelector":{"matchLabels":{"app":"web"}}"#;
    let spread = format!(
        r#"{{"topologySpreadConstraints":[{{"maxSkew":1,"topologyKey":"topology.kubernetes.io/zone","whenUnsatisfiable":"DoNotSchedule",{selector}}}]}}"#
    );
    check(&spread, None, &[("n1", "{}")], "n3");
    let term = |kind: &str, key: &str| {
        format!(
            r#"{{"affinity":{{"{kind}":{{"requiredDuringSchedulingIgnoredDuringExecution":[{{{selector},"topologyKey":"{key}"}}]}}}}}}"#
        )
    };
    check(&term("podAffinity", "topology.kubernetes.io/zone"), None, &[("n3", "{}")], "n3");
    check(&term("podAffinity", "topology.kubernetes.io/zone"), None, &[], "n1");
    check(&term("podAntiAffinity", "topology.kubernetes.io/zone"), None, &[("n1", "{}")], "n3");
    // Those that are there keep others away as well.
    check("{}", None, &[("n1", &term("podAntiAffinity", "topology.kubernetes.io/zone"))], "n3");
}

#[test]
fn preemption_takes_the_fewest_of_the_least_important() {
    let with = |priority: i32, cpu: &str| {
        format!(r#"{{"priority":{priority},"containers":[{{"resources":{{"requests":{{"cpu":"{cpu}"}}}}}}]}}"#)
    };
    let full = [("n1", with(5, "1")), ("n2", with(0, "500m")), ("n2", with(1, "500m")), ("n3", with(9, "1"))];
    let full: Vec<(&str, &str)> = full.iter().map(|(node, spec)| (*node, spec.as_str())).collect();
    let found = |node: &str, victims: usize| {
        format!(
            "0/3 nodes are available: 3 Insufficient cpu. preemption: found a potential placement for pod on node {node}, preempting {victims} victims"
        )
    };
    check(&with(10, "500m"), None, &full, &found("n2", 1));
    check(&with(10, "600m"), None, &full, &found("n2", 2));
    let never = with(10, "500m").replacen('{', r#"{"preemptionPolicy":"Never","#, 1);
    check(
        &never,
        None,
        &full,
        "0/3 nodes are available: 3 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.",
    );
}
