//! The laws: what no storm may break. Each is a function; those that are asked after every
//! turn share what they have seen.

use super::budget::Budgets;
use daemonset_playground::api::{DaemonSet, Key, Kind, Pod, PodConditionType, Uid, UpdateStrategyType};
use daemonset_playground::base::Time;
use daemonset_playground::rules::budget::allows_surge;
use daemonset_playground::rules::history::template_hash;
use daemonset_playground::rules::placement::{self, Placement};
use daemonset_playground::sim::{Actor, Command, Event, EventId, Fact, Rejection, World};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A law that was broken.
#[derive(Clone, Debug)]
pub struct Broken {
    pub law: &'static str,
    pub at: Time,
    pub what: String,
}

/// Fails with `what` unless the law holds.
pub fn hold(law: &'static str, world: &World, holds: bool, what: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken { law, at: world.now(), what: what() }) }
}

/// What the laws have seen so far.
#[derive(Default)]
pub struct Laws {
    next_event: u64,
    /// Where pods were bound.
    bound: BTreeMap<Uid, String>,
    /// DaemonSets (by UID) that may have two live pods on a node: they surge or did, or took
    /// over pods of a former one of their name.
    may_double: BTreeSet<Uid>,
    /// Revisions that a DaemonSet of another name than theirs adopted last, there or gone.
    foreign: BTreeSet<Key>,
    budgets: Budgets,
}

impl Laws {
    /// Judges a turn that began at `before` and led to `events`.
    pub fn after(&mut self, world: &World, before: Time, events: &[Event]) -> Result<(), Broken> {
        hold("time never goes back", world, before <= world.now(), || format!("it was {before}"))?;
        for event in events {
            self.causes_come_first(world, event)?;
            self.a_pod_is_bound_once(world, event)?;
            self.one_live_pod_a_node(world, event)?;
            self.note_adoption(event);
            self.budgets.judge(world, event)?;
        }
        Ok(())
    }

    /// Events are numbered in order; what no person did has a cause, and it came before.
    fn causes_come_first(&mut self, world: &World, event: &Event) -> Result<(), Broken> {
        let law = "causes come first";
        hold(law, world, event.id == EventId(self.next_event) && event.at == world.now(), || {
            format!("event {} of {} comes as number {}", event.id.0, event.at, self.next_event)
        })?;
        self.next_event += 1;
        let caused = event.cause.map_or(event.actor == Actor::User, |cause| cause < event.id);
        hold(law, world, caused, || format!("{event:?} has no cause before it"))
    }

    /// A pod is bound once, to the node that it was made for.
    fn a_pod_is_bound_once(&mut self, world: &World, event: &Event) -> Result<(), Broken> {
        let Fact::Bound { node } = &event.fact else { return Ok(()) };
        let law = "no pod on two nodes";
        let Some(pod) = pod_of(world, event) else {
            return hold(law, world, false, || format!("{} is bound and not there", event.object.key));
        };
        let other = self.bound.insert(pod.metadata.uid.clone(), node.clone());
        hold(law, world, other.is_none(), || format!("{} is bound to {node} and was to {other:?}", pod.key()))?;
        let meant_for = pod.pinned_to.as_ref();
        hold(law, world, meant_for == Some(node) && pod.node_name.as_ref() == Some(node), || {
            format!("{} is bound to {node}, made for {meant_for:?}, says {:?}", pod.key(), pod.node_name)
        })
    }

    /// At most one live pod of a DaemonSet on a node, two for those that may double. Pods that
    /// are being deleted or have ended are not live: upstream makes their successors beside
    /// them. Pods that a DaemonSet of another name has left behind, and that it adopts and
    /// then has too many of, are not counted.
    fn one_live_pod_a_node(&mut self, world: &World, event: &Event) -> Result<(), Broken> {
        if event.object.kind == Kind::DaemonSet {
            self.note_surge(world, &event.object.key);
        }
        let Some(pod) = pod_of(world, event) else { return Ok(()) };
        let (Some(owner), Some(node)) = (pod.metadata.controller(), pod.target_node()) else { return Ok(()) };
        if matches!(&event.fact, Fact::Updated { what } if what.starts_with("adopted")) {
            self.may_double.insert(owner.uid.clone());
        }
        let live: Vec<&str> = world
            .store()
            .pods_of(&owner.uid)
            .filter(|other| is_live(other) && other.target_node() == Some(node))
            .filter(|other| other.metadata.generate_name == format!("{}-", owner.name))
            .map(|other| other.metadata.name.as_str())
            .collect();
        let most = if self.may_double.contains(&owner.uid) { 2 } else { 1 };
        hold("one live pod a node", world, live.len() <= most, || {
            format!("{} of {} on {node}, where {most} may be: {}", live.len(), owner.name, live.join(", "))
        })
    }

    fn note_surge(&mut self, world: &World, key: &Key) {
        let Some(daemon_set) = world.store().daemon_sets.get(key) else { return };
        if allows_surge(daemon_set) {
            self.may_double.insert(daemon_set.metadata.uid.clone());
        }
    }

    fn note_adoption(&mut self, event: &Event) {
        let key = &event.object.key;
        match &event.fact {
            _ if event.object.kind != Kind::ControllerRevision => {}
            Fact::Created => drop(self.foreign.remove(key)),
            Fact::Updated { what } => {
                if let Some(owner) = what.strip_prefix("adopted by ") {
                    self.foreign.remove(key);
                    self.foreign.extend((!key.name.starts_with(&format!("{owner}-"))).then(|| key.clone()));
                } else if what.starts_with("released") {
                    self.foreign.remove(key);
                }
            }
            _ => {}
        }
    }

    /// What holds once nothing is left to happen in a cluster without faults. Where no news made
    /// the controller sync every DaemonSet, some may have a status from before, and a pod that
    /// waits for a node that is gone: a node's deletion alone makes no sync.
    pub fn at_rest(&self, world: &World, all_synced: bool) -> Result<(), Broken> {
        nothing_is_left_over(world, all_synced)?;
        for (key, daemon_set) in &world.store().daemon_sets {
            pods_are_where_they_should_be(world, key, daemon_set)?;
            pods_are_ready_and_up_to_date(world, key, daemon_set)?;
            if all_synced {
                the_status_is_fresh(world, key, daemon_set)?;
            }
            if all_synced || !self.is_revision_foreign(key, daemon_set) {
                the_present_template_is_the_last_revision(world, key, daemon_set)?;
            }
        }
        Ok(())
    }

    /// Whether another DaemonSet has adopted the revision whose name the present template's would
    /// have (orphaned, and the other's selector matches its labels). Upstream's `snapshot` finds
    /// that it exists and is of the template, and takes it as it is, whoever owns it: the
    /// DaemonSet itself has none then. Nor does it get one when that one goes, with its owner or
    /// as old history of it: `deleteHistory` wakes the owner alone, so none is made before
    /// something else makes the DaemonSet sync.
    fn is_revision_foreign(&self, key: &Key, daemon_set: &DaemonSet) -> bool {
        let hash = template_hash(&daemon_set.spec.template, daemon_set.status.collision_count);
        self.foreign.contains(&Key::new(key.namespace.clone(), format!("{}-{hash}", key.name)))
    }
}

/// A refused command leaves the world as it was.
pub fn refusals_change_nothing(
    world: &World,
    before: Option<u64>,
    command: &Command,
    refusal: &Rejection,
) -> Result<(), Broken> {
    let same = before.is_none_or(|before| before == world.digest());
    hold("refusals change nothing", world, same, || format!("{command:?} was refused: {refusal}"))
}

/// No deletion hangs, no pod is on a node that is gone or belongs to an owner that is gone.
fn nothing_is_left_over(world: &World, all_synced: bool) -> Result<(), Broken> {
    let (law, store) = ("nothing is left over", world.store());
    for (key, daemon_set) in &store.daemon_sets {
        hold(law, world, !daemon_set.metadata.is_deleting(), || format!("{key} is still being deleted"))?;
    }
    let owners: BTreeSet<&Uid> = store.daemon_sets.values().map(|daemon_set| &daemon_set.metadata.uid).collect();
    let has_owner = |uid: Option<&Uid>| uid.is_none_or(|uid| owners.contains(uid));
    for (key, revision) in &store.revisions {
        let owner = revision.metadata.controller().map(|owner| &owner.uid);
        hold(law, world, has_owner(owner), || format!("the owner of revision {key} is gone"))?;
    }
    for (key, pod) in &store.pods {
        hold(law, world, !pod.is_deleting(), || format!("{key} is still being deleted"))?;
        let owner = pod.metadata.controller().map(|owner| &owner.uid);
        hold(law, world, has_owner(owner), || format!("the owner of {key} is gone"))?;
        // A pod that waits for a node that is gone is deleted by its owner alone; pod GC only
        // looks at pods that are bound. So one without an owner waits for ever.
        let waits_for_ever = pod.node_name.is_none() && (owner.is_none() || !all_synced);
        let node = pod.target_node().unwrap_or_default();
        hold(law, world, waits_for_ever || store.nodes.contains_key(node), || {
            format!("{key} is on {node:?}, which is gone")
        })?;
        let progress = world.progress(key);
        hold(law, world, progress.is_none(), || format!("{key} is still busy: {progress:?}"))?;
    }
    Ok(())
}

/// One pod on every node that should run one, none where none may stay.
fn pods_are_where_they_should_be(world: &World, key: &Key, daemon_set: &DaemonSet) -> Result<(), Broken> {
    let placement = Placement::of(daemon_set);
    for (name, node) in &world.store().nodes {
        let verdict = placement::should_run(&placement, node);
        let on_node: Vec<&Rc<Pod>> = pods_of(world, daemon_set).filter(|p| p.target_node() == Some(name)).collect();
        let pods = on_node.len();
        let right = match (verdict.should_run, verdict.should_continue_running) {
            // The second pod of a surge waits for ever if it wants what the first one holds: a
            // port of the host, or more than the node has left.
            (true, _) if allows_surge(daemon_set) && on_node.iter().any(|pod| is_unschedulable(pod)) => pods <= 2,
            (true, _) => pods == 1,
            // One that was there before a NoSchedule taint may stay.
            (false, true) => pods <= 1,
            (false, false) => pods == 0,
        };
        hold("pods are where placement says", world, right, || format!("{pods} of {key} on {name}: {verdict:?}"))?;
    }
    Ok(())
}

/// Every pod is ready, or fits nowhere; and a rolling update that nothing holds up is through.
fn pods_are_ready_and_up_to_date(world: &World, key: &Key, daemon_set: &DaemonSet) -> Result<(), Broken> {
    let law = "rollouts come to their end";
    let mut all_ready = true;
    for pod in pods_of(world, daemon_set) {
        all_ready &= pod.is_ready();
        hold(law, world, pod.is_ready() || is_unschedulable(pod), || {
            format!("{} is not ready and nothing says why: {:?}", pod.key(), pod.status)
        })?;
    }
    if all_ready && daemon_set.spec.update_strategy.kind == UpdateStrategyType::RollingUpdate {
        let status = world.fresh_status(key).unwrap_or_default();
        hold(law, world, status.updated_number_scheduled == status.desired_number_scheduled, || {
            format!("{key} is ready everywhere and not up to date: {status:?}")
        })?;
    }
    Ok(())
}

/// The stored status is what the controller would write now.
fn the_status_is_fresh(world: &World, key: &Key, daemon_set: &DaemonSet) -> Result<(), Broken> {
    let fresh = world.fresh_status(key);
    hold("the stored status is fresh", world, fresh.as_ref() == Some(&daemon_set.status), || {
        format!("{key} has {:?}, the rules say {fresh:?}", daemon_set.status)
    })?;
    let (observed, generation) = (daemon_set.status.observed_generation, daemon_set.metadata.generation);
    hold("the stored status is fresh", world, observed == generation, || {
        format!("{key} is at generation {generation}, observed is {observed}")
    })
}

/// The history holds the present template, under the highest number.
fn the_present_template_is_the_last_revision(world: &World, key: &Key, daemon_set: &DaemonSet) -> Result<(), Broken> {
    let law = "the present template is the last revision";
    let last = world.store().revisions_of(&daemon_set.metadata.uid).map(|revision| revision.revision).max();
    let present = world.current_revision(key).map(|revision| revision.revision);
    hold(law, world, present.is_some() && present == last, || format!("{key}: present {present:?}, last {last:?}"))
}

/// Whether a pod counts as one that runs or will.
pub fn is_live(pod: &Pod) -> bool {
    !pod.is_deleting() && !pod.status.phase.is_terminal()
}

/// Whether the scheduler has said that no node has room for the pod.
fn is_unschedulable(pod: &Pod) -> bool {
    let scheduled = pod.condition(PodConditionType::PodScheduled);
    pod.node_name.is_none() && scheduled.is_some_and(|condition| condition.reason == "Unschedulable")
}

fn pods_of<'a>(world: &'a World, daemon_set: &'a DaemonSet) -> impl Iterator<Item = &'a Rc<Pod>> {
    world.store().pods_of(&daemon_set.metadata.uid)
}

/// The pod that an event is about, if it is there.
fn pod_of<'a>(world: &'a World, event: &Event) -> Option<&'a Rc<Pod>> {
    if event.object.kind == Kind::Pod { world.store().pods.get(&event.object.key) } else { None }
}
