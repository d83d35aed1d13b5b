//! Cordon and drain, as in recording 11.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::rules::drain::DrainOptions;
use daemonset_playground::sim::{Cascade, Command, Fact};

fn drain(options: DrainOptions) -> Command {
    Command::DrainNode { name: "worker-1".into(), options }
}

fn running() -> Cluster {
    let mut cluster = Cluster::new(2);
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    cluster
}

fn is_cordoned(cluster: &Cluster) -> bool {
    cluster.world.store().nodes["worker-1"].spec.unschedulable
}

const IGNORING: DrainOptions =
    DrainOptions { ignore_daemonsets: true, force: false, delete_emptydir_data: false, grace_period_seconds: None };

#[test]
fn a_refused_drain_has_cordoned_all_the_same() {
    let mut cluster = running();
    cluster.command(drain(DrainOptions::default())).settle();
    assert!(is_cordoned(&cluster));
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);

    let pod = cluster.pods().into_iter().find(|pod| pod.node_name.as_deref() == Some("worker-1")).unwrap().key();
    let refusal = cluster.world.apply(&drain(DrainOptions::default())).unwrap_err().message;
    let why = format!("cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {pod}");
    let want = format!(
        "error: unable to drain node \"worker-1\" due to error: {why}, continuing command...\n\
         There are pending nodes to be drained:\n worker-1\n{why}"
    );
    assert_eq!(refusal, want);
}

#[test]
fn daemon_pods_stay_and_come_back_on_a_drained_node() {
    let mut cluster = running();
    cluster.command(drain(IGNORING)).settle();
    assert!(is_cordoned(&cluster));
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
    let warning = cluster.world.drain("worker-1", &IGNORING).warning();
    assert!(warning.starts_with("Warning: ignoring DaemonSet-managed Pods: default/nginx-"), "{warning}");

    let key = cluster.pods().into_iter().find(|pod| pod.node_name.as_deref() == Some("worker-1")).unwrap().key();
    cluster.command(Command::DeletePod { key }).settle();
    assert_eq!(cluster.ready_on(), ["worker-1", "worker-2"].into());
}

#[test]
fn pods_that_nobody_owns_go_by_force_only() {
    let mut cluster = running();
    cluster.delete(Cascade::Orphan).settle().command(drain(IGNORING)).settle();
    assert_eq!(cluster.ready_on(), ["worker-1", "worker-2"].into());

    let options = DrainOptions { force: true, grace_period_seconds: Some(5), ..IGNORING };
    cluster.command(drain(options)).settle();
    assert_eq!(cluster.ready_on(), ["worker-2"].into());
    let commanded = cluster.events.iter().rev().find_map(|event| match &event.fact {
        Fact::Commanded { kubectl } => Some(kubectl.as_str()),
        _ => None,
    });
    assert_eq!(commanded, Some("kubectl drain worker-1 --ignore-daemonsets --force --grace-period=5"));
}

#[test]
fn an_unknown_node_is_refused() {
    let command = Command::DrainNode { name: "nosuch".into(), options: IGNORING };
    let refusal = running().world.apply(&command).unwrap_err().message;
    assert_eq!(refusal, "Error from server (NotFound): nodes \"nosuch\" not found");
}
