//! The board as a drawing of its own: SVG with nothing but shapes and text, which any program
//! shows. Texts are escaped and cut to their room.

use crate::ui::format;
use crate::ui::glyph::shape;
use crate::view::{Frame, NodeCard, NodeState, PodChip, PodLook, WorkloadCard};
use std::fmt::Write as _;

/// Nodes in a row.
const COLUMNS: usize = 4;
/// Most nodes that are drawn.
const MAX_NODES: usize = 200;
/// Most pods of a node, and most taints.
const MAX_LINES: usize = 12;

const WIDTH: usize = 1_200;
const MARGIN: usize = 24;
const GAP: usize = 14;
const CARD: usize = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
const LINE: usize = 20;

/// The colours of the page, for print or for the dark.
struct Colours {
    ground: &'static str,
    card: &'static str,
    line: &'static str,
    ink: &'static str,
    mute: &'static str,
    bad: &'static str,
    warn: &'static str,
    orphan: &'static str,
    workloads: [&'static str; 8],
}

static LIGHT: Colours = Colours {
    ground: "#f3f5f8",
    card: "#ffffff",
    line: "#dbe1e8",
    ink: "#15202d",
    mute: "#536071",
    bad: "#b1241c",
    warn: "#8a5000",
    orphan: "#6b7785",
    workloads: ["#0072b2", "#c84e08", "#007555", "#8447bd", "#b83a7c", "#866700", "#077182", "#4b5b70"],
};

static DARK: Colours = Colours {
    ground: "#0b1016",
    card: "#131a23",
    line: "#283442",
    ink: "#e7ecf3",
    mute: "#9dabbc",
    bad: "#ff9087",
    warn: "#f3b95f",
    orphan: "#8c9aab",
    workloads: ["#5bb8f0", "#f6955d", "#3fd0a0", "#c9a0ef", "#f28fbe", "#e4c04f", "#4fcadb", "#abb9ca"],
};

/// A drawing, and its size in pixels.
pub struct Picture {
    /// The SVG.
    pub svg: String,
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
}

/// Draws the board.
#[must_use]
pub fn picture(frame: &Frame, dark: bool) -> Picture {
    let colours = if dark { &DARK } else { &LIGHT };
    let mut pen = Pen { colours, out: String::new(), y: MARGIN + 16 };
    let title = format!("DaemonSets at {}", format::time(frame.now));
    pen.text(MARGIN, pen.y, &title, 60, colours.ink, "font-size=\"18\" font-weight=\"650\"");
    let aside = format!(
        "{}, {} · Kubernetes 1.37.2, simulated",
        format::count(frame.node_count, "node"),
        format::count(frame.pod_count, "pod")
    );
    pen.text(WIDTH - MARGIN, pen.y, &aside, 80, colours.mute, "text-anchor=\"end\"");
    pen.y += 14;
    for card in &frame.workloads {
        pen.workload(card);
    }
    if !frame.lane.is_empty() {
        pen.heading("Without a node");
        for pod in frame.lane.iter().take(MAX_LINES) {
            pen.y += LINE;
            pen.pod(MARGIN, pen.y, pod, 90);
        }
        pen.y += 8;
    }
    let mut left = MAX_NODES;
    for group in &frame.groups {
        pen.heading(&group.title);
        pen.y += 10;
        for row in group.nodes.chunks(COLUMNS) {
            if left == 0 {
                break;
            }
            left = left.saturating_sub(row.len());
            let height = row.iter().map(|node| card_height(node)).max().unwrap_or(0);
            for (column, node) in row.iter().enumerate() {
                pen.node(MARGIN + column * (CARD + GAP), node, height);
            }
            pen.y += height + GAP;
        }
    }
    if frame.node_count > MAX_NODES {
        pen.y += 8;
        let text = format!("and {} more", format::count(frame.node_count - MAX_NODES, "node"));
        pen.text(MARGIN, pen.y, &text, 60, colours.mute, "");
    }
    let height = pen.y + MARGIN;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"ui-sans-serif, system-ui, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif\" font-size=\"13\">\
         <title>{}</title><rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{}\"/>{}</svg>",
        escaped(&title, 60),
        colours.ground,
        pen.out
    );
    Picture { svg, width: WIDTH, height }
}

/// Lines below a node's name.
fn lines(count: usize) -> usize {
    count.min(MAX_LINES + 1)
}

fn card_height(node: &NodeCard) -> usize {
    52 + LINE * (lines(node.taints.len()) + lines(node.pods.len()))
}

struct Pen {
    colours: &'static Colours,
    out: String,
    y: usize,
}

impl Pen {
    fn text(&mut self, x: usize, y: usize, text: &str, room: usize, colour: &str, more: &str) {
        let _ = write!(self.out, "<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\" {more}>{}</text>", escaped(text, room));
    }

    fn heading(&mut self, text: &str) {
        self.y += 26;
        self.text(MARGIN, self.y, text, 80, self.colours.mute, "font-weight=\"650\"");
    }

    /// The sign of a workload, with its left edge at `x` and on the line `y`.
    fn sign(&mut self, x: usize, y: usize, style: Option<usize>, filled: bool) {
        let colour = self.colour(style);
        let fill = if filled { colour } else { "none" };
        let _ = write!(
            self.out,
            "<path transform=\"translate({x} {})\" d=\"{}\" fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"1.3\"/>",
            y.saturating_sub(11),
            shape(style)
        );
    }

    fn colour(&self, style: Option<usize>) -> &'static str {
        let of = style.and_then(|style| self.colours.workloads.get(style % self.colours.workloads.len()));
        of.copied().unwrap_or(self.colours.orphan)
    }

    fn workload(&mut self, card: &WorkloadCard) {
        self.y += LINE + 2;
        self.sign(MARGIN, self.y, Some(card.style), true);
        let name = format!("{}/{}", card.key.namespace, card.key.name);
        self.text(MARGIN + 22, self.y, &name, 44, self.colours.ink, "font-weight=\"600\"");
        let c = &card.columns;
        let numbers = format!(
            "desired {}   current {}   ready {}   up-to-date {}   available {}   misscheduled {}",
            c.desired, c.current, c.ready, c.up_to_date, c.available, c.misscheduled
        );
        self.text(MARGIN + 380, self.y, &numbers, 110, self.colours.mute, "xml:space=\"preserve\"");
    }

    fn node(&mut self, x: usize, node: &NodeCard, height: usize) {
        let (top, colours) = (self.y, self.colours);
        let bad = node.deleted || node.state != NodeState::Ready;
        let border = if bad { colours.bad } else { colours.line };
        let _ = write!(
            self.out,
            "<rect x=\"{x}\" y=\"{top}\" width=\"{CARD}\" height=\"{height}\" rx=\"9\" fill=\"{}\" stroke=\"{border}\"/>",
            colours.card
        );
        let mut y = top + 22;
        self.text(x + 12, y, &node.name, 22, colours.ink, "font-weight=\"650\"");
        let state = if node.deleted { "deleted" } else { format::node_state(node.state) };
        let state = if node.cordoned { format!("{state}, cordoned") } else { state.to_owned() };
        let colour = if bad { colours.bad } else { colours.mute };
        self.text(x + CARD - 12, y, &state, 20, colour, "text-anchor=\"end\" font-size=\"12\"");
        y += 12;
        for taint in node.taints.iter().take(MAX_LINES) {
            y += LINE;
            self.text(x + 12, y, &taint.text, 38, colours.warn, "font-size=\"11.5\"");
        }
        y += self.more(x, y + LINE, node.taints.len());
        for pod in node.pods.iter().take(MAX_LINES) {
            y += LINE;
            self.pod(x + 12, y, pod, 34);
        }
        self.more(x, y + LINE, node.pods.len());
    }

    /// Says how many lines are left out; the room that takes.
    fn more(&mut self, x: usize, y: usize, count: usize) -> usize {
        let left_out = count.saturating_sub(MAX_LINES);
        if left_out == 0 {
            return 0;
        }
        self.text(x + 12, y, &format!("and {left_out} more"), 38, self.colours.mute, "font-size=\"11.5\"");
        LINE
    }

    fn pod(&mut self, x: usize, y: usize, pod: &PodChip, room: usize) {
        self.sign(x, y, pod.style, pod.up_to_date && pod.style.is_some());
        let colour = match pod.look {
            PodLook::Failing | PodLook::Unschedulable => self.colours.bad,
            PodLook::Available | PodLook::Ready => self.colours.ink,
            _ => self.colours.mute,
        };
        let doing = if pod.reason.is_empty() || pod.reason.contains(' ') { &pod.doing } else { &pod.reason };
        let revision = if pod.up_to_date { "" } else { ", old revision" };
        self.text(x + 20, y, &format!("{}: {doing}{revision}", pod.workload), room, colour, "font-size=\"12.5\"");
    }
}

/// A text as XML, of at most so many characters.
fn escaped(text: &str, room: usize) -> String {
    let is_cut = text.chars().nth(room).is_some();
    let mut out = String::new();
    for c in text.chars().take(if is_cut { room.saturating_sub(1) } else { room }) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML has no place for most of these, not even escaped.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    if is_cut {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{PRESETS, Preset, Session};
    use crate::base::Time;

    #[test]
    fn texts_are_escaped_and_cut() {
        assert_eq!(escaped("<a b=\"c\">&'\u{0}\u{7}", 40), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;  ");
        assert_eq!(escaped("abcdef", 6), "abcdef");
        assert_eq!(escaped("abcdefg", 6), "abcde…");
    }

    #[test]
    fn every_scene_is_a_well_formed_drawing() {
        for preset in PRESETS {
            let mut session = Session::new(preset, preset.objects());
            session.dispatch(crate::app::Intent::Seek(Time(8_000)));
            let frame = session.snapshot().frame;
            let Picture { svg, width, height } = picture(&frame, false);
            assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>"), "{}", preset.id);
            assert!(width == 1_200 && height > 200 && !svg.contains("foreignObject"));
            let count = |what: &str| svg.matches(what).count();
            assert_eq!(count("<text "), count("</text>"));
            assert!(count("<rect ") > frame.node_count);
            assert_eq!(count("<path "), frame.pod_count + frame.workloads.len(), "{}", preset.id);
        }
    }

    #[test]
    fn dark_is_another_palette() {
        let frame = Session::new(&PRESETS[0], Preset::objects(&PRESETS[0])).snapshot().frame;
        assert!(picture(&frame, true).svg.contains(DARK.ground) && !picture(&frame, true).svg.contains(LIGHT.ground));
    }
}
