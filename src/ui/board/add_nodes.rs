//! Machines that can join: which kind, and how many.

use crate::app::{Intent, NodePreset};
use crate::ui::actions::use_actions;
use crate::ui::desk::View;
use crate::ui::dom;
use yew::prelude::*;

/// At most so many at once.
const COUNT_MAX: usize = 500;

/// Kinds of machines, with their names and what is special.
pub(in crate::ui) const KINDS: [(NodePreset, &str, &str); 6] = [
    (NodePreset::Worker, "Worker", "nothing special"),
    (NodePreset::ControlPlane, "Control plane", "tainted node-role.kubernetes.io/control-plane:NoSchedule"),
    (NodePreset::Gpu, "GPU worker", "accelerator=nvidia, tainted nvidia.com/gpu:NoSchedule"),
    (NodePreset::Windows, "Windows worker", "kubernetes.io/os=windows"),
    (NodePreset::Spot, "Spot worker", "tainted spot=true:NoSchedule"),
    (NodePreset::Edge, "Edge worker", "small, node-role.kubernetes.io/edge"),
];

/// The menu of machines.
#[component]
pub fn AddNodesMenu() -> Html {
    let actions = use_actions();
    let count = use_state(|| 1_usize);
    let oninput = {
        let count = count.clone();
        Callback::from(move |event: InputEvent| {
            let typed = dom::value_of(&event).trim().parse::<usize>();
            count.set(typed.unwrap_or(1).clamp(1, COUNT_MAX));
        })
    };
    let add = |preset: NodePreset| {
        let (actions, count) = (actions.clone(), *count);
        Callback::from(move |_: MouseEvent| {
            actions.show(View::Close);
            actions.act(Intent::AddNodes { preset, count });
        })
    };
    html! {
        <div class="menu">
            <label class="menu-row">{ "How many " }
                <input type="number" min="1" max={COUNT_MAX.to_string()} value={count.to_string()} {oninput} data-testid="add-count" />
            </label>
            { for KINDS.iter().map(|(preset, title, what)| html! {
                <button type="button" onclick={add(*preset)}>{ *title }<small>{ *what }</small></button>
            }) }
        </div>
    }
}
