//! The situation on the board as Markdown, for an issue or a chat.

use crate::ui::format;
use crate::view::explain::{Explanation, ExplanationRow};
use crate::view::{Frame, NodeCard, PodChip};
use std::fmt::Write as _;

/// Most rows of a table.
const MAX_ROWS: usize = 200;

/// Manifest, DaemonSets, nodes and verdicts at the moment of the frame.
#[must_use]
pub fn markdown(frame: &Frame, manifest: &str, explanations: &[Explanation]) -> String {
    let mut out = format!("# DaemonSets at {}\n\nSimulated: Kubernetes 1.37.2.\n", format::time(frame.now));
    if !frame.workloads.is_empty() {
        out.push_str("\n| DaemonSet | DESIRED | CURRENT | READY | UP-TO-DATE | AVAILABLE | MISSCHEDULED |\n");
        out.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        for card in frame.workloads.iter().take(MAX_ROWS) {
            let c = &card.columns;
            let numbers = [c.desired, c.current, c.ready, c.up_to_date, c.available, c.misscheduled];
            let numbers = numbers.map(|n| n.to_string()).join(" | ");
            let _ = writeln!(out, "| {}/{} | {numbers} |", cell(&card.key.namespace), cell(&card.key.name));
        }
    }
    out.push_str("\n## Nodes\n\n| Node | Roles | Status | Taints | Pods |\n| --- | --- | --- | --- | --- |\n");
    let nodes: Vec<&NodeCard> = frame.groups.iter().flat_map(|group| &group.nodes).map(|node| &**node).collect();
    for node in nodes.iter().take(MAX_ROWS) {
        let taints: Vec<String> = node.taints.iter().map(|taint| code(&taint.text)).collect();
        let pods: Vec<String> = node.pods.iter().map(|pod| pod_text(pod)).collect();
        let row = [cell(&node.name), cell(&node.roles.join(", ")), status(node), taints.join(" "), pods.join("; ")];
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    more(&mut out, nodes.len());
    if !frame.lane.is_empty() {
        let pods: Vec<String> = frame.lane.iter().take(MAX_ROWS).map(|pod| pod_text(pod)).collect();
        let _ = writeln!(out, "\nWithout a node: {}.", pods.join("; "));
    }
    for explanation in explanations {
        let _ = writeln!(
            out,
            "\n## Why: {}\n\n| Node | Verdict | Because |\n| --- | --- | --- |",
            cell(&explanation.key.name)
        );
        for row in explanation.rows.iter().take(MAX_ROWS) {
            let _ = writeln!(out, "| {} | {} | {} |", cell(&row.node), verdict(row), cell(&row.because.join("; ")));
        }
        more(&mut out, explanation.rows.len());
    }
    if !manifest.is_empty() {
        let fence = fence(manifest);
        let _ = writeln!(out, "\n## Manifest\n\n{fence}yaml\n{}\n{fence}", manifest.trim_end());
    }
    out
}

fn more(out: &mut String, rows: usize) {
    if rows > MAX_ROWS {
        let _ = writeln!(out, "\n… and {} more.", rows - MAX_ROWS);
    }
}

fn status(node: &NodeCard) -> String {
    let mut words = vec![if node.deleted { "deleted" } else { format::node_state(node.state) }];
    if node.cordoned {
        words.push("SchedulingDisabled");
    }
    words.extend(node.troubles.iter().map(String::as_str));
    cell(&words.join(", "))
}

fn pod_text(pod: &PodChip) -> String {
    let why = if pod.reason.is_empty() { String::new() } else { format!(", {}", pod.reason) };
    cell(&format!("{} ({}{why})", pod.key.name, pod.doing))
}

fn verdict(row: &ExplanationRow) -> &'static str {
    match (row.should_run, row.should_continue_running) {
        (true, _) => "should run",
        (false, true) => "may keep running",
        (false, false) => "must not run",
    }
}

/// A text in a table: one line, and nothing of it is Markdown or HTML.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn code(text: &str) -> String {
    if text.contains(['`', '|']) { cell(text) } else { format!("`{text}`") }
}

/// A fence that the text does not end.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_place() {
        assert_eq!(cell("a|b\n<img src=x>&amp;"), "a\\|b \\<img src=x\\>&amp;amp;");
        assert_eq!(code("a=b:NoSchedule"), "`a=b:NoSchedule`");
        assert_eq!(code("a`|"), "a\\`\\|");
        assert_eq!(fence("x: |\n  ````\n"), "`````");
        assert_eq!(fence("x"), "```");
    }
}
