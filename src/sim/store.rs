//! The objects, as the API server stores them.

use crate::api::{ControllerRevision, DaemonSet, Key, Node, Pod};
use std::collections::BTreeMap;
use std::rc::Rc;

/// All objects by key. Objects are shared: a copy of the store is cheap, and a change makes
/// a new object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    /// Nodes by name.
    pub nodes: BTreeMap<String, Rc<Node>>,
    /// DaemonSets.
    pub daemon_sets: BTreeMap<Key, Rc<DaemonSet>>,
    /// Pods.
    pub pods: BTreeMap<Key, Rc<Pod>>,
    /// ControllerRevisions.
    pub revisions: BTreeMap<Key, Rc<ControllerRevision>>,
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
