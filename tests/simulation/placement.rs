//! Pods come and go with nodes, labels and taints.

use crate::cluster::{Cluster, nginx, node};
use daemonset_playground::api::TaintEffect;
use daemonset_playground::sim::Command;
use daemonset_playground::view::added::added;
use daemonset_playground::view::explain::explain;

fn add(cluster: &mut Cluster, name: &str) {
    cluster.command(Command::AddNode { node: Box::new(node(name)) });
}

#[test]
fn one_pod_on_every_eligible_node() {
    let mut cluster = Cluster::new(3);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    assert_eq!(cluster.columns(), [3, 3, 3, 3, 3, 0]);
    assert_eq!(cluster.ready_on(), ["worker-1", "worker-2", "worker-3"].into());
    add(&mut cluster, "worker-4");
    add(&mut cluster, "worker-5");
    cluster.settle();
    assert_eq!(cluster.columns(), [5, 5, 5, 5, 5, 0]);
    assert_eq!(cluster.recorded("SuccessfulCreate").len(), 5);
}

#[test]
fn nothing_runs_on_a_node_that_is_not_ready_yet() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    add(&mut cluster, "worker-2");
    cluster.run(1_000);
    assert_eq!(cluster.columns()[0], 1, "the not-ready:NoSchedule taint of a new node is not tolerated");
    cluster.settle();
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
}

/// Recording 03: a NoSchedule taint alone changes no column.
#[test]
fn a_no_schedule_taint_leaves_the_columns_stale() {
    let mut cluster = Cluster::new(4);
    let tolerates = "      tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]\n";
    cluster.apply(nginx("nginx:1.27", tolerates, "")).settle();
    assert_eq!(cluster.columns(), [5, 5, 5, 5, 5, 0]);
    cluster.taint("worker-1", TaintEffect::NoSchedule).settle();
    assert_eq!(cluster.columns(), [5, 5, 5, 5, 5, 0], "nothing made the controller sync");
    assert_eq!(cluster.pods().len(), 5);
    let fresh = cluster.world.fresh_status(&Cluster::key()).unwrap();
    assert_eq!((fresh.desired_number_scheduled, fresh.number_misscheduled), (4, 1));
    let two = "  updateStrategy: {rollingUpdate: {maxUnavailable: 2}}\n";
    cluster.apply(nginx("nginx:1.27", tolerates, two)).settle();
    assert_eq!(cluster.columns(), [4, 4, 4, 4, 4, 1], "any sync brings the truth");
    cluster.command(Command::UntaintNode { name: "worker-1".into(), key: "dedicated".into(), effect: None }).settle();
    assert_eq!(cluster.columns(), [5, 5, 5, 5, 5, 0], "misscheduled pods make the next node change count");
}

#[test]
fn a_misscheduled_pod_is_not_made_again() {
    let mut cluster = Cluster::new(3);
    cluster.apply(nginx("nginx:1.27", "", "")).settle().taint("worker-1", TaintEffect::NoSchedule).settle();
    let key = cluster.pods().iter().find(|pod| pod.node_name.as_deref() == Some("worker-1")).unwrap().key();
    cluster.command(Command::DeletePod { key }).settle();
    assert_eq!(cluster.ready_on(), ["worker-2", "worker-3"].into());
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
}

#[test]
fn a_no_execute_taint_takes_the_pod_by_both_controllers() {
    let mut cluster = Cluster::new(3);
    cluster.apply(nginx("nginx:1.27", "", "")).settle().taint("worker-2", TaintEffect::NoExecute).settle();
    assert_eq!(cluster.ready_on(), ["worker-1", "worker-3"].into());
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
    let marks = cluster.recorded("TaintManagerEviction");
    assert_eq!(marks.len(), 1);
    assert!(marks[0].1.starts_with("Marking for deletion Pod default/nginx-"), "{marks:?}");
}

/// Both controllers are right, and so it goes on for ever.
#[test]
fn toleration_seconds_make_a_loop() {
    let mut cluster = Cluster::new(1);
    let for_ten = "      tolerations: [{key: dedicated, operator: Exists, effect: NoExecute, tolerationSeconds: 10}]\n";
    cluster.apply(nginx("nginx:1.27", for_ten, "")).settle().taint("worker-1", TaintEffect::NoExecute).run(60_000);
    let made = cluster.recorded("SuccessfulCreate").len();
    assert!((4..=7).contains(&made), "made {made} times in a minute");
    assert_eq!(cluster.columns()[0], 1);
}

#[test]
fn a_label_that_goes_takes_the_pod_with_it() {
    let mut cluster = Cluster::new(2);
    let label = |name: &str, value: Option<&str>| Command::LabelNode {
        name: name.into(),
        key: "disk".into(),
        value: value.map(Into::into),
    };
    cluster.apply(nginx("nginx:1.27", "      nodeSelector: {disk: ssd}\n", "")).settle();
    assert_eq!(cluster.columns(), [0; 6]);
    cluster.command(label("worker-2", Some("ssd"))).settle();
    assert_eq!(cluster.ready_on(), ["worker-2"].into());
    cluster.command(label("worker-2", None)).settle();
    assert!(cluster.pods().is_empty(), "IgnoredDuringExecution does not hold for daemon pods");
}

#[test]
fn a_cordoned_node_keeps_and_gets_daemon_pods() {
    let mut cluster = Cluster::new(1);
    cluster.command(Command::CordonNode { name: "worker-1".into(), unschedulable: true }).settle();
    let taints = &cluster.world.store().nodes["worker-1"].spec.taints;
    assert_eq!(taints[0].to_string(), "node.kubernetes.io/unschedulable:NoSchedule");
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    assert_eq!(cluster.ready_on(), ["worker-1"].into());
}

#[test]
fn a_full_node_counts_and_its_pod_waits() {
    let mut cluster = Cluster::new(2);
    let mut greedy = nginx("nginx:1.27", "", "");
    let template = std::rc::Rc::make_mut(&mut greedy.spec.template);
    template.spec.containers[0].resources = serde_json::from_str(r#"{"requests":{"cpu":"5"}}"#).unwrap();
    cluster.apply(greedy).settle();
    assert_eq!(cluster.columns(), [2, 2, 0, 2, 0, 0]);
    let failed = cluster.recorded("FailedScheduling");
    assert_eq!(
        failed[0].1,
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. \
         preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    );
}

/// What the controller, admission and the scheduler put into a pod, against its own template.
#[test]
fn a_pod_says_what_it_has_beyond_its_template() {
    let mut cluster = Cluster::new(1);
    let own = "      nodeSelector: {}\n      priorityClassName: system-node-critical\n      \
               tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]\n      \
               affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [\
               {matchExpressions: [{key: kubernetes.io/os, operator: Exists}]}]}}}\n";
    cluster.apply(nginx("nginx:1.27", own, "")).settle();
    let pod = cluster.pods()[0].key();
    let lines = |cluster: &Cluster, by: &str| {
        let parts = added(&cluster.world, &pod);
        let part = parts.into_iter().find(|part| part.by == by);
        let lines = part.into_iter().flat_map(|part| part.lines).map(|line| format!("{} {}", line.sign, line.text));
        lines.collect::<Vec<_>>()
    };
    let controller = lines(&cluster, "DaemonSet controller");
    assert!(controller[0].starts_with("+ metadata.labels controller-revision-hash="), "{controller:?}");
    assert_eq!(
        controller[1..],
        [
            "+ metadata.labels pod-template-generation=1",
            "+ metadata.ownerReferences DaemonSet nginx",
            "~ spec.affinity.nodeAffinity required: metadata.name In [worker-1] instead of kubernetes.io/os Exists",
            "~ spec.tolerations node.kubernetes.io/not-ready:NoExecute op=Exists instead of \
             node.kubernetes.io/not-ready:NoExecute op=Exists for 5s",
            "+ spec.tolerations node.kubernetes.io/unreachable:NoExecute op=Exists",
            "+ spec.tolerations node.kubernetes.io/disk-pressure:NoSchedule op=Exists",
            "+ spec.tolerations node.kubernetes.io/memory-pressure:NoSchedule op=Exists",
            "+ spec.tolerations node.kubernetes.io/pid-pressure:NoSchedule op=Exists",
            "+ spec.tolerations node.kubernetes.io/unschedulable:NoSchedule op=Exists",
        ]
    );
    let admission =
        ["+ spec.priority 2000001000 of system-node-critical", "+ spec.preemptionPolicy PreemptLowerPriority"];
    assert_eq!(lines(&cluster, "Admission"), admission);
    assert_eq!(lines(&cluster, "Scheduler"), ["+ spec.nodeName worker-1", "+ status.conditions PodScheduled=True"]);
    assert!(lines(&cluster, "Kubelet").contains(&"+ status.conditions Ready=True".to_owned()));
    assert_eq!(lines(&cluster, "Somebody else"), [""; 0]);
    // Another template does not change what this pod was made of.
    cluster.apply(nginx("nginx:1.28", "", "  updateStrategy: {type: OnDelete}\n")).settle();
    assert_eq!(lines(&cluster, "DaemonSet controller"), controller);
}

/// The columns' nodes are those that the status counts, and the scheduler's word is the one it
/// would have on a new pod.
#[test]
fn columns_and_the_scheduler_name_nodes() {
    let mut cluster = Cluster::new(3);
    let mut greedy = nginx("nginx:1.27", "", "");
    let template = std::rc::Rc::make_mut(&mut greedy.spec.template);
    template.spec.containers[0].resources = serde_json::from_str(r#"{"requests":{"cpu":"3"}}"#).unwrap();
    template.spec.containers[0].ports = serde_json::from_str(r#"[{"containerPort":80,"hostPort":80}]"#).unwrap();
    cluster.apply(greedy).settle().taint("worker-1", TaintEffect::NoSchedule).settle();
    let rows = explain(&cluster.world, &Cluster::key()).unwrap().rows;
    let counted: Vec<(&str, [bool; 6])> = rows.iter().map(|row| (row.node.as_str(), row.counted)).collect();
    let (nothing, misscheduled) = ([false; 6], [false, false, false, false, false, true]);
    let all = [true, true, true, true, true, false];
    assert_eq!(counted, [("control-plane", nothing), ("worker-1", misscheduled), ("worker-2", all), ("worker-3", all)]);
    // Its own pod does not stand in its way.
    let scheduler =
        |cluster: &Cluster, node: usize| explain(&cluster.world, &Cluster::key()).unwrap().rows[node].scheduler.clone();
    assert_eq!((scheduler(&cluster, 1), scheduler(&cluster, 2)), (None, Some(vec![])));
    let mut other = nginx("nginx:1.27", "", "");
    other.metadata.name = "other".into();
    cluster.apply(other).settle();
    let key = daemonset_playground::api::Key::new("default", "other");
    let mut greedy = (*cluster.world.store().daemon_sets[&key]).clone();
    let template = std::rc::Rc::make_mut(&mut greedy.spec.template);
    template.spec.containers[0].resources = serde_json::from_str(r#"{"requests":{"cpu":"2"}}"#).unwrap();
    cluster.apply(greedy).settle();
    let words = explain(&cluster.world, &key).unwrap().rows[2].scheduler.clone();
    assert_eq!(words, Some(vec!["Insufficient cpu".to_owned()]));
}
