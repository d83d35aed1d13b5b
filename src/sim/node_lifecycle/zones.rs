//! The zones of the cluster in the eyes of the node lifecycle controller: how many of their
//! nodes are sick, and when the next one may be tainted. The rates are in `rules::zones`.
//!
//! Upstream: `pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go`,
//! `k8s.io/component-helpers/node/topology` (`GetZoneKey`).

use crate::api::{ConditionStatus, Node, well_known};
use crate::base::{Millis, Time};
use crate::rules::zones::Health;
use crate::sim::notice::Context;

/// Zones with a node that is or was sick; the others are as they should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Zones {
    zones: Vec<Zone>,
    /// Nothing works anywhere.
    stopped: bool,
    counted_at: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Zone {
    /// Region and zone, as its nodes' labels have them.
    name: [String; 2],
    health: Health,
    /// When the last node was tainted.
    tainted_at: Option<Time>,
}

/// What a look at the zones has brought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changed {
    /// From now on nothing works anywhere: all NoExecute taints are to go.
    pub stopped: bool,
    /// A zone in which nothing was tainted goes on.
    pub resumed: bool,
}

impl Zones {
    /// Whether some zone is not in its usual state, so that every recovery counts.
    pub fn is_any_disrupted(&self) -> bool {
        self.stopped || self.zones.iter().any(|zone| zone.interval_ms() != Health::default().taint_every_ms())
    }

    /// Whether a round has counted already.
    pub fn is_counted(&self, now: Time) -> bool {
        self.counted_at == Some(now)
    }

    /// Counts anew. `present` is a node whose Ready condition is about to have this status.
    pub fn look(&mut self, context: &Context<'_>, present: Option<(&str, ConditionStatus)>) -> Changed {
        let (was_stopped, before) = (self.stopped, self.zones.clone());
        self.counted_at = Some(context.now);
        for zone in &mut self.zones {
            zone.health = Health::default();
        }
        for node in context.store.nodes.values() {
            let told = present.filter(|(name, _)| *name == node.name());
            let ready = told.map_or_else(|| node.ready(), |(_, ready)| ready) == ConditionStatus::True;
            if let Some(Zone { health, .. }) = self.zone_of(node) {
                *if ready { &mut health.ready } else { &mut health.sick } += 1;
            }
        }
        self.zones.retain(|zone| zone.health != Health::default());
        self.stopped = !self.zones.is_empty() && self.zones.iter().all(|zone| zone.health.is_fully_disrupted());
        let goes_on = |zone: &Zone| {
            zone.interval_ms().is_some()
                && before.iter().any(|known| known.name == zone.name && (was_stopped || known.interval_ms().is_none()))
        };
        Changed { stopped: self.stopped && !was_stopped, resumed: !self.stopped && self.zones.iter().any(goes_on) }
    }

    /// Whether a node of this zone may be tainted now; if not, when, if that is known.
    pub fn accept(&mut self, now: Time, node: &Node) -> Result<(), Option<Time>> {
        if self.stopped {
            return Err(None);
        }
        let zone = self.zone_of(node).ok_or(None)?;
        let interval_ms = zone.interval_ms().ok_or(None)?;
        match zone.tainted_at.map(|last| last + interval_ms).filter(|next_at| *next_at > now) {
            Some(next_at) => Err(Some(next_at + -1)),
            None => {
                zone.tainted_at = Some(now);
                Ok(())
            }
        }
    }

    fn zone_of(&mut self, node: &Node) -> Option<&mut Zone> {
        let name = [REGION, well_known::ZONE].map(|key| node.label(key).unwrap_or_default());
        let index = self.zones.iter().position(|zone| zone.name == name).unwrap_or(self.zones.len());
        if index == self.zones.len() {
            let name = name.map(str::to_owned);
            self.zones.push(Zone { name, health: Health::default(), tainted_at: None });
        }
        self.zones.get_mut(index)
    }
}

const REGION: &str = "topology.kubernetes.io/region";

impl Zone {
    fn interval_ms(&self) -> Option<Millis> {
        self.health.taint_every_ms()
    }
}
