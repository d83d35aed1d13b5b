//! Components, drawn to text without a browser: what is on the page for given values.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

#[path = "ui/objects.rs"]
mod objects;
#[path = "ui/values.rs"]
mod values;

use daemonset_playground::api::{Key, TaintEffect, manifest};
use daemonset_playground::app::{Intent, Notice, NoticeKind, OpenedFrom, Origin, Preset, Session, Speed};
use daemonset_playground::base::{Problem, Set, Span, Time};
use daemonset_playground::sim::{Actor, EventId};
use daemonset_playground::timeline::Future;
use daemonset_playground::ui::board::lane::{Lane, LaneProps};
use daemonset_playground::ui::board::node_card::{NodeCardProps, NodeCardView};
use daemonset_playground::ui::board::pod_chip::{PodChipProps, PodChipView};
use daemonset_playground::ui::board::workload_card::{WorkloadCardProps, WorkloadCardView};
use daemonset_playground::ui::board::{Board, BoardProps, CARDS_MAX};
use daemonset_playground::ui::desk::{Document, Posted, SideTab, View};
use daemonset_playground::ui::events::{EventList, EventListProps};
use daemonset_playground::ui::futures::{Futures, FuturesProps};
use daemonset_playground::ui::manifest::{ManifestPanel, ManifestPanelProps};
use daemonset_playground::ui::menu::{Item, Menu, MenuProps};
use daemonset_playground::ui::notices::{Notices, NoticesProps};
use daemonset_playground::ui::palette::{Palette, PaletteProps};
use daemonset_playground::ui::scenario::scenario_note;
use daemonset_playground::ui::share::{Share, ShareDialog, ShareProps};
use daemonset_playground::ui::side::{SidePanel, SidePanelProps};
use daemonset_playground::ui::tags::{Carried, Tags, TagsProps};
use daemonset_playground::ui::text_view::{TextView, TextViewProps};
use daemonset_playground::ui::timeline::{Timeline, TimelineProps};
use daemonset_playground::ui::{App, Shared, app::AppProps};
use daemonset_playground::view::{
    Columns, Frame, NodeCard, NodeState, PodLook, RolloutSegment, SegmentState, WorkloadCard,
};
use std::rc::Rc;
use values::{board, chip, event, explanation, group, node, taint, timeline, workload};
use yew::BaseComponent;

async fn draw<C: BaseComponent>(props: C::Properties) -> String {
    yew::LocalServerRenderer::<C>::with_props(props).hydratable(false).render().await
}

/// How often a piece of text is there.
fn times(html: &str, piece: &str) -> usize {
    html.matches(piece).count()
}

#[track_caller]
fn has(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(html.contains(piece), "{piece} is not in\n{html}");
    }
}

#[track_caller]
fn lacks(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(!html.contains(piece), "{piece} is in\n{html}");
    }
}

#[tokio::test]
async fn a_pod_chip_whole() {
    let html = draw::<PodChipView>(PodChipProps {
        chip: Shared::new(chip("nginx-x7k2p")),
        aimed: false,
        in_panel: false,
        dim: false,
    })
    .await;
    assert_eq!(
        html,
        concat!(
            r#"<li data-flip="pod:uid-nginx-x7k2p"><button type="button" aria-label="Pod default/nginx-x7k2p: ready" "#,
            r#"title="Pod default/nginx-x7k2p: ready" aria-haspopup="dialog" data-pod="uid-nginx-x7k2p" "#,
            r#"data-workload="nginx" data-look="available" data-revision="current" class="pod look-available w0">"#,
            r#"<svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" class="glyph w0">"#,
            r#"<path d="M7 1.4a5.6 5.6 0 1 1 0 11.2a5.6 5.6 0 1 1 0-11.2z" fill="currentColor" stroke="currentColor" "#,
            r#"stroke-width="1.2" stroke-linejoin="round"></path></svg><span class="pod-name">nginx</span>"#,
            r#"<svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" class="tick-sign">"#,
            r#"<path d="M1.6 5.4 4 7.8 8.4 2.6"></path></svg></button></li>"#,
        )
    );
}

#[tokio::test]
async fn a_chip_tells_its_state_in_words() {
    let check = async |look: PodLook, doing: &str, reason: &str, want: &[&str]| {
        let mut pod = chip("nginx-x7k2p");
        (pod.look, pod.doing, pod.reason) = (look, doing.into(), reason.into());
        has(
            &draw::<PodChipView>(PodChipProps { chip: Shared::new(pod), aimed: false, in_panel: false, dim: false })
                .await,
            want,
        );
    };
    check(PodLook::Starting, "pulling", "", &["look-starting", "<small>pulling</small>"]).await;
    check(PodLook::Failing, "pulling", "ImagePullBackOff", &["<small>ImagePullBackOff</small>", ", ImagePullBackOff"])
        .await;
    check(PodLook::Failing, "failing", "a long reason with spaces in it", &["<small>failing</small>", "a long reason"])
        .await;
    check(PodLook::Terminating, "ending", "", &["data-look=\"terminating\"", "<small>ending</small>"]).await;
    check(PodLook::Ready, "ready", "", &["data-look=\"ready\"", "<small>ready</small>"]).await;
}

#[tokio::test]
async fn an_old_pod_is_hatched_and_orphans_are_hollow() {
    let mut pod = chip("nginx-x7k2p");
    pod.up_to_date = false;
    let html =
        draw::<PodChipView>(PodChipProps { chip: Shared::new(pod.clone()), aimed: false, in_panel: false, dim: false })
            .await;
    has(&html, &["data-revision=\"old\"", "url(#hatch-w0)", "old revision"]);
    pod.style = None;
    let html =
        draw::<PodChipView>(PodChipProps { chip: Shared::new(pod), aimed: false, in_panel: false, dim: false }).await;
    has(&html, &["w-none", "fill=\"none\""]);
}

#[tokio::test]
async fn what_is_under_way_has_a_bar() {
    let mut pod = chip("nginx-x7k2p");
    (pod.started_at, pod.ends_at) = (Some(Time(0)), Some(Time(10)));
    pod.restarts = 3;
    let html =
        draw::<PodChipView>(PodChipProps { chip: Shared::new(pod), aimed: true, in_panel: true, dim: false }).await;
    has(&html, &["class=\"progress\"", "↻3", "→ worker-1"]);
    // Its second picture, in the panel, is not found by its UID.
    lacks(&html, &["data-pod", "data-flip"]);
}

/// A card that nothing is done with.
fn card_props(card: &NodeCard) -> NodeCardProps {
    NodeCardProps { card: Shared::new(card.clone()), selected: false, focus: None, chosen: false }
}

#[tokio::test]
async fn a_node_shows_taints_whole_and_takes_them_off() {
    let mut card = node("worker-1");
    card.taints = vec![taint("dedicated", "gpu", TaintEffect::NoSchedule), taint("a", "", TaintEffect::NoExecute)];
    card.cordoned = true;
    let html = draw::<NodeCardView>(NodeCardProps { selected: true, ..card_props(&card) }).await;
    has(
        &html,
        &[
            "data-node=\"worker-1\"",
            "data-state=\"Ready\"",
            "aria-label=\"Remove taint dedicated=gpu:NoSchedule from worker-1\"",
            "dedicated=<wbr>gpu<wbr>:NoSchedule",
            "taint execute",
            "SchedulingDisabled",
            "aria-label=\"Actions for worker-1\"",
            "aria-pressed=\"true\"",
        ],
    );
}

#[tokio::test]
async fn a_node_tells_its_state_in_words() {
    let mut card = node("worker-1");
    card.state = NodeState::Unknown;
    card.state_message = "Kubelet stopped posting node status.".into();
    let html = draw::<NodeCardView>(card_props(&card)).await;
    has(&html, &["NotReady", "Kubelet stopped posting node status.", "data-state=\"Unknown\""]);
    card.state = NodeState::Ready;
    card.silent = true;
    let html = draw::<NodeCardView>(card_props(&card)).await;
    has(&html, &["the API does not know yet", "Actions for worker-1"]);
    card.silent = false;
    card.troubles = vec!["DiskPressure".into()];
    let html = draw::<NodeCardView>(card_props(&card)).await;
    has(&html, &["DiskPressure"]);
    lacks(&html, &["the API does not know yet"]);
}

#[tokio::test]
async fn nothing_can_be_done_to_a_deleted_node() {
    let mut card = node("worker-1");
    card.deleted = true;
    let html = draw::<NodeCardView>(card_props(&card)).await;
    has(&html, &[">deleted<"]);
    lacks(&html, &["Actions for worker-1"]);
    let props = SidePanelProps { node: Some(Shared::new(card)), ..side(SideTab::Node) };
    lacks(&draw::<SidePanel>(props).await, &["Actions", "data-testid=\"edit-node\""]);
}

#[tokio::test]
async fn columns_are_the_stored_ones() {
    let html = draw::<WorkloadCardView>(WorkloadCardProps {
        card: Shared::new(workload("nginx")),
        selected: false,
        focus: None,
    })
    .await;
    has(
        &html,
        &["data-workload-card=\"default/nginx\"", "data-stale=\"false\"", "<span data-column=\"desired\">5</span>"],
    );
    lacks(&html, &["Stale", "would be"]);
}

#[tokio::test]
async fn stale_columns_say_so() {
    let mut card = workload("nginx");
    card.fresh = Some(Columns { desired: 4, misscheduled: 1, ..card.columns });
    let html =
        draw::<WorkloadCardView>(WorkloadCardProps { card: Shared::new(card), selected: false, focus: None }).await;
    has(
        &html,
        &[
            "data-stale=\"true\"",
            "<span data-column=\"desired\">5</span>",
            "→4",
            "<span data-column=\"misscheduled\">0</span>",
            "Stale: by the rules now DESIRED 4, MISSCHEDULED 1.",
        ],
    );
    assert_eq!(times(&html, "class=\"would-be\""), 2);
}

#[tokio::test]
async fn the_rollout_is_told_by_pattern_and_in_words() {
    let segment = |node: &str, state| RolloutSegment { node: node.into(), state };
    let segments = vec![
        segment("a", SegmentState::Updated),
        segment("b", SegmentState::Updating),
        segment("c", SegmentState::Old),
        segment("d", SegmentState::Missing),
        segment("e", SegmentState::Misscheduled),
    ];
    let card = WorkloadCard { style: 1, rollout: segments, ..workload("nginx") };
    let html =
        draw::<WorkloadCardView>(WorkloadCardProps { card: Shared::new(card), selected: false, focus: None }).await;
    has(
        &html,
        &[
            "Rollout: 1 updated, 1 updating, 1 old revision, 1 no pod, 1 misscheduled",
            "url(#hatch-w1)",
            "url(#hatch-w-warn)",
            "<title>c: old revision</title>",
            "x=\"20.00%\"",
        ],
    );
}

#[tokio::test]
async fn pods_without_a_node_are_in_the_lane() {
    let mut pod = chip("nginx-x7k2p");
    (pod.look, pod.doing) = (PodLook::Unschedulable, "unschedulable".into());
    pod.reason = "0/3 nodes are available: 1 Insufficient cpu.".into();
    let html = draw::<Lane>(LaneProps { pods: vec![Shared::new(pod)], focus: None }).await;
    has(
        &html,
        &["→ worker-1", "0/3 nodes are available: 1 Insufficient cpu.", "aria-label=\"Pods that no node has yet\""],
    );
    has(&draw::<Lane>(LaneProps { pods: vec![], focus: None }).await, &["no pod waits for a node"]);
}

#[tokio::test]
async fn many_pods_without_a_node_are_counted() {
    let pods = (0..100).map(|i| Shared::new(chip(&format!("nginx-{i}")))).collect();
    let html = draw::<Lane>(LaneProps { pods, focus: None }).await;
    assert_eq!(times(&html, "data-pod="), 9);
    has(&html, &["and 91 more"]);
}

#[tokio::test]
async fn an_empty_board_says_what_to_do() {
    let html = draw::<Board>(BoardProps { groups: vec![], workloads: vec![], node_count: 0, ..board(0) }).await;
    has(&html, &["No DaemonSet yet.", "No nodes.", "Add worker"]);
}

#[tokio::test]
async fn many_nodes_are_tiles() {
    let cards = draw::<Board>(board(CARDS_MAX)).await;
    assert_eq!((times(&cards, "data-node="), times(&cards, "class=\"tile\"")), (CARDS_MAX, 0));
    let tiles = draw::<Board>(board(CARDS_MAX + 1)).await;
    assert_eq!((times(&tiles, "data-node="), times(&tiles, "<button type=\"button\" aria-label=\"worker-")), (51, 51));
    let most = draw::<Board>(board(1_200)).await;
    assert_eq!(times(&most, "data-node="), 1_000);
    has(&most, &["200 more nodes take part and are not drawn."]);
}

#[tokio::test]
async fn a_focus_dims_the_rest() {
    let key = Rc::new(Key::new("default", "nginx"));
    let mut other = chip("agent-1");
    other.workload_key = Some(Key::new("default", "agent"));
    let check = async |more: usize| {
        let mut beside = node("worker-1");
        beside.pods = vec![Rc::new(other.clone())];
        let mut home = beside.clone();
        home.name = "worker-2".into();
        home.pods.push(Rc::new(chip("nginx-1")));
        let rest = (0..more).map(|i| node(&format!("worker-{i}0")));
        let groups = vec![Shared::new(group("workers", [beside, home].into_iter().chain(rest).collect()))];
        let workloads = vec![Shared::new(workload("agent")), Shared::new(workload("nginx"))];
        let (node_count, lane) = (2 + more, vec![Shared::new(other.clone())]);
        draw::<Board>(BoardProps { groups, workloads, lane, node_count, focus: Some(key.clone()), ..board(0) }).await
    };
    let html = check(0).await;
    // Two pods on nodes and one in the lane, the node beside, the other DaemonSet.
    assert_eq!(
        (times(&html, " dim\" "), times(&html, "class=\"node ready dim\""), times(&html, "class=\"workload dim\"")),
        (0, 1, 1)
    );
    assert_eq!((times(&html, " w0 dim\""), times(&html, "class=\"workload focused\"")), (3, 1));
    has(&html, &["Focus on default/nginx: show all plainly again", "aria-label=\"Focus on default/agent\""]);
    controls_are_apart(&html);
    let html = check(CARDS_MAX).await;
    assert_eq!((times(&html, "cell look-available w0 dim"), times(&html, "tile state-ready dim")), (2, 1 + CARDS_MAX));
}

#[tokio::test]
async fn what_is_chosen_says_so() {
    let chosen: Rc<Set<String>> = Rc::new(["worker-2".to_owned()].into_iter().collect());
    let html = draw::<Board>(BoardProps { chosen: chosen.clone(), ..board(3) }).await;
    assert_eq!((times(&html, "class=\"node ready chosen\""), times(&html, ">selected<")), (1, 1));
    has(&html, &["aria-label=\"Select nodes\"", "aria-label=\"Labels and taints\"", "id=\"node-worker-2\""]);
    let html = draw::<Board>(BoardProps { chosen, ..board(CARDS_MAX + 1) }).await;
    // In the name and in the tooltip.
    assert_eq!((times(&html, "tile state-ready chosen"), times(&html, "0 pods, selected")), (1, 2));
}

#[tokio::test]
async fn a_menu_is_a_menu() {
    let intent = Intent::DeleteNode("worker-1".into());
    let groups = vec![
        vec![Item::show("Show details", View::Inspect("worker-1".into()))],
        Vec::new(),
        vec![Item { danger: true, ..Item::act("Delete node", "for good", intent) }],
    ];
    let html = draw::<Menu>(MenuProps { label: "worker-1".into(), groups }).await;
    has(&html, &["role=\"menu\"", "aria-label=\"worker-1\"", "<small>for good</small>", "class=\"danger\""]);
    assert_eq!((times(&html, "role=\"menuitem\" tabindex=\"-1\""), times(&html, "role=\"separator\"")), (2, 1));
}

#[tokio::test]
async fn labels_and_taints_lie_ready() {
    let mut card = node("worker-1");
    card.taints = vec![
        taint("team", "a", TaintEffect::NoExecute),
        taint("node.kubernetes.io/not-ready", "", TaintEffect::NoExecute),
    ];
    let groups = vec![Rc::new(group("workers", vec![card]))];
    let carried = Some(Carried { tag: "own=x".into(), from: None });
    let own = Rc::new(vec!["own=x".to_owned(), "disktype=ssd".to_owned()]);
    let frame = Shared::new(Frame { groups, ..Frame::default() });
    let html = draw::<Tags>(TagsProps { frame, own, carried }).await;
    has(
        &html,
        &[
            "data-tag=\"own=x\" aria-pressed=\"true\" aria-label=\"Pick up the label own=x\"",
            "aria-label=\"Pick up the taint team=a:NoExecute\"",
            "aria-label=\"Pick up the label topology.kubernetes.io/zone=a\"",
            "data-tag=\"node-role.kubernetes.io/control-plane:NoSchedule\"",
        ],
    );
    // Each once, and none that comes and goes with a condition.
    assert_eq!(times(&html, "data-tag=\"disktype=ssd\""), 1);
    lacks(&html, &["not-ready"]);
    controls_are_apart(&html);
}

#[tokio::test]
async fn events_follow_the_focus() {
    let mut other = (*event(2, None, Actor::Kubelet, "of another")).clone();
    other.object = "pod nginx-agent-x7k2p".into();
    let events = vec![event(1, None, Actor::Kubelet, "of nginx"), Rc::new(other)];
    let focus = Some(Rc::new(Key::new("default", "nginx")));
    let html =
        draw::<EventList>(EventListProps { events: Shared::new(events), selected: None, shown: true, focus }).await;
    has(&html, &["of nginx only", "data-event=\"1\""]);
    lacks(&html, &["data-event=\"2\""]);
}

#[tokio::test]
async fn names_are_data() {
    let hostile = "<img src=x onerror=alert(1)>";
    let groups = vec![Shared::new(group("workers", vec![node(hostile)]))];
    let html = draw::<Board>(BoardProps { groups, node_count: 1, ..board(0) }).await;
    lacks(&html, &["<img"]);
    has(&html, &["&lt;img src=x onerror=alert(1)&gt;"]);
}

#[tokio::test]
async fn a_broken_manifest_is_marked_at_its_line() {
    let text = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: nginx\n bad\n";
    let document = Document { serial: 1, text: Some(text.into()), problems: manifest::read(text).problems, diff: None };
    let html = draw::<ManifestPanel>(ManifestPanelProps { document: Shared::new(document) }).await;
    has(
        &html,
        &[
            "id=\"manifest-problems\"",
            "marks=\"E 61 62 error converting YAML to JSON: yaml: did not find expected key",
            "1 error",
            "aria-invalid=\"true\"",
        ],
    );
    let good = Document {
        serial: 1,
        text: Some(daemonset_playground::app::PRESETS[0].manifest.into()),
        problems: vec![],
        diff: None,
    };
    let html = draw::<ManifestPanel>(ManifestPanelProps { document: Shared::new(good) }).await;
    has(&html, &["Checking…", "data-checked=\"false\"", "aria-invalid=\"false\""]);
    lacks(&html, &["id=\"manifest-problems\""]);
}

#[tokio::test]
async fn problems_found_on_apply_are_listed_and_the_text_stays() {
    let span = Span { line: 7, column: 3, ..Span::default() };
    let document =
        Document { serial: 2, text: None, problems: vec![Problem::error(span, "unknown field \"x\"")], diff: None };
    let html = draw::<ManifestPanel>(ManifestPanelProps { document: Shared::new(document) }).await;
    has(&html, &["data-line=\"7\"", "7:3", "unknown field \"x\""]);
}

#[tokio::test]
async fn what_would_change_is_shown_line_by_line() {
    let with = |diff: &str| Document { serial: 2, text: None, problems: Vec::new(), diff: Some(diff.into()) };
    let panel = |diff: &str| ManifestPanelProps { document: Shared::new(with(diff)) };
    let html = draw::<ManifestPanel>(panel("@@ -1 +1 @@\n-image: <a>\n+image: b\n")).await;
    has(&html, &["class=\"del\">-image: &lt;a&gt;<", "class=\"add\">+image: b<", "aria-expanded=\"true\""]);
    has(&draw::<ManifestPanel>(panel("")).await, &["No differences"]);
}

fn side(tab: SideTab) -> SidePanelProps {
    let card = workload("nginx");
    SidePanelProps {
        tab,
        workload: Some(card.key.clone()),
        explanations: vec![Shared::new(explanation(&card.key))],
        workloads: vec![Shared::new(card)],
        node: Some(Shared::new(node("worker-1"))),
        node_name: Some("worker-1".into()),
        counted: None,
        focused: false,
        history: vec![Shared(event(7, None, Actor::Kubelet, "NodeReady: it is (×2 over 5m)"))],
        files: vec![("/var/log/pods/x/0.log".into(), "96Ki; seen by agent/main (ro)".into())],
        resources: Default::default(),
        taints: vec![],
        object: Default::default(),
    }
}

#[tokio::test]
async fn why_has_three_answers_and_their_reasons() {
    let html = draw::<SidePanel>(side(SideTab::Why)).await;
    has(
        &html,
        &[
            "data-why=\"worker-1\" data-verdict=\"run\"",
            "data-why=\"worker-2\" data-verdict=\"stay\"",
            "data-why=\"worker-3\" data-verdict=\"go\"",
            "1 should run",
            "1 may stay",
            "1 must go",
            "nothing tolerates dedicated=infra:NoSchedule",
        ],
    );
}

/// What is said of a scenario at its start.
fn explained(id: &str) -> SidePanelProps {
    let preset = Preset::find(id).unwrap();
    let session = Session::new(preset, preset.objects());
    let key = session.world().store().daemon_sets.keys().next().unwrap().clone();
    SidePanelProps { explanations: vec![Shared::new(session.explain(&key).unwrap())], ..side(SideTab::Why) }
}

#[tokio::test]
async fn a_verdict_comes_with_the_edits_that_change_it() {
    let html = draw::<SidePanel>(explained("workers-only")).await;
    has(
        &html,
        &[
            "aria-label=\"Do it: Label worker-4 node-role.kubernetes.io/worker\"",
            "<code>kubectl label nodes worker-4 node-role.kubernetes.io/worker=</code>",
            "no other node or DaemonSet is concerned",
            "aria-label=\"Do it: Drop node-role.kubernetes.io/worker from nodeSelector\"",
            "kubectl patch daemonset image-warmer -p ",
            "changes 1 other node; a new revision",
            // The control plane is tainted as well: two commands of two words.
            "<code>kubectl taint nodes control-plane-1 node-role.kubernetes.io/control-plane:NoSchedule-</code>",
            "title=\"What would keep it off\"",
        ],
    );
    assert_eq!((times(&html, "data-fix=\"node\""), times(&html, "data-fix=\"template\"")), (2, 2));
    controls_are_apart(&html);
}

#[tokio::test]
async fn the_scheduler_has_its_word_where_a_pod_should_run() {
    let html = draw::<SidePanel>(explained("does-not-fit")).await;
    has(&html, &["The scheduler: Insufficient cpu", "<span class=\"sr-only\">not asked</span>"]);
    assert_eq!(times(&html, "The scheduler: "), 1);
}

#[tokio::test]
async fn a_column_shows_the_nodes_that_it_counts() {
    let props = SidePanelProps { counted: Some(0), ..explained("workers-only") };
    let html = draw::<SidePanel>(props).await;
    has(&html, &["DESIRED is stored as 5; by the rules now it counts 3 nodes.", "Show all nodes"]);
    assert_eq!((times(&html, "data-why="), times(&html, "data-verdict=\"run\"")), (3, 3));
    let card = WorkloadCardProps { card: Shared::new(workload("nginx")), selected: false, focus: None };
    has(&draw::<WorkloadCardView>(card).await, &["aria-label=\"DESIRED 5: which nodes\""]);
}

#[tokio::test]
async fn a_node_has_each_daemonsets_verdict() {
    let html = draw::<SidePanel>(side(SideTab::Node)).await;
    has(&html, &["What happened to it", "NodeReady: it is (×2 over 5m)"]);
    has(&html, &["What each DaemonSet says", "should run", "Label or taint", "Requested of allocatable"]);
    has(&html, &["<summary>Files 1</summary>", "/var/log/pods/x/0.log</p>", "96Ki; seen by agent/main (ro)"]);
    lacks(&draw::<SidePanel>(SidePanelProps { files: Vec::new(), ..side(SideTab::Node) }).await, &["Files"]);
    let gone = SidePanelProps { node: None, ..side(SideTab::Node) };
    has(&draw::<SidePanel>(gone).await, &["There is no node worker-1 at this moment."]);
}

#[tokio::test]
async fn a_daemonset_has_its_knobs() {
    let html = draw::<SidePanel>(side(SideTab::Workload)).await;
    has(
        &html,
        &[
            "value=\"nginx:1.28\"",
            "maxUnavailable",
            "maxSurge",
            "minReadySeconds",
            "Roll back to revision 1",
            "--cascade=orphan",
        ],
    );
    lacks(&html, &["Roll back to revision 2"]);
}

#[tokio::test]
async fn the_timeline_is_a_slider() {
    let props = |settled| TimelineProps {
        view: Shared::new(timeline(settled)),
        playing: false,
        speed: Speed(1_000),
        step_by: None,
        can_undo: true,
        can_redo: false,
        busy: None,
    };
    let html = draw::<Timeline>(props(false)).await;
    has(
        &html,
        &[
            "role=\"slider\"",
            "class=\"actor-track kubelet\"",
            "M500 0v6M1000 0v6",
            "aria-valuenow=\"5000\"",
            "aria-valuetext=\"5.0 s\"",
            "data-now=\"5000\"",
            "next event in 1.5 s",
            "rollout nginx",
            "aria-label=\"Play\"",
            "<title>2.0 s · you · kubectl taint</title>",
            "<title>3.0 s · another branch: nothing is done</title>",
            "Show less of time",
            r#"<option value="scheduler""#,
        ],
    );
    has(&draw::<Timeline>(props(true)).await, &["settled: nothing left to happen"]);
}

#[tokio::test]
async fn events_have_actor_and_cause() {
    let events = vec![
        event(1, None, Actor::User, "kubectl apply"),
        event(2, Some(1), Actor::DaemonSetController, "Created pod"),
        event(3, None, Actor::Kubelet, "Started container"),
    ];
    let props = EventListProps { events: Shared::new(events), selected: Some(EventId(2)), shown: true, focus: None };
    let html = draw::<EventList>(props).await;
    has(&html, &["DaemonSet controller", ">you<", "event in-chain selected"]);
    assert_eq!(times(&html, "in-chain"), 2);
}

#[tokio::test]
async fn many_events_are_not_all_drawn() {
    let events = (0..1_000).map(|i| event(i, None, Actor::Kubelet, "x")).collect();
    let html =
        draw::<EventList>(EventListProps { events: Shared::new(events), selected: None, shown: true, focus: None })
            .await;
    assert_eq!(times(&html, "data-event="), 120);
    has(&html, &["880 earlier", "data-event=\"999\""]);
}

#[tokio::test]
async fn refusals_are_alerts_and_good_news_is_a_status() {
    let posted = |id, kind, text: &str| {
        Shared::new(Posted {
            id,
            notice: Notice { kind, text: text.into(), problems: vec![] },
            undoable: kind == NoticeKind::Done,
        })
    };
    let props = NoticesProps {
        posted: vec![posted(1, NoticeKind::Refused, "may not be set"), posted(2, NoticeKind::Done, "node/a tainted")],
        can_undo: true,
    };
    let html = draw::<Notices>(props).await;
    let (status, alert) = html.split_once("role=\"alert\"").unwrap();
    has(status, &["node/a tainted", ">Undo<"]);
    has(alert, &["may not be set"]);
    lacks(alert, &[">Undo<"]);
}

/// No control within another, for neither mouse nor keyboard can tell them apart.
#[track_caller]
fn controls_are_apart(html: &str) {
    let mut open = 0;
    for tag in html.split('<').skip(1) {
        let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        match name.as_str() {
            "button" | "a" | "select" | "textarea" | "summary" => {
                assert_eq!(open, 0, "a control within another at <{tag}");
                open += 1;
            }
            "/button" | "/a" | "/select" | "/textarea" | "/summary" => open -= 1,
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_page_is_whole_for_every_scenario() {
    for preset in daemonset_playground::app::PRESETS {
        let html = draw::<App>(AppProps {
            scenario: preset.id,
            objects: preset.objects(),
            playing: false,
            ..AppProps::default()
        })
        .await;
        assert_eq!(times(&html, "<h1>"), 1, "{}", preset.id);
        assert_eq!(times(&html, "<main"), 1, "{}", preset.id);
        has(&html, &["Skip to the board", "data-testid=\"live\"", "aria-label=\"Timeline\"", "data-workload-card="]);
        // The content security policy forbids style attributes.
        lacks(&html, &[" style=\"", "<script", " onclick="]);
        controls_are_apart(&html);
    }
}

#[tokio::test]
async fn the_share_dialog_says_what_is_shared() {
    let draw = async |share: Share| draw::<ShareDialog>(ShareProps { state: Shared::new(share) }).await;
    let html = draw(Share::default()).await;
    has(&html, &["Making the link…", "data-testid=\"share-no-storage\"", "type=\"file\""]);
    lacks(&html, &["data-testid=\"copy-link\"", "data-testid=\"keep\""]);

    let link = "https://x.example/#v1.abc".to_owned();
    let open = Share { at: Time(12_300), link: Some(Ok(link)), can_keep: true, ..Share::default() };
    let html = draw(open.clone()).await;
    has(
        &html,
        &[
            "value=\"https://x.example/#v1.abc\"",
            "25 characters. Opens this cluster at 12.3 s, paused.",
            "Nothing has a name yet",
        ],
    );
    lacks(&html, &["share-long", "share-secret", "share-no-storage"]);

    let long = Share { link: Some(Ok("x".repeat(8_001))), secrets: vec!["<b> is a secret".into()], ..open.clone() };
    has(&draw(long).await, &["data-testid=\"share-long\"", "data-testid=\"share-secret\"", "&lt;b&gt; is a secret"]);
    let refused = Share { link: Some(Err("Save it to a file.".into())), ..open.clone() };
    let html = draw(refused).await;
    has(&html, &["data-testid=\"share-refused\"", "Save it to a file."]);
    lacks(&html, &["data-testid=\"share-link\""]);

    let kept = vec!["a <i>".to_owned(), "b".to_owned()];
    let html = draw(Share { kept, renaming: Some("b".into()), said: Some(Err("Full.".into())), ..open }).await;
    has(&html, &["aria-label=\"Open a &lt;i&gt;\"", "aria-label=\"New name for b\"", "Full."]);
    lacks(&html, &["Open b", "<i>"]);
    controls_are_apart(&html);
}

#[test]
fn what_came_by_a_link_says_so() {
    let note = |from| format!("{:?}", scenario_note(Origin { preset: "nginx", from }));
    assert!(note(OpenedFrom::Link).contains("Opened from a link"));
    assert!(note(OpenedFrom::Preset).contains("Things to try"));
    assert!(note(OpenedFrom::Kept).contains("Kept in this browser"));
}

#[tokio::test]
async fn an_unknown_scenario_opens_the_first() {
    let html = draw::<App>(AppProps { scenario: "\"><script>", playing: false, ..AppProps::default() }).await;
    has(&html, &[daemonset_playground::app::PRESETS[0].summary.split('\'').next().unwrap()]);
}

#[tokio::test]
async fn the_board_in_words() {
    let groups = vec![Rc::new(group("workers", (1..=201).map(|i| node(&format!("worker-{i}"))).collect()))];
    let frame = Frame { node_count: 201, groups, ..Frame::default() };
    let html = draw::<TextView>(TextViewProps { frame: Shared::new(frame) }).await;
    has(&html, &["The cluster at 0.0 s: 201 nodes, 0 pods.", "<h3>Nodes: workers</h3>", "worker-200", "and 1 more"]);
    lacks(&html, &["worker-201"]);
    // Nothing is passed over: what is not there is said to be none.
    assert_eq!(times(&html, ">none<"), 2, "{html}");
}

#[tokio::test]
async fn other_branches_tell_how_they_begin() {
    let props = |futures| FuturesProps { futures: Shared::new(futures), now: Time(4_000), playing: false };
    has(&draw::<Futures>(props(Vec::new())).await, &["Go back in time and do something else"]);
    let future = |id, first: Option<&str>| Future {
        id,
        parts_at: Time(3_000),
        end: Time(9_000),
        first: first.map(str::to_owned),
    };
    let html = draw::<Futures>(props(vec![future(2, Some("kubectl cordon <x>")), future(1, None)])).await;
    has(&html, &["<code>kubectl cordon &lt;x&gt;</code>", "nothing was done", "3.0 s", "seen up to 9.0 s"]);
    assert_eq!((times(&html, "Go there"), times(&html, r#"aria-pressed="false""#)), (2, 2), "{html}");
}

#[tokio::test]
async fn the_palette_lists_what_can_be_done() {
    let groups = vec![Rc::new(group("workers", vec![node("worker-1")]))];
    let frame = Frame { groups, workloads: vec![Rc::new(workload("nginx"))], ..Frame::default() };
    let html = draw::<Palette>(PaletteProps { frame: Shared::new(frame), playing: true }).await;
    has(
        &html,
        &["Pause", "default/nginx: Restart pods", "worker-1: Cordon", "worker-1: Delete node", "Add node: GPU worker"],
    );
    lacks(&html, &["Play<", "Uncordon"]);
    assert_eq!(times(&html, r#"aria-selected="true""#), 1, "{html}");
}
