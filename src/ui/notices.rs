//! What came of the last wishes: good news that goes by itself, refusals that stay until
//! they are read.

use super::actions::{Actions, use_actions};
use super::desk::{Posted, View};
use super::icon::{Picture, icon};
use super::shared::Shared;
use crate::app::{Intent, NoticeKind};
use yew::prelude::*;

/// Properties of [`Notices`].
#[derive(Clone, PartialEq, Properties)]
pub struct NoticesProps {
    /// Oldest first.
    pub posted: Vec<Shared<Posted>>,
    /// The last change can be taken back.
    pub can_undo: bool,
}

/// The notices on screen. The two regions are always there, so that readers of the screen
/// know them before anything is said.
#[component]
pub fn Notices(props: &NoticesProps) -> Html {
    let actions = use_actions();
    let last = props.posted.last().map(|posted| posted.id);
    let list = |kind: NoticeKind| -> Html {
        let of_kind = props.posted.iter().filter(|posted| posted.notice.kind == kind);
        of_kind
            .map(|posted| {
                let undo = posted.undoable && props.can_undo && Some(posted.id) == last;
                toast(&actions, posted, undo)
            })
            .collect()
    };
    html! {
        <section class="notices" aria-label="Notices">
            <div role="status" data-testid="notice-done">{ list(NoticeKind::Done) }</div>
            <div role="alert" data-testid="notice-refused">{ list(NoticeKind::Refused) }</div>
        </section>
    }
}

fn toast(actions: &Actions, posted: &Posted, undo: bool) -> Html {
    let notice = &posted.notice;
    let (class, picture) = match notice.kind {
        NoticeKind::Done => ("toast done", Picture::Check),
        NoticeKind::Refused => ("toast refused", Picture::Warning),
    };
    html! {
        <div {class} key={posted.id}>
            { icon(picture) }
            <div class="toast-text">
                <p>{ &notice.text }</p>
                if notice.problems.len() > 1 {
                    <p class="quiet">{ format!("{} problems; the editor lists them.", notice.problems.len()) }</p>
                }
            </div>
            if undo {
                <button type="button" class="link-button" onclick={actions.on_click(Intent::Undo)}>{ "Undo" }</button>
            }
            <button type="button" class="icon-button small" aria-label="Dismiss"
                onclick={actions.on_click_show(View::Dismiss(posted.id))}>
                { icon(Picture::Close) }
            </button>
        </div>
    }
}
