//! The few things asked of the browser directly. Each gives up quietly where there is no
//! browser or it refuses: what they do is convenience.

use crate::app::share::is_link;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, Window};

/// The window, in a browser.
pub fn window() -> Option<Window> {
    if cfg!(target_arch = "wasm32") { web_sys::window() } else { None }
}

/// Whether the person asked for less motion.
pub fn reduced_motion() -> bool {
    prefers("(prefers-reduced-motion: reduce)")
}

/// Whether a media query matches.
pub fn prefers(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|query| query.matches())
}

/// What follows the address, if it is a link to a scenario: `#v1.…`.
pub fn link() -> Option<String> {
    window()?.location().hash().ok().filter(|fragment| is_link(fragment))
}

/// Moves the keyboard's focus to the element with this id.
pub fn focus_id(id: &str) {
    let element = window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        focus(&element);
    }
}

/// Scrolls the element with this id into view, no further than needed.
pub fn reveal_id(id: &str) {
    let element = window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Moves the keyboard's focus.
pub fn focus(element: &HtmlElement) {
    let _ = element.focus();
}

/// The element that has the keyboard's focus.
pub fn focused() -> Option<HtmlElement> {
    window()?.document()?.active_element()?.dyn_into().ok()
}

/// The element an event is about.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Chooses an option of the select that an event came from.
pub fn choose(event: &Event, value: &str) {
    if let Some(select) = target(event).and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok()) {
        select.set_value(value);
    }
}

/// What is in the field that an event came from.
pub fn value_of(event: &Event) -> String {
    let Some(target) = event.target() else {
        return String::new();
    };
    if let Some(input) = target.dyn_ref::<web_sys::HtmlInputElement>() {
        return input.value();
    }
    if let Some(select) = target.dyn_ref::<web_sys::HtmlSelectElement>() {
        return select.value();
    }
    target.dyn_ref::<web_sys::HtmlTextAreaElement>().map(web_sys::HtmlTextAreaElement::value).unwrap_or_default()
}

/// What is in the text field with this id.
pub fn text_of_field(id: &str) -> Option<String> {
    let field = window()?.document()?.get_element_by_id(id)?;
    Some(field.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?.value())
}

/// A number for a style, to four places. The standard library's printing of fractions would be
/// the page's only use of it, and is kilobytes.
pub fn number(value: f64) -> String {
    places(value, 1e4, "e-4")
}

/// A length for a style, to a tenth of a pixel.
pub fn px(value: f64) -> String {
    places(value, 10.0, "e-1px")
}

#[allow(clippy::cast_possible_truncation, reason = "a place in the window")]
fn places(value: f64, scale: f64, unit: &str) -> String {
    format!("{}{unit}", (value * scale).round() as i32)
}

/// Puts a text on the clipboard; whether the browser let it.
pub async fn copy(text: &str) -> bool {
    // There is none on a page that did not come over a safe connection.
    let clipboard = window().map(|window| window.navigator().clipboard()).filter(|clipboard| clipboard.is_object());
    match clipboard {
        Some(clipboard) => wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        None => false,
    }
}

/// What the browser stores for this page, if it does.
pub fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}

/// A thing remembered from an earlier visit.
pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers a thing for the next visit, or forgets it with `None`; whether that could be done.
pub fn remember(key: &str, value: Option<&str>) -> bool {
    storage().is_some_and(|storage| match value {
        Some(value) => storage.set_item(key, value).is_ok(),
        None => storage.remove_item(key).is_ok(),
    })
}
