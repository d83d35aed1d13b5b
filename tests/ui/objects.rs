//! Objects as YAML, and the tables of a node.

use super::{draw, has, lacks, side, times};
use crate::values::{node, workload};
use daemonset_playground::api::manifest::{Basis, By, Hidden, Printed};
use daemonset_playground::api::{Key, Kind, ObjectRef};
use daemonset_playground::ui::Shared;
use daemonset_playground::ui::desk::SideTab;
use daemonset_playground::ui::side::object::ObjectView;
use daemonset_playground::ui::side::{SidePanel, SidePanelProps};
use daemonset_playground::view::node_resources::{NodeResources, PodRow, TotalRow};
use daemonset_playground::view::node_taints::{Does, TaintCell, TaintRow};

fn printed() -> Printed {
    let lines = [
        ("kind: Pod", By::Author),
        ("spec:", By::Author),
        ("  dnsPolicy: ClusterFirst", By::Defaults),
        ("  nodeName: <b>", By::Scheduler),
        ("  tolerations:", By::DaemonSetController),
        ("  - operator: Exists", By::DaemonSetController),
        ("  image: other", By::Since),
    ];
    let text = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    Printed { text, by: lines.iter().map(|(_, by)| *by as u8).collect(), basis: Basis::Template }
}

fn view(kind: Kind) -> ObjectView {
    ObjectView {
        of: Some(ObjectRef::new(kind, Key::new("default", "nginx-x7k2p"))),
        exists: true,
        daemon_set: Some(Key::new("default", "nginx")),
        printed: Some(Shared::new(printed())),
        ..ObjectView::default()
    }
}

async fn drawn(object: ObjectView) -> String {
    draw::<SidePanel>(SidePanelProps { object, ..side(SideTab::Object) }).await
}

#[tokio::test]
async fn what_was_added_is_marked_and_named() {
    let html = drawn(view(Kind::Pod)).await;
    has(
        &html,
        &[
            "aria-label=\"Pod default/nginx-x7k2p as YAML\"",
            "<div>kind: Pod</div>",
            "<i aria-hidden=\"true\">+</i>  dnsPolicy: ClusterFirst<em",
            "  # default</em>",
            "nodeName: &lt;b&gt;",
            "<i aria-hidden=\"true\">~</i>  image: other",
            "5 lines added or changed",
            "held against the template it was made from",
            "Edit its DaemonSet",
        ],
    );
    // Who did it is said once for lines that stand together.
    assert_eq!((times(&html, "# DaemonSet controller"), times(&html, "class=\"add\"")), (1, 4));
    has(&drawn(view(Kind::DaemonSet)).await, &[">Edit</button>"]);
    let hidden = Hidden { status: true, ..Hidden::default() };
    let html = drawn(ObjectView { hidden, ..view(Kind::Pod) }).await;
    assert_eq!((times(&html, "aria-pressed=\"true\""), times(&html, "aria-pressed=\"false\"")), (2, 1));
}

#[tokio::test]
async fn an_object_that_is_not_there_says_so() {
    let html = drawn(ObjectView { exists: false, ..view(Kind::Pod) }).await;
    has(&html, &["There is no Pod default/nginx-x7k2p at this moment."]);
    lacks(&html, &["data-testid=\"yaml\"", "Copy", "edit-object"]);
    has(&drawn(ObjectView { printed: None, ..view(Kind::Pod) }).await, &["Printing…"]);
}

#[tokio::test]
async fn objects_are_found() {
    let found = vec![ObjectRef::node("worker-1"), ObjectRef::new(Kind::Pod, Key::new("default", "nginx-x7k2p"))];
    let html = drawn(ObjectView { found, count: 7, ..ObjectView::default() }).await;
    has(&html, &["2 of 7 objects", "data-testid=\"find-object\"", ">worker-1<", ">default/nginx-x7k2p<"]);
    has(&drawn(ObjectView::default()).await, &["No object is called that at this moment."]);
}

#[tokio::test]
async fn a_node_tells_what_taints_do_and_what_pods_ask_for() {
    let cell =
        |does, because: &str| TaintCell { workload: Key::new("default", "nginx"), does, because: because.into() };
    let row = |taint: &str, cell| TaintRow { taint: taint.into(), cells: vec![cell] };
    let taints = vec![
        row("a=b:NoSchedule", cell(Does::KeepsOff, "no toleration")),
        row("c:NoExecute", cell(Does::EvictsAfter(30), "c:NoExecute op=Exists for 30s")),
        row("d:NoExecute", cell(Does::Tolerated, "d:NoExecute op=Exists, from the controller")),
    ];
    let resources = NodeResources {
        pods: vec![PodRow {
            key: Key::new("default", "nginx-x7k2p"),
            cells: ["250m (6%)", "0 (0%)", "1Gi (12%)", "16Gi (200%)"].map(Into::into),
            age: "5m".into(),
        }],
        count: 1,
        totals: vec![TotalRow {
            resource: "memory".into(),
            requests: "1Gi (12%)".into(),
            limits: "16Gi (200%)".into(),
            is_overcommitted: true,
        }],
    };
    let props = SidePanelProps {
        node: Some(Shared::new(node("worker-1"))),
        workloads: vec![Shared::new(workload("nginx"))],
        taints,
        resources,
        ..side(SideTab::Node)
    };
    has(
        &draw::<SidePanel>(props).await,
        &[
            "keeps new pods off",
            "evicts after 30 s",
            "<b class=\"run\">tolerated</b>",
            "from the controller",
            "Requests of 1 pod",
            "<td>250m (6%)</td>",
            "16Gi (200%) over",
            "Limits may come to more than there is",
        ],
    );
    lacks(&draw::<SidePanel>(side(SideTab::Node)).await, &["What each taint does", "Allocated resources"]);
}
