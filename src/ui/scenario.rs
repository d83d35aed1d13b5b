//! What the scenario is about and what to try in it.

use crate::app::PRESETS;
use yew::prelude::*;

/// Properties of [`ScenarioNote`].
#[derive(Clone, PartialEq, Properties)]
pub struct ScenarioNoteProps {
    /// Id of the scenario.
    pub scenario: &'static str,
}

/// One line, and the things to try when it is opened.
#[component]
pub fn ScenarioNote(props: &ScenarioNoteProps) -> Html {
    let Some(preset) = PRESETS.iter().find(|preset| preset.id == props.scenario) else {
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
