//! Pods that compete for nodes: who waits, who goes, and where the rest end up.

use crate::cluster::{Cluster, nginx, node};
use daemonset_playground::api::{DaemonSet, Key, Pod};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Cascade, Command, Event, Fact, Knobs, Outcome, PodAttempts, Queues, World};
use std::rc::Rc;

/// A DaemonSet of this name whose pods take three of a worker's four cpus.
fn big(name: &str, template_spec: &str) -> DaemonSet {
    let mut daemon_set = nginx("nginx:1.27", template_spec, "");
    daemon_set.metadata.name = name.to_owned();
    daemon_set.spec.selector.match_labels.insert("app".to_owned(), name.to_owned());
    let template = Rc::make_mut(&mut daemon_set.spec.template);
    template.metadata.labels.insert("app".to_owned(), name.to_owned());
    let requests = serde_json::from_str(r#"{"requests":{"cpu":"3"}}"#).unwrap();
    template.spec.containers[0].resources = requests;
    daemon_set
}

const CRITICAL: &str = "      priorityClassName: system-node-critical\n";

fn pods<'a>(cluster: &'a Cluster, name: &str) -> Vec<&'a Rc<Pod>> {
    cluster.pods().into_iter().filter(|pod| pod.label("app") == Some(name)).collect()
}

fn at(cluster: &Cluster, wanted: impl Fn(&Event) -> bool) -> Time {
    cluster.events.iter().find(|event| wanted(event)).unwrap().at
}

#[test]
fn the_more_important_pod_drives_the_other_away() {
    let mut cluster = Cluster::new(2);
    cluster.apply(big("modest", "")).settle();
    assert_eq!(cluster.ready_on(), ["worker-1", "worker-2"].into());
    cluster.apply(big("critical", CRITICAL));
    while cluster.recorded("FailedScheduling").len() < 2 {
        cluster.run(10);
    }
    for pod in pods(&cluster, "critical") {
        assert_eq!(Some(&pod.status.nominated_node_name), pod.pinned_to.as_ref());
    }
    cluster.settle();
    assert!(pods(&cluster, "critical").iter().all(|pod| pod.is_ready() && pod.status.nominated_node_name.is_empty()));
    assert!(pods(&cluster, "modest").iter().all(|pod| pod.node_name.is_none()), "those that come instead wait");
    let preempted = cluster.recorded("Preempted");
    assert_eq!(preempted.len(), 2, "{preempted:?}");
    assert!(preempted[0].1.starts_with("Preempted by pod 00000000-0000-4000-8000-"), "{preempted:?}");
    assert!(preempted[0].1.ends_with(" on node worker-1"), "{preempted:?}");
    let failed = cluster.recorded("FailedScheduling");
    assert_eq!(
        failed[0].1,
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. \
         preemption: found a potential placement for pod on node worker-1, preempting 1 victims"
    );
    let marked = Fact::Updated { what: "DisruptionTarget True: PreemptionByScheduler".to_owned() };
    assert_eq!(cluster.events.iter().filter(|event| event.fact == marked).count(), 2);
    // They had their grace period: asked to stop first, gone later, and only then replaced.
    let asked = at(&cluster, |event| event.fact == Fact::DeletionRequested);
    let gone = at(&cluster, |event| event.fact == Fact::Removed);
    let bound =
        at(&cluster, |event| matches!(event.fact, Fact::Bound { .. }) && event.object.key.name.starts_with("critical"));
    assert!(asked < gone && gone < bound, "{asked:?} {gone:?} {bound:?}");
}

#[test]
fn nobody_is_driven_away_by_equals_or_by_who_would_not() {
    for waiting in ["", "      priorityClassName: system-node-critical\n      preemptionPolicy: Never\n"] {
        let mut cluster = Cluster::new(2);
        cluster.apply(big("modest", "")).settle().apply(big("late", waiting)).settle();
        assert_eq!(pods(&cluster, "modest").iter().filter(|pod| pod.is_ready()).count(), 2);
        assert!(pods(&cluster, "late").iter().all(|pod| pod.node_name.is_none()));
        assert!(cluster.recorded("Preempted").is_empty());
    }
}

/// A nominated node is kept free: of those that wait, the more important is first, and what
/// comes later does not slip in.
#[test]
fn the_room_is_kept_for_whom_it_was_made() {
    let mut cluster = Cluster::new(1);
    cluster.apply(big("modest", "")).settle().apply(big("critical", CRITICAL)).run(1_000);
    cluster.apply(big("late", "")).settle();
    assert!(pods(&cluster, "critical").iter().all(|pod| pod.is_ready()));
    assert!(pods(&cluster, "late").iter().all(|pod| pod.node_name.is_none()));
}

#[test]
fn anti_affinity_of_what_runs_keeps_a_pod_off_until_it_goes() {
    let away = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
                [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: late}}}]}}\n";
    let mut first = big("first", away);
    Rc::make_mut(&mut first.spec.template).spec.containers[0].resources = Default::default();
    let mut cluster = Cluster::new(1);
    cluster.apply(first).settle().apply(big("late", "")).settle();
    let failed = cluster.recorded("FailedScheduling");
    assert!(failed[0].1.contains("1 node(s) didn't satisfy existing pods anti-affinity rules"), "{failed:?}");
    let key = Key::new("default", "first");
    cluster.command(Command::DeleteDaemonSet { key, cascade: Cascade::Background }).settle();
    assert!(pods(&cluster, "late").iter().all(|pod| pod.is_ready()));
}

/// The attempts of the only pod of this name that is nowhere, or else of the first.
fn attempts(cluster: &Cluster, name: &str) -> PodAttempts {
    let pods = pods(cluster, name);
    let pod = pods.iter().find(|pod| pod.node_name.is_none()).or(pods.first()).unwrap();
    cluster.world.attempts(&pod.key()).unwrap().clone()
}

#[test]
fn every_attempt_tells_what_woke_it_and_what_came_of_it() {
    let mut cluster = Cluster::new(1);
    cluster.apply(big("modest", "")).settle();
    let first = attempts(&cluster, "modest");
    assert_eq!((first.count, first.last.len()), (1, 1));
    assert_eq!((first.last[0].woken_by.event, first.last[0].feasible), ("UnscheduledPodAdd", 1));
    assert_eq!(first.last[0].outcome, Outcome::Assumed { node: "worker-1".into(), nominated: false });
    assert_eq!((first.last[0].verdicts[0].count, first.last[0].scores.len()), (1, 0), "one node: nothing to choose");

    cluster.apply(big("critical", CRITICAL)).settle();
    let critical = attempts(&cluster, "critical");
    let Outcome::Unschedulable { message, preempts: Some(preempts), backs_off_until } = &critical.last[0].outcome
    else {
        panic!("{critical:?}")
    };
    assert!(message.contains("preempting 1 victims"), "{message}");
    assert_eq!((preempts.node.as_str(), preempts.count), ("worker-1", 1));
    assert!(preempts.victims[0].name.starts_with("modest-"));
    assert_eq!(*backs_off_until, critical.last[0].at + 1_000);
    let cpu = &critical.last[0].verdicts[1];
    assert_eq!((&*cpu.reason, cpu.count, cpu.nodes.as_slice()), ("Insufficient cpu", 1, &["worker-1".to_owned()][..]));
    let last = critical.last.last().unwrap();
    assert_eq!(last.outcome, Outcome::Assumed { node: "worker-1".into(), nominated: true });
    assert_eq!((last.woken_by.event, &last.woken_by.object), ("AssignedPodDelete", &preempts.victims[0].to_string()));
    assert!(last.verdicts.is_empty(), "no other node was asked");

    // What comes in the victim's place waits for a change, and then for the end of its back-off,
    // unless there is nothing else to do.
    cluster.run(20_000);
    let before = attempts(&cluster, "modest").count;
    cluster.command(Command::LabelNode { name: "worker-1".into(), key: "a".into(), value: Some("b".into()) });
    cluster.settle();
    let modest = attempts(&cluster, "modest");
    assert_eq!(modest.count, before + 1);
    let woken = &modest.last.last().unwrap().woken_by;
    assert_eq!(
        (woken.event, woken.object.as_str(), woken.through),
        ("NodeUpdateNodeLabel", "worker-1", Queues::Active)
    );
    let change =
        |value: &str| Command::LabelNode { name: "worker-1".into(), key: "a".into(), value: Some(value.into()) };
    cluster.command(change("c")).run(200).command(change("d")).settle();
    let modest = attempts(&cluster, "modest");
    let [.., before, last] = modest.last.as_slice() else { panic!("{modest:?}") };
    assert_eq!(last.woken_by.through, Queues::Backoff);
    assert!(last.at < before.at + 1_000, "the change is not waited out");
}

#[test]
fn a_back_off_is_kept_while_others_wait_for_their_turn() {
    let mut cluster = Cluster::new(1);
    cluster.world = World::new(42, Knobs { scheduling_cycle_ms: 600, ..Knobs::default() }, vec![node("worker-1")]);
    cluster.apply(big("modest", "")).settle().apply(big("late", "")).settle();
    let change =
        |value: &str| Command::LabelNode { name: "worker-1".into(), key: "a".into(), value: Some(value.into()) };
    cluster.command(change("b")).run(700);
    assert_eq!(attempts(&cluster, "late").count, 2);
    for name in ["p", "q", "r", "s", "t"] {
        cluster.apply(big(name, ""));
    }
    cluster.command(change("c")).settle();
    let late = attempts(&cluster, "late");
    let [.., before, last] = late.last.as_slice() else { panic!("{late:?}") };
    assert_eq!(last.woken_by.through, Queues::BackoffThenActive);
    assert!(last.at >= before.at + 2_000);
}

#[test]
fn attempts_go_with_the_pod() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    let key = cluster.pods()[0].key();
    assert!(cluster.world.attempts(&key).is_some(), "they outlast the binding");
    cluster.command(Command::DeletePod { key: key.clone() }).settle();
    assert_eq!(cluster.world.attempts(&key), None);
    assert_eq!(attempts(&cluster, "nginx").count, 1);
}
