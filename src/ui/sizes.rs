//! Tells when elements change in size. The browser says so once a frame, when it knows the
//! layout: to ask for a height after each drawing would make it lay out the page once more.

use crate::ui::dom;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver};
use yew::{Callback, NodeRef};

/// A watch; it ends with this value.
pub(in crate::ui) struct Sizes {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl Sizes {
    /// Watches elements; `None` without a browser.
    pub fn watch(elements: &[&NodeRef], on_change: Callback<()>) -> Option<Sizes> {
        dom::window()?;
        let closure = Closure::<dyn FnMut()>::new(move || on_change.emit(()));
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        for element in elements.iter().filter_map(|element| element.cast::<Element>()) {
            observer.observe(&element);
        }
        Some(Sizes { observer, _closure: closure })
    }
}

impl Drop for Sizes {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
