//! The reader of manifests as a wasm module of its own, which the page loads behind its
//! first frame: `answer` takes a question in bytes and gives the answer in bytes.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Answers a question; see `api::manifest::Request`. `tell` hears now and then how many thousandths
/// of a long one are done.
///
/// # Errors
/// Bytes that are no question of this version.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen]
pub fn answer(question: &[u8], tell: &js_sys::Function) -> Result<Vec<u8>, JsError> {
    let mut tell = |permille: u16| {
        // Whoever does not listen is not told again.
        let _ = tell.call1(&wasm_bindgen::JsValue::NULL, &permille.into());
    };
    daemonset_playground::api::manifest::answer_bytes(question, &mut tell).map_err(|error| JsError::new(&error))
}

/// Answers a question about links and files; see `app::share::Ask`.
///
/// # Errors
/// Bytes that are no question of this version.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen]
pub fn tell(question: &[u8]) -> Result<Vec<u8>, JsError> {
    daemonset_playground::app::share::tell_bytes(question).map_err(|error| JsError::new(&error))
}

fn main() {}
