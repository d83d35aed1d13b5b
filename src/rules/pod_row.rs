//! What `kubectl get pods` says of a pod.
//!
//! Upstream: `pkg/printers/internalversion/printers.go` (`printPod`).
//!
//! Leaves out: signals, scheduling gates.

use super::containers::{is_sidecar, status_of};
use crate::api::{ConditionStatus, ContainerState, PodCondition, PodConditionType, PodSpec, PodStatus};

/// READY, STATUS and RESTARTS of a pod that is not being deleted.
#[derive(Debug, PartialEq, Eq)]
pub struct PodRow {
    /// Containers that are ready…
    pub ready: usize,
    /// …of so many, sidecars among them.
    pub total: usize,
    /// E.g. `Running`, `Init:0/1`, `CrashLoopBackOff`.
    pub status: String,
    /// Restarts of the containers, while it initializes of init containers.
    pub restarts: i32,
}

/// The row of a pod.
#[must_use]
pub fn row(spec: &PodSpec, status: &PodStatus) -> PodRow {
    let sidecars = spec.init_containers.iter().filter(|container| is_sidecar(container)).count();
    let mut row = PodRow { ready: 0, total: spec.containers.len() + sidecars, status: String::new(), restarts: 0 };
    let mut restarts_of_sidecars = 0;
    let mut initializing = None;
    for (index, container) in spec.init_containers.iter().enumerate() {
        let Some(known) = status_of(&status.init_container_statuses, container) else { continue };
        row.restarts += known.restart_count;
        if is_sidecar(container) {
            restarts_of_sidecars += known.restart_count;
        }
        match &known.state {
            ContainerState::Terminated(ended) if ended.exit_code == 0 => {}
            _ if is_sidecar(container) && known.started => row.ready += usize::from(known.ready),
            ContainerState::Terminated(ended) => initializing = Some(["Init:", ended.reason].concat()),
            ContainerState::Waiting { reason, .. } if !reason.is_empty() && reason != "PodInitializing" => {
                initializing = Some(["Init:", reason].concat());
            }
            _ => initializing = Some(format!("Init:{index}/{}", spec.init_containers.len())),
        }
        if initializing.is_some() {
            break;
        }
    }
    let holds = |kind: PodConditionType| {
        let is_it = |known: &PodCondition| known.kind == kind && known.status == ConditionStatus::True;
        status.conditions.iter().any(is_it)
    };
    let of_phase = if status.reason.is_empty() { status.phase.name() } else { &status.reason };
    let (mut words, mut error, mut runs) = (initializing.as_deref().unwrap_or(of_phase), None, false);
    if initializing.is_some() && !holds(PodConditionType::Initialized) {
        row.status = words.to_owned();
        return row;
    }
    row.restarts = restarts_of_sidecars;
    for known in status.container_statuses.iter().rev() {
        row.restarts += known.restart_count;
        match &known.state {
            ContainerState::Waiting { reason, .. } if !reason.is_empty() => words = reason,
            ContainerState::Terminated(ended) => {
                words = ended.reason;
                error = (ended.exit_code != 0).then_some(words).or(error);
            }
            ContainerState::Running { .. } if known.ready => {
                runs = true;
                row.ready += 1;
            }
            _ => {}
        }
    }
    if words == "Completed" {
        words = match error {
            _ if runs && holds(PodConditionType::Ready) => "Running",
            Some(error) => error,
            None if runs => "NotReady",
            None => words,
        };
    }
    row.status = words.to_owned();
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{ContainerStatus, Phase, Termination};
    use crate::base::Time;

    /// A status by words: `ready`, `run`, `wait REASON`, `end REASON CODE`.
    fn container(name: &str, words: &str) -> ContainerStatus {
        let mut words = words.split(' ');
        let verb = words.next().unwrap();
        let reason = words.next().unwrap_or_default();
        let exit_code = words.next().map_or(0, |code| code.parse().unwrap());
        let reason_of = ["Completed", "Error"].into_iter().find(|known| *known == reason);
        let state = match verb {
            "wait" => ContainerState::Waiting { reason: reason.to_owned(), message: String::new() },
            "end" => ContainerState::Terminated(Termination {
                exit_code,
                reason: reason_of.unwrap(),
                ..Termination::default()
            }),
            _ => ContainerState::Running { started_at: Time(0) },
        };
        let ready = verb == "ready" || verb == "end" && exit_code == 0;
        ContainerStatus {
            name: name.to_owned(),
            ready,
            started: matches!(verb, "ready" | "run"),
            restart_count: 1,
            state,
            ..ContainerStatus::default()
        }
    }

    fn check(phase: Phase, init: &[&str], main: &[&str], want: (&str, &str, i32)) {
        let named = |words: &[&str], prefix: char| -> Vec<ContainerStatus> {
            let one = |(index, words): (usize, &&str)| container(&format!("{prefix}{index}"), words);
            words.iter().enumerate().map(one).collect()
        };
        let containers = |count: usize, prefix: char| -> Vec<crate::api::Container> {
            let one = |index: usize| serde_json::from_str(&format!(r#"{{"name":"{prefix}{index}"}}"#)).unwrap();
            (0..count).map(one).collect()
        };
        let mut spec = PodSpec { containers: containers(main.len(), 'm'), ..PodSpec::default() };
        spec.init_containers = containers(init.len(), 'i');
        for (container, words) in spec.init_containers.iter_mut().zip(init) {
            container.restart_policy = words.starts_with("ready").then(|| "Always".to_owned());
        }
        let (init, main) = (named(init, 'i'), named(main, 'm'));
        let status =
            PodStatus { phase, init_container_statuses: init, container_statuses: main, ..PodStatus::default() };
        let row = row(&spec, &status);
        assert_eq!((row.status.as_str(), format!("{}/{}", row.ready, row.total).as_str(), row.restarts), want);
    }

    #[test]
    fn of_init_containers() {
        check(Phase::Pending, &["run", "wait PodInitializing"], &["wait PodInitializing"], ("Init:0/2", "0/1", 1));
        check(Phase::Pending, &["end Completed 0", "run"], &["wait PodInitializing"], ("Init:1/2", "0/1", 2));
        check(
            Phase::Pending,
            &["wait CrashLoopBackOff"],
            &["wait PodInitializing"],
            ("Init:CrashLoopBackOff", "0/1", 1),
        );
        check(Phase::Pending, &["end Error 1"], &["wait PodInitializing"], ("Init:Error", "0/1", 1));
        check(Phase::Pending, &["end Completed 0"], &["wait PodInitializing"], ("PodInitializing", "0/1", 1));
        check(Phase::Running, &["ready"], &["ready"], ("Running", "2/2", 2));
    }

    #[test]
    fn of_main_containers() {
        check(Phase::Pending, &[], &["wait ContainerCreating"], ("ContainerCreating", "0/1", 1));
        check(Phase::Running, &[], &["ready", "run"], ("Running", "1/2", 2));
        check(Phase::Running, &[], &["ready", "wait CrashLoopBackOff"], ("CrashLoopBackOff", "1/2", 2));
        check(Phase::Running, &[], &["end Error 3"], ("Error", "0/1", 1));
        check(Phase::Running, &[], &["ready", "end Completed 0"], ("NotReady", "1/2", 2));
        check(Phase::Succeeded, &[], &["end Completed 0"], ("Completed", "0/1", 1));
        check(Phase::Failed, &[], &["end Error 1", "end Completed 0"], ("Error", "0/2", 2));
    }
}
