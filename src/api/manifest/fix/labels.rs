//! The selector and the template's labels: they differ, or there is no selector.

use super::scene::{Scene, indented, node_at};
use super::{Edit, Fix};
use crate::api::manifest::yaml::{Entry, NodeId, Tree};
use crate::base::Problem;

const SELECTOR: [&str; 3] = ["spec", "selector", "matchLabels"];
const LABELS: [&str; 4] = ["spec", "template", "metadata", "labels"];

/// They differ, or there is no selector at all: either side is made to follow the other.
pub fn differ(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    let Some((tree, root)) = scene.tree_at(problem.span) else { return Vec::new() };
    if node_at(tree, root, &["spec", "selector"]).is_none() {
        return no_selector(scene, problem);
    }
    let has_expressions = node_at(tree, root, &["spec", "selector", "matchExpressions"]).is_some();
    let (selector, labels) = (node_at(tree, root, &SELECTOR), node_at(tree, root, &LABELS));
    let mut fixes = Vec::new();
    if let Some(edits) = selector.and_then(|selector| copy(scene, tree, selector, (root, &LABELS), false)) {
        fixes.push(Fix::of(problem, "Give the template the selector's labels", edits));
    }
    if let Some(edits) =
        labels.filter(|_| !has_expressions).and_then(|labels| copy(scene, tree, labels, (root, &SELECTOR), true))
    {
        fixes.push(Fix::of(problem, "Make the selector ask for the template's labels", edits));
    }
    fixes
}

/// There is none: it asks for the template's labels.
pub fn no_selector(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    add(scene, problem).into_iter().collect()
}

fn add(scene: &Scene, problem: &Problem) -> Option<Fix> {
    let (tree, root) = scene.tree_at(problem.span)?;
    let spec = node_at(tree, root, &["spec"])?;
    let pairs: String = match node_at(tree, root, &LABELS) {
        Some(labels) => tree.entries(labels).iter().map(|entry| pair(scene, tree, entry) + "\n").collect(),
        None => return None,
    };
    let lines = format!("selector:\n  matchLabels:\n{}", indented(&pairs, 4));
    let mut edits = Vec::new();
    match tree.entry(spec, "selector") {
        // An empty one makes way, with what is said above it kept.
        Some(entry) => {
            let column = scene.column(entry.key_span.start)?;
            let end = scene.block_end(entry.key_span);
            let text = indented(&lines, column).trim_start().to_owned();
            edits.push(Edit { start: entry.key_span.start, end, text });
        }
        None => edits.push(scene.prepend(tree, spec, &lines)?),
    }
    Some(Fix::of(problem, "Add a selector for the template's labels", edits))
}

fn pair(scene: &Scene, tree: &Tree, entry: &Entry) -> String {
    format!("{}: {}", scene.text_of(entry.key_span), scene.text_of(tree.span(entry.value)))
}

/// Makes the mapping behind `keys` have all pairs of `from`, and, if asked for, no others.
fn copy(scene: &Scene, tree: &Tree, from: NodeId, (root, keys): (NodeId, &[&str]), alone: bool) -> Option<Vec<Edit>> {
    let Some(to) = node_at(tree, root, keys) else {
        return Some(vec![create(scene, tree, from, root, keys)?]);
    };
    let mut edits = Vec::new();
    let mut lines = String::new();
    for entry in tree.entries(from) {
        match tree.entry(to, &entry.key) {
            Some(there) if tree.text(there.value) == tree.text(entry.value) => {}
            Some(there) => edits.push(scene.replace(tree, there.value, scene.text_of(tree.span(entry.value)))),
            None => lines.push_str(&(pair(scene, tree, entry) + "\n")),
        }
    }
    let others = tree.entries(to).iter().filter(|entry| alone && tree.entry(from, &entry.key).is_none());
    let others: Vec<_> = others.collect();
    // What is put in takes the place of the first that goes.
    if let (Some(first), false) = (others.first(), lines.is_empty()) {
        let column = scene.column(first.key_span.start);
        let inner = lines.trim_end().replace('\n', &format!("\n{}", " ".repeat(column?)));
        edits.push(Edit { start: first.key_span.start, end: tree.span(first.value).end, text: inner });
        for other in others.iter().skip(1) {
            edits.push(scene.remove(other.key_span)?);
        }
    } else {
        for other in &others {
            edits.push(scene.remove(other.key_span)?);
        }
        if !lines.is_empty() {
            edits.push(put(scene, tree, to, &lines)?);
        }
    }
    Some(edits)
}

/// Puts pairs into a mapping, in blocks or in braces.
fn put(scene: &Scene, tree: &Tree, to: NodeId, lines: &str) -> Option<Edit> {
    let span = tree.span(to);
    if !scene.text_of(span).starts_with('{') {
        return scene.append(tree, to, lines);
    }
    let inner = lines.trim_end().replace('\n', ", ");
    let first = span.start + 1;
    let comma = if tree.entries(to).is_empty() { "" } else { ", " };
    Some(Edit { start: first, end: first, text: format!("{inner}{comma}") })
}

/// Makes a mapping that is not there, and those around it.
fn create(scene: &Scene, tree: &Tree, from: NodeId, root: NodeId, keys: &[&str]) -> Option<Edit> {
    let there = keys.iter().scan(root, |at, key| {
        *at = tree.entry(*at, key)?.value;
        Some(*at)
    });
    let there: Vec<NodeId> = there.collect();
    let missing = keys.get(there.len()..)?;
    let mut lines = String::new();
    for (depth, key) in missing.iter().enumerate() {
        lines.push_str(&indented(&format!("{key}:"), 2 * depth));
    }
    for entry in tree.entries(from) {
        lines.push_str(&indented(&pair(scene, tree, entry), 2 * missing.len()));
    }
    scene.prepend(tree, there.last().copied().unwrap_or(root), &lines)
}
