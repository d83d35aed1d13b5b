//! What a pod and its containers are doing.
//!
//! Upstream: `k8s.io/api/core/v1/types.go` (`PodStatus`, `ContainerStatus`).

use crate::base::Time;
use serde::{Deserialize, Serialize};

/// `status` of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PodStatus {
    /// Phase.
    pub phase: Phase,
    /// Conditions, one a type.
    pub conditions: Vec<PodCondition>,
    /// Init containers, in the order of the spec.
    pub init_container_statuses: Vec<ContainerStatus>,
    /// Containers, in the order of their names.
    pub container_statuses: Vec<ContainerStatus>,
    /// Why the pod is in its phase, in one word (a rejected pod's).
    pub reason: String,
    /// The same for people.
    pub message: String,
    /// When the kubelet took the pod on.
    pub start_time: Option<Time>,
    /// The node on which others were made to leave for it.
    pub nominated_node_name: String,
}

/// Phase of a pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// Not all containers have started once.
    #[default]
    Pending,
    /// Bound, and containers have started.
    Running,
    /// All containers ended well and stay down.
    Succeeded,
    /// All containers ended, one of them badly, and stay down.
    Failed,
}

impl Phase {
    /// Whether containers will never run again. Upstream: `IsPodTerminal`.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Phase::Succeeded | Phase::Failed)
    }

    /// As it is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Pending => "Pending",
            Phase::Running => "Running",
            Phase::Succeeded => "Succeeded",
            Phase::Failed => "Failed",
        }
    }
}

/// Status of a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ConditionStatus {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// Types of pod conditions that are modelled, in the order in which kubectl describes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PodConditionType {
    /// About to go because of something outside it; the reason says what.
    DisruptionTarget,
    /// It has a sandbox.
    PodReadyToStartContainers,
    /// The init containers are done.
    Initialized,
    /// Ready to serve.
    Ready,
    /// All containers are ready.
    ContainersReady,
    /// Bound to a node.
    PodScheduled,
}

/// A condition of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PodCondition {
    /// Type.
    pub kind: PodConditionType,
    /// Status.
    pub status: ConditionStatus,
    /// Reason in one word.
    pub reason: String,
    /// Message for people.
    pub message: String,
    /// When the status last changed (kept to the millisecond; Kubernetes compares seconds).
    pub last_transition_time: Time,
}

/// What a container is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContainerStatus {
    /// Name.
    pub name: String,
    /// State.
    pub state: ContainerState,
    /// How its last run ended, if it runs again or waits to.
    pub last_state: Option<Termination>,
    /// Whether its readiness probe passes; of an init container, whether it is done.
    pub ready: bool,
    /// Whether it runs and its startup probe has passed.
    pub started: bool,
    /// How often it was started again.
    pub restart_count: i32,
}

/// State of a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContainerState {
    /// Not running yet, or between two runs.
    Waiting {
        /// E.g. `ContainerCreating`, `ImagePullBackOff`, `CrashLoopBackOff`.
        reason: String,
        /// For people.
        message: String,
    },
    /// Running.
    Running {
        /// Since when.
        started_at: Time,
    },
    /// Ended.
    Terminated(Termination),
}

impl Default for ContainerState {
    fn default() -> ContainerState {
        ContainerState::Waiting { reason: String::new(), message: String::new() }
    }
}

/// How a run of a container ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Termination {
    /// Exit code.
    pub exit_code: i32,
    /// One of [`Termination::REASONS`].
    pub reason: &'static str,
    /// For people; empty as a rule.
    pub message: &'static str,
    /// When the run began.
    pub started_at: Time,
    /// When it ended.
    pub finished_at: Time,
}

impl Termination {
    /// In which words runs end. A cluster that was found may know more, from its container runtime;
    /// they are held for `Error`.
    pub const REASONS: [&str; 7] = [
        "Error",
        "Completed",
        "OOMKilled",
        "ContainerCannotRun",
        "StartError",
        "DeadlineExceeded",
        "ContainerStatusUnknown",
    ];
}
