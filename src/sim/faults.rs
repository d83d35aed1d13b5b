//! What goes wrong between the components and the API server: requests that it refuses, and
//! watches that lag behind. How often and how much is in `Knobs::faults`, which requests and
//! which watches follows from the scenario.
//!
//! Upstream: `k8s.io/apiserver/pkg/registry/generic/registry/store.go`,
//! `k8s.io/client-go/util/retry`, `util/workqueue`, and each component's handling of errors.
//! Models: what components do when a request comes back with a conflict (409) or with a timeout
//! of etcd (500). The DaemonSet controller: the events FailedCreate and FailedDelete, nothing
//! expected of what failed, the later batches of a slow start left out, no pods without their
//! claims and no status without the history, a status sent twice, the queue's back-off of 5 ms
//! doubled up to 1000 s. The scheduler: a binding that fails (FailedScheduling, SchedulerError,
//! the pod's back-off). Taint eviction: five tries within 50 ms, and then never again. Node
//! lifecycle: five tries of a node's status and then its next round, taints every 100 ms, pods
//! that could not be marked not ready in the next round. Pod GC: no deletion of what could not
//! be failed, the next round. The garbage collector: its queue's back-off, no removal of an
//! owner before its dependents. A kubelet: statuses as they are at its next sync, 10 s later,
//! and no deletion before the last one. Watches: each component sees each kind of object late
//! by a time of its own, and in order.
//! Simplifies: a watch is late, a cache is not: once awake, a component reads the store as it
//! is; a binding fails at once; that a request is refused is settled when it is asked for.
//! Leaves out: all of it on the page, whose own scenarios have no faults; requests that time
//! out and are done nevertheless; reads, leases and Event objects that are refused; of the
//! scheduler statuses and preemptions, of kubelets rejections.

use super::event::Actor;
use super::knobs::Faults;
use super::notice::{Notice, Out, What, Write};
use super::world::World;
use crate::base::{Millis, Rng, SECOND_MS};

/// What the API server answers when etcd is too slow.
pub(super) const TIMED_OUT: &str = "etcdserver: request timed out";

/// How often controllers try before they leave it for later: taint eviction's `retries`,
/// `NodeHealthUpdateRetry`, the kubelet's `nodeStatusUpdateRetry`.
pub(super) const TRIES: Millis = 5;

/// More refusals in a row are as good as none of them.
const REFUSALS_MAX: Millis = 20;

/// First and longest delay of a rate-limited queue (`DefaultTypedControllerRateLimiter`).
const QUEUE_MS: (Millis, Millis) = (5, 1_000 * SECOND_MS);

/// Components that watch, in the order in which they hear of a change.
pub(super) const WATCHERS: [Actor; 7] = [
    Actor::DaemonSetController,
    Actor::Scheduler,
    Actor::Kubelet,
    Actor::NodeLifecycle,
    Actor::TaintEviction,
    Actor::PodGc,
    Actor::GarbageCollector,
];

/// How long a rate-limited queue keeps a key back that has failed so often before.
pub(super) fn queue_delay_ms(failures: u32) -> Millis {
    QUEUE_MS.0.saturating_mul(1 << failures.min(20)).min(QUEUE_MS.1)
}

impl Out {
    /// Sends a request, and says whether it is done: it may be refused.
    pub fn send(&mut self, write: Write) -> bool {
        self.send_after(0, write)
    }

    /// Sends a request that is done after a while, and says whether it is: it may be refused.
    pub fn send_after(&mut self, delay_ms: Millis, write: Write) -> bool {
        let done = !self.is_refused();
        if done {
            self.write_after(delay_ms, write);
        }
        done
    }

    /// Whether the API server refuses the next request: it is not to be written then.
    pub fn is_refused(&mut self) -> bool {
        Faults::SIMULATED && self.permille > 0 && self.rng.below(1_000) < u64::from(self.permille)
    }

    /// How often the next request is refused before it is done, if that is how often it is tried.
    pub fn refusals(&mut self) -> Millis {
        let mut count = 0;
        while count < REFUSALS_MAX && self.is_refused() {
            count += 1;
        }
        count
    }
}

impl World {
    /// What a component asks for, with the faults that it will meet.
    pub(super) fn out(&self, actor: Actor) -> Out {
        Out::new(actor, self.rng.clone(), self.knobs.faults.0.refused_permille)
    }

    /// Sends a notice to all components.
    pub(super) fn tell(&mut self, notice: Notice, cause: super::EventId) {
        let latency_ms = self.knobs.watch_latency_ms;
        let lag_ms = self.knobs.faults.0.watch_lag_ms;
        if lag_ms == 0 || !Faults::SIMULATED {
            self.queue_after(latency_ms, What::Deliver(notice), Some(cause));
            return;
        }
        for actor in WATCHERS {
            let watch = (lag_ms << 10) + (actor as Millis * 4) + notice.kind();
            let own_ms = Rng::new(watch.unsigned_abs()).below(lag_ms.unsigned_abs() + 1);
            let what = What::DeliverTo(actor, notice.clone());
            self.queue_after(latency_ms + own_ms.cast_signed(), what, Some(cause));
        }
    }
}
