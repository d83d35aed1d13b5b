//! Reading manifests: what a user pastes becomes the DaemonSets and Nodes that the engine
//! needs, and every error and warning has its line and column.
//!
//! One text → documents → one parse with spans (`yaml`) → strict decoding by a table of
//! types (`schema`, `decode`) → defaults → validation → typed objects. Nothing here fails or
//! panics: problems are collected, and an object with errors is left out.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/yaml`, `pkg/runtime/serializer/json`,
//! `pkg/apis/{apps,core}/{v1,validation}`.
//!
//! Models: strict decoding of 27 kinds; defaults, validation, warnings and updates of DaemonSets,
//! Deployments, StatefulSets and nodes, and of pods but their updates (`conformance answer manifests`).
//! Simplifies: every error of an object is told at once, upstream stops after decoding; what the page
//! holds of an object is what its author wrote, with the defaults that the simulation reads.
//! Leaves out: rules of other kinds but those of their metadata; what the files of `validate` leave out.

pub mod yaml;

mod answer;
mod apply;
mod assist;
mod decode;
mod defaults;
mod documents;
mod fix;
mod found;
mod kinds;
mod patch;
mod print;
mod quantity;
mod schema;
mod server;
mod service;
mod show;
mod validate;
mod walk;

pub use answer::{Outcome, create, replace};
pub use apply::{Applied, Cluster, LAST_APPLIED, apply, apply_and_tell};
pub use patch::kubectl_apply;
pub use print::{print_daemon_set, print_node};
pub use quantity::{canonical as canonical_quantity, check as check_quantity};
pub use service::{Answer, Request, admit, answer, answer_bytes, print_authored};
pub use show::{Basis, By, Hidden, Printed, Subject, show};

use super::{DaemonSet, Found, Key, Node};
use crate::base::{Map, Problem, Span, sort_by_key};
use apply::{Applying, Local};
use borsh::{BorshDeserialize, BorshSerialize};
use kinds::{Head, Known};
use schema::Schema;
use serde_json::Value;
use server::OfKind;
use std::ops::Range;
use validate::Report;
use yaml::{Document, Fault, NodeId, Source, Spent, Tree};

/// How long a text may be.
pub const MAX_TEXT_BYTES: usize = 3 * 1_024 * 1_024;

/// Thousandths of the work that are done when a text has been parsed.
const PARSED_PERMILLE: u16 = 600;

/// How many errors, and how many warnings, are told of one text.
const MAX_PROBLEMS: usize = 500;

/// What a text holds.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Reading {
    /// The objects without errors, in the order of the text.
    pub objects: Vec<ReadObject>,
    /// What is wrong, by position.
    pub problems: Vec<Problem>,
    /// The cluster that the text is a picture of, if it is one: then `objects` is empty.
    pub found: Option<Box<Found>>,
}

/// An object and where it stands.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct ReadObject {
    /// The object.
    pub object: Object,
    /// Where it stands in the text.
    pub span: Span,
}

/// What an object is.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Object {
    /// A DaemonSet, defaulted and valid.
    DaemonSet(Box<DaemonSet>),
    /// A node, valid.
    Node(Box<Node>),
    /// A kind that Kubernetes or somebody else has defined, and the simulation does not know.
    NotSimulated {
        /// Its `apiVersion`.
        api_version: String,
        /// Its `kind`.
        kind: String,
        /// Its namespace and name.
        key: Key,
    },
}

impl Reading {
    /// Whether anything in the text cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// The objects alone.
    #[must_use]
    pub fn into_objects(self) -> Vec<Object> {
        self.objects.into_iter().map(|read| read.object).collect()
    }
}

/// Reads a manifest. Never fails: problems are collected; an object with errors is left
/// out of `objects`.
#[must_use]
pub fn read(text: &str) -> Reading {
    read_and_tell(text, &mut |_| {})
}

/// As [`read`]; `tell` hears now and then how much is done, in thousandths.
#[must_use]
pub fn read_and_tell(text: &str, tell: &mut dyn FnMut(u16)) -> Reading {
    read_with(text, None, tell).0
}

/// Reads what is to be applied to a cluster.
fn read_to_apply(text: &str, applying: Applying, tell: &mut dyn FnMut(u16)) -> (Reading, Applying) {
    let (reading, applying) = read_with(text, Some(applying), tell);
    (reading, applying.unwrap_or_default())
}

fn read_with(text: &str, applying: Option<Applying>, tell: &mut dyn FnMut(u16)) -> (Reading, Option<Applying>) {
    let mut reading = Reading::default();
    if text.len() > MAX_TEXT_BYTES {
        let span = Span { start: 0, end: 0, line: 1, column: 1 };
        let message = format!(
            "the text has {} bytes, this playground reads no more than 3 MiB ({MAX_TEXT_BYTES} bytes)",
            text.len()
        );
        reading.problems.push(Problem::error(span, message));
        return (reading, applying);
    }
    let source = Source::new(text);
    let (ranges, faults) = documents::split(&source, text);
    let mut reader = Reader { source, schema: Schema::new(), reading, applying };
    reader.faults(faults);
    let documents = {
        // Most of the work is the parser's.
        let mut tell = |byte: usize| tell(permille(byte, text.len(), PARSED_PERMILLE));
        let mut spent = Spent { tell: Some(&mut tell), ..Spent::default() };
        ranges.into_iter().filter_map(|range| reader.document(range, &mut spent)).collect::<Vec<_>>()
    };
    if found::is_cluster(&documents) {
        reader.cluster(&documents, tell);
    } else {
        documents.iter().for_each(|document| reader.objects(document));
    }
    sort_by_key(&mut reader.reading.problems, |problem| (problem.span.start, problem.span.end));
    limit(&mut reader.reading.problems);
    (reader.reading, reader.applying)
}

/// How much of `most` thousandths is done.
fn permille(done: usize, all: usize, most: u16) -> u16 {
    let part = done.min(all).saturating_mul(usize::from(most)) / all.max(1);
    u16::try_from(part).unwrap_or(most)
}

/// Keeps the first problems of each severity, and tells how many more there are.
fn limit(problems: &mut Vec<Problem>) {
    let mut kept = Map::new();
    let mut dropped = None;
    let before = problems.len();
    problems.retain(|problem| {
        let count = kept.entry(problem.severity).or_insert(0_usize);
        *count += 1;
        if *count > MAX_PROBLEMS && dropped.is_none() {
            dropped = Some(problem.span);
        }
        *count <= MAX_PROBLEMS
    });
    if let Some(first) = dropped {
        let message = format!("{} more problems are not listed", before - problems.len());
        problems.push(Problem::warning(first, message));
        sort_by_key(problems, |problem| (problem.span.start, problem.span.end));
    }
}

/// Reads one YAML document as JSON, as `sigs.k8s.io/yaml` does, and tells what strict
/// reading objects to.
///
/// # Errors
/// What makes the document unreadable.
pub fn yaml_to_json(text: &str) -> Result<(Value, Vec<Fault>), Fault> {
    let document = yaml::parse(&Source::new(text), 0..text.len(), &mut yaml::Spent::default())?;
    let json = document.tree.root().map(|root| decode::as_json(&document.tree, root));
    Ok((json.unwrap_or_default(), document.duplicates))
}

struct Reader<'t> {
    source: Source<'t>,
    schema: Schema,
    reading: Reading,
    /// The text is to be applied.
    applying: Option<Applying>,
}

/// A document that says something.
struct Parsed {
    tree: Tree,
    root: NodeId,
    /// Where a key is set twice.
    spoiled: Vec<Span>,
}

impl Reader<'_> {
    fn faults(&mut self, faults: Vec<Fault>) {
        let errors = faults.into_iter().map(|fault| Problem::error(fault.span, fault.message));
        self.reading.problems.extend(errors);
    }

    fn document(&mut self, range: Range<usize>, spent: &mut Spent<'_>) -> Option<Parsed> {
        let Document { tree, duplicates, unread } = match yaml::parse(&self.source, range, spent) {
            Ok(document) => document,
            Err(Fault { message, span }) => {
                let message = format!("error converting YAML to JSON: {message}");
                self.faults(vec![Fault { message, span }]);
                return None;
            }
        };
        if let Some(span) = unread {
            let message = "Kubernetes reads nothing behind '...': separate documents by '---'";
            self.reading.problems.push(Problem::warning(span, message));
        }
        let root = tree.root()?;
        if matches!(tree.node(root).kind, yaml::NodeKind::Scalar(yaml::Scalar::Null)) {
            return None;
        }
        // A key that is set twice spoils the object that it is in.
        let spoiled = duplicates.iter().map(|fault| fault.span).collect();
        self.faults(duplicates.into_iter().map(strict).collect());
        Some(Parsed { tree, root, spoiled })
    }

    /// Reads an object, or the items of a list, and of lists in it.
    fn objects(&mut self, Parsed { tree, root, spoiled }: &Parsed) {
        for (id, head) in kinds::items(tree, *root) {
            let head = match head {
                Ok(head) => head,
                Err(fault) => {
                    self.faults(vec![fault]);
                    continue;
                }
            };
            match head.known() {
                None => {
                    let span = tree.entry(id, "kind").map_or(tree.span(id), |entry| tree.span(entry.value));
                    self.faults(vec![Fault { message: head.no_match(), span }]);
                }
                // Its items come by themselves.
                Some(Known::List) => {}
                Some(Known::NotSimulated { namespaced }) => self.not_simulated(tree, id, head, namespaced, "is"),
                Some(Known::Custom) => self.not_simulated(tree, id, head, true, "is a custom resource,"),
                Some(known) => {
                    let span = tree.span(id);
                    let is_spoiled = spoiled.iter().any(|s| s.start >= span.start && s.end <= span.end);
                    self.simulated(tree, id, &head, known, is_spoiled);
                }
            }
        }
    }

    fn not_simulated(&mut self, tree: &Tree, id: NodeId, head: Head, namespaced: bool, what: &str) {
        let of = self.schema.kind(&head.api_version, &head.kind);
        if let Some((name, is_namespaced)) = of {
            // The API server reads it as strictly as what is simulated.
            let kind = OfKind { name, is_namespaced };
            let Some((decoded, mut report)) = self.decoded(tree, id, kind) else { return };
            server::hold(&self.schema, kind, decoded).create(tree, id, &mut report);
            if !self.is_admitted(report) {
                return;
            }
        }
        let metadata = tree.entry(id, "metadata").map(|entry| entry.value);
        let text = |name| Some(tree.text(tree.entry(metadata?, name)?.value)?.to_owned());
        let name: String = text("name").unwrap_or_default();
        let namespace =
            if namespaced { text("namespace").unwrap_or_else(|| "default".to_owned()) } else { String::new() };
        let span = tree.entry(id, "kind").map_or(tree.span(id), |entry| tree.span(entry.value));
        let message = format!("{} {name:?} {what} read and not simulated", head.kind);
        self.reading.problems.push(Problem::warning(span, message));
        if let Some(applying) = &mut self.applying {
            applying.not_simulated(&head.kind, &name);
        }
        let object =
            Object::NotSimulated { api_version: head.api_version, kind: head.kind, key: Key::new(namespace, name) };
        self.reading.objects.push(ReadObject { object, span: tree.span(id) });
    }

    fn simulated(&mut self, tree: &Tree, id: NodeId, head: &Head, known: Known, is_spoiled: bool) {
        let kind = match known {
            Known::Node => OfKind { name: "Node", is_namespaced: false },
            _ => OfKind { name: "DaemonSet", is_namespaced: true },
        };
        let Some((decoded, mut report)) = self.decoded(tree, id, kind) else { return };
        let value = match &mut self.applying {
            Some(applying) => applying.object(&self.schema, &Local { tree, id, head, kind, decoded }, &mut report),
            None => {
                server::hold(&self.schema, kind, decoded.clone()).create(tree, id, &mut report);
                Some(decoded)
            }
        };
        let is_admitted = self.is_admitted(report);
        let Some(mut value) = value.filter(|_| is_admitted && !is_spoiled) else { return };
        match known {
            Known::Node => defaults::simulated_node(&mut value),
            _ => defaults::simulated_daemon_set(&mut value),
        }
        match typed(known, value) {
            Ok(object) => {
                if let Some(applying) = &mut self.applying {
                    applying.store(&object);
                }
                self.reading.objects.push(ReadObject { object, span: tree.span(id) });
            }
            // Validation should have found it: tell it all the same.
            Err(message) => self.faults(vec![Fault { message, span: tree.span(id) }]),
        }
    }

    /// An object as it is written, if it can be decoded, and what kubectl says of it.
    fn decoded(&mut self, tree: &Tree, id: NodeId, kind: OfKind) -> Option<(Value, Report)> {
        let (mut value, refused) = decode::decode(&self.schema, tree, id, kind.name);
        if !refused.is_empty() {
            self.faults(refused.into_iter().map(|refused| refused.fault).collect());
            return None;
        }
        let mut report = Report::default();
        // Not the API server's words but kubectl's: an object is applied, and found again, by its name.
        if let Some(prefix) = answer::generate_name(&mut value) {
            let at = tree.entry(id, "metadata").and_then(|entry| tree.entry(entry.value, "generateName"));
            let span = at.map_or(tree.span(id), |entry| tree.span(entry.value));
            report.faults.push(Fault { message: format!("from {prefix}: cannot use generate name with apply"), span });
        }
        Some((value, report))
    }

    /// Tells what is said of an object; whether nothing is wrong with it.
    fn is_admitted(&mut self, report: Report) -> bool {
        let warnings = report.warnings.into_iter().map(|fault| Problem::warning(fault.span, fault.message));
        self.reading.problems.extend(warnings);
        let is_valid = report.faults.is_empty();
        self.faults(report.faults);
        is_valid
    }
}

fn strict(fault: Fault) -> Fault {
    Fault { message: format!("strict decoding error: {}", fault.message), ..fault }
}

fn typed(known: Known, value: Value) -> Result<Object, String> {
    let object = match known {
        Known::Node => serde_json::from_value(value).map(|node| Object::Node(Box::new(node))),
        _ => serde_json::from_value(value).map(|set| Object::DaemonSet(Box::new(set))),
    };
    object.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
