//! The root: owns the session and the desk, lets time pass at every animation frame while
//! there is something to see, and hands values down.

mod animation;
mod effects;
mod explanations;
pub(super) mod handling;
mod later;
mod layout;
mod looked;
mod sharing;

use super::actions::Actions;
use super::desk::{Desk, Theme, View};
use super::dom;
use super::keys::{Keys, Wish};
use super::live::Announcer;
use super::manifest;
use crate::api::Key;
use crate::api::manifest::Object;
use crate::app::{Edit, Intent, Notice, PRESETS, Preset, Session, Snapshot, opening_objects};
use animation::Frames;
use explanations::Explanations;
pub use later::{LATER, Later, Loading, Source};
use std::cell::Cell;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Clusters of more nodes are drawn less often than at every frame.
const NODES_MANY: usize = 200;

/// How often, in milliseconds.
const LARGE_DRAWN_EVERY_MS: f64 = 80.0;

/// At most so many wishes wait for what is loaded later.
const WAITING_MAX: usize = 100;

/// What wakes the page.
pub enum Msg {
    /// What is loaded later has come, or has not.
    Later(Option<&'static Later>),
    /// An animation frame, with its time in milliseconds.
    Frame(f64),
    /// A wish for the session.
    Do(Intent),
    /// A change of a DaemonSet, to be admitted first.
    Edit(Key, Edit),
    /// A change of what is looked at.
    Show(View),
    /// A key that is a command.
    Key(Wish),
}

/// The page.
pub struct App {
    session: Session,
    snapshot: Snapshot,
    desk: Desk,
    actions: Actions,
    frames: Frames,
    _keys: Option<Keys>,
    announcer: Announcer,
    explanations: Explanations,
    looked: looked::Looked,
    /// When the page was last drawn because time passed.
    drawn_at_ms: f64,
    /// Time jumped since the board was last drawn, so nothing is to glide there.
    jumped: bool,
    /// The editor is to have the keyboard's focus once it is in sight.
    to_manifest: bool,
    /// What is loaded behind the first frame, once it is here.
    later: Option<&'static Later>,
    /// It is being loaded.
    loading: bool,
    /// Wishes until then.
    waiting: Vec<Msg>,
    /// How many rollouts were tried out: only the last goes on.
    trials: Rc<Cell<u32>>,
    keeper: sharing::Keeper,
}

/// Properties of [`App`].
#[derive(Clone, PartialEq, Properties)]
pub struct AppProps {
    /// Id of the scenario to open with; the first by default.
    #[prop_or_default]
    pub scenario: &'static str,
    /// What its manifest holds.
    #[prop_or_else(opening_objects)]
    pub objects: Vec<Object>,
    /// Whether time runs from the start.
    #[prop_or(true)]
    pub playing: bool,
    /// Where what is behind the first frame comes from.
    pub later: Source,
}

impl AppProps {
    /// The page as it opens.
    #[must_use]
    pub fn of(later: Source) -> AppProps {
        AppProps { scenario: "", objects: opening_objects(), playing: true, later }
    }
}

impl Default for AppProps {
    fn default() -> AppProps {
        AppProps::of(Source::Linked(&LATER))
    }
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let AppProps { scenario, objects, playing, .. } = ctx.props();
        let preset = Preset::find(scenario).or(PRESETS.first()).unwrap_or(&effects::BLANK);
        let mut session = Session::new(preset, objects.clone());
        // What a link leads to is opened before anything happens. (Moment 0 is not the last one,
        // so this is not refused.)
        let _ = session.set_playing(*playing && dom::link().is_none());
        let snapshot = session.snapshot();
        let mut desk = Desk::default();
        desk.theme = Theme::of_name(&dom::remembered("theme").unwrap_or_default());
        desk.keys_off = dom::remembered("keys").as_deref() == Some("off");
        desk.edit(preset.manifest.to_owned());
        let link = ctx.link();
        let actions = Actions {
            intent: link.callback(Msg::Do),
            edit: link.callback(|(key, edit)| Msg::Edit(key, edit)),
            view: link.callback(Msg::Show),
            ..Actions::default()
        };
        let mut app = App {
            session,
            snapshot,
            desk,
            actions,
            frames: Frames::new(link.callback(Msg::Frame)),
            // Not once it is drawn: Yew may let the browser handle keys before it says so.
            _keys: Keys::listen(link.callback(Msg::Key)),
            announcer: Announcer::default(),
            explanations: Explanations::default(),
            looked: looked::Looked::default(),
            drawn_at_ms: 0.0,
            jumped: false,
            to_manifest: false,
            later: None,
            loading: false,
            waiting: Vec::new(),
            trials: Rc::default(),
            keeper: sharing::Keeper::default(),
        };
        app.forget_what_is_gone();
        app.load_later(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Frame(at_ms) => {
                let elapsed_ms = self.frames.elapsed(at_ms);
                let announced = self.announcer.tick(at_ms);
                let mut advanced = self.session.advance(elapsed_ms) && self.is_due(at_ms) && self.look(false);
                if let Some(later) = self.later
                    && let Some(notice) = self.session.told()
                {
                    (later.rebuilt)(self, notice);
                    advanced = true;
                }
                // A frame that changes nothing is not drawn, and time goes on all the same.
                self.run();
                advanced || announced
            }
            Msg::Later(later) => {
                self.take_later(later);
                true
            }
            wish => match self.later {
                Some(later) => (later.act)(self, wish),
                None => {
                    if self.waiting.len() < WAITING_MAX {
                        self.waiting.push(wish);
                    }
                    self.load_later(ctx);
                    false
                }
            },
        }
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        html! {
            <ContextProvider<Actions> context={self.actions.clone()}>
                { layout::page(self) }
            </ContextProvider<Actions>>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, _first_render: bool) {
        self.jumped = false;
        if std::mem::take(&mut self.to_manifest) {
            dom::focus_id(manifest::FIELD_ID);
        }
        self.actions.pace.paint(self.snapshot.frame.now);
        self.run();
    }
}

impl App {
    /// Has what is behind the first frame loaded, unless it is on its way.
    fn load_later(&mut self, ctx: &Context<App>) {
        match ctx.props().later {
            Source::Linked(later) => self.take_later(Some(later)),
            Source::Loaded(load) if !self.loading => {
                self.loading = true;
                let come = ctx.link().callback(Msg::Later);
                spawn_local(async move { come.emit(load().await) });
            }
            Source::Loaded(_) => {}
        }
    }

    fn take_later(&mut self, later: Option<&'static Later>) {
        (self.later, self.loading) = (later, false);
        match later {
            Some(later) => {
                (later.explain)(self, true);
                (later.start)(self);
                for wish in std::mem::take(&mut self.waiting) {
                    (later.act)(self, wish);
                }
            }
            None => {
                let text = "The panels did not load. They are tried again when you next ask for something.";
                self.desk.post(Notice::refused(text), false);
            }
        }
    }

    /// Whether it is time to draw what has passed: at every frame, but for large clusters.
    fn is_due(&mut self, at_ms: f64) -> bool {
        let large = self.snapshot.frame.node_count > NODES_MANY;
        let due = !large || at_ms - self.drawn_at_ms >= LARGE_DRAWN_EVERY_MS;
        if due {
            self.drawn_at_ms = at_ms;
        }
        due
    }

    /// Asks for another frame while there is something to see, and for none otherwise.
    fn run(&mut self) {
        if self.snapshot.playing || self.snapshot.busy.is_some() || self.announcer.waits() {
            self.frames.request();
        } else {
            self.frames.rest();
        }
    }
}
