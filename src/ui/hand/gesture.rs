//! What is under way between a press and its end.

use super::HandProps;
use super::places::{Edges, beside, meet, node_at, spots};
use crate::ui::actions::Actions;
use crate::ui::choice::Choice;
use crate::ui::desk::{Popover, PopoverAbout, View};
use crate::ui::dom;
use crate::ui::tags::Carried;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};
use yew::NodeRef;
use yew::platform::spawn_local;
use yew::platform::time::sleep;

/// A movement shorter than this is a click.
const CLICK_PX: f64 = 5.0;

/// A finger that rests so long asks for the menu.
const LONG_PRESS: Duration = Duration::from_millis(550);

/// What is not empty ground of the board.
const THINGS: &str = "button, a, input, select, summary, label, [data-node], .workload, .lane, .hand";

/// What the hand knows between two events.
pub(super) struct State {
    actions: Actions,
    held: HandProps,
    gesture: Gesture,
    /// The node that the pointer is at with what is carried without being dragged.
    hovers: Option<String>,
    /// The click that ends what is under way is none.
    swallow: bool,
    /// Grows with each press, so that a rest is told from a later one.
    press: u32,
    pub band: NodeRef,
    pub ghost: NodeRef,
}

#[derive(Clone, PartialEq)]
enum Gesture {
    None,
    /// A frame is drawn from here; those that are chosen stay so.
    Band {
        x: f64,
        y: f64,
        beside: bool,
    },
    /// A label or taint is held, and carried once the pointer has moved.
    Tag {
        x: f64,
        y: f64,
        carried: Carried,
        over: Option<String>,
        moves: bool,
    },
    /// A finger rests on something that has a menu.
    Press {
        x: f64,
        y: f64,
    },
}

impl State {
    pub fn new(actions: Actions, held: HandProps) -> State {
        let (band, ghost) = (NodeRef::default(), NodeRef::default());
        State { actions, held, gesture: Gesture::None, hovers: None, swallow: false, press: 0, band, ghost }
    }

    /// Takes note of what is chosen and carried.
    pub fn hold(&mut self, held: HandProps) {
        if self.held.carries && !held.carries {
            self.hovers = None;
            mark(None);
        }
        self.held = held;
    }

    fn choose(&self, choice: Choice) {
        self.actions.show(View::Choose(choice));
    }
}

/// An event, before anything else on the page has it.
pub(super) fn on(state: &Rc<RefCell<State>>, event: &Event) {
    // What an event leads to may lead to another at once, as a focus does.
    let Ok(mut now) = state.try_borrow_mut() else { return };
    let Some(target) = dom::target(event) else { return };
    match (event.type_().as_str(), event.dyn_ref::<MouseEvent>()) {
        ("click", Some(click)) => now.click(click, &target),
        ("contextmenu", Some(click)) if now.menu(&target, click.client_x(), click.client_y()) => {
            event.prevent_default()
        }
        ("pointerdown", _) => {
            let Some(down) = event.dyn_ref::<PointerEvent>() else { return };
            now.down(down, &target);
            if matches!(now.gesture, Gesture::Press { .. }) {
                let (press, state) = (now.press, Rc::clone(state));
                let (x, y) = (down.client_x(), down.client_y());
                spawn_local(async move {
                    sleep(LONG_PRESS).await;
                    let mut now = state.borrow_mut();
                    if now.press == press && matches!(now.gesture, Gesture::Press { .. }) {
                        now.gesture = Gesture::None;
                        now.swallow = now.menu(&target, x, y);
                    }
                });
            }
        }
        ("pointermove", Some(moved)) => {
            now.moved(moved);
            if now.held.carries && now.gesture == Gesture::None {
                now.hover(&target);
            }
        }
        ("pointerup", Some(up)) => now.up(up),
        ("pointercancel", _) => now.rest(),
        ("selectstart", _) if now.drags() => event.prevent_default(),
        ("keydown", _) => {
            if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
                now.key(key, &target);
            }
        }
        ("focusin", _) if now.held.carries && !now.drags() => {
            if let Some(node) = node_at(&target) {
                now.actions.show(View::Over(Some(node)));
            }
        }
        _ => {}
    }
}

impl State {
    fn drags(&self) -> bool {
        matches!(self.gesture, Gesture::Band { .. } | Gesture::Tag { .. })
    }

    fn click(&mut self, click: &MouseEvent, target: &Element) {
        let mine = |click: &MouseEvent| {
            click.prevent_default();
            click.stop_propagation();
        };
        if std::mem::take(&mut self.swallow) {
            return mine(click);
        }
        let Some(node) = node_at(target) else { return };
        if self.held.carries {
            self.actions.show(View::Drop(node));
            return mine(click);
        }
        // What can be dragged lies above the card, and is pressed like it.
        let on_tag = is_in(target, "[data-tag]") && !is_in(target, "button");
        if !on_tag && !is_in(target, ".cover, .tile") {
            return;
        }
        if click.shift_key() {
            self.choose(Choice::To(node));
            mine(click);
        } else if click.ctrl_key() || click.meta_key() || self.held.by_click {
            self.choose(Choice::Toggle(node));
            mine(click);
        } else {
            if !self.held.chosen.is_empty() {
                self.choose(Choice::None);
            }
            if on_tag {
                self.actions.show(View::Node(node));
            }
        }
    }

    /// Opens the menu of what is there, if it has one.
    fn menu(&mut self, target: &Element, x: i32, y: i32) -> bool {
        let pod = target.closest("#board button[data-pod]").ok().flatten();
        let about = match (pod.and_then(|pod| pod.get_attribute("data-pod")), node_at(target)) {
            (Some(uid), _) => PopoverAbout::PodMenu(uid),
            (None, Some(node)) if self.held.chosen.len() > 1 && self.held.chosen.contains(&node) => {
                PopoverAbout::Chosen
            }
            (None, Some(node)) => PopoverAbout::Node(node),
            (None, None) => return false,
        };
        let opener = target.closest("button").ok().flatten();
        self.actions.opener.set(opener.and_then(|opener| opener.dyn_into().ok()));
        self.actions.show(View::Open(Popover { about, anchor: [x, y, x, y] }));
        true
    }

    fn down(&mut self, down: &PointerEvent, target: &Element) {
        self.rest();
        self.swallow = false;
        self.press = self.press.wrapping_add(1);
        if !down.is_primary() || down.button() != 0 {
            return;
        }
        let (x, y) = (f64::from(down.client_x()), f64::from(down.client_y()));
        let mouse = down.pointer_type() != "touch";
        let tag = target.closest("[data-tag]").ok().flatten();
        let from = tag.as_ref().and_then(node_at);
        // On a card a finger scrolls; what it holds can be taken off by its button.
        let tag = tag.filter(|tag| mouse || is_in(tag, ".tags"));
        let on_board = is_in(target, "#board");
        if is_in(target, ".taint button") {
            return;
        }
        if let Some(tag) = tag.and_then(|tag| tag.get_attribute("data-tag")) {
            self.gesture = Gesture::Tag { x, y, carried: Carried { tag, from }, over: None, moves: false };
        } else if on_board && !mouse {
            self.gesture = Gesture::Press { x, y };
        } else if on_board && target.closest(THINGS).is_ok_and(|thing| thing.is_none()) && on_ground(target, x) {
            let beside = down.ctrl_key() || down.meta_key() || down.shift_key();
            self.gesture = Gesture::Band { x, y, beside };
        }
    }

    fn moved(&mut self, moved: &MouseEvent) {
        let at = (f64::from(moved.client_x()), f64::from(moved.client_y()));
        let far = |x: f64, y: f64| (at.0 - x).hypot(at.1 - y) > CLICK_PX;
        match &mut self.gesture {
            Gesture::Press { x, y } if far(*x, *y) => self.gesture = Gesture::None,
            Gesture::Band { x, y, .. } if far(*x, *y) => {
                let edges = frame((*x, *y), at);
                put(&self.band, edges[0], edges[1], Some((edges[2] - edges[0], edges[3] - edges[1])));
            }
            Gesture::Tag { x, y, carried, over, moves } if *moves || far(*x, *y) => {
                if !std::mem::replace(moves, true) {
                    if let Some(ghost) = self.ghost.cast::<HtmlElement>() {
                        ghost.set_text_content(Some(&carried.tag));
                    }
                    self.actions.show(View::Carry(Some(carried.clone())));
                }
                put(&self.ghost, at.0 + 10.0, at.1 + 12.0, None);
                let node = under(moved).and_then(|element| node_at(&element));
                if node != *over {
                    mark(node.as_deref());
                    self.actions.show(View::Over(node.clone()));
                    *over = node;
                }
            }
            _ => {}
        }
    }

    /// What is carried goes where the pointer goes.
    fn hover(&mut self, target: &Element) {
        let node = node_at(target);
        if node.is_some() && node != self.hovers {
            mark(node.as_deref());
            self.actions.show(View::Over(node.clone()));
            self.hovers = node;
        }
    }

    fn up(&mut self, up: &MouseEvent) {
        let at = (f64::from(up.client_x()), f64::from(up.client_y()));
        let gesture = std::mem::replace(&mut self.gesture, Gesture::None);
        hide(&self.band);
        hide(&self.ghost);
        match gesture {
            Gesture::Band { x, y, beside } => {
                let edges = frame((x, y), at);
                let drawn = edges[2] - edges[0] > CLICK_PX || edges[3] - edges[1] > CLICK_PX;
                if !beside && !self.held.chosen.is_empty() {
                    self.choose(Choice::None);
                }
                if drawn {
                    let within = spots().into_iter().filter(|spot| meet(spot.edges, edges)).map(|spot| spot.name);
                    let names: Vec<String> = within.collect();
                    if !names.is_empty() {
                        self.choose(Choice::These(names));
                    }
                }
            }
            Gesture::Tag { carried, moves: true, .. } => {
                self.swallow = true;
                mark(None);
                let there = under(up);
                let bin = there.as_ref().is_some_and(|there| is_in(there, ".hand"));
                match there.as_ref().and_then(node_at) {
                    // Back where it was is nowhere.
                    Some(node) if carried.from.as_ref() != Some(&node) => self.actions.show(View::Drop(node)),
                    None if bin && carried.from.is_some() => self.actions.show(View::Bin),
                    _ => self.actions.show(View::Carry(None)),
                }
            }
            _ => {}
        }
    }

    /// What is under way has no end.
    fn rest(&mut self) {
        if let Gesture::Tag { moves: true, .. } = &self.gesture {
            self.actions.show(View::Carry(None));
            mark(None);
        }
        self.gesture = Gesture::None;
        hide(&self.band);
        hide(&self.ghost);
    }

    fn key(&mut self, event: &KeyboardEvent, target: &Element) {
        let key = event.key();
        // A click that a key makes is one.
        self.swallow = false;
        if key == "Escape" && self.drags() {
            event.prevent_default();
            event.stop_propagation();
            self.swallow = true;
            return self.rest();
        }
        let on_board = is_in(target, "#board");
        let typing = matches!(target.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA");
        if !on_board || typing || event.alt_key() {
            return;
        }
        if matches!(key.as_str(), "a" | "A") && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            return self.choose(Choice::All);
        }
        if !key.starts_with("Arrow") || event.ctrl_key() || event.meta_key() {
            return;
        }
        let Some(node) = node_at(target) else { return };
        let spots = spots();
        let Some(at) = spots.iter().position(|spot| spot.name == node) else { return };
        let edges: Vec<Edges> = spots.iter().map(|spot| spot.edges).collect();
        // At the rim as well: the board is not to scroll instead.
        event.prevent_default();
        if let Some(spot) = beside(&key, at, &edges).and_then(|to| spots.get(to)) {
            if event.shift_key() {
                if self.held.chosen.is_empty() {
                    self.choose(Choice::Toggle(node));
                }
                self.choose(Choice::To(spot.name.clone()));
            }
            if self.held.carries {
                self.actions.show(View::Over(Some(spot.name.clone())));
            }
            spot.focus();
        }
    }
}

/// Whether an element is such a one, or in one.
fn is_in(element: &Element, selector: &str) -> bool {
    element.closest(selector).is_ok_and(|found| found.is_some())
}

/// Whether it is ground, and not the bar by which the board is scrolled.
fn on_ground(target: &Element, x: f64) -> bool {
    let left = target.get_bounding_client_rect().left();
    x - left < f64::from(target.client_left() + target.client_width()) || target.client_width() == 0
}

fn frame(a: (f64, f64), b: (f64, f64)) -> Edges {
    [a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1)]
}

fn under(event: &MouseEvent) -> Option<Element> {
    let document = dom::window()?.document()?;
    #[allow(clippy::cast_precision_loss, reason = "a place in the window")]
    document.element_from_point(event.client_x() as f32, event.client_y() as f32)
}

/// Marks the node that the hand is over, and no other.
fn mark(node: Option<&str>) {
    for spot in spots() {
        spot.mark(node == Some(spot.name.as_str()));
    }
}

fn put(node: &NodeRef, x: f64, y: f64, size: Option<(f64, f64)>) {
    let Some(element) = node.cast::<HtmlElement>() else { return };
    element.set_hidden(false);
    let style = element.style();
    let _ = style.set_property("transform", &format!("translate({}, {})", dom::px(x), dom::px(y)));
    if let Some((width, height)) = size {
        let _ = style.set_property("width", &dom::px(width));
        let _ = style.set_property("height", &dom::px(height));
    }
}

fn hide(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        element.set_hidden(true);
    }
}
