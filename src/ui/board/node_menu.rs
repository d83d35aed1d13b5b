//! What can be done to a node.

use super::node_acts::{Act, acts};
use crate::api::ObjectRef;
use crate::app::Intent;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::desk::View;
use crate::ui::dom;
use crate::ui::looking::Look;
use crate::view::NodeCard;
use yew::prelude::*;

/// What can be done to a node: by typing, or at a click.
pub(in crate::ui) fn node_menu(actions: &Actions, card: &NodeCard) -> Html {
    let item = |act: Act| {
        let class = matches!(act.intent, Intent::DeleteNode(_)).then_some("danger");
        let onclick = {
            let actions = actions.clone();
            Callback::from(move |_: MouseEvent| {
                actions.show(View::Close);
                actions.act(act.intent.clone());
            })
        };
        html! {
            <button type="button" {class} {onclick}>
                { act.title }
                if !act.what.is_empty() {
                    <small>{ act.what }</small>
                }
            </button>
        }
    };
    html! {
        <div class="menu">
            <p class="menu-title mono">{ &card.name }</p>
            <EditNode name={card.name.clone()} />
            { for acts(card).into_iter().map(|group| html! { <>{ for group.into_iter().map(item) }<hr /></> }) }
            <button type="button" onclick={actions.on_click_show(View::Inspect(card.name.clone()))}>{ "Show details" }</button>
            <button type="button" onclick={actions.on_click_show(View::Look(Look::At(ObjectRef::node(card.name.clone()))))}>{ "Show YAML" }</button>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(in crate::ui) struct EditNodeProps {
    /// Where on the page, for the id of its field.
    #[prop_or("menu")]
    pub(in crate::ui) place: &'static str,
    pub(in crate::ui) name: String,
}

/// A label or taint by typing, as kubectl takes it.
#[component]
pub(in crate::ui) fn EditNode(props: &EditNodeProps) -> Html {
    let actions = use_actions();
    let text = use_state(String::new);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(dom::value_of(&event)))
    };
    let onsubmit = {
        let (actions, text, node) = (actions.clone(), text.clone(), props.name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !text.trim().is_empty() {
                actions.act(Intent::EditNode { node: node.clone(), text: text.trim().to_owned() });
                text.set(String::new());
            }
        })
    };
    let field = format!("{}-edit-{}", props.place, props.name);
    html! {
        <form class="edit-node" {onsubmit}>
            <label for={field.clone()}>{ "Label or taint" }</label>
            <div class="field-row">
                <input type="text" id={field} value={(*text).clone()} {oninput} placeholder="key=value:NoSchedule"
                    autocomplete="off" autocapitalize="off" spellcheck="false" data-testid="edit-node" />
                <button type="submit" class="button">{ "Set" }</button>
            </div>
            <small>{ "key=value labels, key=value:Effect taints, a minus at the end removes" }</small>
        </form>
    }
}
