//! Pods that compete for nodes: who waits, who goes, and where the rest end up.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::api::{DaemonSet, Key, Pod};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Cascade, Command, Event, Fact};
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
