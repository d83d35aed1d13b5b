//! Nodes that die, come back, and are deleted.

use crate::cluster::{Cluster, nginx, node};
use daemonset_playground::api::{ConditionStatus, DaemonSet, Kind};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Actor, Command, Event, Fact, Fault};

fn running(workers: usize) -> Cluster {
    let mut cluster = Cluster::new(workers);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    cluster
}

/// Recording 05: a dead node lowers DESIRED, and its pod stays.
#[test]
fn a_dead_node_keeps_its_pod_and_lowers_desired() {
    let mut cluster = running(4);
    let died_at = cluster.break_node("worker-1").world.now();
    cluster.settle();
    let node = &cluster.world.store().nodes["worker-1"];
    assert_eq!(node.ready(), ConditionStatus::Unknown);
    let taints: Vec<String> = node.spec.taints.iter().map(ToString::to_string).collect();
    assert_eq!(taints, ["node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"]);
    assert_eq!(cluster.columns(), [3, 3, 3, 3, 3, 1]);
    assert_eq!(cluster.pods().len(), 4, "daemon pods tolerate unreachable:NoExecute for ever");
    let noticed_at = cluster.recorded("NodeNotReady")[0].0;
    let after_s = noticed_at.since(died_at) / 1_000;
    assert!((40..=60).contains(&after_s), "grace period 50 s since the last lease: {after_s} s");
}

#[test]
fn a_node_that_comes_back_is_as_before() {
    let mut cluster = running(3);
    cluster.break_node("worker-1").settle();
    cluster.command(Command::RepairNode { name: "worker-1".into() }).settle();
    assert_eq!(cluster.columns(), [3, 3, 3, 3, 3, 0]);
    assert!(cluster.world.store().nodes["worker-1"].spec.taints.is_empty());
    assert_eq!(cluster.recorded("SuccessfulCreate").len(), 3, "no pod was made anew");
}

#[test]
fn a_short_silence_goes_unnoticed() {
    let mut cluster = running(2);
    cluster.break_node("worker-1").run(20_000);
    cluster.command(Command::RepairNode { name: "worker-1".into() }).settle();
    assert!(cluster.recorded("NodeNotReady").is_empty());
}

#[test]
fn a_runtime_that_is_down_is_reported_at_once() {
    let mut cluster = running(2);
    cluster.command(Command::BreakNode { name: "worker-1".into(), fault: Fault::NotReady }).run(1_000);
    assert_eq!(cluster.world.store().nodes["worker-1"].ready(), ConditionStatus::False);
    cluster.settle();
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0], "nothing makes the controller sync");
    cluster.apply(nginx("nginx:1.27", "", "  minReadySeconds: 1\n")).settle();
    assert_eq!(cluster.columns(), [1, 1, 1, 1, 1, 1]);
}

/// Recording 05 and the list, point 2: a rollout hangs on a dead node's pod.
#[test]
fn a_rollout_hangs_on_a_dead_node() {
    let mut cluster = running(3);
    cluster.break_node("worker-1").settle().apply(nginx("nginx:1.28", "", "")).run(600_000);
    assert_eq!(cluster.images(), ["nginx:1.27"].into(), "the dead node's pod is deleted first and uses the budget");
    let stuck: Vec<_> = cluster.pods().into_iter().filter(|pod| pod.is_deleting()).collect();
    assert_eq!(stuck.len(), 1);
    assert_eq!(stuck[0].node_name.as_deref(), Some("worker-1"));
    cluster.command(Command::RepairNode { name: "worker-1".into() }).settle();
    assert_eq!(cluster.images(), ["nginx:1.28"].into());
    assert_eq!(cluster.columns(), [3, 3, 3, 3, 3, 0]);
}

/// Deleting a node leaves the columns until pod GC removes the pod, 40 to 80 s later.
#[test]
fn pods_of_a_deleted_node_go_by_pod_gc() {
    let mut cluster = running(3);
    let deleted_at = cluster.command(Command::DeleteNode { name: "worker-3".into() }).world.now();
    cluster.run(30_000);
    assert_eq!(cluster.columns()[0..2], [3, 3]);
    cluster.settle();
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
    let gone_after_ms = cluster.last_removal().unwrap_or(Time::ZERO).since(deleted_at);
    assert!((40_000..=80_000).contains(&gone_after_ms), "{gone_after_ms} ms");
}

#[test]
fn a_pod_that_waits_for_a_deleted_node_goes_by_its_controller() {
    let mut cluster = Cluster::new(2);
    let mut greedy: DaemonSet = nginx("nginx:1.27", "", "");
    let template = std::rc::Rc::make_mut(&mut greedy.spec.template);
    template.spec.containers[0].resources = serde_json::from_str(r#"{"requests":{"cpu":"5"}}"#).unwrap();
    cluster.apply(greedy.clone()).settle();
    assert_eq!(cluster.pods().len(), 2);
    cluster.command(Command::DeleteNode { name: "worker-2".into() }).settle();
    assert_eq!(cluster.pods().len(), 2, "a node's deletion alone makes no sync");
    greedy.spec.min_ready_seconds = 1;
    cluster.apply(greedy).settle();
    assert_eq!(cluster.pods().len(), 1);
}

/// Recording 12: nobody is left to tell what became of the containers, so that kubectl goes on
/// showing 1/1 of a Failed pod.
#[test]
fn what_pod_gc_fails_keeps_the_last_that_was_known() {
    let mut cluster = running(2);
    cluster.command(Command::DeleteNode { name: "worker-2".into() });
    cluster.run_until(|cluster| cluster.pods().len() == 1);
    let pods_of = |event: &Event| event.object.kind == Kind::Pod && event.actor == Actor::PodGc;
    let facts: Vec<&Fact> = cluster.events.iter().filter(|event| pods_of(event)).map(|event| &event.fact).collect();
    assert_eq!(facts, [&Fact::Updated { what: "Failed: node worker-2 is gone".into() }, &Fact::Removed]);
}

#[test]
fn a_node_that_is_made_anew_within_the_quarantine_keeps_its_pods() {
    let mut cluster = running(2);
    let uids = |cluster: &Cluster| cluster.pods().iter().map(|pod| pod.metadata.uid.clone()).collect::<Vec<_>>();
    let before = uids(&cluster);
    cluster.command(Command::DeleteNode { name: "worker-2".into() }).run(30_000);
    cluster.command(Command::AddNode { node: Box::new(node("worker-2")) }).settle();
    assert_eq!(uids(&cluster), before);
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
}

/// What no kubelet can stop waits for the node's deletion and pod GC.
#[test]
fn a_machine_that_is_gone_for_good_holds_its_pod_until_its_node_goes() {
    let mut cluster = running(2);
    cluster.break_node("worker-1").settle();
    let key = cluster.pods().into_iter().find(|pod| pod.node_name.as_deref() == Some("worker-1")).unwrap().key();
    cluster.command(Command::DeletePod { key }).run(600_000);
    assert_eq!(cluster.pods().iter().filter(|pod| pod.is_deleting()).count(), 1);
    let deleted_at = cluster.command(Command::DeleteNode { name: "worker-1".into() }).world.now();
    cluster.settle();
    assert_eq!(cluster.pods().len(), 1);
    let gone_after_ms = cluster.last_removal().unwrap_or(Time::ZERO).since(deleted_at);
    assert!((40_000..=60_000).contains(&gone_after_ms), "{gone_after_ms} ms");
}
