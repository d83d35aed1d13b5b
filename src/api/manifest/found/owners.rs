//! What the objects of a cluster are to each other: whose pods they are, on which nodes, of which
//! template. What the text leaves open is settled here, with a word about it.

use super::objects;
use crate::api::{
    ConditionStatus, ControllerRevision, DaemonSet, DaemonSetStatus, FoundObject, ObjectMeta, OwnerReference, Pod,
    well_known,
};
use crate::base::{Map, Problem, Set, Span};

/// UIDs of objects that came without one begin so; the simulation's own are others.
const MADE_UP: &str = "00000000-0000-4000-9000-";

/// Settles what is open; says what it found.
pub(super) fn settle(found: &mut Vec<(Span, FoundObject)>) -> Vec<Problem> {
    let mut notes = Vec::new();
    give_uids(found);
    for (span, object) in found.iter_mut() {
        if let FoundObject::DaemonSet(daemon_set) = object
            && !adds_up(&daemon_set.status, daemon_set.metadata.generation)
        {
            let name = daemon_set.metadata.key();
            daemon_set.status = DaemonSetStatus::default();
            let message = format!("DaemonSet {name}: the numbers of its status do not add up, it begins without");
            notes.push(Problem::warning(*span, message));
        }
    }
    let all: &[(Span, FoundObject)] = found;
    let made_up: Vec<_> = all.iter().filter_map(|(span, object)| missing_revision(all, *span, object)).collect();
    for (span, revision) in made_up {
        let message = format!(
            "the ControllerRevision {} is not in the text: taken from its pods' labels, with revision {}; \
             add controllerrevisions to kubectl get for the history",
            revision.metadata.name, revision.revision
        );
        notes.push(Problem::warning(span, message));
        found.push((span, FoundObject::Revision(revision)));
    }
    notes.extend(strays(found));
    notes
}

fn give_uids(found: &mut [(Span, FoundObject)]) {
    let mut known: Set<String> = Set::new();
    for (number, (_, object)) in found.iter_mut().enumerate() {
        let metadata = match object {
            FoundObject::Node(node) => &mut node.metadata,
            FoundObject::DaemonSet(daemon_set) => &mut daemon_set.metadata,
            FoundObject::Revision(revision) => &mut revision.metadata,
            FoundObject::Pod(pod) => &mut pod.metadata,
        };
        if metadata.uid.is_empty() || !known.insert(metadata.uid.clone()) {
            metadata.uid = format!("{MADE_UP}{number:012x}");
        }
    }
}

fn adds_up(status: &DaemonSetStatus, generation: i64) -> bool {
    status.number_unavailable == status.desired_number_scheduled - status.number_available
        && status.number_available <= status.number_ready
        && status.current_number_scheduled <= status.desired_number_scheduled
        && status.observed_generation <= generation
}

/// The revision of a DaemonSet's present template, if the text does not hold it and its pods tell
/// its hash.
fn missing_revision(
    found: &[(Span, FoundObject)],
    span: Span,
    object: &FoundObject,
) -> Option<(Span, ControllerRevision)> {
    let FoundObject::DaemonSet(daemon_set) = object else { return None };
    let is_present = |object: &FoundObject| match object {
        FoundObject::Revision(revision) => {
            revision.metadata.is_controlled_by(&daemon_set.metadata.uid) && revision.data == daemon_set.spec.template
        }
        _ => false,
    };
    if found.iter().any(|(_, object)| is_present(object)) {
        return None;
    }
    let generation = daemon_set.template_generation()?;
    let hash = hash_of_generation(found, daemon_set, &generation.to_string())?;
    let name = format!("{}-{hash}", daemon_set.metadata.name);
    if found
        .iter()
        .any(|(_, object)| matches!(object, FoundObject::Revision(_)) && objects::metadata(object).key().name == name)
    {
        return None;
    }
    let mut labels = daemon_set.spec.template.metadata.labels.clone();
    labels.insert(well_known::CONTROLLER_REVISION_HASH.to_owned(), hash.to_owned());
    let metadata = ObjectMeta {
        namespace: daemon_set.metadata.namespace.clone(),
        uid: format!("{MADE_UP}{}", daemon_set.metadata.uid),
        generation: 1,
        labels: labels.into(),
        owner_references: vec![OwnerReference::controller_of(daemon_set)].into(),
        creation_timestamp: daemon_set.metadata.creation_timestamp,
        name,
        ..ObjectMeta::default()
    };
    Some((span, ControllerRevision { metadata, data: daemon_set.spec.template.clone(), revision: generation }))
}

/// The hash that the pods of a template generation carry, if they agree.
fn hash_of_generation<'a>(
    found: &'a [(Span, FoundObject)],
    daemon_set: &DaemonSet,
    generation: &str,
) -> Option<&'a str> {
    let mut hashes = found.iter().filter_map(|(_, object)| {
        let FoundObject::Pod(pod) = object else { return None };
        let is_own = pod.metadata.is_controlled_by(&daemon_set.metadata.uid);
        let is_present = pod.label(well_known::POD_TEMPLATE_GENERATION) == Some(generation);
        pod.label(well_known::CONTROLLER_REVISION_HASH).filter(|_| is_own && is_present)
    });
    let first = hashes.next()?;
    hashes.all(|hash| hash == first).then_some(first)
}

/// What will strike people: pods that nobody replaces, pods of nodes that the text does not hold,
/// machines with more than one trouble.
fn strays(found: &[(Span, FoundObject)]) -> Vec<Problem> {
    let mut notes = Vec::new();
    let mut nodes: Set<&str> = Set::new();
    let mut owners: Set<&str> = Set::new();
    for (span, object) in found {
        match object {
            FoundObject::Node(node) => {
                nodes.insert(node.name());
                let troubles = node.status.conditions.iter().filter(|condition| {
                    let good = if condition.kind == crate::api::NodeConditionType::Ready {
                        ConditionStatus::True
                    } else {
                        ConditionStatus::False
                    };
                    condition.status != good
                });
                if node.ready() == ConditionStatus::True && troubles.count() > 1 {
                    let message = format!("node {}: of its troubles one is simulated, the first", node.name());
                    notes.push(Problem::warning(*span, message));
                }
            }
            FoundObject::DaemonSet(daemon_set) => {
                owners.insert(&daemon_set.metadata.uid);
            }
            _ => {}
        }
    }
    // By the owner's kind: how many, and where the first stands.
    let mut unowned: Map<&str, (usize, Span)> = Map::new();
    let mut lost: Option<(usize, Span, &Pod)> = None;
    for (span, object) in found {
        let FoundObject::Pod(pod) = object else { continue };
        let owner = pod.metadata.controller();
        if owner.is_none_or(|owner| !owners.contains(owner.uid.as_str())) {
            unowned.entry(owner.map_or("", |owner| owner.kind.as_str())).or_insert((0, *span)).0 += 1;
        }
        if pod.node_name.as_ref().is_some_and(|name| !nodes.contains(name.as_str())) {
            lost.get_or_insert((0, *span, pod)).0 += 1;
        }
    }
    for (kind, (count, span)) in &unowned {
        let (pods, are, stay) = if *count == 1 { ("pod", "is", "it stays") } else { ("pods", "are", "they stay") };
        let of = match *kind {
            "" => "nobody's".to_owned(),
            "DaemonSet" => "a DaemonSet's that the text does not hold".to_owned(),
            kind => format!("a {kind}'s"),
        };
        let message = format!("{count} {pods} {are} {of}: {stay} where found, and nobody replaces what is deleted");
        notes.push(Problem::warning(*span, message));
    }
    if let Some((count, span, pod)) = lost {
        let pods = if count == 1 { "1 pod is".to_owned() } else { format!("{count} pods are") };
        let node = pod.node_name.as_deref().unwrap_or_default();
        let message = format!(
            "{pods} bound to a node that the text does not hold ({} to {node}): pod GC will remove what is there",
            pod.key()
        );
        notes.push(Problem::warning(span, message));
    }
    notes
}
