//! Requests that the API server refuses and watches that lag: what components do about it, and
//! that nothing is lost.

use crate::cluster::{Cluster, nginx, node};
use daemonset_playground::api::PodConditionType;
use daemonset_playground::base::{Rare, Time};
use daemonset_playground::sim::{Cascade, Faults, Knobs, World};

/// A cluster with these faults in which a DaemonSet has been applied and all has come to rest.
fn faulty(seed: u64, workers: usize, faults: Faults) -> Cluster {
    let knobs = Knobs { faults: Rare(faults), ..Knobs::default() };
    let nodes = (1..=workers).map(|n| node(&format!("worker-{n}"))).collect();
    let mut cluster = Cluster { world: World::new(seed, knobs, nodes), events: Vec::new() };
    cluster.apply(nginx("nginx:1.27", "", "")).settle();
    cluster
}

/// One in which half of all requests are refused.
fn refusing(seed: u64, workers: usize) -> Cluster {
    faulty(seed, workers, Faults { refused_permille: 500, watch_lag_ms: 0 })
}

/// Whether all pods run, and the status says so.
fn all_well(cluster: &Cluster, workers: usize) {
    let n = i32::try_from(workers).unwrap();
    assert_eq!(cluster.ready_on().len(), workers);
    assert_eq!(cluster.pods().len(), workers);
    assert_eq!(cluster.columns(), [n, n, n, n, n, 0]);
}

#[test]
fn refused_creations_and_bindings_are_told_and_come_to_a_good_end() {
    let cluster = refusing(1, 8);
    all_well(&cluster, 8);
    let said = cluster.recorded("FailedCreate");
    assert!(!said.is_empty());
    assert!(said.iter().all(|(_, message)| message == "Error creating: etcdserver: request timed out"));
    let said = cluster.recorded("FailedScheduling");
    let message = "running Bind plugin \"DefaultBinder\": etcdserver: request timed out";
    assert!(!said.is_empty() && said.iter().all(|(_, said)| said == message), "{said:?}");
}

/// Of the batches of 1, 2 and 4, those after a failure are left out: the next creations are those
/// of the next sync, after the status (two requests of 40 ms) and the back-off of 5 ms.
#[test]
fn a_refused_creation_ends_the_slow_start() {
    let mut ended = 0;
    for seed in 0..20 {
        let cluster = refusing(seed, 7);
        let Some((failed_at, _)) = cluster.recorded("FailedCreate").first().cloned() else { continue };
        let created = cluster.recorded("SuccessfulCreate");
        let too_soon = |at: Time| at > failed_at && at.since(failed_at) < 85;
        assert!(!created.iter().any(|(at, _)| too_soon(*at)), "seed {seed}: {failed_at} {created:?}");
        ended += usize::from(created.iter().any(|(at, _)| *at > failed_at));
    }
    assert!(ended > 0, "no creation was refused");
}

#[test]
fn a_rollout_gets_through() {
    for seed in 0..10 {
        let mut cluster = refusing(seed, 5);
        cluster.apply(nginx("nginx:1.28", "", "")).settle();
        all_well(&cluster, 5);
        assert_eq!(cluster.images(), ["nginx:1.28"].into());
    }
}

/// No pod is deleted because its owner went before it was released.
#[test]
fn orphans_are_never_lost() {
    for seed in 0..20 {
        let mut cluster = refusing(seed, 5);
        cluster.delete(Cascade::Orphan).settle();
        assert!(cluster.world.store().daemon_sets.is_empty(), "seed {seed}");
        assert_eq!(cluster.ready_on().len(), 5, "seed {seed}");
        assert!(cluster.pods().iter().all(|pod| pod.metadata.owner_references.is_empty()));
        assert_eq!(cluster.last_removal(), None);
    }
}

#[test]
fn deletions_take_everything() {
    for cascade in [Cascade::Background, Cascade::Foreground] {
        let mut cluster = refusing(3, 5);
        cluster.delete(cascade).settle();
        let store = cluster.world.store();
        assert!(store.daemon_sets.is_empty() && store.pods.is_empty() && store.revisions.is_empty(), "{cascade:?}");
    }
}

/// What a kubelet could not post it posts at its next sync: as it is then, not as it was.
#[test]
fn a_kubelet_posts_anew_what_was_refused() {
    let mut late = 0;
    for seed in 0..10 {
        let cluster = refusing(seed, 1);
        all_well(&cluster, 1);
        let started = cluster.recorded("Started")[0].0;
        let ready = cluster.pods()[0].condition(PodConditionType::Ready).unwrap();
        let waited = ready.last_transition_time.since(started);
        late += usize::from(waited >= 5_000);
    }
    assert!(late > 0, "no status was refused");
}

/// Components hear late, each by a time of its own, and in the end all is as it should be.
#[test]
fn lagging_watches_change_nothing_in_the_end() {
    for watch_lag_ms in [1, 700, 5_000] {
        let mut cluster = faulty(1, 4, Faults { refused_permille: 0, watch_lag_ms });
        cluster.apply(nginx("nginx:1.28", "", "")).settle();
        all_well(&cluster, 4);
        cluster.delete(Cascade::Foreground).settle();
        assert!(cluster.world.store().pods.is_empty());
    }
}
