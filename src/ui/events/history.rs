//! What happened to one object, as a short list.

use crate::ui::format;
use crate::ui::shared::Shared;
use crate::view::EventRow;
use crate::view::describe::history_of;
use std::rc::Rc;
use yew::prelude::*;

/// So many events are shown where there is little room.
pub const FEW: usize = 8;

/// The newest `most` of an object's events; `events` are those of the whole cluster, oldest first.
#[must_use]
pub fn of(object: &str, events: &[Rc<EventRow>], most: usize) -> Vec<Shared<EventRow>> {
    history_of(object, events, most).into_iter().map(Shared::from).collect()
}

/// The list, newest first: where there is little room, that is what one reads.
pub fn list(rows: &[Shared<EventRow>]) -> Html {
    html! {
        <ol class="pod-history" aria-label="What happened to it">
            { for rows.iter().rev().map(|row| html! {
                <li key={row.id.0} class={row.warning.then_some("warning")}>
                    <span class="mono quiet">{ format::time(row.at) }</span>
                    <span>{ row.actor.to_string() }{ ": " }{ &row.text }</span>
                </li>
            }) }
        </ol>
    }
}
