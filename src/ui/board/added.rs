//! What a pod has beyond its template, by who put it there.

use crate::ui::format;
use crate::view::added::{Added, Line};
use yew::prelude::*;

/// The list, folded; nothing if there is none.
pub(in crate::ui) fn added(parts: &[Added]) -> Html {
    if parts.is_empty() {
        return Html::default();
    }
    html! {
        <details class="added">
            <summary>{ "Beyond its template" }<span class="quiet">{ parts.iter().map(|part| part.lines.len()).sum::<usize>() }</span></summary>
            <dl>
                { for parts.iter().map(|part| html! {
                    <div><dt>{ part.by }</dt>{ for part.lines.iter().map(line) }</div>
                }) }
            </dl>
        </details>
    }
}

fn line(line: &Line) -> Html {
    let (class, word) = match line.sign {
        '+' => ("add", "added"),
        '~' => ("change", "changed"),
        _ => ("del", "removed"),
    };
    html! {
        <dd {class}><span aria-hidden="true">{ line.sign }</span><span class="sr-only">{ word }</span><span>{ format::breakable(&line.text) }</span></dd>
    }
}
