//! What can be done to a node.

use super::node_acts::{Act, acts};
use crate::api::ObjectRef;
use crate::app::{Intent, kubectl};
use crate::ui::actions::use_actions;
use crate::ui::choice::Choice;
use crate::ui::desk::{Popover, PopoverAbout, View};
use crate::ui::format;
use crate::ui::looking::Look;
use crate::ui::menu::{Item, Menu};
use crate::ui::text_field::use_text;
use crate::view::NodeCard;
use yew::prelude::*;

/// What can be done to a node, or to all that are chosen. What opens from the menu hangs where
/// it hangs.
pub(in crate::ui) fn node_menu(cards: &[&NodeCard], anchor: [i32; 4]) -> Html {
    let names: Vec<String> = cards.iter().map(|card| card.name.clone()).collect();
    let label = match names.as_slice() {
        [name] => name.clone(),
        names => format::count(names.len(), "node"),
    };
    let edit = Popover { about: PopoverAbout::EditNodes(names.clone()), anchor };
    let mut groups = vec![vec![Item::show("Label or taint…", View::Open(edit))]];
    groups.extend(acts(cards).map(|group| {
        let item = |act: Act| Item { danger: is_loss(&act.intent), ..Item::act(act.title, act.what, act.intent) };
        group.into_iter().map(item).collect()
    }));
    if let [name] = names.as_slice() {
        groups.push(vec![
            Item::show("Select", View::Choose(Choice::These(vec![name.clone()]))),
            Item::show("Show details", View::Inspect(name.clone())),
            Item::show("Show YAML", View::Look(Look::At(ObjectRef::node(name.clone())))),
        ]);
    }
    html! { <Menu {label} {groups} /> }
}

fn is_loss(intent: &Intent) -> bool {
    match intent {
        Intent::Each(intents) => intents.iter().any(is_loss),
        intent => matches!(intent, Intent::DeleteNode(_)),
    }
}

/// A label or taint by typing, for these nodes.
pub(in crate::ui) fn edit_nodes(names: &[String]) -> Html {
    let title = match names {
        [name] => name.clone(),
        names => format::count(names.len(), "node"),
    };
    html! {
        <div class="menu">
            <p class="menu-title mono">{ title }</p>
            <EditNode names={names.to_vec()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(in crate::ui) struct EditNodeProps {
    /// Where on the page, for the id of its field.
    #[prop_or("menu")]
    pub(in crate::ui) place: &'static str,
    pub(in crate::ui) names: Vec<String>,
}

/// A label or taint by typing, as kubectl takes it.
#[component]
pub(in crate::ui) fn EditNode(props: &EditNodeProps) -> Html {
    let actions = use_actions();
    let (text, oninput) = use_text();
    let onsubmit = {
        let (actions, text, names) = (actions.clone(), text.clone(), props.names.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !text.trim().is_empty() {
                actions.act(typed(&names, text.trim()));
                text.set(String::new());
            }
        })
    };
    let first = props.names.first().map(String::as_str).unwrap_or_default();
    let field = format!("{}-edit-{first}", props.place);
    let command = kubectl(&typed(&props.names, text.trim()));
    html! {
        <form class="edit-node" {onsubmit}>
            <label for={field.clone()}>{ "Label or taint" }</label>
            <div class="field-row">
                <input type="text" id={field} value={(*text).clone()} {oninput} placeholder="key=value:NoSchedule"
                    autocomplete="off" autocapitalize="off" spellcheck="false" data-testid="edit-node" />
                <button type="submit" class="button">{ "Set" }</button>
            </div>
            if let Some(command) = command {
                <code>{ command }</code>
            }
            <small>{ "key=value labels, key=value:Effect taints, a minus at the end removes" }</small>
        </form>
    }
}

/// What a text asks for.
fn typed(names: &[String], text: &str) -> Intent {
    Intent::for_each(names.iter().map(String::as_str), |node| Intent::EditNode { node, text: text.to_owned() })
}
