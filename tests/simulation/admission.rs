//! Pods that reach their node and are turned away there.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::api::{Phase, Pod, TaintEffect};
use daemonset_playground::sim::Command;
use std::rc::Rc;

fn failed(cluster: &Cluster) -> Option<Rc<Pod>> {
    cluster.pods().into_iter().find(|pod| pod.status.phase == Phase::Failed).cloned()
}

/// The first pod that fails: its reason and message.
fn first_failure(cluster: &mut Cluster) -> (String, String) {
    cluster.run_until(|cluster| failed(cluster).is_some());
    let status = failed(cluster).unwrap().status.clone();
    assert!(status.start_time.is_some(), "a kubelet has seen it");
    (status.reason, status.message)
}

/// A template that names its node passes the scheduler by: only the kubelet counts.
#[test]
fn a_template_with_a_node_name_meets_only_the_kubelet() {
    let mut cluster = Cluster::new(2);
    cluster.apply(nginx("nginx:1.27", "      nodeName: worker-1\n", "")).settle();
    assert_eq!(cluster.columns(), [1, 1, 1, 1, 1, 0]);
    assert_eq!(cluster.ready_on(), ["worker-1"].into());

    let greedy = "      nodeName: worker-2\n      overhead: {cpu: 5}\n";
    cluster.apply(nginx("nginx:1.27", greedy, ""));
    let (reason, message) = first_failure(&mut cluster);
    assert_eq!(reason, "OutOfcpu");
    let out_of = "Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000";
    assert_eq!(message, format!("Pod was rejected: {out_of}"));
    assert!(cluster.recorded("OutOfcpu").iter().all(|(_, message)| message == out_of));

    cluster.run(20_000);
    let tries = cluster.recorded("OutOfcpu").len();
    assert!((4..10).contains(&tries), "made anew, ever more slowly: {tries}");
    let removed = cluster.recorded("FailedDaemonPod");
    assert!(removed.iter().any(|(_, message)| message.starts_with("Found failed daemon pod ")), "{removed:?}");
}

/// Two DaemonSets want one port of the host, and both name the node.
#[test]
fn the_second_to_want_a_port_of_the_host_is_refused() {
    let mut cluster = Cluster::new(1);
    let ports = "      nodeName: worker-1\n      initContainers: [{name: a, image: a, restartPolicy: Always, ports: [{containerPort: 80, hostPort: 80}]}]\n";
    let mut other = nginx("nginx:1.27", ports, "");
    cluster.apply(other.clone()).settle();
    other.metadata.name = "other".into();
    cluster.apply(other);
    let (reason, message) = first_failure(&mut cluster);
    assert_eq!(reason, "NodePorts");
    let why = "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";
    assert_eq!(message, format!("Pod was rejected: {why}"));
}

/// The label goes while the scheduler binds; the controller does not know yet.
#[test]
fn a_label_that_goes_while_a_pod_is_bound() {
    let mut cluster = Cluster::new(1);
    let label = |value: Option<&str>| Command::LabelNode {
        name: "worker-1".into(),
        key: "disk".into(),
        value: value.map(Into::into),
    };
    cluster.command(label(Some("ssd"))).apply(nginx("nginx:1.27", "      nodeSelector: {disk: ssd}\n", ""));
    cluster.run_until(|cluster| cluster.pods().iter().any(|pod| pod.node_name.is_some()));
    cluster.command(label(None));
    let (reason, message) = first_failure(&mut cluster);
    assert_eq!(reason, "NodeAffinity");
    let why = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    assert_eq!(message, format!("Pod was rejected: {why}"));
    cluster.settle();
    assert!(cluster.pods().is_empty(), "no node should run it now");
}

#[test]
fn a_taint_that_evicts_also_keeps_out() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:1.27", "", ""));
    cluster.run_until(|cluster| cluster.pods().iter().any(|pod| pod.node_name.is_some()));
    cluster.taint("worker-1", TaintEffect::NoExecute);
    let refused = |cluster: &Cluster| cluster.recorded("TaintToleration").into_iter().next();
    cluster.run_until(|cluster| refused(cluster).is_some());
    let why = "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate";
    assert_eq!(refused(&cluster).unwrap().1, why);
    cluster.settle();
    assert!(cluster.pods().is_empty());
}
