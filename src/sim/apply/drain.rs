//! `kubectl drain`: cordon, then evict what may be evicted. Which pods that are is in
//! `rules::drain`. A refusal leaves the node cordoned, as kubectl does.

use super::{commanded, cordon, known_node};
use crate::api::{Key, ObjectRef, Pod};
use crate::rules::drain::{Drain, DrainOptions, flags, plan};
use crate::sim::command::Rejection;
use crate::sim::commit::commit;
use crate::sim::event::{Actor, Event};
use crate::sim::notice::Write;
use crate::sim::world::World;

/// What a drain of a node would come to.
pub(in crate::sim) fn drain_of(world: &World, node: &str, options: &DrainOptions) -> Drain {
    let store = &world.store;
    let has_owner = |pod: &Pod| {
        let owner = pod.metadata.controller().map(|owner| Key::new(pod.metadata.namespace.clone(), owner.name.clone()));
        owner.is_some_and(|owner| store.daemon_sets.contains_key(&owner))
    };
    plan(store.pods_on(node).map(|pod| &**pod), &has_owner, options)
}

pub(super) fn drain_node(
    world: &mut World,
    name: &str,
    options: &DrainOptions,
    events: &mut Vec<Event>,
) -> Result<(), Rejection> {
    let cordoned = known_node(world, name)?.spec.unschedulable;
    let drain = drain_of(world, name, options);
    let refused = !drain.refusals.is_empty();
    if refused && cordoned {
        return Err(Rejection::new(drain.error(name)));
    }
    let kubectl = format!("kubectl drain {name}{}", flags(options));
    let cause = commanded(world, ObjectRef::node(name), kubectl, events);
    cordon(world, name, true, cause, events);
    for key in drain.evict.into_iter().filter(|_| !refused) {
        if let Some(pod) = world.store.pods.get(&key) {
            let uid = pod.metadata.uid.clone();
            let write = Write::DeletePod { key, uid, grace_period_seconds: options.grace_period_seconds };
            commit(world, Actor::User, write, cause, events);
        }
    }
    Ok(())
}
