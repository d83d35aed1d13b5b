//! The scheduler's attempts to place a pod, the newest first: each opens to show what woke
//! it, what is said against the nodes, and the scores.

use crate::ui::format;
use crate::view::attempts::{AttemptRow, Attempts, ScoreTable};
use yew::prelude::*;

/// The list; nothing if nothing was tried yet.
pub(in crate::ui) fn attempts(tried: &Attempts) -> Html {
    if tried.rows.is_empty() {
        return Html::default();
    }
    let earlier = usize::try_from(tried.count).unwrap_or_default().saturating_sub(tried.rows.len());
    html! {
        <section class="attempts">
            <h3>{ format!("Scheduling attempts {}", tried.count) }</h3>
            <ol aria-label="Scheduling attempts">{ for tried.rows.iter().map(row) }</ol>
            if earlier > 0 {
                <p class="quiet">{ format!("{earlier} earlier ones are not kept.") }</p>
            }
        </section>
    }
}

fn row(row: &AttemptRow) -> Html {
    html! {
        <li key={row.number}>
            <details>
                <summary>
                    <span class="mono quiet">{ format::time(row.at) }</span>
                    <span class={row.failed.then_some("warning")}>{ format!("#{} {}", row.number, row.result) }</span>
                </summary>
                <dl>
                    { for row.facts.iter().map(|(label, text)| fact(label, format::breakable(text))) }
                    { for row.verdicts.iter().map(|(verdict, nodes)| fact("Not on", html! {
                        <>{ verdict }<span class="mono quiet">{ " " }{ nodes }</span></>
                    })) }
                    { row.backs_off_until.map(|until| fact("Back-off", html! { <>{ "until " }{ format::time(until) }{ ", and then until something changes" }</> })) }
                </dl>
                { row.scores.as_ref().map(score_table) }
            </details>
        </li>
    }
}

fn fact(label: &'static str, text: Html) -> Html {
    html! { <div><dt>{ label }</dt><dd>{ text }</dd></div> }
}

fn score_table(table: &ScoreTable) -> Html {
    html! {
        <table>
            <thead><tr><th scope="col">{ "plugin × weight" }</th>{ for table.nodes.iter().map(|node| html! { <th scope="col">{ format::breakable(node) }</th> }) }</tr></thead>
            <tbody>
                { for table.plugins.iter().map(|(name, weight, scores)| scores_of(format!("{name} ×{weight}"), scores)) }
                { scores_of("total".to_owned(), &table.totals) }
            </tbody>
        </table>
    }
}

fn scores_of(name: String, scores: &[i64]) -> Html {
    html! { <tr><th scope="row">{ name }</th>{ for scores.iter().map(|score| html! { <td>{ *score }</td> }) }</tr> }
}

#[cfg(test)]
mod tests;
