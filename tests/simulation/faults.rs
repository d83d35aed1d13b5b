//! What sick machines report, which taints follow, and what becomes of pods.

use crate::cluster::{Cluster, nginx, node};
use daemonset_playground::api::{ConditionStatus, NodeConditionType, Phase, Pod, Taint, TaintEffect};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Command, Fact, Fault};

fn running(workers: usize) -> Cluster {
    let mut cluster = Cluster::new(workers);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    cluster
}

fn fault(cluster: &mut Cluster, name: &str, fault: Fault) {
    cluster.command(Command::BreakNode { name: name.into(), fault });
}

fn repair(cluster: &mut Cluster, name: &str) {
    cluster.command(Command::RepairNode { name: name.into() });
}

fn taints(cluster: &Cluster, name: &str) -> Vec<String> {
    cluster.world.store().nodes[name].spec.taints.iter().map(ToString::to_string).collect()
}

/// When nodes got (or lost) a NoExecute taint.
fn no_execute_times(cluster: &Cluster, verb: &str) -> Vec<(String, Time)> {
    let is_it = |what: &str| what.contains("NoExecute") && what.ends_with(verb);
    let events = cluster.events.iter();
    events
        .filter(|event| matches!(&event.fact, Fact::Updated { what } if is_it(what)))
        .map(|event| (event.object.key.name.clone(), event.at))
        .collect()
}

/// Recording 05: `describe node` of a dead node, and the events about it.
#[test]
fn all_that_a_silent_kubelet_said_is_unknown() {
    let mut cluster = running(4);
    cluster.break_node("worker-1").settle();
    let conditions = &cluster.world.store().nodes["worker-1"].status.conditions;
    let told: Vec<String> =
        conditions.iter().map(|c| format!("{} {:?} {} {}", c.kind, c.status, c.reason, c.message)).collect();
    let unknown = "Unknown NodeStatusUnknown Kubelet stopped posting node status.";
    assert_eq!(
        told,
        ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map(|kind| format!("{kind} {unknown}"))
    );
    let pod = cluster.pods().into_iter().find(|pod| pod.node_name.as_deref() == Some("worker-1")).unwrap();
    assert!(!pod.is_ready());
    let said: Vec<String> = cluster.recorded("NodeNotReady").into_iter().map(|(_, message)| message).collect();
    assert_eq!(said, ["Node worker-1 status is now: NodeNotReady", "Node is not ready"]);

    repair(&mut cluster, "worker-1");
    cluster.settle();
    let conditions = &cluster.world.store().nodes["worker-1"].status.conditions;
    let told: Vec<&str> = conditions.iter().map(|condition| condition.reason).collect();
    assert_eq!(
        told,
        ["KubeletHasSufficientMemory", "KubeletHasNoDiskPressure", "KubeletHasSufficientPID", "KubeletReady"]
    );
}

#[test]
fn a_kubelet_that_reports_itself_leaves_its_pods_ready() {
    let mut cluster = running(3);
    fault(&mut cluster, "worker-1", Fault::NotReady);
    cluster.settle();
    assert_eq!(
        taints(&cluster, "worker-1"),
        ["node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute"]
    );
    assert!(cluster.pods().iter().all(|pod| pod.is_ready()), "only the monitor's own finding marks pods");

    fault(&mut cluster, "worker-1", Fault::Unreachable);
    cluster.settle();
    assert_eq!(
        taints(&cluster, "worker-1"),
        ["node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/unreachable:NoSchedule"]
    );
    assert_eq!(cluster.recorded("NodeNotReady").len(), 1, "it was not ready before");
    repair(&mut cluster, "worker-1");
    cluster.settle();
    assert!(taints(&cluster, "worker-1").is_empty());
    assert_eq!(cluster.columns(), [3, 3, 3, 3, 3, 0]);
}

/// A daemon pod tolerates the taint of disk pressure, but the kubelet takes none.
#[test]
fn under_disk_pressure_new_pods_are_refused_again_and_again() {
    let mut cluster = running(2);
    fault(&mut cluster, "worker-1", Fault::DiskPressure);
    cluster.run(5_000);
    assert_eq!(taints(&cluster, "worker-1"), ["node.kubernetes.io/disk-pressure:NoSchedule"]);
    let said: Vec<String> = cluster.recorded("NodeHasDiskPressure").into_iter().map(|(_, message)| message).collect();
    assert_eq!(said, ["Node worker-1 status is now: NodeHasDiskPressure"]);

    let refused = |pod: &Pod| pod.status.message == "Pod was rejected: The node had condition: [DiskPressure]. ";
    cluster.run_until(|cluster| cluster.pods().iter().any(|pod| refused(pod)));
    let failed = cluster.pods().into_iter().find(|pod| pod.status.phase == Phase::Failed).unwrap();
    assert_eq!(failed.status.reason, "Evicted");
    cluster.run(20_000);
    assert!(cluster.recorded("Evicted").len() > 3, "made anew, ever more slowly");

    repair(&mut cluster, "worker-1");
    cluster.settle();
    assert!(taints(&cluster, "worker-1").is_empty());
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
}

#[test]
fn memory_pressure_does_not_keep_daemon_pods_off() {
    let mut cluster = Cluster::new(2);
    fault(&mut cluster, "worker-1", Fault::MemoryPressure);
    fault(&mut cluster, "worker-2", Fault::NetworkUnavailable);
    cluster.run(1_000).apply(nginx("nginx:1.27", "", "")).run(6_000);
    assert_eq!(taints(&cluster, "worker-1"), ["node.kubernetes.io/memory-pressure:NoSchedule"]);
    assert_eq!(cluster.ready_on(), ["worker-1"].into(), "network-unavailable is tolerated by hostNetwork only");
    repair(&mut cluster, "worker-1");
    repair(&mut cluster, "worker-2");
    cluster.settle();
    assert!(cluster.recorded("Evicted").is_empty(), "it was there for less than a round");
    let network = cluster.world.store().nodes["worker-2"].condition(NodeConditionType::NetworkUnavailable).unwrap();
    assert_eq!((network.status, network.reason), (ConditionStatus::False, "RouteCreated"));
    assert!(taints(&cluster, "worker-2").is_empty());
}

/// Ordinary pods of two nodes that die together do not go together: one node of a zone is
/// tainted in ten seconds.
#[test]
fn a_zone_is_tainted_one_node_at_a_time() {
    let mut cluster = running(5);
    cluster.break_node("worker-1").break_node("worker-2").settle();
    let times = no_execute_times(&cluster, "added");
    let names: Vec<&str> = times.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["worker-1", "worker-2"]);
    assert_eq!(times[1].1.since(times[0].1), 10_000);
}

#[test]
fn where_most_are_sick_nobody_is_tainted() {
    let mut cluster = running(4);
    for name in ["worker-1", "worker-2", "worker-3"] {
        cluster.break_node(name);
    }
    cluster.settle();
    assert!(no_execute_times(&cluster, "added").is_empty(), "three of five: the zone is partly disrupted");
    assert_eq!(cluster.columns()[0], 1, "the NoSchedule taints do not wait");
    repair(&mut cluster, "worker-1");
    cluster.settle();
    let names: Vec<String> = no_execute_times(&cluster, "added").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["worker-2", "worker-3"]);
}

#[test]
fn when_nothing_works_every_taint_goes() {
    let mut cluster = running(1);
    cluster.break_node("worker-1").settle();
    assert_eq!(no_execute_times(&cluster, "added").len(), 1);
    cluster.break_node("control-plane").settle();
    assert_eq!(no_execute_times(&cluster, "removed").len(), 1);
    assert_eq!(taints(&cluster, "worker-1"), ["node.kubernetes.io/unreachable:NoSchedule"]);
    repair(&mut cluster, "control-plane");
    cluster.settle();
    assert_eq!(taints(&cluster, "worker-1").len(), 2, "and comes back");
}

#[test]
fn a_node_joins_and_leaves_with_its_events() {
    let mut cluster = Cluster::new(1);
    cluster.command(Command::AddNode { node: Box::new(node("new")) }).settle();
    cluster.command(Command::DeleteNode { name: "new".into() }).settle();
    let about_it = cluster.events.iter().filter(|event| event.object.key.name == "new");
    let reasons: Vec<&str> = about_it
        .filter_map(|event| match &event.fact {
            Fact::Recorded { reason, .. } => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    let want = [
        "Starting",
        "NodeHasSufficientMemory",
        "NodeHasNoDiskPressure",
        "NodeHasSufficientPID",
        "NodeAllocatableEnforced",
        "RegisteredNode",
        "NodeReady",
        "RemovingNode",
    ];
    assert_eq!(reasons, want);
}

/// A machine that is gone for good: its pods stay Terminating until somebody says so.
#[test]
fn out_of_service_frees_the_pods_of_a_machine_that_is_gone() {
    let mut cluster = running(2);
    cluster.break_node("worker-1").settle().apply(nginx("nginx:1.28", "", "")).settle();
    let stuck = |cluster: &Cluster| cluster.pods().iter().filter(|pod| pod.is_deleting()).count();
    assert_eq!(stuck(&cluster), 1);
    let mut taint = Taint::new("node.kubernetes.io/out-of-service", TaintEffect::NoExecute);
    taint.value = "nodeshutdown".into();
    cluster.command(Command::TaintNode { name: "worker-1".into(), taint }).settle();
    assert_eq!(stuck(&cluster), 0);
    assert_eq!(cluster.columns(), [1, 1, 1, 1, 1, 0]);
    assert_eq!(cluster.images(), ["nginx:1.28"].into());
}

#[test]
fn a_node_that_is_back_before_the_next_round_was_never_away() {
    let mut cluster = Cluster::new(2);
    cluster.run(1_000).command(Command::DeleteNode { name: "worker-1".into() });
    cluster.run(1_000).command(Command::AddNode { node: Box::new(node("worker-1")) }).settle();
    assert!(cluster.recorded("RemovingNode").is_empty());
    assert!(cluster.recorded("RegisteredNode").is_empty());
    assert_eq!(cluster.recorded("NodeReady").len(), 1);
}
