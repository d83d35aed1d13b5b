//! The editor: a plain text field over a copy of its text that has colours, with the numbers
//! of the lines beside it. The copy is what gives the field its size, so the three scroll as
//! one and nothing has to be kept in step.
//!
//! Tab indents. After Escape it moves on, so the keyboard is not trapped.

use super::FIELD_ID;
use super::highlight::{Kind, tokens};
use crate::base::{Map, Problem};
use crate::ui::dom;
use crate::ui::shared::Shared;
use js_sys::{Array, Function, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// Longer texts are shown without colours.
const COLOURED_LINES_MAX: usize = 1_500;

/// Longer texts are shown without line numbers either.
const NUMBERED_LINES_MAX: usize = 20_000;

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
            "Tab" if leaving.get() || event.shift_key() || event.ctrl_key() || event.alt_key() => leaving.set(false),
            "Tab" => {
                event.prevent_default();
                indent(&event, &on_input);
            }
            _ => leaving.set(false),
        })
    };
    let lines = props.text.split('\n').count();
    let described = if props.problems.is_empty() { "manifest-keys" } else { "manifest-keys manifest-problems" };
    html! {
        <div class="editor" tabindex="-1">
            <div class="editor-inner">
                { gutter(lines, &props.problems) }
                <div class="code">
                    { copy(&props.text, lines, &props.problems) }
                    <textarea id={FIELD_ID} value={props.text.clone()} {oninput} {onkeydown} aria-label="Manifest, YAML or JSON"
                        aria-describedby={described} aria-invalid={props.problems.iter().any(Problem::is_error).to_string()}
                        placeholder={"Paste a DaemonSet here: YAML or JSON,\nseveral documents or a List"}
                        spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" data-testid="manifest" />
                </div>
            </div>
            <p id="manifest-keys" class="sr-only">{ "Tab indents. Escape, then Tab leaves the editor. Control Enter applies." }</p>
        </div>
    }
}

/// The worst problem of each line.
fn by_line(problems: &[Problem]) -> Map<usize, &Problem> {
    let mut lines = Map::new();
    for problem in problems {
        let worst = lines.entry(problem.span.line).or_insert(problem);
        if problem.severity < worst.severity {
            *worst = problem;
        }
    }
    lines
}

fn class_of(problem: &Problem) -> &'static str {
    if problem.is_error() { "error" } else { "warning" }
}

fn gutter(lines: usize, problems: &[Problem]) -> Html {
    if lines > NUMBERED_LINES_MAX {
        return Html::default();
    }
    if lines > COLOURED_LINES_MAX {
        let numbers: String = (1..=lines).map(|line| format!("{line}\n")).collect();
        return html! { <pre class="gutter" aria-hidden="true">{ numbers }</pre> };
    }
    let bad = by_line(problems);
    let numbers = (1..=lines).map(|line| {
        let problem = bad.get(&line);
        html! { <div key={line} class={problem.map(|problem| class_of(problem))} title={problem.map(|problem| problem.message.clone())}>{ line }</div> }
    });
    html! { <div class="gutter" aria-hidden="true">{ for numbers }</div> }
}

fn copy(text: &str, lines: usize, problems: &[Problem]) -> Html {
    // The last line needs something on it to have a height.
    if lines > COLOURED_LINES_MAX {
        return html! { <pre class="copy" aria-hidden="true">{ format!("{text}\n") }</pre> };
    }
    let bad = by_line(problems);
    let lines = text.split('\n').enumerate().map(|(i, line)| {
        let problem = bad.get(&(i + 1));
        line_of(i, line, problem.map(|problem| class_of(problem)))
    });
    html! { <pre class="copy" aria-hidden="true">{ for lines }</pre> }
}

fn line_of(number: usize, text: &str, problem: Option<&'static str>) -> Html {
    let parts = tokens(text).into_iter().map(|(kind, text)| match kind {
        Kind::Plain => html! { <>{ text }</> },
        Kind::Key => html! { <span class="t-key">{ text }</span> },
        Kind::Text => html! { <span class="t-text">{ text }</span> },
        Kind::Number => html! { <span class="t-number">{ text }</span> },
        Kind::Comment => html! { <span class="t-comment">{ text }</span> },
        Kind::Mark => html! { <span class="t-mark">{ text }</span> },
    });
    html! { <div key={number} class={classes!("line", problem)}>{ parts.collect::<Html>() }{ "\u{200b}" }</div> }
}

/// Puts two spaces where the caret is, in a way that the field's own undo knows of.
fn indent(event: &KeyboardEvent, on_input: &Callback<String>) {
    let Some(field) = dom::target(event).and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
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
    let Some(editor) = field.closest(".editor").ok().flatten() else {
        return;
    };
    let height = field.offset_height();
    let (Ok(line), Ok(lines)) = (i32::try_from(line), i32::try_from(lines)) else {
        return;
    };
    let y = height.saturating_mul(line.saturating_sub(1)) / lines;
    let (top, seen) = (editor.scroll_top(), editor.client_height());
    if y < top || y > top + seen - 40 {
        editor.set_scroll_top((y - seen / 2).max(0));
    }
    editor.set_scroll_left(0);
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
    fn the_worst_problem_marks_its_line() {
        let span = Span { line: 3, ..Span::default() };
        let problems = [Problem::warning(span, "w"), Problem::error(span, "e")];
        assert!(by_line(&problems)[&3].is_error());
    }
}
