//! The track: what happened when, and where we are. Dragging it goes to a moment; with the
//! keyboard it is a slider whose arrows go from event to event.

use super::scale::Scale;
use crate::app::{Intent, MarkKind, TimelineMark, TimelineSpan, TimelineView};
use crate::base::{SECOND_MS, Time};
use crate::ui::actions::{Actions, use_actions};
use crate::ui::format;
use crate::ui::shared::Shared;
use web_sys::Element;
use yew::prelude::*;

/// Marks drawn at most: the newest.
const MARKS_MAX: usize = 400;

/// What PgUp and PgDn go by.
const PAGE_MS: i64 = 10 * SECOND_MS;

/// Properties of [`Track`].
#[derive(Clone, PartialEq, Properties)]
pub struct TrackProps {
    /// What there is on it.
    pub view: Shared<TimelineView>,
    /// Time runs.
    pub playing: bool,
}

/// The track.
#[component]
pub fn Track(props: &TrackProps) -> Html {
    let actions = use_actions();
    let dragging = use_mut_ref(|| false);
    let element = use_node_ref();
    let view = &props.view;
    let scale = Scale::new(view.start, view.end.max(view.now));
    let seek = {
        let (actions, element) = (actions.clone(), element.clone());
        move |event: &PointerEvent| {
            if let Some(element) = element.cast::<Element>() {
                let rect = element.get_bounding_client_rect();
                let part = (f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0);
                actions.act(Intent::Seek(scale.at(part)));
            }
        }
    };
    let onpointerdown = {
        let (actions, dragging, seek, playing) = (actions.clone(), dragging.clone(), seek.clone(), props.playing);
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            if let Some(element) = element.cast::<Element>() {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            *dragging.borrow_mut() = true;
            if playing {
                actions.act(Intent::SetPlaying(false));
            }
            seek(&event);
        })
    };
    let element = use_node_ref();
    let _ = element;
    html! {}
}
