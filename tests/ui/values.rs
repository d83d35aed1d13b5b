//! Values to draw.

use daemonset_playground::api::{Key, Taint, TaintEffect, UpdateStrategyType};
use daemonset_playground::app::{MarkKind, Origin, PRESETS, TimelineMark, TimelineSpan, TimelineTrack, TimelineView};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Actor, EventId};
use daemonset_playground::timeline::Future;
use daemonset_playground::ui::Shared;
use daemonset_playground::ui::board::BoardProps;
use daemonset_playground::view::explain::{Explanation, ExplanationRow};
use daemonset_playground::view::{
    Columns, EventRow, Grouping, LabelChip, Meter, NodeCard, NodeGroup, NodeState, PodChip, PodLook, RevisionRow,
    StrategyKnobs, TaintChip, WorkloadCard,
};
use std::rc::Rc;

pub fn chip(name: &str) -> PodChip {
    PodChip {
        uid: format!("uid-{name}"),
        key: Key::new("default", name),
        workload: "nginx".into(),
        workload_key: Some(Key::new("default", "nginx")),
        style: Some(0),
        node: "worker-1".into(),
        up_to_date: true,
        look: PodLook::Available,
        doing: "ready".into(),
        reason: String::new(),
        started_at: None,
        ends_at: None,
        restarts: 0,
        misscheduled: false,
        image: "nginx:1.28".into(),
        created_at: Time(0),
    }
}

pub fn taint(key: &str, value: &str, effect: TaintEffect) -> TaintChip {
    let taint = Taint { key: key.into(), value: value.into(), effect };
    TaintChip { text: taint.to_string(), key: taint.key, effect }
}

pub fn node(name: &str) -> NodeCard {
    NodeCard {
        name: name.into(),
        roles: vec!["worker".into()],
        state: NodeState::Ready,
        state_message: String::new(),
        cordoned: false,
        faulty: false,
        silent: false,
        deleted: false,
        troubles: vec![],
        labels: vec![LabelChip { key: "topology.kubernetes.io/zone".into(), value: "a".into() }],
        taints: vec![],
        meters: vec![Meter { resource: "cpu".into(), used_permille: 250, text: "1 / 4".into() }],
        pods: vec![],
        joined_at: Time(0),
    }
}

pub fn group(title: &str, nodes: Vec<NodeCard>) -> NodeGroup {
    NodeGroup { title: title.into(), nodes: nodes.into_iter().map(Rc::new).collect() }
}

pub fn workload(name: &str) -> WorkloadCard {
    let revision = |number, current| RevisionRow {
        name: format!("{name}-{number}"),
        revision: number,
        image: format!("nginx:1.{}", 26 + number),
        current,
        pods: 2,
    };
    WorkloadCard {
        key: Key::new("default", name),
        style: 0,
        columns: Columns { desired: 5, current: 5, ready: 4, up_to_date: 3, available: 4, misscheduled: 0 },
        fresh: None,
        rollout: vec![],
        rolling_out: false,
        image: "nginx:1.28".into(),
        strategy: StrategyKnobs {
            kind: UpdateStrategyType::RollingUpdate,
            max_unavailable: "1".into(),
            max_surge: "0".into(),
            min_ready_seconds: 0,
        },
        placement: "every node".into(),
        revisions: vec![revision(2, true), revision(1, false)],
        deleting: false,
    }
}

/// A board with one DaemonSet and so many workers.
pub fn board(nodes: usize) -> BoardProps {
    let workers = (1..=nodes).map(|i| node(&format!("worker-{i}"))).collect();
    BoardProps {
        groups: vec![Shared::new(group("workers", workers))],
        workloads: vec![Shared::new(workload("nginx"))],
        lane: vec![],
        grouping: Grouping::Role,
        node_count: nodes,
        pod_count: 0,
        origin: Origin { preset: PRESETS[0].id, ..Origin::default() },
        selected_workload: None,
        selected_node: None,
        focus: None,
        chosen: Rc::default(),
        by_click: false,
        tags: false,
        glide_ms: 0,
    }
}

pub fn explanation(key: &Key) -> Explanation {
    let row = |node: &str, no_schedule, selector, because: &[&str]| ExplanationRow {
        node: node.into(),
        node_name: true,
        node_selector: selector,
        node_affinity: true,
        no_schedule,
        no_execute: true,
        should_run: no_schedule && selector,
        should_continue_running: selector,
        because: because.iter().map(|text| (*text).to_owned()).collect(),
        ..ExplanationRow::default()
    };
    Explanation {
        key: key.clone(),
        rows: vec![
            row("worker-1", true, true, &[]),
            row("worker-2", false, true, &["nothing tolerates dedicated=infra:NoSchedule"]),
            row("worker-3", true, false, &["nodeSelector disk=ssd: the node has no label disk"]),
        ],
    }
}

pub fn timeline(settled: bool) -> TimelineView {
    TimelineView {
        now: Time(5_000),
        start: Time(0),
        end: Time(9_000),
        marks: vec![TimelineMark {
            at: Time(2_000),
            actor: Actor::User,
            text: "kubectl taint".into(),
            kind: MarkKind::UserAction,
        }],
        tracks: Rc::new(vec![TimelineTrack { actor: Actor::Kubelet, instants: vec![Time(1_000), Time(2_000)] }]),
        futures: Rc::new(vec![Future { id: 1, parts_at: Time(3_000), end: Time(8_000), first: None }]),
        spans: vec![TimelineSpan { from: Time(2_000), to: Time(4_000), text: "rollout nginx".into() }],
        settled,
        next_event_at: (!settled).then_some(Time(6_500)),
    }
}

pub fn event(id: u64, cause: Option<u64>, actor: Actor, text: &str) -> Rc<EventRow> {
    Rc::new(EventRow {
        id: EventId(id),
        at: Time(100),
        actor,
        cause: cause.map(EventId),
        text: text.into(),
        object: "pod nginx-x7k2p".into(),
        warning: false,
        counted_in: None,
    })
}
