//! Attempts drawn to text.

use super::*;
use crate::base::Time;

thread_local! {
    static TRIED: std::cell::RefCell<Attempts> = std::cell::RefCell::default();
}

#[component]
fn Drawn() -> Html {
    TRIED.with_borrow(attempts)
}

async fn draw(tried: Attempts) -> String {
    TRIED.set(tried);
    yew::LocalServerRenderer::<Drawn>::new().hydratable(false).render().await
}

fn failed(number: u32) -> AttemptRow {
    AttemptRow {
        number,
        at: Time(12_400),
        result: "unschedulable".to_owned(),
        failed: true,
        facts: vec![("Woken by", "NodeAdd worker-4 → activeQ".to_owned())],
        verdicts: vec![("2 Insufficient cpu".to_owned(), "worker-1, worker-2".to_owned())],
        scores: None,
        backs_off_until: Some(Time(14_400)),
    }
}

#[track_caller]
fn has(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(html.contains(piece), "{piece} is not in\n{html}");
    }
}

#[tokio::test]
async fn nothing_tried_is_nothing_shown() {
    assert_eq!(draw(Attempts::default()).await, "");
}

#[tokio::test]
async fn each_attempt_opens_to_its_reasons() {
    let html = draw(Attempts { count: 23, rows: vec![failed(23), failed(22)], preempted_by: None }).await;
    has(
        &html,
        &[
            "<h3>Scheduling attempts 23</h3>",
            "<summary><span class=\"mono quiet\">12.4 s</span><span class=\"warning\">#23 unschedulable</span></summary>",
            "<dt>Woken by</dt><dd>NodeAdd worker-4 → activeQ",
            "<dt>Not on</dt><dd>2 Insufficient cpu<span class=\"mono quiet\"> worker-1, worker-2</span>",
            "<dt>Back-off</dt><dd>until 14.4 s, and then until something changes</dd>",
            "21 earlier ones are not kept.",
        ],
    );
    assert!(html.find("#23").unwrap() < html.find("#22").unwrap(), "the newest first");
    assert!(!html.contains("<table>") && !html.contains("<details open"));
}

#[tokio::test]
async fn scores_are_a_table_of_plugins_and_nodes() {
    let scores = ScoreTable {
        nodes: vec!["worker-1".to_owned(), "worker-2".to_owned()],
        plugins: vec![("TaintToleration", 3, vec![100, 0])],
        totals: vec![300, 0],
    };
    let chosen = AttemptRow { failed: false, result: "chose worker-1".to_owned(), scores: Some(scores), ..failed(1) };
    let html = draw(Attempts { count: 1, rows: vec![chosen], preempted_by: None }).await;
    has(
        &html,
        &[
            "<span>#1 chose worker-1</span>",
            "<th scope=\"col\">worker-1",
            "<tr><th scope=\"row\">TaintToleration ×3</th><td>100</td><td>0</td></tr>",
            "<tr><th scope=\"row\">total</th><td>300</td><td>0</td></tr>",
        ],
    );
}
