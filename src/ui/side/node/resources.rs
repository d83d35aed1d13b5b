//! What the pods of a node ask for, as `kubectl describe node` tells it.

use crate::api::{Kind, ObjectRef};
use crate::ui::actions::Actions;
use crate::ui::desk::View;
use crate::ui::format;
use crate::ui::looking::Look;
use crate::view::node_resources::{NodeResources, PodRow, TotalRow};
use yew::prelude::*;

const COLUMNS: [&str; 5] = ["CPU requests", "CPU limits", "Memory requests", "Memory limits", "Age"];

/// The sums, and each pod's share of them.
pub(super) fn resources(actions: &Actions, all: &NodeResources) -> Html {
    if all.totals.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <section class="block">
                <h3>{ "Allocated resources" }</h3>
                <div class="table" tabindex="0" role="region" aria-label="Allocated resources">
                    <table>
                        <thead><tr>{ for ["Resource", "Requests", "Limits"].iter().map(|title| html! { <th scope="col">{ *title }</th> }) }</tr></thead>
                        <tbody>{ for all.totals.iter().map(total) }</tbody>
                    </table>
                </div>
                if all.totals.iter().any(|row| row.is_overcommitted) {
                    <p class="quiet">{ "Limits may come to more than there is: then the node is overcommitted." }</p>
                }
            </section>
            <section class="block">
                <h3>{ format!("Requests of {}", format::count(all.count, "pod")) }</h3>
                if !all.pods.is_empty() {
                    <div class="table" tabindex="0" role="region" aria-label="Requests and limits by pod">
                        <table>
                            <thead><tr>
                                <th scope="col">{ "Pod" }</th>
                                { for COLUMNS.iter().map(|title| html! { <th scope="col">{ *title }</th> }) }
                            </tr></thead>
                            <tbody>{ for all.pods.iter().map(|row| pod(actions, row)) }</tbody>
                        </table>
                    </div>
                }
                if all.count > all.pods.len() {
                    <p class="quiet">{ format!("{} of {} pods; the sums are of all.", all.pods.len(), all.count) }</p>
                }
            </section>
        </>
    }
}

fn total(row: &TotalRow) -> Html {
    html! {
        <tr key={row.resource.clone()} data-resource={row.resource.clone()}>
            <th scope="row" class="mono">{ &row.resource }</th>
            <td>{ &row.requests }</td>
            <td>{ &row.limits }{ if row.is_overcommitted { " over" } else { "" } }</td>
        </tr>
    }
}

fn pod(actions: &Actions, row: &PodRow) -> Html {
    let of = ObjectRef::new(Kind::Pod, row.key.clone());
    html! {
        <tr key={row.key.to_string()}>
            <th scope="row"><button type="button" class="link-button mono" onclick={actions.on_click_show(View::Look(Look::At(of)))}>{ &row.key.name }</button></th>
            { for row.cells.iter().map(|cell| html! { <td>{ cell }</td> }) }
            <td>{ &row.age }</td>
        </tr>
    }
}
