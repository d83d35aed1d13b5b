//! The text of a field while it is typed.

use super::dom;
use yew::prelude::*;

/// The text, and what takes each change of it.
#[hook]
pub(super) fn use_text() -> (UseStateHandle<String>, Callback<InputEvent>) {
    let text = use_state(String::new);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(dom::value_of(&event)))
    };
    (text, oninput)
}
