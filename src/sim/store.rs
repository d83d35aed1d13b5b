//! The objects, as the API server stores them.

use crate::api::{ControllerRevision, DaemonSet, Key, Node, Pod};
use crate::base::Map;
use crate::rules::scheduling::has_required_anti_affinity;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// All objects by key. Objects are shared: a copy of the store is cheap, and a change makes
/// a new object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    /// Nodes by name.
    pub nodes: Map<String, Rc<Node>>,
    /// DaemonSets.
    pub daemon_sets: Map<Key, Rc<DaemonSet>>,
    /// Pods, to be read; [`Store::put_pod`] and [`Store::remove_pod`] change them.
    pub pods: Map<Key, Rc<Pod>>,
    /// ControllerRevisions.
    pub revisions: Map<Key, Rc<ControllerRevision>>,
    index: PodIndex,
}

/// What would take a walk over all pods to work out, and so is kept with them; of a digest
/// it is no part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PodIndex {
    /// Pods with a place, in its order and then by key.
    placed: Vec<Rc<Pod>>,
    /// How many keep others away, wherever they run.
    repelling: usize,
}

impl Hash for PodIndex {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl Store {
    /// Writes a pod.
    pub fn put_pod(&mut self, key: Key, pod: Rc<Pod>) {
        let old = self.pods.insert(key, Rc::clone(&pod));
        self.index.change(old.as_ref(), Some(&pod));
    }

    /// Removes a pod.
    pub fn remove_pod(&mut self, key: &Key) {
        let old = self.pods.remove(key);
        self.index.change(old.as_ref(), None);
    }

    /// Pods of a namespace, in the order of their names.
    pub fn pods_in(&self, namespace: &str) -> impl Iterator<Item = &Rc<Pod>> {
        self.pods.range(|key| key.namespace.as_str().cmp(namespace)).map(|(_, pod)| pod)
    }

    /// Pods that are bound to a node or nominated to it, in the order of their keys.
    #[must_use]
    pub fn pods_at(&self, node: &str) -> &[Rc<Pod>] {
        let placed = &self.index.placed;
        let begin = placed.partition_point(|pod| place(pod) < node);
        let rest = placed.get(begin..).unwrap_or_default();
        rest.get(..rest.partition_point(|pod| place(pod) == node)).unwrap_or_default()
    }

    /// Pods bound to a node.
    pub fn pods_on<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Rc<Pod>> {
        self.pods_at(node).iter().filter(|pod| pod.node_name.is_some())
    }

    /// Whether a pod keeps others away from where they would be beside it.
    #[must_use]
    pub fn has_repelling_pods(&self) -> bool {
        self.index.repelling > 0
    }

    /// Whether what is kept with the pods is what a walk over them finds.
    pub(super) fn is_indexed(&self) -> bool {
        let mut index = PodIndex::default();
        for pod in self.pods.values() {
            index.change(None, Some(pod));
        }
        index == self.index
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

impl PodIndex {
    fn change(&mut self, old: Option<&Rc<Pod>>, new: Option<&Rc<Pod>>) {
        let repels = |pod: Option<&Rc<Pod>>| usize::from(pod.is_some_and(|pod| has_required_anti_affinity(pod)));
        self.repelling = self.repelling + repels(new) - repels(old);
        let is_placed = |pod: &&Rc<Pod>| !place(pod).is_empty();
        let (old, new) = (old.filter(is_placed), new.filter(is_placed));
        if let (Some(old), Some(new)) = (old, new)
            && place(old) == place(new)
        {
            let at = self.rank(old);
            if let Some(known) = self.placed.get_mut(at) {
                *known = Rc::clone(new);
            }
            return;
        }
        if let Some(old) = old {
            self.placed.remove(self.rank(old));
        }
        if let Some(new) = new {
            self.placed.insert(self.rank(new), Rc::clone(new));
        }
    }

    /// How many stand before a pod.
    fn rank(&self, pod: &Pod) -> usize {
        self.placed.partition_point(|other| by_place(other) < by_place(pod))
    }
}

/// The node that a pod is bound or nominated to; empty if there is none.
fn place(pod: &Pod) -> &str {
    pod.node_name.as_deref().unwrap_or(&pod.status.nominated_node_name)
}

fn by_place(pod: &Pod) -> (&str, &str, &str) {
    (place(pod), &pod.metadata.namespace, &pod.metadata.name)
}
