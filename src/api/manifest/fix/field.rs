//! A field that there is not where it stands: misspelled, or it belongs elsewhere.

use super::scene::{Holder, Scene, distance, indented, joined};
use super::{Edit, Fix};
use crate::api::manifest::schema::Shape;
use crate::api::manifest::yaml::{Entry, NodeKind, Tree};
use crate::base::{Problem, sort_by_key};

/// How far another name may be, in letters.
const FAR: usize = 2;
/// How deep beneath its neighbours a field is looked for.
const DEPTH: usize = 3;
/// At most so many are offered of a kind.
const OFFERED_MAX: usize = 2;

/// Names like it, and mappings that have such a field.
pub fn unknown(scene: &Scene, problem: &Problem) -> Vec<Fix> {
    let Some((tree, root)) = scene.tree_at(problem.span) else { return Vec::new() };
    let Some((holders, entry)) = scene.around(tree, root, problem.span) else { return Vec::new() };
    let mut fixes = rename(scene, problem, tree, &holders, &entry);
    for target in targets(scene, tree, &holders, &entry).into_iter().take(OFFERED_MAX) {
        if let Some(edits) = moved(scene, tree, &entry, &target) {
            fixes.push(Fix::of(problem, format!("Move into {}", target.path), edits));
        }
    }
    fixes
}

fn rename(scene: &Scene, problem: &Problem, tree: &Tree, holders: &[Holder], entry: &Entry) -> Vec<Fix> {
    let Some((holder, of)) = holders.last().and_then(|holder| Some((holder, holder.of?))) else {
        return Vec::new();
    };
    let names = scene.schema.fields(of).into_iter().map(|row| row.name);
    let far = |name: &str| distance(name, &entry.key);
    let mut like: Vec<&str> = names
        .filter(|name| far(name) <= FAR.min(entry.key.chars().count() / 3) && tree.entry(holder.id, name).is_none())
        .collect();
    sort_by_key(&mut like, |name| far(name));
    let edit = |name: &str| Edit { start: entry.key_span.start, end: entry.key_span.end, text: name.to_owned() };
    let fix = |name: &str| Fix::of(problem, format!("Change to {name}"), vec![edit(name)]);
    like.into_iter().take(OFFERED_MAX).map(fix).collect()
}

/// Mappings that may hold the field: around it, beneath its neighbours, or beside those around it.
fn targets(scene: &Scene, tree: &Tree, holders: &[Holder], entry: &Entry) -> Vec<Holder> {
    let Some((here, around)) = holders.split_last() else { return Vec::new() };
    let mut found: Vec<Holder> = around.iter().rev().cloned().collect();
    let mut layer = vec![here.clone()];
    for _ in 0..DEPTH {
        layer = layer.iter().flat_map(|holder| beneath(scene, tree, holder, entry)).collect();
        found.extend(layer.iter().cloned());
    }
    found.extend(around.iter().rev().flat_map(|holder| beneath(scene, tree, holder, entry)));
    found.retain(|holder| {
        let is_field = holder.of.and_then(|of| scene.schema.field(of, &entry.key)).is_some_and(|field| {
            let shape = field.of.shape();
            match &tree.node(entry.value).kind {
                NodeKind::Mapping(_) => matches!(shape, Shape::Struct(_) | Shape::Map(_)),
                NodeKind::Sequence(_) => matches!(shape, Shape::List(_)),
                _ => !matches!(shape, Shape::Struct(_) | Shape::Map(_) | Shape::List(_)),
            }
        });
        is_field && tree.entry(holder.id, &entry.key).is_none()
    });
    found
}

/// The structs in a mapping, and those in its lists.
fn beneath(scene: &Scene, tree: &Tree, holder: &Holder, but: &Entry) -> Vec<Holder> {
    let Some(of) = holder.of else { return Vec::new() };
    let mut found = Vec::new();
    for entry in tree.entries(holder.id).iter().filter(|entry| entry.key_span != but.key_span) {
        let path = joined(&holder.path, &entry.key);
        match scene.schema.field(of, &entry.key).map(|field| field.of.shape()) {
            Some(Shape::Struct(name)) => found.push(Holder { id: entry.value, path, of: Some(name) }),
            Some(Shape::List(item)) => {
                // Only a single item is meant without doubt.
                if let (Shape::Struct(name), [only]) = (item.shape(), tree.items(entry.value)) {
                    found.push(Holder { id: *only, path: format!("{path}[0]"), of: Some(name) });
                }
            }
            _ => {}
        }
    }
    found
}

/// Takes the lines out and puts them in at the end of another mapping, as deep as that is.
fn moved(scene: &Scene, tree: &Tree, entry: &Entry, target: &Holder) -> Option<Vec<Edit>> {
    let (start, end) = scene.block(entry.key_span)?;
    let column = scene.column(entry.key_span.start)?;
    let lines = scene.text.get(start..end)?;
    let blanks = " ".repeat(column);
    let lines: String = lines
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix(blanks.as_str()).unwrap_or_else(|| line.trim_start())))
        .collect();
    let put = scene.append(tree, target.id, &lines)?;
    // Behind the very lines that go, as when the neighbour before it takes it in, the two are one edit.
    if put.start == start || put.start == end {
        return Some(vec![Edit { start, end, text: indented(&lines, scene.column(first(tree, target)?)?) }]);
    }
    if (start..end).contains(&put.start) {
        // The target ends with the entry: it goes behind it.
        return None;
    }
    let gone = Edit { start, end, text: String::new() };
    Some(vec![gone, put])
}

fn first(tree: &Tree, target: &Holder) -> Option<usize> {
    tree.entries(target.id).iter().map(|entry| entry.key_span.start).min()
}
