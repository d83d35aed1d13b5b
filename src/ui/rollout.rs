//! The rollout of a DaemonSet as a bar: one piece a node, told apart by pattern as well as
//! by colour.

use super::format;
use super::glyph::{colour_class, hatch};
use crate::view::{RolloutSegment, SegmentState};
use yew::prelude::*;

/// Up to so many nodes have a gap between their pieces; more run together by state.
const PIECES_MAX: usize = 80;

/// From so many pieces on they are too small for corners and outlines.
const PIECES_SMALL: usize = 24;

/// Some nodes of one state, side by side.
struct Piece {
    state: SegmentState,
    title: String,
    nodes: usize,
}

/// The bar of a workload, by its index and its nodes.
pub fn rollout_bar(style: usize, segments: &[RolloutSegment]) -> Html {
    let all = segments.len();
    let pieces = pieces(segments);
    // Widths in hundredths of a percent: integers print short.
    let gap = if pieces.len() > 1 && all <= PIECES_MAX { 60_usize.min(2_000 / pieces.len()) } else { 0 };
    let small = pieces.len() > PIECES_SMALL;
    let mut start = 0;
    let drawn = pieces.iter().map(|piece| {
        let x = start * 10_000 / all.max(1);
        start += piece.nodes;
        let width = (start * 10_000 / all.max(1)).saturating_sub(x + gap).max(1);
        draw(style, piece, x, width, small)
    });
    html! {
        <svg class={classes!("rollout", colour_class(Some(style)))} width="100%" height="10" role="img" aria-label={summary(segments)}>
            { for drawn }
        </svg>
    }
}

fn draw(style: usize, piece: &Piece, x: usize, width: usize, small: bool) -> Html {
    let (class, _) = format::segment(piece.state);
    let rx = if small { "1" } else { "2.5" };
    let percent = |n: usize| format!("{}.{:02}%", n / 100, n % 100);
    let fill = match piece.state {
        SegmentState::Updated => "currentColor".to_owned(),
        SegmentState::Old | SegmentState::OldUnavailable => hatch(Some(style)),
        SegmentState::Misscheduled => "url(#hatch-w-warn)".to_owned(),
        SegmentState::Updating if small => "currentColor".to_owned(),
        SegmentState::Missing | SegmentState::Updating => "none".to_owned(),
    };
    html! {
        <g class={classes!("segment", class, small.then_some("small"))}>
            <title>{ &piece.title }</title>
            <rect x={percent(x)} y="1" width={percent(width)} height="8" {rx} {fill} />
            if piece.state == SegmentState::Updating && !small {
                <rect class="half" x={percent(x)} y="1" width={percent(width / 2)} height="8" rx="2.5" fill="currentColor" />
            }
        </g>
    }
}

fn pieces(segments: &[RolloutSegment]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for segment in segments {
        let (_, words) = format::segment(segment.state);
        match pieces.last_mut() {
            Some(last) if segments.len() > PIECES_MAX && last.state == segment.state => {
                last.nodes += 1;
                last.title = format!("{} nodes: {words}", last.nodes);
            }
            _ => pieces.push(Piece { state: segment.state, title: format!("{}: {words}", segment.node), nodes: 1 }),
        }
    }
    pieces
}

/// `Rollout: 3 updated, 1 old revision`.
fn summary(segments: &[RolloutSegment]) -> String {
    const ALL: [SegmentState; 6] = [
        SegmentState::Updated,
        SegmentState::Updating,
        SegmentState::Old,
        SegmentState::OldUnavailable,
        SegmentState::Missing,
        SegmentState::Misscheduled,
    ];
    let parts = ALL.into_iter().filter_map(|state| {
        let n = segments.iter().filter(|segment| segment.state == state).count();
        (n > 0).then(|| format!("{n} {}", format::segment(state).1))
    });
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() { "Rollout: no node".to_owned() } else { format!("Rollout: {}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(node: usize, state: SegmentState) -> RolloutSegment {
        RolloutSegment { node: format!("n{node}"), state }
    }

    #[test]
    fn few_nodes_are_pieces_and_many_run_together() {
        let few: Vec<_> = (0..3).map(|i| segment(i, SegmentState::Old)).collect();
        assert_eq!(pieces(&few).len(), 3);
        let many: Vec<_> =
            (0..200).map(|i| segment(i, if i < 50 { SegmentState::Updated } else { SegmentState::Old })).collect();
        let pieces = pieces(&many);
        assert_eq!(pieces.iter().map(|piece| piece.nodes).collect::<Vec<_>>(), [50, 150]);
        assert_eq!(summary(&many), "Rollout: 50 updated, 150 old revision");
    }
}
