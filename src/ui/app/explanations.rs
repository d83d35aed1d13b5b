//! Verdicts of the DaemonSets on the nodes, asked for only while they are looked at.

use crate::app::{Session, Snapshot};
use crate::ui::desk::{Desk, SideTab};
use crate::ui::shared::Shared;
use crate::view::explain::{Explanation, Known};
use crate::view::{NodeGroup, WorkloadCard};

/// From so many nodes on, the verdicts are renewed only when asked for or at rest.
const NODES_MANY: usize = 200;

/// The verdicts that the side panel shows: of the selected DaemonSet for its Why, of all for
/// a node.
#[derive(Default)]
pub(super) struct Explanations {
    current: Vec<Shared<Explanation>>,
    of: Vec<Shared<NodeGroup>>,
    and: Vec<Shared<WorkloadCard>>,
    known: Known,
}

impl Explanations {
    /// Asks again where the answer may have changed. `asked`: the person did something.
    pub(super) fn refresh(&mut self, session: &Session, snapshot: &Snapshot, desk: &Desk, asked: bool) {
        let frame = &snapshot.frame;
        let of: Vec<_> = frame.groups.iter().map(Shared::from).collect();
        let and: Vec<_> = frame.workloads.iter().map(Shared::from).collect();
        let many = snapshot.playing && frame.node_count >= NODES_MANY;
        if !asked && (many || (of == self.of && and == self.and)) {
            return;
        }
        let keys = frame.workloads.iter().map(|workload| &workload.key);
        let known = &mut self.known;
        let explain = |key| session.explain_again(key, known).map(Shared::new);
        let renewed: Vec<_> = match desk.tab {
            SideTab::Workload | SideTab::Object => Vec::new(),
            SideTab::Why => keys.filter(|key| desk.workload.as_ref() == Some(*key)).filter_map(explain).collect(),
            SideTab::Node => keys.filter_map(|key| session.verdicts(key).map(Shared::new)).collect(),
        };
        let same = renewed.len() == self.current.len() && renewed.iter().zip(&self.current).all(|(a, b)| **a == **b);
        if !same {
            self.current = renewed;
        }
        (self.of, self.and) = (of, and);
    }

    pub(super) fn all(&self) -> &[Shared<Explanation>] {
        &self.current
    }
}
