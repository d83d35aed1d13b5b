//! The files that containers leave on their node, over time.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::rules::node_files::NodeFile;
use daemonset_playground::sim::{Cascade, Command};

const NODE: &str = "worker-1";

/// Paths below `/var/log/pods/<pod>/` of logs, in their order; of links only that each has its log.
fn logs(cluster: &Cluster) -> Vec<String> {
    let files = cluster.world.node_files(NODE);
    let (links, logs): (Vec<NodeFile>, Vec<NodeFile>) = files.into_iter().partition(|file| file.target.is_some());
    for link in links {
        assert!(link.path.starts_with("/var/log/containers/nginx-"), "{}", link.path);
        assert!(logs.iter().any(|log| Some(&log.path) == link.target.as_ref()), "{}", link.path);
    }
    let within = |file: &NodeFile| file.path.splitn(6, '/').nth(5).unwrap().to_owned();
    logs.iter().map(within).collect()
}

#[test]
fn each_run_has_a_file_and_the_last_two_are_kept() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:crash", "", ""));
    assert_eq!(logs(&cluster), Vec::<String>::new(), "nothing has run");
    let restarts = |cluster: &Cluster, wanted: i32, runs: bool| {
        cluster.pods().iter().flat_map(|pod| &pod.status.container_statuses).any(|status| {
            status.restart_count == wanted && status.started == runs && (runs || status.last_state.is_some())
        })
    };
    cluster.run_until(|cluster| restarts(cluster, 0, true));
    assert_eq!(logs(&cluster), ["nginx/0.log"]);
    cluster.run_until(|cluster| restarts(cluster, 1, true));
    assert_eq!(logs(&cluster), ["nginx/1.log", "nginx/0.log"]);
    cluster.run_until(|cluster| restarts(cluster, 1, false));
    assert_eq!(logs(&cluster), ["nginx/1.log"]);
    cluster.run_until(|cluster| restarts(cluster, 2, true));
    assert_eq!(logs(&cluster), ["nginx/2.log", "nginx/1.log"]);
}

#[test]
fn logs_are_rotated_and_go_with_their_pod_at_the_next_garbage_collection() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:1", "", "")).settle().run(330_000);
    let rotated = logs(&cluster);
    assert_eq!(rotated.len(), 2, "{rotated:?}");
    assert!(rotated[1].starts_with("nginx/0.log.20260101-0005"), "{rotated:?}");
    cluster.run(3_600_000);
    let rotated = logs(&cluster);
    assert_eq!(rotated.len(), 5, "{rotated:?}");
    assert_eq!(rotated.iter().filter(|path| path.ends_with(".gz")).count(), 3, "{rotated:?}");

    let before = cluster.world.node_files(NODE);
    let key = cluster.pods()[0].key();
    cluster.command(Command::DeletePod { key: key.clone() });
    cluster.run_until(|cluster| !cluster.world.store().pods.contains_key(&key));
    cluster.run(1_000);
    let left = |cluster: &Cluster| {
        let files = cluster.world.node_files(NODE);
        files.iter().filter(|file| before.iter().any(|old| old.path == file.path)).count()
    };
    assert_eq!(left(&cluster), before.len(), "the pod is gone, its logs are not yet");
    cluster.run(60_000);
    assert_eq!(left(&cluster), 0);
    assert_eq!(logs(&cluster), ["nginx/0.log"], "of its successor");
    cluster.delete(Cascade::Background).settle().run(60_000);
    assert_eq!(logs(&cluster), Vec::<String>::new());
}
