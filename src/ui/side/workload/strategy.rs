//! The update strategy and its knobs.

use super::WorkloadPanelProps;
use crate::api::UpdateStrategyType;
use crate::app::Edit;
use crate::ui::actions::use_actions;
use crate::ui::desk::View;
use crate::ui::{dom, format};
use crate::view::StrategyKnobs;
use crate::view::forecast::Forecast;
use yew::prelude::*;

/// The form. It follows the object until something is typed, and again once it was sent.
#[component]
pub(super) fn StrategyForm(props: &WorkloadPanelProps) -> Html {
    let actions = use_actions();
    let shown = actions.view.clone();
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
    let forecast = use_state(String::new);
    let try_out = {
        let (key, strategy, told) = (props.card.key.clone(), knobs.clone(), forecast.clone());
        let done = Callback::from(move |seen: Result<Forecast, String>| {
            told.set(seen.map_or_else(|why| why, |seen| words(&seen)))
        });
        let told = forecast.clone();
        shown.reform(move |_: MouseEvent| {
            told.set("Trying it out…".to_owned());
            View::Forecast { key: key.clone(), strategy: strategy.clone(), done: done.clone() }
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
            <div class="row">
                <button type="submit" class={classes!("button", changed.then_some("primary"))} data-testid="set-strategy">{ "Set strategy" }</button>
                <button type="button" class="button" onclick={try_out} data-testid="try-rollout" title="Runs a rollout on a copy of this cluster">{ "Try a rollout" }</button>
            </div>
            <p class="quiet" role="status" data-testid="forecast">{ &*forecast }</p>
        </form>
    }
}

/// What came of trying a rollout out.
fn words(seen: &Forecast) -> String {
    let Forecast { takes_ms, of, most_down, most_extra, up_to_date } = *seen;
    let Some(takes_ms) = takes_ms else {
        return format!(
            "It does not end by itself: {up_to_date} of {of} pods are new then, and at most {most_down} nodes are without an available pod."
        );
    };
    let extra = if most_extra > 0 {
        format!(", at most {} more than nodes", format::count(most_extra, "pod"))
    } else {
        String::new()
    };
    format!(
        "It takes {}: at most {most_down} of {of} nodes without an available pod at a time{extra}.",
        format::span(takes_ms)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_in_words() {
        let seen = Forecast { takes_ms: Some(24_300), of: 6, most_down: 1, most_extra: 0, up_to_date: 6 };
        assert_eq!(words(&seen), "It takes 24.3 s: at most 1 of 6 nodes without an available pod at a time.");
        let surging = words(&Forecast { most_down: 0, most_extra: 1, ..seen });
        assert!(surging.ends_with("at a time, at most 1 pod more than nodes."), "{surging}");
        assert!(
            words(&Forecast { takes_ms: None, up_to_date: 0, ..seen }).starts_with("It does not end by itself: 0 of 6")
        );
    }
}
