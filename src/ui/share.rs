//! Share and keep, as a dialog over the page: the link, files and pictures, and what the
//! browser keeps by name. Decides nothing: `ui::app::sharing` does what is asked for here.

pub mod browser;
pub mod markdown;
pub mod picture;
pub mod shelf;
mod wish;

pub use wish::{Share, Sharing};

use super::actions::{Actions, use_actions};
use super::desk::View;
use super::dom;
use super::format;
use super::icon::{Picture, icon};
use super::modal::Modal;
use super::shared::Shared;
use crate::app::share::LONG_LINK;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Id of the field that shows the link.
pub const LINK_ID: &str = "share-link";

/// Properties of [`ShareDialog`].
#[derive(Clone, PartialEq, Properties)]
pub struct ShareProps {
    /// What is shared and kept.
    pub state: Shared<Share>,
}

/// The dialog.
#[component]
pub fn ShareDialog(props: &ShareProps) -> Html {
    let actions = use_actions();
    let state = &props.state;
    html! {
        <Modal class="help share" label="Share and keep" closed={View::Share(Sharing::Close)}>
            <header>
                <h2>{ "Share and keep" }</h2>
                <button type="button" class="icon-button" aria-label="Close" onclick={on(&actions, Sharing::Close)}>
                    { icon(Picture::Close) }
                </button>
            </header>
            { link_part(&actions, state) }
            { file_part(&actions) }
            { kept_part(&actions, state) }
            <p class="share-said" role="status" data-testid="share-said">{ said(state) }</p>
        </Modal>
    }
}

fn on(actions: &Actions, wish: Sharing) -> Callback<MouseEvent> {
    actions.on_click_show(View::Share(wish))
}

fn said(state: &Share) -> Html {
    match &state.said {
        None => Html::default(),
        Some(Ok(text)) => html! { <>{ icon(Picture::Check) }<span>{ text }</span></> },
        Some(Err(text)) => html! { <span class="bad">{ icon(Picture::Warning) }{ text }</span> },
    }
}

fn link_part(actions: &Actions, state: &Share) -> Html {
    let body = match &state.link {
        None => html! { <p class="quiet">{ "Making the link…" }</p> },
        Some(Err(why)) => html! { <p class="bad" data-testid="share-refused">{ icon(Picture::Warning) }{ why }</p> },
        Some(Ok(link)) => {
            let length = link.chars().count();
            html! {
                <>
                    <div class="field-row">
                        <input type="text" id={LINK_ID} readonly=true aria-label="Link" value={link.clone()} data-testid="share-link"
                            onfocus={Callback::from(|event: FocusEvent| select(&event))} />
                        <button type="button" class="button primary" onclick={on(actions, Sharing::CopyLink)} data-testid="copy-link">
                            { "Copy link" }
                        </button>
                    </div>
                    <p class="quiet">
                        { format!("{length} characters. Opens this cluster at {}, paused. All of it is in the link: no server is asked.", format::time(state.at)) }
                    </p>
                    if length > LONG_LINK {
                        <p class="warn" data-testid="share-long">{ icon(Picture::Warning) }
                            { "Longer than 8,000 characters: chats and mail may cut it. A file is safer." }</p>
                    }
                </>
            }
        }
    };
    html! {
        <section>
            <h3>{ "Link" }</h3>
            { body }
            { for state.secrets.iter().map(|text| html! {
                <p class="warn" data-testid="share-secret">{ icon(Picture::Warning) }{ text }</p>
            }) }
        </section>
    }
}

fn select(event: &FocusEvent) {
    if let Some(field) = dom::target(event).and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
        field.select();
    }
}

fn file_part(actions: &Actions) -> Html {
    let button = |wish: Sharing, text: &str, id: &'static str| {
        html! { <button type="button" class="button" onclick={on(actions, wish)} data-testid={id}>{ text }</button> }
    };
    let actions = actions.clone();
    let opened = Callback::from(move |event: Event| {
        if let Some(file) = browser::chosen(&event) {
            actions.show(View::Share(Sharing::OpenFile(file)));
        }
    });
    html! {
        <section>
            <h3>{ "Files, pictures, text" }</h3>
            <div class="row">
                { button(Sharing::SaveFile, "Save to a file", "save-file") }
                <label class="button file-button">
                    { "Open a file…" }
                    <input type="file" accept=".json,.yaml,.yml,.txt" onchange={opened} data-testid="open-file" />
                </label>
                { button(Sharing::CopyMarkdown, "Copy as Markdown", "copy-markdown") }
                { button(Sharing::Svg, "Picture (SVG)", "save-svg") }
                { button(Sharing::Png, "Picture (PNG)", "save-png") }
            </div>
        </section>
    }
}

fn kept_part(actions: &Actions, state: &Share) -> Html {
    if !state.can_keep {
        return html! {
            <section>
                <h3>{ "Kept in this browser" }</h3>
                <p class="quiet" data-testid="share-no-storage">
                    { "This browser keeps nothing for this page: a private window, an embedded page, or its settings forbid it. Links and files work all the same." }
                </p>
            </section>
        };
    }
    let keeping = actions.clone();
    let keep = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(name) = typed(&event) {
            keeping.show(View::Share(Sharing::Keep(name)));
        }
    });
    html! {
        <section>
            <h3>{ "Kept in this browser" }</h3>
            <form class="field-row" onsubmit={keep}>
                <input type="text" name="name" aria-label="Name" placeholder="A name for this cluster" autocomplete="off"
                    maxlength="60" data-testid="keep-name" />
                <button type="submit" class="button" data-testid="keep">{ "Keep" }</button>
            </form>
            if state.kept.is_empty() {
                <p class="quiet">{ "Nothing has a name yet. The last cluster you changed is kept in any case." }</p>
            } else {
                <ul class="kept">{ for state.kept.iter().map(|name| kept_row(actions, state, name)) }</ul>
            }
        </section>
    }
}

fn kept_row(actions: &Actions, state: &Share, name: &str) -> Html {
    if state.renaming.as_deref() == Some(name) {
        let (actions, old) = (actions.clone(), name.to_owned());
        let rename = Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(new) = typed(&event) {
                actions.show(View::Share(Sharing::Rename(old.clone(), new)));
            }
        });
        return html! {
            <li key={name.to_owned()} data-kept={name.to_owned()}>
                <form class="field-row" onsubmit={rename}>
                    <input type="text" name="name" aria-label={format!("New name for {name}")} value={name.to_owned()} maxlength="60"
                        autocomplete="off" data-testid="rename-to" />
                    <button type="submit" class="button small">{ "Rename" }</button>
                </form>
            </li>
        };
    }
    let button = |wish: Sharing, text: &str| {
        html! {
            <button type="button" class="link-button" aria-label={format!("{text} {name}")} onclick={on(actions, wish)}>{ text }</button>
        }
    };
    html! {
        <li key={name.to_owned()} data-kept={name.to_owned()}>
            <span class="kept-name">{ name }</span>
            { button(Sharing::OpenKept(name.to_owned()), "Open") }
            { button(Sharing::Renaming(name.to_owned()), "Rename") }
            { button(Sharing::Forget(name.to_owned()), "Delete") }
        </li>
    }
}

/// What is in the form's field; the field is cleared.
fn typed(event: &SubmitEvent) -> Option<String> {
    let field = dom::target(event)?.query_selector("input").ok()??.dyn_into::<HtmlInputElement>().ok()?;
    let text = field.value();
    field.set_value("");
    Some(text)
}

/// The offer to go on where one was, in one line.
pub fn offer(actions: &Actions) -> Html {
    html! {
        <div class="toast offer" role="status" data-testid="offer">
            <p class="toast-text">{ "Your last cluster is kept. Go on where you were?" }</p>
            <button type="button" class="button small primary" onclick={on(actions, Sharing::Restore)} data-testid="restore">{ "Restore" }</button>
            <button type="button" class="button small" onclick={on(actions, Sharing::StartFresh)} data-testid="start-fresh">{ "Start fresh" }</button>
        </div>
    }
}
