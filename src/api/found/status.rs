//! What nodes and pods say of themselves, packed. By hand and not by `derive`: the page unpacks
//! it, and these few functions are a third of what the derived ones would be. Bytes that end too
//! early read as zeros and empty texts.

use crate::api::{
    ConditionStatus, ContainerState, ContainerStatus, NodeCondition, NodeConditionType, Phase, PodCondition,
    PodConditionType, PodStatus, Termination,
};
use crate::base::Time;
use borsh::{BorshDeserialize, BorshSerialize};
use std::io;

const PHASES: [Phase; 4] = [Phase::Pending, Phase::Running, Phase::Succeeded, Phase::Failed];
const STATUSES: [ConditionStatus; 3] = [ConditionStatus::Unknown, ConditionStatus::True, ConditionStatus::False];
const POD_CONDITIONS: [PodConditionType; 6] = [
    PodConditionType::DisruptionTarget,
    PodConditionType::PodReadyToStartContainers,
    PodConditionType::Initialized,
    PodConditionType::Ready,
    PodConditionType::ContainersReady,
    PodConditionType::PodScheduled,
];

/// Stands for no time.
const NO_TIME: i64 = i64::MIN;
/// Most conditions or containers that one object lists.
const MAX_LIST: usize = 1_000;

#[inline(never)]
pub(super) fn number(bytes: &mut &[u8]) -> i64 {
    i64::deserialize(bytes).unwrap_or_default()
}

#[inline(never)]
pub(super) fn text(bytes: &mut &[u8]) -> String {
    String::deserialize(bytes).unwrap_or_default()
}

/// A row of a table by its number.
fn row<T: Copy>(table: &[T], number: i64) -> Option<T> {
    table.get(usize::try_from(number).ok()?).copied()
}

fn place<T: PartialEq>(table: &[T], value: &T) -> i64 {
    table.iter().position(|row| row == value).and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)
}

pub(super) fn node_conditions(bytes: &mut &[u8]) -> Vec<NodeCondition> {
    let mut conditions = Vec::new();
    for _ in 0..count(bytes) {
        let (kind, status, time) = (number(bytes), number(bytes), number(bytes));
        let (reason, message) = ("", text(bytes).into());
        if let Some(kind) = row(&NodeConditionType::ALL, kind) {
            let status = row(&STATUSES, status).unwrap_or_default();
            conditions.push(NodeCondition { kind, status, reason, message, last_transition_time: Time(time) });
        }
    }
    conditions
}

pub(super) fn put_node_conditions(conditions: &[NodeCondition], out: &mut Vec<u8>) -> io::Result<()> {
    put_count(conditions.len(), out)?;
    for NodeCondition { kind, status, message, last_transition_time, .. } in conditions.iter().take(MAX_LIST) {
        let (kind, status) = (place(&NodeConditionType::ALL, kind), place(&STATUSES, status));
        (kind, status, last_transition_time.0, &**message).serialize(out)?;
    }
    Ok(())
}

pub(super) fn of_pod(bytes: &mut &[u8]) -> PodStatus {
    let mut status = PodStatus { phase: row(&PHASES, number(bytes)).unwrap_or_default(), ..PodStatus::default() };
    status.reason = text(bytes);
    status.message = text(bytes);
    status.nominated_node_name = text(bytes);
    let start_time = number(bytes);
    status.start_time = (start_time != NO_TIME).then_some(Time(start_time));
    for _ in 0..count(bytes) {
        let (kind, known, time) = (number(bytes), number(bytes), number(bytes));
        let (reason, message) = (text(bytes), text(bytes));
        if let Some(kind) = row(&POD_CONDITIONS, kind) {
            let status_of = row(&STATUSES, known).unwrap_or_default();
            let last_transition_time = Time(time);
            status.conditions.push(PodCondition { kind, status: status_of, reason, message, last_transition_time });
        }
    }
    status.init_container_statuses = containers(bytes);
    status.container_statuses = containers(bytes);
    status
}

pub(super) fn put_pod(status: &PodStatus, out: &mut Vec<u8>) -> io::Result<()> {
    let start_time = status.start_time.map_or(NO_TIME, |time| time.0);
    (place(&PHASES, &status.phase), &status.reason, &status.message, &status.nominated_node_name, start_time)
        .serialize(out)?;
    put_count(status.conditions.len(), out)?;
    for PodCondition { kind, status, reason, message, last_transition_time } in status.conditions.iter().take(MAX_LIST)
    {
        let (kind, status) = (place(&POD_CONDITIONS, kind), place(&STATUSES, status));
        (kind, status, last_transition_time.0, reason, message).serialize(out)?;
    }
    put_containers(&status.init_container_statuses, out)?;
    put_containers(&status.container_statuses, out)
}

#[inline(never)]
fn containers(bytes: &mut &[u8]) -> Vec<ContainerStatus> {
    let mut statuses = Vec::new();
    for _ in 0..count(bytes) {
        let name = text(bytes);
        let flags = number(bytes);
        let restart_count = i32::try_from(number(bytes)).unwrap_or_default();
        let (last, state) = (state(bytes), state(bytes));
        let last_state = match last {
            ContainerState::Terminated(termination) => Some(termination),
            _ => None,
        };
        statuses.push(ContainerStatus {
            name,
            state,
            last_state,
            ready: flags & 1 != 0,
            started: flags & 2 != 0,
            restart_count,
        });
    }
    statuses
}

fn put_containers(statuses: &[ContainerStatus], out: &mut Vec<u8>) -> io::Result<()> {
    put_count(statuses.len(), out)?;
    for status in statuses.iter().take(MAX_LIST) {
        let flags = i64::from(status.ready) | i64::from(status.started) << 1;
        (&status.name, flags, i64::from(status.restart_count)).serialize(out)?;
        put_state(&status.last_state.map(ContainerState::Terminated).unwrap_or_default(), out)?;
        put_state(&status.state, out)?;
    }
    Ok(())
}

#[inline(never)]
fn state(bytes: &mut &[u8]) -> ContainerState {
    let (kind, reason, message) = (number(bytes), text(bytes), text(bytes));
    let (exit_code, started_at, finished_at) = (number(bytes), Time(number(bytes)), Time(number(bytes)));
    match kind {
        1 => ContainerState::Running { started_at },
        2 => ContainerState::Terminated(Termination {
            exit_code: i32::try_from(exit_code).unwrap_or_default(),
            reason: Termination::REASONS.into_iter().find(|known| *known == reason).unwrap_or("Error"),
            message: "",
            started_at,
            finished_at,
        }),
        _ => ContainerState::Waiting { reason, message },
    }
}

fn put_state(state: &ContainerState, out: &mut Vec<u8>) -> io::Result<()> {
    let none = Termination::default();
    let (kind, reason, message, ended) = match state {
        ContainerState::Waiting { reason, message } => (0_i64, reason.as_str(), message.as_str(), none),
        ContainerState::Running { started_at } => (1, "", "", Termination { started_at: *started_at, ..none }),
        ContainerState::Terminated(ended) => (2, ended.reason, "", *ended),
    };
    (kind, reason, message, i64::from(ended.exit_code), ended.started_at.0, ended.finished_at.0).serialize(out)
}

fn count(bytes: &mut &[u8]) -> usize {
    usize::try_from(number(bytes)).unwrap_or_default().min(MAX_LIST)
}

fn put_count(count: usize, out: &mut Vec<u8>) -> io::Result<()> {
    i64::try_from(count.min(MAX_LIST)).unwrap_or_default().serialize(out)
}
