//! Keys that are commands anywhere on the page, but where a person types or where the key
//! already means something to the control that has the focus.

use super::dom;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Play or pause.
    TogglePlaying,
    /// To the next event.
    StepForward,
    /// To the event before.
    StepBack,
    /// Take back the last change.
    Undo,
    /// Make it again.
    Redo,
    /// Open the help.
    Help,
    /// Open the palette of commands.
    Palette,
    /// Go to the editor.
    Manifest,
    /// Dim what is not of the selected DaemonSet, or no longer.
    Focus,
    /// Let go of what is held: a focus.
    Escape,
}

impl Wish {
    /// Whether the key stands alone, without Ctrl or ⌘: such keys can be switched off.
    #[must_use]
    pub fn is_single_key(self) -> bool {
        !matches!(self, Wish::Undo | Wish::Redo | Wish::Palette | Wish::Escape)
    }
}

/// What a key press asks for, by its key and whether Ctrl (or ⌘), Shift and Alt are held.
fn wish_of(key: &str, ctrl: bool, shift: bool, alt: bool) -> Option<Wish> {
    match (key, ctrl, alt) {
        ("z" | "Z", true, false) => Some(if shift { Wish::Redo } else { Wish::Undo }),
        ("k" | "K", true, false) => Some(Wish::Palette),
        ("y", true, false) => Some(Wish::Redo),
        (" ", false, false) => Some(Wish::TogglePlaying),
        (".", false, false) => Some(Wish::StepForward),
        (",", false, false) => Some(Wish::StepBack),
        ("?", false, _) => Some(Wish::Help),
        ("f", false, false) => Some(Wish::Focus),
        ("Escape", false, false) => Some(Wish::Escape),
        ("m" | "/", false, false) => Some(Wish::Manifest),
        _ => None,
    }
}

/// Whether the key belongs to the element that has the focus.
fn belongs_to(tag: &str, role: Option<&str>, key: &str) -> bool {
    match tag {
        "INPUT" | "TEXTAREA" | "SELECT" | "MANIFEST-EDITOR" => true,
        "BUTTON" | "A" | "SUMMARY" => key == " ",
        _ => key == " " && role.is_some_and(|role| role != "slider"),
    }
}

/// A listener on the page; it ends with this value.
pub struct Keys {
    closure: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Keys {
    /// Listens; `None` without a browser.
    pub fn listen(on_wish: Callback<Wish>) -> Option<Keys> {
        let document = dom::window()?.document()?;
        let closure = Closure::new(move |event: KeyboardEvent| {
            let (tag, role) = dom::target(&event)
                .map(|element| (element.tag_name(), element.get_attribute("role")))
                .unwrap_or_default();
            if event.default_prevented() || belongs_to(&tag, role.as_deref(), &event.key()) || in_dialog(&event) {
                return;
            }
            let ctrl = event.ctrl_key() || event.meta_key();
            if let Some(wish) = wish_of(&event.key(), ctrl, event.shift_key(), event.alt_key()) {
                event.prevent_default();
                on_wish.emit(wish);
            }
        });
        document.add_event_listener_with_callback("keydown", closure.as_ref().unchecked_ref()).ok()?;
        Some(Keys { closure })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(document) = dom::window().and_then(|window| window.document()) {
            let listener = self.closure.as_ref().unchecked_ref();
            let _ = document.remove_event_listener_with_callback("keydown", listener);
        }
    }
}

fn in_dialog(event: &KeyboardEvent) -> bool {
    dom::target(event).is_some_and(|element| element.closest("dialog").ok().flatten().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_their_wishes() {
        let check = |key: &str, ctrl, shift, want| assert_eq!(wish_of(key, ctrl, shift, false), want, "{key}");
        check(" ", false, false, Some(Wish::TogglePlaying));
        check("z", true, false, Some(Wish::Undo));
        check("Z", true, true, Some(Wish::Redo));
        check("z", false, false, None);
        check("?", false, true, Some(Wish::Help));
        check("k", true, false, Some(Wish::Palette));
        check(".", true, false, None);
    }

    #[test]
    fn typing_is_left_alone() {
        assert!(belongs_to("TEXTAREA", None, "."));
        assert!(belongs_to("MANIFEST-EDITOR", None, "z"));
        assert!(belongs_to("BUTTON", None, " "));
        assert!(!belongs_to("BUTTON", None, "."));
        assert!(!belongs_to("DIV", Some("slider"), " "));
        assert!(!belongs_to("BODY", None, " "));
    }
}
