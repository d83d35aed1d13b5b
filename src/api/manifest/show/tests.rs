//! Who is named for what.

use super::*;
use crate::api::manifest::{Object, read};
use crate::api::{FoundObject, Packer, Pod};
use std::rc::Rc;

fn packed(object: &FoundObject) -> Vec<u8> {
    let mut packer = Packer::default();
    packer.put(object);
    packer.finish(String::new(), String::new()).packed
}

const MANIFEST: &str = "apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      tolerations:
      - operator: Exists
        effect: NoSchedule
      containers:
      - name: main
        image: agent:1
        resources: {requests: {cpu: 0.1}}
";

/// Lines that somebody added, with who did.
fn added(printed: &Printed) -> Vec<String> {
    let lines = printed.text.lines().zip(&printed.by).filter(|(_, by)| **by != By::Author as u8);
    lines.map(|(line, by)| format!("{} | {}", line.trim(), By::ALL[usize::from(*by)].0)).collect()
}

fn daemon_set() -> crate::api::DaemonSet {
    *read(MANIFEST).into_daemon_set().unwrap()
}

#[test]
fn a_daemon_set_is_held_against_what_was_applied() {
    let subject = Subject {
        packed: packed(&FoundObject::DaemonSet(daemon_set())),
        base: MANIFEST.to_owned(),
        ..Subject::default()
    };
    let printed = show(&subject);
    assert_eq!(printed.text.lines().count(), printed.by.len());
    assert_eq!(printed.basis, Basis::Applied);
    let added = added(&printed);
    for want in [
        "deprecated.daemonset.template.generation: \"0\" | API server",
        "creationTimestamp: \"2026-01-01T00:00:00Z\" | API server",
        "revisionHistoryLimit: 10 | default",
        "- image: agent:1 | changed since",
        "imagePullPolicy: IfNotPresent | default",
        "dnsPolicy: ClusterFirst | default",
        "maxSurge: 0 | default",
        "status: | DaemonSet controller",
        "numberReady: 0 | DaemonSet controller",
    ] {
        assert_eq!(added.iter().any(|line| line == want), !want.contains("since"), "{want} in {added:#?}");
    }
    // What is written otherwise means the same.
    assert!(!added.iter().any(|line| line.starts_with("cpu:") || line.starts_with("namespace:")), "{added:#?}");
}

#[test]
fn what_others_changed_is_no_default() {
    let mut daemon_set = daemon_set();
    daemon_set.metadata.labels_mut().insert("mine".to_owned(), "1".to_owned());
    let template = Rc::make_mut(&mut daemon_set.spec.template);
    template.metadata.annotations.insert("restartedAt".to_owned(), "now".to_owned());
    template.spec.containers[0].image = "agent:2".to_owned();
    template.spec.host_network = true;
    let subject = Subject {
        packed: packed(&FoundObject::DaemonSet(daemon_set)),
        base: MANIFEST.to_owned(),
        ..Subject::default()
    };
    let since: Vec<_> = added(&show(&subject)).into_iter().filter(|line| line.ends_with("changed since")).collect();
    let want = ["labels:", "mine: \"1\"", "annotations:", "restartedAt: now", "- image: agent:2", "hostNetwork: true"];
    assert_eq!(since, want.map(|line| format!("{line} | changed since")));
}

#[test]
fn what_is_hidden_leaves_yaml_that_reads() {
    let check = |hidden: Hidden, lacks: &[&str], has: &[&str]| {
        let subject = Subject {
            packed: packed(&FoundObject::DaemonSet(daemon_set())),
            base: MANIFEST.to_owned(),
            hidden,
            ..Subject::default()
        };
        let text = show(&subject).text;
        for word in lacks {
            assert!(!text.contains(word), "{word} in\n{text}");
        }
        for word in has {
            assert!(text.contains(word), "{word} not in\n{text}");
        }
        let read = read(&text);
        assert!(!read.has_errors() && matches!(read.objects[0].object, Object::DaemonSet(_)), "{:?}", read.problems);
    };
    let all = Hidden::default();
    check(Hidden { status: true, ..all }, &["status:"], &["dnsPolicy", "creationTimestamp"]);
    check(
        Hidden { noted: true, ..all },
        &["creationTimestamp", "last-applied", "annotations"],
        &["status", "dnsPolicy"],
    );
    let written =
        ["tolerations:\n      - effect: NoSchedule\n        operator: Exists", "- image: agent:1\n        name: main"];
    check(Hidden { added: true, ..all }, &["dnsPolicy", "status", "imagePullPolicy", "uid"], &written);
}

#[test]
fn a_pod_is_held_against_its_template() {
    let daemon_set = daemon_set();
    let mut pod = Pod { spec: Rc::new(daemon_set.spec.template.spec.clone()), ..Pod::default() };
    let own = Toleration::exists("node.kubernetes.io/not-ready", crate::api::TaintEffect::NoExecute);
    Rc::make_mut(&mut pod.spec).tolerations.push(own.clone());
    pod.metadata.name = "agent-x".to_owned();
    pod.metadata.labels_mut().insert("app".to_owned(), "agent".to_owned());
    pod.metadata.labels_mut().insert("controller-revision-hash".to_owned(), "1".to_owned());
    pod.metadata.labels_mut().insert("mine".to_owned(), "1".to_owned());
    (pod.pinned_to, pod.node_name) = (Some("a".to_owned()), Some("a".to_owned()));
    let subject = Subject {
        packed: packed(&FoundObject::Pod(pod)),
        template: Some(Box::new((*daemon_set.spec.template).clone())),
        tolerations: vec![own],
        owner: "agent".to_owned(),
        qos: "Burstable".to_owned(),
        base: MANIFEST.replace("name: agent", "name: agent\n  namespace: ''"),
        ..Subject::default()
    };
    let added = added(&show(&subject));
    for want in [
        "controller-revision-hash: \"1\" | DaemonSet controller",
        "mine: \"1\" | changed since",
        "name: agent-x | API server",
        "affinity: | DaemonSet controller",
        "- a | DaemonSet controller",
        "- effect: NoExecute | DaemonSet controller",
        "key: node.kubernetes.io/not-ready | DaemonSet controller",
        "nodeName: a | scheduler",
        "priority: 0 | admission: Priority",
        "serviceAccountName: default | admission: ServiceAccount",
        "volumeMounts: | admission: ServiceAccount",
        "path: token | admission: ServiceAccount",
        "schedulerName: default-scheduler | default",
        "phase: Pending | API server",
        "qosClass: Burstable | API server",
    ] {
        assert!(added.iter().any(|line| line == want), "{want} not in {added:#?}");
    }
    for line in ["app: agent", "- effect: NoSchedule", "operator: Exists | default", "cpu:"] {
        assert!(!added.iter().any(|added| added.starts_with(line)), "{line} in {added:#?}");
    }
}

#[test]
fn what_is_no_object_is_no_text() {
    assert_eq!(show(&Subject { packed: vec![9, 9], ..Subject::default() }), Printed::default());
}
