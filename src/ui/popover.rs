//! Something that hangs open beside the control it belongs to. It takes the focus, arrow
//! keys go through its controls, and Escape, a click elsewhere or leaving it closes it and
//! gives the focus back. On a phone it lies at the bottom of the screen (style sheet).

use super::actions::Actions;
use super::desk::{Popover, PopoverAbout, View};
use super::dom;
use super::sizes::Sizes;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Distance to the anchor and to the edges of the window.
const GAP_PX: f64 = 6.0;

/// What can have the focus in it.
const CONTROLS: &str = "button:not([disabled]), input, select, summary, a[href]";

/// A click that opens a popover at the control clicked.
#[must_use]
pub fn open(actions: &Actions, about: PopoverAbout) -> Callback<MouseEvent> {
    let opener = actions.opener.clone();
    actions.view.reform(move |event: MouseEvent| {
        event.stop_propagation();
        let button = dom::target(&event).and_then(|target| target.closest("button").ok().flatten());
        let anchor = button
            .as_ref()
            .map(|button| button.get_bounding_client_rect())
            .map_or([0; 4], |rect| [rect.left(), rect.top(), rect.right(), rect.bottom()].map(rounded));
        opener.set(button.and_then(|button| button.dyn_into().ok()));
        View::Open(Popover { about: about.clone(), anchor })
    })
}

#[allow(clippy::cast_possible_truncation, reason = "a place in the window")]
fn rounded(px: f64) -> i32 {
    px.round() as i32
}

/// The control that opened the popover, to give the focus back to. (Not every browser focuses
/// a button that is clicked.)
#[derive(Clone, Default)]
pub struct Opener(Rc<RefCell<Option<HtmlElement>>>);

impl Opener {
    pub(super) fn set(&self, element: Option<HtmlElement>) {
        *self.0.borrow_mut() = element;
    }

    fn get(&self) -> Option<HtmlElement> {
        self.0.borrow().clone()
    }
}

impl PartialEq for Opener {
    fn eq(&self, other: &Opener) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Properties of [`Floating`].
#[derive(Clone, PartialEq, Properties)]
pub struct FloatingProps {
    /// Left, top, right and bottom of its anchor in the window.
    pub anchor: [i32; 4],
    /// Its name.
    pub label: AttrValue,
    /// It is a menu and nothing else; without, it is a dialog.
    #[prop_or_default]
    pub menu: bool,
    /// Its content.
    pub children: Html,
}

/// What wakes a popover.
pub enum Msg {
    /// A key was pressed in it.
    Key(KeyboardEvent),
    /// It is to go.
    Close,
    /// What is in it takes more or less room.
    Resized,
}

/// The popover.
pub struct Floating {
    node_ref: NodeRef,
    actions: Actions,
    sizes: Option<Sizes>,
}

impl Component for Floating {
    type Message = Msg;
    type Properties = FloatingProps;

    fn create(ctx: &Context<Self>) -> Self {
        Floating { node_ref: NodeRef::default(), actions: Actions::of(ctx), sizes: None }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Close => self.actions.show(View::Close),
            Msg::Key(event) => self.key(&event, ctx.props().menu),
            Msg::Resized => self.place(ctx),
        }
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let close = ctx.link().callback(|_: PointerEvent| Msg::Close);
        let FloatingProps { label, menu, .. } = ctx.props();
        html! {
            <>
                <div class="popover-ground" onpointerdown={close} />
                <div class="popover" role={(!menu).then_some("dialog")} aria-label={(!menu).then(|| label.clone())} tabindex="-1"
                    ref={self.node_ref.clone()} onkeydown={ctx.link().callback(Msg::Key)}>
                    { ctx.props().children.clone() }
                </div>
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        self.place(ctx);
        if let (true, Some(element)) = (first_render, self.node_ref.cast::<HtmlElement>()) {
            let first = self.controls().into_iter().next();
            dom::focus(first.as_ref().unwrap_or(&element));
            self.sizes = Sizes::watch(&[&self.node_ref], ctx.link().callback(|()| Msg::Resized));
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        // Whatever opened it may be gone by now; then the focus goes where the browser puts it.
        if let Some(opener) = self.actions.opener.get().filter(|opener| opener.is_connected()) {
            dom::focus(&opener);
        }
    }
}

impl Floating {
    fn place(&self, ctx: &Context<Self>) {
        if let Some(element) = self.node_ref.cast::<HtmlElement>() {
            place(&element, ctx.props().anchor);
        }
    }

    fn key(&self, event: &KeyboardEvent, menu: bool) {
        let in_field =
            dom::target(event).is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "SELECT"));
        let step = match event.key().as_str() {
            // A menu is left by Tab; a dialog keeps it.
            "Tab" if menu => return self.actions.show(View::Close),
            "Escape" => {
                event.prevent_default();
                event.stop_propagation();
                self.actions.show(View::Close);
                return;
            }
            "ArrowDown" => Step::Next,
            "ArrowUp" => Step::Previous,
            "Home" if !in_field => Step::First,
            "End" if !in_field => Step::Last,
            "Tab" if event.shift_key() => Step::Previous,
            "Tab" => Step::Next,
            key if menu && key.chars().count() == 1 && key != " " => return self.find(key),
            _ => return,
        };
        event.prevent_default();
        let controls = self.controls();
        let focused = dom::focused();
        let at = controls.iter().position(|control| Some(control) == focused.as_ref());
        if let Some(control) = step.from(at, controls.len()).and_then(|to| controls.get(to)) {
            dom::focus(control);
        }
    }

    /// Goes to the next item that begins with this letter.
    fn find(&self, letter: &str) {
        let controls = self.controls();
        let focused = dom::focused();
        let at = controls.iter().position(|control| Some(control) == focused.as_ref()).map_or(0, |at| at + 1);
        let (before, behind) = controls.split_at(at.min(controls.len()));
        let letter = letter.to_lowercase();
        let begins = |control: &&HtmlElement| {
            control.text_content().is_some_and(|text| text.trim_start().to_lowercase().starts_with(&letter))
        };
        if let Some(control) = behind.iter().chain(before).find(begins) {
            dom::focus(control);
        }
    }

    fn controls(&self) -> Vec<HtmlElement> {
        let Some(element) = self.node_ref.cast::<HtmlElement>() else {
            return Vec::new();
        };
        let Ok(list) = element.query_selector_all(CONTROLS) else {
            return Vec::new();
        };
        (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
    }
}

#[derive(Clone, Copy)]
enum Step {
    Next,
    Previous,
    First,
    Last,
}

impl Step {
    /// Where the focus goes, round and round.
    fn from(self, at: Option<usize>, len: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        Some(match (self, at) {
            (Step::Next, Some(at)) if at < last => at + 1,
            (Step::Previous, Some(at)) if at > 0 => at - 1,
            (Step::Previous | Step::Last, _) => last,
            (Step::Next | Step::First, _) => 0,
        })
    }
}

/// Puts it below the anchor, or above where there is no room, and within the window.
fn place(element: &HtmlElement, anchor: [i32; 4]) {
    let Some(window) = dom::window() else { return };
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let [left, top, _, bottom] = anchor.map(f64::from);
    let own = element.get_bounding_client_rect();
    let x = left.min(width - own.width() - GAP_PX).max(GAP_PX);
    let below = bottom + GAP_PX;
    let y = if below + own.height() <= height - GAP_PX { below } else { top - own.height() - GAP_PX };
    let y = y.min(height - own.height() - GAP_PX).max(GAP_PX);
    let style = element.style();
    let _ = style.set_property("left", &dom::px(x));
    let _ = style.set_property("top", &dom::px(y));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_goes_round() {
        assert_eq!(Step::Next.from(Some(2), 3), Some(0));
        assert_eq!(Step::Previous.from(Some(0), 3), Some(2));
        assert_eq!(Step::Next.from(None, 3), Some(0));
        assert_eq!(Step::Last.from(Some(0), 3), Some(2));
        assert_eq!(Step::Next.from(None, 0), None);
    }
}
