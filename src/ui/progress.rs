//! Bars of what is under way. How full a bar is depends on the time alone, which changes at
//! every frame: so the bars are filled directly, and nothing else is drawn again.

use super::actions::Actions;
use super::dom;
use crate::base::{Map, Time};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// The bars on the page and the time they show.
#[derive(Clone, Default)]
pub struct Pace(Rc<Inner>);

#[derive(Default)]
struct Inner {
    now: Cell<Time>,
    next_id: Cell<u64>,
    bars: RefCell<Map<u64, Bar>>,
}

struct Bar {
    element: HtmlElement,
    started_at: Time,
    ends_at: Time,
}

impl PartialEq for Pace {
    fn eq(&self, other: &Pace) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Pace {
    /// Fills every bar as it is at `now`.
    pub fn paint(&self, now: Time) {
        if self.0.now.replace(now) == now {
            return;
        }
        for bar in self.0.bars.borrow().values() {
            bar.paint(now);
        }
    }

    fn put(&self, id: u64, bar: Bar) {
        bar.paint(self.0.now.get());
        self.0.bars.borrow_mut().insert(id, bar);
    }

    fn new_id(&self) -> u64 {
        let id = self.0.next_id.get();
        self.0.next_id.set(id.wrapping_add(1));
        id
    }

    fn remove(&self, id: u64) {
        self.0.bars.borrow_mut().remove(&id);
    }
}

impl Bar {
    fn paint(&self, now: Time) {
        let part = part_done(self.started_at, self.ends_at, now);
        // A refusal would leave the bar as it was: nothing to do about it.
        let _ = self.element.style().set_property("transform", &format!("scaleX({})", dom::number(part)));
    }
}

/// How much of a span has passed, from 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "a fraction for the eye")]
fn part_done(started_at: Time, ends_at: Time, now: Time) -> f64 {
    let whole = ends_at.since(started_at);
    if whole == 0 {
        return 1.0;
    }
    now.since(started_at).min(whole) as f64 / whole as f64
}

/// Properties of [`ProgressBar`].
#[derive(Clone, PartialEq, Properties)]
pub struct ProgressBarProps {
    /// When it began.
    pub started_at: Time,
    /// When it will be done.
    pub ends_at: Time,
}

/// A bar that fills by itself. For the eye only: the words beside it say what goes on.
pub struct ProgressBar {
    pace: Pace,
    id: u64,
    node_ref: NodeRef,
}

impl Component for ProgressBar {
    type Message = ();
    type Properties = ProgressBarProps;

    fn create(ctx: &Context<Self>) -> Self {
        let pace = Actions::of(ctx).pace;
        ProgressBar { id: pace.new_id(), pace, node_ref: NodeRef::default() }
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        html! { <span class="progress" aria-hidden="true" ref={self.node_ref.clone()} /> }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first_render: bool) {
        if let Some(element) = self.node_ref.cast::<HtmlElement>() {
            let ProgressBarProps { started_at, ends_at } = *ctx.props();
            self.pace.put(self.id, Bar { element, started_at, ends_at });
        }
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        self.pace.remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(span: (i64, i64), now: i64, want: f64) {
        let got = part_done(Time(span.0), Time(span.1), Time(now));
        assert!((got - want).abs() < 1e-9, "{span:?} at {now}: {got}");
    }

    #[test]
    fn part_of_a_span() {
        check((1_000, 3_000), 500, 0.0);
        check((1_000, 3_000), 1_500, 0.25);
        check((1_000, 3_000), 9_000, 1.0);
        check((1_000, 1_000), 1_000, 1.0);
    }
}
