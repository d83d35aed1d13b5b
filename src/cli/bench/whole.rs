//! Whole rollouts: from the manifest to the last pod that is available.

use super::cluster;
use crate::api::{DaemonSet, Quantity};
use crate::app::{NodePreset, node_of};
use crate::sim::{Command, Knobs, World};
use std::rc::Rc;

/// Most wake-ups of a rollout: more than any should need.
const STEPS_MAX: usize = 10_000_000;

/// A cluster where a DaemonSet was just applied.
#[must_use]
pub fn first(nodes: usize) -> World {
    let mut world = workers(nodes);
    apply(&mut world, "agent:v1");
    world
}

/// One where a second template was just applied, and every pod of the first runs.
#[must_use]
pub fn second(nodes: usize) -> World {
    let mut world = first(nodes);
    roll_out(&mut world);
    apply(&mut world, "agent:v2");
    world
}

/// A quiet cluster of common workers.
fn workers(nodes: usize) -> World {
    let nodes = (1..=nodes).map(|number| {
        let mut node = node_of(NodePreset::Worker, number);
        node.status.allocatable.insert("pods".to_owned(), Quantity::units(250));
        node
    });
    World::new(1, Knobs::default(), nodes.collect())
}

/// Applies the DaemonSet with this image: its pods come, or are replaced a tenth at a time.
fn apply(world: &mut World, image: &str) {
    let mut daemon_set: DaemonSet = cluster::daemon_set();
    for container in &mut Rc::make_mut(&mut daemon_set.spec.template).spec.containers {
        container.image = image.to_owned();
    }
    let applied = world.apply(&Command::ApplyDaemonSet { daemon_set: Box::new(daemon_set) });
    debug_assert!(applied.is_ok(), "{applied:?}");
}

/// Lets time pass until all pods are of the present template and available; tells how many
/// events there were.
pub fn roll_out(world: &mut World) -> usize {
    let mut events = 0;
    for _ in 0..STEPS_MAX {
        if is_done(world) {
            break;
        }
        events += world.step().len();
    }
    events
}

fn is_done(world: &World) -> bool {
    world.store().daemon_sets.get(&cluster::key()).is_none_or(|daemon_set| {
        let status = &daemon_set.status;
        let all = i32::try_from(world.store().nodes.len()).unwrap_or(i32::MAX);
        status.observed_generation == daemon_set.metadata.generation
            && status.updated_number_scheduled == all
            && status.number_available == all
    })
}
