//! A pasted cluster goes on from where it was found.

use daemonset_playground::api::manifest::{self, MAX_TEXT_BYTES, read};
use daemonset_playground::api::{ConditionStatus, ContainerState, DaemonSet, Key, Phase, Pod, TaintEffect};
use daemonset_playground::app::{Intent, Notice, NoticeKind, Preset, Session};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Command, Fault, World};
use daemonset_playground::timeline::{Rebuild, Scenario, Timeline};
use daemonset_playground::view::explain::explain;
use std::fmt::Write;

const KIND: &str = include_str!("../fixtures/kind.yaml");

fn scenario(text: &str) -> Scenario {
    let reading = read(text);
    assert!(!reading.has_errors(), "{:?}", reading.problems);
    Scenario { found: Some(reading.found.unwrap().into()), ..Scenario::default() }
}

fn rebuilt(text: &str) -> Timeline {
    Timeline::new(scenario(text)).unwrap()
}

fn apply(session: &mut Session, text: &str) -> Option<Notice> {
    let applied = manifest::apply(text, *session.cluster(text));
    session.dispatch(Intent::Apply(Box::new(applied)))
}

fn pod<'a>(world: &'a World, name: &str) -> &'a Pod {
    world.store().pods.values().find(|pod| pod.metadata.name == name).unwrap()
}

fn agent() -> Key {
    Key::new("monitoring", "node-agent")
}

fn status_words(world: &World, key: &Key) -> (i32, i32, i32, i32) {
    let status = &world.store().daemon_sets.get(key).unwrap().status;
    (status.desired_number_scheduled, status.number_ready, status.number_misscheduled, status.updated_number_scheduled)
}

#[test]
fn the_cluster_is_as_it_was_found() {
    let mut timeline = rebuilt(KIND);
    timeline.run(Time(600_000), 100_000);
    let world = timeline.world();
    let store = world.store();
    assert_eq!((store.nodes.len(), store.pods.len(), store.daemon_sets.len(), store.revisions.len()), (4, 8, 2, 2));
    assert_eq!(store.nodes.get("lab-worker2").unwrap().label("topology.kubernetes.io/zone"), Some("b"));
    assert_eq!(world.fault("lab-worker3"), Some(Fault::Unreachable));
    let lost = store.nodes.get("lab-worker3").unwrap();
    assert_eq!((lost.ready(), lost.spec.taints.len()), (ConditionStatus::Unknown, 2));
    // Stored status: what the controller wrote, until it has a reason to sync.
    assert_eq!(status_words(world, &agent()), (1, 0, 1, 1));
    let failing = pod(world, "node-agent-c8l5w");
    assert_eq!((failing.status.phase, failing.status.container_statuses[0].restart_count), (Phase::Running, 9));
    assert!(matches!(&failing.status.container_statuses[0].state,
        ContainerState::Waiting { reason, .. } if reason == "CrashLoopBackOff"));
    assert_eq!(failing.status.container_statuses[0].last_state.unwrap().reason, "OOMKilled");
    assert!(pod(world, "node-agent-old77").is_deleting());
    assert_eq!(pod(world, "coredns-66bc5c9577-4k2mx").node_name.as_deref(), Some("lab-worker"));
    // Ages count from the paste's present, the latest heartbeat.
    assert_eq!(store.nodes.get("lab-worker").unwrap().metadata.creation_timestamp, Time(-(39 * 60 + 32) * 1_000));
    let (logged, _) = timeline.event_count();
    assert_eq!(logged, 0, "{:?}", timeline.events(0, 9).collect::<Vec<_>>());
}

#[test]
fn why_a_pod_is_missing_is_explained_at_once() {
    let timeline = rebuilt(KIND);
    let explanation = explain(timeline.world(), &agent()).unwrap();
    let check = |node: &str, runs: bool, stays: bool, because: &str| {
        let row = explanation.rows.iter().find(|row| row.node == node).unwrap();
        assert_eq!((row.should_run, row.should_continue_running), (runs, stays), "{row:?}");
        assert!(row.because.join("; ").contains(because), "{row:?}");
    };
    check("lab-worker", true, true, "");
    check("lab-worker2", false, true, "dedicated=gpu:NoSchedule");
    check("lab-control-plane", false, true, "node-role.kubernetes.io/control-plane:NoSchedule");
    check("lab-worker3", false, true, "node.kubernetes.io/unreachable:NoSchedule");
}

#[test]
fn pods_of_the_present_generation_are_up_to_date() {
    let mut timeline = rebuilt(KIND);
    // A reason to sync.
    timeline
        .insert(vec![Command::UntaintNode { name: "lab-worker2".into(), key: "dedicated".into(), effect: None }])
        .unwrap();
    timeline.run(Time(120_000), 100_000);
    let world = timeline.world();
    // Both proxies' and the agent's pods stay; the missing one came, and is ready.
    assert_eq!(world.store().pods.len(), 9);
    assert_eq!(status_words(world, &agent()), (2, 1, 1, 2));
    let new = world.store().pods.values().find(|pod| pod.metadata.creation_timestamp > Time::ZERO).unwrap();
    assert_eq!(new.label("controller-revision-hash"), Some("7d4b9f6c8"));
    assert_eq!((new.label("pod-template-generation"), new.node_name.as_deref()), (Some("3"), Some("lab-worker2")));
    assert_eq!(pod(world, "kube-proxy-q7x2k").metadata.uid, "7a000000-0000-4000-b000-000000000000");
}

#[test]
fn a_lost_machine_can_be_repaired() {
    let mut timeline = rebuilt(KIND);
    timeline.insert(vec![Command::RepairNode { name: "lab-worker3".into() }]).unwrap();
    timeline.run(Time(180_000), 100_000);
    let world = timeline.world();
    let node = world.store().nodes.get("lab-worker3").unwrap();
    assert_eq!((node.ready(), node.spec.taints.as_slice()), (ConditionStatus::True, &[][..]));
    assert!(pod(world, "kube-proxy-zz9pl").is_ready());
    // The one that was being deleted is gone at last, and a new one has come.
    assert!(!world.store().pods.values().any(|pod| pod.metadata.name == "node-agent-old77"));
    assert_eq!(status_words(world, &agent()), (2, 1, 0, 2));
}

#[test]
fn what_is_under_way_goes_on() {
    // The pod is not bound yet; a node has a taint that evicts; a pod is being deleted on a machine that works.
    let text = KIND.replace("    nodeName: lab-worker\n    preemptionPolicy", "    preemptionPolicy").replacen(
        "      key: dedicated\n      value: gpu",
        "      key: maintenance\n    - effect: NoExecute\n      key: maintenance",
        1,
    );
    let mut timeline = rebuilt(&text);
    timeline.run(Time(120_000), 100_000);
    let world = timeline.world();
    assert_eq!(pod(world, "node-agent-c8l5w").node_name.as_deref(), Some("lab-worker"), "the scheduler binds it");
    let tolerant = pod(world, "kube-proxy-m5t8c");
    assert_eq!((tolerant.node_name.as_deref(), tolerant.is_deleting()), (Some("lab-worker2"), false));
    let text = KIND.replace("nodeName: lab-worker3", "nodeName: lab-worker").replace("- lab-worker3", "- lab-worker");
    let mut timeline = rebuilt(&text);
    timeline.run(Time(120_000), 100_000);
    assert!(!timeline.world().store().pods.values().any(|pod| pod.metadata.name == "node-agent-old77"));
}

#[test]
fn pods_of_nodes_that_are_not_there_are_collected() {
    let mut timeline = rebuilt(&KIND.replace("nodeName: lab-worker3", "nodeName: gone"));
    timeline.run(Time(120_000), 100_000);
    assert!(!timeline.world().store().pods.values().any(|pod| pod.node_name.as_deref() == Some("gone")));
}

#[test]
fn a_rebuilt_scenario_is_kept_and_replayed() {
    let scenario = scenario(KIND);
    let json = scenario.to_json().unwrap();
    assert_eq!(Scenario::from_json(&json).unwrap(), scenario);
    let mut slices = Rebuild::new(scenario.clone()).unwrap();
    let mut count = 0;
    while !slices.run(1) {
        count += 1;
    }
    assert!(count > 16);
    let (sliced, whole) = (slices.finish(), Timeline::new(scenario).unwrap());
    assert_eq!(sliced.world().digest(), whole.world().digest());
}

#[test]
fn replaces_the_cluster_in_one_act_that_can_be_undone_and_given_up() {
    let preset = Preset::find("nginx").unwrap();
    let mut session = Session::new(preset, preset.objects());
    session.advance(100.0);
    let before = session.world().digest();
    apply(&mut session, KIND);
    let notice = session.told().unwrap();
    assert_eq!(notice.kind, NoticeKind::Done);
    assert!(notice.text.starts_with("The cluster is rebuilt: 4 nodes, 2 DaemonSets and 8 pods."), "{notice:?}");
    assert!(notice.text.contains("deployment.apps/coredns (kube-system): kept, not simulated"), "{notice:?}");
    assert_eq!((session.world().store().nodes.len(), session.now()), (4, Time::ZERO));
    session.dispatch(Intent::Undo);
    assert_eq!(session.world().digest(), before);
    session.dispatch(Intent::Redo);
    assert_eq!(session.world().store().nodes.len(), 4);
    // A large one comes in slices: until it is whole, nothing is changed.
    let large = large_cluster(300);
    apply(&mut session, &large);
    assert!(session.told().is_none());
    let busy = session.snapshot().busy.unwrap();
    assert_eq!((busy.label.as_str(), session.world().store().nodes.len()), ("Rebuilding the cluster", 4));
    session.advance(16.0);
    assert!(session.snapshot().busy.unwrap().permille > busy.permille);
    session.dispatch(Intent::SetPlaying(false));
    assert!(session.snapshot().busy.is_none() && session.told().is_none());
    assert_eq!(session.world().store().nodes.len(), 4);
    apply(&mut session, &large);
    while session.snapshot().busy.is_some() {
        session.advance(16.0);
    }
    assert!(session.told().unwrap().text.contains("300 nodes, 3 DaemonSets and 897 pods"));
    let refused = apply(&mut session, &KIND.replace("restartCount: 9", "restartCount: x")).unwrap();
    assert_eq!(refused.kind, NoticeKind::Refused);
    assert_eq!(session.world().store().nodes.len(), 300);
}

#[test]
fn what_was_found_is_applied_to_by_what_was_last_applied() {
    let preset = Preset::find("nginx").unwrap();
    let mut session = Session::new(preset, preset.objects());
    apply(&mut session, KIND);
    let stored = |session: &Session| session.world().store().daemon_sets[&agent()].clone();
    let found = stored(&session);
    let manifest = |image: &str| {
        format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: node-agent, namespace: monitoring}}\nspec:\n  selector: {{matchLabels: \
             {{app: node-agent}}}}\n  template:\n    metadata: {{labels: {{app: node-agent}}}}\n    spec:\n      containers:\n      - {{name: \
             agent, image: 'registry.example/node-agent:{image}'}}\n"
        )
    };
    // What others have set stays: labels, amounts. What is the same rolls nothing out.
    let mut check = |image: &str, want: &str, generation: i64| {
        let notice = apply(&mut session, &manifest(image)).unwrap();
        assert_eq!(notice.text, format!("daemonset.apps/node-agent {want}"));
        let now = stored(&session);
        let amounts = |of: &DaemonSet| of.spec.template.spec.containers[0].resources.clone();
        assert_eq!((&now.metadata.labels, amounts(&now)), (&found.metadata.labels, amounts(&found)));
        assert_eq!(
            (now.template_generation(), now.spec.template == found.spec.template),
            (Some(generation), generation == 3)
        );
    };
    check("2.1", "configured", 3);
    check("2.1", "unchanged", 3);
    check("2.2", "configured", 4);
}

#[test]
fn a_cluster_of_hundreds_of_nodes_is_at_rest() {
    let text = large_cluster(300);
    assert!((1_000_000..MAX_TEXT_BYTES).contains(&text.len()), "{} bytes", text.len());
    let mut timeline = rebuilt(&text);
    timeline.run(Time(60_000), 100_000);
    assert_eq!(timeline.event_count().0, 0);
    // A taint that evicts the pods of one DaemonSet, and none of those that tolerate all.
    let taint = daemonset_playground::api::Taint::new("broken", TaintEffect::NoExecute);
    timeline.insert(vec![Command::TaintNode { name: "node-007".into(), taint }]).unwrap();
    timeline.run(Time(200_000), 100_000);
    assert_eq!(timeline.world().store().pods_on("node-007").count(), 2);
}

#[test]
fn limits_have_their_words() {
    let check = |text: &str, want: &str| {
        let reading = read(text);
        let told = reading.problems.iter().any(|problem| problem.is_error() && problem.message.contains(want));
        assert!(told && reading.found.is_none(), "{want}: {:?}", reading.problems.first());
    };
    check(&format!("{KIND}#{}", "x".repeat(MAX_TEXT_BYTES)), "no more than 3 MiB");
    check(
        &KIND.replacen("f:app: {}", &format!("f:app: {}{}", "[".repeat(60), "]".repeat(60)), 1),
        "nested deeper than 64",
    );
    // Not so many in aliases that go-yaml would refuse them.
    let bomb = format!("a: &a [{}]\nb: [{}]\n", "x,".repeat(300), "*a,".repeat(70));
    check(&format!("{KIND}---\n{bomb}"), "more than 20000 values (aliases expanded)");
    let small = "- {kind: Node, apiVersion: v1, metadata: {name: n%, uid: u%}, status: {conditions: [{type: Ready, status: 'True'}]}}\n";
    let nodes: String = (0..15_001).map(|n| small.replace('%', &n.to_string())).collect();
    check(&format!("apiVersion: v1\nkind: List\nitems:\n{nodes}"), "more than 15000 objects of kind Node");
}

/// As kubectl prints a cluster with three DaemonSets, of which one stays off three nodes.
fn large_cluster(nodes: usize) -> String {
    let mut text = "apiVersion: v1\nitems:\n".to_owned();
    let date = "2026-11-20T08:00:00Z";
    for n in 0..nodes {
        let taint =
            if n < 3 { "    taints:\n    - effect: NoSchedule\n      key: dedicated\n      value: db\n" } else { "" };
        let conditions: String = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"]
            .map(|kind| {
                let status = if kind == "Ready" { "True" } else { "False" };
                format!(
                    "    - lastHeartbeatTime: \"2026-11-20T09:00:00Z\"\n      lastTransitionTime: \"{date}\"\n      message: kubelet says so\n      reason: Kubelet\n      status: \"{status}\"\n      type: {kind}\n"
                )
            })
            .concat();
        let _ = write!(
            text,
            "- apiVersion: v1\n  kind: Node\n  metadata:\n    annotations:\n      node.alpha.kubernetes.io/ttl: \"0\"\n    creationTimestamp: \"{date}\"\n    labels:\n      kubernetes.io/hostname: node-{n:03}\n      kubernetes.io/os: linux\n    name: node-{n:03}\n    resourceVersion: \"{n}\"\n    uid: node-uid-{n}\n  spec:\n    podCIDR: 10.0.0.0/24\n{taint}  status:\n    allocatable:\n      cpu: \"8\"\n      memory: 16314104Ki\n      pods: \"110\"\n    capacity:\n      cpu: \"8\"\n      memory: 16314104Ki\n      pods: \"110\"\n    conditions:\n{conditions}    nodeInfo:\n      architecture: amd64\n      kubeletVersion: v1.37.2\n"
        );
    }
    for (name, tolerations) in [("agent", ""), ("proxy", "operator: Exists"), ("cni", "operator: Exists")] {
        let count = if tolerations.is_empty() { nodes - 3 } else { nodes };
        let tolerations =
            if tolerations.is_empty() { String::new() } else { format!("    tolerations:\n    - {tolerations}\n") };
        let spec = format!(
            "    containers:\n    - image: registry.example/{name}:1\n      imagePullPolicy: IfNotPresent\n      name: main\n      resources:\n        requests:\n          cpu: 50m\n          memory: 64Mi\n    restartPolicy: Always\n    terminationGracePeriodSeconds: 30\n{tolerations}"
        );
        let indented: String = spec.lines().map(|line| format!("    {line}\n")).collect();
        let _ = write!(
            text,
            "- apiVersion: apps/v1\n  kind: DaemonSet\n  metadata:\n    annotations:\n      deprecated.daemonset.template.generation: \"4\"\n    creationTimestamp: \"{date}\"\n    generation: 5\n    name: {name}\n    namespace: kube-system\n    uid: set-{name}\n  spec:\n    selector:\n      matchLabels:\n        app: {name}\n    template:\n      metadata:\n        labels:\n          app: {name}\n      spec:\n{indented}  status:\n    currentNumberScheduled: {count}\n    desiredNumberScheduled: {count}\n    numberAvailable: {count}\n    numberMisscheduled: 0\n    numberReady: {count}\n    observedGeneration: 5\n    updatedNumberScheduled: {count}\n"
        );
        for n in nodes - count..nodes {
            let conditions: String = ["Initialized", "Ready", "ContainersReady", "PodScheduled"]
                .map(|kind| {
                    format!("    - lastProbeTime: null\n      lastTransitionTime: \"{date}\"\n      status: \"True\"\n      type: {kind}\n")
                })
                .concat();
            let _ = write!(
                text,
                "- apiVersion: v1\n  kind: Pod\n  metadata:\n    creationTimestamp: \"{date}\"\n    generateName: {name}-\n    labels:\n      app: {name}\n      controller-revision-hash: 5d8c7\n      pod-template-generation: \"4\"\n    name: {name}-{n:05}\n    namespace: kube-system\n    ownerReferences:\n    - apiVersion: apps/v1\n      blockOwnerDeletion: true\n      controller: true\n      kind: DaemonSet\n      name: {name}\n      uid: set-{name}\n    uid: {name}-uid-{n}\n  spec:\n    affinity:\n      nodeAffinity:\n        requiredDuringSchedulingIgnoredDuringExecution:\n          nodeSelectorTerms:\n          - matchFields:\n            - key: metadata.name\n              operator: In\n              values:\n              - node-{n:03}\n    nodeName: node-{n:03}\n{spec}  status:\n    conditions:\n{conditions}    containerStatuses:\n    - image: registry.example/{name}:1\n      lastState: {{}}\n      name: main\n      ready: true\n      restartCount: 0\n      started: true\n      state:\n        running:\n          startedAt: \"{date}\"\n    phase: Running\n    startTime: \"{date}\"\n"
            );
        }
    }
    text + "kind: List\nmetadata:\n  resourceVersion: \"\"\n"
}
