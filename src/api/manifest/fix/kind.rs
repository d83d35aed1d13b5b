//! apiVersion and kind, misspelled or missing.

use super::Fix;
use super::scene::{Scene, distance, node_at};
use crate::api::manifest::yaml::{NodeId, Tree};
use crate::base::Problem;

/// What is simulated.
const KINDS: [(&str, &str); 2] = [("apps/v1", "DaemonSet"), ("v1", "Node")];

/// A kind, or a version of it, that there is not.
pub fn unknown(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    change(scene, problem).into_iter().collect()
}

fn change(scene: &Scene, problem: &Problem) -> Option<Fix> {
    let (tree, root) = scene.tree_at(problem.span)?;
    // The object that the problem is about, which may be an item of a list.
    let items = node_at(tree, root, &["items"]).map_or(&[][..], |items| tree.items(items));
    let mut objects = items.iter().copied().chain([root]);
    let object =
        objects.find(|id| tree.entry(*id, "kind").is_some_and(|entry| tree.span(entry.value) == problem.span))?;
    let kind = tree.entry(object, "kind")?.value;
    let version = tree.entry(object, "apiVersion")?.value;
    let (written, at) = (tree.text(kind)?, tree.text(version)?);
    let (right_version, right) = KINDS.into_iter().find(|(_, known)| distance(known, written) <= 2)?;
    let mut edits = Vec::new();
    let mut words = Vec::new();
    if at != right_version {
        edits.push(scene.replace(tree, version, right_version));
        words.push(format!("apiVersion to {right_version}"));
    }
    if written != right {
        edits.push(scene.replace(tree, kind, right));
        words.push(format!("kind to {right}"));
    }
    Some(Fix::of(problem, format!("Change {}", words.join(" and ")), edits))
}

/// An object that does not say what it is.
pub fn missing(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    add(scene, problem).into_iter().collect()
}

fn add(scene: &Scene, problem: &Problem) -> Option<Fix> {
    let (tree, root) = scene.tree_at(problem.span)?;
    let (version, kind) = meant(tree, root);
    let mut lines = String::new();
    for (name, value) in [("apiVersion", version), ("kind", kind)] {
        match tree.entry(root, name).map(|entry| scene.text_of(tree.span(entry.value))) {
            None => lines.push_str(&format!("{name}: {value}\n")),
            // Written and empty: that is another matter.
            Some("") => return None,
            Some(_) => {}
        }
    }
    let title = format!("Add {}", lines.trim_end().replace('\n', ", "));
    Some(Fix::of(problem, title, vec![scene.prepend(tree, root, &lines)?]))
}

/// What an object is, by what it says and what it has.
fn meant(tree: &Tree, root: NodeId) -> (&'static str, &'static str) {
    let says = |name| tree.entry(root, name).and_then(|entry| tree.text(entry.value));
    let is_node = says("kind") == Some("Node")
        || (says("kind").is_none() && node_at(tree, root, &["spec", "template"]).is_none())
            && (says("apiVersion") == Some("v1") || node_at(tree, root, &["spec", "taints"]).is_some());
    if is_node { ("v1", "Node") } else { ("apps/v1", "DaemonSet") }
}
