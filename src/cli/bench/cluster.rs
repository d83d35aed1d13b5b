//! The clusters on which a sync is timed.

use crate::api::{
    ConditionStatus, Container, DaemonSet, IntOrPercent, Key, Node, ObjectMeta, OwnerReference, Phase, Pod,
    PodCondition, PodConditionType, PodSpec, PodStatus, PodTemplateSpec, Quantity, RollingUpdateDaemonSet, Taint,
    TaintEffect, UpdateStrategy, UpdateStrategyType, well_known,
};
use crate::base::{Rng, SECOND_MS, Time};
use crate::rules::history::{revision_labels, template_hash};
use crate::rules::placement::{Placement, should_run};
use crate::rules::tolerations::daemon_pod_tolerations;
use crate::sim::{Knobs, Store, World};
use std::rc::Rc;

/// The instant of each sync.
const NOW: Time = Time(24 * 3_600 * SECOND_MS);

/// What pods a cluster has before the sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// None: the first of them are created.
    Create,
    /// A ready one of the present template on each node that should have one.
    Steady,
    /// A ready one of a former template on each: the first of them are replaced.
    Rollout,
}

impl Case {
    /// All, in upstream's order.
    pub const ALL: [Case; 3] = [Case::Create, Case::Steady, Case::Rollout];

    /// Its name in the output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Case::Create => "create",
            Case::Steady => "steady",
            Case::Rollout => "rollout",
        }
    }
}

/// A world with these objects, in which nothing has happened yet.
#[must_use]
pub fn world(store: &Store) -> World {
    let mut world = World::of_store(1, Knobs::default(), store.clone());
    world.advance_to(NOW);
    world
}

/// The DaemonSet of every case.
#[must_use]
pub fn key() -> Key {
    Key::new("default", "agent")
}

/// The objects of a case.
#[must_use]
pub fn store(nodes: usize, case: Case) -> Store {
    let mut rng = Rng::new(1);
    let daemon_set = daemon_set();
    let nodes: Vec<Node> = (0..nodes).map(|number| node(&mut rng, number)).collect();
    let mut store = Store::default();
    if case != Case::Create {
        let placement = Placement::of(&daemon_set);
        let template = &daemon_set.spec.template;
        let mut spec = template.spec.clone();
        spec.tolerations = daemon_pod_tolerations(&spec);
        let spec = Rc::new(spec);
        let hash = match case {
            Case::Rollout => "old-1".to_owned(),
            _ => template_hash(template, daemon_set.status.collision_count),
        };
        let model = model(&daemon_set, &hash, spec);
        for (number, node) in nodes.iter().enumerate().filter(|(_, node)| should_run(&placement, node).should_run) {
            let pod = pod(&model, number, node.name());
            store.put_pod(pod.key(), Rc::new(pod));
        }
    }
    store.nodes = nodes.into_iter().map(|node| (node.name().to_owned(), Rc::new(node))).collect();
    store.daemon_sets.insert(key(), Rc::new(daemon_set));
    store
}

/// A cluster in which all is ready but one pod, which waits for the scheduler.
#[must_use]
pub fn pending(nodes: usize) -> (Store, Key) {
    let mut store = store(nodes, Case::Steady);
    for node in store.nodes.values_mut() {
        Rc::make_mut(node).status.allocatable.insert("pods".to_owned(), Quantity::units(110));
    }
    let middle = store.pods.values().nth(store.pods.len() / 2).cloned();
    let mut pod = middle.map(|pod| (*pod).clone()).unwrap_or_default();
    (pod.node_name, pod.status) = (None, PodStatus::default());
    let key = pod.key();
    store.put_pod(key.clone(), Rc::new(pod));
    (store, key)
}

/// What pods that were made together have in common.
fn model(daemon_set: &DaemonSet, hash: &str, spec: Rc<PodSpec>) -> Pod {
    let metadata = ObjectMeta {
        namespace: daemon_set.metadata.namespace.clone(),
        labels: revision_labels(&daemon_set.spec.template, hash).into(),
        creation_timestamp: NOW + -200 * SECOND_MS,
        owner_references: vec![OwnerReference::controller_of(daemon_set)].into(),
        ..ObjectMeta::default()
    };
    let ready = PodCondition {
        kind: PodConditionType::Ready,
        status: ConditionStatus::True,
        reason: String::new(),
        message: String::new(),
        last_transition_time: NOW + -100 * SECOND_MS,
    };
    let status = PodStatus { phase: Phase::Running, conditions: vec![ready], ..PodStatus::default() };
    Pod { metadata, spec, pinned_to: None, node_name: None, status }
}

fn pod(model: &Pod, number: usize, node: &str) -> Pod {
    let mut pod = model.clone();
    pod.metadata.name = format!("agent-{number:06}");
    pod.metadata.uid = pod.metadata.name.clone();
    pod.pinned_to = Some(node.to_owned());
    pod.node_name = pod.pinned_to.clone();
    pod
}

pub(super) fn daemon_set() -> DaemonSet {
    let mut daemon_set = DaemonSet::default();
    let Key { namespace, name } = key();
    daemon_set.metadata =
        ObjectMeta { name, namespace, uid: "ds-uid".to_owned(), generation: 1, ..ObjectMeta::default() };
    let labels = [("app".to_owned(), "agent".to_owned())];
    daemon_set.spec.selector.match_labels.extend(labels.clone());
    let mut template = PodTemplateSpec::default();
    template.metadata.labels.extend(labels);
    template.spec.node_selector.insert(well_known::OS.to_owned(), "linux".to_owned());
    let image = "registry.example/agent:v9".to_owned();
    template.spec.containers = vec![Container { name: "agent".to_owned(), image, ..Container::default() }];
    daemon_set.spec.template = Rc::new(template);
    daemon_set.spec.revision_history_limit = Some(0);
    let rolling_update = RollingUpdateDaemonSet {
        max_unavailable: Some(IntOrPercent::Percent("10%".to_owned())),
        max_surge: Some(IntOrPercent::Int(0)),
    };
    daemon_set.spec.update_strategy =
        UpdateStrategy { kind: UpdateStrategyType::RollingUpdate, rolling_update: Some(rolling_update) };
    daemon_set
}

fn node(rng: &mut Rng, number: usize) -> Node {
    let name = format!("node-{number}");
    let mut node = Node::default();
    let mut label = |key: &str, value: &str| node.metadata.labels_mut().insert(key.to_owned(), value.to_owned());
    label(well_known::HOSTNAME, &name);
    label(well_known::OS, "linux");
    for (key, percent, values) in LABELS {
        if let (true, Some(value)) = (rng.below(100) < *percent, pick(rng, values)) {
            label(key, value);
        }
    }
    while let Some((key, value, effect)) =
        pick(rng, TAINTS).filter(|_| rng.below(10) == 0 && node.spec.taints.len() < 3)
    {
        let taint = Taint { value: value.to_owned(), ..Taint::new(key, effect) };
        if !node.spec.taints.contains(&taint) {
            node.spec.unschedulable |= key == well_known::TAINT_UNSCHEDULABLE;
            node.spec.taints.push(taint);
        }
    }
    node.metadata.name = name;
    node
}

/// Labels beside those that every node has: how many nodes of a hundred have one, and which
/// values there are.
const LABELS: &[(&str, u64, &[&str])] = &[
    ("role", 70, &["worker", "db", "edge"]),
    ("disk", 50, &["ssd", "hdd"]),
    (well_known::ZONE, 50, &["a", "b", "c"]),
    ("cores", 40, &["2", "4", "8", "16", "many"]),
    (well_known::CONTROL_PLANE_ROLE, 15, &[""]),
];

/// Taints that there are.
const TAINTS: &[(&str, &str, TaintEffect)] = &[
    (well_known::CONTROL_PLANE_ROLE, "", TaintEffect::NoSchedule),
    ("dedicated", "gpu", TaintEffect::NoSchedule),
    ("dedicated", "db", TaintEffect::NoExecute),
    ("dedicated", "db", TaintEffect::PreferNoSchedule),
    ("maintenance", "true", TaintEffect::NoExecute),
    (well_known::TAINT_UNSCHEDULABLE, "", TaintEffect::NoSchedule),
    (well_known::TAINT_NOT_READY, "", TaintEffect::NoExecute),
    (well_known::TAINT_UNREACHABLE, "", TaintEffect::NoSchedule),
    (well_known::TAINT_DISK_PRESSURE, "", TaintEffect::NoSchedule),
    (well_known::TAINT_MEMORY_PRESSURE, "", TaintEffect::NoSchedule),
    (well_known::TAINT_NETWORK_UNAVAILABLE, "", TaintEffect::NoSchedule),
    ("team", "a", TaintEffect::NoSchedule),
];

fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> Option<T> {
    from.get(usize::try_from(rng.below(from.len() as u64)).ok()?).copied()
}
