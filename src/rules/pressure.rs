//! Which pod a node that runs short of something sends away, and with what words.
//!
//! Upstream: `pkg/kubelet/eviction/helpers.go` (`rankMemoryPressure`, `rankDiskPressureFunc`,
//! `rankPIDPressure`, `evictionMessage`), `defaults_linux.go`.
//! Leaves out: images' own file system, inodes, resources of a pod as a whole, limits of local
//! storage.

use super::qos::is_critical;
use super::resources::pod_requests;
use super::usage::{self, Moment};
use crate::api::{Container, ContainerState, Node, NodeConditionType, Pod, Quantity};
use std::cmp::Ordering;

/// What a pressure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// The condition.
    pub condition: NodeConditionType,
    /// The resource, in the words of events.
    pub resource: &'static str,
}

/// All pressures, in the order of names, which is that of upstream's texts here.
pub const SIGNALS: [Signal; 3] = [
    Signal { condition: NodeConditionType::DiskPressure, resource: "ephemeral-storage" },
    Signal { condition: NodeConditionType::MemoryPressure, resource: "memory" },
    Signal { condition: NodeConditionType::PidPressure, resource: "pids" },
];

impl Signal {
    /// What is to be left, and what is. The thresholds of memory and of disk are the
    /// defaults, that of process IDs (which has none) is one that people set; there is always
    /// something less than that.
    fn threshold(self, node: &Node) -> (String, String) {
        let texts = |threshold: &str, available: &str| (threshold.to_owned(), available.to_owned());
        match self.condition {
            NodeConditionType::DiskPressure => {
                let capacity = node.status.capacity.get("ephemeral-storage").map_or(0, Quantity::value);
                // As upstream: a single-precision tenth, widened, times the capacity.
                let tenth = (capacity as f64 * f64::from(0.1_f32)) as i64;
                (usage::bytes(tenth), usage::bytes(tenth / 4_096 * 3_072))
            }
            NodeConditionType::MemoryPressure => texts("100Mi", "98212Ki"),
            _ => texts("1k", "612"),
        }
    }

    /// What a container uses: nothing unless it runs.
    fn used_by(self, pod: &Pod, container: &Container, moment: Moment) -> i64 {
        let status = pod.status.container_statuses.iter().find(|status| status.name == container.name);
        let Some(ContainerState::Running { started_at }) = status.map(|status| &status.state) else {
            return 0;
        };
        match self.condition {
            NodeConditionType::DiskPressure => moment.disk_bytes(*started_at),
            NodeConditionType::MemoryPressure => usage::memory_bytes(container),
            _ => usage::PROCESSES,
        }
    }

    /// How much more a pod uses than it asks for. Of process IDs nobody asks for any.
    fn above_request(self, pod: &Pod, moment: Moment) -> i64 {
        let used = pod.spec.containers.iter().map(|container| self.used_by(pod, container, moment));
        used.fold(0, i64::saturating_add).saturating_sub(pod_requests(&pod.spec).get(self.resource))
    }

    /// Who goes first: of memory and disk pods that use more than they ask for; of these the
    /// least important, then who uses the most beyond its request.
    fn compare(self, moment: Moment, a: &Pod, b: &Pod) -> Ordering {
        let above = (self.above_request(a, moment), self.above_request(b, moment));
        let exceeds = if self.condition == NodeConditionType::PidPressure {
            Ordering::Equal
        } else {
            (above.1 > 0).cmp(&(above.0 > 0))
        };
        exceeds.then(a.priority().cmp(&b.priority())).then(above.1.cmp(&above.0))
    }

    /// The one of these pods that goes, if any may.
    #[must_use]
    pub fn victim<'a>(self, pods: &[&'a Pod], moment: Moment) -> Option<&'a Pod> {
        let mut first: Option<&'a Pod> = None;
        for pod in pods.iter().filter(|pod| !is_critical(pod)) {
            if first.is_none_or(|first| self.compare(moment, pod, first) == Ordering::Less) {
                first = Some(pod);
            }
        }
        first
    }

    /// What the pod is told, and so the people.
    #[must_use]
    pub fn message(self, node: &Node, pod: &Pod, moment: Moment) -> String {
        let resource = self.resource;
        let (threshold, available) = self.threshold(node);
        let mut message = format!(
            "The node was low on resource: {resource}. Threshold quantity: {threshold}, available: {available}. "
        );
        if self.condition == NodeConditionType::PidPressure {
            return message;
        }
        for container in &pod.spec.containers {
            let used = self.used_by(pod, container, moment);
            let resources = &container.resources;
            let request = resources.requests.get(resource).or_else(|| resources.limits.get(resource));
            if used > request.map_or(0, Quantity::value) {
                let (name, used) = (&container.name, usage::bytes(used));
                let request = request.map_or("0", Quantity::as_str);
                message.push_str(&format!(
                    "Container {name} was using {used}, request is {request}, has larger consumption of {resource}. "
                ));
            }
        }
        message
    }
}

#[cfg(test)]
mod tests;
