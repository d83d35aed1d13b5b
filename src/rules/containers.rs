//! Questions about containers and their statuses.
//!
//! Upstream: `pkg/api/v1/pod/util.go` (`ContainerShouldRestart`, `IsRestartableInitContainer`).
//!
//! Leaves out: `restartPolicyRules`.

use crate::api::{Container, ContainerState, ContainerStatus, PodSpec};

/// Whether an init container is a sidecar: it starts in its turn and goes on running.
#[must_use]
pub fn is_sidecar(container: &Container) -> bool {
    container.restart_policy.as_deref() == Some("Always")
}

/// Whether a container that ended is started again: its own policy counts, else the pod's.
#[must_use]
pub fn should_restart(container: &Container, spec: &PodSpec, exit_code: i32) -> bool {
    let of_pod = || spec.other.field("restartPolicy").map(|text| text.trim_matches('"'));
    match container.restart_policy.as_deref().or_else(of_pod) {
        Some("Never") => false,
        Some("OnFailure") => exit_code != 0,
        _ => true,
    }
}

/// The status of a container: there are lists in the spec's order and lists by name.
#[must_use]
pub fn status_of<'a>(statuses: &'a [ContainerStatus], container: &Container) -> Option<&'a ContainerStatus> {
    statuses.iter().find(|status| status.name == container.name)
}

/// Whether a container has run and waits to run again, or has ended.
pub(super) fn exit_code(status: &ContainerStatus) -> Option<i32> {
    match &status.state {
        ContainerState::Running { .. } => None,
        ContainerState::Terminated(termination) => Some(termination.exit_code),
        ContainerState::Waiting { .. } => status.last_state.map(|termination| termination.exit_code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_containers_own_policy_counts_before_the_pods() {
        let check = |pod: &str, own: Option<&str>, exit_code: i32, want: bool| {
            let spec: PodSpec = serde_json::from_str(&format!(r#"{{"restartPolicy":"{pod}"}}"#)).unwrap();
            let container = Container { restart_policy: own.map(str::to_owned), ..Container::default() };
            assert_eq!(should_restart(&container, &spec, exit_code), want, "{pod} {own:?} {exit_code}");
        };
        check("Always", None, 0, true);
        check("OnFailure", None, 0, false);
        check("OnFailure", None, 1, true);
        check("Never", None, 1, false);
        check("Always", Some("Never"), 1, false);
        check("Never", Some("Always"), 0, true);
        assert!(should_restart(&Container::default(), &PodSpec::default(), 0), "by default always");
    }
}
