//! Frames of small worlds in which something happens.

use super::*;
use crate::api::{Container, DaemonSet, Key, Node, Phase, PodTemplateSpec, Taint, TaintEffect};
use crate::base::{SECOND_MS, Time};
use crate::sim::{Command, Fault, Knobs};
use crate::view::frame::{Columns, NodeCard, PodLook, WorkloadCard};

/// A world of nodes `n1`, `n2`… with the DaemonSet `default/a`, at rest.
fn world(node_count: usize) -> World {
    let node = |number| {
        let mut node = Node::default();
        node.metadata.name = format!("n{number}");
        node
    };
    let mut world = World::new(7, Knobs::default(), (1..=node_count).map(node).collect());
    world.apply(&Command::ApplyDaemonSet { daemon_set: Box::new(daemon_set("a")) }).unwrap();
    world
}

fn daemon_set(name: &str) -> DaemonSet {
    let mut daemon_set = DaemonSet::default();
    daemon_set.metadata.name = name.into();
    daemon_set.metadata.namespace = "default".into();
    daemon_set.spec.selector.match_labels.insert("app".into(), name.into());
    let mut template = PodTemplateSpec::default();
    template.metadata.labels.insert("app".into(), name.into());
    template.spec.containers = vec![Container { name: "c".into(), image: "image:1".into(), ..Container::default() }];
    daemon_set.spec.template = Rc::new(template);
    daemon_set
}

fn run(world: &mut World, for_ms: i64) {
    let until = world.now() + for_ms;
    while world.next_wakeup().is_some_and(|at| at <= until) {
        world.step();
    }
    world.advance_to(until);
}

fn at_rest(node_count: usize) -> World {
    let mut world = world(node_count);
    run(&mut world, 30 * SECOND_MS);
    world
}

fn cards(frame: &Frame) -> Vec<&Rc<NodeCard>> {
    frame.groups.iter().flat_map(|group| &group.nodes).collect()
}

fn desired_and_misscheduled(columns: Columns) -> (i32, i32) {
    (columns.desired, columns.misscheduled)
}

#[test]
fn life_of_a_pod_in_words() {
    let mut world = world(1);
    let mut frame = project(&world, Grouping::Role, None);
    let mut seen: Vec<(PodLook, String)> = Vec::new();
    while world.next_wakeup().is_some_and(|at| at < Time(30 * SECOND_MS)) {
        world.step();
        frame = project(&world, Grouping::Role, Some(&frame));
        let on_board = cards(&frame).into_iter().flat_map(|card| &card.pods).chain(&frame.lane).next();
        if let Some(chip) = on_board {
            let now = (chip.look, chip.doing.clone());
            if seen.last() != Some(&now) {
                seen.push(now);
            }
        }
    }
    let words: Vec<(PodLook, &str)> = seen.iter().map(|(look, doing)| (*look, doing.as_str())).collect();
    let want = [
        (PodLook::Pending, "scheduling"),
        (PodLook::Starting, "starting"),
        (PodLook::Starting, "pulling"),
        (PodLook::Starting, "starting"),
        (PodLook::Available, "ready"),
    ];
    assert_eq!(words, want);
}

#[test]
fn a_taint_makes_the_stored_numbers_stale() {
    let mut world = at_rest(3);
    let before = project(&world, Grouping::Role, None);
    assert_eq!(before.workloads[0].fresh, None);
    world.apply(&Command::TaintNode { name: "n2".into(), taint: Taint::new("x", TaintEffect::NoSchedule) }).unwrap();
    run(&mut world, 30 * SECOND_MS);
    let frame = project(&world, Grouping::Role, Some(&before));
    let WorkloadCard { columns, fresh, .. } = &*frame.workloads[0];
    assert_eq!(desired_and_misscheduled(*columns), (3, 0), "nothing made the controller sync");
    assert_eq!(fresh.map(desired_and_misscheduled), Some((2, 1)));
    let misscheduled: Vec<bool> = cards(&frame).iter().map(|card| card.pods[0].misscheduled).collect();
    assert_eq!(misscheduled, [false, true, false]);
}

#[test]
fn only_what_changed_is_new() {
    let mut world = at_rest(3);
    let before = project(&world, Grouping::Role, None);
    world.apply(&Command::CordonNode { name: "n3".into(), unschedulable: true }).unwrap();
    let frame = project(&world, Grouping::Role, Some(&before));
    let shared: Vec<bool> = cards(&before).iter().zip(cards(&frame)).map(|(a, b)| Rc::ptr_eq(a, b)).collect();
    assert_eq!(shared, [true, true, false]);
    assert!(Rc::ptr_eq(&cards(&before)[2].pods[0], &cards(&frame)[2].pods[0]), "its pod is the same");
    assert!(cards(&frame)[2].cordoned);
}

#[test]
fn pods_of_a_deleted_node_stay_in_view_until_they_are_collected() {
    let mut world = at_rest(2);
    world.apply(&Command::DeleteNode { name: "n1".into() }).unwrap();
    run(&mut world, 10 * SECOND_MS);
    let frame = project(&world, Grouping::Role, None);
    let groups: Vec<(&str, usize)> =
        frame.groups.iter().map(|group| (group.title.as_str(), group.nodes.len())).collect();
    assert_eq!(groups, [("workers", 1), ("deleted", 1)]);
    assert_eq!((frame.groups[1].nodes[0].name.as_str(), frame.groups[1].nodes[0].pods.len()), ("n1", 1));
    run(&mut world, 80 * SECOND_MS);
    assert_eq!(project(&world, Grouping::Role, Some(&frame)).groups.len(), 1);
}

#[test]
fn a_broken_machine_shows_before_the_api_knows() {
    let mut world = at_rest(1);
    world.apply(&Command::BreakNode { name: "n1".into(), fault: Fault::Unreachable }).unwrap();
    let state = |world: &World| {
        let frame = project(world, Grouping::Role, None);
        let card = Rc::clone(cards(&frame)[0]);
        (card.faulty, card.state, card.state_message.clone())
    };
    assert_eq!(state(&world), (true, crate::view::NodeState::Ready, String::new()));
    run(&mut world, 70 * SECOND_MS);
    let message = "Kubelet stopped posting node status.".to_owned();
    assert_eq!(state(&world), (true, crate::view::NodeState::Unknown, message));
}

#[test]
fn colours_outlive_a_daemon_set_as_long_as_its_pods() {
    let mut world = at_rest(1);
    world.apply(&Command::ApplyDaemonSet { daemon_set: Box::new(daemon_set("b")) }).unwrap();
    run(&mut world, 30 * SECOND_MS);
    let before = project(&world, Grouping::Role, None);
    assert_eq!(before.workloads.iter().map(|card| card.style).collect::<Vec<_>>(), [0, 1]);
    let key = Key::new("default", "a");
    world.apply(&Command::DeleteDaemonSet { key, cascade: crate::sim::Cascade::Background }).unwrap();
    let frame = project(&world, Grouping::Role, Some(&before));
    let styles: Vec<Option<usize>> = cards(&frame)[0].pods.iter().map(|chip| chip.style).collect();
    assert_eq!((frame.workloads.len(), frame.workloads[0].style, styles), (1, 1, vec![Some(0), Some(1)]));
    run(&mut world, 30 * SECOND_MS);
    let after = project(&world, Grouping::Role, Some(&frame));
    assert_eq!(cards(&after)[0].pods.len(), 1);
    assert!(world.store().pods.values().all(|pod| pod.status.phase == Phase::Running));
}
