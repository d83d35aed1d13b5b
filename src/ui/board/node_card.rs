//! A node as a card.

use super::pod_chip::{PodChipView, is_dim};
use crate::api::{Key, TaintEffect};
use crate::app::Intent;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::app::handling::button_id;
use crate::ui::desk::{PopoverAbout, View};
use crate::ui::format;
use crate::ui::icon::{Picture, icon};
use crate::ui::popover;
use crate::ui::shared::Shared;
use crate::view::{LabelChip, Meter, NodeCard, NodeState, TaintChip};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`NodeCardView`].
#[derive(Clone, PartialEq, Properties)]
pub struct NodeCardProps {
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

/// A node.
#[component]
pub fn NodeCardView(props: &NodeCardProps) -> Html {
    let actions = use_actions();
    let card = &props.card;
    let focus = props.focus.as_deref();
    let class = classes!(
        "node",
        state_class(card),
        card.faulty.then_some("faulty"),
        props.selected.then_some("selected"),
        is_beside(card, focus).then_some("dim"),
        props.chosen.then_some("chosen")
    );
    html! {
        <li {class} data-node={card.name.clone()} data-state={format::node_state(card.state)} data-flip={format!("node:{}", card.name)}>
            <div class="node-head">
                { state_sign(card.state) }
                if props.chosen {
                    <span class="chosen-sign">{ icon(Picture::Check) }<span class="sr-only">{ "selected" }</span></span>
                }
                <button type="button" class="cover" id={button_id(&card.name)} aria-pressed={props.selected.to_string()}
                    onclick={actions.on_click_show(View::Node(card.name.clone()))}>{ &card.name }</button>
                { state_words(card) }
                if !card.deleted {
                    <button type="button" class="icon-button small" aria-label={format!("Actions for {}", card.name)}
                        title="Label, taint, cordon, drain, break, delete" aria-haspopup="menu"
                        onclick={popover::open(&actions, PopoverAbout::Node(card.name.clone()))}>
                        { icon(Picture::More) }
                    </button>
                }
            </div>
            { labels(card) }
            { taints(&actions, &card.name, &card.taints) }
            { meters(&card.meters) }
            <ul class="pods" aria-label={format!("Pods on {}", card.name)}>
                { for card.pods.iter().map(|chip| html! { <PodChipView key={chip.uid.clone()} chip={Shared::from(chip)} dim={is_dim(chip, focus)} /> }) }
            </ul>
        </li>
    }
}

/// Whether no pod of the DaemonSet that the focus is on is here.
pub(super) fn is_beside(card: &NodeCard, focus: Option<&Key>) -> bool {
    focus.is_some() && card.pods.iter().all(|pod| is_dim(pod, focus))
}

fn state_class(card: &NodeCard) -> &'static str {
    match card.state {
        NodeState::Ready => "ready",
        NodeState::NotReady | NodeState::Unknown => "not-ready",
    }
}

fn state_words(card: &NodeCard) -> Html {
    // The tooltip has the condition's own words.
    html! {
        <span class="node-state" title={card.state_message.clone()}>
            { card.state_word() }
            if card.silent {
                <span class="unknown-yet" title="The machine is broken, and the API does not know yet">{ " (silent)" }</span>
            }
        </span>
    }
}

/// A node's state as a sign: a dot, a diamond, a ring. The word stands beside it.
pub(in crate::ui) fn state_sign(state: NodeState) -> Html {
    let (class, path) = match state {
        NodeState::Ready => ("ok", "M5 1a4 4 0 1 1 0 8a4 4 0 1 1 0-8z"),
        NodeState::NotReady => ("bad", "M5 .4 9.6 5 5 9.6.4 5z"),
        NodeState::Unknown => ("unknown", "M5 1.4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2z"),
    };
    html! {
        <svg class={classes!("sign", class)} viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><path d={path} /></svg>
    }
}

fn labels(card: &NodeCard) -> Html {
    if card.labels.is_empty() && card.troubles.is_empty() && !card.cordoned {
        return Html::default();
    }
    let chips = card.labels.iter().map(|label: &LabelChip| {
        // The domain of a well-known key says little: the last part tells the label.
        let short = label.key.rsplit('/').next().unwrap_or(&label.key);
        html! {
            <li class="label" title={format!("{}={}", label.key, label.value)} data-tag={format!("{}={}", label.key, label.value)}>{ format!("{short}={}", label.value) }</li>
        }
    });
    html! {
        <ul class="labels" aria-label="Labels">
            if card.cordoned {
                <li class="label cordoned" title="Cordoned: spec.unschedulable">{ "SchedulingDisabled" }</li>
            }
            { card.troubles.iter().map(|text| html! { <li class="label trouble" title="A condition of the node">{ text }</li> }).collect::<Html>() }
            { chips.collect::<Html>() }
        </ul>
    }
}

/// Taints, each with a button that takes it off.
pub(in crate::ui) fn taints(actions: &Actions, node: &str, taints: &[TaintChip]) -> Html {
    if taints.is_empty() {
        return Html::default();
    }
    let chips = taints.iter().map(|taint| {
        let untaint = Intent::UntaintNode { node: node.to_owned(), key: taint.key.clone(), effect: taint.effect };
        let class = if taint.effect == TaintEffect::NoExecute { "taint execute" } else { "taint" };
        html! {
            <li {class} key={taint.text.clone()} data-tag={taint.text.clone()}>
                <span>{ format::breakable(&taint.text) }</span>
                <button type="button" aria-label={format!("Remove taint {} from {node}", taint.text)} title="Remove this taint"
                    onclick={actions.on_click(untaint)}>{ icon(Picture::Close) }</button>
            </li>
        }
    });
    html! { <ul class="taints" aria-label="Taints">{ for chips }</ul> }
}

fn meters(meters: &[Meter]) -> Html {
    if meters.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="meters" aria-label="Requested of allocatable">
            { for meters.iter().map(meter) }
        </ul>
    }
}

/// How much of a resource is asked for, as a bar and in words.
pub(in crate::ui) fn meter(meter: &Meter) -> Html {
    let used = meter.used_permille.min(1_000);
    let class = classes!("meter", (used >= 900).then_some("full"));
    html! {
        <li {class} title={format!("{} requested: {}", meter.resource, meter.text)}>
            <span class="meter-name">{ &meter.resource }</span>
            <span class="meter-text">{ &meter.text }</span>
            <svg width="100%" height="4" aria-hidden="true">
                <rect class="meter-whole" width="100%" height="4" rx="2" />
                <rect class="meter-used" width={format!("{}.{}%", used / 10, used % 10)} height="4" rx="2" />
            </svg>
        </li>
    }
}
