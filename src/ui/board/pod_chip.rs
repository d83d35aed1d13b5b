//! A pod as a chip: workload by colour and shape, revision by hatching, and what it is doing
//! in a word.

use crate::api::Key;
use crate::ui::actions::use_actions;
use crate::ui::desk::PopoverAbout;
use crate::ui::format;
use crate::ui::glyph::{colour_class, glyph};
use crate::ui::popover;
use crate::ui::progress::ProgressBar;
use crate::ui::shared::Shared;
use crate::view::describe::pod_text;
use crate::view::{PodChip, PodLook};
use yew::prelude::*;

/// A reason longer than this is told in full elsewhere.
const REASON_MAX: usize = 26;

/// Properties of [`PodChipView`].
#[derive(Clone, PartialEq, Properties)]
pub struct PodChipProps {
    /// The pod.
    pub chip: Shared<PodChip>,
    /// Say which node it is meant for.
    #[prop_or_default]
    pub aimed: bool,
    /// A second picture of a pod that is on the board as well: neither moves nor is found by
    /// its UID.
    #[prop_or_default]
    pub in_panel: bool,
    /// The focus is on another workload.
    #[prop_or_default]
    pub dim: bool,
}

/// Whether the focus is on another workload than a pod's.
#[must_use]
pub fn is_dim(chip: &PodChip, focus: Option<&Key>) -> bool {
    focus.is_some() && chip.workload_key.as_ref() != focus
}

/// A pod.
#[component]
pub fn PodChipView(props: &PodChipProps) -> Html {
    let actions = use_actions();
    let chip = &props.chip;
    let look = format::look(chip.look);
    let revision = if chip.up_to_date { "current" } else { "old" };
    let class = classes!(
        "pod",
        format!("look-{look}"),
        colour_class(chip.style),
        chip.misscheduled.then_some("misscheduled"),
        props.dim.then_some("dim")
    );
    let on_board = !props.in_panel;
    html! {
        <li data-flip={on_board.then(|| format!("pod:{}", chip.uid))}>
            <button type="button" {class} aria-label={pod_text(chip)} title={pod_text(chip)} aria-haspopup="dialog"
                data-pod={on_board.then(|| chip.uid.clone())} data-workload={chip.workload.clone()} data-look={look} data-revision={revision}
                onclick={popover::open(&actions, PopoverAbout::Pod(chip.uid.clone()))}>
                { glyph(chip.style, !chip.up_to_date) }
                <span class="pod-name">{ &chip.workload }</span>
                if props.aimed && !chip.node.is_empty() && !chip.doing.starts_with("nominated") {
                    <span class="pod-aim">{ "→ " }{ &chip.node }</span>
                }
                if chip.look == PodLook::Available {
                    <svg class="tick-sign" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><path d="M1.6 5.4 4 7.8 8.4 2.6" /></svg>
                } else if !props.aimed || chip.look != PodLook::Pending {
                    <small>{ word(chip) }</small>
                }
                if chip.restarts > 0 {
                    <small class="restarts">{ format!("↻{}", chip.restarts) }</small>
                }
                if chip.misscheduled {
                    <small class="mark">{ "misscheduled" }</small>
                }
                if let (Some(started_at), Some(ends_at)) = (chip.started_at, chip.ends_at) {
                    <ProgressBar {started_at} {ends_at} />
                }
            </button>
        </li>
    }
}

/// The word on the chip: upstream's reason where something is wrong and it is one word,
/// what the pod is doing otherwise.
fn word(chip: &PodChip) -> &str {
    let wrong = matches!(chip.look, PodLook::Failing | PodLook::NotReady | PodLook::Finished);
    let short = !chip.reason.is_empty() && chip.reason.len() <= REASON_MAX && !chip.reason.contains(' ');
    if wrong && short { &chip.reason } else { &chip.doing }
}
