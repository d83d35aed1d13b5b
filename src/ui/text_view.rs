//! The board in words, beside the list of events: for those who listen to the page, and for
//! copying.

use super::actions::use_actions;
use super::desk::View;
use super::format;
use super::lower::{self, Lower};
use super::shared::Shared;
use crate::view::Frame;
use crate::view::text::{Entry, plain, sections};
use yew::prelude::*;

/// At most so many entries of a section are drawn; what is copied holds all.
const ENTRIES_MAX: usize = 200;

/// Properties of [`TextView`].
#[derive(Clone, PartialEq, Properties)]
pub struct TextViewProps {
    /// What is on the board.
    pub frame: Shared<Frame>,
}

/// The text.
#[component]
pub fn TextView(props: &TextViewProps) -> Html {
    let actions = use_actions();
    let frame = &props.frame;
    let sections = sections(frame);
    let title = format!("The cluster at {}", format::time(frame.now));
    let copy = {
        let text = format!("{title}\n\n{}", plain(&sections));
        actions.view.reform(move |_: MouseEvent| View::Copy(text.clone()))
    };
    html! {
        <section class="events" aria-label="Text">
            <div class="panel-bar">
                { lower::TABS.draw(&actions, Lower::Text) }
                <span class="grow" />
                <button type="button" class="button" onclick={copy} data-testid="copy-text">{ "Copy" }</button>
            </div>
            <div class="event-list board-text" id="lower-panel" tabindex="0" role="tabpanel" aria-labelledby={lower::TABS.id(Lower::Text)} data-testid="board-text">
                <p>{ format!("{title}: {}, {}.", format::count(frame.node_count, "node"), format::count(frame.pod_count, "pod")) }</p>
                { for sections.iter().map(|section| html! {
                    <section>
                        <h3>{ &section.title }</h3>
                        if section.entries.is_empty() {
                            <p class="quiet">{ "none" }</p>
                        }
                        <ul>{ for section.entries.iter().take(ENTRIES_MAX).map(entry) }</ul>
                        if section.entries.len() > ENTRIES_MAX {
                            <p class="quiet">{ format!("… and {} more: Copy takes them all.", section.entries.len() - ENTRIES_MAX) }</p>
                        }
                    </section>
                }) }
            </div>
        </section>
    }
}

fn entry(entry: &Entry) -> Html {
    html! {
        <li>
            { &entry.text }
            if !entry.parts.is_empty() {
                <ul>{ for entry.parts.iter().map(|part| html! { <li>{ part }</li> }) }</ul>
            }
        </li>
    }
}
