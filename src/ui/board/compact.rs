//! Many nodes: a tile each, with a cell a pod. A click shows the node beside the board,
//! where all can be done that a card offers.

use super::node_card::is_beside;
use super::pod_chip::is_dim;
use crate::api::Key;
use crate::base::Set;
use crate::ui::actions::Actions;
use crate::ui::app::handling::button_id;
use crate::ui::desk::View;
use crate::ui::format;
use crate::ui::glyph::colour_class;
use crate::ui::shared::Shared;
use crate::view::{NodeCard, NodeGroup};
use std::rc::Rc;
use yew::prelude::*;

/// At most so many tiles are drawn.
const TILES_MAX: usize = 1_000;

/// At most so many cells in a tile.
const CELLS_MAX: usize = 6;

/// Properties of [`CompactGroup`].
#[derive(Clone, PartialEq, Properties)]
pub struct CompactGroupProps {
    /// Nodes.
    pub group: Shared<NodeGroup>,
    /// Selected node, if it is here.
    pub selected: Option<String>,
    /// The DaemonSet that is shown plainly, and all else dimly.
    #[prop_or_default]
    pub focus: Option<Rc<Key>>,
    /// Nodes that are chosen to be acted on together.
    #[prop_or_default]
    pub chosen: Rc<Set<String>>,
}

/// A group of nodes as tiles.
#[component]
pub fn CompactGroup(props: &CompactGroupProps) -> Html {
    let nodes = &props.group.nodes;
    let more = nodes.len().saturating_sub(TILES_MAX);
    html! {
        <>
            <ul class="tiles">
                { for nodes.iter().take(TILES_MAX).map(|card| {
                    let selected = props.selected.as_ref() == Some(&card.name);
                    html! { <Tile key={card.name.clone()} card={Shared::from(card)} {selected} focus={props.focus.clone()} chosen={props.chosen.contains(&card.name)} /> }
                }) }
            </ul>
            if more > 0 {
                <p class="quiet">{ format!("{more} more nodes take part and are not drawn.") }</p>
            }
        </>
    }
}

/// Properties of [`Tile`].
#[derive(Clone, PartialEq, Properties)]
pub struct TileProps {
    /// The node.
    pub card: Shared<NodeCard>,
    /// The side panel is about it.
    pub selected: bool,
    /// The DaemonSet that is shown plainly, and all else dimly.
    #[prop_or_default]
    pub focus: Option<Rc<Key>>,
    /// It is chosen to be acted on with others.
    #[prop_or_default]
    pub chosen: bool,
}

/// A node as a tile: a struct component, for there are many.
pub struct Tile {
    actions: Actions,
}

impl Component for Tile {
    type Message = ();
    type Properties = TileProps;

    fn create(ctx: &Context<Self>) -> Self {
        Tile { actions: Actions::of(ctx) }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let TileProps { card, selected, focus, chosen } = ctx.props();
        let focus = focus.as_deref();
        let state = format::node_state(card.state);
        let class = classes!(
            "tile",
            format!("state-{}", state.to_ascii_lowercase()),
            selected.then_some("selected"),
            card.cordoned.then_some("cordoned"),
            is_beside(card, focus).then_some("dim"),
            chosen.then_some("chosen")
        );
        let cells = card.pods.iter().take(CELLS_MAX).map(|pod| {
            let look = format::look(pod.look);
            let old = (!pod.up_to_date).then_some("old");
            let dim = is_dim(pod, focus).then_some("dim");
            html! {
                <i key={pod.uid.clone()} class={classes!("cell", format!("look-{look}"), colour_class(pod.style), old, dim)}
                    data-pod={pod.uid.clone()} data-look={look} />
            }
        });
        let pods = format::count(card.pods.len(), "pod");
        let taints = if card.taints.is_empty() {
            String::new()
        } else {
            format!(", {}", format::count(card.taints.len(), "taint"))
        };
        let chosen = if *chosen { ", selected" } else { "" };
        let label = format!("{}, {state}, {pods}{taints}{chosen}", card.name);
        html! {
            <li>
                <button type="button" {class} aria-label={label.clone()} title={label} id={button_id(&card.name)} data-node={card.name.clone()}
                    onclick={self.actions.on_click_show(View::Node(card.name.clone()))}>
                    <span class="tile-name">{ short(&card.name) }</span>
                    <span class="cells">{ for cells }</span>
                </button>
            </li>
        }
    }
}

/// The part of a name that tells one node from its neighbours: the last piece.
fn short(name: &str) -> &str {
    name.rsplit('-').next().unwrap_or(name)
}
