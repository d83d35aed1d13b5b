//! The cluster: DaemonSets with their columns, pods that no node has yet, nodes with their
//! pods. Whatever changes its place glides there, see `flip`.

pub mod add_nodes;
mod added;
mod attempts;
pub mod choice_bar;
pub mod compact;
pub mod lane;
pub(super) mod node_acts;
pub mod node_card;
pub mod node_menu;
pub mod pod_chip;
pub mod pod_menu;
pub mod workload_card;

use super::actions::Actions;
use super::choice::Choice;
use super::desk::{PopoverAbout, View};
use super::dom;
use super::flip::Flip;
use super::format;
use super::glyph::glyph;
use super::icon::{Picture, icon};
use super::popover;
use super::scenario::scenario_note;
use super::shared::Shared;
use crate::api::Key;
use crate::app::{Intent, NodePreset, Origin};
use crate::base::Set;
use crate::view::{Grouping, NodeGroup, PodChip, WorkloadCard};
use compact::CompactGroup;
use lane::Lane;
use node_card::NodeCardView;
use std::rc::Rc;
use workload_card::WorkloadCardView;
use yew::prelude::*;

/// Up to so many nodes are cards; more are tiles.
pub const CARDS_MAX: usize = 50;

/// What nodes can stand together by, in words.
const GROUPINGS: [(Grouping, &str); 3] =
    [(Grouping::Role, "by role"), (Grouping::Zone, "by zone"), (Grouping::None, "ungrouped")];

/// Properties of [`Board`].
#[derive(Clone, PartialEq, Properties)]
pub struct BoardProps {
    /// Nodes in groups.
    pub groups: Vec<Shared<NodeGroup>>,
    /// DaemonSets.
    pub workloads: Vec<Shared<WorkloadCard>>,
    /// Pods without a node.
    pub lane: Vec<Shared<PodChip>>,
    /// What nodes stand together by.
    #[prop_or_default]
    pub grouping: Grouping,
    /// Nodes in all.
    pub node_count: usize,
    /// Pods in all.
    pub pod_count: usize,
    /// Where the cluster came from.
    pub origin: Origin,
    /// Selected DaemonSet.
    pub selected_workload: Option<Key>,
    /// Selected node.
    pub selected_node: Option<String>,
    /// The DaemonSet that is shown plainly, and all else dimly.
    #[prop_or_default]
    pub focus: Option<Rc<Key>>,
    /// Nodes that are chosen to be acted on together.
    #[prop_or_default]
    pub chosen: Rc<Set<String>>,
    /// Each click on a node chooses it.
    #[prop_or_default]
    pub by_click: bool,
    /// Labels and taints lie ready.
    #[prop_or_default]
    pub tags: bool,
    /// How long a movement takes; 0 for none.
    pub glide_ms: u32,
}

/// The board.
pub struct Board {
    flip: Flip,
    actions: Actions,
}

impl Component for Board {
    type Message = ();
    type Properties = BoardProps;

    fn create(ctx: &Context<Self>) -> Self {
        Board { flip: Flip::default(), actions: Actions::of(ctx) }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &BoardProps) -> bool {
        let props = ctx.props();
        let moved = props.groups != old.groups || props.lane != old.lane;
        // Another scenario is another cluster: nothing of the old one goes anywhere.
        let same = props.origin == old.origin;
        if moved && same && props.glide_ms > 0 && props.node_count <= CARDS_MAX {
            self.flip.before();
        } else if moved || !same {
            self.flip.cut();
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        html! {
            <section class="board" id="board" tabindex="-1" aria-labelledby="board-title" data-nodes={props.node_count.to_string()}>
                <div class="board-inner" ref={self.flip.root()}>
                    { self.toolbar(props) }
                    { scenario_note(props.origin) }
                    { workloads(props) }
                    <Lane pods={props.lane.clone()} focus={props.focus.clone()} />
                    { groups(props) }
                    <div class="ghosts" aria-hidden="true" inert=true ref={self.flip.ghosts()} />
                </div>
            </section>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if !first_render {
            self.flip.after(ctx.props().glide_ms);
        }
    }
}

impl Board {
    fn toolbar(&self, props: &BoardProps) -> Html {
        let add = Intent::AddNodes { preset: NodePreset::Worker, count: 1 };
        html! {
            <div class="board-bar">
                <h2 id="board-title">{ "Cluster" }</h2>
                <span class="quiet">{ format!("{} · {}", format::count(props.node_count, "node"), format::count(props.pod_count, "pod")) }</span>
                <span class="grow" />
                { self.focus(props) }
                { self.toggles(props) }
                { self.group_by(props.grouping) }
                <div class="split">
                    <button type="button" class="button" onclick={self.actions.on_click(add)} data-testid="add-worker">
                        { icon(Picture::Plus) }{ "Add worker" }
                    </button>
                    <button type="button" class="button" aria-label="Add other nodes" aria-haspopup="dialog" title="Add other nodes"
                        onclick={popover::open(&self.actions, PopoverAbout::AddNodes)}>
                        { icon(Picture::Caret) }
                    </button>
                </div>
            </div>
        }
    }

    /// What is shown plainly, and the way back to all.
    fn focus(&self, props: &BoardProps) -> Option<Html> {
        let key = props.focus.as_deref()?;
        let style = props.workloads.iter().find(|card| card.key == *key).map(|card| card.style);
        Some(html! {
            <button type="button" class="button focus-on" aria-label={format!("Focus on {key}: show all plainly again")}
                title="Show all plainly again (Escape)" onclick={self.actions.on_click_show(View::Focus(None))} data-testid="focus-off">
                { glyph(style, false) }<span>{ &key.name }</span>{ icon(Picture::Close) }
            </button>
        })
    }

    /// What changes what a press on a node does.
    fn toggles(&self, props: &BoardProps) -> Html {
        let toggle = |picture, name: &'static str, title: &'static str, on: bool, view| {
            html! {
                <button type="button" class="icon-button" aria-label={name} {title} aria-pressed={on.to_string()}
                    onclick={self.actions.on_click_show(view)}>{ icon(picture) }</button>
            }
        };
        let choosing = props.by_click || !props.chosen.is_empty();
        let choice = if choosing { Choice::None } else { Choice::ByClick(true) };
        html! {
            <>
                { toggle(Picture::Select, "Select nodes", "Select nodes: by Ctrl or Shift and click, by a frame, or with this by each click", choosing, View::Choose(choice)) }
                { toggle(Picture::Tag, "Labels and taints", "Labels and taints to put on nodes", props.tags, View::Tags(!props.tags)) }
            </>
        }
    }

    fn group_by(&self, grouping: Grouping) -> Html {
        let onchange = self.actions.intent.reform(|event: Event| {
            let words = dom::value_of(&event);
            let chosen = GROUPINGS.iter().find(|(_, other)| *other == words);
            Intent::GroupBy(chosen.map_or(Grouping::Role, |(grouping, _)| *grouping))
        });
        html! {
            <select class="group-by" aria-label="Group nodes" {onchange} data-testid="group-by">
                { for GROUPINGS.iter().map(|(other, words)| html! {
                    <option value={*words} selected={*other == grouping}>{ *words }</option>
                }) }
            </select>
        }
    }
}

fn workloads(props: &BoardProps) -> Html {
    if props.workloads.is_empty() {
        return html! {
            <p class="empty">
                { "No DaemonSet yet. Paste a manifest into the editor, or pick an example there, and press Apply." }
            </p>
        };
    }
    html! {
        <section class="workloads" aria-label="DaemonSets">
            { for props.workloads.iter().map(|card| {
                let selected = props.selected_workload.as_ref() == Some(&card.key);
                html! { <WorkloadCardView key={card.key.to_string()} card={card.clone()} {selected} focus={in_focus(props, card)} /> }
            }) }
        </section>
    }
}

/// Whether the focus is on it; `None` without one.
fn in_focus(props: &BoardProps, card: &WorkloadCard) -> Option<bool> {
    props.focus.as_deref().map(|key| card.key == *key)
}

fn groups(props: &BoardProps) -> Html {
    if props.node_count == 0 {
        return html! {
            <p class="empty">{ "No nodes. A DaemonSet without nodes has no pods: add a worker and see one come." }</p>
        };
    }
    html! { <div class="groups">{ for props.groups.iter().map(|group| group_of(props, group)) }</div> }
}

/// The card of a group of one lies, so that its row is low; but not the last group's, which is
/// the one that grows.
fn breadth(props: &BoardProps, group: &NodeGroup) -> Option<&'static str> {
    let last = props.groups.last().is_some_and(|last| last.title == group.title);
    // Zones are alike, whatever is in them.
    let by_role = props.grouping == Grouping::Role;
    (by_role && group.nodes.len() == 1 && !last && props.node_count <= CARDS_MAX).then_some("lying")
}

fn group_of(props: &BoardProps, group: &Shared<NodeGroup>) -> Html {
    let key = group.title.clone();
    let selected = |name: &str| props.selected_node.as_deref() == Some(name);
    let nodes: Html = if props.node_count > CARDS_MAX {
        let selected = group.nodes.iter().map(|node| node.name.as_str()).find(|name| selected(name)).map(str::to_owned);
        html! { <CompactGroup group={group.clone()} {selected} focus={props.focus.clone()} chosen={props.chosen.clone()} /> }
    } else {
        let cards = group.nodes.iter().map(|card| {
            let (selected, focus) = (selected(&card.name), props.focus.clone());
            let chosen = props.chosen.contains(&card.name);
            html! { <NodeCardView key={card.name.clone()} card={Shared::from(card)} {selected} {focus} {chosen} /> }
        });
        html! { <ul class="nodes">{ for cards }</ul> }
    };
    html! {
        <section class={classes!("group", breadth(props, group))} {key} aria-label={group.title.clone()}>
            <h3 data-flip={format!("group:{}", group.title)}>{ &group.title }<span class="quiet">{ group.nodes.len() }</span></h3>
            { nodes }
        </section>
    }
}
