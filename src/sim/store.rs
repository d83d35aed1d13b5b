//! The objects, as the API server stores them.

use crate::api::{ControllerRevision, DaemonSet, Key, Node, Pod};
use crate::base::Map;
use std::rc::Rc;

/// All objects by key. Objects are shared: a copy of the store is cheap, and a change makes
/// a new object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    /// Nodes by name.
    pub nodes: Map<String, Rc<Node>>,
    /// DaemonSets.
    pub daemon_sets: Map<Key, Rc<DaemonSet>>,
    /// Pods.
    pub pods: Map<Key, Rc<Pod>>,
    /// ControllerRevisions.
    pub revisions: Map<Key, Rc<ControllerRevision>>,
}

impl Store {
    /// Pods bound to a node.
    pub fn pods_on<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Rc<Pod>> {
        self.pods.values().filter(move |pod| pod.node_name.as_deref() == Some(node))
    }

    /// Pods controlled by the owner with this UID.
    pub fn pods_of<'a>(&'a self, owner_uid: &'a str) -> impl Iterator<Item = &'a Rc<Pod>> {
        self.pods.values().filter(move |pod| pod.metadata.is_controlled_by(owner_uid))
    }

    /// ControllerRevisions controlled by the owner with this UID.
    pub fn revisions_of<'a>(&'a self, owner_uid: &'a str) -> impl Iterator<Item = &'a Rc<ControllerRevision>> {
        self.revisions.values().filter(move |revision| revision.metadata.is_controlled_by(owner_uid))
    }
}
