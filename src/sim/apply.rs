//! Commands: what the API server and kubectl make of them.
//!
//! Upstream: `pkg/registry/apps/daemonset/strategy.go`, `pkg/registry/core/node/strategy.go`,
//! `plugin/pkg/admission/nodetaint` (TaintNodesByCondition), `k8s.io/kubectl/pkg/cmd`.
//! Models: create and update of DaemonSets with generation and template generation; the
//! immutable selector; nodes that join not ready and tainted; deletion with its cascades; what
//! kubectl refuses of labels and taints; drain with its filters; the tolerations that admission
//! adds to pods.
//! Simplifies: what is applied is merged beforehand (`api/manifest/apply.rs`), here it takes the
//! place of what is stored: of metadata its labels and annotations.
//! Leaves out: disruption budgets, quotas, admission plugins that refuse, authorization.

mod drain;

pub(super) use drain::drain_of;

use super::command::{Cascade, Command, Fault, Rejection};
use super::commit::{Commit, set_conditions};
use super::event::{Actor, Event, EventId, Fact};
use super::notice::{Change, Notice, Turn, Write};
use super::world::World;
use crate::api::{DaemonSet, Key, Kind, Node, NodeConditionType, ObjectRef, Quantity, Taint, TaintEffect, well_known};
use crate::rules::node_conditions::{REPORTED, condition, event_reason};
use std::rc::Rc;

/// Most nodes that a cluster may have.
pub(super) const MAX_NODES: usize = 15_000;
/// Most DaemonSets that a cluster may have.
const MAX_DAEMON_SETS: usize = 200;

/// Does a command, or refuses it and changes nothing.
pub(super) fn apply(world: &mut World, command: &Command, events: &mut Vec<Event>) -> Result<(), Rejection> {
    match command {
        Command::ApplyDaemonSet { daemon_set } => apply_daemon_set(world, daemon_set, events),
        Command::ApplyNode { node } if world.store.nodes.contains_key(node.name()) => change_node(world, node, events),
        Command::ApplyNode { node } | Command::AddNode { node } => add_node(world, node, events),
        Command::DeleteNode { name } => delete_node(world, name, events),
        Command::LabelNode { name, key, value } => label_node(world, name, key, value.as_deref(), events),
        Command::TaintNode { name, taint } => taint_node(world, name, taint, events),
        Command::UntaintNode { name, key, effect } => untaint_node(world, name, key, *effect, events),
        Command::CordonNode { name, unschedulable } => cordon_node(world, name, *unschedulable, events),
        Command::DrainNode { name, options } => drain::drain_node(world, name, options, events),
        Command::BreakNode { name, fault } => break_node(world, name, *fault, events),
        Command::RepairNode { name } => repair_node(world, name, events),
        Command::DeletePod { key } => delete_pod(world, key, events),
        Command::DeleteDaemonSet { key, cascade } => delete_daemon_set(world, key, *cascade, events),
    }
}

/// Notes the command; everything that follows has it as its cause.
fn commanded(world: &mut World, object: ObjectRef, kubectl: String, events: &mut Vec<Event>) -> Option<EventId> {
    Some(world.happened(events, Actor::User, None, object, Fact::Commanded { kubectl }, None))
}

fn as_user<'a>(world: &'a mut World, cause: Option<EventId>, events: &'a mut Vec<Event>) -> Commit<'a> {
    Commit { world, actor: Actor::User, cause, events }
}

fn daemon_set_ref(key: &Key) -> ObjectRef {
    ObjectRef::new(Kind::DaemonSet, key.clone())
}

fn apply_daemon_set(world: &mut World, wanted: &DaemonSet, events: &mut Vec<Event>) -> Result<(), Rejection> {
    let key = wanted.metadata.key();
    let kubectl = format!("kubectl apply -f {}.yaml", key.name);
    let Some(old) = world.store.daemon_sets.get(&key).cloned() else {
        if world.store.daemon_sets.len() >= MAX_DAEMON_SETS {
            return Err(Rejection::new(format!("the playground holds at most {MAX_DAEMON_SETS} DaemonSets")));
        }
        let mut daemon_set = wanted.clone();
        daemon_set.metadata.generation = 1;
        daemon_set.status = crate::api::DaemonSetStatus::default();
        set_template_generation(&mut daemon_set, 1);
        world.stamp_new(&mut daemon_set.metadata);
        let cause = commanded(world, daemon_set_ref(&key), kubectl, events);
        let daemon_set = Rc::new(daemon_set);
        world.store.daemon_sets.insert(key.clone(), Rc::clone(&daemon_set));
        let notice = Notice::DaemonSet(Change { old: None, new: Some(daemon_set) });
        world.happened(events, Actor::User, cause, daemon_set_ref(&key), Fact::Created, Some(notice));
        return Ok(());
    };
    let mut updated = (*old).clone();
    updated.spec = wanted.spec.clone();
    updated.metadata.labels.clone_from(&wanted.metadata.labels);
    updated.metadata.annotations.clone_from(&wanted.metadata.annotations);
    set_template_generation(&mut updated, old.template_generation().unwrap_or(1));
    if updated == *old {
        return Ok(());
    }
    if updated.spec.selector != old.spec.selector {
        return Err(Rejection::new(format!(
            "The DaemonSet {:?} is invalid: spec.selector: Invalid value: {}: field is immutable",
            key.name, updated.spec.selector
        )));
    }
    if updated.spec != old.spec {
        updated.metadata.generation += 1;
    }
    if updated.spec.template != old.spec.template {
        set_template_generation(&mut updated, old.template_generation().unwrap_or(1) + 1);
    }
    let what = spec_change(&old, &updated);
    let cause = commanded(world, daemon_set_ref(&key), kubectl, events);
    as_user(world, cause, events).update_daemon_set(&key, |_| true, what, |daemon_set| *daemon_set = updated);
    Ok(())
}

/// Upstream keeps the generation of the template in this annotation for old clients; pods
/// carry it as a label, and either it or the hash makes a pod up to date.
fn set_template_generation(daemon_set: &mut DaemonSet, generation: i64) {
    let key = well_known::DEPRECATED_TEMPLATE_GENERATION.to_owned();
    daemon_set.metadata.annotations.insert(key, generation.to_string());
}

/// What a person would say that changed.
fn spec_change(old: &DaemonSet, new: &DaemonSet) -> String {
    let image = |ds: &DaemonSet| ds.spec.template.spec.containers.first().map(|c| c.image.clone()).unwrap_or_default();
    let mut parts = Vec::new();
    if image(old) != image(new) {
        parts.push(format!("image {} → {}", image(old), image(new)));
    } else if old.spec.template != new.spec.template {
        parts.push("pod template".to_owned());
    }
    if old.spec.update_strategy != new.spec.update_strategy {
        parts.push("update strategy".to_owned());
    }
    if old.spec.min_ready_seconds != new.spec.min_ready_seconds {
        parts.push(format!("minReadySeconds {} → {}", old.spec.min_ready_seconds, new.spec.min_ready_seconds));
    }
    if parts.is_empty() {
        parts.push(if old.spec == new.spec { "metadata".to_owned() } else { "spec".to_owned() });
    }
    parts.join(", ")
}

/// What the kubelet and the API server would fill in on a node: the labels that name its
/// host and system, and what a common machine has.
pub(super) fn complete_node(node: &mut Node) {
    let name = node.name().to_owned();
    let labels = node.metadata.labels_mut();
    for (key, value) in
        [(well_known::HOSTNAME, name.as_str()), (well_known::OS, "linux"), ("kubernetes.io/arch", "amd64")]
    {
        labels.entry(key.to_owned()).or_insert_with(|| value.to_owned());
    }
    let defaults = [("cpu", "4"), ("memory", "8145912Ki"), ("ephemeral-storage", "61202244Ki"), ("pods", "110")];
    if node.status.allocatable.is_empty() {
        node.status.allocatable = node.status.capacity.clone();
    }
    for (resource, amount) in defaults {
        if let Ok(quantity) = Quantity::parse(amount) {
            node.status.allocatable.entry(resource.to_owned()).or_insert(quantity);
        }
    }
    if node.status.capacity.is_empty() {
        node.status.capacity = node.status.allocatable.clone();
    }
}

fn add_node(world: &mut World, wanted: &Node, events: &mut Vec<Event>) -> Result<(), Rejection> {
    let name = wanted.name().to_owned();
    if world.store.nodes.contains_key(&name) {
        return Err(Rejection::already_exists("nodes", &name));
    }
    if world.store.nodes.len() >= MAX_NODES {
        return Err(Rejection::new(format!("the playground holds at most {MAX_NODES} nodes")));
    }
    let mut node = wanted.clone();
    complete_node(&mut node);
    let mut reported = REPORTED.map(|kind| condition(kind, kind != NodeConditionType::Ready));
    if let Some(ready) = reported.last_mut() {
        ready.message = "[container runtime status check may not have completed yet]".into();
    }
    set_conditions(&mut node, &reported, world.now);
    // Admission taints every new node, so that nothing is scheduled before it is ready.
    let not_ready = Taint::new(well_known::TAINT_NOT_READY, TaintEffect::NoSchedule);
    if !node.spec.taints.iter().any(|taint| taint.matches(&not_ready)) {
        node.spec.taints.push(not_ready);
    }
    world.stamp_new(&mut node.metadata);
    let cause = commanded(world, ObjectRef::node(&name), format!("a machine joins as {name}"), events);
    let node = Rc::new(node);
    world.store.nodes.insert(name.clone(), Rc::clone(&node));
    world.components.kubelets.register(&name, world.now);
    let notice = Notice::Node(Change { old: None, new: Some(node) });
    let created = world.happened(events, Actor::Kubelet, cause, ObjectRef::node(&name), Fact::Created, Some(notice));
    let mut out = world.out(Actor::Kubelet);
    out.normal(ObjectRef::node(&name), "Starting", "Starting kubelet.");
    for reason in REPORTED.iter().filter_map(|kind| event_reason(*kind, *kind != NodeConditionType::Ready)) {
        if reason != "NodeNotReady" {
            out.normal(ObjectRef::node(&name), reason, format!("Node {name} status is now: {reason}"));
        }
    }
    let message = "Updated Node Allocatable limit across pods";
    out.normal(ObjectRef::node(&name), "NodeAllocatableEnforced", message);
    out.turn_after(world.knobs.node_ready_ms, Turn::PostNodeStatus(name));
    world.settle(out, Some(created), events);
    Ok(())
}

fn change_node(world: &mut World, wanted: &Node, events: &mut Vec<Event>) -> Result<(), Rejection> {
    let name = wanted.name().to_owned();
    let cause = commanded(world, ObjectRef::node(&name), format!("kubectl apply -f {name}.yaml"), events);
    as_user(world, cause, events).update_node(&name, "labels, taints or cordon".to_owned(), |node| {
        node.metadata.labels.clone_from(&wanted.metadata.labels);
        node.metadata.annotations.clone_from(&wanted.metadata.annotations);
        node.spec.clone_from(&wanted.spec);
    });
    Ok(())
}

fn known_node<'a>(world: &'a World, name: &str) -> Result<&'a Rc<Node>, Rejection> {
    world.store.nodes.get(name).ok_or_else(|| Rejection::not_found("nodes", name))
}

fn delete_node(world: &mut World, name: &str, events: &mut Vec<Event>) -> Result<(), Rejection> {
    known_node(world, name)?;
    let cause = commanded(world, ObjectRef::node(name), format!("kubectl delete node {name}"), events);
    let old = world.store.nodes.remove(name);
    if let Some(old) = &old {
        world.recorders.forget(&old.metadata.uid);
    }
    world.components.kubelets.forget(name);
    let notice = Notice::Node(Change { old, new: None });
    world.happened(events, Actor::User, cause, ObjectRef::node(name), Fact::Removed, Some(notice));
    Ok(())
}

fn label_node(
    world: &mut World,
    name: &str,
    key: &str,
    value: Option<&str>,
    events: &mut Vec<Event>,
) -> Result<(), Rejection> {
    let node = known_node(world, name)?;
    let text = value.map_or_else(|| format!("{key}-"), |value| format!("{key}={value}"));
    if value.is_none() && !node.metadata.labels.contains_key(key) {
        return Err(Rejection::new(format!("label {key:?} not found.")));
    }
    let cause = commanded(world, ObjectRef::node(name), format!("kubectl label node {name} {text}"), events);
    as_user(world, cause, events).update_node(name, format!("label {text}"), |node| match value {
        Some(value) => {
            node.metadata.labels_mut().insert(key.to_owned(), value.to_owned());
        }
        None => {
            node.metadata.labels_mut().remove(key);
        }
    });
    Ok(())
}

fn taint_node(world: &mut World, name: &str, taint: &Taint, events: &mut Vec<Event>) -> Result<(), Rejection> {
    known_node(world, name)?;
    let cause = commanded(world, ObjectRef::node(name), format!("kubectl taint node {name} {taint}"), events);
    as_user(world, cause, events).update_node(name, format!("taint {taint} added"), |node| {
        node.spec.taints.retain(|known| !known.matches(taint));
        node.spec.taints.push(taint.clone());
    });
    Ok(())
}

fn untaint_node(
    world: &mut World,
    name: &str,
    key: &str,
    effect: Option<TaintEffect>,
    events: &mut Vec<Event>,
) -> Result<(), Rejection> {
    let node = known_node(world, name)?;
    let text = effect.map_or_else(|| key.to_owned(), |effect| format!("{key}:{effect}"));
    let goes = |taint: &Taint| taint.key == key && effect.is_none_or(|effect| effect == taint.effect);
    if !node.spec.taints.iter().any(goes) {
        return Err(Rejection::new(format!("error: taint {text:?} not found")));
    }
    let cause = commanded(world, ObjectRef::node(name), format!("kubectl taint node {name} {text}-"), events);
    as_user(world, cause, events)
        .update_node(name, format!("taint {text} removed"), |node| node.spec.taints.retain(|taint| !goes(taint)));
    Ok(())
}

fn cordon_node(world: &mut World, name: &str, unschedulable: bool, events: &mut Vec<Event>) -> Result<(), Rejection> {
    known_node(world, name)?;
    let verb = if unschedulable { "cordon" } else { "uncordon" };
    let cause = commanded(world, ObjectRef::node(name), format!("kubectl {verb} {name}"), events);
    cordon(world, name, unschedulable, cause, events);
    Ok(())
}

fn cordon(world: &mut World, name: &str, unschedulable: bool, cause: Option<EventId>, events: &mut Vec<Event>) {
    let what = if unschedulable { "cordoned" } else { "uncordoned" };
    as_user(world, cause, events).update_node(name, what.to_owned(), |node| node.spec.unschedulable = unschedulable);
}

fn break_node(world: &mut World, name: &str, fault: Fault, events: &mut Vec<Event>) -> Result<(), Rejection> {
    known_node(world, name)?;
    let what = match fault {
        Fault::Unreachable => "its kubelet stops: no more heartbeats",
        Fault::NotReady => "its container runtime is down",
        Fault::DiskPressure => "its disk is nearly full",
        Fault::MemoryPressure => "its memory is nearly used up",
        Fault::PidPressure => "its process IDs are nearly used up",
        Fault::NetworkUnavailable => "its network is down",
    };
    let fact = Fact::Machine { what: what.to_owned() };
    let cause = Some(world.happened(events, Actor::User, None, ObjectRef::node(name), fact, None));
    let mut out = world.out(Actor::Kubelet);
    let context = super::notice::Context { now: world.now, knobs: &world.knobs, store: &world.store };
    let silence = world.components.kubelets.break_machine(&context, name, fault, &mut out);
    if let Some(silence) = silence {
        out.sign_as(Actor::NodeLifecycle);
        world.components.node_lifecycle.expect_silence(&context, name, silence, &mut out);
    }
    world.settle(out, cause, events);
    Ok(())
}

fn repair_node(world: &mut World, name: &str, events: &mut Vec<Event>) -> Result<(), Rejection> {
    known_node(world, name)?;
    if world.components.kubelets.fault(name).is_none() {
        return Ok(());
    }
    let fact = Fact::Machine { what: "it works again".to_owned() };
    let cause = Some(world.happened(events, Actor::User, None, ObjectRef::node(name), fact, None));
    let mut out = world.out(Actor::Kubelet);
    let context = super::notice::Context { now: world.now, knobs: &world.knobs, store: &world.store };
    world.components.kubelets.repair_machine(&context, name, &mut out);
    world.settle(out, cause, events);
    Ok(())
}

fn delete_pod(world: &mut World, key: &Key, events: &mut Vec<Event>) -> Result<(), Rejection> {
    let pod = world.store.pods.get(key).ok_or_else(|| Rejection::not_found("pods", &key.name))?;
    let uid = pod.metadata.uid.clone();
    let kubectl = format!("kubectl delete pod {} -n {}", key.name, key.namespace);
    let cause = commanded(world, ObjectRef::new(Kind::Pod, key.clone()), kubectl, events);
    let write = Write::DeletePod { key: key.clone(), uid, grace_period_seconds: None };
    super::commit::commit(world, Actor::User, write, cause, events);
    Ok(())
}

fn delete_daemon_set(world: &mut World, key: &Key, cascade: Cascade, events: &mut Vec<Event>) -> Result<(), Rejection> {
    let daemon_set =
        world.store.daemon_sets.get(key).ok_or_else(|| Rejection::not_found("daemonsets.apps", &key.name))?;
    let uid = daemon_set.metadata.uid.clone();
    let flag = match cascade {
        Cascade::Background => "",
        Cascade::Foreground => " --cascade=foreground",
        Cascade::Orphan => " --cascade=orphan",
    };
    let kubectl = format!("kubectl delete daemonset {} -n {}{flag}", key.name, key.namespace);
    let cause = commanded(world, daemon_set_ref(key), kubectl, events);
    let now = world.now;
    let mut commit = as_user(world, cause, events);
    let finalizer = match cascade {
        Cascade::Background => {
            commit.remove_daemon_set(key, &uid);
            return Ok(());
        }
        Cascade::Foreground => "foregroundDeletion",
        Cascade::Orphan => "orphan",
    };
    commit.update_daemon_set(
        key,
        |ds| !ds.metadata.is_deleting(),
        format!("deletion asked for, waits for {finalizer}"),
        |ds| {
            ds.metadata.deletion_timestamp = Some(now);
            ds.metadata.finalizers.push(finalizer.to_owned());
        },
    );
    Ok(())
}
