//! The run of `fixtures/digest.yaml`, shared by the native and the wasm test.

use serde_json::Value;

/// The run and what it must come to.
pub struct Run {
    /// What the player is made with, as JSON.
    pub options: String,
    pub script: Vec<Step>,
    pub digest: String,
}

/// Something that is done at a moment.
pub struct Step {
    pub at: f64,
    pub apply: Option<String>,
    /// As JSON.
    pub command: Option<String>,
}

impl Run {
    pub fn read() -> Run {
        let file: Value = serde_yaml::from_str(include_str!("../fixtures/digest.yaml")).unwrap();
        let step = |step: &Value| Step {
            at: step["at"].as_f64().unwrap(),
            apply: step["apply"].as_str().map(str::to_owned),
            command: step.get("command").map(Value::to_string),
        };
        Run {
            options: file["options"].to_string(),
            script: file["script"].as_array().unwrap().iter().map(step).collect(),
            digest: file["digest"].as_str().unwrap().to_owned(),
        }
    }
}

pub fn compare(got: &str, written: &str) {
    assert_eq!(
        got, written,
        "if the engine was meant to change, write digest: \"{got}\" in tests/fixtures/digest.yaml"
    );
}
