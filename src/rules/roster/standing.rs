//! How a node stands with a DaemonSet: what the status, the placement loop and a rolling update
//! make of its pods. Worked out again only where something changed, so that a sync of thousands
//! of nodes looks at those that there is something to do about.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`updateDaemonSetStatus`,
//! `podsShouldBeOnNode`), `update.go` (`findUpdatedPodsOnNode`).

use super::{Daemon, Spot};
use crate::base::{Bits, Time};
use crate::rules::placement::NodeVerdict;
use crate::rules::pods::by_age;

/// Whether DESIRED, CURRENT, READY, UP-TO-DATE, AVAILABLE and misscheduled count a node.
pub type Counted = [bool; 6];

/// What a rolling update sees of a node: its pods that are not being deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnNode {
    /// It has no pods and should have none.
    Nothing,
    /// All are being deleted, or the one that it should have is missing.
    Missing,
    /// More than one of a kind: the placement loop must clean up first.
    TooMany,
    /// One of the present template.
    New {
        /// It is available.
        available: bool,
    },
    /// One of a former template.
    Old {
        /// The node should run one.
        should_run: bool,
        /// It is available.
        available: bool,
    },
    /// One of each.
    Both {
        /// The one of the present template is available.
        new: bool,
        /// The other is.
        old: bool,
    },
}

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub counted: Counted,
    /// The placement loop has nothing to do there.
    is_settled: bool,
    on_node: OnNode,
    /// When time alone will change it.
    until: Time,
}

/// The standing of all nodes.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// The moment to which all are true.
    pub as_of: Time,
    standings: Vec<Standing>,
    counted: [i32; 6],
    unsettled: Bits,
    on_node: [Bits; OnNode::COUNT],
    /// Where time alone will change something.
    waiting: Bits,
}

impl OnNode {
    const COUNT: usize = 13;

    /// Of these pods of a node.
    #[must_use]
    pub fn of(should_run: bool, pods: &[Daemon], now: Time) -> OnNode {
        let (mut new, mut old) = (None, None);
        for pod in pods.iter().filter(|pod| !pod.is_deleting) {
            let place = if pod.is_present { &mut new } else { &mut old };
            if place.replace(pod.is_available(now)).is_some() {
                return OnNode::TooMany;
            }
        }
        match (new, old) {
            (None, None) if pods.is_empty() && !should_run => OnNode::Nothing,
            (None, None) => OnNode::Missing,
            (Some(available), None) => OnNode::New { available },
            (None, Some(available)) => OnNode::Old { should_run, available },
            (Some(new), Some(old)) => OnNode::Both { new, old },
        }
    }

    /// All there are, each at its number.
    const ALL: [OnNode; OnNode::COUNT] = [
        OnNode::Nothing,
        OnNode::Missing,
        OnNode::TooMany,
        OnNode::New { available: false },
        OnNode::New { available: true },
        OnNode::Old { should_run: false, available: false },
        OnNode::Old { should_run: false, available: true },
        OnNode::Old { should_run: true, available: false },
        OnNode::Old { should_run: true, available: true },
        OnNode::Both { new: false, old: false },
        OnNode::Both { new: false, old: true },
        OnNode::Both { new: true, old: false },
        OnNode::Both { new: true, old: true },
    ];

    fn number(self) -> usize {
        match self {
            OnNode::Nothing => 0,
            OnNode::Missing => 1,
            OnNode::TooMany => 2,
            OnNode::New { available } => 3 + usize::from(available),
            OnNode::Old { should_run, available } => 5 + 2 * usize::from(should_run) + usize::from(available),
            OnNode::Both { new, old } => 9 + 2 * usize::from(new) + usize::from(old),
        }
    }
}

impl Standing {
    pub fn of(spot: &Spot, now: Time) -> Standing {
        let Spot { verdict, pods, .. } = spot;
        Standing {
            counted: counted(*verdict, pods, now),
            is_settled: is_settled(*verdict, pods),
            on_node: OnNode::of(verdict.should_run, pods, now),
            until: pods.iter().filter_map(|pod| pod.available_from).filter(|at| *at > now).min().unwrap_or(Time::NEVER),
        }
    }
}

/// Which columns count a node. Of several pods only the oldest counts.
fn counted(verdict: NodeVerdict, pods: &[Daemon], now: Time) -> Counted {
    let oldest = pods.iter().min_by(|a, b| by_age(&a.pod, &b.pod));
    if !verdict.should_run {
        return [false, false, false, false, false, oldest.is_some()];
    }
    let Some(pod) = oldest else { return [true, false, false, false, false, false] };
    [true, true, pod.is_ready(), pod.is_present, pod.is_available(now), false]
}

/// Whether it is as it should be, as most are: nothing has to be created or deleted.
fn is_settled(verdict: NodeVerdict, pods: &[Daemon]) -> bool {
    match pods {
        [] => !verdict.should_run,
        [only] => verdict.should_continue_running && !only.is_deleting && !only.has_ended,
        _ => false,
    }
}

impl Tally {
    /// Of all nodes.
    pub fn of(spots: &[Spot], as_of: Time) -> Tally {
        let mut tally = Tally { as_of, standings: Vec::with_capacity(spots.len()), ..Tally::default() };
        for (place, spot) in spots.iter().enumerate() {
            let standing = Standing::of(spot, as_of);
            tally.standings.push(standing);
            tally.count(place, standing, true);
        }
        tally
    }

    /// Something changed at a node.
    pub fn review(&mut self, place: usize, spot: &Spot) {
        let standing = Standing::of(spot, self.as_of);
        if let Some(known) = self.standings.get_mut(place)
            && *known != standing
        {
            let before = std::mem::replace(known, standing);
            self.count(place, before, false);
            self.count(place, standing, true);
        }
    }

    /// Time has passed.
    pub fn advance(&mut self, spots: &[Spot], now: Time) {
        self.as_of = now;
        for place in self.overdue(now).collect::<Vec<_>>() {
            if let Some(spot) = spots.get(place) {
                self.review(place, spot);
            }
        }
    }

    /// How many nodes each column counts at a moment that may be a later one.
    pub fn columns(&self, spots: &[Spot], now: Time) -> [i32; 6] {
        let mut sum = self.counted;
        for place in self.overdue(now) {
            if let (Some(known), Some(spot)) = (self.standings.get(place), spots.get(place)) {
                add(&mut sum, known.counted, -1);
                add(&mut sum, Standing::of(spot, now).counted, 1);
            }
        }
        sum
    }

    /// Nodes where the placement loop may have something to do, in order.
    pub fn unsettled(&self) -> impl Iterator<Item = usize> {
        self.unsettled.iter()
    }

    /// How many nodes a rolling update sees like this.
    pub fn number_of(&self, wanted: &dyn Fn(OnNode) -> bool) -> usize {
        self.sets_of(wanted).map(Bits::len).sum()
    }

    /// Those nodes, in order.
    pub fn places_of(&self, wanted: &dyn Fn(OnNode) -> bool) -> impl Iterator<Item = usize> {
        Bits::union(self.sets_of(wanted).collect())
    }

    fn sets_of(&self, wanted: &dyn Fn(OnNode) -> bool) -> impl Iterator<Item = &Bits> {
        OnNode::ALL.into_iter().zip(&self.on_node).filter(|(on_node, _)| wanted(*on_node)).map(|(_, places)| places)
    }

    /// Nodes whose standing time has changed.
    fn overdue(&self, now: Time) -> impl Iterator<Item = usize> {
        let is_overdue = move |place: &usize| self.standings.get(*place).is_some_and(|standing| standing.until <= now);
        self.waiting.iter().filter(is_overdue)
    }

    /// Counts a standing in, or out.
    fn count(&mut self, place: usize, standing: Standing, comes: bool) {
        add(&mut self.counted, standing.counted, if comes { 1 } else { -1 });
        let put = |places: &mut Bits| if comes { places.insert(place) } else { places.remove(place) };
        if let Some(places) = self.on_node.get_mut(standing.on_node.number()) {
            put(places);
        }
        if !standing.is_settled {
            put(&mut self.unsettled);
        }
        if standing.until != Time::NEVER {
            put(&mut self.waiting);
        }
    }
}

fn add(sum: &mut [i32; 6], counted: Counted, times: i32) {
    for (sum, counts) in sum.iter_mut().zip(counted) {
        *sum += times * i32::from(counts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_number() {
        for (number, on_node) in OnNode::ALL.into_iter().enumerate() {
            assert_eq!(on_node.number(), number, "{on_node:?}");
        }
    }
}
