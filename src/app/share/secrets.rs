//! What a person may not want to share: values in plain text that look like credentials.
//! Secrets themselves are not simulated, and so are in no scenario.

use crate::api::manifest::LAST_APPLIED;
use crate::base::Set;
use crate::sim::Command;
use crate::timeline::Scenario;
use serde_json::Value;

/// At most so many are named.
const MAX_NAMED: usize = 5;

/// Parts of names of environment variables that hold credentials.
const TELLING: [&str; 7] = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY", "PRIVATEKEY", "CREDENTIAL"];

/// Of each environment variable that looks like a credential and has its value in plain text:
/// where it is.
#[must_use]
pub fn secrets(scenario: &Scenario) -> Vec<String> {
    let mut found = Set::new();
    for input in &scenario.inputs {
        let Command::ApplyDaemonSet { daemon_set } = &input.command else { continue };
        let value = serde_json::to_value(daemon_set).unwrap_or_default();
        let applied = daemon_set.metadata.annotations.get(LAST_APPLIED);
        let applied = applied.and_then(|text| serde_json::from_str::<Value>(text).ok());
        for object in [Some(value), applied].into_iter().flatten() {
            for name in variables(&object) {
                found.insert(format!("{name} of DaemonSet {}", daemon_set.metadata.name));
            }
        }
    }
    found.iter().take(MAX_NAMED).cloned().collect()
}

fn variables(object: &Value) -> Vec<String> {
    let pod = object.pointer("/spec/template/spec");
    let lists = ["containers", "initContainers"].iter().filter_map(|name| pod?.get(name)?.as_array());
    let variables = lists.flatten().filter_map(|container| container.get("env")?.as_array()).flatten();
    let text = |variable: &Value, name: &str| Some(variable.get(name)?.as_str()?.to_owned());
    let telling = variables.filter_map(|variable| {
        let (name, value) = (text(variable, "name")?, text(variable, "value")?);
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        // `$(NAME)` refers to another variable, a path to a file.
        let refers = value.is_empty() || value.starts_with("$(") || value.starts_with('/');
        (!refers && TELLING.iter().any(|part| plain.contains(part))).then_some(name)
    });
    telling.collect()
}
