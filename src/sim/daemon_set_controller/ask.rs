//! What a sync asks for: claims and history first, then creations in batches that double
//! (slow start), then deletions.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`syncNodes`), `update.go`
//! (`constructHistory`), `util/daemonset_util.go` (`CreatePodTemplate`).

use crate::api::{
    ControllerRevision, DaemonSet, Key, Kind, ObjectMeta, ObjectRef, OwnerReference, Pod, Uid, well_known,
};
use crate::base::{Millis, Set};
use crate::rules::history;
use crate::rules::sync::{Claims, Plan, Seen};
use crate::rules::tolerations::daemon_pod_tolerations;
use crate::sim::event::EventType;
use crate::sim::faults::TIMED_OUT;
use crate::sim::notice::{Context, Out, Write};
use std::rc::Rc;

/// What was asked for, and what comes of it.
pub(super) struct Asked {
    /// How long it takes.
    pub took_ms: Millis,
    /// How many new pods will be seen.
    pub creations: usize,
    /// Pods that will be seen being deleted.
    pub deletions: Set<Uid>,
    /// Something is refused.
    pub failed: bool,
}

/// Asks for everything that a plan holds, up to where something is refused without which the
/// rest may not be done; `None` if that is the history, without which there is no status.
pub(super) fn ask(context: &Context<'_>, seen: &Seen<'_>, plan: &Plan, out: &mut Out) -> Option<Asked> {
    let daemon_set = seen.daemon_set;
    let reference = ObjectRef::new(Kind::DaemonSet, daemon_set.metadata.key());
    let mut requests = Requests { out, failed: false };
    ask_pod_claims(seen, plan, &mut requests);
    let unclaimed = std::mem::take(&mut requests.failed);
    ask_revision_claims(seen, plan, &mut requests);
    ask_history(seen, plan, &mut requests);
    if requests.failed {
        return None;
    }
    let latency_ms = context.knobs.api_latency_ms;
    let mut asked = Asked { took_ms: 2 * latency_ms, creations: 0, deletions: Set::new(), failed: unclaimed };
    if unclaimed {
        return Some(asked);
    }
    let out = requests.out;
    for ended in &plan.ended {
        let (event_type, reason) = if ended.failed {
            (EventType::Warning, "FailedDaemonPod")
        } else {
            (EventType::Normal, "SucceededDaemonPod")
        };
        out.record_after(0, event_type, reference.clone(), reason, ended.message.clone());
    }
    let mut at_ms = latency_ms;
    let fail = |at_ms: Millis, reason: &str, what: &str, out: &mut Out| {
        out.record_after(at_ms, EventType::Warning, reference.clone(), reason, [what, TIMED_OUT].concat());
    };
    let model = model(daemon_set, &plan.history.hash);
    let (mut rest, mut batch) = (plan.create_on.as_slice(), 1);
    while let Some((now, later)) = rest.split_at_checked(batch.min(rest.len())).filter(|(now, _)| !now.is_empty()) {
        for node in now {
            let pod = Pod { pinned_to: Some(node.clone()), ..model.clone() };
            if out.send_after(at_ms, Write::CreatePod(Box::new(pod))) {
                asked.creations += 1;
            } else {
                asked.failed = true;
                fail(at_ms, "FailedCreate", "Error creating: ", out);
            }
        }
        at_ms += latency_ms;
        if asked.failed {
            break;
        }
        (rest, batch) = (later, batch * 2);
    }
    for name in &plan.delete {
        if let Some(uid) = uid_of(seen, name) {
            let key = Key::new(daemon_set.metadata.namespace.clone(), name.clone());
            if out.send_after(at_ms, Write::DeletePod { key, uid: uid.clone(), grace_period_seconds: None }) {
                asked.deletions.insert(uid);
            } else {
                asked.failed = true;
                fail(at_ms, "FailedDelete", "Error deleting: ", out);
            }
        }
    }
    for name in &plan.clean_up {
        let key = Key::new(daemon_set.metadata.namespace.clone(), name.clone());
        asked.failed = asked.failed || !out.send_after(at_ms, Write::DeleteRevision(key));
    }
    asked.took_ms = at_ms + latency_ms;
    Some(asked)
}

/// Requests of which some may be refused.
struct Requests<'o> {
    out: &'o mut Out,
    failed: bool,
}

impl Requests<'_> {
    fn send(&mut self, write: Write) {
        self.failed |= !self.out.send(write);
    }
}

fn ask_pod_claims(seen: &Seen<'_>, plan: &Plan, out: &mut Requests<'_>) {
    let own_key = seen.daemon_set.metadata.key();
    let key = |name: &String| Key::new(own_key.namespace.clone(), name.clone());
    let Claims { adopt, release } = &plan.pod_claims;
    for (names, owner) in [(adopt, Some(&own_key)), (release, None)] {
        for name in names {
            if let Some(uid) = uid_of(seen, name) {
                out.send(Write::SetPodOwner { key: key(name), uid, owner: owner.cloned() });
            }
        }
    }
}

fn ask_revision_claims(seen: &Seen<'_>, plan: &Plan, out: &mut Requests<'_>) {
    let own_key = seen.daemon_set.metadata.key();
    let key = |name: &String| Key::new(own_key.namespace.clone(), name.clone());
    let Claims { adopt, release } = &plan.revision_claims;
    for (names, owner) in [(adopt, Some(&own_key)), (release, None)] {
        for name in names {
            out.send(Write::SetRevisionOwner { key: key(name), owner: owner.cloned() });
        }
    }
}

fn ask_history(seen: &Seen<'_>, plan: &Plan, out: &mut Requests<'_>) {
    let daemon_set = seen.daemon_set;
    let namespace = &daemon_set.metadata.namespace;
    let key = |name: &String| Key::new(namespace.clone(), name.clone());
    let history = &plan.history;
    let label = well_known::CONTROLLER_REVISION_HASH;
    for name in &history.unlabelled {
        out.send(Write::LabelRevision { key: key(name), label: label.to_owned(), value: name.clone() });
    }
    if let Some((name, number)) = &history.create {
        let template = Rc::clone(&daemon_set.spec.template);
        let metadata = ObjectMeta {
            name: name.clone(),
            namespace: namespace.clone(),
            labels: history::revision_labels(&template, &history.hash).into(),
            annotations: daemon_set.metadata.annotations.clone(),
            owner_references: vec![OwnerReference::controller_of(daemon_set)].into(),
            ..ObjectMeta::default()
        };
        out.send(Write::CreateRevision(Box::new(ControllerRevision { metadata, data: template, revision: *number })));
    }
    if let Some((name, number)) = &history.bump {
        out.send(Write::NumberRevision { key: key(name), revision: *number });
    }
    if !history.duplicates.is_empty() {
        let own = seen.pods.values().filter(|pod| pod.metadata.is_controlled_by(&daemon_set.metadata.uid));
        for pod in own.filter(|pod| pod.label(label) != Some(history.hash.as_str())) {
            let (key, uid) = (pod.key(), pod.metadata.uid.clone());
            out.send(Write::LabelPod { key, uid, label: label.to_owned(), value: history.hash.clone() });
        }
    }
    for name in &history.duplicates {
        out.send(Write::DeleteRevision(key(name)));
    }
}

/// What all pods of a sync have in common, and share: the template's spec with the added
/// tolerations. Upstream: `CreatePodTemplate`, `ReplaceDaemonSetPodNodeNameNodeAffinity`.
fn model(daemon_set: &DaemonSet, hash: &str) -> Pod {
    let template = &daemon_set.spec.template;
    let mut spec = template.spec.clone();
    spec.tolerations = daemon_pod_tolerations(&spec);
    let mut labels = history::revision_labels(template, hash);
    if let Some(generation) = daemon_set.template_generation() {
        labels.insert(well_known::POD_TEMPLATE_GENERATION.to_owned(), generation.to_string());
    }
    let metadata = ObjectMeta {
        generate_name: format!("{}-", daemon_set.metadata.name),
        namespace: daemon_set.metadata.namespace.clone(),
        labels: labels.into(),
        annotations: template.metadata.annotations.clone(),
        owner_references: vec![OwnerReference::controller_of(daemon_set)].into(),
        ..ObjectMeta::default()
    };
    // A template that names its node passes the scheduler by.
    let node_name = Some(&spec.node_name).filter(|name| !name.is_empty()).cloned();
    Pod { metadata, spec: Rc::new(spec), node_name, ..Pod::default() }
}

/// UID of a pod that the controller sees.
fn uid_of(seen: &Seen<'_>, name: &str) -> Option<Uid> {
    let key = Key::new(seen.daemon_set.metadata.namespace.clone(), name);
    seen.pods.get(&key).map(|pod| pod.metadata.uid.clone())
}
