//! What is wrong with the manifest, by place; a click goes there.

use super::editor::go_to;
use crate::base::Problem;
use yew::prelude::*;

/// At most so many are listed.
const LISTED_MAX: usize = 50;

/// The list, absent when there is nothing in it.
pub(super) fn problems(problems: &[Problem], text: &AttrValue) -> Html {
    if problems.is_empty() {
        return Html::default();
    }
    let more = problems.len().saturating_sub(LISTED_MAX);
    html! {
        <ul class="problems" id="manifest-problems" aria-label="Problems in the manifest" data-testid="problems">
            { problems.iter().take(LISTED_MAX).map(|problem| item(problem, text)).collect::<Html>() }
            if more > 0 {
                <li class="quiet">{ format!("and {more} more") }</li>
            }
        </ul>
    }
}

fn item(problem: &Problem, text: &AttrValue) -> Html {
    let (line, column, text) = (problem.span.line, problem.span.column, text.clone());
    let onclick = Callback::from(move |_: MouseEvent| go_to(&text, line, column));
    let (class, word) = if problem.is_error() { ("error", "error") } else { ("warning", "warning") };
    html! {
        <li {class}>
            <button type="button" {onclick} data-line={line.to_string()}>
                <span class="place">{ format!("{line}:{column}") }</span>
                <span class="sr-only">{ word }</span>
                <span>{ &problem.message }</span>
            </button>
        </li>
    }
}
