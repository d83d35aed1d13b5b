//! What can be done to a node.

use crate::api::{Taint, TaintEffect};
use crate::app::Intent;
use crate::rules::drain::DrainOptions;
use crate::sim::Fault;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::desk::View;
use crate::ui::dom;
use crate::view::NodeCard;
use yew::prelude::*;

/// Taints at one click.
fn quick_taints() -> [Taint; 2] {
    [TaintEffect::NoSchedule, TaintEffect::NoExecute].map(|effect| Taint {
        key: "dedicated".to_owned(),
        value: "infra".to_owned(),
        effect,
    })
}

/// What can be done to a node: by typing, or at a click.
pub(in crate::ui) fn node_menu(actions: &Actions, card: &NodeCard) -> Html {
    let node = || card.name.clone();
    let act = |intent: Intent| {
        let actions = actions.clone();
        Callback::from(move |_: MouseEvent| {
            actions.show(View::Close);
            actions.act(intent.clone());
        })
    };
    let item = |text: String, intent: Intent| html! { <button type="button" onclick={act(intent)}>{ text }</button> };
    let explained = |intent: Intent, text: &'static str, what: &'static str| {
        html! { <button type="button" onclick={act(intent)}>{ text }<small>{ what }</small></button> }
    };
    let cordon = if card.cordoned { "Uncordon" } else { "Cordon" };
    let faults = [
        (Fault::Unreachable, "Break: unreachable", "no more heartbeats"),
        (Fault::NotReady, "Break: NotReady", "its kubelet reports it"),
        (Fault::DiskPressure, "Break: disk pressure", "no new pods; its kubelet evicts"),
        (Fault::MemoryPressure, "Break: memory pressure", "no best-effort pods; it evicts"),
    ];
    let drain = |options| Intent::DrainNode { node: node(), options };
    let ignoring = DrainOptions { ignore_daemonsets: true, ..DrainOptions::default() };
    let drains = [
        (drain(DrainOptions::default()), "Drain", "refuses where daemon pods run"),
        (drain(ignoring), "Drain --ignore-daemonsets", "they stay"),
    ];
    html! {
        <div class="menu">
            <p class="menu-title mono">{ &card.name }</p>
            <EditNode name={node()} />
            { for quick_taints().into_iter().map(|taint| item(format!("Taint {taint}"), Intent::TaintNode { node: node(), taint })) }
            <hr />
            { item(cordon.to_owned(), Intent::CordonNode { node: node(), unschedulable: !card.cordoned }) }
            { drains.into_iter().map(|(intent, text, what)| explained(intent, text, what)).collect::<Html>() }
            <hr />
            if card.faulty {
                { item("Repair".to_owned(), Intent::RepairNode(node())) }
            } else {
                { faults.into_iter().map(|(fault, text, what)| {
                    explained(Intent::BreakNode { node: node(), fault }, text, what)
                }).collect::<Html>() }
            }
            <button type="button" onclick={actions.on_click_show(View::Inspect(node()))}>{ "Show details" }</button>
            <hr />
            <button type="button" class="danger" onclick={act(Intent::DeleteNode(node()))}>{ "Delete node" }</button>
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
