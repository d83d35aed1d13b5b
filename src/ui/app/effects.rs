//! What follows from a wish: the session is asked, the desk changes, the person is told.

use super::{App, Msg};
use crate::api::Key;
use crate::api::manifest::{Applied, Reading};
use crate::app::{Edit, Intent, Notice, NoticeKind, OpenedFrom, Preset, Snapshot};
use crate::base::Set;
use crate::ui::actions::Actions;
use crate::ui::choice::Chosen;
use crate::ui::desk::{PopoverAbout, Section, Theme, View};
use crate::ui::keys::Wish;
use crate::ui::{dom, reader};
use crate::view::beside::{self, Beside};
use crate::view::forecast::{Forecast, Trial};
use crate::view::{Frame, NodeCard, PodChip, StrategyKnobs};
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::{AttrValue, Callback};

/// How long good news stays.
const DONE_SHOWN_FOR: Duration = Duration::from_secs(6);

/// Turns of a rollout that is tried out, at a time: some milliseconds.
const TRIAL_TURNS: usize = 100;

/// What the page opens with if there is no scenario at all.
pub(super) static BLANK: Preset =
    Preset { id: "", title: "Empty", summary: "", manifest: "", nodes: Vec::new, tries: &[] };

/// Does what a message asks for; says whether anything changed.
pub(super) fn act(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::Do(intent) => app.dispatch(intent),
        Msg::Show(View::Share(wish)) => return app.share(wish),
        Msg::Show(view) => app.show(view),
        Msg::Edit(key, edit) => return app.edit(key, edit),
        Msg::Key(wish) => return app.key(wish),
        Msg::Frame(_) | Msg::Later(_) => return false,
    }
    true
}

/// Renews what the panels explain. `asked`: the person did something.
pub(super) fn explain(app: &mut App, asked: bool) {
    app.explanations.refresh(&app.session, &app.snapshot, &app.desk, asked);
    app.print_object();
}

/// Another cluster has taken the place of the scenario.
pub(super) fn rebuilt(app: &mut App, notice: Notice) {
    app.desk.section = Section::Board;
    app.jumped = true;
    app.post(notice, true);
    app.look(true);
}

impl App {
    /// Asks the session for something.
    pub(super) fn dispatch(&mut self, intent: Intent) {
        match &intent {
            Intent::LoadPreset { id, .. } => {
                self.start_over(Preset::find(id).map_or("", |preset| preset.manifest).to_owned())
            }
            Intent::Open(opened, from) => self.take_opened(opened, *from),
            _ => {}
        }
        let is_link = matches!(intent, Intent::Open(_, OpenedFrom::Link));
        self.jumped |= matches!(
            intent,
            Intent::Seek(_)
                | Intent::StepBack
                | Intent::StepForward
                | Intent::TakeFuture(_)
                | Intent::LoadPreset { .. }
                | Intent::Open(..)
                | Intent::Undo
                | Intent::Redo
        );
        let undoable = changes_cluster(&intent);
        let touched = undoable
            || matches!(
                intent,
                Intent::LoadPreset { .. } | Intent::Open(..) | Intent::Undo | Intent::Redo | Intent::TakeFuture(_)
            );
        if let Some(notice) = self.session.dispatch(intent) {
            self.post(notice, undoable);
        }
        if let Some(notice) = self.session.told() {
            rebuilt(self, notice);
        }
        self.look(true);
        if is_link {
            self.keep_nothing();
        } else {
            self.keep_up(touched);
        }
    }

    /// Changes what is looked at.
    pub(super) fn show(&mut self, view: View) {
        match &view {
            View::Theme(theme) => apply_theme(*theme),
            View::KeysOff(off) => {
                dom::remember("keys", off.then_some("off"));
            }
            View::Look(look) => self.looks(look),
            View::EditManifestOf(key) => self.edit_manifest_of(key),
            View::Scenario(id) => self.read_scenario(id),
            View::Copy(text) => self.copy(text),
            View::Forecast { key, strategy, done } => self.forecast(key, strategy, done.clone()),
            View::Glimpse { id, done } => self.glimpse(*id, done.clone()),
            View::Said(text) => self.post(Notice::done(*text), false),
            View::Refused(text) => self.post(Notice::refused(text.clone()), false),
            View::Apply { text, done } => self.apply(text, done.clone()),
            View::Choose(_) | View::Tag(_) | View::Pick(_) | View::Drop(_) | View::Bin => self.handle(&view),
            _ => {}
        }
        // What a hand does explains nothing anew.
        let explains = !matches!(view, View::Over(_) | View::Carry(_) | View::Pick(_) | View::Choose(_));
        self.desk.show(view);
        if explains {
            explain(self, true);
        }
    }

    /// Tries out a rollout, in slices; another one puts an end to it.
    fn forecast(&mut self, key: &Key, strategy: &StrategyKnobs, done: Callback<Result<Forecast, String>>) {
        let daemon_set = match self.session.edited(key, &Edit::Strategy(strategy.clone())) {
            Ok(daemon_set) => daemon_set,
            Err(notice) => return done.emit(Err(notice.text)),
        };
        let (trial_of, world) = (self.next_trial(), self.session.world().clone());
        spawn_local(async move {
            let begun = match reader::admit(daemon_set).await.map(Reading::into_daemon_set) {
                Ok(Ok(daemon_set)) => Trial::begin(&world, daemon_set).map_err(|refused| refused.message),
                Ok(Err(errors)) => Err(errors.join("\n")),
                Err(why) => Err(why),
            };
            let mut trial = match begun {
                Ok(trial) => trial,
                Err(why) => return done.emit(Err(why)),
            };
            if let Some(forecast) = trial_of.finish(|| trial.run(TRIAL_TURNS)).await {
                done.emit(Ok(forecast));
            }
        });
    }

    /// Looks at the moment shown as it is in another future, in slices; another look puts an end to it.
    fn glimpse(&mut self, id: u32, done: Callback<Beside>) {
        let Some(mut glimpse) = self.session.glimpse(id) else { return };
        let (trial, world) = (self.next_trial(), self.session.world().clone());
        spawn_local(async move {
            if trial.finish(|| glimpse.run(TRIAL_TURNS).then_some(())).await.is_some() {
                done.emit(beside::compare(&world, glimpse.world()));
            }
        });
    }

    /// The work of the last wish of its kind; it puts an end to that of the one before.
    fn next_trial(&self) -> LastWish {
        let number = self.trials.get().wrapping_add(1);
        self.trials.set(number);
        LastWish { last: Rc::clone(&self.trials), number }
    }

    /// Puts a text into the clipboard, and says whether that could be done.
    fn copy(&mut self, text: &str) {
        let (actions, text) = (self.actions.clone(), text.to_owned());
        spawn_local(async move {
            actions.show(match dom::copy(&text).await {
                true => View::Said("Copied"),
                false => View::Refused("The browser does not let the page copy.".to_owned()),
            });
        });
    }

    /// Has an edited DaemonSet admitted, and then stored; says whether anything changed.
    fn edit(&mut self, key: Key, edit: Edit) -> bool {
        match self.session.edited(&key, &edit) {
            Err(notice) => self.post(notice, false),
            Ok(daemon_set) => {
                self.ask(reader::admit(daemon_set), |actions, reading| {
                    actions.act(Intent::Admitted { key, edit, reading: Box::new(reading) });
                });
                return false;
            }
        }
        true
    }

    /// Has the reader work out what comes of applying a text to the cluster that is shown.
    fn apply(&self, text: &AttrValue, done: Callback<Result<Applied, String>>) {
        let (cluster, text) = (self.session.cluster(text), text.to_string());
        spawn_local(async move { done.emit(reader::apply(text, cluster).await) });
    }

    /// Puts the manifest of a stored DaemonSet into the editor.
    fn edit_manifest_of(&mut self, key: &Key) {
        let Some(daemon_set) = self.session.world().store().daemon_sets.get(key) else { return };
        self.ask(reader::print(Box::new((**daemon_set).clone())), |actions, text| actions.show(View::Edit(text)));
        self.desk.section = Section::Manifest;
    }

    /// Does what a key asks for; says whether anything changed.
    fn key(&mut self, wish: Wish) -> bool {
        if wish.is_single_key() && self.desk.keys_off {
            return false;
        }
        match wish {
            Wish::TogglePlaying => self.dispatch(Intent::SetPlaying(!self.snapshot.playing)),
            Wish::StepForward => self.dispatch(Intent::StepForward),
            Wish::StepBack => self.dispatch(Intent::StepBack),
            Wish::Undo => self.dispatch(Intent::Undo),
            Wish::Redo => self.dispatch(Intent::Redo),
            Wish::Help => self.desk.show(View::Help(true)),
            Wish::Palette => self.desk.show(View::Palette(true)),
            Wish::Focus => {
                let wanted = self.desk.focus.is_none().then(|| self.desk.workload.clone()).flatten();
                self.show(View::Focus(wanted));
            }
            Wish::Escape => return self.let_go(),
            Wish::Manifest => {
                self.desk.show(View::Section(Section::Manifest));
                self.to_manifest = true;
            }
        }
        true
    }

    /// Takes what the session shows now; says whether it is anything new.
    pub(super) fn look(&mut self, asked: bool) -> bool {
        let snapshot = self.session.snapshot();
        if same(&snapshot, &self.snapshot) {
            return false;
        }
        self.announcer.compare(&self.snapshot.frame, &snapshot.frame);
        self.snapshot = snapshot;
        self.forget_what_is_gone();
        if let Some(later) = self.later {
            (later.explain)(self, asked);
        }
        true
    }

    /// Has a preset's manifest read, and then opens it.
    fn read_scenario(&self, id: &str) {
        let Some(preset) = Preset::find(id) else { return };
        self.ask(reader::read(preset.manifest.to_owned()), |actions, reading| {
            actions.act(Intent::LoadPreset { id: preset.id, objects: reading.into_objects() });
        });
    }

    /// Does with the reader's answer what is to be done, or tells why there is none.
    pub(super) fn ask<T>(
        &self,
        answer: impl Future<Output = Result<T, String>> + 'static,
        then: impl FnOnce(&Actions, T) + 'static,
    ) {
        let actions = self.actions.clone();
        spawn_local(async move {
            match answer.await {
                Ok(answer) => then(&actions, answer),
                Err(why) => actions.show(View::Refused(why)),
            }
        });
    }

    /// Another cluster with this manifest takes the place of the one shown.
    pub(super) fn start_over(&mut self, manifest: String) {
        self.desk.edit(manifest);
        self.desk.notices.clear();
        self.desk.workload = None;
        self.desk.node = None;
        self.desk.focus = None;
        self.desk.chosen = Chosen::default();
        self.desk.show(View::Carry(None));
        self.desk.event = None;
        self.desk.looking.of = None;
    }

    pub(super) fn post(&mut self, notice: Notice, undoable: bool) {
        let done = notice.kind == NoticeKind::Done;
        let id = self.desk.post(notice, undoable && done);
        if done {
            let view = self.actions.view.clone();
            spawn_local(async move {
                sleep(DONE_SHOWN_FOR).await;
                view.emit(View::Dismiss(id));
            });
        }
    }

    /// The selection follows the cluster: what is gone cannot stay selected or open.
    pub(super) fn forget_what_is_gone(&mut self) {
        let frame = &self.snapshot.frame;
        let open = self.desk.popover.as_ref().is_none_or(|popover| match &popover.about {
            PopoverAbout::Node(name) => node(frame, name).is_some(),
            PopoverAbout::Pod(uid) | PopoverAbout::PodMenu(uid) => pod(frame, uid).is_some(),
            PopoverAbout::EditNodes(names) => names.iter().any(|name| node(frame, name).is_some()),
            PopoverAbout::Chosen => self.desk.chosen.names.iter().any(|name| node(frame, name).is_some()),
            PopoverAbout::AddNodes => true,
        });
        if !self.desk.chosen.names.is_empty() {
            let there: Set<&str> = live(frame).map(|card| card.name.as_str()).collect();
            self.desk.chosen.keep(|name| there.contains(name));
        }
        if !open {
            self.desk.popover = None;
        }
        let known = |key| frame.workloads.iter().any(|workload| &workload.key == key);
        if !self.desk.workload.as_ref().is_some_and(known) {
            self.desk.workload = frame.workloads.first().map(|workload| workload.key.clone());
        }
    }
}

/// Work that is done in slices, until another is asked for.
struct LastWish {
    last: Rc<Cell<u32>>,
    number: u32,
}

impl LastWish {
    /// Does slice after slice; `None` if another wish came before the end.
    async fn finish<T>(&self, mut slice: impl FnMut() -> Option<T>) -> Option<T> {
        while self.last.get() == self.number {
            let done = slice();
            if done.is_some() {
                return done;
            }
            sleep(Duration::ZERO).await;
        }
        None
    }
}

/// Whether two snapshots show the same, by their parts' addresses: a look at each of some
/// thousand events sixty times a second would be dear.
fn same(a: &Snapshot, b: &Snapshot) -> bool {
    Rc::ptr_eq(&a.frame, &b.frame)
        && Rc::ptr_eq(&a.timeline, &b.timeline)
        && Rc::ptr_eq(&a.events, &b.events)
        && (a.grouping, a.playing, a.speed, a.step_by, a.origin, a.can_undo, a.can_redo, &a.busy)
            == (b.grouping, b.playing, b.speed, b.step_by, b.origin, b.can_undo, b.can_redo, &b.busy)
}

/// The node of that name.
pub(super) fn node<'a>(frame: &'a Frame, name: &str) -> Option<&'a Rc<NodeCard>> {
    frame.groups.iter().flat_map(|group| &group.nodes).find(|node| node.name == name)
}

/// The nodes of the board that can be acted on, in their order.
pub(super) fn live(frame: &Frame) -> impl Iterator<Item = &Rc<NodeCard>> {
    frame.groups.iter().flat_map(|group| &group.nodes).filter(|card| !card.deleted)
}

/// The pod of that UID, on a node or on its way to one.
pub(super) fn pod<'a>(frame: &'a Frame, uid: &str) -> Option<&'a Rc<PodChip>> {
    let bound = frame.groups.iter().flat_map(|group| &group.nodes).flat_map(|node| &node.pods);
    bound.chain(&frame.lane).find(|pod| pod.uid == uid)
}

fn changes_cluster(intent: &Intent) -> bool {
    !matches!(
        intent,
        Intent::LoadPreset { .. }
            | Intent::Open(..)
            | Intent::SetPlaying(_)
            | Intent::SetSpeed(_)
            | Intent::GroupBy(_)
            | Intent::StepForward
            | Intent::StepBack
            | Intent::StepBy(_)
            | Intent::Seek(_)
            | Intent::Undo
            | Intent::Redo
    )
}

fn apply_theme(theme: Theme) {
    let chosen = (theme != Theme::Auto).then(|| theme.name());
    dom::remember("theme", chosen);
    let root = dom::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = match chosen {
            Some(name) => root.set_attribute("data-theme", name),
            None => root.remove_attribute("data-theme"),
        };
    }
}
