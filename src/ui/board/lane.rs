//! The API server's lane: pods that exist and that no node has yet, aimed at theirs.

use super::pod_chip::{PodChipView, is_dim};
use crate::api::Key;
use crate::ui::shared::Shared;
use crate::view::{PodChip, PodLook};
use std::rc::Rc;
use yew::prelude::*;

/// At most so many chips are drawn; the rest are counted.
const CHIPS_MAX: usize = 9;

/// Properties of [`Lane`].
#[derive(Clone, PartialEq, Properties)]
pub struct LaneProps {
    /// Pods without a node.
    pub pods: Vec<Shared<PodChip>>,
    /// The DaemonSet that is shown plainly, and all else dimly.
    #[prop_or_default]
    pub focus: Option<Rc<Key>>,
}

/// The lane. It is there when it is empty, so that nothing jumps when a pod is created.
#[component]
pub fn Lane(props: &LaneProps) -> Html {
    let more = props.pods.len().saturating_sub(CHIPS_MAX);
    let stuck = props.pods.iter().filter(|pod| pod.look == PodLook::Unschedulable && !pod.reason.is_empty());
    html! {
        <section class="lane" aria-label="Pods that no node has yet">
            <div class="lane-row">
                <span class="lane-title" aria-hidden="true">{ "API server" }</span>
                if props.pods.is_empty() {
                    <span class="quiet lane-empty">{ "no pod waits for a node" }</span>
                } else {
                    <ul class="pods">
                        { props.pods.iter().take(CHIPS_MAX).map(|chip| html! {
                            <PodChipView key={chip.uid.clone()} chip={chip.clone()} aimed=true dim={is_dim(chip, props.focus.as_deref())} />
                        }).collect::<Html>() }
                        if more > 0 {
                            <li class="quiet">{ format!("and {more} more") }</li>
                        }
                    </ul>
                }
            </div>
            { stuck.take(3).map(|pod| html! {
                <p class="reason" key={pod.uid.clone()}><b class="mono">{ &pod.key.name }</b>{ " " }{ &pod.reason }</p>
            }).collect::<Html>() }
        </section>
    }
}
