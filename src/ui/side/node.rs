//! A node: its state, labels, taints and pods, what these ask for, what each taint does, and what
//! each DaemonSet says of it.

mod resources;
mod taints;

use super::why::verdict;
use crate::api::ObjectRef;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::board::node_card::{meter, state_sign, taints as taint_list};
use crate::ui::board::node_menu::EditNode;
use crate::ui::board::pod_chip::PodChipView;
use crate::ui::desk::{PopoverAbout, View};
use crate::ui::events::history;
use crate::ui::format;
use crate::ui::glyph::glyph;
use crate::ui::icon::{Picture, icon};
use crate::ui::looking::Look;
use crate::ui::popover;
use crate::ui::shared::Shared;
use crate::view::explain::{Explanation, ExplanationRow};
use crate::view::node_resources::NodeResources;
use crate::view::node_taints::TaintRow;
use crate::view::{EventRow, NodeCard, PodChip, WorkloadCard};
use yew::prelude::*;

/// Properties of [`NodePanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct NodePanelProps {
    /// The node; absent if none is selected or it does not exist at this moment.
    pub node: Option<Shared<NodeCard>>,
    /// Its name.
    pub name: Option<String>,
    /// All DaemonSets.
    pub workloads: Vec<Shared<WorkloadCard>>,
    /// Their verdicts.
    pub explanations: Vec<Shared<Explanation>>,
    /// What happened to the node.
    pub history: Vec<Shared<EventRow>>,
    /// Its files, and what is to be said of each.
    pub files: Vec<(String, String)>,
    /// What its pods ask for.
    pub resources: NodeResources,
    /// What its taints do.
    pub taints: Vec<TaintRow>,
}

/// The panel.
#[component]
pub fn NodePanel(props: &NodePanelProps) -> Html {
    let actions = use_actions();
    let Some(node) = &props.node else {
        let text = match &props.name {
            Some(name) => format!("There is no node {name} at this moment."),
            None => "Click a node to see its state, labels, taints and pods, and what each DaemonSet makes of it."
                .to_owned(),
        };
        return html! { <p class="empty">{ text }</p> };
    };
    html! {
        <>
            <div class="side-title">
                { state_sign(node.state) }
                <h2 class="mono">{ &node.name }</h2>
                <span class="grow" />
                if !node.deleted {
                    <button type="button" class="button small" onclick={actions.on_click_show(View::Look(Look::At(ObjectRef::node(node.name.clone()))))}>{ "YAML" }</button>
                    <button type="button" class="button small" aria-haspopup="menu"
                        onclick={popover::open(&actions, PopoverAbout::Node(node.name.clone()))}>{ "Actions" }{ icon(Picture::Caret) }</button>
                }
            </div>
            { facts(node) }
            if !node.deleted {
                <section class="block">
                    <h3>{ "Labels and taints" }</h3>
                    { labels(node) }
                    { taint_list(&actions, &node.name, &node.taints) }
                    <EditNode names={vec![node.name.clone()]} place="panel" />
                </section>
                <section class="block">
                    <h3>{ "Requested of allocatable" }</h3>
                    <ul class="meters wide">{ for node.meters.iter().map(meter) }</ul>
                </section>
                <section class="block">
                    <h3>{ "What each DaemonSet says" }</h3>
                    { verdicts(&actions, props, &node.name) }
                </section>
                { taints::taints(&actions, &props.taints, &props.workloads) }
                { resources::resources(&actions, &props.resources) }
            }
            <section class="block">
                <h3>{ format!("Pods {}", node.pods.len()) }</h3>
                if node.pods.is_empty() {
                    <p class="quiet">{ "No pod is bound to this node." }</p>
                }
                <ul class="node-pods">{ for node.pods.iter().map(|chip| pod(&Shared::from(chip))) }</ul>
            </section>
            { files(&props.files) }
            if !props.history.is_empty() {
                <section class="block">
                    <h3>{ "Events" }</h3>
                    { history::list(&props.history) }
                </section>
            }
        </>
    }
}

fn facts(node: &NodeCard) -> Html {
    let roles = if node.roles.is_empty() { "<none>".to_owned() } else { node.roles.join(",") };
    html! {
        <dl class="facts">
            <div><dt>{ "State" }</dt><dd>{ if node.deleted { "deleted" } else { format::node_state(node.state) } }{ if node.cordoned { ", cordoned" } else { "" } }</dd></div>
            if !node.state_message.is_empty() {
                <div><dt>{ if node.deleted { "Why it is here" } else { "Ready condition" } }</dt><dd>{ &node.state_message }</dd></div>
            }
            if !node.troubles.is_empty() {
                <div><dt>{ "Other conditions" }</dt><dd>{ node.troubles.join(", ") }</dd></div>
            }
            if node.faulty {
                <div><dt>{ "Machine" }</dt><dd>{ "broken" }</dd></div>
            }
            <div><dt>{ "Roles" }</dt><dd>{ roles }</dd></div>
            <div><dt>{ "Joined" }</dt><dd>{ if node.joined_at.0 <= 0 { "before the start".to_owned() } else { format!("at {}", format::time(node.joined_at)) } }</dd></div>
        </dl>
    }
}

fn labels(node: &NodeCard) -> Html {
    if node.labels.is_empty() {
        return html! { <p class="quiet">{ "No labels but the usual ones (host name, OS, roles)." }</p> };
    }
    let chips = node
        .labels
        .iter()
        .map(|label| html! { <li class="label">{ format::breakable(&format!("{}={}", label.key, label.value)) }</li> });
    html! { <ul class="labels whole" aria-label="Labels">{ for chips }</ul> }
}

fn verdicts(actions: &Actions, props: &NodePanelProps, name: &str) -> Html {
    if props.workloads.is_empty() {
        return html! { <p class="quiet">{ "There is none." }</p> };
    }
    let rows = props.workloads.iter().filter_map(|card| {
        let explanation = props.explanations.iter().find(|explanation| explanation.key == card.key)?;
        let row = explanation.rows.iter().find(|row| row.node == name)?;
        Some(verdict_row(actions, card, row))
    });
    html! { <ul class="verdicts">{ for rows }</ul> }
}

fn verdict_row(actions: &Actions, card: &WorkloadCard, row: &ExplanationRow) -> Html {
    let (class, words, what) = verdict(row);
    html! {
        <li key={card.key.to_string()}>
            { glyph(Some(card.style), false) }
            <button type="button" class="link-button mono" onclick={actions.on_click_show(View::Why(card.key.clone()))}>{ card.key.to_string() }</button>
            <span class={classes!("verdict-cell", class)} title={what}>{ words }</span>
            { row.because.iter().map(|text| html! { <p class="quiet">{ text }</p> }).collect::<Html>() }
        </li>
    }
}

/// Nothing if there are none: so it is where no container ever ran.
fn files(files: &[(String, String)]) -> Html {
    if files.is_empty() {
        return Html::default();
    }
    html! {
        <details class="block">
            <summary>{ format!("Files {}", files.len()) }</summary>
            <ul class="node-pods">
                { for files.iter().map(|(path, text)| html! {
                    <li><p class="mono">{ path }</p><p class="quiet">{ text }</p></li>
                }) }
            </ul>
        </details>
    }
}

fn pod(chip: &Shared<PodChip>) -> Html {
    html! {
        <li key={chip.uid.clone()}>
            <ul class="pods"><PodChipView chip={chip.clone()} in_panel=true /></ul>
            <p class="mono quiet">{ &chip.key.name }</p>
            if !chip.reason.is_empty() {
                <p class="quiet">{ &chip.reason }</p>
            }
        </li>
    }
}
