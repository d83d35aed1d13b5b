//! What is drawn on the track: ticks, spans, marks. It changes seldom, while the playhead
//! over it moves at every frame.

use super::scale::Scale;
use crate::app::{MarkKind, TimelineMark, TimelineSpan, TimelineTrack, TimelineView};
use crate::base::Time;
use crate::timeline::Future;
use crate::ui::format::{self, actor_class};
use crate::ui::shared::Shared;
use std::rc::Rc;
use yew::prelude::*;

/// Marks drawn at most: the newest.
const MARKS_MAX: usize = 400;

/// Where the tracks of the actors begin, and how far they are apart.
const TRACKS_Y: usize = 58;
const TRACK_HEIGHT: usize = 11;

/// Rows for spans that overlap.
const ROWS: usize = 2;

/// Properties of [`Marks`].
#[derive(Clone, Properties)]
pub struct MarksProps {
    pub(super) view: Shared<TimelineView>,
    pub(super) scale: Scale,
}

/// The moment and the rest of the view do not concern the marks.
impl PartialEq for MarksProps {
    fn eq(&self, other: &MarksProps) -> bool {
        let same_tracks = Rc::ptr_eq(&self.view.tracks, &other.view.tracks);
        self.scale == other.scale
            && same_tracks
            && self.view.marks == other.view.marks
            && self.view.spans == other.view.spans
            && Rc::ptr_eq(&self.view.futures, &other.view.futures)
    }
}

/// Ticks, spans and marks.
#[component]
pub fn Marks(props: &MarksProps) -> Html {
    let (view, scale) = (&props.view, props.scale);
    let marks = view.marks.iter().filter(|mark| scale.shows(mark.at));
    let spans: Vec<_> = view.spans.iter().filter(|span| scale.overlaps(span.from, span.to)).collect();
    let older = marks.clone().count().saturating_sub(MARKS_MAX);
    html! {
        <g>
            { scale.ticks().into_iter().map(|at| tick(scale, at)).collect::<Html>() }
            { rows(&spans).into_iter().map(|(row, span)| draw_span(scale, row, span)).collect::<Html>() }
            { for view.tracks.iter().enumerate().map(|(row, track)| draw_track(scale, row, track)) }
            { for view.futures.iter().filter(|future| scale.shows(future.parts_at)).map(|future| draw_parting(scale, future)) }
            { marks.skip(older).map(|mark| draw_mark(scale, mark)).collect::<Html>() }
        </g>
    }
}

fn tick(scale: Scale, at: Time) -> Html {
    let x = scale.percent(at);
    let (seconds, tenth) = (at.0 / 1_000, at.0 % 1_000 / 100);
    let part = if tenth == 0 { String::new() } else { format!(".{tenth}") };
    let text =
        if seconds < 60 { format!("{seconds}{part} s") } else { format!("{}:{:02}{part}", seconds / 60, seconds % 60) };
    html! {
        <g class="tick">
            <line x1={x.clone()} x2={x.clone()} y1="0" y2="100%" />
            <svg {x} y="100%" overflow="visible"><text x="4" y="-5">{ text }</text></svg>
        </g>
    }
}

/// A row for each span, so that those that overlap are side by side while there are rows.
fn rows<'a>(spans: &[&'a TimelineSpan]) -> Vec<(usize, &'a TimelineSpan)> {
    let mut ends = [Time(i64::MIN); ROWS];
    spans
        .iter()
        .map(|&span| {
            let free = ends.iter().position(|end| *end <= span.from).unwrap_or(ROWS - 1);
            if let Some(end) = ends.get_mut(free) {
                *end = (*end).max(span.to);
            }
            (free, span)
        })
        .collect()
}

fn draw_span(scale: Scale, row: usize, span: &TimelineSpan) -> Html {
    let y = (5 + row * 17).to_string();
    html! {
        <svg class="span" x={scale.percent(span.from)} width={scale.width(span.from, span.to)} {y} height="15">
            <title>{ format!("{}: {} to {}", span.text, format::time(span.from), format::time(span.to)) }</title>
            <rect width="100%" height="15" rx="4" />
            <text x="6" y="11">{ &span.text }</text>
        </svg>
    }
}

/// A track is one path over the whole width, however many instants it has.
fn draw_track(scale: Scale, row: usize, track: &TimelineTrack) -> Html {
    let path: String = track
        .instants
        .iter()
        .filter(|at| scale.shows(**at))
        .map(|at| format!("M{} 0v6", scale.basis_points(*at)))
        .collect();
    html! {
        <svg class={classes!("actor-track", actor_class(track.actor))} y={(TRACKS_Y + row * TRACK_HEIGHT).to_string()} overflow="visible">
            <title>{ track.actor.to_string() }</title>
            <svg width="100%" height="6" viewBox="0 0 10000 6" preserveAspectRatio="none"><path d={path} /></svg>
            <svg x="100%" overflow="visible"><text x="-6" y="6">{ track.actor.to_string() }</text></svg>
        </svg>
    }
}

/// Where another future parts from the one shown.
fn draw_parting(scale: Scale, future: &Future) -> Html {
    let what = future.first.as_deref().unwrap_or("nothing is done");
    html! {
        <svg x={scale.percent(future.parts_at)} y="46" overflow="visible">
            <g class="mark parting">
                <title>{ format!("{} · another branch: {what}", format::time(future.parts_at)) }</title>
                <path d="M10 6V1L6-5M10 1l4-6" />
            </g>
        </svg>
    }
}

fn draw_mark(scale: Scale, mark: &TimelineMark) -> Html {
    let (class, d) = match mark.kind {
        MarkKind::UserAction => ("mark user", "M0-4.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z"),
        MarkKind::Warning => ("mark warning", "M0-5.4 5.4 0 0 5.4-5.4 0z"),
        MarkKind::Note => ("mark note", "M-1.2-4.5h2.4v9h-2.4z"),
    };
    html! {
        <svg x={scale.percent(mark.at)} y="46" overflow="visible">
            <g {class}><title>{ format!("{} · {} · {}", format::time(mark.at), mark.actor, mark.text) }</title><path {d} /></g>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_overlap_are_side_by_side() {
        let span = |from, to| TimelineSpan { from: Time(from), to: Time(to), text: String::new() };
        let spans = [span(0, 10), span(5, 20), span(12, 15), span(13, 30)];
        assert_eq!(
            rows(&spans.iter().collect::<Vec<_>>()).iter().map(|(row, _)| *row).collect::<Vec<_>>(),
            [0, 1, 0, 1]
        );
    }
}
