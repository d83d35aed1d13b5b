//! A cluster as it was found: the objects that `kubectl get … -o yaml` printed, with what their
//! status says, packed. Packed, because the reader of manifests hands them to the page as one
//! piece, the page unpacks a few at a time, and a scenario keeps them as its ground state.
//!
//! Specs that pods have in common are packed once, and shared again when they are unpacked.

mod status;

use super::{ControllerRevision, DaemonSet, Node, ObjectMeta, Pod, PodSpec, PodTemplateSpec};
use crate::base::Map;
use borsh::{BorshDeserialize, BorshSerialize};
use std::rc::Rc;

/// Numbers of the kinds in the packed form.
const NODE: u8 = 0;
const DAEMON_SET: u8 = 1;
const REVISION: u8 = 2;
const POD: u8 = 3;
const SPEC: u8 = 4;

/// A cluster as it was found.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Found {
    /// What it is, for people: `3 nodes, 2 DaemonSets and 14 pods`.
    pub summary: String,
    /// Objects of kinds that are not simulated, as `kubectl get` names them; one a line.
    #[serde(default)]
    pub others: String,
    /// How many objects are packed.
    pub objects: u32,
    /// The objects: nodes first, then DaemonSets, revisions and pods.
    #[serde(with = "hex")]
    pub packed: Vec<u8>,
}

/// An object of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundObject {
    /// A node with its conditions.
    Node(Node),
    /// A DaemonSet with its status.
    DaemonSet(DaemonSet),
    /// A revision.
    Revision(ControllerRevision),
    /// A pod with its status.
    Pod(Pod),
}

/// Unpacks objects one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacker {
    at: usize,
    specs: Vec<Rc<PodSpec>>,
}

impl Unpacker {
    /// The next object; none at the end, or where the bytes make no sense.
    pub fn next(&mut self, found: &Found) -> Option<FoundObject> {
        let whole = found.packed.as_slice();
        let mut rest = whole.get(self.at..)?;
        let object = self.object(&mut rest)?;
        self.at = whole.len() - rest.len();
        Some(object)
    }

    fn object(&mut self, bytes: &mut &[u8]) -> Option<FoundObject> {
        let mut kind = u8::deserialize(bytes).ok()?;
        if kind == SPEC {
            self.specs.push(Rc::new(PodSpec::deserialize(bytes).ok()?));
            kind = POD;
        }
        Some(match kind {
            NODE => {
                let mut node = Node::deserialize(bytes).ok()?;
                node.status.conditions = status::node_conditions(bytes);
                FoundObject::Node(node)
            }
            DAEMON_SET => FoundObject::DaemonSet(DaemonSet::deserialize(bytes).ok()?),
            REVISION => FoundObject::Revision(ControllerRevision {
                metadata: ObjectMeta::deserialize(bytes).ok()?,
                data: Rc::new(PodTemplateSpec::deserialize(bytes).ok()?),
                revision: status::number(bytes),
            }),
            _ => {
                let spec = usize::try_from(status::number(bytes)).ok()?;
                let name = |name: String| Some(name).filter(|name| !name.is_empty());
                FoundObject::Pod(Pod {
                    spec: Rc::clone(self.specs.get(spec)?),
                    metadata: ObjectMeta::deserialize(bytes).ok()?,
                    pinned_to: name(status::text(bytes)),
                    node_name: name(status::text(bytes)),
                    status: status::of_pod(bytes),
                })
            }
        })
    }
}

/// Packs objects.
#[derive(Debug, Default)]
pub struct Packer {
    packed: Vec<u8>,
    objects: u32,
    specs: Map<Vec<u8>, i64>,
}

impl Packer {
    /// Puts an object behind the others.
    pub fn put(&mut self, object: &FoundObject) {
        // Writing into memory does not fail.
        let _ = self.try_put(object);
        self.objects += 1;
    }

    fn try_put(&mut self, object: &FoundObject) -> std::io::Result<()> {
        match object {
            FoundObject::Node(node) => {
                (NODE, node).serialize(&mut self.packed)?;
                status::put_node_conditions(&node.status.conditions, &mut self.packed)
            }
            FoundObject::DaemonSet(daemon_set) => (DAEMON_SET, daemon_set).serialize(&mut self.packed),
            FoundObject::Revision(ControllerRevision { metadata, data, revision }) => {
                (REVISION, metadata, &**data, revision).serialize(&mut self.packed)
            }
            FoundObject::Pod(pod) => {
                let spec = borsh::to_vec(&*pod.spec)?;
                let next = i64::try_from(self.specs.len()).unwrap_or(i64::MAX);
                let number = match self.specs.get(&spec) {
                    Some(number) => {
                        self.packed.push(POD);
                        *number
                    }
                    None => {
                        self.packed.push(SPEC);
                        self.packed.extend_from_slice(&spec);
                        self.specs.insert(spec, next);
                        next
                    }
                };
                let name = |name: &Option<String>| name.clone().unwrap_or_default();
                (number, &pod.metadata, name(&pod.pinned_to), name(&pod.node_name)).serialize(&mut self.packed)?;
                status::put_pod(&pod.status, &mut self.packed)
            }
        }
    }

    /// What was packed.
    #[must_use]
    pub fn finish(self, summary: String, others: String) -> Found {
        Found { summary, others, objects: self.objects, packed: self.packed }
    }
}

/// Bytes as text, for scenarios in JSON and YAML.
mod hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
        let text: String = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        serializer.serialize_str(&text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
        let digits = digits.filter(|digits| digits.len() % 2 == 0);
        let digits =
            digits.ok_or_else(|| D::Error::custom("packed: an even number of hexadecimal digits is wanted"))?;
        Ok(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
    }
}

#[cfg(test)]
mod tests;
