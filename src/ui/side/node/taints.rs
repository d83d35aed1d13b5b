//! What each taint of a node does to each DaemonSet.

use crate::ui::actions::Actions;
use crate::ui::desk::View;
use crate::ui::format;
use crate::ui::glyph::glyph;
use crate::ui::shared::Shared;
use crate::view::WorkloadCard;
use crate::view::node_taints::{Does, TaintCell, TaintRow};
use yew::prelude::*;

/// The matrix; nothing of a node without taints.
pub(super) fn taints(actions: &Actions, rows: &[TaintRow], workloads: &[Shared<WorkloadCard>]) -> Html {
    if rows.is_empty() || workloads.is_empty() {
        return Html::default();
    }
    html! {
        <section class="block">
            <h3>{ "What each taint does" }</h3>
            <div class="table taint-matrix" tabindex="0" role="region" aria-label="Taints and DaemonSets">
                <table>
                    <thead><tr>
                        <th scope="col">{ "DaemonSet" }</th>
                        { for rows.iter().map(|row| html! { <th scope="col" class="mono">{ format::breakable(&row.taint) }</th> }) }
                    </tr></thead>
                    <tbody>{ for workloads.iter().map(|card| workload(actions, card, rows)) }</tbody>
                </table>
            </div>
        </section>
    }
}

fn workload(actions: &Actions, card: &WorkloadCard, rows: &[TaintRow]) -> Html {
    let cells = rows.iter().map(|row| row.cells.iter().find(|cell| cell.workload == card.key));
    html! {
        <tr key={card.key.to_string()} data-workload={card.key.to_string()}>
            <th scope="row">
                { glyph(Some(card.style), false) }
                <button type="button" class="link-button mono" onclick={actions.on_click_show(View::Why(card.key.clone()))}>{ &card.key.name }</button>
            </th>
            { for cells.map(|found| found.map_or_else(|| html! { <td /> }, cell)) }
        </tr>
    }
}

fn cell(cell: &TaintCell) -> Html {
    let (class, words) = match cell.does {
        Does::Tolerated => ("run", "tolerated".to_owned()),
        Does::Nothing => ("run", "no effect".to_owned()),
        Does::KeepsOff => ("stay", "keeps new pods off".to_owned()),
        Does::Evicts => ("go", "evicts".to_owned()),
        Does::EvictsAfter(seconds) => ("stay", format!("evicts after {seconds} s")),
    };
    html! { <td><b {class}>{ words }</b><small class="quiet">{ format::breakable(&cell.because) }</small></td> }
}
