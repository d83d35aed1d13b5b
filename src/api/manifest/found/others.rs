//! Objects of a cluster whose kinds are not simulated: kept by name, and told of once a kind.

use super::super::kinds::Head;
use super::super::yaml::{NodeId, Tree};
use crate::api::Key;
use crate::base::{Map, Problem, Span};

/// Those objects, by kind.
#[derive(Default)]
pub(super) struct Others(Map<String, OfKind>);

struct OfKind {
    first: Span,
    group: String,
    keys: Vec<Key>,
}

impl Others {
    /// Notes an object.
    pub fn add(&mut self, tree: &Tree, id: NodeId, head: &Head) {
        let metadata = tree.entry(id, "metadata").map(|entry| entry.value);
        let text = |name| Some(tree.text(tree.entry(metadata?, name)?.value)?.to_owned());
        let key = Key::new(text("namespace").unwrap_or_default(), text("name").unwrap_or_default());
        let group = head.api_version.split_once('/').map_or("", |(group, _)| group);
        let place = tree.entry(id, "kind").map_or(tree.span(id), |entry| tree.span(entry.value));
        let of_kind = self.0.entry(head.kind.clone()).or_insert_with(|| OfKind {
            first: place,
            group: group.to_owned(),
            keys: Vec::new(),
        });
        of_kind.keys.push(key);
    }

    /// What is said of them: a line for each kind.
    pub fn notes(&self) -> impl Iterator<Item = Problem> {
        self.0.iter().map(|(kind, OfKind { first, group, keys })| {
            let what = if group.contains('.') && !group.ends_with(".k8s.io") { " (a custom resource)" } else { "" };
            let (count, s) = (keys.len(), if keys.len() == 1 { "" } else { "s" });
            let message = format!("{count} object{s} of kind {kind}{what}: kept and listed, not simulated");
            Problem::warning(*first, message)
        })
    }

    /// All of them as kubectl names objects: `deployment.apps/web (shop)`, one a line.
    pub fn listed(&self) -> String {
        let mut lines = Vec::new();
        for (kind, OfKind { group, keys, .. }) in &self.0 {
            let dot = if group.is_empty() { "" } else { "." };
            let kind = kind.to_lowercase();
            for Key { namespace, name } in keys {
                let of = if namespace.is_empty() { String::new() } else { format!(" ({namespace})") };
                lines.push(format!("{kind}{dot}{group}/{name}{of}"));
            }
        }
        lines.join("\n")
    }
}
