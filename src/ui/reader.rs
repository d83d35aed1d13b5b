//! Asks the reader of manifests, a wasm module of its own that the page loads behind its
//! first frame (`www/boot.js`). Where there is no page, it is linked in and asked directly.

use crate::api::DaemonSet;
use crate::api::manifest::{Answer, Applied, Cluster, Printed, Reading, Request, Subject};
use crate::app::share::{Ask, Told};

/// What a manifest text holds.
///
/// # Errors
/// The reader could not be loaded.
pub async fn read(text: String) -> Result<Reading, String> {
    reading(ask(Request::Read(text)).await?)
}

/// What comes of applying a manifest text to the cluster.
///
/// # Errors
/// The reader could not be loaded.
pub async fn apply(text: String, cluster: Box<Cluster>) -> Result<Applied, String> {
    match ask(Request::Apply(text, cluster)).await? {
        Answer::Applied(applied) => Ok(applied),
        _ => Err(mismatch()),
    }
}

/// Gives up what is being read: whoever waits for it gets an error.
#[cfg(target_arch = "wasm32")]
pub fn cancel() {
    yew::platform::spawn_local(async {
        // Nobody waits for this one.
        let _ = ask_manifest_reader(Vec::new()).await;
    });
}

/// Where there is no page, nothing is ever under way.
#[cfg(not(target_arch = "wasm32"))]
pub fn cancel() {}

/// What the API server makes of a DaemonSet.
///
/// # Errors
/// The reader could not be loaded.
pub async fn admit(daemon_set: Box<DaemonSet>) -> Result<Reading, String> {
    reading(ask(Request::Admit(daemon_set)).await?)
}

/// A DaemonSet as a manifest.
///
/// # Errors
/// The reader could not be loaded.
pub async fn print(daemon_set: Box<DaemonSet>) -> Result<String, String> {
    match ask(Request::Print(daemon_set)).await? {
        Answer::Text(text) => Ok(text),
        _ => Err(mismatch()),
    }
}

/// A stored object as YAML.
///
/// # Errors
/// The reader could not be loaded.
pub async fn show(subject: Box<Subject>) -> Result<Printed, String> {
    match ask(Request::Show(subject)).await? {
        Answer::Printed(printed) => Ok(printed),
        _ => Err(mismatch()),
    }
}

/// What becomes of a link, a file, or what is to be one; a refusal is an error.
///
/// # Errors
/// The reader could not be loaded, or refuses.
pub async fn share(ask: Ask) -> Result<Told, String> {
    match ask_about_scenarios(ask).await? {
        Told::Refused(why) => Err(why),
        told => Ok(told),
    }
}

fn reading(answer: Answer) -> Result<Reading, String> {
    match answer {
        Answer::Reading(reading) => Ok(reading),
        _ => Err(mismatch()),
    }
}

/// The two modules are of two versions, as when a new page was put on the host meanwhile.
fn mismatch() -> String {
    "The page was renewed on its host: please reload it.".to_owned()
}

#[cfg(not(target_arch = "wasm32"))]
async fn ask(request: Request) -> Result<Answer, String> {
    Ok(crate::api::manifest::answer(request))
}

#[cfg(not(target_arch = "wasm32"))]
async fn ask_about_scenarios(ask: Ask) -> Result<Told, String> {
    Ok(crate::app::share::tell(&ask))
}

#[cfg(target_arch = "wasm32")]
async fn ask(request: Request) -> Result<Answer, String> {
    answered(ask_manifest_reader(in_bytes(&request)?).await)
}

#[cfg(target_arch = "wasm32")]
async fn ask_about_scenarios(ask: Ask) -> Result<Told, String> {
    answered(ask_scenario_reader(in_bytes(&ask)?).await)
}

#[cfg(target_arch = "wasm32")]
fn in_bytes(question: &impl borsh::BorshSerialize) -> Result<Vec<u8>, String> {
    borsh::to_vec(question).map_err(|error| error.to_string())
}

#[cfg(target_arch = "wasm32")]
fn answered<T: borsh::BorshDeserialize>(
    answer: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>,
) -> Result<T, String> {
    match answer {
        Ok(answer) => borsh::from_slice(&js_sys::Uint8Array::from(answer).to_vec()).map_err(|_| mismatch()),
        Err(error) => {
            let why = error.as_string().unwrap_or_else(|| js_sys::Error::from(error).message().into());
            Err(format!("The part of the page that reads manifests did not load: {why}. Try again."))
        }
    }
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
extern "C" {
    /// See `www/boot.js`.
    #[wasm_bindgen(catch, js_name = askManifestReader)]
    async fn ask_manifest_reader(question: Vec<u8>) -> Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>;

    /// See `www/boot.js`.
    #[wasm_bindgen(catch, js_name = askScenarioReader)]
    async fn ask_scenario_reader(question: Vec<u8>) -> Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>;
}
