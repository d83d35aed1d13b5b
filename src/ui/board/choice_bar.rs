//! The nodes that are chosen, and what can be done to all of them.

use super::node_menu::EditNode;
use crate::ui::actions::Actions;
use crate::ui::choice::{Choice, Chosen};
use crate::ui::desk::{PopoverAbout, View};
use crate::ui::format;
use crate::ui::icon::{Picture, icon};
use crate::ui::popover;
use yew::prelude::*;

/// The bar.
pub fn choice_bar(actions: &Actions, chosen: &Chosen) -> Html {
    let names: Vec<String> = chosen.names.iter().cloned().collect();
    let count = match names.len() {
        0 => "Press the nodes to be selected".to_owned(),
        count => format!("{} selected", format::count(count, "node")),
    };
    html! {
        <section class="choice" aria-label="Nodes selected">
            <div class="bar-head">
                <p role="status"><b data-testid="chosen">{ count }</b></p>
                <span class="quiet mono clip">{ names.join(" ") }</span>
                <span class="grow" />
                <button type="button" class="link-button" onclick={actions.on_click_show(View::Choose(Choice::All))}>{ "All" }</button>
                <button type="button" class="icon-button small" aria-label="Select no nodes" title="Select none (Escape)"
                    onclick={actions.on_click_show(View::Choose(Choice::None))}>{ icon(Picture::Close) }</button>
            </div>
            if !names.is_empty() {
                <div class="choice-acts">
                    <EditNode {names} place="bar" />
                    <button type="button" class="button" aria-haspopup="menu" onclick={popover::open(actions, PopoverAbout::Chosen)} data-testid="chosen-acts">
                        { "Actions for all" }{ icon(Picture::Caret) }
                    </button>
                </div>
            }
        </section>
    }
}
