//! The JavaScript class. Every method that can fail throws an `Error` whose message says why.

use super::player::Player;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsCast, JsError, JsValue, wasm_bindgen};

/// A simulated cluster: apply manifests, let time pass, look at any moment.
#[wasm_bindgen]
pub struct Playground {
    player: Player,
}

#[wasm_bindgen]
impl Playground {
    /// A cluster at time 0. `options`, all optional: `seed` (a number below 2^53), `knobs`
    /// (latencies in milliseconds, see `Knobs`), `nodes` (a number of workers, 3 by default,
    /// or Node objects).
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Playground, JsError> {
        let options = if options.is_undefined() { "null".to_owned() } else { json(options)? };
        Ok(Playground { player: thrown(Player::new(&options))? })
    }

    /// The same as the constructor.
    pub fn create(options: &JsValue) -> Result<Playground, JsError> {
        Playground::new(options)
    }

    /// A scenario as JSON or YAML text, or a saved file: at the moment that it says, or at time 0.
    #[wasm_bindgen(js_name = fromScenario)]
    pub fn from_scenario(text: &str) -> Result<Playground, JsError> {
        Ok(Playground { player: thrown(Player::from_scenario(text))? })
    }

    /// Applies a manifest, one or several documents, all or nothing; or rebuilds the cluster that
    /// `kubectl get nodes,ds,pods -A -o yaml` printed, which undo takes back:
    /// `{accepted: boolean, objects: string[], problems: {severity, message, span}[]}`.
    pub fn apply(&mut self, manifest: &str) -> Result<JsValue, JsError> {
        plain(&self.player.apply(manifest))
    }

    /// What `kubectl diff -f` prints of a manifest: unified diffs; empty if nothing would change.
    pub fn diff(&self, manifest: &str) -> Result<String, JsError> {
        thrown(self.player.diff(manifest))
    }

    /// Does a command such as `{do: "deleteNode", name: "worker-1"}`; returns the events that
    /// it made at once.
    pub fn command(&mut self, command: &JsValue) -> Result<JsValue, JsError> {
        let command = json(command)?;
        plain(&thrown(self.player.command(&command))?)
    }

    /// Goes to the next moment at which something happens; returns the events of that moment,
    /// none if nothing happens within an hour of simulated time.
    pub fn step(&mut self) -> Result<JsValue, JsError> {
        plain(&thrown(self.player.step())?)
    }

    /// Lets time pass: up to a moment in milliseconds, or with `"settled"` until nothing is
    /// left to happen (an hour at most). Returns `{now, settled}`.
    pub fn run(&mut self, until: &JsValue) -> Result<JsValue, JsError> {
        let moment = match (until.as_f64(), until.as_string()) {
            (Some(ms), _) => self.player.run(ms),
            (None, Some(word)) if word == "settled" => self.player.settle(),
            _ => Err("run: say until when, in milliseconds, or \"settled\"".to_owned()),
        };
        plain(&thrown(moment)?)
    }

    /// Goes to a moment, past or future, in milliseconds. Returns `{now, settled}`.
    pub fn seek(&mut self, ms: f64) -> Result<JsValue, JsError> {
        plain(&thrown(self.player.seek(ms))?)
    }

    /// Takes back the last manifest or command; false if there is none.
    pub fn undo(&mut self) -> Result<bool, JsError> {
        thrown(self.player.undo(false))
    }

    /// Does again what was taken back last; false if there is nothing.
    pub fn redo(&mut self) -> Result<bool, JsError> {
        thrown(self.player.undo(true))
    }

    /// The board at the moment shown: nodes in groups with their pods, DaemonSets with their
    /// columns, pods on their way.
    pub fn frame(&self) -> Result<JsValue, JsError> {
        plain(&self.player.frame())
    }

    /// The events up to the moment shown, oldest first; the newest 10,000.
    pub fn events(&self) -> Result<JsValue, JsError> {
        plain(&self.player.events())
    }

    /// The Event objects at the moment shown, as `kubectl get events` lists them: what repeats is
    /// counted, what is similar combined, what is older than an hour gone.
    #[wasm_bindgen(js_name = eventObjects)]
    pub fn event_objects(&self) -> Result<JsValue, JsError> {
        plain(&self.player.event_objects())
    }

    /// The moment shown, in milliseconds.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        self.player.moment().now.0 as f64
    }

    /// 16 hexadecimal digits that are equal for equal worlds, on every machine.
    pub fn digest(&self) -> String {
        self.player.digest()
    }

    /// The scenario with all that was done, as JSON text.
    pub fn scenario(&self) -> Result<String, JsError> {
        thrown(self.player.scenario())
    }
}

/// A value as JSON text.
fn json(value: &JsValue) -> Result<String, JsError> {
    let text = js_sys::JSON::stringify(value).map_err(|thrown| {
        let why = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        JsError::new(&format!("not a plain value: {}", why.unwrap_or_default()))
    })?;
    // Functions and `undefined` have no text.
    text.as_string().ok_or_else(|| JsError::new("not a plain value"))
}

/// A value as a plain JavaScript object.
fn plain<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| JsError::new(&error.to_string()))
}

fn thrown<T>(result: Result<T, String>) -> Result<T, JsError> {
    result.map_err(|message| JsError::new(&message))
}
