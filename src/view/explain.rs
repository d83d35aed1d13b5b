//! Why a DaemonSet's pod may or may not run on each node: the matrix of nodes and checks, made
//! by the same rules that the controller and the scheduler run, and what would change it.

use super::remedy::{self, FixRow};
use crate::api::{Key, Labels, Node, PodTemplateSpec, Taint};
use crate::base::{Map, sort_by_key};
use crate::rules::placement::remedy::Remedies;
use crate::rules::placement::{self, Placement};
use crate::rules::roster::Counted;
use crate::sim::World;
use std::borrow::Cow;
use std::rc::Rc;

/// At most so many rows are drawn, and have fixes looked for; those where a check fails come
/// first when there are more.
pub const ROWS_MAX: usize = 200;

/// The verdicts of one DaemonSet.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The DaemonSet.
    pub key: Key,
    /// One row a node.
    pub rows: Vec<ExplanationRow>,
}

/// One node's verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExplanationRow {
    /// The node.
    pub node: String,
    /// `spec.nodeName` of the template agrees.
    pub node_name: bool,
    /// nodeSelector agrees.
    pub node_selector: bool,
    /// Required node affinity agrees.
    pub node_affinity: bool,
    /// All NoSchedule taints are tolerated.
    pub no_schedule: bool,
    /// All NoExecute taints are tolerated.
    pub no_execute: bool,
    /// A pod is created here.
    pub should_run: bool,
    /// A pod that is here may stay.
    pub should_continue_running: bool,
    /// What fails, in words; empty if nothing does.
    pub because: Vec<String>,
    /// The smallest edits that would change the verdict: of the node, of the template.
    pub fixes: Vec<FixRow>,
    /// Why no edit of the node is among them.
    pub no_fix: String,
    /// What the scheduler holds against a pod here, in its words; nothing if it fits. Absent
    /// where it is not asked.
    pub scheduler: Option<Vec<String>>,
    /// The columns that count the node, in kubectl's order.
    pub counted: Counted,
}

/// The verdicts of a DaemonSet of the world, without more; `None` if there is none of that key.
#[must_use]
pub fn verdicts(world: &World, key: &Key) -> Option<Explanation> {
    let placement = Placement::of(world.store().daemon_sets.get(key)?);
    let rows = world.store().nodes.values().map(|node| row(&placement, node)).collect();
    Some(Explanation { key: key.clone(), rows })
}

/// The fixes that were found last, with all that they depend on: names, labels and taints of
/// the nodes, and the templates, that of the DaemonSet first. A rollout changes none of these,
/// and looking for fixes is the dearest part of an explanation.
#[derive(Default)]
pub struct Known {
    key: Option<Key>,
    nodes: Vec<Outline>,
    templates: Vec<Rc<PodTemplateSpec>>,
    fixes: Map<String, (Vec<FixRow>, String)>,
}

/// Name, labels and taints of a node.
type Outline = (String, Rc<Labels>, Vec<Taint>);

impl Known {
    /// Whether the fixes are those of this DaemonSet in this world still.
    fn holds(&self, world: &World, key: &Key) -> bool {
        let store = world.store();
        let is_same = |(node, (name, labels, taints)): (&Rc<Node>, &Outline)| {
            node.name() == name && node.metadata.labels == *labels && node.spec.taints == *taints
        };
        self.key.as_ref() == Some(key)
            && self.nodes.len() == store.nodes.len()
            && store.nodes.values().zip(&self.nodes).all(is_same)
            && templates(world, key).eq(&self.templates)
    }
}

/// All templates, that of `key` first.
fn templates<'a>(world: &'a World, key: &'a Key) -> impl Iterator<Item = &'a Rc<PodTemplateSpec>> {
    let all = &world.store().daemon_sets;
    let others = all.iter().filter(move |(other, _)| *other != key).map(|(_, other)| other);
    all.get(key).into_iter().chain(others).map(|daemon_set| &daemon_set.spec.template)
}

/// The same, with the columns that count each node, what the scheduler says of a pod there, and
/// what would change the verdict.
#[must_use]
pub fn explain(world: &World, key: &Key) -> Option<Explanation> {
    explain_again(world, key, &mut Known::default())
}

/// The same, with what was found before where it still holds.
#[must_use]
pub fn explain_again(world: &World, key: &Key, known: &mut Known) -> Option<Explanation> {
    let mut explanation = verdicts(world, key)?;
    for (row, counted) in explanation.rows.iter_mut().zip(world.counted(key)) {
        row.counted = counted;
    }
    if !known.holds(world, key) {
        let nodes = world.store().nodes.values();
        let nodes =
            nodes.map(|node| (node.name().to_owned(), Rc::clone(&node.metadata.labels), node.spec.taints.clone()));
        let (nodes, templates) = (nodes.collect(), templates(world, key).cloned().collect());
        *known = Known { key: Some(key.clone()), nodes, templates, fixes: find(world, key, &explanation) };
    }
    // A template that names its node passes the scheduler by.
    let mut pod = world.pod_of(key).filter(|pod| pod.node_name.is_none());
    let mut drawn: Vec<&mut ExplanationRow> = explanation.rows.iter_mut().collect();
    drawn_first(&mut drawn, |row| row.should_run);
    for row in drawn {
        if row.should_run {
            row.scheduler = pod.as_mut().map(|pod| {
                pod.pinned_to = Some(row.node.clone());
                let misfit = world.misfit(pod);
                misfit.into_iter().flat_map(|misfit| misfit.reasons).map(Cow::into_owned).collect()
            });
        }
        if let Some((fixes, no_fix)) = known.fixes.get(&row.node) {
            (row.fixes, row.no_fix) = (fixes.clone(), no_fix.clone());
        }
    }
    Some(explanation)
}

/// The smallest edits that would change the verdicts that are drawn, and why there is none of
/// the node.
fn find(world: &World, key: &Key, explanation: &Explanation) -> Map<String, (Vec<FixRow>, String)> {
    let store = world.store();
    let Some(daemon_set) = store.daemon_sets.get(key) else { return Map::new() };
    let placement = Placement::of(daemon_set);
    let others = store.daemon_sets.iter().filter(|(other, _)| *other != key).map(|(_, other)| Placement::of(other));
    let nodes: Vec<&Node> = store.nodes.values().map(|node| &**node).collect();
    let mut remedies = Remedies::new(&placement, others.collect(), nodes.clone());
    let mut drawn: Vec<(&ExplanationRow, &Node)> = explanation.rows.iter().zip(nodes).collect();
    drawn_first(&mut drawn, |(row, _)| row.should_run);
    let mut found = Map::new();
    for (row, node) in drawn {
        let (mut fixes, mut no_fix) = (Vec::new(), String::new());
        if row.should_run {
            fixes.extend(remedies.against_node(node).map(|fix| remedy::against_node(node, &fix)));
        } else {
            match remedies.of_node(node) {
                Ok(fix) => fixes.push(remedy::of_node(node, &fix)),
                Err(why) => no_fix = remedy::hopeless(&why),
            }
            let fix = remedies.of_template(node);
            fixes.extend(fix.map(|fix| remedy::of_template(key, &daemon_set.spec.template.spec, &fix)));
        }
        found.insert(row.node.clone(), (fixes, no_fix));
    }
    found
}

/// Leaves those that are drawn.
pub fn drawn_first<T>(rows: &mut Vec<T>, should_run: impl Fn(&T) -> bool) {
    if rows.len() > ROWS_MAX {
        sort_by_key(rows, should_run);
        rows.truncate(ROWS_MAX);
    }
}

fn row(placement: &Placement, node: &Node) -> ExplanationRow {
    let verdict = placement::explain(placement, node);
    ExplanationRow {
        node: node.name().to_owned(),
        node_name: verdict.checks.node_name,
        node_selector: verdict.checks.node_selector,
        node_affinity: verdict.checks.node_affinity,
        no_schedule: verdict.checks.no_schedule,
        no_execute: verdict.checks.no_execute,
        should_run: verdict.should_run,
        should_continue_running: verdict.should_continue_running,
        because: verdict.reasons.iter().map(ToString::to_string).collect(),
        ..ExplanationRow::default()
    }
}
