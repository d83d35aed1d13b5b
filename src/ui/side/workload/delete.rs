//! Deletion of a DaemonSet, and what becomes of its pods.

use super::WorkloadPanelProps;
use crate::app::Intent;
use crate::sim::Cascade;
use crate::ui::actions::use_actions;
use crate::ui::dom;
use yew::prelude::*;

const CHOICES: [(Cascade, &str, &str); 3] = [
    (Cascade::Background, "background", "it goes at once, the garbage collector deletes its pods"),
    (Cascade::Foreground, "foreground", "its pods go first"),
    (Cascade::Orphan, "orphan", "its pods stay, without an owner"),
];

/// The form; undo brings everything back, so it does not ask twice.
#[component]
pub(super) fn Delete(props: &WorkloadPanelProps) -> Html {
    let actions = use_actions();
    let cascade = use_state(Cascade::default);
    let onchange = {
        let cascade = cascade.clone();
        Callback::from(move |event: Event| {
            let name = dom::value_of(&event);
            if let Some((choice, ..)) = CHOICES.iter().find(|(_, other, _)| *other == name) {
                cascade.set(*choice);
            }
        })
    };
    let what = CHOICES.iter().find(|(choice, ..)| choice == &*cascade).map_or("", |(_, _, what)| *what);
    let delete = Intent::DeleteDaemonSet { key: props.card.key.clone(), cascade: *cascade };
    html! {
        <section class="block">
            <h3>{ "Delete" }</h3>
            <div class="field-row">
                <select aria-label="Cascade" {onchange} data-testid="cascade">
                    { for CHOICES.iter().map(|(choice, name, _)| html! {
                        <option value={*name} selected={choice == &*cascade}>{ format!("--cascade={name}") }</option>
                    }) }
                </select>
                <button type="button" class="button danger" onclick={actions.on_click(delete)} data-testid="delete-daemonset">{ "Delete" }</button>
            </div>
            <p class="quiet">{ what }</p>
        </section>
    }
}
