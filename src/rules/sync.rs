//! One sync of a DaemonSet, decided as a whole from what the controller sees: the same
//! function answers the conformance vectors and drives the simulation.
//!
//! Upstream: `pkg/controller/daemon/daemon_controller.go` (`syncDaemonSet`,
//! `updateDaemonSet`, `syncNodes`).

use super::backoff::Backoff;
use super::claim::{self, Claim};
use super::history;
use super::manage::{self, EndedPod};
use super::rolling_update;
use super::roster::{Counted, Roster};
use super::status;
use crate::api::{ControllerRevision, DaemonSet, DaemonSetStatus, Key, Node, Pod, UpdateStrategyType};
use crate::base::{Map, Millis, Time};
use std::rc::Rc;

/// At most so many pods are created, and so many deleted, in one sync.
pub const BURST_REPLICAS: usize = 250;

/// What the controller sees.
pub struct Seen<'a> {
    /// The DaemonSet.
    pub daemon_set: &'a DaemonSet,
    /// All nodes.
    pub nodes: &'a Map<String, Rc<Node>>,
    /// All pods.
    pub pods: &'a Map<Key, Rc<Pod>>,
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
pub fn plan(seen: &Seen<'_>, roster: &mut Roster, backoff: &mut Backoff, expectations_met: bool) -> Plan {
    let (revisions, revision_claims) = claim_revisions(seen);
    let history = history::construct(seen.daemon_set, &revisions);
    seen.put_into(roster, &history.hash);
    let names = |claim| roster.names(claim).cloned().collect();
    let pod_claims = Claims { adopt: names(Claim::Adopt), release: names(Claim::Release) };
    let mut plan = Plan {
        pod_claims,
        revision_claims,
        history,
        create_on: Vec::new(),
        delete: Vec::new(),
        ended: Vec::new(),
        requeue_after_ms: Vec::new(),
        clean_up: Vec::new(),
        error: None,
        acted: expectations_met,
    };
    if expectations_met {
        act(seen, roster, backoff, &revisions, &mut plan);
    }
    plan
}

impl Seen<'_> {
    fn put_into(&self, roster: &mut Roster, hash: &str) {
        roster.refresh(self.daemon_set, hash, self.nodes, self.pods, self.now);
    }
}

fn act(seen: &Seen<'_>, roster: &Roster, backoff: &mut Backoff, revisions: &[&ControllerRevision], plan: &mut Plan) {
    let (daemon_set, now) = (seen.daemon_set, seen.now);
    let mut context = manage::Context { daemon_set, hash: &plan.history.hash, now, backoff };
    let managed = manage::plan(&mut context, roster);
    let (mut create_on, mut delete) = (managed.create_on, managed.delete);
    (plan.ended, plan.requeue_after_ms) = (managed.ended, managed.requeue_after_ms);
    let nothing_to_expect = create_on.is_empty() && delete.is_empty();
    if nothing_to_expect && daemon_set.spec.update_strategy.kind == UpdateStrategyType::RollingUpdate {
        match rolling_update::plan(&rolling_update::Context { daemon_set, now }, roster) {
            Ok(update) => (create_on, delete) = (update.create_on, update.delete),
            Err(error) => {
                plan.error = Some(error);
                return;
            }
        }
    }
    (plan.create_on, plan.delete) = (burst(&create_on), burst(&delete));
    plan.clean_up = clean_up(daemon_set, roster, revisions, &plan.history);
}

/// The first, as many as one sync may do.
fn burst(names: &[&str]) -> Vec<String> {
    names.iter().take(BURST_REPLICAS).map(|name| (*name).to_owned()).collect()
}

fn clean_up(
    daemon_set: &DaemonSet,
    roster: &Roster,
    revisions: &[&ControllerRevision],
    history: &history::Plan,
) -> Vec<String> {
    let limit = daemon_set.spec.revision_history_limit.unwrap_or(10);
    if history.old.len() <= history::kept(limit) {
        return Vec::new();
    }
    let old: Vec<&ControllerRevision> =
        revisions.iter().copied().filter(|revision| history.old.contains(&revision.metadata.name)).collect();
    history::to_clean_up(limit, &old, &|hash| roster.has_hash(hash))
}

/// The status that a sync writes, or `None` if the stored one will do. Seen anew: what the
/// sync has created or deleted may be in the store by now.
#[must_use]
pub fn status_of(seen: &Seen<'_>, roster: &mut Roster, hash: &str, acted: bool) -> Option<DaemonSetStatus> {
    seen.put_into(roster, hash);
    status::to_store(seen.daemon_set, status::compute(seen.daemon_set, roster, seen.now), acted)
}

/// The status as the rules have it now, whatever is stored; from a roster that is `kept`, if it
/// is up to date.
#[must_use]
pub fn fresh_status(seen: &Seen<'_>, kept: Option<&Roster>) -> DaemonSetStatus {
    with_roster(seen, kept, |roster| status::compute(seen.daemon_set, roster, seen.now))
}

/// Which columns count each node as the rules have it now, likewise.
#[must_use]
pub fn counted(seen: &Seen<'_>, kept: Option<&Roster>) -> Vec<Counted> {
    with_roster(seen, kept, |roster| roster.counted(seen.now).collect())
}

/// The hash of the present template's revision, stored already or not.
#[must_use]
pub fn hash_of(seen: &Seen<'_>) -> String {
    let (revisions, _) = claim_revisions(seen);
    history::construct(seen.daemon_set, &revisions).hash
}

fn with_roster<R>(seen: &Seen<'_>, kept: Option<&Roster>, ask: impl FnOnce(&Roster) -> R) -> R {
    let hash = hash_of(seen);
    if let Some(roster) = kept.filter(|roster| roster.is_of(seen.daemon_set, &hash)) {
        return ask(roster);
    }
    let mut roster = Roster::default();
    seen.put_into(&mut roster, &hash);
    ask(&roster)
}

/// The revisions that are the DaemonSet's once all claims are settled.
fn claim_revisions<'a>(seen: &Seen<'a>) -> (Vec<&'a ControllerRevision>, Claims) {
    let (mut own, mut claims) = (Vec::new(), Claims::default());
    for revision in seen.revisions.iter().copied() {
        let name = || revision.metadata.name.clone();
        match claim::of(seen.daemon_set, &revision.metadata) {
            Claim::Own => own.push(revision),
            Claim::Adopt => {
                claims.adopt.push(name());
                own.push(revision);
            }
            Claim::Release => claims.release.push(name()),
            Claim::Ignore => {}
        }
    }
    (own, claims)
}
