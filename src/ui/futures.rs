//! Other branches of the past, beside the timeline: what was done in each, the same moment of it
//! beside the one shown, and the way back to it.

use super::actions::{Actions, use_actions};
use super::desk::View;
use super::format;
use super::lower::{self, Lower};
use super::shared::Shared;
use crate::app::Intent;
use crate::base::Time;
use crate::timeline::Future;
use crate::view::beside::{Beside, Row};
use yew::prelude::*;

/// Properties of [`Futures`].
#[derive(Clone, PartialEq, Properties)]
pub struct FuturesProps {
    /// Other futures, the latest first.
    pub futures: Shared<Vec<Future>>,
    /// The moment shown.
    pub now: Time,
    /// Time runs.
    pub playing: bool,
}

/// The panel.
#[component]
pub fn Futures(props: &FuturesProps) -> Html {
    let actions = use_actions();
    let chosen = use_state(|| None::<u32>);
    let beside = use_state(|| None::<Shared<Beside>>);
    // While time runs, every moment would be simulated again only to be thrown away.
    let asked = (*chosen, (!props.playing).then_some(props.now), props.futures.clone());
    use_effect_with(asked, {
        let (actions, beside) = (actions.clone(), beside.clone());
        move |(chosen, now, _): &(Option<u32>, Option<Time>, Shared<Vec<Future>>)| {
            if let (Some(id), Some(_)) = (*chosen, now) {
                let done = Callback::from(move |seen| beside.set(Some(Shared::new(seen))));
                actions.show(View::Glimpse { id, done });
            }
        }
    });
    let choose = {
        let (chosen, beside) = (chosen.clone(), beside.clone());
        Callback::from(move |id: u32| {
            beside.set(None);
            chosen.set(Some(id).filter(|id| *chosen != Some(*id)));
        })
    };
    let seen = beside.as_ref();
    html! {
        <section class="events" aria-label="Branches">
            <div class="panel-bar">{ lower::TABS.draw(&actions, Lower::Futures) }</div>
            <div class="event-list futures" id="lower-panel" tabindex="0" role="tabpanel" aria-labelledby={lower::TABS.id(Lower::Futures)} data-testid="futures">
                if props.futures.is_empty() {
                    <p class="quiet">{ "Go back in time and do something else: what happened before is kept here as another branch, to be compared and gone back to." }</p>
                }
                <ul>
                    { for props.futures.iter().map(|future| {
                        let compared = *chosen == Some(future.id);
                        html! {
                            <li key={future.id}>
                                { entry(&actions, future, compared, &choose) }
                                if compared {
                                    { seen.map_or_else(under_way, |seen| table(seen)) }
                                }
                            </li>
                        }
                    }) }
                </ul>
            </div>
        </section>
    }
}

fn entry(actions: &Actions, future: &Future, compared: bool, choose: &Callback<u32>) -> Html {
    let id = future.id;
    let what = match &future.first {
        Some(command) => html! { <code>{ command }</code> },
        None => html! { <span>{ "nothing was done" }</span> },
    };
    html! {
        <div class="future">
            <span class="mono">{ format::time(future.parts_at) }</span>
            { what }
            <span class="quiet">{ format!("seen up to {}", format::time(future.end)) }</span>
            <span class="row">
                <button type="button" class="button" aria-pressed={compared.to_string()} onclick={choose.reform(move |_: MouseEvent| id)}>{ "Compare" }</button>
                <button type="button" class="button" onclick={actions.on_click(Intent::TakeFuture(id))}>{ "Go there" }</button>
            </span>
        </div>
    }
}

fn under_way() -> Html {
    html! { <p class="quiet" role="status">{ "Simulating that branch…" }</p> }
}

/// What is the same is quiet.
fn table(beside: &Beside) -> Html {
    let row = |row: &Row| {
        html! {
            <tr class={classes!(row.differs().then_some("differs"))}>
                <th scope="row">{ &row.what }</th>
                <td>{ &row.here }</td>
                <td>{ &row.there }</td>
            </tr>
        }
    };
    let differ = beside.rows.iter().filter(|row| row.differs()).count() + beside.nodes.len() + beside.more;
    html! {
        <>
            <p role="status">{ if differ == 0 { "Both are the same at this moment.".to_owned() } else { format!("{} not the same.", format::count(differ, "line")) } }</p>
            <div class="beside-scroll" tabindex="0" role="region" aria-label="Comparison">
                <table class="beside">
                    <thead><tr><th scope="col">{ format!("At {}", format::time(beside.at)) }</th><th scope="col">{ "Here" }</th><th scope="col">{ "There" }</th></tr></thead>
                    <tbody>
                        { for beside.rows.iter().map(row) }
                        { for beside.nodes.iter().map(row) }
                    </tbody>
                </table>
            </div>
            if beside.more > 0 {
                <p class="quiet">{ format!("… and {} more.", format::count(beside.more, "node")) }</p>
            }
        </>
    }
}
