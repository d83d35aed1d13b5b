//! What hands do on the board beside pressing its buttons: nodes are chosen by clicks with Ctrl
//! or Shift, by a frame drawn around them, by arrow keys; menus open at a right click, a long
//! press or the menu key; labels and taints are carried to nodes and away from them.
//!
//! One listener stands before all others (it captures at the window), so that a click that
//! drops something is not a click on a node as well. It asks for things by [`View`]s and
//! decides nothing else; whatever it does can be done without dragging.

mod gesture;
mod places;

use super::actions::Actions;
use super::dom;
use crate::base::Set;
use gesture::State;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::Event;
use yew::prelude::*;

/// What is listened to.
const EVENTS: [&str; 9] = [
    "click",
    "contextmenu",
    "keydown",
    "focusin",
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "selectstart",
];

/// Properties of [`Hand`].
#[derive(Clone, PartialEq, Properties)]
pub struct HandProps {
    /// Nodes that are chosen.
    pub chosen: Rc<Set<String>>,
    /// Each click on a node chooses it.
    pub by_click: bool,
    /// A label or taint is being carried.
    pub carries: bool,
}

/// The listener; what it draws follows the pointer.
pub struct Hand {
    state: Rc<RefCell<State>>,
    closure: Option<Closure<dyn Fn(Event)>>,
}

impl Component for Hand {
    type Message = ();
    type Properties = HandProps;

    fn create(ctx: &Context<Self>) -> Self {
        let state = Rc::new(RefCell::new(State::new(Actions::of(ctx), ctx.props().clone())));
        let closure = dom::window().map(|window| {
            let state = Rc::clone(&state);
            // Not FnMut: a key that moves the focus is an event within an event.
            let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| gesture::on(&state, &event));
            for name in EVENTS {
                let listener = closure.as_ref().unchecked_ref();
                // A browser that refuses a listener has buttons and keys still.
                let _ = window.add_event_listener_with_callback_and_bool(name, listener, true);
            }
            closure
        });
        Hand { state, closure }
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &HandProps) -> bool {
        self.state.borrow_mut().hold(ctx.props().clone());
        false
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let state = self.state.borrow();
        html! {
            <>
                <div class="band" aria-hidden="true" hidden=true ref={state.band.clone()} />
                <div class="ghost-tag" aria-hidden="true" hidden=true ref={state.ghost.clone()} />
            </>
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        if let (Some(window), Some(closure)) = (dom::window(), &self.closure) {
            for name in EVENTS {
                let listener = closure.as_ref().unchecked_ref();
                let _ = window.remove_event_listener_with_callback_and_bool(name, listener, true);
            }
        }
    }
}
