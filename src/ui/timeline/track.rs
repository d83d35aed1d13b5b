//! The track: what happened when, and where we are. Dragging it goes to a moment; with the
//! keyboard it is a slider whose arrows go from event to event.

use super::marks::Marks;
use super::zoom::{To, Zoom};
use crate::app::{Intent, TimelineView};
use crate::base::SECOND_MS;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::format;
use crate::ui::shared::Shared;
use web_sys::Element;
use yew::prelude::*;

/// What PgUp and PgDn go by.
const PAGE_MS: i64 = 10 * SECOND_MS;

/// Properties of [`Track`].
#[derive(Clone, PartialEq, Properties)]
pub struct TrackProps {
    /// What there is on it.
    pub view: Shared<TimelineView>,
    /// Time runs.
    pub playing: bool,
    /// The part of time that fills it.
    pub(super) zoom: Zoom,
}

/// The track.
#[component]
pub fn Track(props: &TrackProps) -> Html {
    let actions = use_actions();
    let dragging = use_mut_ref(|| false);
    let track = use_node_ref();
    let view = &props.view;
    let scale = props.zoom.scale();
    let moment_at = {
        let track = track.clone();
        move |event: &MouseEvent| {
            let rect = track.cast::<Element>()?.get_bounding_client_rect();
            Some(scale.at((f64::from(event.client_x()) - rect.left()) / rect.width().max(1.0)))
        }
    };
    let seek = {
        let (actions, moment_at) = (actions.clone(), moment_at.clone());
        move |event: &PointerEvent| {
            if let Some(at) = moment_at(event) {
                actions.act(Intent::Seek(at));
            }
        }
    };
    let onwheel = {
        let zoom = props.zoom.clone();
        Callback::from(move |event: WheelEvent| {
            let by = if event.delta_y() == 0.0 { event.delta_x() } else { event.delta_y() };
            let around = moment_at(&event);
            let to = match (event.ctrl_key() || event.meta_key(), around) {
                (true, Some(around)) if by < 0.0 => To::Closer(around),
                (true, Some(around)) => To::Farther(around),
                (true, None) => return,
                // Without a part of time that is shown there is nothing aside.
                (false, _) => To::Aside(if by < 0.0 { -1 } else { 1 }),
            };
            event.prevent_default();
            zoom.go(to);
        })
    };
    let onpointerdown = {
        let (actions, dragging, seek, track, playing) =
            (actions.clone(), dragging.clone(), seek.clone(), track.clone(), props.playing);
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            if let Some(track) = track.cast::<Element>() {
                // Without capture a drag ends at the track's edge, no more.
                let _ = track.set_pointer_capture(event.pointer_id());
            }
            *dragging.borrow_mut() = true;
            if playing {
                actions.act(Intent::SetPlaying(false));
            }
            seek(&event);
        })
    };
    let onpointermove = {
        let dragging = dragging.clone();
        Callback::from(move |event: PointerEvent| {
            if *dragging.borrow() {
                seek(&event);
            }
        })
    };
    let release = Callback::from(move |_: PointerEvent| *dragging.borrow_mut() = false);
    let onkeydown = keys(&actions, view, &props.zoom);
    let at = scale.percent(view.now);
    let is_shown = scale.shows(view.now);
    html! {
        <div class="track" ref={track} role="slider" tabindex="0" aria-label="Moment" aria-orientation="horizontal"
            aria-valuemin={view.start.0.to_string()} aria-valuemax={props.zoom.end().0.to_string()} aria-valuenow={view.now.0.to_string()}
            aria-valuetext={format::time(view.now)} {onkeydown} {onwheel} {onpointerdown} {onpointermove}
            onpointerup={release.clone()} onpointercancel={release} data-testid="track">
            <svg class="track-drawing" width="100%" height="100%" aria-hidden="true">
                <rect class="simulated" x="0" y="0" height="100%" width={scale.percent(view.end.max(view.now))} />
                <Marks view={props.view.clone()} {scale} />
                if is_shown {
                    <line class="playhead" x1={at.clone()} x2={at.clone()} y1="0" y2="100%" />
                    <svg x={at} y="0" overflow="visible"><path class="playhead-grip" d="M-5 0h10v5l-5 5-5-5z" /></svg>
                }
            </svg>
        </div>
    }
}

fn keys(actions: &Actions, view: &TimelineView, zoom: &Zoom) -> Callback<KeyboardEvent> {
    let (actions, zoom) = (actions.clone(), zoom.clone());
    let (now, start, end) = (view.now, view.start, view.end);
    Callback::from(move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "+" | "=" => Some(To::Closer(zoom.centre())),
            "-" => Some(To::Farther(zoom.centre())),
            "0" => Some(To::All),
            "ArrowRight" if event.shift_key() => Some(To::Aside(1)),
            "ArrowLeft" if event.shift_key() => Some(To::Aside(-1)),
            _ => None,
        };
        // With Ctrl they are the browser's.
        if let Some(to) = to.filter(|_| !event.ctrl_key() && !event.meta_key()) {
            event.prevent_default();
            zoom.go(to);
            return;
        }
        let intent = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Intent::StepForward,
            "ArrowLeft" | "ArrowDown" => Intent::StepBack,
            "PageUp" => Intent::Seek(now + PAGE_MS),
            "PageDown" => Intent::Seek((now + -PAGE_MS).max(start)),
            "Home" => Intent::Seek(start),
            "End" => Intent::Seek(end),
            _ => return,
        };
        event.prevent_default();
        actions.act(intent);
    })
}
