//! Movement between two drawings of the board: what is measured before the page changes and
//! again after it, glides from the one place to the other (first, last, invert, play). Only
//! `transform` and `opacity` are animated, by the Web Animations API.
//!
//! An element takes part by its `data-flip` attribute, unique on the board. Elements may be
//! nested: a pod on a card that itself moves adds only its own movement.

use super::dom;
use crate::base::Map;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Animation, Element, HtmlElement};
use yew::NodeRef;

/// Starts fast, ends softly, as something carried does.
const EASING: &str = "cubic-bezier(0.22, 0.9, 0.24, 1)";

/// A movement shorter than this is not worth showing.
const STILL_PX: f64 = 0.75;

/// The rest of a movement takes at least so long.
const LEAST_MS: f64 = 120.0;

/// What is cut from the copy of something that leaves: it is no pod or node any more.
const NAMES: [&str; 7] = ["id", "data-flip", "data-pod", "data-node", "data-look", "data-workload", "data-state"];

/// A place on the board, relative to its upper left corner, so that scrolling is no movement.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

struct Measured {
    element: HtmlElement,
    place: Place,
    container: Option<String>,
}

struct Running {
    animation: Animation,
    target: Place,
    duration_ms: f64,
}

/// The movements of a board.
#[derive(Default)]
pub struct Flip {
    root: NodeRef,
    ghosts: NodeRef,
    before: Option<Map<String, Measured>>,
    running: Map<String, Running>,
}

impl Flip {
    /// For the element that everything is on.
    pub fn root(&self) -> NodeRef {
        self.root.clone()
    }

    /// For the element that holds copies of what leaves.
    pub fn ghosts(&self) -> NodeRef {
        self.ghosts.clone()
    }

    /// The page is about to change: measures. Twice before one change, the first counts.
    pub fn before(&mut self) {
        if dom::reduced_motion() {
            self.cut();
        } else if self.before.is_none() {
            self.before = self.root.cast::<HtmlElement>().map(|root| measure(&root));
        }
    }

    /// The next change is no movement.
    pub fn cut(&mut self) {
        self.before = None;
        for (_, running) in std::mem::take(&mut self.running) {
            running.animation.cancel();
        }
        if let Some(ghosts) = self.ghosts.cast::<Element>() {
            while let Some(ghost) = ghosts.first_element_child() {
                ghost.remove();
            }
        }
    }

    /// The page has changed: everything glides to its place.
    pub fn after(&mut self, glide_ms: u32) {
        let (Some(before), Some(root)) = (self.before.take(), self.root.cast::<HtmlElement>()) else {
            return;
        };
        let mut left = Map::new();
        for (key, running) in std::mem::take(&mut self.running) {
            left.insert(key, (running.target, running.left_ms()));
            running.animation.cancel();
        }
        let after = measure(&root);
        let glide_ms = f64::from(glide_ms);
        let shift = |key: &str| shift(before.get(key)?, after.get(key)?);
        for (key, now) in &after {
            let own = now.container.as_deref().and_then(shift).unwrap_or((0.0, 0.0));
            let (frames, duration_ms) = match shift(key) {
                Some((dx, dy)) => {
                    let (dx, dy) = (dx - own.0, dy - own.1);
                    if dx.hypot(dy) < STILL_PX {
                        continue;
                    }
                    // A movement to the same place goes on instead of starting anew.
                    let same = left.get(key).filter(|(target, _)| target.is_at(now.place));
                    (moves(dx, dy), same.map_or(glide_ms, |(_, left_ms)| *left_ms))
                }
                // What comes with its card comes as part of the card.
                None if now.container.as_ref().is_some_and(|container| !before.contains_key(container)) => {
                    continue;
                }
                None => (appears(), glide_ms),
            };
            if let Some(animation) = animate(&now.element, &frames, duration_ms) {
                self.running.insert(key.clone(), Running { animation, target: now.place, duration_ms });
            }
        }
        self.leave(&before, &after, glide_ms);
    }

    /// Copies of what is gone fade where it was.
    fn leave(&self, before: &Map<String, Measured>, after: &Map<String, Measured>, glide_ms: f64) {
        let Some(ghosts) = self.ghosts.cast::<Element>() else {
            return;
        };
        let gone = before.iter().filter(|(key, was)| {
            let thing = key.starts_with("pod:") || key.starts_with("node:");
            let with_card = was.container.as_ref().is_some_and(|container| !after.contains_key(container));
            thing && !after.contains_key(*key) && !with_card
        });
        for (_, was) in gone {
            let Some(ghost) = copy(&was.element) else {
                continue;
            };
            put(&ghost, was.place);
            if ghosts.append_child(&ghost).is_err() {
                continue;
            }
            match animate(&ghost, &disappears(), glide_ms * 0.8) {
                Some(animation) => {
                    let done = Closure::once_into_js(move || ghost.remove());
                    animation.set_onfinish(done.dyn_ref());
                }
                None => ghost.remove(),
            }
        }
    }
}

impl Running {
    fn left_ms(&self) -> f64 {
        // Not `clamp`, which would have to print fractions if its bounds were wrong.
        (self.duration_ms - self.animation.current_time().unwrap_or(0.0)).min(self.duration_ms).max(LEAST_MS)
    }
}

impl Place {
    fn is_at(self, other: Place) -> bool {
        (self.x - other.x).hypot(self.y - other.y) < STILL_PX
    }
}

fn measure(root: &HtmlElement) -> Map<String, Measured> {
    let origin = root.get_bounding_client_rect();
    let Ok(list) = root.query_selector_all("[data-flip]") else {
        return Map::new();
    };
    let (left, top) = (origin.left(), origin.top());
    // Hundreds of elements, twice a frame: each call to the browser counts. In the order of
    // the document what is on a card comes behind it, so the last card is the one to ask.
    let mut card: Option<(String, HtmlElement)> = None;
    let measure = |i| {
        // Only elements of HTML have the attribute.
        let element: HtmlElement = list.item(i)?.unchecked_into();
        let key = element.get_attribute("data-flip")?;
        let rect = element.get_bounding_client_rect();
        let place = Place { x: rect.left() - left, y: rect.top() - top, width: rect.width(), height: rect.height() };
        let on_card = card.as_ref().filter(|(_, card)| key.starts_with("pod:") && card.contains(Some(&element)));
        let container = on_card.map(|(key, _)| key.clone());
        if key.starts_with("node:") {
            card = Some((key.clone(), element.clone()));
        }
        Some((key, Measured { element, place, container }))
    };
    (0..list.length()).filter_map(measure).collect()
}

fn shift(was: &Measured, now: &Measured) -> Option<(f64, f64)> {
    // Something out of sight (another part of the page on a phone) has no place.
    let seen = was.place.width > 0.0 && now.place.width > 0.0;
    seen.then_some((was.place.x - now.place.x, was.place.y - now.place.y))
}

fn moves(dx: f64, dy: f64) -> Array {
    let from = format!("translate({}, {})", dom::px(dx), dom::px(dy));
    keyframes(&[&[("transform", &from), ("easing", EASING)], &[("transform", "none")]])
}

fn appears() -> Array {
    keyframes(&[
        &[("transform", "scale(0.86)"), ("opacity", "0"), ("easing", EASING)],
        &[("transform", "none"), ("opacity", "1")],
    ])
}

fn disappears() -> Array {
    keyframes(&[&[("transform", "none"), ("opacity", "1")], &[("transform", "scale(0.86)"), ("opacity", "0")]])
}

fn keyframes(frames: &[&[(&str, &str)]]) -> Array {
    let object = |frame: &&[(&str, &str)]| {
        let object = Object::new();
        for (name, value) in *frame {
            // Setting a property of a fresh object does not fail.
            let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
        }
        object
    };
    frames.iter().map(object).collect()
}

fn animate(element: &HtmlElement, frames: &Array, duration_ms: f64) -> Option<Animation> {
    // By name: web-sys counts the method among the unstable ones. A browser without it shows
    // the new place at once.
    let function = Reflect::get(element, &JsValue::from_str("animate")).ok()?;
    let function = function.dyn_ref::<Function>()?;
    function.call2(element, frames, &JsValue::from_f64(duration_ms)).ok()?.dyn_into().ok()
}

fn copy(element: &HtmlElement) -> Option<HtmlElement> {
    let copy: HtmlElement = element.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    let list = copy.query_selector_all("*").ok()?;
    let inner = (0..list.length()).filter_map(|i| list.item(i)?.dyn_into::<Element>().ok());
    for part in inner.chain([copy.clone().into()]) {
        for name in NAMES {
            let _ = part.remove_attribute(name);
        }
    }
    Some(copy)
}

fn put(ghost: &HtmlElement, place: Place) {
    let style = ghost.style();
    for (name, value) in [
        ("position", "absolute".to_owned()),
        ("left", dom::px(place.x)),
        ("top", dom::px(place.y)),
        ("width", dom::px(place.width)),
        ("height", dom::px(place.height)),
    ] {
        let _ = style.set_property(name, &value);
    }
}
