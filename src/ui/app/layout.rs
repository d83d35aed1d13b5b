//! Where the parts of the page go. The order in the document is the order in which they are
//! read and reached by keyboard; `www/style.css` places them.

use super::App;
use super::effects::{live, node, pod};
use super::later::Later;
use crate::api::{Key, ObjectRef};
use crate::sim::World;
use crate::ui::actions::Actions;
use crate::ui::board::Board;
use crate::ui::board::add_nodes::AddNodesMenu;
use crate::ui::board::choice_bar::choice_bar;
use crate::ui::board::node_menu::{edit_nodes, node_menu};
use crate::ui::board::pod_menu::{pod_acts, pod_menu};
use crate::ui::desk::{Popover, PopoverAbout, Section, SideTab, View};
use crate::ui::dom;
use crate::ui::events::{EventList, history};
use crate::ui::futures::Futures;
use crate::ui::glyph::hatch_definitions;
use crate::ui::hand::Hand;
use crate::ui::header::Header;
use crate::ui::help::Help;
use crate::ui::icon::{Picture, icon};
use crate::ui::live::live_region;
use crate::ui::lower::Lower;
use crate::ui::manifest::ManifestPanel;
use crate::ui::notices::Notices;
use crate::ui::palette::Palette;
use crate::ui::popover::Floating;
use crate::ui::share::{ShareDialog, offer};
use crate::ui::shared::Shared;
use crate::ui::side::SidePanel;
use crate::ui::tags::{Tags, carry_bar};
use crate::ui::text_view::TextView;
use crate::ui::timeline::Timeline;
use crate::view::consequence::consequence;
use crate::view::describe::object_text;
use crate::view::{EventRow, NodeCard, added, attempts, node_files, node_resources, node_taints};
use std::rc::Rc;
use yew::prelude::*;

/// Movement takes so long at the speed of real time; faster playback shortens it.
const GLIDE_MS: u32 = 460;

/// At most so many events of a node are listed, the newest.
const NODE_EVENTS_MAX: usize = 60;

pub(super) fn page(app: &App) -> Html {
    let (snapshot, desk) = (&app.snapshot, &app.desk);
    let frame = &snapshot.frame;
    let part = |of: fn(&Later) -> fn(&App) -> Html| app.later.map(|later| of(later)(app)).unwrap_or_default();
    html! {
        <div class="page" data-section={section_name(desk.section)}>
            { hatch_definitions() }
            <a class="skip" href="#board" onclick={skip}>{ "Skip to the board" }</a>
            <Header theme={desk.theme} origin={snapshot.origin} />
            <main class="work">
                <section class="panel manifest" aria-label="Manifest">
                    { part(|later| later.manifest) }
                </section>
                <Board
                    groups={frame.groups.iter().map(Shared::from).collect::<Vec<_>>()}
                    workloads={frame.workloads.iter().map(Shared::from).collect::<Vec<_>>()}
                    lane={frame.lane.iter().map(Shared::from).collect::<Vec<_>>()}
                    grouping={snapshot.grouping}
                    node_count={frame.node_count}
                    pod_count={frame.pod_count}
                    origin={snapshot.origin}
                    selected_workload={desk.workload.clone()}
                    selected_node={desk.node.clone()}
                    focus={focus(app)}
                    chosen={desk.chosen.names.clone()}
                    by_click={desk.chosen.by_click}
                    tags={desk.tags}
                    glide_ms={glide_ms(app)}
                />
                { part(|later| later.hand) }
                <aside class="panel side" aria-label="Details">
                    { part(|later| later.side) }
                </aside>
                <Timeline
                    view={Shared::from(&snapshot.timeline)}
                    playing={snapshot.playing}
                    speed={snapshot.speed}
                    step_by={snapshot.step_by}
                    can_undo={snapshot.can_undo}
                    can_redo={snapshot.can_redo}
                    busy={snapshot.busy.clone()}
                />
                { part(|later| later.lower) }
            </main>
            { sections(&app.actions, desk.section) }
            <Notices posted={desk.notices.iter().map(Shared::from).collect::<Vec<_>>()} can_undo={snapshot.can_undo} />
            { live_region(app.announcer.text()) }
            { part(|later| later.overlays) }
        </div>
    }
}

/// The editor of manifests.
pub(super) fn manifest(app: &App) -> Html {
    html! { <ManifestPanel document={Shared::from(&app.desk.document)} /> }
}

/// The details of a DaemonSet or a node.
pub(super) fn side(app: &App) -> Html {
    let (frame, desk) = (&app.snapshot.frame, &app.desk);
    html! {
        <SidePanel
            tab={desk.tab}
            workloads={frame.workloads.iter().map(Shared::from).collect::<Vec<_>>()}
            workload={desk.workload.clone()}
            node={desk.node.as_deref().and_then(|name| node(frame, name)).map(Shared::from)}
            node_name={desk.node.clone()}
            counted={desk.counted}
            focused={desk.focus.is_some() && desk.focus.as_deref() == desk.workload.as_ref()}
            explanations={app.explanations.all().to_vec()}
            history={node_history(app)}
            files={of_node(app, node_files::node_files)}
            resources={of_node(app, node_resources::node_resources)}
            taints={of_node(app, node_taints::node_taints)}
            object={app.object_view()}
        />
    }
}

/// What lies over the foot of the board: nodes that are chosen, labels and taints.
pub(super) fn hand(app: &App) -> Html {
    let (desk, frame) = (&app.desk, &app.snapshot.frame);
    let chosen = &desk.chosen;
    let carried = desk.carried.as_ref().map(|carried| {
        let over = desk.over.as_deref().map(|node| app.reached(node)).unwrap_or_default();
        let edit = carried.edit().filter(|_| !over.is_empty());
        let would = edit.map(|edit| consequence(app.session.world(), &over, &edit));
        carry_bar(&app.actions, carried, &over, would.as_ref())
    });
    html! {
        <div class="hand">
            { carried.unwrap_or_default() }
            if chosen.by_click || !chosen.names.is_empty() {
                { choice_bar(&app.actions, chosen) }
            }
            if desk.tags {
                <Tags frame={Shared::from(frame)} own={desk.own_tags.clone()} carried={desk.carried.clone()} />
            }
            <Hand chosen={chosen.names.clone()} by_click={chosen.by_click} carries={desk.carried.is_some()} />
        </div>
    }
}

/// What stands beside the timeline.
pub(super) fn lower(app: &App) -> Html {
    let (snapshot, desk) = (&app.snapshot, &app.desk);
    let shown = desk.section == Section::Events;
    match desk.lower {
        Lower::Events => {
            html! { <EventList events={Shared::from(&snapshot.events)} selected={desk.event} {shown} focus={focus(app)} /> }
        }
        Lower::Futures => html! {
            <Futures futures={Shared::from(&snapshot.timeline.futures)} now={snapshot.timeline.now} playing={snapshot.playing} />
        },
        Lower::Text => html! { <TextView frame={Shared::from(&snapshot.frame)} /> },
    }
}

/// What lies over the page: menus, the help, the palette.
pub(super) fn overlays(app: &App) -> Html {
    html! {
        <>
            if app.desk.palette {
                <Palette frame={Shared::from(&app.snapshot.frame)} playing={app.snapshot.playing} />
            }
            { app.desk.popover.as_ref().and_then(|popover| floating(app, popover)).unwrap_or_default() }
            if app.desk.offer {
                { offer(&app.actions) }
            }
            if let Some(state) = &app.desk.shared {
                <ShareDialog state={Shared::from(state)} />
            }
            if app.desk.help {
                <Help keys_off={app.desk.keys_off} />
            }
        </>
    }
}

/// The DaemonSet that the focus is on, if there is one of that name at this moment.
fn focus(app: &App) -> Option<Rc<Key>> {
    let known = |key: &&Rc<Key>| app.snapshot.frame.workloads.iter().any(|card| card.key == ***key);
    app.desk.focus.as_ref().filter(known).cloned()
}

/// What happened to the node that the side panel shows.
fn node_history(app: &App) -> Vec<Shared<EventRow>> {
    match (app.desk.tab, &app.desk.node) {
        (SideTab::Node, Some(name)) => {
            history::of(&object_text(&ObjectRef::node(name)), &app.snapshot.events, NODE_EVENTS_MAX)
        }
        _ => Vec::new(),
    }
}

/// What is to be said of the node that the side panel shows.
fn of_node<T: Default>(app: &App, what: fn(&World, &str) -> T) -> T {
    match (app.desk.tab, &app.desk.node) {
        (SideTab::Node, Some(name)) => what(app.session.world(), name),
        _ => T::default(),
    }
}

/// How long things take to glide to their new place; 0 when time jumped.
fn glide_ms(app: &App) -> u32 {
    if app.jumped {
        return 0;
    }
    let speed = app.snapshot.speed.0.max(1_000);
    (GLIDE_MS * 1_000 / speed).max(140)
}

fn floating(app: &App, popover: &Popover) -> Option<Html> {
    let frame = &app.snapshot.frame;
    let anchor = popover.anchor;
    let (label, content) = match &popover.about {
        PopoverAbout::Node(name) => (format!("Actions for {name}"), node_menu(&[&**node(frame, name)?], anchor)),
        PopoverAbout::Chosen => {
            let chosen = &app.desk.chosen.names;
            let cards: Vec<&NodeCard> =
                live(frame).map(|card| &**card).filter(|card| chosen.contains(&card.name)).collect();
            ("Actions for the nodes chosen".to_owned(), node_menu(&cards, anchor))
        }
        PopoverAbout::EditNodes(names) => ("Label or taint".to_owned(), edit_nodes(names)),
        PopoverAbout::PodMenu(uid) => {
            let chip = pod(frame, uid)?;
            (format!("Actions for {}", chip.key.name), pod_acts(chip, anchor))
        }
        PopoverAbout::Pod(uid) => {
            let chip = pod(frame, uid)?;
            let (world, events) = (app.session.world(), &app.snapshot.events);
            let (tried, beyond) = (attempts::attempts(world, &chip.key), added::added(world, &chip.key));
            (format!("Pod {}", chip.key.name), pod_menu(&app.actions, chip, events, &tried, &beyond))
        }
        PopoverAbout::AddNodes => ("Add nodes".to_owned(), html! { <AddNodesMenu /> }),
    };
    let menu = matches!(popover.about, PopoverAbout::Node(_) | PopoverAbout::Chosen | PopoverAbout::PodMenu(_));
    Some(html! { <Floating key={label.clone()} {anchor} {menu} label={label.clone()}>{ content }</Floating> })
}

fn skip(event: MouseEvent) {
    event.prevent_default();
    dom::focus_id("board");
}

fn section_name(section: Section) -> &'static str {
    match section {
        Section::Board => "board",
        Section::Manifest => "manifest",
        Section::Side => "side",
        Section::Events => "events",
    }
}

/// What a small screen chooses between.
fn sections(actions: &Actions, current: Section) -> Html {
    let button = |section: Section, picture: Picture, text: &str| {
        let here = (section == current).then_some("page");
        html! {
            <button type="button" aria-current={here} onclick={actions.on_click_show(View::Section(section))}>
                { icon(picture) }
                <span>{ text }</span>
            </button>
        }
    };
    html! {
        <nav class="sections" aria-label="Sections">
            { button(Section::Board, Picture::Board, "Board") }
            { button(Section::Manifest, Picture::Manifest, "Manifest") }
            { button(Section::Side, Picture::Workload, "Workload") }
            { button(Section::Events, Picture::Events, "Events") }
        </nav>
    }
}
