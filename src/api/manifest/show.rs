//! A stored object as `kubectl get -o yaml` prints it, and for each line who put it there, held
//! against what its author wrote.
//!
//! Upstream: `k8s.io/cli-runtime/pkg/printers/yaml.go`; who sets which field is spread over admission
//! plugins, controllers and the kubelet (`show/who.rs` names them).
//!
//! Models: nodes, DaemonSets, ControllerRevisions and pods with all defaults, the priority, and the
//! token that admission mounts.
//! Simplifies: the token's volume has an ending that follows from the pod's UID; what is observed of a
//! pod is always its present generation.
//! Leaves out: when taints were added, addresses of pods and nodes, IDs of containers and images, the image's name as the
//! runtime has it, heartbeats, what the kubelet tells of its machine.

mod full;
mod marks;
mod status;
mod who;

use super::print::kubectl;
use super::schema::Schema;
use crate::api::{PodTemplateSpec, Toleration};
use borsh::{BorshDeserialize, BorshSerialize};
use marks::Marks;
use serde_json::{Map, Value};
pub use who::By;

/// An object that is to be printed, and what is known of how it came to be.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Subject {
    /// The object, packed as those of a cluster that is found.
    pub packed: Vec<u8>,
    /// Reasons of a node's conditions, which are not packed.
    pub reasons: Vec<String>,
    /// A pod's class of service.
    pub qos: String,
    /// The template of a pod or a revision.
    pub template: Option<Box<PodTemplateSpec>>,
    /// The tolerations that the DaemonSet controller gives to its pods.
    pub tolerations: Vec<Toleration>,
    /// Name of the DaemonSet that a pod or a revision belongs to.
    pub owner: String,
    /// What kubectl applied last of that DaemonSet; empty if that is not known.
    pub applied: String,
    /// The manifest that those were applied from which have no annotation of it.
    pub base: String,
    /// What is not to be printed.
    pub hidden: Hidden,
}

/// What of an object is not printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Hidden {
    /// All that its author did not write.
    pub added: bool,
    /// Its status.
    pub status: bool,
    /// What the API server and kubectl note in its metadata.
    pub noted: bool,
}

/// What an object is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Basis {
    /// Nothing: only what is known to be somebody's is marked.
    #[default]
    Nothing,
    /// What kubectl applied last.
    Applied,
    /// The template that it was made from.
    Template,
}

/// An object, printed.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Printed {
    /// The text; empty if the object cannot be read.
    pub text: String,
    /// For each line who put it there: a place in [`By::ALL`].
    pub by: Vec<u8>,
    /// What that was held against.
    pub basis: Basis,
}

/// Metadata that nobody writes, by the path to it.
const NOTED: [&str; 8] = [
    "/metadata/uid",
    "/metadata/resourceVersion",
    "/metadata/generation",
    "/metadata/creationTimestamp",
    "/metadata/generateName",
    "/metadata/annotations/deprecated.daemonset.template.generation",
    "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
    "/metadata/managedFields",
];

/// Prints an object.
#[must_use]
pub fn show(subject: &Subject) -> Printed {
    let schema = Schema::new();
    let Some(full) = full::object(&schema, subject) else { return Printed::default() };
    let basis = full.written.basis();
    let hidden = subject.hidden;
    let shown = if hidden == Hidden::default() {
        full.value
    } else {
        let mut marks = Marks::new(&full.written, subject);
        // Only the parts are of interest: the text is printed again without some of them.
        let _ = kubectl::lines(&full.value, &mut |within, step, value| marks.visit(within, step, value));
        let paths = marks.paths(|path, by| {
            (hidden.added && by.is_added())
                || (hidden.status && path == "/status")
                || (hidden.noted && NOTED.contains(&path))
        });
        without(full.value, &paths)
    };
    let mut marks = Marks::new(&full.written, subject);
    let (text, numbers) = kubectl::lines(&shown, &mut |within, step, value| marks.visit(within, step, value));
    Printed { text, by: numbers.into_iter().map(|number| marks.by(number) as u8).collect(), basis }
}

/// Takes parts out, those behind others first.
fn without(mut value: Value, paths: &[String]) -> Value {
    for path in paths.iter().rev() {
        let Some((parent, key)) = path.rsplit_once('/') else { continue };
        match value.pointer_mut(parent) {
            Some(Value::Object(map)) => {
                map.remove(&marks::unescaped(key));
            }
            Some(Value::Array(items)) => {
                if let Some(at) = key.parse().ok().filter(|at| *at < items.len()) {
                    items.remove(at);
                }
            }
            _ => {}
        }
    }
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut)
        && metadata.get("annotations").and_then(Value::as_object).is_some_and(Map::is_empty)
    {
        metadata.remove("annotations");
    }
    value
}

#[cfg(test)]
mod tests;
