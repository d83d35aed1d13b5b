//! A DaemonSet with kubectl's columns as they are stored in its status, and its rollout.

use crate::api::Key;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::desk::View;
use crate::ui::format;
use crate::ui::glyph::glyph;
use crate::ui::icon::{Picture, icon};
use crate::ui::rollout::rollout_bar;
use crate::ui::shared::Shared;
use crate::view::{Columns, WorkloadCard};
use yew::prelude::*;

/// Properties of [`WorkloadCardView`].
#[derive(Clone, PartialEq, Properties)]
pub struct WorkloadCardProps {
    /// What to show.
    pub card: Shared<WorkloadCard>,
    /// The side panel is about it.
    pub selected: bool,
    /// The board's focus is on it, or on another; `None` without one.
    #[prop_or_default]
    pub focus: Option<bool>,
}

/// The columns: heading, name for tests and style sheets, value.
#[must_use]
pub fn columns_of(columns: &Columns) -> [(&'static str, &'static str, i32); 6] {
    [
        ("DESIRED", "desired", columns.desired),
        ("CURRENT", "current", columns.current),
        ("READY", "ready", columns.ready),
        ("UP-TO-DATE", "up-to-date", columns.up_to_date),
        ("AVAILABLE", "available", columns.available),
        ("MISSCHEDULED", "misscheduled", columns.misscheduled),
    ]
}

/// A DaemonSet on the board.
#[component]
pub fn WorkloadCardView(props: &WorkloadCardProps) -> Html {
    let actions = use_actions();
    let card = &props.card;
    let key = card.key.to_string();
    let pressed = props.selected.to_string();
    let class = classes!(
        "workload",
        props.selected.then_some("selected"),
        props.focus.map(|here| if here { "focused" } else { "dim" })
    );
    html! {
        <article {class} aria-label={format!("DaemonSet {key}")}
            data-workload-card={key.clone()} data-stale={card.fresh.is_some().to_string()} data-flip={format!("workload:{key}")}>
            <div class="workload-head">
                { glyph(Some(card.style), false) }
                <button type="button" class="cover" aria-pressed={pressed} onclick={actions.on_click_show(View::Workload(card.key.clone()))}>
                    { &card.key.name }
                </button>
                { focus_button(&actions, &card.key, props.focus == Some(true), true) }
                <span class="quiet mono clip" title={format!("{} · {}", card.key.namespace, card.image)}>
                    { format!("{} · {}", card.key.namespace, card.image) }
                </span>
            </div>
            { numbers(&actions, card) }
            <div class="workload-foot">
                { rollout_bar(card.style, &card.rollout) }
                <p class="clip" title={words(card)}>{ words(card) }</p>
            </div>
            if let Some(fresh) = &card.fresh {
                <p class="stale">{ icon(Picture::Clock) }{ stale(&card.columns, fresh) }</p>
            }
        </article>
    }
}

/// A button that puts the board's focus on a DaemonSet, and takes it away again.
pub(in crate::ui) fn focus_button(actions: &Actions, key: &Key, focused: bool, small: bool) -> Html {
    let onclick = actions.on_click_show(View::Focus((!focused).then(|| key.clone())));
    let (class, words) = if small { ("icon-button small", "") } else { ("button", "Focus on the board") };
    html! {
        <button type="button" {class} aria-pressed={focused.to_string()} aria-label={format!("Focus on {key}")}
            title="Dim all that is not of it (f)" {onclick}>{ icon(Picture::Focus) }{ words }</button>
    }
}

fn numbers(actions: &Actions, card: &WorkloadCard) -> Html {
    let fresh = card.fresh.as_ref().map(columns_of);
    let cells = columns_of(&card.columns).into_iter().enumerate().map(|(i, (heading, name, value))| {
        let now = fresh.and_then(|fresh| fresh.get(i).map(|(_, _, value)| *value)).filter(|now| *now != value);
        let bad = name == "misscheduled" && value > 0;
        html! {
            <div class={classes!(now.map(|_| "behind"), bad.then_some("bad"))}>
                <dt>{ heading }</dt>
                <dd>
                    <button type="button" class="count" aria-label={format!("{heading} {value}: which nodes")}
                        onclick={actions.on_click_show(View::Counted(card.key.clone(), i))}>
                        <span data-column={name}>{ value }</span>
                    </button>
                    if let Some(now) = now {
                        <span class="would-be" title={format!("would be {now}")}>
                            <span class="sr-only">{ "would be" }</span>{ format!("→{now}") }
                        </span>
                    }
                </dd>
            </div>
        }
    });
    html! { <dl class="columns">{ for cells }</dl> }
}

/// What the rollout does, in words.
fn words(card: &WorkloadCard) -> String {
    let (up_to_date, of) = (card.columns.up_to_date, card.columns.desired);
    if card.deleting {
        "being deleted, after its pods".to_owned()
    } else if card.rolling_out && up_to_date < of {
        format!("rolling out: {up_to_date} of {of} up to date")
    } else if card.rolling_out {
        format!("{} of {of} available", card.columns.available)
    } else {
        card.placement.clone()
    }
}

/// Why stored numbers differ from what the rules say now.
fn stale(stored: &Columns, fresh: &Columns) -> String {
    let differs = columns_of(stored)
        .into_iter()
        .zip(columns_of(fresh))
        .filter(|(stored, fresh)| stored.2 != fresh.2)
        .map(|(_, (heading, _, value))| format!("{heading} {value}"));
    let differs: Vec<_> = differs.collect();
    format!(
        "Stale: by the rules now {}. Kubernetes writes status when it syncs, not at every change of a node.",
        differs.join(", ")
    )
}

/// A heading for a DaemonSet in the side panel.
pub fn heading(card: &WorkloadCard) -> Html {
    html! {
        <div class="side-title">
            { glyph(Some(card.style), false) }
            <h2 class="mono">{ format::breakable(&card.key.to_string()) }</h2>
        </div>
    }
}
