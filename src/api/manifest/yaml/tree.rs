//! The tree of a document: nodes in one vector, children by number. Aliases point at what
//! they stand for, so the tree is no larger than its text.

use super::scalar::Scalar;
use crate::base::Span;

/// A node by its number in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId(pub(super) usize);

/// One value of a document.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
    /// Nodes beneath it and itself, aliases expanded.
    pub(super) size: usize,
    /// Levels of collections beneath it and itself, aliases expanded.
    pub(super) height: usize,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Text, number, truth value or nothing.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<NodeId>),
    /// A map; merge keys are resolved, every key occurs once.
    Mapping(Vec<Entry>),
    /// Another way to say the node it points at.
    Alias(NodeId),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key as text, as JSON wants it.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: NodeId,
    /// Whether the key was text to begin with, not a number or truth value.
    pub(super) is_text: bool,
}

impl Entry {
    /// The key as go-yaml prints it.
    pub(super) fn printed(&self) -> String {
        if self.is_text { format!("{:?}", self.key) } else { self.key.clone() }
    }
}

/// The values of one document.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
    pub(super) nothing: Nothing,
}

/// What a number stands for that is in no tree.
#[derive(Clone, Debug)]
pub(super) struct Nothing(Node);

impl Default for Nothing {
    fn default() -> Nothing {
        Nothing(Node { span: Span::default(), kind: NodeKind::Scalar(Scalar::Null), size: 1, height: 0 })
    }
}

impl Tree {
    /// The document itself.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// A node as it stands, aliases unresolved.
    #[must_use]
    pub fn raw(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0).unwrap_or(&self.nothing.0)
    }

    /// A node; of an alias, the node that it stands for.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        // An alias never points at an alias: see `build::Builder::alias`.
        match self.raw(id).kind {
            NodeKind::Alias(target) => self.raw(target),
            _ => self.raw(id),
        }
    }

    /// Where a node stands; of an alias, where the alias stands.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        self.raw(id).span
    }

    /// How many nodes there are once aliases are expanded.
    #[must_use]
    pub fn size(&self) -> usize {
        self.root.map_or(0, |root| self.node(root).size)
    }

    /// The entries of a mapping; none of anything else.
    #[must_use]
    pub fn entries(&self, id: NodeId) -> &[Entry] {
        match &self.node(id).kind {
            NodeKind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// An entry of a mapping.
    #[must_use]
    pub fn entry(&self, id: NodeId, key: &str) -> Option<&Entry> {
        self.entries(id).iter().find(|entry| entry.key == key)
    }

    /// The items of a sequence; none of anything else.
    #[must_use]
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).kind {
            NodeKind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar that is text.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            NodeKind::Scalar(Scalar::Text(text)) => Some(text),
            _ => None,
        }
    }
}
