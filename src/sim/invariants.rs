//! What must be true of a world at every moment.

use super::world::World;
use crate::api::Uid;
use crate::base::{Map, Set};

/// What is broken, in words; empty in a sound world.
pub(super) fn broken(world: &World) -> Vec<String> {
    let store = world.store();
    let mut broken = Vec::new();
    let mut uids: Set<&Uid> = Set::new();
    let keyed = store
        .pods
        .iter()
        .map(|(key, pod)| (key, &pod.metadata))
        .chain(store.daemon_sets.iter().map(|(key, ds)| (key, &ds.metadata)))
        .chain(store.revisions.iter().map(|(key, revision)| (key, &revision.metadata)));
    for (key, metadata) in keyed {
        if metadata.key() != *key {
            broken.push(format!("{key} is stored under another name"));
        }
        if !uids.insert(&metadata.uid) {
            broken.push(format!("the UID of {key} is not its own"));
        }
        if metadata.creation_timestamp > world.now() {
            broken.push(format!("{key} was created in the future"));
        }
    }
    for (key, daemon_set) in &store.daemon_sets {
        let status = &daemon_set.status;
        if status.number_unavailable != status.desired_number_scheduled - status.number_available
            || status.number_available > status.number_ready
            || status.current_number_scheduled > status.desired_number_scheduled
            || status.observed_generation > daemon_set.metadata.generation
        {
            broken.push(format!("the status of {key} does not add up: {status:?}"));
        }
    }
    // The controller alone never has more than two on a node. Adoption may bring more for a
    // moment: orphans of another DaemonSet, which their names tell from its own.
    let mut live: Map<(&str, &str), usize> = Map::new();
    for pod in store.pods.values().filter(|pod| !pod.is_deleting() && !pod.status.phase.is_terminal()) {
        if let (Some(owner), Some(node)) = (pod.metadata.controller(), pod.target_node())
            && pod.metadata.generate_name.strip_suffix('-') == Some(owner.name.as_str())
        {
            *live.entry((owner.uid.as_str(), node)).or_insert(0) += 1;
        }
    }
    let crowded = live.iter().filter(|(_, pods)| **pods > 2);
    broken.extend(crowded.map(|((_, node), pods)| format!("{pods} live pods of one DaemonSet on {node}")));
    if !store.is_indexed() {
        broken.push("the index of the pods is out of date".to_owned());
    }
    if !world.components.daemon_sets.is_up_to_date(store) {
        broken.push("what the DaemonSet controller keeps is out of date".to_owned());
    }
    if world.next_wakeup().is_some_and(|at| at < world.now()) {
        broken.push("a wake-up was missed".to_owned());
    }
    broken
}
