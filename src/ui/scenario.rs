//! What the scenario is about and what to try in it.

use crate::app::Preset;
use yew::prelude::*;

/// One line, and the things to try when it is opened.
pub fn scenario_note(scenario: &str) -> Html {
    let Some(preset) = Preset::find(scenario) else {
        return Html::default();
    };
    if preset.tries.is_empty() {
        return html! { <p class="scenario-note">{ preset.summary }</p> };
    }
    html! {
        <details class="scenario-note">
            <summary><span class="scenario-summary">{ preset.summary }</span><span class="scenario-try">{ "Things to try" }</span></summary>
            <ul>{ for preset.tries.iter().map(|text| html! { <li>{ *text }</li> }) }</ul>
        </details>
    }
}
