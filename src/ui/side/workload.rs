//! A DaemonSet: image, strategy, revisions, deletion.

mod delete;
mod strategy;

use crate::api::{Key, Kind, ObjectRef};
use crate::app::{Edit, Intent};
use crate::ui::actions::{Actions, use_actions};
use crate::ui::board::workload_card::{focus_button, heading};
use crate::ui::desk::View;
use crate::ui::dom;
use crate::ui::format;
use crate::ui::looking::Look;
use crate::ui::shared::Shared;
use crate::view::{RevisionRow, WorkloadCard};
use delete::Delete;
use strategy::StrategyForm;
use yew::prelude::*;

/// Properties of [`WorkloadPanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct WorkloadPanelProps {
    /// The DaemonSet.
    pub card: Shared<WorkloadCard>,
    /// The board's focus is on it.
    #[prop_or_default]
    pub focused: bool,
}

/// The panel.
#[component]
pub fn WorkloadPanel(props: &WorkloadPanelProps) -> Html {
    let actions = use_actions();
    let card = &props.card;
    let of = ObjectRef::new(Kind::DaemonSet, card.key.clone());
    html! {
        <>
            { heading(card) }
            <p class="quiet">{ format!("Runs on {}.", card.placement) }</p>
            <div class="row">
                <button type="button" class="button" onclick={actions.on_click_show(View::EditManifestOf(card.key.clone()))}>{ "Edit manifest" }</button>
                <button type="button" class="button" onclick={actions.on_click_show(View::Look(Look::At(of)))}>{ "YAML" }</button>
                <button type="button" class="button" onclick={actions.on_click(Intent::Restart(card.key.clone()))}>{ "Restart pods" }</button>
                { focus_button(&actions, &card.key, props.focused, false) }
            </div>
            <ImageForm card={card.clone()} />
            <StrategyForm card={card.clone()} />
            { revisions(&actions, card) }
            <Delete card={card.clone()} />
        </>
    }
}

/// A field that follows the object until one types in it, and again once it was sent.
#[component]
fn ImageForm(props: &WorkloadPanelProps) -> Html {
    let actions = use_actions();
    let typed = use_state(|| None::<String>);
    let image = (*typed).clone().unwrap_or_else(|| props.card.image.clone());
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| typed.set(Some(dom::value_of(&event))))
    };
    let onsubmit = {
        let (typed, image, key) = (typed.clone(), image.clone(), props.card.key.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            actions.edit.emit((key.clone(), Edit::Image(image.clone())));
            typed.set(None);
        })
    };
    html! {
        <form {onsubmit} class="block" aria-label="Image">
            <label class="field"><span>{ "Image" }</span>
                <span class="field-row">
                    <input type="text" value={image} {oninput} spellcheck="false" autocomplete="off" autocapitalize="off" data-testid="image" />
                    <button type="submit" class="button">{ "Set" }</button>
                </span>
            </label>
        </form>
    }
}

fn revisions(actions: &Actions, card: &WorkloadCard) -> Html {
    html! {
        <section class="block">
            <h3>{ "Revisions" }</h3>
            if card.revisions.is_empty() {
                <p class="quiet">{ "The controller has made none yet." }</p>
            } else {
                <ul class="revisions">{ for card.revisions.iter().map(|row| revision(actions, card, row)) }</ul>
            }
        </section>
    }
}

fn revision(actions: &Actions, card: &WorkloadCard, row: &RevisionRow) -> Html {
    let of = ObjectRef::new(Kind::ControllerRevision, Key::new(card.key.namespace.clone(), row.name.clone()));
    let undo = Intent::RollBack { key: card.key.clone(), revision: row.revision };
    html! {
        <li key={row.name.clone()} class={classes!("revision", row.current.then_some("current"))}
            data-revision-number={row.revision.to_string()}>
            <b class="number">{ row.revision }</b>
            <span class="what">
                <span class="mono">{ format::breakable(&row.image) }</span>
                <button type="button" class="link-button" onclick={actions.on_click_show(View::Look(Look::At(of)))}><small class="mono">{ &row.name }</small></button>
            </span>
            <small class="quiet">{ format::count(row.pods, "pod") }</small>
            if row.current {
                <span class="tag">{ "current" }</span>
            } else {
                <button type="button" class="button small" aria-label={format!("Roll back to revision {}", row.revision)}
                    onclick={actions.on_click(undo)}>{ "Roll back" }</button>
            }
        </li>
    }
}
