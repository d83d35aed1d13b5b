//! What must hold in wasm too, under node. One file only: with its debug
//! information each wasm test binary is tens of megabytes.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn runs_under_node() {
    let process = js_sys::Reflect::get(&js_sys::global(), &"process".into());
    assert!(process.is_ok_and(|process| process.is_object()));
}
