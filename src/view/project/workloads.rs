//! DaemonSets as cards.

use super::placement_words::placement_words;
use super::pods::current_hash;
use super::reuse;
use super::rollout::{Rollout, segments};
use super::styles::Styles;
use crate::api::{DaemonSet, DaemonSetStatus, Key, Node, Pod, PodTemplateSpec, well_known};
use crate::base::{Map, sort_by};
use crate::sim::World;
use crate::view::frame::{Columns, Frame, RevisionRow, SegmentState, StrategyKnobs, WorkloadCard};
use std::rc::Rc;

/// One card a DaemonSet, by namespace and name. `nodes` are in the board's order.
pub fn cards(world: &World, nodes: &[&Rc<Node>], styles: &Styles, previous: Option<&Frame>) -> Vec<Rc<WorkloadCard>> {
    let pods = pods_by_owner(world);
    let before = previous.into_iter().flat_map(|frame| &frame.workloads);
    let before: Map<&Key, &Rc<WorkloadCard>> = before.map(|card| (&card.key, card)).collect();
    let card = |(key, daemon_set): (&Key, &Rc<DaemonSet>)| {
        let pods = pods.get(daemon_set.metadata.uid.as_str()).map_or(&[][..], Vec::as_slice);
        reuse(card(world, key, daemon_set, nodes, pods, styles), before.get(key).copied())
    };
    world.store().daemon_sets.iter().map(card).collect()
}

fn pods_by_owner(world: &World) -> Map<&str, Vec<&Pod>> {
    let pods = world.store().pods.values();
    Map::grouped(pods.filter_map(|pod| Some((pod.metadata.controller()?.uid.as_str(), &**pod))))
}

fn card(
    world: &World,
    key: &Key,
    daemon_set: &DaemonSet,
    nodes: &[&Rc<Node>],
    pods: &[&Pod],
    styles: &Styles,
) -> WorkloadCard {
    let hash = current_hash(world, key);
    let rollout = segments(&Rollout { daemon_set, hash: &hash, now: world.now() }, nodes, pods);
    let settled = |state| matches!(state, SegmentState::Updated | SegmentState::Misscheduled);
    WorkloadCard {
        key: key.clone(),
        style: styles.get(key).unwrap_or_default(),
        columns: columns(&daemon_set.status),
        fresh: fresh_columns(world, key, daemon_set),
        rolling_out: !rollout.iter().all(|segment| settled(segment.state)),
        rollout,
        image: first_image(&daemon_set.spec.template),
        strategy: strategy(daemon_set),
        placement: placement_words(&daemon_set.spec.template.spec),
        revisions: revision_rows(world, key, daemon_set, pods),
        deleting: daemon_set.metadata.is_deleting(),
    }
}

/// What the controller would write now, where that is not what stands there and nothing is
/// under way that would change it.
fn fresh_columns(world: &World, key: &Key, daemon_set: &DaemonSet) -> Option<Columns> {
    if world.sync_expected(key) {
        return None;
    }
    let fresh = columns(&world.fresh_status(key)?);
    (fresh != columns(&daemon_set.status)).then_some(fresh)
}

fn columns(status: &DaemonSetStatus) -> Columns {
    Columns {
        desired: status.desired_number_scheduled,
        current: status.current_number_scheduled,
        ready: status.number_ready,
        up_to_date: status.updated_number_scheduled,
        available: status.number_available,
        misscheduled: status.number_misscheduled,
    }
}

fn strategy(daemon_set: &DaemonSet) -> StrategyKnobs {
    let strategy = &daemon_set.spec.update_strategy;
    let rolling = strategy.rolling_update.as_ref();
    let text = |value: Option<&crate::api::IntOrPercent>| value.map(ToString::to_string).unwrap_or_default();
    StrategyKnobs {
        kind: strategy.kind,
        max_unavailable: text(rolling.and_then(|rolling| rolling.max_unavailable.as_ref())),
        max_surge: text(rolling.and_then(|rolling| rolling.max_surge.as_ref())),
        min_ready_seconds: daemon_set.spec.min_ready_seconds,
    }
}

fn first_image(template: &PodTemplateSpec) -> String {
    template.spec.containers.first().map(|container| container.image.clone()).unwrap_or_default()
}

/// The history, newest first.
fn revision_rows(world: &World, key: &Key, daemon_set: &DaemonSet, pods: &[&Pod]) -> Vec<RevisionRow> {
    let current = world.current_revision(key);
    let mut pods_of_hash: Map<&str, usize> = Map::new();
    for hash in pods.iter().filter_map(|pod| pod.label(well_known::CONTROLLER_REVISION_HASH)) {
        *pods_of_hash.entry(hash).or_default() += 1;
    }
    let row = |revision: &Rc<crate::api::ControllerRevision>| {
        let hash = revision.metadata.labels.get(well_known::CONTROLLER_REVISION_HASH);
        RevisionRow {
            name: revision.metadata.name.clone(),
            revision: revision.revision,
            image: first_image(&revision.data),
            current: current.as_ref().is_some_and(|current| current.metadata.name == revision.metadata.name),
            pods: hash.and_then(|hash| pods_of_hash.get(hash.as_str()).copied()).unwrap_or_default(),
        }
    };
    let mut rows: Vec<RevisionRow> = world.store().revisions_of(&daemon_set.metadata.uid).map(row).collect();
    sort_by(&mut rows, |a, b| b.revision.cmp(&a.revision).then_with(|| a.name.cmp(&b.name)));
    rows
}

#[cfg(test)]
pub mod tests {
    //! Cards of hand-made DaemonSets.

    use super::*;
    use crate::api::{IntOrPercent, RollingUpdateDaemonSet, UpdateStrategy, UpdateStrategyType};

    /// A card that says nothing, for other tests.
    pub fn empty_card(key: Key) -> WorkloadCard {
        WorkloadCard {
            key,
            style: 0,
            columns: Columns::default(),
            fresh: None,
            rollout: Vec::new(),
            rolling_out: false,
            image: String::new(),
            strategy: strategy(&DaemonSet::default()),
            placement: String::new(),
            revisions: Vec::new(),
            deleting: false,
        }
    }

    #[test]
    fn strategy_as_it_is_written() {
        let mut daemon_set = DaemonSet::default();
        daemon_set.spec.min_ready_seconds = 5;
        daemon_set.spec.update_strategy = UpdateStrategy {
            kind: UpdateStrategyType::RollingUpdate,
            rolling_update: Some(RollingUpdateDaemonSet {
                max_unavailable: Some(IntOrPercent::Int(0)),
                max_surge: Some(IntOrPercent::Percent("10%".into())),
            }),
        };
        let knobs = strategy(&daemon_set);
        assert_eq!(
            (knobs.max_unavailable.as_str(), knobs.max_surge.as_str(), knobs.min_ready_seconds),
            ("0", "10%", 5)
        );
        let bare = strategy(&DaemonSet::default());
        assert_eq!((bare.max_unavailable.as_str(), bare.max_surge.as_str()), ("", ""));
    }
}
