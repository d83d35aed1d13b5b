//! What a rollout would be like: it is run, by the same components, on a copy of the cluster.

use crate::api::{DaemonSet, Key, Kind, well_known};
use crate::base::{Millis, Time};
use crate::sim::{Command, Rejection, World};
use std::rc::Rc;

/// Most turns of components; a rollout that needs more is told as one that does not end.
const MAX_TURNS: usize = 200_000;

/// Clusters of more nodes are not tried out: a copy of them is not for a moment's curiosity.
pub const MAX_NODES: usize = 1_000;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// How long it took; `None` if it did not end.
    pub takes_ms: Option<Millis>,
    /// Nodes that should run a pod.
    pub of: i32,
    /// Most of them without an available pod at one moment.
    pub most_down: i32,
    /// Most pods beyond one a node at one moment, those aside that are asked to stop.
    pub most_extra: usize,
    /// Pods of the new template at its end.
    pub up_to_date: i32,
}

/// A rollout that is being tried out.
#[derive(Debug)]
pub struct Trial {
    world: World,
    key: Key,
    began_at: Time,
    turns: usize,
    seen: Forecast,
}

impl Trial {
    /// Begins a rollout of this DaemonSet, as it would be stored, with new pods of its template.
    ///
    /// # Errors
    /// What the API server or the page would refuse.
    pub fn begin(world: &World, mut daemon_set: Box<DaemonSet>) -> Result<Trial, Rejection> {
        let nodes = world.store().nodes.len();
        if nodes > MAX_NODES {
            return Err(Rejection {
                message: format!("With {nodes} nodes a rollout is not tried out: {MAX_NODES} are the limit"),
            });
        }
        let key = daemon_set.metadata.key();
        let template = Rc::make_mut(&mut daemon_set.spec.template);
        template.metadata.annotations.insert(well_known::RESTARTED_AT.to_owned(), "forecast".to_owned());
        let mut world = world.clone();
        world.apply(&Command::ApplyDaemonSet { daemon_set })?;
        let seen = Forecast { takes_ms: None, of: 0, most_down: 0, most_extra: 0, up_to_date: 0 };
        let mut trial = Trial { began_at: world.now(), world, key, turns: 0, seen };
        trial.look();
        Ok(trial)
    }

    /// Goes on for at most so many turns; what came of it, once it has ended.
    pub fn run(&mut self, turns: usize) -> Option<Forecast> {
        for _ in 0..turns {
            self.turns += 1;
            if self.turns > MAX_TURNS || self.world.next_wakeup().is_none() {
                return Some(self.seen);
            }
            let events = self.world.step();
            // The columns change with pods, and with time where they must be ready for a while.
            let is_news = events.iter().any(|event| event.is_about(Kind::Pod) || event.is_about(Kind::DaemonSet));
            if is_news && self.look() {
                self.seen.takes_ms = Some(self.world.now().since(self.began_at));
                return Some(self.seen);
            }
        }
        None
    }

    /// Takes the columns as they are now; says whether the rollout is complete, as
    /// `kubectl rollout status` would.
    fn look(&mut self) -> bool {
        let store = self.world.store();
        let (Some(daemon_set), Some(status)) = (store.daemon_sets.get(&self.key), self.world.fresh_status(&self.key))
        else {
            return false;
        };
        let of = status.desired_number_scheduled;
        let own = store.pods.values().filter(|pod| pod.metadata.is_controlled_by(&daemon_set.metadata.uid));
        let pods = own.filter(|pod| !pod.is_deleting()).count();
        self.seen.of = of;
        self.seen.most_down = self.seen.most_down.max(status.number_unavailable);
        self.seen.most_extra = self.seen.most_extra.max(pods.saturating_sub(usize::try_from(of).unwrap_or(0)));
        self.seen.up_to_date = status.updated_number_scheduled;
        let is_observed = daemon_set.status.observed_generation >= daemon_set.metadata.generation;
        is_observed && status.updated_number_scheduled >= of && status.number_available >= of
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{IntOrPercent, Node, RollingUpdateDaemonSet, UpdateStrategy, UpdateStrategyType, manifest};
    use crate::base::SECOND_MS;
    use crate::sim::Knobs;

    /// Four nodes with their pods, long at rest.
    fn world() -> (World, Box<DaemonSet>) {
        let text = "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}, \
                    template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: nginx}]}}}}";
        let daemon_set = manifest::read(text).into_daemon_set().unwrap();
        let nodes = (1..=4).map(|i| {
            let mut node = Node::default();
            node.metadata.name = format!("n{i}");
            node
        });
        let mut world = World::new(1, Knobs::default(), nodes.collect());
        world.apply(&Command::ApplyDaemonSet { daemon_set: daemon_set.clone() }).unwrap();
        while world.next_wakeup().is_some() {
            world.step();
        }
        // Pods that are ready for less than minReadySeconds may all go at once.
        world.advance_to(Time(120 * SECOND_MS));
        (world, daemon_set)
    }

    fn forecast(change: impl Fn(&mut DaemonSet)) -> Forecast {
        let (world, mut daemon_set) = world();
        change(&mut daemon_set);
        let before = world.digest();
        let mut trial = Trial::begin(&world, daemon_set).unwrap();
        let seen = std::iter::repeat_with(|| trial.run(50)).find_map(|seen| seen).unwrap();
        assert_eq!(world.digest(), before, "the cluster itself stays as it is");
        seen
    }

    fn rolling(unavailable: i32, surge: i32) -> Forecast {
        forecast(|daemon_set| {
            daemon_set.spec.update_strategy.rolling_update = Some(RollingUpdateDaemonSet {
                max_unavailable: Some(IntOrPercent::Int(unavailable)),
                max_surge: Some(IntOrPercent::Int(surge)),
            });
        })
    }

    #[test]
    fn budgets_decide_how_long_it_takes_and_how_many_are_down() {
        let (one, all, surging) = (rolling(1, 0), rolling(4, 0), rolling(0, 1));
        assert_eq!((one.of, one.most_down, one.most_extra, one.up_to_date), (4, 1, 0, 4));
        assert_eq!((all.most_down, all.most_extra), (4, 0));
        assert_eq!((surging.most_down, surging.most_extra), (0, 1));
        assert!(all.takes_ms < one.takes_ms, "{all:?} {one:?}");
        let waiting = forecast(|daemon_set| daemon_set.spec.min_ready_seconds = 60);
        assert!(waiting.takes_ms > Some(4 * 60 * SECOND_MS), "{waiting:?}");
    }

    #[test]
    fn what_does_not_end_is_told_so() {
        let on_delete = forecast(|daemon_set| {
            daemon_set.spec.update_strategy =
                UpdateStrategy { kind: UpdateStrategyType::OnDelete, rolling_update: None };
        });
        assert_eq!((on_delete.takes_ms, on_delete.most_down, on_delete.up_to_date), (None, 0, 0));
    }
}
