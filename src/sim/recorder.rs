//! The recorders of Kubernetes Events: each component has one, which counts what repeats,
//! combines what is similar and drops what is too much before the API server hears of it.
//! What becomes of an event is noted with it; the Event objects follow from that
//! (`view/event_objects.rs`), so none is kept twice.
//!
//! Upstream: `k8s.io/client-go/tools/record/events_cache.go`, `k8s.io/client-go/tools/events`.
//! Models: counting of events that are equal, with the first and last time; from 10 different
//! messages of a reason within 10 minutes on, one object for all of them; bursts of 25 about an
//! object, then one in 5 minutes; the memory of a recorder (4096 objects, the longest unused
//! goes); the scheduler's series, for which a change of the pod is another event; the time to
//! live of an hour.
//! Simplifies: the 4096 hold for objects, not for each of the three caches, and 65,536 for all
//! kubelets together; of the messages that count as different, the oldest is forgotten where
//! upstream forgets any; events are written at once.
//! Leaves out: the container that an event is about, retries, restarts of components.

use super::event::{Actor, EventType};
use super::store::Store;
use crate::api::{Kind, ObjectMeta, ObjectRef};
use crate::base::{Map, Time, digest_of};
use crate::rules::event_correlator::{LRU_MAX, Observed, Trail};
use crate::rules::event_series::{FINISH_MS, Series};
use std::rc::Rc;

/// Objects that the recorders of all kubelets remember.
const KUBELETS_MAX: usize = 65_536;

/// Series that the scheduler's recorder remembers.
const SERIES_MAX: usize = 65_536;

/// The memories of the recorders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Recorders {
    /// By actor; of each by the digest of an object's UID and the type of the events.
    trails: [Map<u64, Rc<Trail>>; Actor::ALL.len()],
    series: Map<u64, Option<Series>>,
    /// In which period series that are over were forgotten last.
    period: i64,
}

/// What is to be recorded.
pub(super) struct Recording<'a> {
    pub id: u64,
    pub actor: Actor,
    pub object: &'a ObjectRef,
    pub event_type: EventType,
    pub reason: &'a str,
    pub message: &'a str,
}

impl Recorders {
    /// What becomes of an event.
    pub fn observe(&mut self, store: &Store, recording: &Recording<'_>, now: Time) -> Observed {
        let Recording { id, actor, object, event_type, reason, message } = *recording;
        let metadata = metadata(store, object);
        if actor == Actor::Scheduler {
            // Upstream's key holds the references whole, with the version of the object; what
            // else it is about (the preemptor) is in the message.
            let version = metadata.map(|metadata| (&metadata.uid, metadata.resource_version));
            let related = (reason == "Preempted").then_some(message);
            let key = digest_of(&(object, version, event_type, reason, related));
            self.forget_series(now);
            return Series::observe(self.series.entry(key).or_default(), id, now);
        }
        let key = match metadata {
            Some(metadata) => digest_of(&(&metadata.uid, event_type)),
            None => digest_of(&(object, event_type)),
        };
        let max = if actor == Actor::Kubelet { KUBELETS_MAX } else { LRU_MAX };
        let Some(trails) = self.trails.get_mut(actor as usize) else {
            return Trail::new(now).observe(id, 0, 0, now);
        };
        if trails.len() >= max && !trails.contains_key(&key) {
            forget_oldest(trails);
        }
        let trail = trails.entry(key).or_insert_with(|| Rc::new(Trail::new(now)));
        Rc::make_mut(trail).observe(id, digest_of(reason), digest_of(message), now)
    }

    /// The object is gone: its UID never comes back.
    pub fn forget(&mut self, uid: &str) {
        for event_type in [EventType::Normal, EventType::Warning] {
            let key = digest_of(&(uid, event_type));
            for trails in &mut self.trails {
                trails.remove(&key);
            }
        }
    }

    fn forget_series(&mut self, now: Time) {
        let period = now.0 / FINISH_MS;
        if period != self.period || self.series.len() >= SERIES_MAX {
            self.period = period;
            self.series.retain(|_, series| series.as_ref().is_some_and(|series| !series.is_over(now)));
        }
        if self.series.len() >= SERIES_MAX {
            self.series.clear();
        }
    }
}

fn forget_oldest(trails: &mut Map<u64, Rc<Trail>>) {
    let oldest = trails.iter().min_by_key(|(_, trail)| trail.used_at()).map(|(key, _)| *key);
    if let Some(key) = oldest {
        trails.remove(&key);
    }
}

fn metadata<'a>(store: &'a Store, object: &ObjectRef) -> Option<&'a ObjectMeta> {
    let key = &object.key;
    match object.kind {
        Kind::Node => store.nodes.get(&key.name).map(|node| &node.metadata),
        Kind::DaemonSet => store.daemon_sets.get(key).map(|daemon_set| &daemon_set.metadata),
        Kind::Pod => store.pods.get(key).map(|pod| &pod.metadata),
        Kind::ControllerRevision => store.revisions.get(key).map(|revision| &revision.metadata),
    }
}
