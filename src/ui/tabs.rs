//! Tabs: one is chosen by a click or by arrow keys, and shows its panel.

use super::actions::Actions;
use super::desk::View;
use super::dom;
use yew::prelude::*;

/// A choice of panels.
pub(super) struct Tabs<T: 'static> {
    /// What it is a choice of.
    pub label: &'static str,
    /// Id of the panel.
    pub panel: &'static str,
    /// Tabs with their ids and titles.
    pub all: &'static [(T, &'static str, &'static str)],
    /// The view that shows one.
    pub show: fn(T) -> View,
}

impl<T: Copy + PartialEq + 'static> Tabs<T> {
    /// Id of a tab.
    pub fn id(&self, tab: T) -> &'static str {
        self.all.iter().find(|(other, ..)| *other == tab).map_or("", |(_, id, _)| *id)
    }

    /// The row of tabs.
    pub fn draw(&self, actions: &Actions, current: T) -> Html {
        let (all, show) = (self.all, self.show);
        let onkeydown = {
            let actions = actions.clone();
            Callback::from(move |event: KeyboardEvent| {
                let at = all.iter().position(|(other, ..)| *other == current).unwrap_or(0);
                let to = match event.key().as_str() {
                    "ArrowRight" => (at + 1) % all.len(),
                    "ArrowLeft" => (at + all.len() - 1) % all.len(),
                    "Home" => 0,
                    "End" => all.len() - 1,
                    _ => return,
                };
                event.prevent_default();
                if let Some((tab, id, _)) = all.get(to) {
                    actions.show(show(*tab));
                    dom::focus_id(id);
                }
            })
        };
        html! {
            <div class="tabs" role="tablist" aria-label={self.label} {onkeydown}>
                { for all.iter().map(|(other, id, title)| {
                    let selected = *other == current;
                    html! {
                        <button type="button" role="tab" id={*id} aria-selected={selected.to_string()} aria-controls={self.panel}
                            tabindex={if selected { "0" } else { "-1" }} onclick={actions.on_click_show(show(*other))}>{ *title }</button>
                    }
                }) }
            </div>
        }
    }
}
