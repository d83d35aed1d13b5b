//! The palette of commands: all that can be done, found by typing.

use super::actions::{Actions, Does, use_actions};
use super::board::add_nodes::KINDS;
use super::board::node_acts::acts;
use super::choice::Choice;
use super::desk::{Theme, View};
use super::dom;
use super::looking::Look;
use super::lower::Lower;
use super::modal::Modal;
use super::shared::Shared;
use crate::api::{Key, Kind, ObjectRef};
use crate::app::{Intent, PRESETS};
use crate::sim::{Actor, Cascade};
use crate::view::Frame;
use yew::prelude::*;

/// At most so many are listed.
const LISTED_MAX: usize = 50;

/// A command.
#[derive(Clone, Debug, PartialEq)]
struct Command {
    title: String,
    does: Does,
}

/// Properties of [`Palette`].
#[derive(Clone, PartialEq, Properties)]
pub struct PaletteProps {
    /// What is on the board.
    pub frame: Shared<Frame>,
    /// Time runs.
    pub playing: bool,
}

/// The palette.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let actions = use_actions();
    let query = use_state(String::new);
    let at = use_state(|| 0_usize);
    // What can be done when it opens; a list that changes by itself could not be chosen from.
    let opened = use_state(|| (props.frame.clone(), props.playing));
    let found = use_memo((*query).clone(), |query| found(&opened.0, opened.1, query));
    let at_now = (*at).min(found.len().saturating_sub(1));
    use_effect_with(at_now, |at| dom::reveal_id(&option_id(*at)));
    let oninput = {
        let (query, at) = (query.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            query.set(dom::value_of(&event));
            at.set(0);
        })
    };
    let onkeydown = {
        let (actions, found) = (actions.clone(), found.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = found.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => at.set(if at_now == last { 0 } else { at_now + 1 }),
                "ArrowUp" => at.set(at_now.checked_sub(1).unwrap_or(last)),
                "Enter" => found.get(at_now).into_iter().for_each(|command| run(&actions, command)),
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <Modal class="palette" label="Commands" closed={View::Palette(false)}>
            <input type="text" role="combobox" aria-label="Command" aria-expanded="true" aria-controls="palette-list"
                aria-activedescendant={(!found.is_empty()).then(|| option_id(at_now))} placeholder="Type what to do, or to which node"
                autocomplete="off" autocapitalize="off" spellcheck="false" autofocus=true value={(*query).clone()}
                {oninput} {onkeydown} data-testid="palette" />
            <ul id="palette-list" role="listbox" aria-label="Commands">
                { for found.iter().enumerate().map(|(n, command)| option(&actions, command, n, n == at_now)) }
            </ul>
            if found.is_empty() {
                <p class="empty">{ "Nothing that can be done is called that." }</p>
            }
        </Modal>
    }
}

fn option_id(n: usize) -> String {
    format!("palette-{n}")
}

fn option(actions: &Actions, command: &Command, n: usize, chosen: bool) -> Html {
    let onclick = {
        let (actions, command) = (actions.clone(), command.clone());
        Callback::from(move |_: MouseEvent| run(&actions, &command))
    };
    html! { <li role="option" id={option_id(n)} aria-selected={chosen.to_string()} {onclick}>{ &command.title }</li> }
}

fn run(actions: &Actions, command: &Command) {
    actions.show(View::Palette(false));
    actions.run(&command.does);
}

/// The first commands that hold every word of the query.
fn found(frame: &Frame, playing: bool, query: &str) -> Vec<Command> {
    let query = query.to_ascii_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    commands(frame, playing)
        .filter(|command| {
            let title = command.title.to_ascii_lowercase();
            words.iter().all(|word| title.contains(word))
        })
        .take(LISTED_MAX)
        .collect()
}

/// Looking at an object as YAML.
fn yaml(kind: Kind, key: Key) -> View {
    View::Look(Look::At(ObjectRef::new(kind, key)))
}

fn commands(frame: &Frame, playing: bool) -> impl Iterator<Item = Command> {
    let act = |title: String, intent| Command { title, does: Does::Act(intent) };
    let show = |title: String, view| Command { title, does: Does::Show(view) };
    let page = [
        act(if playing { "Pause" } else { "Play" }.to_owned(), Intent::SetPlaying(!playing)),
        act("To the next event".to_owned(), Intent::StepForward),
        act("To the event before".to_owned(), Intent::StepBack),
        act("Undo".to_owned(), Intent::Undo),
        act("Redo".to_owned(), Intent::Redo),
        show("Show the board in words".to_owned(), View::Lower(Lower::Text)),
        show("Show other branches of the past".to_owned(), View::Lower(Lower::Futures)),
        show("Show the events".to_owned(), View::Lower(Lower::Events)),
        show("Find an object, as YAML".to_owned(), View::Look(Look::Find(String::new()))),
        show("Show all workloads plainly".to_owned(), View::Focus(None)),
        show("Select all nodes".to_owned(), View::Choose(Choice::All)),
        show("Labels and taints to put on nodes".to_owned(), View::Tags(true)),
        show("Help and keys".to_owned(), View::Help(true)),
    ];
    let steps = std::iter::once((None, "anything".to_owned()))
        .chain(Actor::ALL.map(|actor| (Some(actor), actor.to_string())))
        .map(move |(by, name)| act(format!("Steps by: {name}"), Intent::StepBy(by)));
    let themes = [Theme::Auto, Theme::Light, Theme::Dark]
        .map(|theme| show(format!("Theme: {}", theme.name()), View::Theme(theme)));
    let machines = KINDS.iter().map(move |(preset, title, _)| {
        act(format!("Add node: {title}"), Intent::AddNodes { preset: *preset, count: 1 })
    });
    let workloads = frame.workloads.iter().flat_map(move |card| {
        let key = || card.key.clone();
        [
            show(format!("{}: Why is it where it is?", card.key), View::Why(key())),
            show(format!("{}: Focus on it on the board", card.key), View::Focus(Some(key()))),
            show(format!("{}: Edit manifest", card.key), View::EditManifestOf(key())),
            show(format!("{}: Show YAML", card.key), yaml(Kind::DaemonSet, key())),
            act(format!("{}: Restart pods", card.key), Intent::Restart(key())),
            act(format!("{}: Delete", card.key), Intent::DeleteDaemonSet { key: key(), cascade: Cascade::Background }),
        ]
    });
    let nodes = frame.groups.iter().flat_map(|group| &group.nodes).filter(|card| !card.deleted).flat_map(move |card| {
        let details = show(format!("{}: Show details", card.name), View::Inspect(card.name.clone()));
        let yaml = show(format!("{}: Show YAML", card.name), yaml(Kind::Node, Key::new("", card.name.as_str())));
        let acts = acts(&[&**card]).into_iter().flatten();
        [details, yaml].into_iter().chain(acts.map(move |it| act(format!("{}: {}", card.name, it.title), it.intent)))
    });
    let chips = frame.groups.iter().flat_map(|group| &group.nodes).flat_map(|card| &card.pods).chain(&frame.lane);
    let pods = chips.map(move |chip| show(format!("Pod {}: Show YAML", chip.key), yaml(Kind::Pod, chip.key.clone())));
    let scenarios =
        PRESETS.iter().map(move |preset| show(format!("Scenario: {}", preset.title), View::Scenario(preset.id)));
    page.into_iter()
        .chain(steps)
        .chain(machines)
        .chain(workloads)
        .chain(nodes)
        .chain(scenarios)
        .chain(themes)
        .chain(pods)
}
