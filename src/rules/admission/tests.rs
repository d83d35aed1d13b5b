//! What a kubelet takes, refuses and makes room for, one by one.

use super::*;
use crate::api::{Node, PodSpec, ResourceList, Toleration};
use std::rc::Rc;

fn spec(text: &str) -> PodSpec {
    serde_json::from_str(text).unwrap()
}

fn pod(text: &str) -> Pod {
    Pod { spec: Rc::new(spec(text)), ..Pod::default() }
}

/// A pod called after its request, with a class of its own.
fn asking(cpu: &str, more: &str) -> Pod {
    let mut pod = pod(&format!(r#"{{{more}"containers":[{{"resources":{{"requests":{{"cpu":"{cpu}"}}}}}}]}}"#));
    pod.metadata.name = cpu.to_owned();
    pod
}

const CRITICAL: &str = r#""priorityClassName":"system-node-critical","#;

fn node() -> Node {
    let mut node = Node::default();
    node.metadata.name = "worker".into();
    node.metadata.labels_mut().insert("disk".into(), "ssd".into());
    let allocatable = r#"{"cpu":"2","memory":"1Gi","pods":"3"}"#;
    node.status.allocatable = serde_json::from_str::<ResourceList>(allocatable).unwrap();
    node
}

fn refused(pod: &Pod, node: &Node, others: &[Pod], pressures: &[NodeConditionType]) -> Option<(String, String)> {
    let mut info = NodeInfo::new(node);
    others.iter().for_each(|other| info.add_pod(other));
    match admit(pod, &info, pressures) {
        Admission::Admit => None,
        Admission::Refuse(refusal) => Some((refusal.reason.into_owned(), refusal.message)),
        Admission::Preempt(pods) => {
            Some(("Preempt".into(), pods.iter().map(|pod| pod.metadata.name.as_str()).collect::<Vec<_>>().join(" ")))
        }
    }
}

fn check(pod: &Pod, others: &[Pod], want: Option<(&str, &str)>) {
    let got = refused(pod, &node(), others, &[]);
    assert_eq!(got.as_ref().map(|(reason, message)| (reason.as_str(), message.as_str())), want);
}

#[test]
fn what_does_not_fit_is_refused_in_upstreams_words() {
    let out_of = "Node didn't have enough resource:";
    check(&asking("1500m", ""), &[], None);
    check(
        &asking("1500m", ""),
        &[asking("1", "")],
        Some(("OutOfcpu", &format!("{out_of} cpu, requested: 1500, used: 1000, capacity: 2000"))),
    );
    check(
        &pod(r#"{"containers":[{"resources":{"limits":{"memory":"2Gi"}}}]}"#),
        &[],
        Some(("OutOfmemory", &format!("{out_of} memory, requested: 2147483648, used: 0, capacity: 1073741824"))),
    );
    let three = [Pod::default(), Pod::default(), Pod::default()];
    check(&asking("5", ""), &three, Some(("OutOfpods", &format!("{out_of} pods, requested: 1, used: 3, capacity: 3"))));
    // Nobody on the node counts these.
    check(&pod(r#"{"containers":[{"resources":{"requests":{"nvidia.com/gpu":"1"}}}]}"#), &[], None);
}

#[test]
fn predicates_fail_by_their_names() {
    let wrong_node = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    check(&pod(r#"{"nodeSelector":{"disk":"ssd"}}"#), &[], None);
    check(&pod(r#"{"nodeSelector":{"disk":"hdd"}}"#), &[], Some(("NodeAffinity", wrong_node)));
    let pinned = |to: &str| Pod { pinned_to: Some(to.into()), ..Pod::default() };
    check(&pinned("worker"), &[], None);
    check(&pinned("other"), &[], Some(("NodeAffinity", wrong_node)));
    let port = || pod(r#"{"containers":[{"ports":[{"hostPort":80}]}]}"#);
    let taken = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
    check(&port(), &[], None);
    check(&port(), &[port()], Some(("NodePorts", taken)));

    let mut tainted = node();
    tainted.spec.taints.push(Taint::new("a", TaintEffect::NoSchedule));
    assert_eq!(refused(&Pod::default(), &tainted, &[], &[]), None);
    tainted.spec.taints.push(Taint::new("b", TaintEffect::NoExecute));
    let untolerated = "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate";
    let (reason, message) = refused(&Pod::default(), &tainted, &[], &[]).unwrap();
    assert_eq!((reason.as_str(), message.as_str()), ("TaintToleration", untolerated));
}

#[test]
fn under_pressure_it_hangs_on_class_and_tolerations() {
    use NodeConditionType::{DiskPressure, MemoryPressure};
    let check = |pod: &Pod, pressures: &[NodeConditionType], want: Option<&str>| {
        let got = refused(pod, &node(), &[], pressures);
        assert_eq!(got.map(|(reason, message)| format!("{reason}: {message}")).as_deref(), want, "{pressures:?}");
    };
    let memory = "Evicted: The node had condition: [MemoryPressure]. ";
    let disk = "Evicted: The node had condition: [DiskPressure]. ";
    let both = "Evicted: The node had condition: [DiskPressure MemoryPressure]. ";
    check(&Pod::default(), &[MemoryPressure], Some(memory));
    check(&asking("1m", ""), &[MemoryPressure], None);
    check(&asking("1m", ""), &[DiskPressure], Some(disk));
    check(&asking("1m", ""), &[DiskPressure, MemoryPressure], Some(both));
    check(&asking("1m", CRITICAL), &[DiskPressure], None);
    let tolerations = vec![Toleration::exists(well_known::TAINT_MEMORY_PRESSURE, TaintEffect::NoSchedule)];
    let tolerant = Pod { spec: Rc::new(PodSpec { tolerations, ..PodSpec::default() }), ..Pod::default() };
    check(&tolerant, &[MemoryPressure], None);
    check(&tolerant, &[DiskPressure], Some(disk));
}

#[test]
fn a_critical_pod_sends_as_few_and_as_small_away_as_will_do() {
    let others = |of: &[&str]| of.iter().map(|cpu| asking(cpu, "")).collect::<Vec<_>>();
    let check = |cpu: &str, of: &[Pod], want: (&str, &str)| check(&asking(cpu, CRITICAL), of, Some(want));
    check("1", &others(&["500m", "700m", "600m"]), ("Preempt", "700m 500m"));
    check("200m", &others(&["300m", "700m", "1"]), ("Preempt", "300m"));
    check("1", &others(&["1", "800m"]), ("Preempt", "800m"));
    let guaranteed = |cpu: &str| {
        let amounts = format!(r#"{{"cpu":"{cpu}","memory":"1Mi"}}"#);
        let resources = format!(r#"{{"requests":{amounts},"limits":{amounts}}}"#);
        let mut pod = pod(&format!(r#"{{"containers":[{{"resources":{resources}}}]}}"#));
        pod.metadata.name = format!("guaranteed-{cpu}");
        pod
    };
    check("1", &[guaranteed("1"), asking("1", "")], ("Preempt", "1"));
    check("1500m", &[guaranteed("1"), asking("1", "")], ("Preempt", "1 guaranteed-1"));
    check(
        "2500m",
        &[asking("500m", ""), asking("1", CRITICAL)],
        (
            "UnexpectedAdmissionError",
            "Unexpected error while attempting to recover from admission failure: preemption: error finding a set of \
             pods to preempt: no set of running pods found to reclaim resources: [(res: cpu, q: 1500), ]",
        ),
    );
    // Other reasons come first, and cost nobody anything.
    let mut elsewhere = asking("3", CRITICAL);
    elsewhere.pinned_to = Some("other".into());
    assert_eq!(refused(&elsewhere, &node(), &[], &[]).unwrap().0, "NodeAffinity");
}
