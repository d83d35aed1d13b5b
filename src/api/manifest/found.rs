//! A text that is a picture of a cluster: what `kubectl get nodes,ds,deploy,sts,pods -A -o yaml`
//! prints. Its objects are not applied but taken as they are, with status, owners and ages.
//!
//! Upstream: `k8s.io/kubectl/pkg/cmd/get`.
//! Models: nodes with labels, taints, amounts and conditions; DaemonSets with generation and status;
//! ControllerRevisions; pods on their nodes with phase, conditions, containers, priority, owners and a
//! deletion under way. The present is the latest time that the objects speak of.
//! Simplifies: of a node's conditions the message is kept and not the reason; of a daemon pod's
//! affinity only the node that it is pinned to and what is preferred; the volume with a service
//! account's token that admission adds is taken out again, so that pods of one template are alike.
//! A DaemonSet whose revision of the present template is not in the text gets one with the hash of
//! its pods of that template generation, and the generation as its number: which number it has in
//! the cluster is not known. The hash is the cluster's own and not computed anew.
//! Leaves out: conditions of types that are not simulated, addresses.

mod objects;
mod others;
mod owners;
mod time;

use super::decode::{self, Kind};
use super::kinds::{self, Head, Known};
use super::server::{self, OfKind};
use super::validate::Report;
use super::yaml::{Fault, NodeId, Tree};
use super::{Parsed, Reader, permille};
use crate::api::{FoundObject, Key, Packer};
use crate::base::{Map, Problem, Span, count};
use objects::typed;
use others::Others;
use serde_json::Value;
use time::Present;

/// Most nodes and DaemonSets of a cluster: the engine's limits.
const MAX_OBJECTS: [(&str, usize); 2] = [("Node", 15_000), ("DaemonSet", 200)];

/// The kinds that are taken in, in the order in which they are packed.
const KINDS: [(&str, &str, bool); 4] = [
    ("v1", "Node", false),
    ("apps/v1", "DaemonSet", true),
    ("apps/v1", "ControllerRevision", true),
    ("v1", "Pod", true),
];

/// An object as decoded: where it stands, what of, and what it says.
struct Raw {
    span: Span,
    value: Value,
    /// A revision's template.
    template: Option<Value>,
}

/// Whether the documents are a picture of a cluster and not manifests to apply: they hold several
/// objects, and of at least one node what only the API server and its kubelet can have written.
pub(super) fn is_cluster(documents: &[Parsed]) -> bool {
    let (mut count, mut found) = (0_usize, false);
    for Parsed { tree, root, .. } in documents {
        for (id, head) in kinds::items(tree, *root) {
            count += 1;
            found |= head.is_ok_and(|head| head.known() == Some(Known::Node)) && is_observed(tree, id);
        }
    }
    found && count > 1
}

fn is_observed(tree: &Tree, id: NodeId) -> bool {
    let field = |outer: &str, inner: &str| Some(tree.entry(tree.entry(id, outer)?.value, inner)?.value);
    let has_uid = field("metadata", "uid").and_then(|uid| tree.text(uid)).is_some_and(|uid| !uid.is_empty());
    has_uid && field("status", "conditions").is_some_and(|conditions| !tree.items(conditions).is_empty())
}

impl Reader<'_> {
    /// Reads the documents as a cluster.
    pub(super) fn cluster(&mut self, documents: &[Parsed], tell: &mut dyn FnMut(u16)) {
        let mut raw: [Vec<Raw>; 4] = Default::default();
        let mut others = Others::default();
        let heads: Vec<_> = documents.iter().map(|parsed| (parsed, kinds::items(&parsed.tree, parsed.root))).collect();
        let all = heads.iter().map(|(_, items)| items.len()).sum::<usize>();
        let mut done = 0;
        for (Parsed { tree, .. }, items) in heads {
            for (id, head) in items {
                done += 1;
                if done % 64 == 0 {
                    tell(super::PARSED_PERMILLE + permille(done, all, 200));
                }
                match head {
                    Err(fault) => self.faults(vec![fault]),
                    Ok(head) => match kind_of(&head) {
                        Some(at) => {
                            let decoded = self.observed(tree, id, at);
                            if let (Some(list), Some(decoded)) = (raw.get_mut(at), decoded) {
                                list.push(decoded);
                            }
                        }
                        None => others.add(tree, id, &head),
                    },
                }
            }
        }
        for (kind, most) in MAX_OBJECTS {
            let of_kind = raw.iter().zip(KINDS).find(|(_, (_, name, _))| *name == kind).map(|(list, _)| list);
            if let Some(first_too_many) = of_kind.and_then(|list| list.get(most)) {
                let message = format!("more than {most} objects of kind {kind}, this playground simulates no more");
                self.reading.problems.push(Problem::error(first_too_many.span, message));
            }
        }
        let found = self.typed(raw, all, tell);
        self.reading.problems.extend(others.notes());
        if !self.reading.has_errors() {
            self.pack(found, &others);
        }
    }

    /// Decodes an object of a kind that is taken in.
    fn observed(&mut self, tree: &Tree, id: NodeId, at: usize) -> Option<Raw> {
        let (_, name, is_namespaced) = *KINDS.get(at)?;
        let (value, refused) = decode::decode(&self.schema, tree, id, name);
        let mut errors = Vec::new();
        for refused in refused {
            // A cluster of another version may have fields that this one has not.
            match refused.kind {
                Kind::Strict => {
                    let Fault { message, span } = refused.fault;
                    let message = format!("{}: it is left out", message.trim_start_matches("strict decoding error: "));
                    self.reading.problems.push(Problem::warning(span, message));
                }
                Kind::Own | Kind::Type => errors.push(refused.fault),
            }
        }
        // Of pods the rules for their creation are not asked: they have been created, and live.
        if errors.is_empty() && (name == "Node" || name == "DaemonSet") {
            let mut report = Report::default();
            server::hold(&self.schema, OfKind { name, is_namespaced }, value.clone()).create(tree, id, &mut report);
            errors = report.faults;
        }
        let span = tree.span(id);
        if errors.is_empty() && value.get("metadata").is_none_or(|metadata| metadata.get("name").is_none()) {
            errors.push(Fault { message: format!("{name}: metadata.name: Required value"), span });
        }
        let template = (name == "ControllerRevision").then(|| self.template_of_revision(tree, id)).flatten();
        let is_sound = errors.is_empty();
        self.faults(errors);
        is_sound.then_some(Raw { span, value, template })
    }

    /// The template that a revision keeps as a patch of `spec.template`.
    fn template_of_revision(&self, tree: &Tree, id: NodeId) -> Option<Value> {
        let mut at = id;
        for step in ["data", "spec", "template"] {
            at = tree.entry(at, step)?.value;
        }
        Some(decode::decode(&self.schema, tree, at, "PodTemplateSpec").0)
    }

    /// What the decoded objects are, by kind and key: nodes first.
    fn typed(&mut self, raw: [Vec<Raw>; 4], all: usize, tell: &mut dyn FnMut(u16)) -> Vec<(Span, FoundObject)> {
        let present = Present::of(raw.iter().flatten().map(|raw| &raw.value));
        let mut found: Vec<(Span, FoundObject)> = Vec::new();
        for (list, (_, kind, is_namespaced)) in raw.into_iter().zip(KINDS) {
            let mut places: Map<Key, usize> = Map::new();
            for Raw { span, value, template } in list {
                if found.len().is_multiple_of(64) {
                    tell(super::PARSED_PERMILLE + 200 + permille(found.len(), all, 200));
                }
                match typed(kind, is_namespaced, value, template, present) {
                    Err(message) => self.faults(vec![Fault { message: format!("{kind}: {message}"), span }]),
                    Ok(None) => {}
                    Ok(Some(object)) => {
                        let key = objects::metadata(&object).key();
                        let text = format!("{kind} {key} is there twice: the last one counts");
                        let before = places.get(&key).and_then(|at| found.get_mut(*at));
                        if let Some(before) = before {
                            *before = (span, object);
                            self.reading.problems.push(Problem::warning(span, text));
                        } else {
                            places.insert(key, found.len());
                            found.push((span, object));
                        }
                    }
                }
            }
        }
        found
    }

    fn pack(&mut self, mut found: Vec<(Span, FoundObject)>, others: &Others) {
        let problems = &mut self.reading.problems;
        problems.extend(owners::settle(&mut found));
        let mut packer = Packer::default();
        // A revision that was made up stands at the end of its kind.
        for kind in 0..KINDS.len() {
            for (_, object) in found.iter().filter(|(_, object)| objects::place(object) == kind) {
                packer.put(object);
            }
        }
        let counted = |kind: usize, what: &str| {
            count(found.iter().filter(|(_, object)| objects::place(object) == kind).count(), what)
        };
        let summary = format!("{}, {} and {}", counted(0, "node"), counted(1, "DaemonSet"), counted(3, "pod"));
        self.reading.found = Some(Box::new(packer.finish(summary, others.listed())));
    }
}

fn kind_of(head: &Head) -> Option<usize> {
    KINDS.iter().position(|(version, kind, _)| *version == head.api_version && *kind == head.kind)
}

#[cfg(test)]
mod tests;
