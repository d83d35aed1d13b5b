//! Deleting DaemonSets: cascades, orphans, adoption.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::sim::Cascade;

#[test]
fn background_and_foreground_take_everything() {
    for cascade in [Cascade::Background, Cascade::Foreground] {
        let mut cluster = Cluster::new(3);
        cluster.apply(nginx("nginx:1.27", "", "")).settle().delete(cascade);
        let gone_at_once = cluster.world.store().daemon_sets.is_empty();
        assert_eq!(gone_at_once, cascade == Cascade::Background);
        cluster.settle();
        let store = cluster.world.store();
        assert!(store.daemon_sets.is_empty() && store.pods.is_empty() && store.revisions.is_empty(), "{cascade:?}");
    }
}

/// The list, point 4: adopted pods keep the old image for good and count as up to date.
#[test]
fn orphans_are_adopted_and_count_as_up_to_date() {
    let mut cluster = Cluster::new(3);
    cluster.apply(nginx("nginx:1.27", "", "")).settle().delete(Cascade::Orphan).settle();
    assert!(cluster.world.store().daemon_sets.is_empty());
    assert_eq!(cluster.ready_on().len(), 3);
    assert!(cluster.pods().iter().all(|pod| pod.metadata.owner_references.is_empty()));
    cluster.apply(nginx("nginx:1.28", "", "")).settle();
    assert_eq!(cluster.images(), ["nginx:1.27"].into());
    assert_eq!(cluster.columns(), [3, 3, 3, 3, 3, 0], "the template generation, 1, is the same");
    assert!(cluster.pods().iter().all(|pod| pod.metadata.controller().is_some()));
}

#[test]
fn a_new_one_of_the_same_name_starts_clean() {
    let mut cluster = Cluster::new(2);
    cluster.apply(nginx("nginx:1.27", "", "")).settle().delete(Cascade::Background);
    cluster.apply(nginx("nginx:1.28", "", "")).settle();
    assert_eq!(cluster.images(), ["nginx:1.28"].into());
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
}
