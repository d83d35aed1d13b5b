//! The smallest edit that changes a verdict, of the node or of the DaemonSet's template. It is
//! found by trying and not by guessing: each candidate is made on a copy and judged by
//! [`should_run`], the rule that the controller calls. Of several the one of fewest edits wins,
//! then the one that touches least beside what is wanted, then the first by name.
//!
//! No candidates are what would not last: taints that the node lifecycle controller puts back,
//! labels that the kubelet sets itself; nor is a toleration of everything. Only one side is
//! edited at a time.

mod candidates;

use super::{NodeVerdict, Placement, should_run};
use crate::api::{Affinity, Node, NodeSpec, ObjectMeta, PodSpec, PodTemplateSpec, Taint, TaintEffect, Toleration};
use candidates::{node_candidates, repelling_candidates, template_candidates};
use std::fmt;
use std::rc::Rc;

/// At most so many edits go together.
pub const EDITS_MAX: u32 = 3;

/// At most so many edits are tried; all sets of them would be 4,096.
const CANDIDATES_MAX: usize = 12;

/// So many template edits are remembered with what they touch.
const KNOWN_MAX: usize = 64;

/// One edit, of a node or of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A label of the node is set, or with no value removed.
    Label {
        /// Key.
        key: String,
        /// Value.
        value: Option<String>,
    },
    /// A taint comes to the node.
    Taint(Taint),
    /// A taint goes from the node.
    Untaint {
        /// Key.
        key: String,
        /// Effect; absent: all of the key.
        effect: Option<TaintEffect>,
    },
    /// A toleration comes to the template.
    Tolerate(Toleration),
    /// A label goes from the template's nodeSelector.
    DropSelector(String),
    /// The template's required node affinity goes.
    DropAffinity,
    /// The template's nodeName goes.
    DropNodeName,
}

impl Edit {
    /// Edits a node; edits of templates leave it.
    pub fn edit_node(&self, node: &mut Node) {
        match self {
            Edit::Label { key, value: Some(value) } => {
                node.metadata.labels_mut().insert(key.clone(), value.clone());
            }
            Edit::Label { key, value: None } => {
                node.metadata.labels_mut().remove(key);
            }
            Edit::Taint(taint) => {
                node.spec.taints.retain(|known| !known.matches(taint));
                node.spec.taints.push(taint.clone());
            }
            Edit::Untaint { key, effect } => {
                let goes = |taint: &Taint| taint.key == *key && effect.is_none_or(|effect| effect == taint.effect);
                node.spec.taints.retain(|taint| !goes(taint));
            }
            _ => {}
        }
    }

    /// Edits a template's spec; edits of nodes leave it.
    pub fn edit_spec(&self, spec: &mut PodSpec) {
        match self {
            Edit::Tolerate(toleration) => spec.tolerations.push(toleration.clone()),
            Edit::DropSelector(key) => {
                spec.node_selector.remove(key);
            }
            Edit::DropAffinity => {
                if let Some(affinity) = spec.affinity.as_mut().and_then(|affinity| affinity.node_affinity.as_mut()) {
                    affinity.required_during_scheduling_ignored_during_execution = None;
                }
            }
            Edit::DropNodeName => spec.node_name.clear(),
            _ => {}
        }
    }
}

/// As kubectl takes it where it edits a node; the name of a field of the template, with a
/// minus where it goes.
impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Edit::Label { key, value: Some(value) } => write!(f, "{key}={value}"),
            Edit::Label { key, value: None } | Edit::Untaint { key, effect: None } => write!(f, "{key}-"),
            Edit::Taint(taint) => write!(f, "{taint}"),
            Edit::Untaint { key, effect: Some(effect) } => write!(f, "{key}:{effect}-"),
            Edit::Tolerate(toleration) => write!(f, "tolerations {toleration}"),
            Edit::DropSelector(key) => write!(f, "nodeSelector.{key}-"),
            Edit::DropAffinity => f.write_str("affinity-"),
            Edit::DropNodeName => f.write_str("nodeName-"),
        }
    }
}

/// Edits that together change a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The edits, by name.
    pub edits: Vec<Edit>,
    /// Whose verdicts change beside the one that is wanted: of an edit of the node, what other
    /// DaemonSets say of it; of an edit of the template, on how many other nodes.
    pub touches: usize,
    /// What the verdict then is.
    pub then: NodeVerdict,
}

/// Why no edit of a node helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hopeless {
    /// Its name is not the one that is asked for.
    Name,
    /// A controller would put the taint back.
    Kept(String),
    /// The kubelet itself sets the label.
    Owned(String),
    /// It would take more than [`EDITS_MAX`], or what is asked for contradicts itself.
    TooMuch,
}

/// Looks for fixes of one DaemonSet's verdicts.
pub struct Remedies<'a> {
    placement: &'a Placement,
    /// Of the other DaemonSets.
    others: Vec<Placement>,
    nodes: Vec<&'a Node>,
    verdicts: Vec<NodeVerdict>,
    /// Edits of the template, and on how many nodes they change the verdict.
    known: Vec<(Vec<Edit>, usize)>,
}

impl<'a> Remedies<'a> {
    /// For these nodes, beside these other DaemonSets.
    #[must_use]
    pub fn new(placement: &'a Placement, others: Vec<Placement>, nodes: Vec<&'a Node>) -> Remedies<'a> {
        let verdicts = nodes.iter().map(|node| should_run(placement, node)).collect();
        Remedies { placement, others, nodes, verdicts, known: Vec::new() }
    }

    /// The smallest edit of a node that brings a pod to it.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_node(&self, node: &Node) -> Result<Fix, Hopeless> {
        let (candidates, hopeless) = node_candidates(&self.placement.template.spec, node, self.placement);
        self.edit_of_node(node, &candidates, true).ok_or(hopeless)
    }

    /// The smallest edit of a node that keeps new pods off it.
    #[must_use]
    pub fn against_node(&self, node: &Node) -> Option<Fix> {
        self.edit_of_node(node, &repelling_candidates(&self.placement.template.spec, node), false)
    }

    /// The smallest edit of the template that brings a pod to a node.
    pub fn of_template(&mut self, node: &Node) -> Option<Fix> {
        let spec = outline_of_spec(&self.placement.template.spec);
        let candidates = template_candidates(&spec, node, self.placement);
        let edited = |edits: &[&Edit]| {
            let mut spec = spec.clone();
            edits.iter().for_each(|edit| edit.edit_spec(&mut spec));
            Placement::of_template(Rc::new(PodTemplateSpec { spec, ..PodTemplateSpec::default() }))
        };
        let (nodes, verdicts, known) = (&self.nodes, &self.verdicts, &mut self.known);
        smallest(&candidates, &mut |edits| {
            let placement = edited(edits);
            let then = should_run(&placement, node);
            then.should_run.then(|| {
                let is_known = |other: &&(Vec<Edit>, usize)| other.0.iter().eq(edits.iter().copied());
                let changed = known.iter().find(is_known).map(|(_, changed)| *changed);
                let changed = changed.unwrap_or_else(|| {
                    let differs = |(node, before): &(&&Node, &NodeVerdict)| should_run(&placement, node) != **before;
                    let changed = nodes.iter().zip(verdicts).filter(differs).count();
                    if known.len() < KNOWN_MAX {
                        known.push((edits.iter().map(|edit| (*edit).clone()).collect(), changed));
                    }
                    changed
                });
                (then, changed.saturating_sub(1))
            })
        })
    }

    fn edit_of_node(&self, node: &Node, candidates: &[Edit], wanted: bool) -> Option<Fix> {
        let outline = outline_of_node(node);
        smallest(candidates, &mut |edits| {
            let mut edited = outline.clone();
            edits.iter().for_each(|edit| edit.edit_node(&mut edited));
            let then = should_run(self.placement, &edited);
            let differs = |other: &&Placement| should_run(other, &edited) != should_run(other, &outline);
            (then.should_run == wanted).then(|| (then, self.others.iter().filter(differs).count()))
        })
    }
}

/// What a set of edits comes to if it does what is wanted, and what it touches.
type Try<'t> = &'t mut dyn FnMut(&[&Edit]) -> Option<(NodeVerdict, usize)>;

/// The smallest set that does it. Candidates are in order, and so are the sets of one size.
fn smallest(candidates: &[Edit], attempt: Try<'_>) -> Option<Fix> {
    let all = 1_u32 << candidates.len().min(CANDIDATES_MAX);
    for size in 1..=EDITS_MAX {
        let mut best: Option<Fix> = None;
        // The first candidate has the highest bit, so the sets come by name from above.
        for set in (1..all).rev().filter(|set| set.count_ones() == size) {
            let mut bit = all;
            let mut is_in = |_: &&Edit| {
                bit >>= 1;
                set & bit != 0
            };
            let edits: Vec<&Edit> = candidates.iter().filter(|edit| is_in(edit)).collect();
            let Some((then, touches)) = attempt(&edits) else { continue };
            if best.as_ref().is_none_or(|best| touches < best.touches) {
                best = Some(Fix { edits: edits.into_iter().cloned().collect(), touches, then });
            }
        }
        if best.is_some() {
            return best;
        }
    }
    None
}

/// What of a node decides.
fn outline_of_node(node: &Node) -> Node {
    let metadata = ObjectMeta {
        name: node.metadata.name.clone(),
        labels: Rc::clone(&node.metadata.labels),
        ..ObjectMeta::default()
    };
    Node { metadata, spec: NodeSpec { taints: node.spec.taints.clone(), ..NodeSpec::default() }, ..Node::default() }
}

/// What of a template decides.
fn outline_of_spec(spec: &PodSpec) -> PodSpec {
    let node_affinity = spec.affinity.as_ref().and_then(|affinity| affinity.node_affinity.clone());
    PodSpec {
        node_name: spec.node_name.clone(),
        node_selector: spec.node_selector.clone(),
        affinity: node_affinity.map(|affinity| Affinity { node_affinity: Some(affinity), ..Affinity::default() }),
        tolerations: spec.tolerations.clone(),
        host_network: spec.host_network,
        ..PodSpec::default()
    }
}

#[cfg(test)]
mod tests;
