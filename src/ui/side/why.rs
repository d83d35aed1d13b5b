//! Why a DaemonSet's pods are where they are: every node against every check, and the
//! controller's three answers: a pod should run here, one that is here may stay, one that is
//! here must go.

use crate::base::sort_by_key;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::board::workload_card::heading;
use crate::ui::desk::View;
use crate::ui::icon::{Picture, icon};
use crate::ui::shared::Shared;
use crate::view::WorkloadCard;
use crate::view::explain::{Explanation, ExplanationRow};
use yew::prelude::*;

/// At most so many rows are drawn; those with something to say come first when there are
/// more.
const ROWS_MAX: usize = 200;

const CHECKS: [(&str, &str); 5] = [
    ("node name", "spec.nodeName of the template"),
    ("selector", "nodeSelector of the template"),
    ("affinity", "required node affinity of the template"),
    ("NoSchedule", "NoSchedule taints are tolerated"),
    ("NoExecute", "NoExecute taints are tolerated"),
];

/// Properties of [`WhyPanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct WhyPanelProps {
    /// The DaemonSet.
    pub card: Shared<WorkloadCard>,
    /// Its verdicts.
    pub explanation: Option<Shared<Explanation>>,
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
    let Some(explanation) = &props.explanation else {
        return html! { <p class="empty">{ "Nothing is known of this DaemonSet at this moment." }</p> };
    };
    let rows = &explanation.rows;
    let some = |words: &str| rows.iter().filter(|row| verdict(row).1 == words).count();
    let mut shown: Vec<&ExplanationRow> = rows.iter().collect();
    if rows.len() > ROWS_MAX {
        sort_by_key(&mut shown, |row| row.because.is_empty());
        shown.truncate(ROWS_MAX);
    }
    html! {
        <>
            { heading(&props.card) }
            <p class="tally">
                <span class="run">{ format!("{} should run", some("should run")) }</span>
                <span class="stay">{ format!("{} may stay", some("may stay")) }</span>
                <span class="go">{ format!("{} must go", some("must go")) }</span>
            </p>
            <div class="matrix" tabindex="0" role="region" aria-label="Nodes and checks">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ "node" }</th>
                            { for CHECKS.iter().map(|(title, what)| html! { <th scope="col" class="check" title={*what}><span>{ *title }</span></th> }) }
                            <th scope="col">{ "a pod here" }</th>
                        </tr>
                    </thead>
                    { shown.into_iter().map(|row| row_of(&actions, row)).collect::<Html>() }
                </table>
            </div>
            if rows.len() > ROWS_MAX {
                <p class="quiet">{ format!("{ROWS_MAX} of {} nodes; those where a check fails come first.", rows.len()) }</p>
            }
            <p class="quiet">
                { "These are all that the DaemonSet controller checks. Whether the pod fits (cpu, memory, ports) is the scheduler’s business, later." }
            </p>
        </>
    }
}

fn row_of(actions: &Actions, row: &ExplanationRow) -> Html {
    let (class, words, what) = verdict(row);
    let checks = [row.node_name, row.node_selector, row.node_affinity, row.no_schedule, row.no_execute];
    html! {
        <tbody key={row.node.clone()} data-why={row.node.clone()} data-verdict={class}>
            <tr>
                <th scope="row">
                    <button type="button" class="link-button mono" onclick={actions.on_click_show(View::Node(row.node.clone()))}>{ &row.node }</button>
                </th>
                { for checks.into_iter().map(check) }
                <td class={classes!("verdict-cell", class)} title={what}>{ words }</td>
            </tr>
            if !row.because.is_empty() {
                <tr class="because">
                    <td colspan="7">{ for row.because.iter().map(|text| html! { <p>{ text }</p> }) }</td>
                </tr>
            }
        </tbody>
    }
}

fn check(passed: bool) -> Html {
    let (class, picture, word) = if passed { ("yes", Picture::Check, "yes") } else { ("no", Picture::Close, "no") };
    html! { <td class={classes!("check", class)}>{ icon(picture) }<span class="sr-only">{ word }</span></td> }
}
