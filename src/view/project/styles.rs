//! Which colour and shape a DaemonSet has: a small index that stays with its name while it
//! is on screen. Names not seen before take the lowest free indices, oldest DaemonSet first.

use crate::api::Key;
use crate::base::{Map, Set, sort_by_key};
use crate::sim::Store;
use crate::view::frame::Frame;

/// Indices by DaemonSet.
#[derive(Debug, Default, PartialEq)]
pub struct Styles(Map<Key, usize>);

impl Styles {
    /// Hands out indices: those of the frame before stay.
    pub fn of(store: &Store, previous: Option<&Frame>) -> Styles {
        let before = previous.into_iter().flat_map(|frame| &frame.workloads);
        let mut styles: Map<Key, usize> = before
            .filter(|card| store.daemon_sets.contains_key(&card.key))
            .map(|card| (card.key.clone(), card.style))
            .collect();
        let mut taken: Set<usize> = styles.values().copied().collect();
        let mut unseen: Vec<_> = store.daemon_sets.iter().filter(|(key, _)| !styles.contains_key(key)).collect();
        sort_by_key(&mut unseen, |(key, daemon_set)| (daemon_set.metadata.creation_timestamp, *key));
        for (key, _) in unseen {
            let free = (0..=taken.len()).find(|index| !taken.contains(index)).unwrap_or_default();
            taken.insert(free);
            styles.insert(key.clone(), free);
        }
        Styles(styles)
    }

    /// The index of a DaemonSet that is there.
    pub fn get(&self, key: &Key) -> Option<usize> {
        self.0.get(key).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::DaemonSet;
    use crate::base::Time;
    use crate::view::frame::WorkloadCard;
    use std::rc::Rc;

    fn store(daemon_sets: &[(&str, i64)]) -> Store {
        let mut store = Store::default();
        for (name, created_ms) in daemon_sets {
            let mut daemon_set = DaemonSet::default();
            daemon_set.metadata.name = (*name).to_owned();
            daemon_set.metadata.creation_timestamp = Time(*created_ms);
            store.daemon_sets.insert(Key::new("", *name), Rc::new(daemon_set));
        }
        store
    }

    fn frame_with(styles: &Styles) -> Frame {
        let card = |(key, style): (&Key, &usize)| {
            Rc::new(WorkloadCard { style: *style, ..crate::view::project::workloads::tests::empty_card(key.clone()) })
        };
        Frame { workloads: styles.0.iter().map(card).collect(), ..Frame::default() }
    }

    #[test]
    fn follow_creation() {
        let styles = Styles::of(&store(&[("a", 20), ("b", 10)]), None);
        assert_eq!((styles.get(&Key::new("", "b")), styles.get(&Key::new("", "a"))), (Some(0), Some(1)));
        assert_eq!(styles.get(&Key::new("", "c")), None);
    }

    #[test]
    fn stay_when_another_goes_or_comes() {
        let first = frame_with(&Styles::of(&store(&[("a", 10), ("b", 20), ("c", 30)]), None));
        let without_a = Styles::of(&store(&[("b", 20), ("c", 30)]), Some(&first));
        assert_eq!((without_a.get(&Key::new("", "b")), without_a.get(&Key::new("", "c"))), (Some(1), Some(2)));
        let with_d = Styles::of(&store(&[("b", 20), ("c", 30), ("d", 40)]), Some(&frame_with(&without_a)));
        assert_eq!(with_d.get(&Key::new("", "d")), Some(0), "the index that became free");
    }
}
