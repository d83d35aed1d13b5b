//! The conditions of a pod that its kubelet sets, from what its containers do.
//!
//! Upstream: `pkg/kubelet/status/generate.go`.

use super::containers::{is_sidecar, status_of};
use crate::api::{Container, ContainerState, ContainerStatus, Phase, PodConditionType, PodSpec, PodStatus};

/// A condition as it should be.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// Type.
    pub kind: PodConditionType,
    /// Whether it holds.
    pub holds: bool,
    /// Reason in one word; none if all is well.
    pub reason: &'static str,
    /// Message for people.
    pub message: String,
}

/// The four conditions beside PodScheduled, from phase and statuses. `sandbox`: `None` before
/// it has been made, else whether it still is there.
#[must_use]
pub fn conditions(spec: &PodSpec, status: &PodStatus, sandbox: Option<bool>) -> [Finding; 4] {
    let ready = containers_ready(spec, status);
    let gates = if ready.holds { missing_gates(spec) } else { Vec::new() };
    let ready_to_start = match sandbox {
        Some(true) => well(PodConditionType::PodReadyToStartContainers),
        none => Finding {
            kind: PodConditionType::PodReadyToStartContainers,
            holds: false,
            reason: "PodSandboxNotReady",
            message: if none.is_none() { NO_SANDBOX } else { SANDBOX_GONE }.to_owned(),
        },
    };
    let pod_ready = if gates.is_empty() {
        Finding { kind: PodConditionType::Ready, message: ready.message.clone(), ..ready }
    } else {
        Finding {
            kind: PodConditionType::Ready,
            holds: false,
            reason: "ReadinessGatesNotReady",
            message: gates.join(", "),
        }
    };
    [ready_to_start, initialized(spec, status), pod_ready, ready]
}

const NO_SANDBOX: &str = "no pod sandbox exists";
const SANDBOX_GONE: &str = "pod sandbox is not ready";

fn well(kind: PodConditionType) -> Finding {
    Finding { kind, holds: true, reason: "", message: String::new() }
}

fn containers_ready(spec: &PodSpec, status: &PodStatus) -> Finding {
    let kind = PodConditionType::ContainersReady;
    let sidecars = spec.init_containers.iter().filter(|container| is_sidecar(container));
    let unready = |statuses: &[ContainerStatus], container: &&Container| {
        !status_of(statuses, container).is_some_and(|status| status.ready)
    };
    let unready = sidecars
        .filter(|container| unready(&status.init_container_statuses, container))
        .chain(spec.containers.iter().filter(|container| unready(&status.container_statuses, container)));
    let (reason, message) = match status.phase {
        Phase::Succeeded => ("PodCompleted", String::new()),
        Phase::Failed => ("PodFailed", String::new()),
        Phase::Pending | Phase::Running => ("ContainersNotReady", listed("containers with unready status: ", unready)),
    };
    if reason == "ContainersNotReady" && message.is_empty() {
        return well(kind);
    }
    Finding { kind, holds: false, reason, message }
}

fn initialized(spec: &PodSpec, status: &PodStatus) -> Finding {
    let kind = PodConditionType::Initialized;
    if status.phase == Phase::Succeeded {
        return Finding { reason: "PodCompleted", ..well(kind) };
    }
    // What has been initialized once stays so, although sidecars start again.
    let has_begun = |status: &ContainerStatus| !matches!(status.state, ContainerState::Waiting { .. });
    let was =
        status.conditions.iter().any(|known| known.kind == kind && known.status == crate::api::ConditionStatus::True);
    if was || status.container_statuses.iter().any(has_begun) {
        return well(kind);
    }
    let incomplete = spec.init_containers.iter().filter(|container| {
        let known = status_of(&status.init_container_statuses, container);
        !known.is_some_and(|status| if is_sidecar(container) { status.started } else { status.ready })
    });
    let message = listed("containers with incomplete status: ", incomplete);
    if message.is_empty() {
        return well(kind);
    }
    Finding { kind, holds: false, reason: "ContainersNotInitialized", message }
}

/// Names as Go prints a list of texts, after some words; empty if there are none.
fn listed<'a>(words: &str, containers: impl Iterator<Item = &'a Container>) -> String {
    let mut text = String::new();
    for container in containers {
        text.push_str(if text.is_empty() { words } else { " " });
        if text.len() == words.len() {
            text.push('[');
        }
        text.push_str(&container.name);
    }
    if !text.is_empty() {
        text.push(']');
    }
    text
}

/// What is said of readiness gates: nobody here sets their conditions.
fn missing_gates(spec: &PodSpec) -> Vec<String> {
    let gates = spec.other.field("readinessGates").unwrap_or_default();
    // `[{"conditionType":"a"},{"conditionType":"b"}]`: a type has no quotes.
    let names = gates.split('"').skip(3).step_by(4);
    names.map(|name| format!("corresponding condition of pod readiness gate {name:?} does not exist.")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;

    fn spec(text: &str) -> PodSpec {
        serde_json::from_str(text).unwrap()
    }

    fn container(name: &str, ready: bool, runs: bool) -> ContainerStatus {
        let state = if runs { ContainerState::Running { started_at: Time(0) } } else { ContainerState::default() };
        ContainerStatus { name: name.to_owned(), ready, started: runs, state, ..ContainerStatus::default() }
    }

    fn check(spec: &PodSpec, status: &PodStatus, index: usize, want: (bool, &str, &str)) {
        let found = &conditions(spec, status, Some(true))[index];
        assert_eq!((found.holds, found.reason, found.message.as_str()), want);
    }

    #[test]
    fn unready_containers_are_listed() {
        let spec = spec(
            r#"{"initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"},{"name":"b"}]}"#,
        );
        let mut status = PodStatus {
            phase: Phase::Running,
            init_container_statuses: vec![container("i", true, false), container("s", false, true)],
            container_statuses: vec![container("a", true, true), container("b", false, true)],
            ..PodStatus::default()
        };
        let unready = "containers with unready status: [s b]";
        check(&spec, &status, 2, (false, "ContainersNotReady", unready));
        check(&spec, &status, 3, (false, "ContainersNotReady", unready));
        check(&spec, &status, 1, (true, "", ""));
        status.phase = Phase::Failed;
        check(&spec, &status, 3, (false, "PodFailed", ""));
        status.phase = Phase::Succeeded;
        check(&spec, &status, 1, (true, "PodCompleted", ""));
        check(&spec, &status, 2, (false, "PodCompleted", ""));
    }

    #[test]
    fn init_containers_are_listed_until_a_main_container_has_run() {
        let spec = spec(
            r#"{"initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]}"#,
        );
        let mut status = PodStatus {
            init_container_statuses: vec![container("i", false, true), container("s", false, false)],
            container_statuses: vec![container("a", false, false)],
            ..PodStatus::default()
        };
        check(&spec, &status, 1, (false, "ContainersNotInitialized", "containers with incomplete status: [i s]"));
        status.init_container_statuses = vec![container("i", true, false), container("s", false, true)];
        check(&spec, &status, 1, (true, "", ""));
        status.init_container_statuses = vec![container("i", true, false), container("s", false, false)];
        check(&spec, &status, 1, (false, "ContainersNotInitialized", "containers with incomplete status: [s]"));
        status.container_statuses = vec![container("a", false, true)];
        check(&spec, &status, 1, (true, "", ""));
    }

    #[test]
    fn a_gate_that_nobody_opens_keeps_a_pod_unready() {
        let spec = spec(r#"{"containers":[{"name":"a"}],"readinessGates":[{"conditionType":"example.com/lb"}]}"#);
        let status = PodStatus { container_statuses: vec![container("a", true, true)], ..PodStatus::default() };
        let message = "corresponding condition of pod readiness gate \"example.com/lb\" does not exist.";
        check(&spec, &status, 2, (false, "ReadinessGatesNotReady", message));
        check(&spec, &status, 3, (true, "", ""));
    }

    #[test]
    fn without_a_sandbox_nothing_can_start() {
        let found = &conditions(&PodSpec::default(), &PodStatus::default(), None)[0];
        assert_eq!((found.holds, found.reason), (false, "PodSandboxNotReady"));
    }
}
