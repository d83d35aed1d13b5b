//! The ground state, as a file: what the cluster starts with and what is done to it. JSON or
//! YAML; unknown fields are errors, so that nothing is lost without a word.

use super::sound::sound;
use crate::api::{Found, Node};
use crate::base::{Set, Time, sort_by_key};
use crate::sim::{Command, Faults, Knobs};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::rc::Rc;

/// The version that is written and read.
const VERSION: u32 = 1;
/// Most nodes of a cluster.
pub const MAX_NODES: usize = 15_000;
/// Most inputs of a scenario.
pub const MAX_INPUTS: usize = 10_000;
/// The last moment that is simulated: a day.
pub const LAST_MOMENT: Time = Time(24 * 3_600 * 1_000);
/// The largest seed: what a number in JavaScript holds exactly.
pub const MAX_SEED: u64 = (1 << 53) - 1;
/// Longest text that is read as a scenario.
pub const MAX_SCENARIO_BYTES: usize = 3 * 1_024 * 1_024;

/// What a simulation follows from, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Version of the format: 1.
    pub version: u32,
    /// Where random names come from.
    #[serde(default)]
    pub seed: u64,
    /// How long things take.
    #[serde(default)]
    pub knobs: Knobs,
    /// The machines that are there at the start.
    #[serde(default)]
    pub nodes: Vec<Node>,
    /// The cluster that is there at the start beside them, as it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Rc<Found>>,
    /// What is done to the cluster, in order of time.
    #[serde(default)]
    pub inputs: Vec<Input>,
}

/// Something that is done to the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// When, in milliseconds of simulated time. Several may share an instant.
    pub at: Time,
    /// What.
    pub command: Command,
}

/// Why a text or a value is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError(String);

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a scenario: {}", self.0)
    }
}

impl std::error::Error for ScenarioError {}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            version: VERSION,
            seed: 1,
            knobs: Knobs::default(),
            nodes: Vec::new(),
            found: None,
            inputs: Vec::new(),
        }
    }
}

impl Scenario {
    /// A cluster to which nothing is done.
    #[must_use]
    pub fn of_nodes(nodes: Vec<Node>) -> Scenario {
        Scenario { nodes, ..Scenario::default() }
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn from_json(text: &str) -> Result<Scenario, ScenarioError> {
        within_length(text)?;
        let scenario: Scenario = serde_json::from_str(text).map_err(|error| ScenarioError(error.to_string()))?;
        scenario.accepted()
    }

    /// Reads YAML (and so JSON too).
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn from_yaml(text: &str) -> Result<Scenario, ScenarioError> {
        within_length(text)?;
        let scenario: Scenario = serde_yaml::from_str(text).map_err(|error| ScenarioError(error.to_string()))?;
        scenario.accepted()
    }

    /// Writes JSON.
    ///
    /// # Errors
    /// None that are known of.
    pub fn to_json(&self) -> Result<String, ScenarioError> {
        serde_json::to_string(self).map_err(|error| ScenarioError(error.to_string()))
    }

    /// Writes YAML.
    ///
    /// # Errors
    /// None that are known of.
    pub fn to_yaml(&self) -> Result<String, ScenarioError> {
        serde_yaml::to_string(self).map_err(|error| ScenarioError(error.to_string()))
    }

    /// The scenario if it is within the limits. Inputs are brought into the order of time;
    /// those of one instant keep theirs.
    ///
    /// # Errors
    /// A limit that is broken.
    pub fn checked(mut self) -> Result<Scenario, ScenarioError> {
        let fail = |what: String| Err(ScenarioError(what));
        if self.version != VERSION {
            return fail(format!("version is {}; this playground reads version {VERSION}", self.version));
        }
        if self.seed > MAX_SEED {
            return fail(format!("seed is {}; it may be at most {MAX_SEED}", self.seed));
        }
        if !self.knobs.faults.is_default() && !Faults::SIMULATED {
            return fail("knobs.faults: not simulated here".to_owned());
        }
        if self.nodes.len() > MAX_NODES {
            return fail(format!("{} nodes; at most {MAX_NODES} are simulated", self.nodes.len()));
        }
        if self.inputs.len() > MAX_INPUTS {
            return fail(format!("{} inputs; there may be at most {MAX_INPUTS}", self.inputs.len()));
        }
        let mut names = Set::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if node.name().is_empty() {
                return fail(format!("nodes[{index}].metadata.name: Required value"));
            }
            if !names.insert(node.name()) {
                return fail(format!("nodes[{index}].metadata.name: Duplicate value: {:?}", node.name()));
            }
        }
        for (index, input) in self.inputs.iter().enumerate() {
            if input.at < Time::ZERO || input.at > LAST_MOMENT {
                return fail(format!(
                    "inputs[{index}].at: Invalid value: {}: must be between 0 and {} (milliseconds)",
                    input.at.0, LAST_MOMENT.0
                ));
            }
        }
        sort_by_key(&mut self.inputs, |input| input.at);
        Ok(self)
    }

    /// The scenario as it may be if it came from outside: within the limits, every object as the
    /// API server stores it.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn accepted(self) -> Result<Scenario, ScenarioError> {
        self.checked()?.admitted()
    }

    fn admitted(mut self) -> Result<Scenario, ScenarioError> {
        let inputs = std::mem::take(&mut self.inputs).into_iter().enumerate().map(|(index, Input { at, command })| {
            let command = sound(command).map_err(|why| ScenarioError(format!("inputs[{index}].command: {why}")))?;
            Ok(Input { at, command })
        });
        self.inputs = inputs.collect::<Result<_, _>>()?;
        Ok(self)
    }
}

fn within_length(text: &str) -> Result<(), ScenarioError> {
    if text.len() > MAX_SCENARIO_BYTES {
        return Err(ScenarioError(format!("{} bytes long; at most {MAX_SCENARIO_BYTES} are read", text.len())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let scenario = Scenario::from_yaml(
            "version: 1\nseed: 7\nknobs: {imagePullMs: 5}\nnodes:\n- metadata: {name: worker-1}\ninputs:\n\
             - at: 900\n  command: {do: deleteNode, name: worker-1}\n\
             - at: 10\n  command: {do: cordonNode, name: worker-1, unschedulable: true}\n",
        )
        .unwrap();
        assert_eq!(scenario.inputs.iter().map(|input| input.at.0).collect::<Vec<_>>(), [10, 900]);
        assert_eq!(scenario.knobs.image_pull_ms, 5);
        assert_eq!(Scenario::from_json(&scenario.to_json().unwrap()).unwrap(), scenario);
        assert_eq!(Scenario::from_yaml(&scenario.to_yaml().unwrap()).unwrap(), scenario);
    }

    #[test]
    fn refusals_say_what_and_where() {
        let check = |text: &str, want: &str| {
            let error = Scenario::from_yaml(text).unwrap_err().to_string();
            assert!(error.contains(want), "{text:?}: {error}");
        };
        check("", "missing field `version`");
        check("version: 2", "version is 2; this playground reads version 1");
        check("version: 1\nseeds: 3", "unknown field `seeds`");
        check("version: 1\nseed: 9007199254740992", "seed is 9007199254740992");
        check("version: 1\ninputs: [{at: -1, command: {do: repairNode, name: a}}]", "inputs[0].at: Invalid value: -1");
        check("version: 1\ninputs: [{at: 1, command: {do: fly}}]", "unknown variant `fly`");
        check("version: 1\nnodes: [{metadata: {name: a}}, {metadata: {name: a}}]", "nodes[1].metadata.name: Duplicate");
        check("version: 1\nnodes: [{}]", "nodes[0].metadata.name: Required value");
        check("version: 1\nnodes: [1", "nodes");
    }

    #[test]
    fn limits_hold() {
        let input = Input { at: Time(1), command: Command::RepairNode { name: "a".into() } };
        let many = Scenario { inputs: vec![input; MAX_INPUTS + 1], ..Scenario::default() };
        assert!(many.checked().unwrap_err().to_string().contains("10001 inputs"));
        let nodes = vec![Node::default(); MAX_NODES + 1];
        assert!(Scenario::of_nodes(nodes).checked().unwrap_err().to_string().contains("15001 nodes"));
        assert!(
            Scenario::from_json(&" ".repeat(MAX_SCENARIO_BYTES + 1)).unwrap_err().to_string().contains("bytes long")
        );
    }
}
