//! The editor: a plain text field, which CodeMirror stands in for once it has come
//! (`www/editor/`): it acts on the field and the field on it, so nothing here tells the two
//! apart. What is wrong goes to it as an attribute.
//!
//! Tab indents. After Escape it moves on, so the keyboard is not trapped.

use super::FIELD_ID;
use crate::base::Problem;
use crate::ui::dom;
use crate::ui::shared::Shared;
use js_sys::{Array, Function, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Properties of [`Editor`].
#[derive(Clone, PartialEq, Properties)]
pub struct EditorProps {
    /// The text.
    pub text: AttrValue,
    /// What is wrong with it.
    pub problems: Shared<Vec<Problem>>,
    /// The text was changed.
    pub on_input: Callback<String>,
    /// Apply was asked for by keyboard.
    pub on_apply: Callback<()>,
}

/// The editor.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let leaving = use_memo((), |()| Cell::new(false));
    let oninput = props.on_input.reform(|event: InputEvent| dom::value_of(&event));
    let onkeydown = {
        let on_apply = props.on_apply.clone();
        let on_input = props.on_input.clone();
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                on_apply.emit(());
            }
            "Escape" => leaving.set(true),
            // CodeMirror has done what it does.
            _ if event.default_prevented() => leaving.set(false),
            "Tab" if leaving.get() || event.shift_key() || event.ctrl_key() || event.alt_key() => leaving.set(false),
            "Tab" => indent(&event, &on_input),
            _ => leaving.set(false),
        })
    };
    let described = if props.problems.is_empty() { "manifest-keys" } else { "manifest-keys manifest-problems" };
    html! {
        <manifest-editor class="editor" marks={marks(&props.problems)} {onkeydown}>
            <textarea id={FIELD_ID} value={props.text.clone()} {oninput} aria-label="Manifest, YAML or JSON"
                aria-describedby={described} aria-invalid={props.problems.iter().any(Problem::is_error).to_string()}
                placeholder={"Paste a DaemonSet here: YAML or JSON,\nseveral documents or a List"}
                spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" data-testid="manifest" />
            <p id="manifest-keys" class="sr-only">{ "Tab indents. Escape, then Tab leaves the editor. Control Enter applies." }</p>
        </manifest-editor>
    }
}

/// What is wrong, as `www/editor/diagnostics.js` takes it: a line a problem.
fn marks(problems: &[Problem]) -> String {
    let mut marks = String::new();
    for problem in problems {
        marks.push_str(if problem.is_error() { "E " } else { "W " });
        for offset in [problem.span.start, problem.span.end] {
            marks.push_str(&offset.to_string());
            marks.push(' ');
        }
        marks.push_str(&problem.message);
        marks.push('\n');
    }
    marks
}

/// Puts two spaces where the caret is, in a way that the field's own undo knows of.
fn indent(event: &KeyboardEvent, on_input: &Callback<String>) {
    let Some(field) = dom::target(event).and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    event.prevent_default();
    if insert_undoable("  ") {
        return;
    }
    let at = field.selection_start().ok().flatten().unwrap_or(0);
    let end = field.selection_end().ok().flatten().unwrap_or(at);
    if field.set_range_text_with_start_and_end("  ", at, end).is_ok() {
        let _ = field.set_selection_range(at + 2, at + 2);
        on_input.emit(field.value());
    }
}

/// `document.execCommand` is deprecated, and still the only insertion that can be undone.
fn insert_undoable(text: &str) -> bool {
    let Some(document) = dom::window().and_then(|window| window.document()) else {
        return false;
    };
    let Ok(function) = Reflect::get(&document, &JsValue::from_str("execCommand")) else {
        return false;
    };
    let Some(function) = function.dyn_ref::<Function>() else {
        return false;
    };
    let arguments: Array =
        [JsValue::from_str("insertText"), JsValue::FALSE, JsValue::from_str(text)].into_iter().collect();
    function.apply(&document, &arguments).is_ok_and(|done| done.as_bool() == Some(true))
}

/// Puts the caret at a line and column, both from 1, and the field into sight.
pub(super) fn go_to(text: &str, line: usize, column: usize) {
    let field = dom::window().and_then(|window| window.document()?.get_element_by_id(FIELD_ID));
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    let at = offset(text, line, column);
    dom::focus(&field);
    let _ = field.set_selection_range(at, at);
    scroll_to_line(&field, line);
}

fn scroll_to_line(field: &HtmlTextAreaElement, line: usize) {
    let lines = field.value().split('\n').count().max(1);
    let (Ok(line), Ok(lines)) = (i32::try_from(line), i32::try_from(lines)) else {
        return;
    };
    let y = field.scroll_height().saturating_mul(line.saturating_sub(1)) / lines;
    let (top, seen) = (field.scroll_top(), field.client_height());
    if y < top || y > top + seen - 40 {
        field.set_scroll_top((y - seen / 2).max(0));
    }
    field.set_scroll_left(0);
}

/// A place in the text as the browser counts: in UTF-16 units.
fn offset(text: &str, line: usize, column: usize) -> u32 {
    let units = |part: &str| part.chars().map(char::len_utf16).sum::<usize>();
    let before: usize = text.split('\n').take(line.saturating_sub(1)).map(|line| units(line) + 1).sum();
    let within = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let within: usize = within.chars().take(column.saturating_sub(1)).map(char::len_utf16).sum();
    u32::try_from(before + within).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;

    #[test]
    fn places_are_counted_as_the_browser_does() {
        let text = "a: 😀x\nb: c\n";
        assert_eq!(offset(text, 1, 1), 0);
        assert_eq!(offset(text, 1, 5), 5);
        assert_eq!(offset(text, 2, 4), 10);
        assert_eq!(offset(text, 9, 9), 13);
    }

    #[test]
    fn what_is_wrong_goes_line_by_line() {
        let span = |start, end| Span { start, end, ..Span::default() };
        let problems = [Problem::warning(span(3, 9), "w 1"), Problem::error(span(12, 12), "e")];
        assert_eq!(marks(&problems), "W 3 9 w 1\nE 12 12 e\n");
    }
}
