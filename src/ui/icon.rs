//! Drawings on buttons, all from one pen: 16 by 16, strokes of 1.6.

use yew::prelude::*;

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Picture {
    Play,
    Pause,
    StepForward,
    StepBack,
    Undo,
    Redo,
    Sun,
    Moon,
    Auto,
    Help,
    Close,
    More,
    Plus,
    Caret,
    Clock,
    Warning,
    Board,
    Manifest,
    Workload,
    Events,
    Trash,
    Link,
    Share,
    Check,
    ZoomIn,
    ZoomOut,
    ZoomAll,
    Focus,
    Select,
    Tag,
}

impl Picture {
    fn path(self) -> &'static str {
        match self {
            Picture::Play => "M5 3.2v9.6l7.6-4.8z",
            Picture::Pause => "M5.2 3.5v9M10.8 3.5v9",
            Picture::StepForward => "M4 3.6v8.8L10.4 8zM12.2 3.6v8.8",
            Picture::StepBack => "M12 3.6v8.8L5.6 8zM3.8 3.6v8.8",
            Picture::Undo => "M6 3.2 3 6.2l3 3M3.4 6.2h6a3.4 3.4 0 0 1 0 6.8H6.6",
            Picture::Redo => "M10 3.2l3 3-3 3M12.6 6.2h-6a3.4 3.4 0 0 0 0 6.8h2.8",
            Picture::Sun => {
                "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.4v1.2M8 13.4v1.2M1.4 8h1.2M13.4 8h1.2M3.3 3.3l.9.9M11.8 11.8l.9.9M12.7 3.3l-.9.9M4.2 11.8l-.9.9"
            }
            Picture::Moon => "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z",
            Picture::Auto => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 2v12M8 5h4.6M8 8h6M8 11h4.6",
            Picture::Help => "M5.8 6a2.3 2.3 0 1 1 3.4 2c-.8.4-1.2.9-1.2 1.8M8 12.3v.3",
            Picture::Close => "M4 4l8 8M12 4l-8 8",
            Picture::More => "M3.4 8h.2M7.9 8h.2M12.4 8h.2",
            Picture::Plus => "M8 3.4v9.2M3.4 8h9.2",
            Picture::Caret => "M4.6 6.4 8 9.8l3.4-3.4",
            Picture::Clock => "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM8 5v3.2l2.2 1.4",
            Picture::Warning => "M8 2.4 14.2 13H1.8zM8 6.6v3M8 11.2v.2",
            Picture::Board => "M2.2 3h5v4.4h-5zM8.8 3h5v4.4h-5zM2.2 9h5v4.2h-5zM8.8 9h5v4.2h-5z",
            Picture::Manifest => "M3.6 1.8h6l2.8 2.8v9.6H3.6zM5.8 7h4.4M5.8 9.4h4.4M5.8 11.8h2.6",
            Picture::Workload => "M2.4 12.8V9.2h2.8v3.6zM6.6 12.8V5.8h2.8v7zM10.8 12.8V2.8h2.8v10z",
            Picture::Events => "M5.4 4h8M5.4 8h8M5.4 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
            Picture::Trash => "M3 4.4h10M6.2 4.2V2.6h3.6v1.6M4.4 4.4l.5 9h6.2l.5-9M6.8 7v4M9.2 7v4",
            Picture::Link => {
                "M6.6 9.4 9.4 6.6M7.2 4.6l1.4-1.4a2.9 2.9 0 0 1 4.2 4.2l-1.4 1.4M8.8 11.4l-1.4 1.4a2.9 2.9 0 0 1-4.2-4.2l1.4-1.4"
            }
            Picture::Share => "M5.2 6.2H3.4v7.4h9.2V6.2h-1.8M8 9.8V2M5.4 4.4 8 1.8l2.6 2.6",
            Picture::Select => "M2.4 5V2.4H5M11 2.4h2.6V5M13.6 11v2.6H11M5 13.6H2.4V11M5.2 8.2l2 2 3.8-4.2",
            Picture::Tag => "M2.4 2.4h5.4l5.8 5.8-5.4 5.4-5.8-5.8zM5.4 5.4h.1",
            Picture::Focus => {
                "M8 3.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8zM8 1.2v2.4M8 12.4v2.4M1.2 8h2.4M12.4 8h2.4M8 8h.1"
            }
            Picture::Check => "M3.4 8.4 6.6 11.6 12.8 4.8",
            Picture::ZoomIn => "M7 2.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2zM10.4 10.4l3.4 3.4M7 5v4M5 7h4",
            Picture::ZoomOut => "M7 2.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2zM10.4 10.4l3.4 3.4M5 7h4",
            Picture::ZoomAll => "M2.4 3.4v9.2M13.6 3.4v9.2M4.6 8h6.8M6.6 5.6 4.4 8l2.2 2.4M9.4 5.6 11.6 8l-2.2 2.4",
        }
    }

    fn filled(self) -> bool {
        matches!(self, Picture::Play | Picture::StepForward | Picture::StepBack)
    }
}

/// A drawing; the element around it has the name for readers of the screen.
pub fn icon(picture: Picture) -> Html {
    let fill = if picture.filled() { "currentColor" } else { "none" };
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" {fill} stroke="currentColor" stroke-width="1.6"
            stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d={picture.path()} />
        </svg>
    }
}
