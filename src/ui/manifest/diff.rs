//! What applying the text would change, as `kubectl diff` prints it.

use yew::prelude::*;

/// The lines, each with its sign; absent unless asked for.
pub(super) fn diff(text: Option<&str>) -> Html {
    let Some(text) = text else { return Html::default() };
    let lines = match text {
        "" => line("No differences"),
        text => text.lines().map(line).collect(),
    };
    html! { <pre class="diff" tabindex="0" role="status" aria-label="Diff" data-testid="diff-text">{ lines }</pre> }
}

fn line(line: &str) -> Html {
    let class = match line.as_bytes().first() {
        Some(b'+') => "add",
        Some(b'-') => "del",
        _ => "",
    };
    html! { <div {class}>{ line }</div> }
}
