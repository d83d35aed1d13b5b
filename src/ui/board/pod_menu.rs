//! A pod closer to: what it is doing, what can be done to it, what it has beyond its template,
//! each attempt of the scheduler to place it, and what happened to it.

use crate::api::{Kind, ObjectRef};
use crate::app::Intent;
use crate::ui::actions::Actions;
use crate::ui::board::added::added;
use crate::ui::board::attempts::attempts;
use crate::ui::desk::{Popover, PopoverAbout, View};
use crate::ui::events::history;
use crate::ui::looking::Look;
use crate::ui::menu::{Item, Menu, buttons};
use crate::view::added::Added;
use crate::view::attempts::Attempts;
use crate::view::describe::{object_text, pod_text};
use crate::view::{EventRow, PodChip};
use std::rc::Rc;
use yew::prelude::*;

/// What can be done to a pod.
fn items(chip: &PodChip) -> Vec<Item> {
    let why = chip
        .workload_key
        .as_ref()
        .map(|key| Item::show(format!("Why is {} where it is?", key.name), View::Why(key.clone())));
    let focus = chip
        .workload_key
        .as_ref()
        .map(|key| Item::show(format!("Focus on {}", key.name), View::Focus(Some(key.clone()))));
    let node = Some(&chip.node).filter(|node| !node.is_empty());
    let look = node.map(|node| Item::show(format!("Look at {node}"), View::Inspect(node.clone())));
    let yaml = Item::show("Show YAML", View::Look(Look::At(ObjectRef::new(Kind::Pod, chip.key.clone()))));
    let delete = Item { danger: true, ..Item::act("Delete pod", "", Intent::DeletePod(chip.key.clone())) };
    why.into_iter().chain(focus).chain(look).chain([yaml, delete]).collect()
}

/// What can be done to a pod, as a menu; what it is doing opens from it.
pub(in crate::ui) fn pod_acts(chip: &PodChip, anchor: [i32; 4]) -> Html {
    let about = Popover { about: PopoverAbout::Pod(chip.uid.clone()), anchor };
    let groups = vec![vec![Item::show("Show details", View::Open(about))], items(chip)];
    html! { <Menu label={chip.key.name.clone()} {groups} /> }
}

/// A pod closer to. `events` are those of the whole cluster, oldest first.
pub(in crate::ui) fn pod_menu(
    actions: &Actions,
    chip: &PodChip,
    events: &[Rc<EventRow>],
    tried: &Attempts,
    beyond: &[Added],
) -> Html {
    let name = object_text(&ObjectRef::new(Kind::Pod, chip.key.clone()));
    html! {
        <div class="menu">
            <p class="menu-title mono">{ &chip.key.name }</p>
            <p class="quiet">{ pod_text(chip) }</p>
            <p class="quiet mono">{ &chip.image }</p>
            if let Some(preemptor) = &tried.preempted_by {
                <p class="preempted">{ "Preempted by " }<span class="mono">{ preemptor.to_string() }</span></p>
            }
            { buttons(actions, &items(chip)) }
            { added(beyond) }
            { attempts(tried) }
            { history::list(&history::of(&name, events, history::FEW)) }
        </div>
    }
}
