//! Animation frames, asked for one at a time: none while there is nothing to see, and none
//! from the browser while the page is hidden.

use crate::ui::dom;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use yew::prelude::*;

/// The longest time that passes at once: after a pause of the browser's, time does not leap.
const ELAPSED_MAX_MS: f64 = 100.0;

/// Asks for animation frames.
pub(super) struct Frames {
    closure: Option<Closure<dyn FnMut(f64)>>,
    asked: Rc<Cell<bool>>,
    last_ms: Option<f64>,
    on_frame: Callback<f64>,
}

impl Frames {
    pub(super) fn new(on_frame: Callback<f64>) -> Frames {
        Frames { closure: None, asked: Rc::new(Cell::new(false)), last_ms: None, on_frame }
    }

    /// Asks for the next frame.
    pub(super) fn request(&mut self) {
        if self.asked.get() {
            return;
        }
        let Some(window) = dom::window() else { return };
        let closure = self.closure.get_or_insert_with(|| {
            let (asked, on_frame) = (Rc::clone(&self.asked), self.on_frame.clone());
            Closure::new(move |at_ms| {
                asked.set(false);
                on_frame.emit(at_ms);
            })
        });
        let accepted = window.request_animation_frame(closure.as_ref().unchecked_ref()).is_ok();
        self.asked.set(accepted);
    }

    /// Nothing moves: the time until the next frame asked for does not count.
    pub(super) fn rest(&mut self) {
        self.last_ms = None;
    }

    /// Real time since the last frame.
    pub(super) fn elapsed(&mut self, at_ms: f64) -> f64 {
        let last_ms = self.last_ms.replace(at_ms).unwrap_or(at_ms);
        (at_ms - last_ms).clamp(0.0, ELAPSED_MAX_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_does_not_leap_or_run_backwards() {
        let mut frames = Frames::new(Callback::noop());
        let mut elapsed = |at_ms| frames.elapsed(at_ms).round() as i64;
        assert_eq!(elapsed(5_000.0), 0);
        assert_eq!(elapsed(5_016.0), 16);
        assert_eq!(elapsed(90_000.0), 100);
        assert_eq!(elapsed(80_000.0), 0);
        frames.rest();
        assert_eq!(frames.elapsed(99_000.0).round() as i64, 0);
    }
}
