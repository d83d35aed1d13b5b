//! A menu: items to go through with arrow keys, and for the one that has the focus what comes of
//! it and the kubectl command that does the same.

use super::actions::{Actions, Does, use_actions};
use super::desk::View;
use crate::app::{Intent, kubectl};
use yew::prelude::*;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its name.
    pub title: String,
    /// What comes of it, where the name does not say.
    pub what: &'static str,
    /// What it does.
    pub does: Does,
    /// Something is lost.
    pub danger: bool,
}

impl Item {
    /// An item that asks the session for something.
    pub fn act(title: impl Into<String>, what: &'static str, intent: Intent) -> Item {
        Item { title: title.into(), what, does: Does::Act(intent), danger: false }
    }

    /// An item that changes what is looked at.
    pub fn show(title: impl Into<String>, view: View) -> Item {
        Item { title: title.into(), what: "", does: Does::Show(view), danger: false }
    }

    /// The kubectl command that does the same.
    fn command(&self) -> Option<String> {
        match &self.does {
            Does::Act(intent) => kubectl(intent),
            Does::Show(_) => None,
        }
    }

    /// What a press on it does: the menu closes, but where another takes its place.
    fn onclick(&self, actions: &Actions) -> Callback<MouseEvent> {
        let (actions, does) = (actions.clone(), self.does.clone());
        Callback::from(move |_| {
            if !matches!(does, Does::Show(View::Open(_))) {
                actions.show(View::Close);
            }
            actions.run(&does);
        })
    }
}

/// Properties of [`Menu`].
#[derive(Clone, PartialEq, Properties)]
pub struct MenuProps {
    /// What it is about.
    pub label: AttrValue,
    /// Items, in groups.
    pub groups: Vec<Vec<Item>>,
}

/// The menu, within a popover that has its keys.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let actions = use_actions();
    let told = use_state(|| None::<String>);
    let item = |item: &Item| {
        let command = item.command();
        let focused = {
            let (told, command) = (told.clone(), command.clone());
            move || told.set(command.clone())
        };
        let hovered = focused.clone();
        html! {
            <button type="button" role="menuitem" tabindex="-1" class={item.danger.then_some("danger")} onclick={item.onclick(&actions)}
                onfocus={Callback::from(move |_: FocusEvent| focused())} onmouseenter={Callback::from(move |_: MouseEvent| hovered())}>
                { &item.title }
                if !item.what.is_empty() {
                    <small>{ item.what }</small>
                }
            </button>
        }
    };
    let groups = props.groups.iter().filter(|group| !group.is_empty()).enumerate().map(|(at, group)| {
        html! {
            <>
                if at > 0 {
                    <hr role="separator" />
                }
                { for group.iter().map(item) }
            </>
        }
    });
    html! {
        <>
            <p class="menu-title menu-head mono">{ &props.label }</p>
            <div class="menu" role="menu" aria-label={props.label.clone()}>{ for groups }</div>
            <p class="menu-command"><code>{ told.as_deref().unwrap_or_default() }</code></p>
        </>
    }
}

/// The same items as buttons among other things.
pub(super) fn buttons(actions: &Actions, items: &[Item]) -> Html {
    let button = |item: &Item| {
        html! { <button type="button" class={item.danger.then_some("danger")} onclick={item.onclick(actions)}>{ &item.title }</button> }
    };
    html! { <>{ for items.iter().map(button) }</> }
}
