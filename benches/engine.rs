//! How the engine and the board's frames grow with the cluster: run by hand with
//! `cargo bench`, compared as ratios between two states of the code on one machine, never
//! asserted. `scripts/bench.mjs` sets wasm beside native.

#![allow(missing_docs, clippy::unwrap_used)]

use daemonset_playground::cli::bench::{self, Case, SIZES};
use daemonset_playground::sim::World;
use daemonset_playground::view::{Grouping, project};
use divan::{Bencher, black_box};
use std::rc::Rc;

fn main() {
    divan::main();
}

fn sync(bencher: Bencher, nodes: usize, case: Case) {
    let store = bench::store(nodes, case);
    bencher.with_inputs(|| bench::world(&store)).bench_local_refs(|world| world.sync_at_once(&bench::key()));
}

/// One sync of the DaemonSet controller that begins to create pods.
#[divan::bench(args = SIZES)]
fn sync_creates(bencher: Bencher, nodes: usize) {
    sync(bencher, nodes, Case::Create);
}

/// One sync that finds nothing to do.
#[divan::bench(args = SIZES)]
fn sync_is_steady(bencher: Bencher, nodes: usize) {
    sync(bencher, nodes, Case::Steady);
}

/// One sync that begins to replace pods.
#[divan::bench(args = SIZES)]
fn sync_rolls_out(bencher: Bencher, nodes: usize) {
    sync(bencher, nodes, Case::Rollout);
}

/// One cycle of the scheduler.
#[divan::bench(args = SIZES)]
fn scheduling_cycle(bencher: Bencher, nodes: usize) {
    let (store, pod) = bench::pending(nodes);
    bencher.with_inputs(|| bench::world(&store)).bench_local_refs(|world| world.schedule_at_once(&pod));
}

/// A DaemonSet's pods come to run on every node.
#[divan::bench(args = SIZES, sample_count = 1, sample_size = 1)]
fn first_rollout(bencher: Bencher, nodes: usize) {
    bencher.with_inputs(|| bench::first(nodes)).bench_local_refs(bench::roll_out);
}

/// A rolling update from its beginning to its end, a tenth of the nodes at a time.
#[divan::bench(args = SIZES, sample_count = 1, sample_size = 1)]
fn rolling_update(bencher: Bencher, nodes: usize) {
    bencher.with_inputs(|| bench::second(nodes)).bench_local_refs(bench::roll_out);
}

/// One frame, most of it as before, while a rolling update is on.
#[divan::bench(args = SIZES)]
fn projects(bencher: Bencher, nodes: usize) {
    let mut world = bench::second(nodes);
    steps(&mut world, 100);
    let before = project(&world, Grouping::Role, None);
    steps(&mut world, 2);
    bencher.bench_local(|| project(black_box(&world), Grouping::Role, Some(&before)));
}

/// A copy of the world, as a keyframe is.
#[divan::bench(args = SIZES)]
fn keyframes(bencher: Bencher, nodes: usize) {
    let world = bench::second(nodes);
    bencher.bench_local(|| Rc::new(black_box(&world).clone()));
}

fn steps(world: &mut World, count: usize) {
    for _ in 0..count {
        world.step();
    }
}
