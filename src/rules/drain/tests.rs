//! Recording 11: a bare pod `lonely`, a daemon pod and a pod of a ReplicaSet with an emptyDir
//! are on worker-1.

use super::*;
use crate::api::{OwnerReference, Phase, PodSpec};
use std::rc::Rc;

fn pod(name: &str, owner: &str, spec: &str) -> Pod {
    let mut pod = Pod { spec: Rc::new(serde_json::from_str::<PodSpec>(spec).unwrap()), ..Pod::default() };
    pod.metadata.namespace = "default".to_owned();
    pod.metadata.name = name.to_owned();
    if !owner.is_empty() {
        let owner = format!(r#"{{"apiVersion":"apps/v1","kind":"{owner}","name":"web","uid":"1","controller":true}}"#);
        pod.metadata.owner_references = vec![serde_json::from_str::<OwnerReference>(&owner).unwrap()].into();
    }
    pod.status.phase = Phase::Running;
    pod
}

fn recorded() -> Vec<Pod> {
    vec![
        pod("lonely", "", "{}"),
        pod("nginx-88z5d", "DaemonSet", "{}"),
        pod("web-fcbc5d6b6-8mzn5", "ReplicaSet", r#"{"volumes":[{"name":"cache","emptyDir":{}}]}"#),
    ]
}

fn options(flags: &str) -> DrainOptions {
    DrainOptions {
        ignore_daemonsets: flags.contains("--ignore-daemonsets"),
        force: flags.contains("--force"),
        delete_emptydir_data: flags.contains("--delete-emptydir-data"),
        grace_period_seconds: None,
    }
}

fn evicted(drain: &Drain) -> Vec<&str> {
    drain.evict.iter().map(|key| key.name.as_str()).collect()
}

#[test]
fn refuses_in_kubectls_words() {
    let lonely = "cannot delete Pods that declare no controller (use --force to override): default/lonely";
    let daemon = "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/nginx-88z5d";
    let local =
        "cannot delete Pods with local storage (use --delete-emptydir-data to override): default/web-fcbc5d6b6-8mzn5";
    let check = |flags: &str, all: &str, lines: &[&str]| {
        let pods = recorded();
        let error = plan(pods.iter(), &|_| true, &options(flags)).error("worker-1");
        let head = format!("error: unable to drain node \"worker-1\" due to error: {all}, continuing command...");
        let want = format!("{head}\nThere are pending nodes to be drained:\n worker-1\n{}", lines.join("\n"));
        assert_eq!(error, want, "{flags}");
    };
    check("", &format!("[{lonely}, {daemon}, {local}]"), &[lonely, daemon, local]);
    check("--ignore-daemonsets", &format!("[{lonely}, {local}]"), &[lonely, local]);
    check("--ignore-daemonsets --force", local, &[local]);
    check("--ignore-daemonsets --delete-emptydir-data", lonely, &[lonely]);
}

#[test]
fn evicts_with_a_warning() {
    let pods = recorded();
    let drain = plan(pods.iter(), &|_| true, &options("--ignore-daemonsets --delete-emptydir-data --force"));
    assert_eq!(drain.error("worker-1"), "");
    assert_eq!(evicted(&drain), ["lonely", "web-fcbc5d6b6-8mzn5"]);
    let want = "Warning: deleting Pods that declare no controller: default/lonely; ignoring DaemonSet-managed Pods: default/nginx-88z5d";
    assert_eq!(drain.warning(), want);
}

#[test]
fn finished_pods_and_orphans_of_a_daemon_set() {
    let mut pods = recorded();
    for pod in &mut pods {
        pod.status.phase = Phase::Failed;
    }
    let drain = plan(pods.iter(), &|_| true, &DrainOptions::default());
    assert_eq!(
        (evicted(&drain).len(), drain.warning(), drain.refusals.len()),
        (3, String::new(), 0),
        "all are done for"
    );

    let orphan = [pod("nginx-88z5d", "DaemonSet", "{}")];
    let drain = plan(orphan.iter(), &|_| false, &options("--ignore-daemonsets"));
    assert!(drain.error("n").ends_with("\ncannot delete daemonsets.apps \"web\" not found: default/nginx-88z5d"));
    assert_eq!(evicted(&plan(orphan.iter(), &|_| false, &options("--force"))), ["nginx-88z5d"]);
}
