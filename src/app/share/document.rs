//! What is in a link, and what is in a file: JSON. A link leaves out what follows from the
//! preset it names and from the defaults; a file is the whole scenario, and the moment.

use super::scan::within_limits;
use super::{Opened, Scene, clipped, preset_scenario};
use crate::api::manifest::print_authored;
use crate::api::{DaemonSet, Found, Key, Node};
use crate::app::presets::Preset;
use crate::base::{Map, Time, digest_of};
use crate::sim::{Command, Knobs};
use crate::timeline::{Input, LAST_MOMENT, MAX_SCENARIO_BYTES, Scenario};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::rc::Rc;

/// What a link holds. What is absent is the preset's, or the default.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Document {
    /// The moment shown, in milliseconds.
    #[serde(skip_serializing_if = "is_start")]
    at: Time,
    /// Id of the preset that the scenario begins with.
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    /// Tells whether that preset is still what it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    edition: Option<String>,
    /// Where random names come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// Latencies that are not the default ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    knobs: Option<Value>,
    /// The machines at the start; without a preset.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<Node>,
    /// The cluster at the start beside them, as it was found; without a preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Rc<Found>>,
    /// What is done; with a preset, behind what the preset does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<Input>,
}

fn is_start(at: &Time) -> bool {
    *at == Time::ZERO
}

/// The JSON of a link.
///
/// # Errors
/// None that are known of.
pub fn to_document(scene: &Scene) -> Result<String, String> {
    let Scene { scenario, at, preset } = scene;
    let base = Preset::find(preset).map(|preset| (preset, whole(preset)));
    let base = base.filter(|(_, base)| {
        scenario.found.is_none() && scenario.nodes == base.nodes && scenario.inputs.starts_with(&base.inputs)
    });
    let done = base.as_ref().map_or(0, |(_, base)| base.inputs.len());
    let document = Document {
        at: *at,
        preset: base.as_ref().map(|(preset, _)| preset.id.to_owned()),
        edition: base.as_ref().map(|(_, base)| edition(base)),
        seed: (scenario.seed != Scenario::default().seed).then_some(scenario.seed),
        knobs: changed(&scenario.knobs),
        nodes: if base.is_some() { Vec::new() } else { scenario.nodes.clone() },
        found: scenario.found.clone(),
        inputs: scenario.inputs.iter().skip(done).cloned().collect(),
    };
    serde_json::to_string(&document).map_err(|error| error.to_string())
}

/// The scene that the JSON of a link tells of.
///
/// # Errors
/// Why it does not.
pub fn from_document(bytes: &[u8]) -> Result<Opened, String> {
    let read = |text: &str| serde_json::from_str::<Document>(text).map_err(|error| error.to_string());
    let document = within_limits(bytes).and_then(read).map_err(|why| unreadable("link", &why))?;
    let mut scenario = Scenario { nodes: document.nodes, found: document.found, ..Scenario::default() };
    let (mut preset, mut has_changed) = (String::new(), false);
    if let Some(id) = document.preset {
        let Some(found) = Preset::find(&id) else {
            return Err(format!("The link begins with the example {:?}, which this page does not have.", clipped(&id)));
        };
        if !scenario.nodes.is_empty() || scenario.found.is_some() {
            return Err(unreadable("link", "it has both an example and a cluster"));
        }
        scenario = whole(found);
        has_changed = document.edition.is_some_and(|made_with| made_with != edition(&scenario));
        preset = id;
    }
    scenario.seed = document.seed.unwrap_or(scenario.seed);
    if let Some(knobs) = document.knobs {
        scenario.knobs = serde_json::from_value(knobs).map_err(|error| unreadable("link", &error.to_string()))?;
    }
    scenario.inputs.extend(document.inputs);
    opened(Scene { scenario, at: document.at, preset }, has_changed).map_err(|why| unreadable("link", &why))
}

/// The scenario as a file: JSON, and the moment shown beside it.
///
/// # Errors
/// None that are known of.
pub fn to_file(scene: &Scene) -> Result<String, String> {
    let mut file = serde_json::to_value(&scene.scenario).map_err(|error| error.to_string())?;
    if let Some(fields) = file.as_object_mut() {
        fields.insert("at".to_owned(), scene.at.0.into());
    }
    serde_json::to_string_pretty(&file).map_err(|error| error.to_string())
}

/// The scene in a file: a scenario as JSON or YAML, with or without a moment.
///
/// # Errors
/// Why there is none.
pub fn from_file(text: &str) -> Result<Opened, String> {
    let fail = |why: String| unreadable("file", &why);
    if text.len() > MAX_SCENARIO_BYTES {
        return Err(fail(format!("it has {} bytes, and at most {MAX_SCENARIO_BYTES} are read", text.len())));
    }
    let (scenario, at) = if text.trim_start().starts_with('{') {
        let text = within_limits(text.as_bytes()).map_err(fail)?;
        let mut file: Value = serde_json::from_str(text).map_err(|error| fail(error.to_string()))?;
        let at = file.as_object_mut().and_then(|fields| fields.remove("at"));
        let at = serde_json::from_value(at.unwrap_or_else(|| 0.into())).map_err(|error| fail(error.to_string()))?;
        (serde_json::from_value(file).map_err(|error| fail(error.to_string()))?, at)
    } else {
        (Scenario::from_yaml(text).map_err(|error| fail(error.to_string()))?, Time::ZERO)
    };
    opened(Scene { scenario, at, preset: String::new() }, false).map_err(fail)
}

/// The scene as everything else takes it, if it is within the limits.
fn opened(mut scene: Scene, has_changed: bool) -> Result<Opened, String> {
    scene.scenario = scene.scenario.accepted().map_err(|error| error.to_string())?;
    if scene.at < Time::ZERO || scene.at > LAST_MOMENT {
        return Err(format!("at is {}: it must be between 0 and {} (milliseconds)", scene.at.0, LAST_MOMENT.0));
    }
    let preset = Preset::find(&scene.preset);
    let manifest = match preset.filter(|preset| whole(preset).inputs.len() == applied(&scene.scenario)) {
        Some(preset) => preset.manifest.to_owned(),
        None => manifest(&scene.scenario),
    };
    Ok(Opened { scene, manifest, has_changed })
}

/// How many inputs there are up to the last that applies a manifest.
fn applied(scenario: &Scenario) -> usize {
    let applies =
        |input: &Input| matches!(input.command, Command::ApplyDaemonSet { .. } | Command::DeleteDaemonSet { .. });
    scenario.inputs.iter().rposition(applies).map_or(0, |last| last + 1)
}

/// The DaemonSets that are there in the end, as their authors would write them.
fn manifest(scenario: &Scenario) -> String {
    let mut last: Map<Key, &DaemonSet> = Map::new();
    for input in &scenario.inputs {
        match &input.command {
            Command::ApplyDaemonSet { daemon_set } => drop(last.insert(daemon_set.metadata.key(), daemon_set)),
            Command::DeleteDaemonSet { key, .. } => drop(last.remove(key)),
            _ => {}
        }
    }
    let texts: Vec<String> = last.values().map(|daemon_set| print_authored((*daemon_set).clone())).collect();
    texts.join("---\n")
}

fn whole(preset: &Preset) -> Scenario {
    preset_scenario(preset, preset.objects())
}

/// Eight digits that change when a preset does.
fn edition(scenario: &Scenario) -> String {
    let text = scenario.to_json().unwrap_or_default();
    format!("{:08x}", digest_of(text.as_str()) & 0xffff_ffff)
}

/// The knobs that are not the default ones.
fn changed(knobs: &Knobs) -> Option<Value> {
    let of = |knobs: &Knobs| serde_json::to_value(knobs).unwrap_or_default();
    let (mut ours, default) = (of(knobs), of(&Knobs::default()));
    let fields = ours.as_object_mut()?;
    fields.retain(|name, value| default.get(name) != Some(value));
    (!fields.is_empty()).then_some(ours)
}

fn unreadable(what: &str, why: &str) -> String {
    format!("The {what} holds no scenario that can be opened here: {}", clipped(why))
}
