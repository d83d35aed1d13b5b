//! A dialog over the page. Escape closes it, and the focus goes back to where it was.

use super::actions::use_actions;
use super::desk::View;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Properties of [`Modal`].
#[derive(Clone, PartialEq, Properties)]
pub struct ModalProps {
    /// Its look.
    pub class: &'static str,
    /// Its name.
    pub label: &'static str,
    /// The view without it.
    pub closed: View,
    /// Its content.
    pub children: Html,
}

/// The dialog.
#[component]
pub fn Modal(props: &ModalProps) -> Html {
    let actions = use_actions();
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        let dialog = dialog.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            let _ = dialog.show_modal();
        }
        // Only a dialog that is closed gives the focus back.
        move || dialog.iter().for_each(HtmlDialogElement::close)
    });
    let closed = props.closed.clone();
    let onclose = actions.view.reform(move |_: Event| closed.clone());
    html! { <dialog class={props.class} ref={dialog} {onclose} aria-label={props.label}>{ props.children.clone() }</dialog> }
}
