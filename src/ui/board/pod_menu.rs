//! A pod closer to: what it is doing, what can be done to it, what it has beyond its template,
//! each attempt of the scheduler to place it, and what happened to it.

use crate::api::{Kind, ObjectRef};
use crate::app::Intent;
use crate::ui::actions::Actions;
use crate::ui::board::added::added;
use crate::ui::board::attempts::attempts;
use crate::ui::desk::View;
use crate::ui::events::history;
use crate::ui::looking::Look;
use crate::view::added::Added;
use crate::view::attempts::Attempts;
use crate::view::describe::{object_text, pod_text};
use crate::view::{EventRow, PodChip};
use std::rc::Rc;
use yew::prelude::*;

/// The menu of a pod. `events` are those of the whole cluster, oldest first.
pub(in crate::ui) fn pod_menu(
    actions: &Actions,
    chip: &PodChip,
    events: &[Rc<EventRow>],
    tried: &Attempts,
    beyond: &[Added],
) -> Html {
    let of = ObjectRef::new(Kind::Pod, chip.key.clone());
    let name = object_text(&of);
    let delete = {
        let (actions, key) = (actions.clone(), chip.key.clone());
        Callback::from(move |_: MouseEvent| {
            actions.show(View::Close);
            actions.act(Intent::DeletePod(key.clone()));
        })
    };
    html! {
        <div class="menu">
            <p class="menu-title mono">{ &chip.key.name }</p>
            <p class="quiet">{ pod_text(chip) }</p>
            <p class="quiet mono">{ &chip.image }</p>
            if let Some(preemptor) = &tried.preempted_by {
                <p class="preempted">{ "Preempted by " }<span class="mono">{ preemptor.to_string() }</span></p>
            }
            if let Some(key) = &chip.workload_key {
                <button type="button" onclick={actions.on_click_show(View::Why(key.clone()))}>{ format!("Why is {} where it is?", key.name) }</button>
            }
            if !chip.node.is_empty() {
                <button type="button" onclick={actions.on_click_show(View::Inspect(chip.node.clone()))}>{ format!("Look at {}", chip.node) }</button>
            }
            <button type="button" onclick={actions.on_click_show(View::Look(Look::At(of)))}>{ "Show YAML" }</button>
            <button type="button" class="danger" onclick={delete}>{ "Delete pod" }</button>
            { added(beyond) }
            { attempts(tried) }
            { history::list(&history::of(&name, events, history::FEW)) }
        </div>
    }
}
