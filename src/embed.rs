//! The playground for other programs: a JavaScript class over plain values.
//!
//! `player` does the work and is tested natively; `js` only carries values over the border.
//! What comes in goes through JSON text (so that cycles and endless nesting are errors, not a
//! stack overflow); what goes out is made by serde-wasm-bindgen as plain objects: maps are
//! objects, numbers are numbers, what is absent is `null`. Nothing here panics on wrong
//! input: every mistake is an `Error` with a message. Knows nothing of the page.

mod player;

#[cfg(all(target_arch = "wasm32", feature = "js"))]
mod js;

#[cfg(all(target_arch = "wasm32", feature = "js"))]
pub use js::Playground;
pub use player::{Applied, Moment, Player};
