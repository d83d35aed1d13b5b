//! Laws that hold whatever is commanded.

use crate::cluster::{Cluster, nginx, node};
use daemonset_playground::api::{Key, Taint, TaintEffect};
use daemonset_playground::rules::drain::DrainOptions;
use daemonset_playground::sim::{Cascade, Command, Fault, Knobs, World};
use proptest::prelude::*;

fn any_command() -> impl Strategy<Value = Command> {
    let name = || (1..6_usize).prop_map(|n| format!("worker-{n}"));
    let effect = prop_oneof![Just(TaintEffect::NoSchedule), Just(TaintEffect::NoExecute)];
    let cascade = prop_oneof![Just(Cascade::Background), Just(Cascade::Foreground), Just(Cascade::Orphan)];
    let strategies = prop_oneof![
        Just("  updateStrategy: {rollingUpdate: {maxUnavailable: 1}}\n"),
        Just("  updateStrategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 50%}}\n"),
        Just("  updateStrategy: {type: OnDelete}\n"),
        Just("  minReadySeconds: 3\n"),
    ];
    prop_oneof![
        4 => (1..5_u8, strategies).prop_map(|(version, spec)| Command::ApplyDaemonSet {
            daemon_set: Box::new(nginx(&format!("nginx:1.{version}"), "", spec)),
        }),
        3 => name().prop_map(|name| Command::AddNode { node: Box::new(node(&name)) }),
        2 => name().prop_map(|name| Command::DeleteNode { name }),
        2 => (name(), effect).prop_map(|(name, effect)| Command::TaintNode { name, taint: Taint::new("a", effect) }),
        2 => name().prop_map(|name| Command::UntaintNode { name, key: "a".into(), effect: None }),
        1 => (name(), any::<bool>()).prop_map(|(name, unschedulable)| Command::CordonNode { name, unschedulable }),
        1 => (name(), any::<bool>()).prop_map(|(name, ignore_daemonsets)| Command::DrainNode {
            name,
            options: DrainOptions { ignore_daemonsets, ..DrainOptions::default() },
        }),
        2 => (name(), any::<bool>()).prop_map(|(name, cut)| Command::BreakNode {
            name,
            fault: if cut { Fault::Unreachable } else { Fault::NotReady },
        }),
        2 => name().prop_map(|name| Command::RepairNode { name }),
        1 => cascade.prop_map(|cascade| Command::DeleteDaemonSet { key: Key::new("default", "nginx"), cascade }),
    ]
}

/// Commands with pauses of up to eight seconds before each.
fn any_story() -> impl Strategy<Value = Vec<(i64, Command)>> {
    prop::collection::vec((0..8_000_i64, any_command()), 1..25)
}

/// Tells a story; refused commands change nothing.
fn tell(story: &[(i64, Command)]) -> Cluster {
    let mut cluster = Cluster::new(3);
    for (pause_ms, command) in story {
        cluster.run(*pause_ms);
        let before = cluster.world.digest();
        if cluster.world.apply(command).is_err() {
            assert_eq!(cluster.world.digest(), before, "{command:?} was refused and changed something");
        }
    }
    cluster
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every step checks the invariants of the world (debug builds), so that this also tells
    /// that they hold; and once input stops, everything comes to rest.
    #[test]
    fn settles_once_input_stops(story in any_story()) {
        let mut cluster = tell(&story);
        cluster.settle();
        let store = cluster.world.store();
        let owned_by_nobody = store.pods.values().filter_map(|pod| pod.metadata.controller())
            .filter(|owner| store.daemon_sets.values().all(|ds| ds.metadata.uid != owner.uid))
            .count();
        let on_broken_nodes = store.pods.values().filter(|pod| pod.is_deleting()).count();
        prop_assert!(owned_by_nobody <= on_broken_nodes, "only what no kubelet can stop outlives its owner");
    }

    /// When all is well again, every node that should has exactly one available pod, and
    /// the stored numbers are those that the rules give after one more sync.
    #[test]
    fn ends_as_it_should(story in any_story()) {
        let mut cluster = tell(&story);
        for n in 1..6 {
            let name = format!("worker-{n}");
            let _ = cluster.world.apply(&Command::RepairNode { name: name.clone() });
            let _ = cluster.world.apply(&Command::UntaintNode { name, key: "a".into(), effect: None });
        }
        cluster.settle();
        cluster.apply(nginx("nginx:2", "", "  updateStrategy: {rollingUpdate: {maxUnavailable: 100%}}\n")).settle();
        let workers = i32::try_from(cluster.world.store().nodes.len() - 1).unwrap();
        let columns = cluster.columns();
        prop_assert_eq!([columns[0], columns[1], columns[2], columns[4], columns[5]], [workers, workers, workers, workers, 0]);
        prop_assert_eq!(cluster.pods().len(), cluster.ready_on().len(), "one on each");
        prop_assert_eq!(cluster.world.fresh_status(&Cluster::key()).unwrap(),
            cluster.world.store().daemon_sets[&Cluster::key()].status.clone());
    }

    #[test]
    fn the_same_story_ends_the_same(story in any_story()) {
        let (mut one, mut other) = (tell(&story), tell(&story));
        prop_assert_eq!(one.settle().world.digest(), other.settle().world.digest());
    }
}

#[test]
fn a_seed_changes_names_and_nothing_else() {
    let run = |seed: u64| {
        let mut cluster =
            Cluster { world: World::new(seed, Knobs::default(), vec![node("worker-1")]), events: Vec::new() };
        cluster.apply(nginx("nginx:1.27", "", "")).settle();
        (cluster.pods()[0].metadata.name.clone(), cluster.columns(), cluster.world.now())
    };
    let (first, second) = (run(1), run(2));
    assert_ne!(first.0, second.0);
    assert_eq!((first.1, first.2), (second.1, second.2));
}

/// Another order of what is due at one instant is another history with the same end.
#[test]
fn ties_change_nothing_in_the_end() {
    let run = |tie_order: u32| {
        let knobs = Knobs { tie_order, watch_latency_ms: 0, api_latency_ms: 0, ..Knobs::default() };
        let mut cluster =
            Cluster { world: World::new(1, knobs, vec![node("worker-1"), node("worker-2")]), events: Vec::new() };
        cluster.apply(nginx("nginx:1.27", "", "")).settle().apply(nginx("nginx:1.28", "", "")).settle();
        let actors: Vec<_> = cluster.events.iter().map(|event| event.actor).collect();
        (actors, cluster.columns(), cluster.images().len())
    };
    let usual = run(0);
    let others: Vec<_> = (1..9).map(run).collect();
    assert!(others.iter().all(|other| (other.1, other.2) == (usual.1, usual.2)));
    assert!(others.iter().any(|other| other.0 != usual.0), "no other order at all");
}
