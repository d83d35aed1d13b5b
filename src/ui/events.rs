//! What happened, with who did it and why: the newest at the end, in view as long as one does
//! not scroll away from it.

pub mod history;
mod row;

use super::actions::Actions;
use super::actor_select::ActorSelect;
use super::desk::View;
use super::icon::{Picture, icon};
use super::looking::Look;
use super::lower::{self, Lower};
use super::shared::Shared;
use super::sizes::Sizes;
use crate::api::{Key, ObjectRef};
use crate::base::Set;
use crate::sim::{Actor, EventId};
use crate::view::EventRow;
use crate::view::describe::{is_of, object_of};
use row::Row;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// At most so many rows are drawn at first, and more at each wish.
const ROWS_STEP: usize = 120;

/// Nearer than this to the end is at the end.
const NEAR_END_PX: i32 = 24;

const FILTER: ActorSelect = ActorSelect { label: "Show events of", all: "all actors", id: "actor-filter" };

/// Properties of [`EventList`].
#[derive(Clone, PartialEq, Properties)]
pub struct EventListProps {
    /// Oldest first.
    pub events: Shared<Vec<Rc<EventRow>>>,
    /// The event whose causes are highlighted.
    pub selected: Option<EventId>,
    /// It is on screen, where not every part is.
    #[prop_or(true)]
    pub shown: bool,
    /// Only what concerns this DaemonSet is listed.
    #[prop_or_default]
    pub focus: Option<Rc<Key>>,
}

/// What wakes the list.
pub enum Msg {
    /// Show only what this actor did, or all.
    Only(Option<Actor>),
    /// Show more of the past.
    More,
    /// It was scrolled.
    Scrolled,
    /// The rows, or the room for them, changed in height.
    Resized,
    /// Back to the newest.
    Newest,
}

/// The list.
pub struct EventList {
    actions: Actions,
    only: Option<Actor>,
    shown_max: usize,
    /// The newest are in view, and stay so.
    at_end: bool,
    /// While they are not: how many of the oldest are not drawn. Rows above what one reads
    /// must not go.
    held: usize,
    /// Where the list was last.
    top: i32,
    list: NodeRef,
    rows: NodeRef,
    sizes: Option<Sizes>,
}

impl Component for EventList {
    type Message = Msg;
    type Properties = EventListProps;

    fn create(ctx: &Context<Self>) -> Self {
        EventList {
            actions: Actions::of(ctx),
            only: None,
            shown_max: ROWS_STEP,
            at_end: true,
            held: 0,
            top: 0,
            list: NodeRef::default(),
            rows: NodeRef::default(),
            sizes: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Only(only) => self.only = only,
            Msg::More => {
                self.shown_max = self.shown_max.saturating_add(ROWS_STEP);
                self.held = self.held.saturating_sub(ROWS_STEP);
            }
            Msg::Newest => {
                self.at_end = true;
                self.keep_end();
            }
            Msg::Resized => {
                self.keep_end();
                return false;
            }
            Msg::Scrolled => return self.scrolled(ctx),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let EventListProps { events, selected, focus, .. } = ctx.props();
        let chain = selected.map(|selected| chain(events, selected)).unwrap_or_default();
        let matching = self.matching(events, focus.as_deref());
        let older = self.older(matching.len());
        html! {
            <section class="events" aria-label="Events">
                { self.bar(ctx, matching.len()) }
                <div class="event-list" ref={self.list.clone()} onscroll={ctx.link().callback(|_| Msg::Scrolled)} tabindex="0"
                    id="lower-panel" role="tabpanel" aria-labelledby={lower::TABS.id(Lower::Events)}>
                    if matching.is_empty() {
                        <p class="empty">{ if events.is_empty() { "Nothing has happened yet. Press Play." } else { "Nothing of this actor’s yet." } }</p>
                    }
                    if older > 0 {
                        <button type="button" class="link-button" onclick={ctx.link().callback(|_| Msg::More)}>{ format!("{older} earlier") }</button>
                    }
                    <ol data-testid="events" ref={self.rows.clone()}>
                        { for matching.into_iter().skip(older).map(|event| html! {
                            <Row key={event.id.0} event={Shared::from(event)} selected={*selected == Some(event.id)} in_chain={chain.contains(&event.id)} />
                        }) }
                    </ol>
                </div>
            </section>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if first_render {
            let resized = ctx.link().callback(|()| Msg::Resized);
            self.sizes = Sizes::watch(&[&self.list, &self.rows], resized);
        }
    }
}

impl EventList {
    /// Keeps the newest in view.
    fn keep_end(&mut self) {
        if let (true, Some(list)) = (self.at_end, self.list.cast::<Element>()) {
            list.set_scroll_top(list.scroll_height());
            self.top = list.scroll_top();
        }
    }

    fn matching<'a>(&self, events: &'a [Rc<EventRow>], focus: Option<&Key>) -> Vec<&'a Rc<EventRow>> {
        let is_wanted = |event: &&Rc<EventRow>| self.only.is_none_or(|only| event.actor == only);
        events.iter().filter(is_wanted).filter(|event| focus.is_none_or(|key| is_of(event, key))).collect()
    }

    /// How many of the oldest are not drawn.
    fn older(&self, count: usize) -> usize {
        let older = count.saturating_sub(self.shown_max);
        if self.at_end { older } else { older.min(self.held) }
    }

    /// Whoever scrolls up wants to read; rows that come and go scroll as well, but not up.
    fn scrolled(&mut self, ctx: &Context<Self>) -> bool {
        let Some(list) = self.list.cast::<Element>() else { return false };
        let top = list.scroll_top();
        let near_end = list.scroll_height() - list.client_height() - top <= NEAR_END_PX;
        let up = top < std::mem::replace(&mut self.top, top);
        let at_end = near_end || (self.at_end && !up);
        if self.at_end && !at_end {
            let EventListProps { events, focus, .. } = ctx.props();
            self.held = self.older(self.matching(events, focus.as_deref()).len());
        }
        std::mem::replace(&mut self.at_end, at_end) != at_end
    }

    /// The object that the selected event is about.
    fn selected_object(&self, ctx: &Context<Self>) -> Option<ObjectRef> {
        let EventListProps { events, selected, .. } = ctx.props();
        let at = events.binary_search_by_key(&(*selected)?, |event| event.id).ok()?;
        object_of(&events.get(at)?.object)
    }

    fn bar(&self, ctx: &Context<Self>, count: usize) -> Html {
        html! {
            <div class="panel-bar">
                { lower::TABS.draw(&self.actions, Lower::Events) }
                <span class="quiet">{ count }</span>
                <span class="grow" />
                if let Some(of) = self.selected_object(ctx) {
                    <button type="button" class="link-button" onclick={self.actions.on_click_show(View::Look(Look::At(of)))}>{ "Its YAML" }</button>
                }
                if let Some(key) = &ctx.props().focus {
                    <button type="button" class="link-button" title="Show the events of all again" onclick={self.actions.on_click_show(View::Focus(None))}>{ format!("of {} only", key.name) }</button>
                }
                if ctx.props().selected.is_some() {
                    <button type="button" class="link-button" onclick={self.actions.on_click_show(View::Event(None))}>{ "Clear highlight" }</button>
                }
                if !self.at_end {
                    <button type="button" class="link-button" onclick={ctx.link().callback(|_| Msg::Newest)}>{ "To the newest" }{ icon(Picture::Caret) }</button>
                }
                { FILTER.draw(self.only, ctx.link().callback(Msg::Only)) }
            </div>
        }
    }
}

/// The event and all that led to it. Causes are earlier than what they cause, so the way
/// back ends.
fn chain(events: &[Rc<EventRow>], last: EventId) -> Set<EventId> {
    let mut chain = Set::new();
    let mut next = Some(last);
    while let Some(id) = next {
        let found = events.binary_search_by_key(&id, |event| event.id).ok().and_then(|at| events.get(at));
        if !chain.insert(id) {
            break;
        }
        next = found.and_then(|event| event.cause);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;

    fn event(id: u64, cause: Option<u64>) -> Rc<EventRow> {
        Rc::new(EventRow {
            id: EventId(id),
            at: Time(0),
            actor: Actor::User,
            cause: cause.map(EventId),
            text: String::new(),
            object: String::new(),
            warning: false,
            counted_in: None,
        })
    }

    #[test]
    fn a_chain_leads_back_to_its_beginning() {
        let events = [event(1, None), event(2, Some(1)), event(3, None), event(4, Some(2))];
        let ids: Vec<_> = chain(&events, EventId(4)).iter().map(|id| id.0).collect();
        assert_eq!(ids, [1, 2, 4]);
        // A cause that is no longer kept, and one that is its own, end the chain.
        assert_eq!(chain(&[event(9, Some(5))], EventId(9)).len(), 2);
        assert_eq!(chain(&[event(9, Some(9))], EventId(9)).len(), 1);
    }
}
