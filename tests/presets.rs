//! Every preset runs to the end that Kubernetes' rules give it. The numbers are worked out
//! by hand from the manifest and the nodes, not copied from a run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(not(target_arch = "wasm32"))]

use daemonset_playground::api::manifest::{self, Object};
use daemonset_playground::api::{DaemonSet, DaemonSetStatus, Key, Pod, PodConditionType};
use daemonset_playground::app::{PRESETS, Preset};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Command, Knobs, World};
use daemonset_playground::view::{Columns, Frame, Grouping, project};
use std::rc::Rc;

/// Long enough for every preset to come to rest.
const REST_MS: i64 = 120_000;

fn preset(id: &str) -> &'static Preset {
    Preset::find(id).unwrap_or_else(|| panic!("no preset {id}"))
}

fn daemon_sets(manifest: &str) -> Vec<DaemonSet> {
    let reading = manifest::read(manifest);
    assert!(reading.problems.is_empty(), "{:?}\n{manifest}", reading.problems);
    let objects = reading.objects.into_iter().map(|read| match read.object {
        Object::DaemonSet(daemon_set) => *daemon_set,
        other => panic!("not a DaemonSet: {other:?}"),
    });
    objects.collect()
}

/// A world with the preset's nodes and its manifest applied.
fn world(preset: &Preset) -> World {
    let mut world = World::new(1, Knobs::default(), (preset.nodes)());
    apply(&mut world, preset.manifest);
    world
}

fn apply(world: &mut World, manifest: &str) {
    for daemon_set in daemon_sets(manifest) {
        world.apply(&Command::ApplyDaemonSet { daemon_set: Box::new(daemon_set) }).unwrap();
    }
}

fn run(world: &mut World, for_ms: i64) {
    let until = world.now() + for_ms;
    run_to(world, until);
}

fn run_to(world: &mut World, until: Time) {
    let mut steps = 0;
    while world.next_wakeup().is_some_and(|at| at <= until) {
        world.step();
        steps += 1;
        assert!(steps < 100_000, "no end of steps at {}", world.now());
    }
    world.advance_to(until);
}

/// The preset's DaemonSet, of several the first by name.
fn first(world: &World) -> &Rc<DaemonSet> {
    world.store().daemon_sets.values().next().unwrap()
}

fn columns(status: &DaemonSetStatus) -> [i32; 6] {
    [
        status.desired_number_scheduled,
        status.current_number_scheduled,
        status.number_ready,
        status.updated_number_scheduled,
        status.number_available,
        status.number_misscheduled,
    ]
}

/// Nodes of all pods, in the order of names, without repetition of the same node's.
fn nodes_of_pods(world: &World) -> Vec<String> {
    let target = |pod: &Rc<Pod>| pod.target_node().unwrap_or("none").to_owned();
    let mut nodes: Vec<String> = world.store().pods.values().map(target).collect();
    nodes.sort();
    nodes
}

/// DESIRED, CURRENT, READY, UP-TO-DATE, AVAILABLE, MISSCHEDULED and the nodes with pods.
fn check(id: &str, want: [i32; 6], nodes: &[&str]) {
    let mut world = world(preset(id));
    run(&mut world, REST_MS);
    assert_eq!(columns(&first(&world).status), want, "{id}");
    assert_eq!(nodes_of_pods(&world), nodes, "{id}");
    frame_agrees(&world, want);
}

/// The page shows what the status says.
fn frame_agrees(world: &World, want: [i32; 6]) {
    let frame = project(world, Grouping::Role, None);
    let shown = frame.workloads[0].columns;
    let Columns { desired, current, ready, up_to_date, available, misscheduled } = shown;
    assert_eq!([desired, current, ready, up_to_date, available, misscheduled], want);
    assert_eq!(frame.workloads[0].fresh, None);
    let on_nodes: usize = frame.groups.iter().flat_map(|group| &group.nodes).map(|node| node.pods.len()).sum();
    assert_eq!(on_nodes + frame.lane.len(), frame.pod_count);
    nothing_is_drawn_twice(world, &frame);
}

/// A second frame of the same world shares everything with the first.
fn nothing_is_drawn_twice(world: &World, frame: &Frame) {
    let again = project(world, Grouping::Role, Some(frame));
    assert_eq!(&again, frame);
    assert!(frame.groups.iter().zip(&again.groups).all(|(a, b)| Rc::ptr_eq(a, b)));
    assert!(frame.workloads.iter().zip(&again.workloads).all(|(a, b)| Rc::ptr_eq(a, b)));
    assert!(frame.lane.iter().zip(&again.lane).all(|(a, b)| Rc::ptr_eq(a, b)));
}

#[test]
fn every_preset_reads_without_a_problem() {
    for preset in PRESETS {
        let daemon_sets = daemon_sets(preset.manifest);
        assert!(!daemon_sets.is_empty(), "{}", preset.id);
        assert!(daemon_sets.iter().all(|daemon_set| !daemon_set.metadata.namespace.is_empty()), "{}", preset.id);
    }
}

#[test]
fn every_preset_is_checked_here() {
    let source = include_str!("presets.rs");
    for preset in PRESETS {
        assert!(source.contains(&format!("check(\"{}\"", preset.id)), "{} has no check", preset.id);
    }
}

#[test]
fn nginx_runs_on_workers_and_not_on_the_control_plane() {
    check("nginx", [3, 3, 3, 3, 3, 0], &["worker-1", "worker-2", "worker-3"]);
}

#[test]
fn a_node_selector_leaves_out_the_node_without_the_label() {
    check("workers-only", [3, 3, 3, 3, 3, 0], &["worker-1", "worker-2", "worker-3"]);
}

#[test]
fn a_toleration_opens_the_control_plane() {
    check("control-plane", [4, 4, 4, 4, 4, 0], &["control-plane-1", "worker-1", "worker-2", "worker-3"]);
    check("fluentd", [4, 4, 4, 4, 4, 0], &["control-plane-1", "worker-1", "worker-2", "worker-3"]);
    check("on-delete", [4, 4, 4, 4, 4, 0], &["control-plane-1", "worker-1", "worker-2", "worker-3"]);
}

#[test]
fn strategies_do_not_matter_to_the_first_pods() {
    let six = ["worker-1", "worker-2", "worker-3", "worker-4", "worker-5", "worker-6"];
    check("rolling-update", [6, 6, 6, 6, 6, 0], &six);
    check("max-surge", [4, 4, 4, 4, 4, 0], &six[..4]);
    check("min-ready-seconds", [5, 5, 5, 5, 5, 0], &six[..5]);
    let five = ["control-plane-1", "worker-1", "worker-2", "worker-3", "worker-4"];
    check("stuck-rollout", [5, 5, 5, 5, 5, 0], &five);
}

#[test]
fn kube_proxy_tolerates_every_taint_and_leaves_windows_out() {
    check("kube-proxy", [5, 5, 5, 5, 5, 0], &["control-plane-1", "gpu-1", "spot-1", "worker-1", "worker-2"]);
}

#[test]
fn a_toleration_and_a_selector_make_gpu_nodes_its_own() {
    check("gpu-nodes", [2, 2, 2, 2, 2, 0], &["gpu-1", "gpu-2"]);
}

#[test]
fn affinity_chooses_zones_and_shuns_spot() {
    check("two-zones", [4, 4, 4, 4, 4, 0], &["worker-1", "worker-2", "worker-4", "worker-5"]);
}

#[test]
fn what_does_not_fit_is_counted_and_stays_pending() {
    check("does-not-fit", [4, 4, 3, 4, 3, 0], &["edge-1", "worker-1", "worker-2", "worker-3"]);
    let mut world = world(preset("does-not-fit"));
    run(&mut world, REST_MS);
    let pending: Vec<&Rc<Pod>> = world.store().pods.values().filter(|pod| pod.node_name.is_none()).collect();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].pinned_to.as_deref(), Some("edge-1"));
    let why = &pending[0].condition(PodConditionType::PodScheduled).unwrap().message;
    assert!(
        why.starts_with(
            "0/5 nodes are available: 1 Insufficient cpu, 4 node(s) didn't satisfy plugin(s) [NodeAffinity]."
        ),
        "{why}"
    );
    let lane = &project(&world, Grouping::Role, None).lane;
    assert_eq!((lane.len(), lane[0].node.as_str(), &lane[0].reason), (1, "edge-1", why));
}

#[test]
fn a_label_lets_a_critical_pod_take_the_place_of_another() {
    check("preemption", [3, 3, 3, 3, 3, 0], &["worker-1", "worker-2", "worker-3"]);
    let mut world = world(preset("preemption"));
    run(&mut world, REST_MS);
    let label = |world: &mut World, value: Option<String>| {
        world.apply(&Command::LabelNode { name: "worker-1".into(), key: "storage".into(), value }).unwrap();
        run(world, REST_MS);
    };
    label(&mut world, Some("local".into()));
    let columns_of = |world: &World, namespace: &str, name: &str| {
        columns(&world.store().daemon_sets[&Key::new(namespace, name)].status)
    };
    assert_eq!(columns_of(&world, "kube-system", "storage"), [1, 1, 1, 1, 1, 0]);
    assert_eq!(columns_of(&world, "default", "cache"), [3, 3, 2, 3, 2, 0]);
    let pending: Vec<&Rc<Pod>> = world.store().pods.values().filter(|pod| pod.node_name.is_none()).collect();
    assert_eq!(pending.iter().map(|pod| pod.pinned_to.as_deref()).collect::<Vec<_>>(), [Some("worker-1")]);

    label(&mut world, None);
    assert_eq!(columns_of(&world, "kube-system", "storage"), [0; 6]);
    assert_eq!(columns_of(&world, "default", "cache"), [3, 3, 3, 3, 3, 0]);
}

#[test]
fn ready_comes_before_available() {
    let mut world = world(preset("min-ready-seconds"));
    run(&mut world, 15_000);
    assert_eq!(columns(&first(&world).status), [5, 5, 5, 5, 0, 0]);
    assert!(project(&world, Grouping::Role, None).workloads[0].rolling_out);
    run(&mut world, 15_000);
    assert_eq!(columns(&first(&world).status), [5, 5, 5, 5, 5, 0]);
    assert!(!project(&world, Grouping::Role, None).workloads[0].rolling_out);
}

/// The preset after an edit of its manifest's image, at rest again.
fn with_image(id: &str, old: &str, new: &str) -> World {
    let preset = preset(id);
    let mut world = world(preset);
    run(&mut world, REST_MS);
    let edited = preset.manifest.replace(old, new);
    assert_ne!(edited, preset.manifest);
    apply(&mut world, &edited);
    run(&mut world, REST_MS);
    world
}

#[test]
fn a_bad_image_stops_a_rollout_at_its_budget() {
    let world = with_image("stuck-rollout", "threat-sensor:1.4", "threat-sensor:bad-1.5");
    assert_eq!(columns(&first(&world).status), [5, 5, 4, 1, 4, 0]);
    let card = &project(&world, Grouping::Role, None).workloads[0];
    assert!(card.rolling_out);
    let numbers: Vec<(i64, usize, bool)> =
        card.revisions.iter().map(|row| (row.revision, row.pods, row.current)).collect();
    assert_eq!(numbers, [(2, 1, true), (1, 4, false)]);
}

#[test]
fn with_surge_a_bad_image_costs_nothing() {
    let world = with_image("max-surge", "dns-cache:1.23", "dns-cache:bad-1.24");
    // The oldest pod of each node counts: all four are old, ready and not up to date.
    assert_eq!(columns(&first(&world).status), [4, 4, 4, 0, 4, 0]);
    assert_eq!(world.store().pods.len(), 5);
}

#[test]
fn on_delete_waits() {
    let mut world = with_image("on-delete", "v1.38.1", "v1.39.0");
    assert_eq!(columns(&first(&world).status), [4, 4, 4, 0, 4, 0]);
    let key: Key = world.store().pods.keys().next().unwrap().clone();
    world.apply(&Command::DeletePod { key }).unwrap();
    run(&mut world, REST_MS);
    assert_eq!(columns(&first(&world).status), [4, 4, 4, 1, 4, 0]);
}

#[test]
fn a_rolling_update_ends_with_every_pod_new() {
    let world = with_image("rolling-update", "filebeat:8.17.0", "filebeat:8.17.1");
    assert_eq!(columns(&first(&world).status), [6, 6, 6, 6, 6, 0]);
    assert!(world.store().pods.values().all(|pod| pod.spec.containers[0].image.ends_with("8.17.1")));
    assert!(!project(&world, Grouping::Role, None).workloads[0].rolling_out);
}
