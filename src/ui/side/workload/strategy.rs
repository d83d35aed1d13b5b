//! The update strategy and its knobs.

use super::WorkloadPanelProps;
use crate::api::UpdateStrategyType;
use crate::app::Edit;
use crate::ui::actions::use_actions;
use crate::ui::dom;
use crate::view::StrategyKnobs;
use yew::prelude::*;

/// The form. It follows the object until something is typed, and again once it was sent.
#[component]
pub(super) fn StrategyForm(props: &WorkloadPanelProps) -> Html {
    let actions = use_actions();
    let typed = use_state(|| None::<StrategyKnobs>);
    let stored = &props.card.strategy;
    let knobs = (*typed).clone().unwrap_or_else(|| stored.clone());
    let changed = &knobs != stored;
    let edit = |set: fn(&mut StrategyKnobs, String)| {
        let (typed, knobs) = (typed.clone(), knobs.clone());
        move |text: String| {
            let mut knobs = knobs.clone();
            set(&mut knobs, text);
            typed.set(Some(knobs));
        }
    };
    let kind = {
        let set = edit(|knobs, text| {
            knobs.kind =
                if text == "OnDelete" { UpdateStrategyType::OnDelete } else { UpdateStrategyType::RollingUpdate };
        });
        Callback::from(move |event: Event| set(dom::value_of(&event)))
    };
    let field = |set: fn(&mut StrategyKnobs, String)| {
        let set = edit(set);
        Callback::from(move |event: InputEvent| set(dom::value_of(&event)))
    };
    let onsubmit = {
        let (typed, strategy, key) = (typed.clone(), knobs.clone(), props.card.key.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            actions.edit.emit((key.clone(), Edit::Strategy(strategy.clone())));
            typed.set(None);
        })
    };
    let rolling = knobs.kind == UpdateStrategyType::RollingUpdate;
    html! {
        <form {onsubmit} class="block" aria-label="Update strategy">
            <h3>{ "Update strategy" }</h3>
            <div class="fields">
                <label class="field wide"><span>{ "type" }</span>
                    <select onchange={kind} data-testid="strategy-type">
                        <option value="RollingUpdate" selected={rolling}>{ "RollingUpdate" }</option>
                        <option value="OnDelete" selected={!rolling}>{ "OnDelete" }</option>
                    </select>
                </label>
                if rolling {
                    <label class="field"><span>{ "maxUnavailable" }</span>
                        <input type="text" value={knobs.max_unavailable.clone()} oninput={field(|knobs, text| knobs.max_unavailable = text)}
                            placeholder="1" inputmode="text" autocomplete="off" data-testid="max-unavailable" />
                    </label>
                    <label class="field"><span>{ "maxSurge" }</span>
                        <input type="text" value={knobs.max_surge.clone()} oninput={field(|knobs, text| knobs.max_surge = text)}
                            placeholder="0" autocomplete="off" data-testid="max-surge" />
                    </label>
                }
                <label class="field"><span>{ "minReadySeconds" }</span>
                    <input type="number" min="0" max="86400" value={knobs.min_ready_seconds.to_string()} data-testid="min-ready-seconds"
                        oninput={field(|knobs, text| knobs.min_ready_seconds = text.trim().parse().unwrap_or(0))} />
                </label>
            </div>
            <p class="quiet">{ if rolling { "A number or a percentage; percentages round up. One of the two must be 0." } else { "Pods change only when you delete them." } }</p>
            <button type="submit" class={classes!("button", changed.then_some("primary"))} data-testid="set-strategy">{ "Set strategy" }</button>
        </form>
    }
}
