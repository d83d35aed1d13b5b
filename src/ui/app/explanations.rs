//! Verdicts of the DaemonSets on the nodes, asked for only while they are looked at.

use crate::app::{Session, Snapshot};
use crate::ui::desk::{Desk, SideTab};
use crate::ui::shared::Shared;
use crate::view::explain::Explanation;

/// From so many nodes on, the verdicts are renewed only when asked for or at rest.
const NODES_MANY: usize = 200;

/// The verdicts that the side panel shows: of the selected DaemonSet for its Why, of all for
/// a node.
#[derive(Default)]
pub(super) struct Explanations {
    current: Vec<Shared<Explanation>>,
}

impl Explanations {
    pub(super) fn refresh(&mut self, session: &Session, snapshot: &Snapshot, desk: &Desk, asked: bool) {
        if !asked && snapshot.playing && snapshot.frame.node_count >= NODES_MANY {
            return;
        }
        let keys = snapshot.frame.workloads.iter().map(|workload| &workload.key);
        let fresh = |key| session.explain(key).map(Shared::new);
        let renewed: Vec<_> = match desk.tab {
            SideTab::Workload => Vec::new(),
            SideTab::Why => keys.filter(|key| desk.workload.as_ref() == Some(*key)).filter_map(fresh).collect(),
            SideTab::Node => keys.filter_map(fresh).collect(),
        };
        if renewed != self.current {
            self.current = renewed;
        }
    }

    pub(super) fn all(&self) -> &[Shared<Explanation>] {
        &self.current
    }
}
