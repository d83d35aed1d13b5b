//! Latencies and constants of the cluster, what Kubernetes leaves open, and what goes wrong:
//! explicit, part of the scenario. Only which requests are refused is random, by its seed.

use crate::base::{Millis, Rare, SECOND_MS};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// How long things take. The defaults of the control plane are slower than a real one's
/// (some 10 ms) so that an eye can follow; Kubernetes' own constants are real.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Knobs {
    /// From a write to the components that watch it.
    pub watch_latency_ms: Millis,
    /// One request to the API server.
    pub api_latency_ms: Millis,
    /// From the scheduler's decision to the pod's binding.
    pub bind_latency_ms: Millis,
    /// Between two pods in the scheduler.
    pub scheduling_cycle_ms: Millis,
    /// From the kubelet's start of a pod to its sandbox.
    pub sandbox_ms: Millis,
    /// Pull of an image that the node lacks.
    pub image_pull_ms: Millis,
    /// From the image to the running container.
    pub container_start_ms: Millis,
    /// From the request to stop to the exit of a well-behaved container.
    pub container_stop_ms: Millis,
    /// From the last container's exit to the pod object's removal.
    pub pod_cleanup_ms: Millis,
    /// Run of an init container.
    pub init_container_ms: Millis,
    /// From joining to Ready of a new node.
    pub node_ready_ms: Millis,
    /// Period of the kubelet's lease renewals.
    pub lease_period_ms: Millis,
    /// Period of the node lifecycle controller (`--node-monitor-period`).
    pub node_monitor_period_ms: Millis,
    /// Silence after which a node is Unknown (`--node-monitor-grace-period`).
    pub node_monitor_grace_period_ms: Millis,
    /// Period of the pod garbage collector.
    pub pod_gc_period_ms: Millis,
    /// How long a node must be gone before its pods are collected.
    pub pod_gc_quarantine_ms: Millis,
    /// First delay of image-pull and crash-loop back-off; doubles up to five minutes.
    pub kubelet_backoff_ms: Millis,
    /// What each container writes into its log in a second.
    pub log_bytes_per_second: i64,
    /// Images that are not like others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<ImageKnob>,
    /// Machines that are not like others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeKnob>,
    /// Which component comes first when several are due at one instant, which Kubernetes
    /// leaves open: 0 is the order of their requests, any other number another order.
    #[serde(skip_serializing_if = "is_zero")]
    pub tie_order: u32,
    /// What goes wrong with requests and watches.
    #[serde(skip_serializing_if = "Rare::is_default")]
    pub faults: Rare<Faults>,
}

/// What goes wrong between the components and the API server; nothing by default.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Faults {
    /// Of a thousand requests of components, so many are refused.
    pub refused_permille: u32,
    /// At most how much later than `watchLatencyMs` components see what they watch.
    pub watch_lag_ms: Millis,
}

impl Faults {
    /// Whether there is code for them: the page, which reads no scenarios, does without.
    pub const SIMULATED: bool = cfg!(any(not(target_arch = "wasm32"), feature = "js"));
}

/// What is special about an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ImageKnob {
    /// The image as manifests name it.
    pub image: String,
    /// How long its pull takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull_ms: Option<Millis>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<ImageFault>,
}

/// What can be wrong with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase")]
pub enum ImageFault {
    /// No registry has it.
    NotFound,
    /// It exits with 1 soon after its start.
    Crash,
    /// It is never ready.
    NotReady,
    /// It refuses its probes for the first 20 s.
    SlowStart,
    /// It answers no probe any more after 30 s.
    Hang,
    /// It ignores the request to stop.
    SlowStop,
}

/// What is special about a machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct NodeKnob {
    /// The node's name.
    pub node: String,
    /// How many times as long pulls and starts take there.
    pub slow: u32,
}

impl Default for NodeKnob {
    fn default() -> NodeKnob {
        NodeKnob { node: String::new(), slow: 1 }
    }
}

impl Default for Knobs {
    fn default() -> Knobs {
        Knobs {
            watch_latency_ms: 60,
            api_latency_ms: 40,
            bind_latency_ms: 320,
            scheduling_cycle_ms: 20,
            sandbox_ms: 350,
            image_pull_ms: 1_800,
            container_start_ms: 500,
            container_stop_ms: 1_100,
            pod_cleanup_ms: 150,
            init_container_ms: 900,
            node_ready_ms: 1_500,
            lease_period_ms: 10 * SECOND_MS,
            node_monitor_period_ms: 5 * SECOND_MS,
            node_monitor_grace_period_ms: 50 * SECOND_MS,
            pod_gc_period_ms: 20 * SECOND_MS,
            pod_gc_quarantine_ms: 40 * SECOND_MS,
            kubelet_backoff_ms: 10 * SECOND_MS,
            log_bytes_per_second: 32 << 10,
            images: Vec::new(),
            nodes: Vec::new(),
            tie_order: 0,
            faults: Rare::default(),
        }
    }
}

impl Knobs {
    /// The longest of Kubernetes' exponential back-offs for images and crashes.
    pub const KUBELET_BACKOFF_MAX_MS: Millis = 300 * SECOND_MS;

    /// Most of a thousand requests that are refused: the others must get something done.
    const REFUSED_PERMILLE_MAX: u32 = 500;

    /// Most that a container may write into its log in a second.
    const LOG_BYTES_MAX: i64 = 1 << 30;

    /// Most images and most machines that have knobs of their own.
    const LIST_MAX: usize = 100;

    /// The same knobs with every latency between 0 and an hour and every period at least a
    /// millisecond and lists cut, so that no knob of a hand-made scenario can stop or flood time.
    #[must_use]
    pub fn clamped(&self) -> Knobs {
        const HOUR_MS: Millis = 3_600 * SECOND_MS;
        let latency = |ms: Millis| ms.clamp(0, HOUR_MS);
        let period = |ms: Millis| ms.clamp(1, HOUR_MS);
        let image = |knob: &ImageKnob| ImageKnob { pull_ms: knob.pull_ms.map(latency), ..knob.clone() };
        let node = |knob: &NodeKnob| NodeKnob { slow: knob.slow.clamp(1, 100), ..knob.clone() };
        Knobs {
            watch_latency_ms: latency(self.watch_latency_ms),
            api_latency_ms: latency(self.api_latency_ms),
            bind_latency_ms: latency(self.bind_latency_ms),
            scheduling_cycle_ms: latency(self.scheduling_cycle_ms),
            sandbox_ms: latency(self.sandbox_ms),
            image_pull_ms: latency(self.image_pull_ms),
            container_start_ms: latency(self.container_start_ms),
            container_stop_ms: latency(self.container_stop_ms),
            pod_cleanup_ms: latency(self.pod_cleanup_ms),
            init_container_ms: latency(self.init_container_ms),
            node_ready_ms: latency(self.node_ready_ms),
            lease_period_ms: period(self.lease_period_ms),
            node_monitor_period_ms: period(self.node_monitor_period_ms),
            node_monitor_grace_period_ms: period(self.node_monitor_grace_period_ms),
            pod_gc_period_ms: period(self.pod_gc_period_ms),
            pod_gc_quarantine_ms: latency(self.pod_gc_quarantine_ms),
            kubelet_backoff_ms: period(self.kubelet_backoff_ms),
            log_bytes_per_second: self.log_bytes_per_second.clamp(0, Knobs::LOG_BYTES_MAX),
            images: self.images.iter().take(Knobs::LIST_MAX).map(image).collect(),
            nodes: self.nodes.iter().take(Knobs::LIST_MAX).map(node).collect(),
            tie_order: self.tie_order,
            faults: Rare(Faults {
                refused_permille: self.faults.0.refused_permille.min(Knobs::REFUSED_PERMILLE_MAX),
                watch_lag_ms: latency(self.faults.0.watch_lag_ms),
            }),
        }
    }
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
