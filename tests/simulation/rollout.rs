//! Rolling updates: budgets, surge, stuck rollouts, history.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::sim::Command;

fn strategy(unavailable: &str, surge: &str) -> String {
    format!("  updateStrategy: {{rollingUpdate: {{maxUnavailable: {unavailable}, maxSurge: {surge}}}}}\n")
}

fn check_budget(workers: usize, unavailable: &str, at_most: usize) {
    let mut cluster = Cluster::new(workers);
    let spec = strategy(unavailable, "0");
    cluster.apply(nginx("nginx:1.27", "", &spec)).settle();
    let mut least = workers;
    cluster.apply(nginx("nginx:1.28", "", &spec)).settle_watching(|cluster| least = least.min(cluster.available(0)));
    assert_eq!(workers - least, at_most, "{unavailable} of {workers}: the budget is kept, and used");
    assert_eq!(cluster.images(), ["nginx:1.28"].into());
    let all = i32::try_from(workers).unwrap();
    assert_eq!(cluster.columns(), [all, all, all, all, all, 0]);
}

#[test]
fn never_more_unavailable_than_allowed() {
    check_budget(4, "1", 1);
    check_budget(6, "2", 2);
    check_budget(7, "30%", 3);
}

#[test]
fn surge_keeps_every_node_served() {
    let mut cluster = Cluster::new(4);
    let spec = strategy("0", "2");
    cluster.apply(nginx("nginx:1.27", "", &spec)).settle();
    let mut most = 0;
    cluster.apply(nginx("nginx:1.28", "", &spec)).settle_watching(|cluster| {
        assert_eq!(cluster.ready_on().len(), 4, "at {}", cluster.world.now());
        most = most.max(cluster.pods().iter().filter(|pod| !pod.is_deleting()).count());
    });
    assert_eq!(most, 6, "two nodes at a time have two pods");
    assert_eq!(cluster.images(), ["nginx:1.28"].into());
}

#[test]
fn min_ready_seconds_slow_a_rollout_down() {
    let mut cluster = Cluster::new(2);
    let spec = "  minReadySeconds: 20\n";
    cluster.apply(nginx("nginx:1.27", "", spec)).settle();
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
    let began = cluster.world.now();
    cluster.apply(nginx("nginx:1.28", "", spec)).settle();
    let took_s = cluster.world.now().since(began) / 1_000;
    assert!((40..70).contains(&took_s), "two nodes, one after another, 20 s each: {took_s} s");
}

#[test]
fn on_delete_waits_for_somebody_to_delete() {
    let mut cluster = Cluster::new(2);
    let spec = "  updateStrategy: {type: OnDelete}\n";
    cluster.apply(nginx("nginx:1.27", "", spec)).settle().apply(nginx("nginx:1.28", "", spec)).settle();
    assert_eq!(cluster.images(), ["nginx:1.27"].into());
    assert_eq!(cluster.columns(), [2, 2, 2, 0, 2, 0]);
    assert_eq!(cluster.revisions(), [1, 2], "the new template has its revision all the same");
    let key = cluster.pods()[0].key();
    cluster.command(Command::DeletePod { key }).settle();
    assert_eq!(cluster.columns(), [2, 2, 2, 1, 2, 0]);
}

#[test]
fn a_bad_image_stops_the_rollout_and_undo_touches_only_broken_pods() {
    let mut cluster = Cluster::new(3);
    cluster.apply(nginx("nginx:1.27", "", "")).settle().apply(nginx("nginx:bad", "", "")).run(60_000);
    assert_eq!(cluster.columns(), [3, 3, 2, 1, 2, 0]);
    let survivors: Vec<String> =
        cluster.pods().iter().filter(|pod| pod.is_ready()).map(|pod| pod.metadata.name.clone()).collect();
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    assert_eq!(cluster.columns(), [3, 3, 3, 3, 3, 0]);
    let names: Vec<String> = cluster.pods().iter().map(|pod| pod.metadata.name.clone()).collect();
    assert!(survivors.len() == 2 && survivors.iter().all(|name| names.contains(name)));
    assert_eq!(cluster.revisions(), [2, 3], "the old template comes back under the highest number");
}

#[test]
fn a_crash_loop_backs_off() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:crash", "", "")).run(60_000);
    let pod = cluster.pods()[0].clone();
    let restarts = pod.status.container_statuses[0].restart_count;
    assert!((3..=5).contains(&restarts), "{restarts}");
    assert!(!cluster.recorded("BackOff").is_empty());
}

#[test]
fn history_is_limited() {
    let mut cluster = Cluster::new(1);
    for version in 1..=5 {
        cluster.apply(nginx(&format!("nginx:1.{version}"), "", "  revisionHistoryLimit: 2\n")).settle();
    }
    assert_eq!(cluster.revisions(), [3, 4, 5]);
}
