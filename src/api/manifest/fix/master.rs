//! The taint and label that control-plane nodes had before Kubernetes 1.25.

use super::Fix;
use super::scene::Scene;
use crate::api::manifest::yaml::{NodeId, NodeKind};
use crate::base::Span;

const OLD: &str = "node-role.kubernetes.io/master";
const NEW: &str = "node-role.kubernetes.io/control-plane";
const HINT: &str = "Control-plane nodes no longer have node-role.kubernetes.io/master (removed by Kubernetes 1.25): \
     it is node-role.kubernetes.io/control-plane now.";

/// Where the old name stands and the new one does not stand beside it.
pub fn hints(scene: &Scene) -> Vec<Fix> {
    let mut places: Vec<Span> = Vec::new();
    if !scene.text.contains(OLD) {
        return Vec::new();
    }
    for tree in &scene.trees {
        let mut todo: Vec<NodeId> = tree.root().into_iter().collect();
        while let Some(id) = todo.pop() {
            let entries = tree.entries(id);
            let has_new = entries.iter().any(|entry| entry.key == NEW)
                || tree
                    .items(id)
                    .iter()
                    .any(|item| tree.entry(*item, "key").is_some_and(|entry| tree.text(entry.value) == Some(NEW)));
            for entry in entries {
                if entry.key == OLD && !has_new {
                    places.push(entry.key_span);
                }
                if !matches!(tree.raw(entry.value).kind, NodeKind::Alias(_)) {
                    todo.push(entry.value);
                }
            }
            for item in tree.items(id) {
                let key = tree.entry(*item, "key").map(|entry| entry.value);
                if let Some(key) = key.filter(|key| !has_new && tree.text(*key) == Some(OLD)) {
                    places.push(tree.span(key));
                }
                if !matches!(tree.raw(*item).kind, NodeKind::Alias(_)) {
                    todo.push(*item);
                }
            }
        }
    }
    places.into_iter().filter_map(|place| hint(scene, place)).collect()
}

fn hint(scene: &Scene, place: Span) -> Option<Fix> {
    // Quotes around it stay.
    let start = place.start + scene.text_of(place).find(OLD)?;
    let edit = super::Edit { start, end: start + OLD.len(), text: NEW.to_owned() };
    let title = format!("Change to {NEW}");
    Some(Fix { title, start: place.start, end: place.end, hint: Some(HINT), edits: vec![edit] })
}
