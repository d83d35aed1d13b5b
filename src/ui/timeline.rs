//! Simulated time: playback, the track with its marks, undo and redo.

mod marks;
mod scale;
mod track;
mod zoom;

use super::actions::{Actions, use_actions};
use super::actor_select::ActorSelect;
use super::dom;
use super::format;
use super::icon::{Picture, icon};
use super::shared::Shared;
use crate::app::{Busy, Intent, Speed, TimelineView};
use crate::sim::Actor;
use scale::Scale;
use track::Track;
use yew::prelude::*;
use zoom::use_zoom;

/// Whose acts the steps go to.
const STEPS: ActorSelect = ActorSelect { label: "Steps go to", all: "any event", id: "step-by" };

/// Properties of [`Timeline`].
#[derive(Clone, PartialEq, Properties)]
pub struct TimelineProps {
    /// What there is on it.
    pub view: Shared<TimelineView>,
    /// Time runs.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// Whose acts steps go to; anybody's if none is named.
    pub step_by: Option<Actor>,
    /// The last change can be taken back.
    pub can_undo: bool,
    /// The change taken back can be made again.
    pub can_redo: bool,
    /// Long work is under way.
    pub busy: Option<Busy>,
}

/// The timeline.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let (view, actions) = (&props.view, use_actions());
    let zoom = use_zoom(Scale::new(view.start, view.end.max(view.now)), view.now);
    html! {
        <section class="timeline" aria-label="Timeline">
            <div class="playback">
                <Controls playing={props.playing} speed={props.speed} can_undo={props.can_undo} can_redo={props.can_redo} />
                <output class="now mono" data-now={view.now.0.to_string()}>{ format::time(view.now) }</output>
                { state(props, &actions) }
                <span class="grow" />
                { STEPS.draw(props.step_by, actions.intent.reform(Intent::StepBy)) }
                { zoom.buttons() }
            </div>
            <Track view={props.view.clone()} playing={props.playing} {zoom} />
        </section>
    }
}

/// What time does, in words.
fn state(props: &TimelineProps, actions: &Actions) -> Html {
    if let Some(busy) = &props.busy {
        return html! {
            <span class="time-state busy">
                <progress max="1000" value={busy.permille.to_string()} aria-label={busy.label.clone()} />
                { &busy.label }
                // Whatever is asked for ends what is under way.
                <button type="button" class="button" onclick={actions.on_click(Intent::SetPlaying(props.playing))}>{ "Cancel" }</button>
            </span>
        };
    }
    let words = match (props.view.settled, props.view.next_event_at, props.playing) {
        (true, ..) => "settled: nothing left to happen".to_owned(),
        (false, Some(at), false) => format!("next event in {}", format::span(at - props.view.now)),
        (false, _, true) => "running".to_owned(),
        (false, None, false) => "paused".to_owned(),
    };
    html! { <span class="time-state" data-settled={props.view.settled.to_string()}>{ words }</span> }
}

#[derive(Clone, PartialEq, Properties)]
struct ControlsProps {
    playing: bool,
    speed: Speed,
    can_undo: bool,
    can_redo: bool,
}

#[component]
fn Controls(props: &ControlsProps) -> Html {
    let actions = use_actions();
    let button = |label: &'static str, picture: Picture, intent: Intent, disabled: bool| {
        html! {
            <button type="button" class="icon-button" aria-label={label} title={label} {disabled} onclick={actions.on_click(intent)}>
                { icon(picture) }
            </button>
        }
    };
    let (label, picture) = if props.playing { ("Pause", Picture::Pause) } else { ("Play", Picture::Play) };
    let onchange = {
        let actions = actions.clone();
        Callback::from(move |event: Event| {
            if let Ok(thousandths) = dom::value_of(&event).parse() {
                actions.act(Intent::SetSpeed(Speed(thousandths)));
            }
        })
    };
    html! {
        <div class="controls" role="group" aria-label="Playback">
            { button("Step back to the event before", Picture::StepBack, Intent::StepBack, false) }
            <button type="button" class="icon-button primary" aria-label={label} title={format!("{label} (Space)")} data-testid="play"
                onclick={actions.on_click(Intent::SetPlaying(!props.playing))}>{ icon(picture) }</button>
            { button("Step to the next event", Picture::StepForward, Intent::StepForward, false) }
            <select class="speed" aria-label="Speed" {onchange} data-testid="speed">
                { for Speed::ALL.into_iter().map(|speed| html! {
                    <option value={speed.0.to_string()} selected={speed == props.speed}>{ format::speed(speed) }</option>
                }) }
            </select>
            <span class="gap" />
            { button("Undo", Picture::Undo, Intent::Undo, !props.can_undo) }
            { button("Redo", Picture::Redo, Intent::Redo, !props.can_redo) }
        </div>
    }
}
