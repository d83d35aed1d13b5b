//! One event.

use crate::app::Intent;
use crate::ui::actions::use_actions;
use crate::ui::desk::View;
use crate::ui::format::{self, actor_class};
use crate::ui::shared::Shared;
use crate::view::EventRow;
use yew::prelude::*;

/// Properties of [`Row`].
#[derive(Clone, PartialEq, Properties)]
pub struct RowProps {
    /// The event.
    pub event: Shared<EventRow>,
    /// It is the one whose causes are highlighted.
    pub selected: bool,
    /// It is one of those causes, or that event itself.
    pub in_chain: bool,
}

/// An event; a click goes to its moment and highlights what led to it.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let actions = use_actions();
    let event = &props.event;
    let onclick = {
        let (id, at, selected) = (event.id, event.at, props.selected);
        Callback::from(move |_: MouseEvent| {
            if selected {
                actions.show(View::Event(None));
            } else {
                actions.show(View::Event(Some(id)));
                actions.act(Intent::SetPlaying(false));
                actions.act(Intent::Seek(at));
            }
        })
    };
    let class = classes!(
        "event",
        event.warning.then_some("warning"),
        props.in_chain.then_some("in-chain"),
        props.selected.then_some("selected"),
    );
    html! {
        <li {class} data-event={event.id.0.to_string()}>
            <button type="button" {onclick} aria-pressed={props.selected.to_string()} title="Go to this moment and show what led to it">
                <span class="event-at mono">{ format::time(event.at) }</span>
                <span class={classes!("actor", actor_class(event.actor))}>{ event.actor.to_string() }</span>
                <span class="event-text">
                    if event.warning {
                        <b>{ "Warning " }</b>
                    }
                    { &event.text }
                    if !event.object.is_empty() && !event.text.contains(event.object.rsplit(' ').next().unwrap_or_default()) {
                        <span class="quiet">{ format!(" · {}", event.object) }</span>
                    }
                </span>
            </button>
        </li>
    }
}
