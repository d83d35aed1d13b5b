//! The law of the budget: what the DaemonSet controller deletes for a rolling update, together
//! with what was unavailable when it decided, is never more than `maxUnavailable`; with surge
//! it deletes no available pod unless another one serves the node.
//!
//! A deletion comes one request (`apiLatencyMs`) after its decision. What is not known of that
//! moment (something else changed in between) is counted in the controller's favour.

use super::laws::{Broken, hold, is_live};
use daemonset_playground::api::{
    ConditionStatus, DaemonSet, IntOrPercent, Kind, Pod, PodConditionType, Uid, UpdateStrategyType, well_known,
};
use daemonset_playground::base::{Millis, SECOND_MS, Time};
use daemonset_playground::rules::placement::{self, Placement};
use daemonset_playground::sim::{Actor, Event, EventId, Fact, World};
use std::collections::BTreeSet;
use std::rc::Rc;

/// More requests than a sync of these clusters makes before its deletions: batches double.
const BATCHES_MAX: Millis = 8;

/// What the law remembers.
#[derive(Default)]
pub struct Budgets {
    /// When nodes, specs or owners last changed, or a pod went for good.
    disturbed_at: Option<Time>,
    /// Pods that one sync (by its moment and cause) has deleted for the rolling update of a
    /// DaemonSet (by UID).
    batch: Option<(Time, Option<EventId>, Uid, usize)>,
}

impl Budgets {
    /// Judges one event.
    pub fn judge(&mut self, world: &World, event: &Event) -> Result<(), Broken> {
        let by_controller = event.actor == Actor::DaemonSetController && event.fact == Fact::DeletionRequested;
        if by_controller && let Some(pod) = world.store().pods.get(&event.object.key) {
            self.judge_deletion(world, pod, event.cause)?;
        }
        // The status ends a sync; without latency the next one may come at the same instant,
        // of the same cause.
        if event.object.kind == Kind::DaemonSet && matches!(event.fact, Fact::Updated { .. }) {
            self.batch = None;
        }
        if disturbs(event) {
            self.disturbed_at = Some(world.now());
        }
        Ok(())
    }

    fn judge_deletion(&mut self, world: &World, pod: &Rc<Pod>, cause: Option<EventId>) -> Result<(), Broken> {
        let Some(daemon_set) = pod.metadata.controller().and_then(|owner| {
            world.store().daemon_sets.values().find(|daemon_set| daemon_set.metadata.uid == owner.uid)
        }) else {
            return Ok(());
        };
        let surge = most(daemon_set, |rolling| rolling.max_surge.as_ref(), 100) > 0;
        let requests = if surge { BATCHES_MAX } else { 1 };
        let decided = Decision { world, daemon_set, at: world.now() + -requests * world.knobs().api_latency_ms };
        let disturbed = self.disturbed_at.is_some_and(|at| at >= decided.at);
        let rolling = daemon_set.spec.update_strategy.kind == UpdateStrategyType::RollingUpdate;
        if disturbed || !rolling || !decided.was_available(pod) || !decided.may_stay(pod) {
            return Ok(());
        }
        if surge { decided.surge_leaves_no_gap(pod) } else { self.budget_is_kept(&decided, pod, cause) }
    }

    fn budget_is_kept(&mut self, decided: &Decision<'_>, pod: &Pod, cause: Option<EventId>) -> Result<(), Broken> {
        if decided.siblings(pod).next().is_some() {
            // One too many on the node: that is no rolling update.
            return Ok(());
        }
        let (now, uid) = (decided.world.now(), &decided.daemon_set.metadata.uid);
        let last = self.batch.take();
        let same = last.filter(|(at, why, whose, _)| *at == now && *why == cause && whose == uid);
        let deleted = same.map_or(0, |batch| batch.3) + 1;
        self.batch = Some((now, cause, uid.clone(), deleted));
        let desired = decided.desired();
        let most = most(decided.daemon_set, |rolling| rolling.max_unavailable.as_ref(), desired).max(1);
        let unavailable = decided.unavailable_nodes().len();
        hold("the budget of a rolling update is kept", decided.world, deleted + unavailable <= most, || {
            format!(
                "{}: {} is number {deleted} that goes while {unavailable} of {desired} are unavailable; {most} may be",
                decided.daemon_set.metadata.name, pod.metadata.name
            )
        })
    }
}

/// Whether the controller may have decided on other grounds than those that are there now.
fn disturbs(event: &Event) -> bool {
    match (event.object.kind, &event.fact) {
        (Kind::Node, Fact::Created | Fact::Updated { .. } | Fact::Removed) | (Kind::Pod, Fact::Removed) => true,
        (Kind::DaemonSet, Fact::Created | Fact::Updated { .. } | Fact::Removed) => event.actor == Actor::User,
        (Kind::Pod, Fact::Updated { what }) => what.starts_with("adopted") || what.starts_with("released"),
        _ => false,
    }
}

/// A number of nodes out of `of`: of a percentage the next whole one.
fn most(
    daemon_set: &DaemonSet,
    field: impl Fn(&daemonset_playground::api::RollingUpdateDaemonSet) -> Option<&IntOrPercent>,
    of: usize,
) -> usize {
    let rolling = daemon_set.spec.update_strategy.rolling_update.as_ref();
    match rolling.and_then(field) {
        Some(IntOrPercent::Int(n)) => usize::try_from(*n).unwrap(),
        Some(IntOrPercent::Percent(text)) => (text.trim_end_matches('%').parse::<usize>().unwrap() * of).div_ceil(100),
        None => 0,
    }
}

/// What was known when a sync decided.
struct Decision<'a> {
    world: &'a World,
    daemon_set: &'a DaemonSet,
    at: Time,
}

impl Decision<'_> {
    fn may_stay(&self, pod: &Pod) -> bool {
        let node = pod.target_node().and_then(|name| self.world.store().nodes.get(name));
        node.is_some_and(|node| placement::should_run(&Placement::of(self.daemon_set), node).should_continue_running)
    }

    fn desired(&self) -> usize {
        let placement = Placement::of(self.daemon_set);
        self.world.store().nodes.values().filter(|node| placement::should_run(&placement, node).should_run).count()
    }

    /// Available then and since.
    fn was_available(&self, pod: &Pod) -> bool {
        pod.is_available(self.daemon_set.spec.min_ready_seconds, self.at)
            && pod.condition(PodConditionType::Ready).is_some_and(|ready| ready.last_transition_time < self.at)
    }

    /// Certainly not available then.
    fn was_unavailable(&self, pod: &Pod) -> bool {
        let Some(ready) = pod.condition(PodConditionType::Ready) else { return true };
        // What it was before a change since then is not known.
        let unchanged = ready.last_transition_time < self.at;
        let counts =
            ready.status == ConditionStatus::True && pod.is_available(self.daemon_set.spec.min_ready_seconds, self.at);
        unchanged && !counts
    }

    /// Not being deleted then.
    fn was_kept(&self, pod: &Pod) -> bool {
        let grace_ms = pod.metadata.deletion_grace_period_seconds.unwrap_or(0) * SECOND_MS;
        pod.metadata.deletion_timestamp.is_none_or(|at| at + -grace_ms >= self.at)
    }

    fn pods(&self) -> impl Iterator<Item = &Rc<Pod>> {
        let own = self.world.store().pods_of(&self.daemon_set.metadata.uid);
        own.filter(|pod| pod.metadata.creation_timestamp < self.at)
    }

    /// Other pods of the node that were not being deleted.
    fn siblings<'s>(&'s self, pod: &'s Pod) -> impl Iterator<Item = &'s Rc<Pod>> {
        let others = self.pods().filter(|other| other.metadata.uid != pod.metadata.uid);
        others.filter(|other| other.target_node() == pod.target_node() && self.was_kept(other))
    }

    /// Nodes that have pods, none of which was available.
    fn unavailable_nodes(&self) -> BTreeSet<&str> {
        let present = self.pods().filter(|pod| !(pod.is_deleting() && pod.status.phase.is_terminal()));
        let mut nodes: BTreeSet<&str> = present.filter_map(|pod| pod.target_node()).collect();
        for pod in self.pods().filter(|pod| self.was_kept(pod) && !self.was_unavailable(pod)) {
            nodes.remove(pod.target_node().unwrap_or_default());
        }
        nodes
    }

    /// With surge an available pod goes only when the node has another, and for a pod of the
    /// present template only when that one is available.
    fn surge_leaves_no_gap(&self, pod: &Pod) -> Result<(), Broken> {
        let node = self.world.store().nodes.get(pod.target_node().unwrap_or_default());
        let placement = Placement::of(self.daemon_set);
        if node.is_none_or(|node| !placement::should_run(&placement, node).should_run) {
            return Ok(());
        }
        let law = "surge leaves no gap";
        // Not only pods from before: those made since may be what it was decided on.
        let own = self.world.store().pods_of(&self.daemon_set.metadata.uid);
        let others = own.filter(|other| other.metadata.uid != pod.metadata.uid && self.was_kept(other));
        let siblings: Vec<&Rc<Pod>> = others.filter(|other| other.target_node() == pod.target_node()).collect();
        let name = &pod.metadata.name;
        hold(law, self.world, !siblings.is_empty(), || format!("{name} is deleted, and its node has no other pod"))?;
        let generation = self.daemon_set.template_generation().map(|n| n.to_string());
        let hash = well_known::CONTROLLER_REVISION_HASH;
        if let [only] = siblings.as_slice()
            && only.label(well_known::POD_TEMPLATE_GENERATION) == generation.as_deref()
            && only.label(hash) != pod.label(hash)
        {
            // Its seconds of being ready may have been over by the decision: count to now.
            let latest = Decision { at: self.world.now(), ..*self };
            let unavailable = self.was_unavailable(only) && latest.was_unavailable(only);
            hold(law, self.world, !is_live(only) || !unavailable, || {
                format!("{name} is deleted while {} is not available", only.metadata.name)
            })?;
        }
        Ok(())
    }
}
