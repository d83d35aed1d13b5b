//! Where the cluster came from, what it is about and what to try in it.

use crate::app::{OpenedFrom, Origin, Preset};
use yew::prelude::*;

/// What the cluster is called if no preset gives it a name.
pub fn origin_title(from: OpenedFrom) -> &'static str {
    match from {
        OpenedFrom::Preset => "Empty",
        OpenedFrom::Link => "From a link",
        OpenedFrom::File => "From a file",
        OpenedFrom::Kept => "Kept in this browser",
        OpenedFrom::Pasted => "A pasted cluster",
    }
}

/// One line, and the things to try when it is opened.
pub fn scenario_note(origin: Origin) -> Html {
    if origin.from == OpenedFrom::Link {
        return html! {
            <p class="scenario-note" data-testid="origin">
                { "Opened from a link: names and manifests in it are whoever's who made the link, not this page's." }
            </p>
        };
    }
    let Some(preset) = Preset::find(origin.preset).filter(|_| origin.from == OpenedFrom::Preset) else {
        return html! { <p class="scenario-note" data-testid="origin">{ origin_title(origin.from) }</p> };
    };
    html! {
        <details class="scenario-note">
            <summary><span class="scenario-summary">{ preset.summary }</span><span class="scenario-try">{ "Things to try" }</span></summary>
            <ul>{ for preset.tries.iter().map(|text| html! { <li>{ *text }</li> }) }</ul>
        </details>
    }
}
