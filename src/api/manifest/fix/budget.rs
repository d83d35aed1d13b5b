//! maxUnavailable and maxSurge: one of the two must be 0, and the other not.

use super::scene::{Scene, node_at};
use super::{Edit, Fix};
use crate::api::manifest::yaml::{NodeId, Tree};
use crate::base::Problem;

/// Both are set.
pub fn both(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    let mut fixes = Vec::new();
    if let Some(edit) = set(scene, problem, "0") {
        fixes.push(Fix::of(problem, "Set maxUnavailable to 0", vec![edit]));
    }
    let surge = rolling(scene, problem).and_then(|(tree, id)| tree.entry(id, "maxSurge").cloned());
    if let Some(edit) = surge.and_then(|entry| scene.remove(entry.key_span)) {
        fixes.push(Fix::of(problem, "Remove maxSurge", vec![edit]));
    }
    fixes
}

/// Neither is set.
pub fn neither(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    let edit = set(scene, problem, "1");
    edit.into_iter().map(|edit| Fix::of(problem, "Set maxUnavailable to 1", vec![edit])).collect()
}

fn rolling<'s>(scene: &'s Scene, problem: &Problem) -> Option<(&'s Tree, NodeId)> {
    let (tree, root) = scene.tree_at(problem.span)?;
    Some((tree, node_at(tree, root, &["spec", "updateStrategy", "rollingUpdate"])?))
}

fn set(scene: &Scene, problem: &Problem, to: &str) -> Option<Edit> {
    let (tree, id) = rolling(scene, problem)?;
    match tree.entry(id, "maxUnavailable") {
        Some(entry) => Some(scene.replace(tree, entry.value, to)),
        None => scene.append(tree, id, &format!("maxUnavailable: {to}")),
    }
}
