//! How the engine and the board's frames grow with the cluster: run by hand with
//! `cargo bench`, compared as ratios between two states of the code on one machine, never
//! asserted.

#![allow(missing_docs, clippy::unwrap_used)]

use daemonset_playground::api::manifest::{Object, read};
use daemonset_playground::api::{DaemonSet, Quantity};
use daemonset_playground::app::{NodePreset, node_of};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Command, Knobs, World};
use daemonset_playground::view::project;
use divan::{Bencher, black_box};
use std::rc::Rc;

const NGINX: &str = include_str!("../src/app/presets/nginx.yaml");
const NODES: [usize; 3] = [50, 1_000, 5_000];

fn main() {
    divan::main();
}

fn nginx(image: &str) -> Command {
    let text = NGINX.replace("nginx:1.27", image);
    let Some(Object::DaemonSet(daemon_set)) = read(&text).objects.into_iter().next().map(|read| read.object) else {
        unreachable!("the preset is a DaemonSet");
    };
    let mut daemon_set: Box<DaemonSet> = daemon_set;
    daemon_set.spec.update_strategy.rolling_update.as_mut().unwrap().max_unavailable =
        Some(daemonset_playground::api::IntOrPercent::Percent("10%".to_owned()));
    Command::ApplyDaemonSet { daemon_set }
}

fn joining(nodes: usize) -> World {
    let nodes = (1..=nodes).map(|number| {
        let mut node = node_of(NodePreset::Worker, number);
        node.status.allocatable.insert("pods".to_owned(), Quantity::units(250));
        node
    });
    let mut world = World::new(1, Knobs::default(), nodes.collect());
    world.apply(&nginx("nginx:1.27")).unwrap();
    world
}

/// Every pod runs.
fn running(nodes: usize) -> World {
    let mut world = joining(nodes);
    until(&mut world, Time(300_000));
    world
}

fn until(world: &mut World, at: Time) {
    while world.next_wakeup().is_some_and(|next| next <= at) {
        world.step();
    }
    world.advance_to(at);
}

/// A DaemonSet's pods come to run on every node.
#[divan::bench(args = NODES, sample_count = 5)]
fn creates(bencher: Bencher, nodes: usize) {
    bencher.with_inputs(|| joining(nodes)).bench_local_values(|mut world| until(&mut world, Time(60_000)));
}

/// The first minute of a rolling update, a tenth of the nodes at a time.
#[divan::bench(args = NODES, sample_count = 5)]
fn rolls_out(bencher: Bencher, nodes: usize) {
    let mut start = running(nodes);
    start.apply(&nginx("nginx:1.28")).unwrap();
    bencher.with_inputs(|| start.clone()).bench_local_values(|mut world| {
        let end = world.now() + 60_000;
        until(&mut world, end);
    });
}

/// One frame, most of it as before, while a rolling update is on.
#[divan::bench(args = NODES)]
fn projects(bencher: Bencher, nodes: usize) {
    let mut world = running(nodes);
    world.apply(&nginx("nginx:1.28")).unwrap();
    let end = world.now() + 10_000;
    until(&mut world, end);
    let before = project(&world, None);
    let end = world.now() + 16;
    until(&mut world, end);
    bencher.bench_local(|| project(black_box(&world), Some(&before)));
}

/// A copy of the world, as a keyframe is.
#[divan::bench(args = NODES)]
fn keyframes(bencher: Bencher, nodes: usize) {
    let world = running(nodes);
    bencher.bench_local(|| Rc::new(black_box(&world).clone()));
}
