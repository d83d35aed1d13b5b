//! Why a DaemonSet's pods are where they are: every node against every check, and the
//! controller's three answers: a pod should run here, one that is here may stay, one that is
//! here must go.

use crate::api::Key;
use crate::app::{Edit, Intent};
use crate::ui::actions::{Actions, use_actions};
use crate::ui::board::workload_card::{columns_of, heading};
use crate::ui::desk::View;
use crate::ui::format;
use crate::ui::icon::{Picture, icon};
use crate::ui::shared::Shared;
use crate::view::WorkloadCard;
use crate::view::explain::{Explanation, ExplanationRow, ROWS_MAX, drawn_first};
use crate::view::remedy::{Act, FixRow};
use yew::prelude::*;

const CHECKS: [(&str, &str); 6] = [
    ("node name", "spec.nodeName of the template"),
    ("selector", "nodeSelector of the template"),
    ("affinity", "required node affinity of the template"),
    ("NoSchedule", "NoSchedule taints are tolerated"),
    ("NoExecute", "NoExecute taints are tolerated"),
    ("scheduler", "The scheduler’s filters: resources, ports, and so on"),
];

/// Properties of [`WhyPanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct WhyPanelProps {
    /// The DaemonSet.
    pub card: Shared<WorkloadCard>,
    /// Its verdicts.
    pub explanation: Option<Shared<Explanation>>,
    /// The column whose nodes alone are shown.
    pub counted: Option<usize>,
}

/// The verdict: class, words, and what they mean.
#[must_use]
pub fn verdict(row: &ExplanationRow) -> (&'static str, &'static str, &'static str) {
    match (row.should_run, row.should_continue_running) {
        (true, _) => ("run", "should run", "a pod is created here"),
        (false, true) => ("stay", "may stay", "no pod is created here; one that runs stays"),
        (false, false) => ("go", "must go", "no pod is created here; one that is here is deleted"),
    }
}

/// The matrix.
#[component]
pub fn WhyPanel(props: &WhyPanelProps) -> Html {
    let actions = use_actions();
    // The node that should run a pod and is looked at more closely.
    let open = use_state(String::new);
    let Some(explanation) = &props.explanation else {
        return html! { <p class="empty">{ "Nothing is known of this DaemonSet at this moment." }</p> };
    };
    let rows = &explanation.rows;
    let some = |words: &str| rows.iter().filter(|row| verdict(row).1 == words).count();
    let is_counted =
        |row: &&ExplanationRow| props.counted.is_none_or(|column| row.counted.get(column).copied().unwrap_or_default());
    let mut shown: Vec<&ExplanationRow> = rows.iter().filter(is_counted).collect();
    let count = shown.len();
    drawn_first(&mut shown, |row| row.should_run);
    html! {
        <>
            { heading(&props.card) }
            <p class="tally">
                <span class="run">{ format!("{} should run", some("should run")) }</span>
                <span class="stay">{ format!("{} may stay", some("may stay")) }</span>
                <span class="go">{ format!("{} must go", some("must go")) }</span>
            </p>
            { props.counted.and_then(|column| counted(&actions, &props.card, column, count)) }
            <div class="matrix" tabindex="0" role="region" aria-label="Nodes and checks">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ "node" }</th>
                            { for CHECKS.iter().map(|(title, what)| html! { <th scope="col" class="check" title={*what}><span>{ *title }</span></th> }) }
                            <th scope="col">{ "a pod here" }</th>
                        </tr>
                    </thead>
                    { shown.into_iter().map(|row| row_of(&actions, &explanation.key, row, &open)).collect::<Html>() }
                </table>
            </div>
            if count > ROWS_MAX {
                <p class="quiet">{ format!("{ROWS_MAX} of {count} nodes; those where a check fails come first.") }</p>
            }
            <p class="quiet">
                { "All but the last are the DaemonSet controller’s checks, and all that it makes. The last is the scheduler’s word on a pod of the template, beside what runs there; its own pod aside." }
            </p>
        </>
    }
}

/// Which nodes a column counts, in words.
fn counted(actions: &Actions, card: &WorkloadCard, column: usize, count: usize) -> Option<Html> {
    let (heading, _, stored) = *columns_of(&card.columns).get(column)?;
    let nodes = format::count(count, "node");
    let now = if usize::try_from(stored) == Ok(count) {
        format!("{heading} counts {nodes}.")
    } else {
        format!("{heading} is stored as {stored}; by the rules now it counts {nodes}.")
    };
    Some(html! {
        <p class="counted" role="status">
            <b>{ now }</b>{ " " }
            <button type="button" class="link-button" onclick={actions.on_click_show(View::Why(card.key.clone()))}>{ "Show all nodes" }</button>
        </p>
    })
}

fn row_of(actions: &Actions, key: &Key, row: &ExplanationRow, open: &UseStateHandle<String>) -> Html {
    let (class, words, what) = verdict(row);
    let checks = [row.node_name, row.node_selector, row.node_affinity, row.no_schedule, row.no_execute];
    let is_open = **open == row.node;
    let against = row.scheduler.as_deref().unwrap_or_default();
    let fixes = row.fixes.iter().map(|fix| fix_of(actions, key, &row.node, fix));
    html! {
        <tbody key={row.node.clone()} data-why={row.node.clone()} data-verdict={class}>
            <tr>
                <th scope="row">
                    <button type="button" class="link-button mono" onclick={actions.on_click_show(View::Node(row.node.clone()))}>{ &row.node }</button>
                </th>
                { for checks.into_iter().map(check) }
                { row.scheduler.as_ref().map_or_else(|| html! { <td class="check quiet">{ "–" }<span class="sr-only">{ "not asked" }</span></td> }, |against| check(against.is_empty())) }
                <td class={classes!("verdict-cell", class)} title={what}>
                    if row.should_run && !row.fixes.is_empty() {
                        { more(&row.node, words, open) }
                    } else {
                        { words }
                    }
                </td>
            </tr>
            if !row.should_run {
                <tr class="because">
                    <td colspan="8">
                        { for row.because.iter().map(|text| html! { <p>{ text }</p> }) }
                        if !row.no_fix.is_empty() {
                            <p>{ &row.no_fix }</p>
                        }
                        { for fixes }
                    </td>
                </tr>
            } else if is_open || !against.is_empty() {
                <tr class="because">
                    <td colspan="8">
                        { for against.iter().map(|text| html! { <p>{ "The scheduler: " }{ text }</p> }) }
                        if is_open {
                            <p>{ "What would keep new pods off:" }</p>
                            { for fixes }
                        }
                    </td>
                </tr>
            }
        </tbody>
    }
}

/// A verdict that opens to show what would change it.
fn more(node: &str, words: &str, open: &UseStateHandle<String>) -> Html {
    let is_open = **open == node;
    let onclick = {
        let (open, node) = (open.clone(), if is_open { String::new() } else { node.to_owned() });
        Callback::from(move |_: MouseEvent| open.set(node.clone()))
    };
    html! {
        <button type="button" class="link-button" aria-expanded={is_open.to_string()} title="What would keep it off" {onclick}>
            { words }{ icon(Picture::Caret) }
        </button>
    }
}

/// An edit that changes the verdict, and a button that does it.
fn fix_of(actions: &Actions, key: &Key, node: &str, fix: &FixRow) -> Html {
    let (name, onclick) = match &fix.act {
        Act::Node(text) => ("node", actions.on_click(Intent::EditNode { node: node.to_owned(), text: text.clone() })),
        Act::Template(edits) => {
            let (key, edits) = (key.clone(), edits.clone());
            ("template", actions.edit.reform(move |_| (key.clone(), Edit::Placement(edits.clone()))))
        }
    };
    html! {
        <div class="fix" data-fix={name}>
            <p><b>{ format::breakable(&fix.words) }</b>{ " — " }{ &fix.touches }</p>
            <button type="button" class="button small" aria-label={format!("Do it: {}", fix.words)} {onclick}>{ "Do it" }</button>
            { for fix.commands.iter().map(|command| html! { <code>{ command }</code> }) }
        </div>
    }
}

fn check(passed: bool) -> Html {
    let (class, picture, word) = if passed { ("yes", Picture::Check, "yes") } else { ("no", Picture::Close, "no") };
    html! { <td class={classes!("check", class)}>{ icon(picture) }<span class="sr-only">{ word }</span></td> }
}
