//! The sign of a workload: a colour and a shape, so that neither must be seen to tell two
//! workloads apart. Pods of an old revision have it hatched.

use yew::prelude::*;

/// How many colours there are; `www/style.css` has them as `--w0`….
const COLOURS: usize = 8;

/// Outlines in a box of 14 by 14. Their number and that of the colours have no common
/// divisor: 56 workloads before two look alike.
const SHAPES: [&str; 7] = [
    "M7 1.4a5.6 5.6 0 1 1 0 11.2a5.6 5.6 0 1 1 0-11.2z",
    "M2.6 1.8h8.8a.8.8 0 0 1 .8.8v8.8a.8.8 0 0 1-.8.8H2.6a.8.8 0 0 1-.8-.8V2.6a.8.8 0 0 1 .8-.8z",
    "M7 .7 13.3 7 7 13.3.7 7z",
    "M7 1.2 13.4 12.4H.6z",
    "M3.8 1.5h6.4L13.4 7l-3.2 5.5H3.8L.6 7z",
    "M4.8 1h4.4v3.8H13v4.4H9.2V13H4.8V9.2H1V4.8h3.8z",
    "M7 .9l6.4 4.7-2.5 7.5H3.1L.6 5.6z",
];

/// The outline of a workload's sign, in a box of 14 by 14.
#[must_use]
pub fn shape(style: Option<usize>) -> &'static str {
    style.and_then(|style| SHAPES.get(style % SHAPES.len())).unwrap_or(&SHAPES[0])
}

/// The class that gives an element the colour of a workload; orphans are grey.
#[must_use]
pub fn colour_class(style: Option<usize>) -> String {
    match style {
        Some(style) => format!("w{}", style % COLOURS),
        None => "w-none".to_owned(),
    }
}

/// The fill of something old, in the colour of a workload: see [`hatch_definitions`].
#[must_use]
pub fn hatch(style: Option<usize>) -> String {
    format!("url(#hatch-{})", colour_class(style))
}

/// The sign of a workload; hatched for what is of an old revision.
pub fn glyph(style: Option<usize>, old: bool) -> Html {
    let fill = match (style, old) {
        (None, _) => "none".to_owned(),
        (style, true) => hatch(style),
        (_, false) => "currentColor".to_owned(),
    };
    html! {
        <svg class={classes!("glyph", colour_class(style))} viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
            <path d={shape(style)} {fill} stroke="currentColor" stroke-width="1.2" stroke-linejoin="round" />
        </svg>
    }
}

/// The hatchings, once a page; other drawings refer to them.
pub fn hatch_definitions() -> Html {
    let names = (0..COLOURS).map(|i| format!("w{i}")).chain(["w-none".to_owned(), "w-warn".to_owned()]);
    html! {
        <svg class="definitions" width="0" height="0" aria-hidden="true" focusable="false">
            <defs>
                { for names.map(|name| html! {
                    <pattern id={format!("hatch-{name}")} class={name} width="3.2" height="3.2"
                        patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <rect width="1.6" height="3.2" fill="currentColor" />
                    </pattern>
                }) }
            </defs>
        </svg>
    }
}
