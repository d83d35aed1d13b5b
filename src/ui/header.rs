//! The top of the page: name, scenario, what is simulated, theme and help.

use super::actions::{Actions, use_actions};
use super::desk::{Theme, View};
use super::dom;
use super::icon::{Picture, icon};
use super::scenario::origin_title;
use super::share::Sharing;
use crate::app::{OpenedFrom, Origin, PRESETS, Preset};
use yew::prelude::*;

/// Properties of [`Header`].
#[derive(Clone, PartialEq, Properties)]
pub struct HeaderProps {
    /// Colours chosen.
    pub theme: Theme,
    /// Where the cluster came from.
    pub origin: Origin,
}

/// The top of the page.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let actions = use_actions();
    let (picture, name) = match props.theme {
        Theme::Auto => (Picture::Auto, "Theme: as the system"),
        Theme::Light => (Picture::Sun, "Theme: light"),
        Theme::Dark => (Picture::Moon, "Theme: dark"),
    };
    html! {
        <header class="top">
            { mark() }
            <h1>{ "DaemonSet Playground" }</h1>
            { scenario_picker(&actions, props.origin) }
            <span class="grow" />
            <span class="tag version" title="What is simulated is what this release does">{ "Kubernetes 1.37.2" }</span>
            <button type="button" class="icon-button" aria-label="Share and keep" title="Share and keep" data-testid="share"
                onclick={actions.on_click_show(View::Share(Sharing::Open))}>
                { icon(Picture::Share) }
            </button>
            <button type="button" class="icon-button" aria-label={name} title={name}
                onclick={actions.on_click_show(View::Theme(props.theme.next()))}>
                { icon(picture) }
            </button>
            <button type="button" class="icon-button" aria-label="Help and keys" title="Help and keys (?)"
                onclick={actions.on_click_show(View::Help(true))}>
                { icon(Picture::Help) }
            </button>
        </header>
    }
}

/// The mark: three nodes, a pod on each.
fn mark() -> Html {
    html! {
        <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <rect class="mark-ground" width="24" height="24" rx="6" />
            <g class="mark-nodes">
                <rect x="3.6" y="5.5" width="4.6" height="13" rx="1.5" />
                <rect x="9.7" y="5.5" width="4.6" height="13" rx="1.5" />
                <rect x="15.8" y="5.5" width="4.6" height="13" rx="1.5" />
            </g>
            <g class="mark-pods">
                <circle cx="5.9" cy="14.8" r="1.6" />
                <circle cx="12" cy="14.8" r="1.6" />
                <circle cx="18.1" cy="14.8" r="1.6" />
            </g>
        </svg>
    }
}

fn scenario_picker(actions: &Actions, origin: Origin) -> Html {
    let shown = if origin.from == OpenedFrom::Preset { origin.preset } else { "" };
    let actions = actions.clone();
    let onchange = Callback::from(move |event: Event| {
        let id = dom::value_of(&event);
        if let Some(preset) = Preset::find(&id) {
            actions.show(View::Scenario(preset.id));
        }
    });
    html! {
        <label class="scenario-picker">
            <span>{ "Scenario" }</span>
            <select {onchange} data-testid="scenario">
                if shown.is_empty() {
                    <option value="" selected=true disabled=true>{ origin_title(origin.from) }</option>
                }
                { for PRESETS.iter().map(|preset| html! {
                    <option value={preset.id} selected={preset.id == shown}>{ preset.title }</option>
                }) }
            </select>
        </label>
    }
}
