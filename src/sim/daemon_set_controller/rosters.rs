//! What the controller keeps of each DaemonSet's nodes and pods from one sync to the next: a
//! cache. It is part of no digest and of no copy of a world, and can be dropped at any moment.

use crate::api::Key;
use crate::base::Map;
use crate::rules::roster::Roster;
use crate::sim::notice::{Change, Notice};
use crate::sim::store::Store;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Rosters by DaemonSet.
#[derive(Default)]
pub(super) struct Rosters(Map<Key, Roster>);

impl Rosters {
    /// That of a DaemonSet; empty if there is none.
    pub fn of(&mut self, key: &Key) -> &mut Roster {
        self.0.entry(key.clone()).or_default()
    }

    /// That of a DaemonSet, if there is one.
    pub fn get(&self, key: &Key) -> Option<&Roster> {
        self.0.get(key)
    }

    /// An object was written.
    pub fn note(&mut self, written: &Notice) {
        for roster in self.0.values_mut() {
            match written {
                Notice::Node(Change { old, new }) => roster.note_node(old.as_ref(), new.as_ref()),
                Notice::Pod(Change { old, new }) => roster.note_pod(old.as_ref(), new.as_ref()),
                Notice::DaemonSet(_) | Notice::Revision(_) => {}
            }
        }
    }

    /// Whether each is what would be made anew.
    pub fn are_right(&self, store: &Store) -> bool {
        self.0.values().all(|roster| roster.is_right(&store.nodes, &store.pods))
    }

    /// The DaemonSet is gone.
    pub fn forget(&mut self, key: &Key) {
        self.0.remove(key);
    }
}

impl Clone for Rosters {
    fn clone(&self) -> Rosters {
        Rosters::default()
    }
}

impl PartialEq for Rosters {
    fn eq(&self, _: &Rosters) -> bool {
        true
    }
}

impl Eq for Rosters {}

impl Hash for Rosters {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Rosters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rosters")
    }
}
