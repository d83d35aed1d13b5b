//! The kubelets: start and stop pods on their machines, and report.
//!
//! Upstream: `pkg/kubelet/kubelet.go`, `kubelet_pods.go`, `pod_workers.go`,
//! `kuberuntime/kuberuntime_manager.go`, `kuberuntime_container.go`, `images/image_manager.go`,
//! `prober/worker.go`, `status/generate.go`.
//! Models: each container by itself: init containers one after another, sidecars that start
//! in their turn and stop last in reverse order, restart policies of containers; startup,
//! liveness and readiness probes with delay, period, timeout, thresholds and a grace period of
//! their own; pull by policy, one image at a time (images stay on the machine); back-off of
//! pulls by image and of restarts by container, 10 s to 5 min, anew after 10 min; preStop hooks
//! within the grace period, then the kill; phase, conditions, states, last states; readiness
//! gates, which nobody opens; a machine that is cut off or whose runtime is down freezes, and
//! goes on where it was when repaired; a machine under pressure says so; upstream's events.
//! Simplifies: the first probe comes with the end of its initial delay; a result that would
//! repeat itself for ever is asked for and told only until its threshold; a back-off is told
//! once; hooks over HTTP take no time; pods have no address, so that texts of probes name none;
//! faults come by image name or by knob: `…:bad` cannot be pulled, `…:crash` exits with 1,
//! `…:exitN` with N, `…notready…` is never ready, `…slowstart…` refuses its probes for 20 s,
//! `…:hang` answers none after 30 s, `…slowstop…` uses its whole grace period; the node's
//! status follows its machine at once.
//! Leaves out: postStart hooks, restart rules by exit code, restarts of a whole pod in place,
//! in-place resize, ephemeral containers, lost sandboxes, volumes, static pods.

mod admission;
mod eviction;
mod image;
mod remains;
mod run;
mod scene;
mod worker;

use self::eviction::EvictionManager;
use self::image::Images;
use self::remains::Remains;
use self::scene::Scene;
use self::worker::Worker;
use super::command::Fault;
use super::faults::TRIES;
use super::node_lifecycle::Silence;
use super::notice::{Change, Context, Notice, Out, Turn, Write};
use crate::api::{NodeConditionType, ObjectRef, Pod, Uid};
use crate::base::{Map, Millis, SECOND_MS, Time};
use crate::rules::node_conditions::{REPORTED, condition, event_reason};
use crate::rules::node_files::{NodeFile, of_pod};
use serde::{Deserialize, Serialize};

/// Period in which a kubelet posts what it could not post before: of its node
/// (`nodeStatusUpdateFrequency`) and of pods (`syncPeriod` of their statuses).
const SYNC_PERIOD_MS: Millis = 10 * SECOND_MS;

/// Most files of a machine that anybody is told of.
const FILES_MAX: usize = 2_000;

/// What is under way with a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// The scheduler has decided and binds.
    Binding,
    /// The sandbox is being made.
    Sandbox,
    /// An image is being pulled.
    Pulling,
    /// A container is being started.
    Starting,
    /// An init container runs.
    InitContainer,
    /// Containers run, readiness is awaited.
    WaitingForProbe,
    /// An image or a container failed; the next try is awaited.
    BackOff,
    /// Containers were asked to stop.
    Stopping,
    /// Containers have stopped, what is left is being removed.
    CleaningUp,
}

/// Something under way: between the two instants, how far it is follows from the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What.
    pub stage: Stage,
    /// Since when.
    pub started_at: Time,
    /// Until when.
    pub ends_at: Time,
}

/// All kubelets by node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Kubelets {
    machines: Map<String, Machine>,
    next_stamp: u64,
}

/// One machine and its kubelet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Machine {
    joined_at: Time,
    fault: Option<Fault>,
    silence: Option<Silence>,
    images: Images,
    workers: Map<Uid, Worker>,
    eviction: EvictionManager,
    remains: Remains,
    /// A critical pod waits until others have gone.
    awaits_room: bool,
}

impl Kubelets {
    /// A machine joins.
    pub fn register(&mut self, node: &str, now: Time) {
        self.machines.insert(node.to_owned(), Machine { joined_at: now, ..Machine::default() });
    }

    /// A machine leaves; what ran there is not reported on any more.
    pub fn forget(&mut self, node: &str) {
        self.machines.remove(node);
    }

    /// What is wrong with a machine.
    pub fn fault(&self, node: &str) -> Option<Fault> {
        self.machines.get(node)?.fault
    }

    /// The silence of a machine that is cut off.
    pub fn silence(&self, node: &str) -> Option<Silence> {
        self.machines.get(node)?.silence
    }

    /// What is under way with a pod.
    pub fn progress(&self, node: &str, pod: &Pod) -> Option<Progress> {
        self.machines.get(node)?.workers.get(&pod.metadata.uid)?.progress(&pod.spec)
    }

    /// The files of a machine: what pods write that are bound to it, and what others left.
    pub fn files(&self, context: &Context<'_>, node: &str) -> Vec<NodeFile> {
        let Some(machine) = self.machines.get(node) else { return Vec::new() };
        let (now, rate) = (context.now, context.knobs.log_bytes_per_second);
        let present = context.store.pods_on(node).flat_map(|pod| of_pod(pod, now, rate));
        let left = machine.remains.at(machine.joined_at, now).flat_map(|(pod, gone_at)| of_pod(pod, *gone_at, rate));
        present.chain(left).take(FILES_MAX).collect()
    }

    /// A machine breaks. Returns the silence that begins, if one does.
    pub fn break_machine(&mut self, context: &Context<'_>, node: &str, fault: Fault, out: &mut Out) -> Option<Silence> {
        let stamp = self.stamp();
        let machine = self.machines.get_mut(node)?;
        machine.end_pressure(context, node, out);
        machine.fault = Some(fault);
        machine.begin_pressure(context, node, out);
        if fault != Fault::Unreachable {
            machine.silence = None;
            out.turn_after(context.knobs.watch_latency_ms, Turn::PostNodeStatus(node.to_owned()));
        } else if machine.silence.is_none() {
            let period_ms = context.knobs.lease_period_ms;
            let since_renewal_ms = context.now.since(machine.joined_at).rem_euclid(period_ms);
            machine.silence = Some(Silence { last_renewal: context.now + -since_renewal_ms, stamp });
            return machine.silence;
        }
        None
    }

    /// A machine works again: reports, and goes on with everything.
    pub fn repair_machine(&mut self, context: &Context<'_>, node: &str, out: &mut Out) {
        if let Some(machine) = self.machines.get_mut(node) {
            machine.end_pressure(context, node, out);
            (machine.fault, machine.silence) = (None, None);
        }
        out.turn_after(context.knobs.watch_latency_ms, Turn::PostNodeStatus(node.to_owned()));
    }

    /// Handlers of all kubelets' informers: pods bound to their node.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        let Notice::Pod(Change { old, new }) = notice else {
            return;
        };
        let Some(node) = new.as_ref().or(old.as_ref()).and_then(|pod| pod.node_name.clone()) else {
            return;
        };
        let stamp = self.stamp();
        let Some(machine) = self.machines.get_mut(&node) else {
            return;
        };
        match new {
            None => {
                if let Some(old) = old {
                    machine.workers.remove(&old.metadata.uid);
                    machine.remains.add(old, machine.joined_at, context.now);
                }
            }
            Some(pod) if !machine.is_frozen() => {
                // The notice may be old: what counts is the pod as it is.
                let current = context.store.pods.get(&pod.key()).filter(|now| now.metadata.uid == pod.metadata.uid);
                if let Some(pod) = current {
                    machine.sync_pod(context, &node, pod, stamp, out);
                }
            }
            Some(_) => {}
        }
        let made_room = new.as_ref().is_none_or(|pod| pod.status.phase.is_terminal());
        if made_room && std::mem::take(&mut machine.awaits_room) {
            out.turn_after(0, Turn::PostNodeStatus(node));
        }
    }

    /// A kubelet's turn.
    pub fn turn(&mut self, context: &Context<'_>, turn: &Turn, out: &mut Out) {
        let next_stamp = self.stamp();
        match turn {
            Turn::PodWorker { node, uid, stamp } => {
                if let Some(machine) = self.machines.get_mut(node) {
                    machine.end_of_stage(context, node, uid, *stamp, next_stamp, out);
                }
            }
            Turn::PostNodeStatus(node) => self.post_node_status(context, node, out),
            Turn::EvictionRound(node) => {
                if let Some(machine) = self.machines.get_mut(node) {
                    machine.eviction_round(context, node, next_stamp, out);
                }
            }
            _ => {}
        }
    }

    fn post_node_status(&mut self, context: &Context<'_>, node: &str, out: &mut Out) {
        let (Some(machine), Some(object)) = (self.machines.get_mut(node), context.store.nodes.get(node)) else {
            return;
        };
        if machine.fault == Some(Fault::Unreachable) {
            return;
        }
        let bad = machine.fault.and_then(Fault::condition);
        let pressures = machine.pressures(context.now);
        let well = |kind| bad != Some(kind) && !pressures.contains(&kind);
        let network = (bad == Some(NodeConditionType::NetworkUnavailable)
            || object.condition(NodeConditionType::NetworkUnavailable).is_some())
        .then_some(NodeConditionType::NetworkUnavailable);
        let conditions: Vec<_> = REPORTED.into_iter().chain(network).map(|kind| condition(kind, well(kind))).collect();
        for wanted in &conditions {
            let changed = object.condition(wanted.kind).is_none_or(|known| known.status != wanted.status);
            if let (true, Some(reason)) = (changed, event_reason(wanted.kind, well(wanted.kind))) {
                out.normal(ObjectRef::node(node), reason, format!("Node {node} status is now: {reason}"));
            }
        }
        if out.refusals() < TRIES {
            out.write(Write::SetNodeConditions { node: node.to_owned(), conditions });
        } else {
            out.turn_after(SYNC_PERIOD_MS, Turn::PostNodeStatus(node.to_owned()));
        }
        if machine.is_frozen() {
            return;
        }
        for pod in context.store.pods_on(node) {
            self.next_stamp += 1;
            machine.sync_pod(context, node, pod, self.next_stamp, out);
            machine.resume(node, pod, self.next_stamp, out);
        }
    }

    fn stamp(&mut self) -> u64 {
        self.next_stamp += 1;
        self.next_stamp
    }
}

impl Machine {
    fn is_frozen(&self) -> bool {
        self.fault.is_some_and(Fault::freezes)
    }

    /// Starts or stops a pod as its object asks for.
    fn sync_pod(&mut self, context: &Context<'_>, node: &str, pod: &Pod, stamp: u64, out: &mut Out) {
        let uid = &pod.metadata.uid;
        match self.workers.get_mut(uid) {
            None if pod.status.phase.is_terminal() && !pod.is_deleting() => {}
            None => {
                let mut worker = Worker::new(pod);
                if pod.is_deleting() {
                    worker.stop(&mut Scene { context, node, pod, out }, stamp);
                } else if self.admits(context, node, pod, stamp, out) {
                    worker.start(&mut Scene { context, node, pod, out }, stamp);
                    self.watch_pressure(context, node, out);
                } else {
                    return;
                }
                self.workers.insert(uid.clone(), worker);
            }
            Some(worker) if pod.is_deleting() => worker.stop(&mut Scene { context, node, pod, out }, stamp),
            Some(_) => {}
        }
    }

    fn end_of_stage(
        &mut self,
        context: &Context<'_>,
        node: &str,
        uid: &Uid,
        stamp: u64,
        next_stamp: u64,
        out: &mut Out,
    ) {
        let broken = self.is_frozen();
        let Some(worker) = self.workers.get_mut(uid).filter(|worker| worker.is_current(stamp)) else {
            return;
        };
        let pod = context.store.pods.get(worker.key()).filter(|pod| pod.metadata.uid == *uid);
        match pod {
            Some(_) if broken => worker.freeze(),
            Some(pod) => worker.turn(&mut Scene { context, node, pod, out }, &mut self.images, next_stamp),
            None => {
                self.workers.remove(uid);
            }
        }
    }

    /// After a repair: reports what runs, and goes on with what was frozen.
    fn resume(&mut self, node: &str, pod: &Pod, stamp: u64, out: &mut Out) {
        if let Some(worker) = self.workers.get_mut(&pod.metadata.uid) {
            worker.resume(node, pod, stamp, out);
        }
    }
}
