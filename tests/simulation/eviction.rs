//! Machines that run short of something send their pods away.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::api::{ConditionStatus, NodeConditionType, PodConditionType, TaintEffect};
use daemonset_playground::sim::{Command, Fact, Fault};

const LOW: &str = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 98212Ki. \
     Container nginx was using 96Mi, request is 0, has larger consumption of memory. ";

fn fault(cluster: &mut Cluster, fault: Fault) {
    cluster.command(Command::BreakNode { name: "worker-1".into(), fault });
}

fn repair(cluster: &mut Cluster) {
    cluster.command(Command::RepairNode { name: "worker-1".into() });
}

/// A DaemonSet of that name on worker-1 alone.
fn on_worker_1(cluster: &mut Cluster, name: &str, spec: &str) {
    let mut daemon_set = nginx("nginx:1.27", &format!("      nodeName: worker-1\n{spec}"), "");
    daemon_set.metadata.name = name.into();
    cluster.apply(daemon_set);
}

/// Names of evicted pods, in order, without what is random.
fn evicted(cluster: &Cluster) -> Vec<String> {
    let is_eviction = |fact: &Fact| matches!(fact, Fact::Recorded { reason, message, .. } if reason == "Evicted" && message.contains("low on"));
    let events = cluster.events.iter().filter(|event| is_eviction(&event.fact));
    events.map(|event| event.object.key.name.rsplit_once('-').unwrap().0.to_owned()).collect()
}

#[test]
fn a_pod_is_evicted_in_upstreams_words_and_made_anew() {
    let mut cluster = Cluster::new(2);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    fault(&mut cluster, Fault::MemoryPressure);
    cluster.run_until(|cluster| cluster.pods().iter().any(|pod| pod.status.reason == "Evicted"));
    let pod = cluster.pods().into_iter().find(|pod| pod.status.reason == "Evicted").unwrap();
    assert_eq!(pod.node_name.as_deref(), Some("worker-1"));
    assert_eq!(pod.status.message, LOW);
    let target = pod.condition(PodConditionType::DisruptionTarget).unwrap();
    assert_eq!(
        (target.status, target.reason.as_str(), target.message.as_str()),
        (ConditionStatus::True, "TerminationByKubelet", LOW)
    );
    let said: Vec<String> = cluster.recorded("EvictionThresholdMet").into_iter().map(|(_, text)| text).collect();
    assert_eq!(said, ["Attempting to reclaim memory"]);

    // A daemon pod tolerates the taint, so it comes back, is let in and goes again.
    cluster.run(60_000);
    let times = cluster.recorded("EvictionThresholdMet");
    assert!((4..12).contains(&times.len()), "{times:?}");
    assert!(times.windows(2).all(|pair| pair[1].0.since(pair[0].0) >= 1_000), "one is awaited: {times:?}");
    assert!(times.iter().skip(3).any(|(at, _)| at.since(times[0].0) >= 10_000), "later rounds have their period");
    assert!(cluster.recorded("FailedDaemonPod").len() >= 2);

    repair(&mut cluster);
    cluster.settle();
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
}

/// After the repair the node says so for five minutes more.
#[test]
fn a_condition_outlives_its_reason() {
    let mut cluster = Cluster::new(1);
    fault(&mut cluster, Fault::DiskPressure);
    cluster.run(23_000);
    repair(&mut cluster);
    let pressed = |cluster: &Cluster| {
        cluster.world.store().nodes["worker-1"].condition(NodeConditionType::DiskPressure).unwrap().status
            == ConditionStatus::True
    };
    cluster.run(296_000);
    assert!(pressed(&cluster), "the last round that saw it was after 20 s");
    cluster.run(1_200);
    assert!(!pressed(&cluster));
    assert_eq!(cluster.recorded("NodeHasNoDiskPressure").len(), 1);
    cluster.settle();
    assert!(cluster.world.store().nodes["worker-1"].spec.taints.is_empty());
}

/// One after the other, in the order of who takes more than it asked for and of priority;
/// critical pods stay.
#[test]
fn pods_go_one_by_one_in_their_order() {
    let mut cluster = Cluster::new(1);
    on_worker_1(&mut cluster, "important", "      priority: 5\n");
    on_worker_1(&mut cluster, "critical", "      priorityClassName: system-node-critical\n");
    on_worker_1(&mut cluster, "plain", "");
    cluster.settle();
    fault(&mut cluster, Fault::DiskPressure);
    cluster.run(9_000);
    assert_eq!(evicted(&cluster), ["plain", "important"]);
    let times = cluster.recorded("EvictionThresholdMet");
    assert!(times[1].0.since(times[0].0) < 5_000, "the next goes as soon as the first is gone");
    assert!(cluster.pods().iter().any(|pod| pod.is_ready() && pod.metadata.name.starts_with("critical-")));
    assert!(cluster.recorded("Evicted").iter().any(|(_, text)| text == "The node had condition: [DiskPressure]. "));
    // The image that a pod still uses stays.
    repair(&mut cluster);
    cluster.settle();
    let ready = cluster.pods().iter().filter(|pod| pod.is_ready()).count();
    assert_eq!(ready, 3);
}

/// A taint that nobody tolerates here keeps the world from going on for ever.
#[test]
fn where_nothing_is_left_to_evict_nothing_happens() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    cluster.taint("worker-1", TaintEffect::NoExecute).settle();
    fault(&mut cluster, Fault::MemoryPressure);
    cluster.settle();
    assert!(cluster.recorded("EvictionThresholdMet").is_empty());
}

/// A critical pod that names its node finds it full.
#[test]
fn room_is_made_for_a_critical_pod() {
    let mut cluster = Cluster::new(1);
    on_worker_1(&mut cluster, "big", "      overhead: {cpu: 3}\n");
    on_worker_1(&mut cluster, "small", "      overhead: {cpu: 1}\n");
    cluster.settle();
    on_worker_1(&mut cluster, "critical", "      priorityClassName: system-node-critical\n      overhead: {cpu: 2}\n");
    cluster.run_until(|cluster| cluster.pods().iter().any(|pod| pod.status.reason == "Preempting"));
    let pod = cluster.pods().into_iter().find(|pod| pod.status.reason == "Preempting").unwrap();
    assert!(pod.metadata.name.starts_with("big-"), "{}", pod.metadata.name);
    assert_eq!(pod.status.message, "Preempted in order to admit critical pod");
    let target = pod.condition(PodConditionType::DisruptionTarget).unwrap();
    assert_eq!(target.message, "Pod was preempted by Kubelet to accommodate a critical pod.");
    cluster.run(10_000);
    let ready: Vec<&str> = cluster
        .pods()
        .iter()
        .filter(|pod| pod.is_ready())
        .map(|pod| pod.metadata.name.rsplit_once('-').unwrap().0)
        .collect();
    assert_eq!(ready, ["critical", "small"]);
    assert!(!cluster.recorded("OutOfcpu").is_empty(), "the other comes back and finds no room");
}
