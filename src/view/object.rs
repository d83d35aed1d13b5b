//! The objects of the cluster, to be found and looked at: what the reader is to know of one for
//! printing it, and the printed lines with who put them there.

use crate::api::manifest::{By, Hidden, LAST_APPLIED, Printed, Subject};
use crate::api::{
    ControllerRevision, DaemonSet, FoundObject, Key, Kind, Node, ObjectMeta, ObjectRef, Packer, Pod, PodTemplateSpec,
};
use crate::rules::qos::qos_class;
use crate::rules::tolerations::daemon_pod_tolerations;
use crate::sim::World;
use std::rc::Rc;

/// The kinds that are simulated, in the order in which they are listed.
pub const KINDS: [Kind; 4] = [Kind::DaemonSet, Kind::Node, Kind::Pod, Kind::ControllerRevision];

/// A stored object.
#[derive(Clone, Debug)]
pub enum Stored {
    /// A node.
    Node(Rc<Node>),
    /// A DaemonSet.
    DaemonSet(Rc<DaemonSet>),
    /// A pod.
    Pod(Rc<Pod>),
    /// A revision.
    Revision(Rc<ControllerRevision>),
}

impl Stored {
    /// The object of that name, if it is there.
    #[must_use]
    pub fn find(world: &World, of: &ObjectRef) -> Option<Stored> {
        let store = world.store();
        Some(match of.kind {
            Kind::Node => Stored::Node(Rc::clone(store.nodes.get(&of.key.name)?)),
            Kind::DaemonSet => Stored::DaemonSet(Rc::clone(store.daemon_sets.get(&of.key)?)),
            Kind::Pod => Stored::Pod(Rc::clone(store.pods.get(&of.key)?)),
            Kind::ControllerRevision => Stored::Revision(Rc::clone(store.revisions.get(&of.key)?)),
        })
    }

    /// Whether it is the very same, and not only an equal one.
    #[must_use]
    pub fn is(&self, other: &Stored) -> bool {
        match (self, other) {
            (Stored::Node(a), Stored::Node(b)) => Rc::ptr_eq(a, b),
            (Stored::DaemonSet(a), Stored::DaemonSet(b)) => Rc::ptr_eq(a, b),
            (Stored::Pod(a), Stored::Pod(b)) => Rc::ptr_eq(a, b),
            (Stored::Revision(a), Stored::Revision(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    fn metadata(&self) -> &ObjectMeta {
        match self {
            Stored::Node(node) => &node.metadata,
            Stored::DaemonSet(daemon_set) => &daemon_set.metadata,
            Stored::Pod(pod) => &pod.metadata,
            Stored::Revision(revision) => &revision.metadata,
        }
    }

    /// The DaemonSet that it is, or belongs to.
    #[must_use]
    pub fn daemon_set(&self) -> Option<Key> {
        let metadata = self.metadata();
        if let Stored::DaemonSet(_) = self {
            return Some(metadata.key());
        }
        let owner = metadata.controller().filter(|owner| owner.kind == "DaemonSet")?;
        Some(Key::new(metadata.namespace.clone(), owner.name.clone()))
    }

    fn packed(&self) -> Vec<u8> {
        let object = match self {
            Stored::Node(node) => FoundObject::Node((**node).clone()),
            Stored::DaemonSet(daemon_set) => FoundObject::DaemonSet((**daemon_set).clone()),
            Stored::Pod(pod) => FoundObject::Pod((**pod).clone()),
            Stored::Revision(revision) => FoundObject::Revision((**revision).clone()),
        };
        let mut packer = Packer::default();
        packer.put(&object);
        packer.finish(String::new(), String::new()).packed
    }
}

/// What is to be known of an object for printing it. `base` is the manifest that DaemonSets were
/// applied from which have no annotation of it.
#[must_use]
pub fn subject(world: &World, stored: &Stored, base: &str, hidden: Hidden) -> Box<Subject> {
    let mut subject = Subject { packed: stored.packed(), base: base.to_owned(), hidden, ..Subject::default() };
    let template = match stored {
        Stored::Node(node) => {
            subject.reasons = node.status.conditions.iter().map(|condition| condition.reason.to_owned()).collect();
            None
        }
        Stored::DaemonSet(_) => None,
        Stored::Revision(revision) => Some(Rc::clone(&revision.data)),
        Stored::Pod(pod) => {
            subject.qos = format!("{:?}", qos_class(&pod.spec));
            super::added::template_of(world, pod)
        }
    };
    if let Some(owner) = stored.daemon_set() {
        let applied = world.store().daemon_sets.get(&owner).and_then(|it| it.metadata.annotations.get(LAST_APPLIED));
        subject.applied = applied.cloned().unwrap_or_default();
        subject.owner = owner.name;
    }
    if let Some(template) = template {
        subject.tolerations = daemon_pod_tolerations(&template.spec);
        subject.template = Some(Box::new(PodTemplateSpec::clone(&template)));
    }
    Box::new(subject)
}

/// The first objects whose kind, namespace and name have every word of a query, and how many there
/// are.
#[must_use]
pub fn find(world: &World, query: &str, most: usize) -> (Vec<ObjectRef>, usize) {
    let query = query.to_ascii_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let (mut found, mut count) = (Vec::new(), 0);
    let store = world.store();
    for kind in KINDS {
        let name = kind.to_string().to_ascii_lowercase();
        let words: Vec<&str> = words.iter().copied().filter(|word| !name.contains(*word)).collect();
        let mut offer = |namespace: &str, name: &str| {
            // Names have no capitals.
            let has = |word: &&str| match word.split_once('/') {
                Some((before, after)) => namespace.ends_with(before) && name.starts_with(after),
                None => name.contains(*word) || namespace.contains(*word),
            };
            if words.iter().all(has) {
                count += 1;
                if found.len() < most {
                    found.push(ObjectRef::new(kind, Key::new(namespace, name)));
                }
            }
        };
        match kind {
            Kind::Node => store.nodes.keys().for_each(|name| offer("", name)),
            Kind::DaemonSet => store.daemon_sets.keys().for_each(|key| offer(&key.namespace, &key.name)),
            Kind::Pod => store.pods.keys().for_each(|key| offer(&key.namespace, &key.name)),
            Kind::ControllerRevision => store.revisions.keys().for_each(|key| offer(&key.namespace, &key.name)),
        }
    }
    (found, count)
}

/// A line of a printed object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'p> {
    /// The text.
    pub text: &'p str,
    /// Who put it there; empty for the author.
    pub by: &'static str,
    /// What is to be said of that.
    pub what: &'static str,
    /// The author's is changed, not added to.
    pub is_change: bool,
    /// It is the first of those that stand together and have this in common.
    pub is_first: bool,
}

/// The lines.
#[must_use]
pub fn lines(printed: &Printed) -> Vec<Line<'_>> {
    // Who put the lines there that stand together, and how far in the first of them stands.
    let (mut before, mut margin) = (0, 0);
    let lines = printed.text.lines().zip(&printed.by).map(|(text, number)| {
        let (by, what) = By::ALL.get(usize::from(*number)).copied().unwrap_or_default();
        let indent = text.len() - text.trim_start().len();
        let is_first = before != *number || indent < margin;
        if is_first {
            (before, margin) = (*number, indent);
        }
        Line { text, by, what, is_change: *number == By::Since as u8, is_first }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Node;
    use crate::sim::Knobs;

    #[test]
    fn objects_are_found_by_the_words_of_their_names() {
        let node = |name: &str| {
            let mut node = Node::default();
            node.metadata.name = name.to_owned();
            node
        };
        let world = World::new(1, Knobs::default(), vec![node("worker-1"), node("worker-2"), node("gpu-1")]);
        let check = |query: &str, want: &[&str], count: usize| {
            let (found, all) = find(&world, query, 2);
            let names: Vec<&str> = found.iter().map(|of| of.key.name.as_str()).collect();
            assert_eq!((names.as_slice(), all), (want, count), "{query}");
        };
        check("", &["gpu-1", "worker-1"], 3);
        check("Node worker", &["worker-1", "worker-2"], 2);
        check("1 gpu", &["gpu-1"], 1);
        check("pod", &[], 0);
        check("/gpu", &["gpu-1"], 1);
        let of = ObjectRef::node("gpu-1");
        let stored = Stored::find(&world, &of).unwrap();
        assert!(stored.is(&Stored::find(&world, &of).unwrap()) && stored.daemon_set().is_none());
        let subject = subject(&world, &stored, "", Hidden::default());
        let printed = crate::api::manifest::show(&subject);
        let lines = lines(&printed);
        let line = lines.iter().find(|line| line.text.starts_with("  creationTimestamp:")).unwrap();
        assert_eq!((line.by, line.is_change), ("API server", false));
        assert!(Stored::find(&world, &ObjectRef::node("gpu-2")).is_none());
    }
}
