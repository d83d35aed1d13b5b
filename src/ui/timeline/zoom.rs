//! The part of time that fills the track: all of it, or what a person looks at closely.

use super::scale::Scale;
use crate::base::Time;
use crate::ui::icon::{Picture, icon};
use yew::prelude::*;

/// The part that is shown, and how it is changed.
#[derive(Clone, PartialEq)]
pub(super) struct Zoom {
    all: Scale,
    now: Time,
    part: UseStateHandle<Option<Scale>>,
}

/// A change of the part that is shown.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum To {
    Closer(Time),
    Farther(Time),
    /// Tenths of the track, to later moments.
    Aside(i64),
    All,
}

/// The part that is shown while the moment moves: it follows one that leaves it.
#[hook]
pub(super) fn use_zoom(all: Scale, now: Time) -> Zoom {
    let part = use_state(|| None::<Scale>);
    let zoom = Zoom { all, now, part };
    use_effect_with(now, {
        let zoom = zoom.clone();
        move |now| {
            if let Some(part) = zoom.part.filter(|part| !part.shows(*now)) {
                zoom.part.set(Some(part.following(zoom.all, *now)));
            }
        }
    });
    zoom
}

impl Zoom {
    /// What the track shows.
    pub fn scale(&self) -> Scale {
        self.part.unwrap_or(self.all)
    }

    /// Changes what the track shows.
    pub fn go(&self, to: To) {
        let scale = self.scale();
        self.part.set(match to {
            To::Closer(around) => scale.zoomed(self.all, true, around),
            To::Farther(around) => scale.zoomed(self.all, false, around),
            To::Aside(tenths) => self.part.map(|part| part.shifted(self.all, tenths)),
            To::All => None,
        });
    }

    /// The last moment for which there is room.
    pub fn end(&self) -> Time {
        self.all.end()
    }

    /// Where the buttons zoom to: the moment shown, or the middle if it is not on the track.
    pub fn centre(&self) -> Time {
        let scale = self.scale();
        if scale.shows(self.now) { self.now } else { scale.at(0.5) }
    }

    /// The buttons.
    pub fn buttons(&self) -> Html {
        let button = |label: &'static str, picture: Picture, to: To, disabled: bool| {
            let zoom = self.clone();
            let onclick = Callback::from(move |_: MouseEvent| zoom.go(to));
            html! {
                <button type="button" class="icon-button" aria-label={label} title={label} {disabled} {onclick}>{ icon(picture) }</button>
            }
        };
        let whole = self.part.is_none();
        html! {
            <div class="controls zoom" role="group" aria-label="Zoom">
                { button("Show more of time (-)", Picture::ZoomOut, To::Farther(self.centre()), whole) }
                { button("Show less of time (+)", Picture::ZoomIn, To::Closer(self.centre()), self.scale().is_closest()) }
                { button("Show all of time (0)", Picture::ZoomAll, To::All, whole) }
            </div>
        }
    }
}
