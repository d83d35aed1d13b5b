//! The choice of an actor, or of all.

use super::dom;
use crate::sim::Actor;
use yew::prelude::*;

/// One such choice on the page.
pub(super) struct ActorSelect {
    /// Its name.
    pub label: &'static str,
    /// The words for all of them.
    pub all: &'static str,
    /// What tests know it by; its class as well.
    pub id: &'static str,
}

impl ActorSelect {
    /// Draws it.
    pub fn draw(&self, chosen: Option<Actor>, on_choice: Callback<Option<Actor>>) -> Html {
        let onchange = on_choice.reform(|event: Event| {
            let name = dom::value_of(&event);
            Actor::ALL.into_iter().find(|actor| actor.to_string() == name)
        });
        html! {
            <select class={self.id} {onchange} aria-label={self.label} title={self.label} data-testid={self.id}>
                <option value="" selected={chosen.is_none()}>{ self.all }</option>
                { for Actor::ALL.into_iter().map(|actor| html! {
                    <option value={actor.to_string()} selected={chosen == Some(actor)}>{ actor.to_string() }</option>
                }) }
            </select>
        }
    }
}
