//! The phase of a pod, from what its containers do.
//!
//! Upstream: `pkg/kubelet/kubelet_pods.go` (`getPhase`).

use super::containers::{exit_code, is_sidecar, should_restart, status_of};
use crate::api::{Container, ContainerState, Phase, PodSpec, PodStatus};

/// The phase that the statuses of the containers give. `is_over`: nothing of it will be started
/// again, whatever the restart policy.
#[must_use]
pub fn phase(spec: &PodSpec, status: &PodStatus, is_over: bool) -> Phase {
    let Some(initializing) = initialization(spec, status) else {
        return Phase::Failed;
    };
    let (mut running, mut waiting, mut stopped) = (initializing.sidecars_running, initializing.sidecars_waiting, 0);
    let (mut succeeded, mut restarting) = (0, 0);
    for container in &spec.containers {
        let Some(status) = status_of(&status.container_statuses, container) else {
            return Phase::Pending;
        };
        match (&status.state, exit_code(status)) {
            (ContainerState::Running { .. }, _) => running += 1,
            (_, None) => waiting += 1,
            (state, Some(code)) => {
                stopped += 1;
                restarting += u32::from(should_restart(container, spec, code));
                succeeded += u32::from(code == 0 && matches!(state, ContainerState::Terminated(_)));
            }
        }
    }
    if initializing.pending || waiting > 0 {
        Phase::Pending
    } else if running > 0 {
        Phase::Running
    } else if stopped == 0 {
        Phase::Pending
    } else if restarting > 0 && !is_over {
        Phase::Running
    } else if stopped == succeeded {
        Phase::Succeeded
    } else {
        Phase::Failed
    }
}

/// Whether a container of the pod proper has run since its sandbox was made: the pod has been
/// initialized then.
#[must_use]
pub fn has_initialized(status: &PodStatus) -> bool {
    status
        .container_statuses
        .iter()
        .any(|status| matches!(status.state, ContainerState::Running { .. }) || exit_code(status).is_some())
}

struct Initialization {
    pending: bool,
    sidecars_running: u32,
    sidecars_waiting: u32,
}

/// Where the init containers are; `None` if one failed for good.
fn initialization(spec: &PodSpec, status: &PodStatus) -> Option<Initialization> {
    let initialized = has_initialized(status);
    let mut found = Initialization { pending: false, sidecars_running: 0, sidecars_waiting: 0 };
    for container in &spec.init_containers {
        let status = status_of(&status.init_container_statuses, container)?;
        let running = matches!(status.state, ContainerState::Running { .. });
        let code = exit_code(status);
        if is_sidecar(container) {
            let waiting = !running && code.is_none();
            found.sidecars_running += u32::from(running);
            found.sidecars_waiting += u32::from(waiting);
            found.pending |= (waiting || running && !status.started) && !initialized;
        } else if failed_for_good(container, spec, code) {
            return None;
        } else {
            found.pending |= code.is_none();
        }
    }
    Some(found)
}

fn failed_for_good(container: &Container, spec: &PodSpec, code: Option<i32>) -> bool {
    code.is_some_and(|code| code != 0 && !should_restart(container, spec, code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{ContainerStatus, Termination};
    use crate::base::Time;

    /// `run`, `wait`, `crash 1` (waits after it ended with 1), `end 0`; a `+` before means
    /// started, names from `a` on.
    fn status(name: &str, words: &str) -> ContainerStatus {
        let (word, code) = words.split_once(' ').unwrap_or((words, "0"));
        let termination = Termination { exit_code: code.parse().unwrap(), ..Termination::default() };
        let waiting = ContainerState::Waiting { reason: String::new(), message: String::new() };
        let state = match word.trim_start_matches('+') {
            "run" => ContainerState::Running { started_at: Time(0) },
            "end" => ContainerState::Terminated(termination),
            _ => waiting,
        };
        ContainerStatus {
            name: name.to_owned(),
            last_state: (word == "crash").then_some(termination),
            started: word.starts_with('+'),
            state,
            ..ContainerStatus::default()
        }
    }

    fn check(policy: &str, init: &[&str], main: &[&str], want: (Phase, Phase)) {
        let names = ["a", "b", "c"];
        let spec = |words: &[&str]| -> String {
            let one = |(word, name): (&&str, &str)| {
                let sidecar = if word.ends_with('*') { r#","restartPolicy":"Always""# } else { "" };
                format!(r#"{{"name":"{name}"{sidecar}}}"#)
            };
            words.iter().zip(names).map(one).collect::<Vec<_>>().join(",")
        };
        let text = format!(
            r#"{{"restartPolicy":"{policy}","initContainers":[{}],"containers":[{}]}}"#,
            spec(init),
            spec(main)
        );
        let spec: PodSpec = serde_json::from_str(&text).unwrap();
        let statuses =
            |words: &[&str]| words.iter().zip(names).map(|(w, n)| status(n, w.trim_end_matches('*'))).collect();
        let status = PodStatus {
            init_container_statuses: statuses(init),
            container_statuses: statuses(main),
            ..PodStatus::default()
        };
        let got = (phase(&spec, &status, false), phase(&spec, &status, true));
        assert_eq!(got, want, "{policy} {init:?} {main:?}");
    }

    #[test]
    fn of_main_containers() {
        use Phase::{Failed, Pending, Running, Succeeded};
        check("Always", &[], &["wait"], (Pending, Pending));
        check("Always", &[], &["run", "wait"], (Pending, Pending));
        check("Always", &[], &["run", "crash 1"], (Running, Running));
        check("Always", &[], &["crash 1"], (Running, Failed));
        check("Always", &[], &["end 0"], (Running, Succeeded));
        check("OnFailure", &[], &["end 0", "end 0"], (Succeeded, Succeeded));
        check("OnFailure", &[], &["end 0", "end 1"], (Running, Failed));
        check("Never", &[], &["end 0", "end 1"], (Failed, Failed));
        check("Never", &[], &["end 0", "run"], (Running, Running));
    }

    #[test]
    fn of_init_containers_and_sidecars() {
        use Phase::{Failed, Pending, Running};
        check("Always", &["run"], &["wait"], (Pending, Pending));
        check("Always", &["crash 1"], &["wait"], (Pending, Pending));
        check("Never", &["end 1"], &["wait"], (Failed, Failed));
        check("Always", &["end 0"], &["run"], (Running, Running));
        check("Always", &["run*"], &["wait"], (Pending, Pending));
        check("Always", &["+run*", "end 0"], &["run"], (Running, Running));
        check("Always", &["crash 1*"], &["run"], (Running, Running));
        check("Never", &["+run*"], &["end 0"], (Running, Running));
    }
}
