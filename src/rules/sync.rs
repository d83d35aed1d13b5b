//! One sync of a DaemonSet, decided as a whole from what the controller sees: the same
//! function answers the conformance vectors and drives the simulation.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`syncDaemonSet`,
//! `updateDaemonSet`, `syncNodes`).

use super::backoff::Backoff;
use super::claim::{self, Claim};
use super::history;
use super::manage::{self, EndedPod};
use super::placement::{self, NodeVerdict, Placement};
use super::pods::{PodsByNode, Present};
use super::rolling_update;
use super::status;
use crate::api::{ControllerRevision, DaemonSet, DaemonSetStatus, Node, Pod, UpdateStrategyType, well_known};
use crate::base::{Millis, Set, Time};

/// At most so many pods are created, and so many deleted, in one sync.
pub const BURST_REPLICAS: usize = 250;

/// What the controller sees.
pub struct Seen<'a> {
    /// The DaemonSet.
    pub daemon_set: &'a DaemonSet,
    /// All nodes, by name.
    pub nodes: Vec<&'a Node>,
    /// Pods of its namespace, by name.
    pub pods: Vec<&'a Pod>,
    /// ControllerRevisions that are its own or nobody's.
    pub revisions: Vec<&'a ControllerRevision>,
    /// Now.
    pub now: Time,
}

/// Objects that change hands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Names of objects that become the DaemonSet's.
    pub adopt: Vec<String>,
    /// Names of objects that become nobody's.
    pub release: Vec<String>,
}

/// What a sync does, in this order; the status is written last, see [`status_of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Pods that change hands.
    pub pod_claims: Claims,
    /// Revisions that change hands.
    pub revision_claims: Claims,
    /// Changes of the history.
    pub history: history::Plan,
    /// Nodes that get a pod, at most [`BURST_REPLICAS`].
    pub create_on: Vec<String>,
    /// Pods that are deleted, at most [`BURST_REPLICAS`].
    pub delete: Vec<String>,
    /// Events about pods that have ended.
    pub ended: Vec<EndedPod>,
    /// Sync again after these.
    pub requeue_after_ms: Vec<Millis>,
    /// Old revisions that are cleaned up.
    pub clean_up: Vec<String>,
    /// Why the sync failed half-way; it is tried again later.
    pub error: Option<String>,
    /// The spec was acted on: its generation counts as observed.
    pub acted: bool,
}

/// Plans a sync. While expected creations and deletions have not been seen, it only
/// refreshes history and status.
pub fn plan(seen: &Seen<'_>, backoff: &mut Backoff, expectations_met: bool) -> Plan {
    let (pods, pod_claims) = claim(seen.daemon_set, &seen.pods, |pod| &pod.metadata);
    let (revisions, revision_claims) = claim(seen.daemon_set, &seen.revisions, |revision| &revision.metadata);
    let mut plan = Plan {
        pod_claims,
        revision_claims,
        history: history::construct(seen.daemon_set, &revisions),
        create_on: Vec::new(),
        delete: Vec::new(),
        ended: Vec::new(),
        requeue_after_ms: Vec::new(),
        clean_up: Vec::new(),
        error: None,
        acted: expectations_met,
    };
    if expectations_met {
        act(seen, backoff, &pods, &revisions, &mut plan);
    }
    plan
}

fn act(seen: &Seen<'_>, backoff: &mut Backoff, pods: &[&Pod], revisions: &[&ControllerRevision], plan: &mut Plan) {
    let placement = Placement::of(seen.daemon_set);
    let hash = plan.history.hash.clone();
    let verdicts: Vec<NodeVerdict> = seen.nodes.iter().map(|node| placement::should_run(&placement, node)).collect();
    let grouped = PodsByNode::of(&seen.nodes, pods, false);
    let mut context = manage::Context { daemon_set: seen.daemon_set, hash: &hash, now: seen.now, backoff };
    let managed = manage::plan(&mut context, &seen.nodes, &verdicts, &grouped);
    let (mut create_on, mut delete) = (managed.create_on, managed.delete);
    (plan.ended, plan.requeue_after_ms) = (managed.ended, managed.requeue_after_ms);
    let nothing_to_expect = create_on.is_empty() && delete.is_empty();
    if nothing_to_expect && seen.daemon_set.spec.update_strategy.kind == UpdateStrategyType::RollingUpdate {
        let present = Present::of(seen.daemon_set, &hash);
        let context = rolling_update::Context { daemon_set: seen.daemon_set, present, now: seen.now };
        match rolling_update::plan(&context, &seen.nodes, &verdicts, &grouped) {
            Ok(update) => (create_on, delete) = (update.create_on, update.delete),
            Err(error) => {
                plan.error = Some(error);
                return;
            }
        }
    }
    (plan.create_on, plan.delete) = (burst(&create_on), burst(&delete));
    plan.clean_up = clean_up(seen.daemon_set, pods, revisions, &plan.history);
}

/// The first, as many as one sync may do.
fn burst(names: &[&str]) -> Vec<String> {
    names.iter().take(BURST_REPLICAS).map(|name| (*name).to_owned()).collect()
}

fn clean_up(
    daemon_set: &DaemonSet,
    pods: &[&Pod],
    revisions: &[&ControllerRevision],
    history: &history::Plan,
) -> Vec<String> {
    let limit = daemon_set.spec.revision_history_limit.unwrap_or(10);
    if history.old.len() <= history::kept(limit) {
        return Vec::new();
    }
    let live_hashes: Set<&str> = pods
        .iter()
        .filter(|pod| pod.target_node().is_some())
        .filter_map(|pod| pod.label(well_known::CONTROLLER_REVISION_HASH))
        .collect();
    let old: Vec<&ControllerRevision> =
        revisions.iter().copied().filter(|revision| history.old.contains(&revision.metadata.name)).collect();
    history::to_clean_up(limit, &old, &live_hashes)
}

/// The status that a sync writes, or `None` if the stored one will do. Seen anew: what the
/// sync has created or deleted may be in the store by now.
#[must_use]
pub fn status_of(seen: &Seen<'_>, hash: &str, acted: bool) -> Option<DaemonSetStatus> {
    status::to_store(seen.daemon_set, fresh_status(seen, hash), acted)
}

/// The status as the rules have it now, whatever is stored.
#[must_use]
pub fn fresh_status(seen: &Seen<'_>, hash: &str) -> DaemonSetStatus {
    let (pods, _) = claim(seen.daemon_set, &seen.pods, |pod| &pod.metadata);
    let placement = Placement::of(seen.daemon_set);
    let pods = PodsByNode::of(&seen.nodes, &pods, false);
    status::compute(seen.daemon_set, &placement, &seen.nodes, &pods, hash, seen.now)
}

/// Which columns count each node as the rules have it now.
#[must_use]
pub fn counted(seen: &Seen<'_>, hash: &str) -> Vec<status::Counted> {
    let (pods, _) = claim(seen.daemon_set, &seen.pods, |pod| &pod.metadata);
    let placement = Placement::of(seen.daemon_set);
    let pods = PodsByNode::of(&seen.nodes, &pods, false);
    status::counted(seen.daemon_set, &placement, &seen.nodes, &pods, hash, seen.now).collect()
}

/// The objects that are the DaemonSet's once all claims are settled.
fn claim<'a, T>(
    daemon_set: &DaemonSet,
    objects: &[&'a T],
    metadata: impl Fn(&T) -> &crate::api::ObjectMeta,
) -> (Vec<&'a T>, Claims) {
    let (mut own, mut claims) = (Vec::new(), Claims::default());
    for object in objects {
        let name = || metadata(object).name.clone();
        match claim::of(daemon_set, metadata(object)) {
            Claim::Own => own.push(*object),
            Claim::Adopt => {
                claims.adopt.push(name());
                own.push(*object);
            }
            Claim::Release => claims.release.push(name()),
            Claim::Ignore => {}
        }
    }
    (own, claims)
}
