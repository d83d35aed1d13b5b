//! The nodes and pods of a DaemonSet as its syncs look at them: the verdict on each node, and
//! what counts of each pod. A cache from one sync to the next, told of every write in between,
//! so that a sync works out nothing anew about objects that have not changed.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`getDaemonPods`,
//! `getNodesToDaemonPods`).

mod standing;

pub use standing::{Counted, OnNode};

use self::standing::{Standing, Tally};
use super::claim::{self, Claim};
use super::placement::{self, NodeVerdict, Placement};
use super::pods::Present;
use crate::api::{DaemonSet, Key, Node, Pod, well_known};
use crate::base::{Map, Places, Time};
use std::rc::Rc;

/// The nodes and pods of one DaemonSet.
#[derive(Default, PartialEq, Eq)]
pub struct Roster {
    /// Without it, the roster has to be made anew.
    basis: Option<Basis>,
    /// In the order of the nodes.
    spots: Vec<Spot>,
    /// Pods of nodes that are not there, by the node's name.
    gone: Map<String, Vec<Daemon>>,
    /// Names of pods that are to change hands.
    claims: Map<String, Claim>,
    /// How many pods there are of each revision, by its hash.
    hashes: Map<String, usize>,
    tally: Tally,
}

/// What of the DaemonSet all the rest hangs on.
#[derive(PartialEq, Eq)]
struct Basis {
    daemon_set: DaemonSet,
    placement: Placement,
    present: Present,
}

/// A node, and the DaemonSet's pods that are on it or meant for it.
#[derive(PartialEq, Eq)]
pub struct Spot {
    /// The node.
    pub node: Rc<Node>,
    /// The verdict on it.
    pub verdict: NodeVerdict,
    /// The pods by name. Those that have ended and are being deleted are left out: nothing is
    /// left to do with them.
    pub pods: Vec<Daemon>,
}

/// A pod of the DaemonSet, and what is asked of it in every sync.
#[derive(PartialEq, Eq)]
pub struct Daemon {
    /// The pod.
    pub pod: Rc<Pod>,
    /// It is of the present template.
    pub is_present: bool,
    /// It is being deleted.
    pub is_deleting: bool,
    /// It has succeeded or failed.
    pub has_ended: bool,
    /// From when on it counts as available; `None` if it is not ready.
    pub available_from: Option<Time>,
}

impl Roster {
    /// Brings it up to the present: made anew, unless it is that of this DaemonSet with this hash of
    /// its present template.
    pub fn refresh(
        &mut self,
        daemon_set: &DaemonSet,
        hash: &str,
        nodes: &Map<String, Rc<Node>>,
        pods: &Map<Key, Rc<Pod>>,
        now: Time,
    ) {
        if self.is_of(daemon_set, hash) {
            self.tally.advance(&self.spots, now);
        } else {
            *self = Roster::new(Basis::of(daemon_set, hash), nodes, pods, now);
        }
    }

    /// Whether it is up to date, and that of this DaemonSet with this hash.
    #[must_use]
    pub fn is_of(&self, daemon_set: &DaemonSet, hash: &str) -> bool {
        self.basis.as_ref().is_some_and(|basis| basis.is_of(daemon_set, hash))
    }

    fn new(basis: Basis, nodes: &Map<String, Rc<Node>>, pods: &Map<Key, Rc<Pod>>, now: Time) -> Roster {
        let spot = |node: &Rc<Node>| Spot { verdict: basis.verdict(node), node: Rc::clone(node), pods: Vec::new() };
        let mut roster = Roster { spots: nodes.values().map(spot).collect(), ..Roster::default() };
        let places = Places::of(nodes.keys().map(String::as_str).collect());
        let namespace = &basis.daemon_set.metadata.namespace;
        for (_, pod) in pods.range(|key| key.namespace.cmp(namespace)) {
            let place = pod.target_node().and_then(|node| places.find(node));
            roster.enter(&basis, pod, place);
        }
        Roster { basis: Some(basis), tally: Tally::of(&roster.spots, now), ..roster }
    }

    /// A node was written.
    pub fn note_node(&mut self, old: Option<&Rc<Node>>, new: Option<&Rc<Node>>) {
        let (Some(_), Some(node)) = (old, new) else {
            // One more or one less is rare enough to begin anew.
            self.basis = None;
            return;
        };
        let place = self.place(node.name());
        if let (Some(basis), Some(spot)) = (&self.basis, place.and_then(|at| self.spots.get_mut(at))) {
            (spot.verdict, spot.node) = (basis.verdict(node), Rc::clone(node));
            self.review(place);
        }
    }

    /// A pod was written.
    pub fn note_pod(&mut self, old: Option<&Rc<Pod>>, new: Option<&Rc<Pod>>) {
        let Some(basis) = self.basis.take() else { return };
        let is_near = |pod: &&Rc<Pod>| pod.metadata.namespace == basis.daemon_set.metadata.namespace;
        if let Some(pod) = old.filter(is_near) {
            let place = pod.target_node().and_then(|node| self.place(node));
            self.leave(&basis, pod, place);
            self.review(place);
        }
        if let Some(pod) = new.filter(is_near) {
            let place = pod.target_node().and_then(|node| self.place(node));
            self.enter(&basis, pod, place);
            self.review(place);
        }
        self.basis = Some(basis);
    }

    fn review(&mut self, place: Option<usize>) {
        if let Some((place, spot)) = place.and_then(|place| Some((place, self.spots.get(place)?))) {
            self.tally.review(place, spot);
        }
    }

    /// How many nodes each column counts at a moment not before the last refresh.
    #[must_use]
    pub fn columns(&self, now: Time) -> [i32; 6] {
        self.tally.columns(&self.spots, now)
    }

    /// Which columns count each node, in order.
    pub fn counted(&self, now: Time) -> impl Iterator<Item = Counted> {
        self.spots.iter().map(move |spot| Standing::of(spot, now).counted)
    }

    /// Nodes where something may have to be created or deleted, in order.
    pub fn unsettled(&self) -> impl Iterator<Item = &Spot> {
        self.tally.unsettled().filter_map(|place| self.spots.get(place))
    }

    /// How many nodes a rolling update sees like this.
    #[must_use]
    pub fn number_of(&self, wanted: &dyn Fn(OnNode) -> bool) -> usize {
        self.tally.number_of(wanted)
    }

    /// Those nodes, in order.
    pub fn spots_of(&self, wanted: &dyn Fn(OnNode) -> bool) -> impl Iterator<Item = &Spot> {
        self.tally.places_of(wanted).filter_map(|place| self.spots.get(place))
    }

    /// Pods of nodes that are not there, by the node's name.
    #[must_use]
    pub fn gone(&self) -> &Map<String, Vec<Daemon>> {
        &self.gone
    }

    /// Names of the pods on which a claim is to be made.
    pub fn names(&self, wanted: Claim) -> impl Iterator<Item = &String> {
        self.claims.iter().filter(move |(_, claim)| **claim == wanted).map(|(name, _)| name)
    }

    /// Whether a pod is of the revision with this hash, be it at its end.
    #[must_use]
    pub fn has_hash(&self, hash: &str) -> bool {
        self.hashes.contains_key(hash)
    }

    /// Whether it is what would be made anew.
    #[must_use]
    pub fn is_right(&self, nodes: &Map<String, Rc<Node>>, pods: &Map<Key, Rc<Pod>>) -> bool {
        self.basis.as_ref().is_none_or(|basis| {
            let basis = Basis::of(&basis.daemon_set, basis.present.hash());
            *self == Roster::new(basis, nodes, pods, self.tally.as_of)
        })
    }

    /// Where a node is.
    fn place(&self, node: &str) -> Option<usize> {
        self.spots.binary_search_by(|spot| spot.node.name().cmp(node)).ok()
    }

    fn enter(&mut self, basis: &Basis, pod: &Rc<Pod>, place: Option<usize>) {
        let claim = claim::of(&basis.daemon_set, &pod.metadata);
        if let Claim::Adopt | Claim::Release = claim {
            self.claims.insert(pod.metadata.name.clone(), claim);
        }
        let (Claim::Own | Claim::Adopt, Some(node)) = (claim, pod.target_node()) else { return };
        if let Some(hash) = hash_of(pod) {
            match self.hashes.get_mut(hash) {
                Some(count) => *count += 1,
                None => drop(self.hashes.insert(hash.to_owned(), 1)),
            }
        }
        let daemon = basis.daemon(pod);
        if daemon.has_ended && daemon.is_deleting {
            return;
        }
        let beside = match place.and_then(|at| self.spots.get_mut(at)) {
            Some(spot) => &mut spot.pods,
            None => self.gone.entry(node.to_owned()).or_default(),
        };
        if beside.is_empty() {
            // One is the rule; a vector that grows by itself would make room for four.
            beside.reserve_exact(1);
        }
        let at = beside.partition_point(|other| other.name() < daemon.name());
        beside.insert(at, daemon);
    }

    /// The contrary of [`Roster::enter`].
    fn leave(&mut self, basis: &Basis, pod: &Rc<Pod>, place: Option<usize>) {
        self.claims.remove(&pod.metadata.name);
        let claim = claim::of(&basis.daemon_set, &pod.metadata);
        let (Claim::Own | Claim::Adopt, Some(node)) = (claim, pod.target_node()) else { return };
        if let Some(count) = hash_of(pod).and_then(|hash| self.hashes.get_mut(hash)) {
            *count -= 1;
            self.hashes.retain(|_, count| *count > 0);
        }
        let beside = match place.and_then(|at| self.spots.get_mut(at)) {
            Some(spot) => Some(&mut spot.pods),
            None => self.gone.get_mut(node),
        };
        if let Some(beside) = beside
            && let Some(at) = beside.iter().position(|other| Rc::ptr_eq(&other.pod, pod))
        {
            beside.remove(at);
        }
        self.gone.retain(|_, pods| !pods.is_empty());
    }
}

impl Basis {
    fn of(daemon_set: &DaemonSet, hash: &str) -> Basis {
        Basis {
            daemon_set: daemon_set.clone(),
            placement: Placement::of(daemon_set),
            present: Present::of(daemon_set, hash),
        }
    }

    /// Whether it is that of this DaemonSet still; its status does not matter.
    fn is_of(&self, daemon_set: &DaemonSet, hash: &str) -> bool {
        self.daemon_set.spec == daemon_set.spec
            && self.daemon_set.metadata.uid == daemon_set.metadata.uid
            && self.daemon_set.metadata.is_deleting() == daemon_set.metadata.is_deleting()
            && self.present == Present::of(daemon_set, hash)
    }

    fn verdict(&self, node: &Node) -> NodeVerdict {
        placement::should_run(&self.placement, node)
    }

    fn daemon(&self, pod: &Rc<Pod>) -> Daemon {
        Daemon {
            pod: Rc::clone(pod),
            is_present: self.present.has_made(pod),
            is_deleting: pod.is_deleting(),
            has_ended: pod.status.phase.is_terminal(),
            available_from: pod.available_from(self.daemon_set.spec.min_ready_seconds),
        }
    }
}

impl Daemon {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.pod.metadata.name
    }

    /// Whether it is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.available_from.is_some()
    }

    /// Whether it has been ready for long enough.
    #[must_use]
    pub fn is_available(&self, now: Time) -> bool {
        self.available_from.is_some_and(|at| at <= now)
    }
}

fn hash_of(pod: &Pod) -> Option<&str> {
    pod.label(well_known::CONTROLLER_REVISION_HASH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{ConditionStatus, Phase, PodCondition, PodConditionType, Taint, TaintEffect};
    use crate::base::Rng;

    fn change_node(roster: &mut Roster, nodes: &mut Map<String, Rc<Node>>, rng: &mut Rng) {
        let mut node = Node::default();
        node.metadata.name = format!("n{}", rng.below(6));
        node.spec.taints.extend((rng.below(3) == 0).then(|| Taint::new("a", TaintEffect::NoExecute)));
        let (name, new) = (node.name().to_owned(), (rng.below(9) > 0).then(|| Rc::new(node)));
        let old = match &new {
            Some(node) => nodes.insert(name, Rc::clone(node)),
            None => nodes.remove(&name),
        };
        roster.note_node(old.as_ref(), new.as_ref());
    }

    fn change_pod(roster: &mut Roster, pods: &mut Map<Key, Rc<Pod>>, rng: &mut Rng, now: Time) {
        let mut pod = Pod { pinned_to: Some(format!("n{}", rng.below(6))), ..Pod::default() };
        (pod.metadata.name, pod.pinned_to) =
            (format!("p{}", rng.below(12)), pod.pinned_to.filter(|_| rng.below(9) > 0));
        for (key, [often, seldom]) in [("app", ["ds", "other"]), (well_known::CONTROLLER_REVISION_HASH, ["new", "old"])]
        {
            let value = if rng.below(4) == 0 { seldom } else { often };
            pod.metadata.labels_mut().insert(key.to_owned(), value.to_owned());
        }
        pod.metadata.deletion_timestamp = (rng.below(4) == 0).then_some(Time(0));
        if rng.below(4) > 0 {
            pod.status.conditions.push(PodCondition {
                kind: PodConditionType::Ready,
                status: ConditionStatus::True,
                last_transition_time: now,
                reason: String::new(),
                message: String::new(),
            });
        }
        pod.status.phase = if rng.below(4) == 0 { Phase::Failed } else { Phase::Running };
        let (key, new) = (pod.key(), (rng.below(9) > 0).then(|| Rc::new(pod)));
        let old = match &new {
            Some(pod) => pods.insert(key, Rc::clone(pod)),
            None => pods.remove(&key),
        };
        roster.note_pod(old.as_ref(), new.as_ref());
    }

    #[test]
    fn comes_to_what_a_new_one_comes_to() {
        let mut daemon_set = DaemonSet::default();
        daemon_set.spec.selector.match_labels.insert("app".to_owned(), "ds".to_owned());
        let (mut rng, mut kept) = (Rng::new(1), Roster::default());
        let (mut nodes, mut pods) = (Map::new(), Map::new());
        daemon_set.spec.min_ready_seconds = 3;
        let (mut kept_for, mut waited_for) = (0, 0);
        for step in 0..5_000 {
            let now = Time(step * 100);
            if rng.below(9) == 0 {
                change_node(&mut kept, &mut nodes, &mut rng);
            } else {
                change_pod(&mut kept, &mut pods, &mut rng, now);
            }
            kept_for += usize::from(kept.basis.is_some());
            assert!(kept.is_right(&nodes, &pods));
            let one_by_one = kept.counted(now).fold([0; 6], |sum: [i32; 6], counted| {
                std::array::from_fn(|column| sum[column] + i32::from(counted[column]))
            });
            assert_eq!(kept.columns(now), one_by_one);
            waited_for += usize::from(kept.columns(now) != kept.columns(Time(now.0 + 5_000)));
            if rng.below(9) == 0 {
                let hash = if rng.below(50) == 0 { "old" } else { "new" };
                kept.refresh(&daemon_set, hash, &nodes, &pods, now);
            }
        }
        assert!(kept_for > 2_000 && waited_for > 500, "{kept_for} {waited_for}");
    }
}
