//! Deleting DaemonSets: cascades, orphans, adoption.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::sim::{Cascade, Command};

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

/// A revision of the right name and template is taken as it is, whoever owns it; and nobody
/// makes another when it goes with that owner, before the next sync.
#[test]
fn a_revision_that_another_has_adopted_is_used() {
    let mut cluster = Cluster::new(1);
    cluster.apply(nginx("nginx:1.27", "", "")).settle().delete(Cascade::Orphan).settle();
    let mut other = nginx("nginx:1.28", "", "");
    other.metadata.name = "other".to_owned();
    let key = other.metadata.key();
    cluster.apply(other).settle().apply(nginx("nginx:1.27", "", "")).settle();
    let other_uid = cluster.world.store().daemon_sets[&key].metadata.uid.clone();
    let revisions = |cluster: &Cluster| cluster.world.store().revisions.keys().map(|key| key.name.clone()).collect();
    let owners = |cluster: &Cluster| {
        let revisions = cluster.world.store().revisions.values();
        revisions.filter(|revision| revision.metadata.is_controlled_by(&other_uid)).count()
    };
    let names: Vec<String> = revisions(&cluster);
    assert_eq!((names.len(), owners(&cluster), cluster.columns()), (2, 2, [1, 1, 1, 1, 1, 0]));
    cluster.command(Command::DeleteDaemonSet { key, cascade: Cascade::Background }).settle();
    assert_eq!((revisions(&cluster), cluster.columns()), (vec![], [1, 1, 1, 1, 1, 0]));
    let key = cluster.pods()[0].key();
    cluster.command(Command::DeletePod { key }).settle();
    assert_eq!(revisions(&cluster), names[..1], "made once something makes it sync");
}

#[test]
fn a_new_one_of_the_same_name_starts_clean() {
    let mut cluster = Cluster::new(2);
    cluster.apply(nginx("nginx:1.27", "", "")).settle().delete(Cascade::Background);
    cluster.apply(nginx("nginx:1.28", "", "")).settle();
    assert_eq!(cluster.images(), ["nginx:1.28"].into());
    assert_eq!(cluster.columns(), [2, 2, 2, 2, 2, 0]);
}
