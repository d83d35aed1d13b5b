//! Sharing and keeping: links in and out, files, pictures, and what the browser keeps. The
//! reader makes and reads the texts (`app::share`); here is what the page does with them.

use super::App;
use crate::api::Key;
use crate::app::share::{Ask, Opened, Told};
use crate::app::{Intent, Notice, OpenedFrom};
use crate::base::Time;
use crate::ui::desk::View;
use crate::ui::share::browser::{self, Local};
use crate::ui::share::markdown::markdown;
use crate::ui::share::picture::picture;
use crate::ui::share::{LINK_ID, Share, Sharing, shelf};
use crate::ui::{dom, manifest, reader};
use std::rc::Rc;
use std::time::Duration;
use yew::platform::spawn_local;
use yew::platform::time::sleep;

/// What was changed is kept after so long.
const KEPT_AFTER: Duration = Duration::from_secs(2);

/// Most DaemonSets that Markdown tells of.
const MAX_WORKLOADS: usize = 20;

/// What is known of what the browser keeps.
#[derive(Default)]
pub(super) struct Keeper {
    /// The cluster was changed since it was kept.
    touched: bool,
    /// The cluster on the page is the one that is kept.
    is_kept: bool,
    /// It will be kept in a moment.
    is_armed: bool,
    /// The link that was in the address when it was looked at last.
    link: Option<String>,
    /// The cluster of the last visit, and its moment.
    last: Option<(String, Option<Time>)>,
}

/// Begins once the page can do all it can: opens the link, or offers what was kept.
pub(super) fn start(app: &mut App) {
    let (actions, hiding) = (app.actions.clone(), app.actions.clone());
    browser::listen(
        move || actions.show(View::Share(Sharing::Fragment)),
        move || hiding.show(View::Share(Sharing::Autosave(false))),
    );
    app.keeper.link = dom::link();
    match app.keeper.link.clone() {
        Some(link) => app.open_link(link),
        None => {
            app.keeper.last = shelf::autosaved(&Local);
            app.desk.offer = app.keeper.last.is_some();
        }
    }
}

impl App {
    /// Does what a wish asks for; says whether anything changed.
    pub(super) fn share(&mut self, wish: Sharing) -> bool {
        match wish {
            Sharing::Open => self.open_share(),
            Sharing::Close => self.desk.shared = None,
            Sharing::Linked(linked) => self.linked(linked),
            Sharing::Said(said) => self.say(said),
            Sharing::CopyLink => self.copy_link(),
            Sharing::CopyMarkdown => self.copy_markdown(),
            Sharing::SaveFile => self.save_file(),
            Sharing::OpenFile(file) => self.open_file(file),
            Sharing::Svg => {
                let drawn = picture(&self.snapshot.frame, browser::is_dark());
                let went = browser::download("daemonsets.svg", "image/svg+xml", &drawn.svg);
                self.say(told(went, "The picture is among your downloads."));
            }
            Sharing::Png => self.save_png(),
            Sharing::Keep(name) => self.keep(name),
            Sharing::OpenKept(name) => match shelf::kept(&Local, &name) {
                Some(text) => self.open(Ask::OpenKept(text), OpenedFrom::Kept, None),
                None => self.say(Err("It is gone: another tab may have deleted it.".to_owned())),
            },
            Sharing::Renaming(name) => self.dialog(|share| share.renaming = Some(name)),
            Sharing::Rename(old, new) => {
                let renamed = shelf::rename(&Local, &old, &new);
                self.say(renamed.map(|name| format!("Renamed to {name}.")).map_err(str::to_owned));
            }
            Sharing::Forget(name) => {
                shelf::forget(&Local, &name);
                self.say(Ok(format!("Deleted {name}.")));
            }
            Sharing::Fragment => match dom::link() {
                // The address changed twice before the page heard of it: the first time told all.
                seen if seen == self.keeper.link => return false,
                Some(link) => {
                    self.keeper.link = Some(link.clone());
                    self.open_link(link);
                }
                // Back to before the link was opened.
                None => {
                    self.keeper.link = None;
                    if self.snapshot.origin.from != OpenedFrom::Link {
                        return false;
                    }
                    self.dispatch(Intent::Undo);
                }
            },
            Sharing::Restore => {
                self.desk.offer = false;
                if let Some((text, at)) = self.keeper.last.take() {
                    self.open(Ask::OpenKept(text), OpenedFrom::Kept, at);
                }
            }
            Sharing::StartFresh => {
                self.desk.offer = false;
                self.keeper.last = None;
                shelf::forget_autosave(&Local);
            }
            Sharing::Autosave(by_timer) => {
                self.autosave(by_timer);
                return false;
            }
        }
        true
    }

    /// The cluster shown is about to be another.
    pub(super) fn take_opened(&mut self, opened: &Opened, from: OpenedFrom) {
        self.start_over(opened.manifest.clone());
        self.desk.shared = None;
        if opened.has_changed {
            let text =
                "The example that this began with has changed since: what you see may differ from what was shared.";
            self.post(Notice::refused(text), false);
        }
        if from != OpenedFrom::Link {
            self.desk.offer = false;
        }
    }

    /// Sees to it that the cluster is kept, if it is a person's own. `touched`: it was changed.
    pub(super) fn keep_up(&mut self, touched: bool) {
        if touched {
            browser::forget_link();
            self.keeper.link = None;
            self.keeper.touched = true;
        }
        let keeper = &mut self.keeper;
        if keeper.is_armed || !(keeper.touched || keeper.is_kept) || dom::window().is_none() {
            return;
        }
        keeper.is_armed = true;
        let actions = self.actions.clone();
        spawn_local(async move {
            sleep(KEPT_AFTER).await;
            actions.show(View::Share(Sharing::Autosave(true)));
        });
    }

    /// What is shown was opened from a link: it is nobody's own until it is changed.
    pub(super) fn keep_nothing(&mut self) {
        (self.keeper.touched, self.keeper.is_kept) = (false, false);
    }

    fn autosave(&mut self, by_timer: bool) {
        self.keeper.is_armed &= !by_timer;
        if self.keeper.touched || self.keeper.is_kept {
            shelf::autosave_moment(&Local, self.session.now());
        }
        if std::mem::take(&mut self.keeper.touched) {
            self.keeper.is_kept = true;
            let scene = self.session.scene();
            spawn_local(async move {
                // What is too large to be kept is not kept, nor is what was before it.
                match reader::share(Ask::Keep(scene)).await {
                    Ok(Told::Text(text, _)) => shelf::autosave(&Local, &text),
                    _ => shelf::forget_autosave(&Local),
                }
            });
        }
        if by_timer && self.snapshot.playing {
            self.keep_up(false);
        }
    }

    fn open_link(&self, link: String) {
        self.open(Ask::Open(link), OpenedFrom::Link, None);
    }

    /// Has something opened, at `at` rather than its own moment if that is given.
    fn open(&self, ask: Ask, from: OpenedFrom, at: Option<Time>) {
        let actions = self.actions.clone();
        // A page that came with a link waits for it.
        let waits = from == OpenedFrom::Link && self.session.now() == Time::ZERO;
        spawn_local(async move {
            match reader::share(ask).await {
                Ok(Told::Opened(mut opened)) => {
                    opened.scene.at = at.unwrap_or(opened.scene.at);
                    actions.act(Intent::Open(opened, from));
                }
                Ok(_) => {}
                Err(why) => {
                    actions.show(View::Share(Sharing::Close));
                    actions.show(View::Refused(why));
                    if waits {
                        actions.act(Intent::SetPlaying(true));
                    }
                }
            }
        });
    }

    fn open_share(&mut self) {
        // What is shared is the moment that one sees.
        let _ = self.session.set_playing(false);
        self.look(true);
        self.desk.popover = None;
        let share = Share { at: self.session.now(), can_keep: shelf::is_open(&Local), ..Share::default() };
        self.desk.shared = Some(Rc::new(Share { kept: shelf::named(&Local), ..share }));
        let (actions, scene) = (self.actions.clone(), self.session.scene());
        spawn_local(async move {
            let linked = match reader::share(Ask::Link(scene)).await {
                Ok(Told::Text(text, secrets)) => Ok((text, secrets)),
                Ok(_) => return,
                Err(why) => Err(why),
            };
            actions.show(View::Share(Sharing::Linked(linked)));
        });
    }

    fn linked(&mut self, linked: Result<(String, Vec<String>), String>) {
        let in_editor = dom::text_of_field(manifest::FIELD_ID).is_some_and(|text| has_secret(&text));
        self.dialog(|share| {
            let named = |name: &String| {
                format!("{name} has its value in plain text: whoever gets the link, the file or the Markdown can read it.")
            };
            if let Ok((_, secrets)) = &linked {
                share.secrets = secrets.iter().map(named).collect();
            }
            if in_editor {
                let text = "The editor holds a Secret. Secrets are not simulated, and nothing that you share or keep here has it in it: send it by other ways.";
                share.secrets.push(text.to_owned());
            }
            share.link = Some(linked.map(|(text, _)| browser::address(&text)));
        });
    }

    fn copy_link(&mut self) {
        let Some(Some(Ok(link))) = self.desk.shared.as_ref().map(|share| share.link.clone()) else { return };
        let actions = self.actions.clone();
        spawn_local(async move {
            let said = if dom::copy(&link).await {
                Ok("The link is on the clipboard.".to_owned())
            } else {
                dom::focus_id(LINK_ID);
                Err("The browser does not let the page copy. The link is selected: press Ctrl C.".to_owned())
            };
            actions.show(View::Share(Sharing::Said(said)));
        });
    }

    fn copy_markdown(&self) {
        let (actions, frame) = (self.actions.clone(), Rc::clone(&self.snapshot.frame));
        let keys: Vec<Key> = frame.workloads.iter().take(MAX_WORKLOADS).map(|card| card.key.clone()).collect();
        let explanations: Vec<_> = keys.iter().filter_map(|key| self.session.verdicts(key)).collect();
        let store = self.session.world().store();
        let stored = keys.iter().filter_map(|key| store.daemon_sets.get(key));
        let daemon_sets: Vec<_> = stored.map(|daemon_set| Box::new((**daemon_set).clone())).collect();
        spawn_local(async move {
            let mut manifests = Vec::new();
            for daemon_set in daemon_sets {
                manifests.extend(reader::print(daemon_set).await.ok());
            }
            let text = markdown(&frame, &manifests.join("---\n"), &explanations);
            let said = if dom::copy(&text).await {
                Ok("The Markdown is on the clipboard.".to_owned())
            } else {
                let went = browser::download("daemonsets.md", "text/markdown", &text);
                told(went, "The browser does not let the page copy: the Markdown is among your downloads.")
            };
            actions.show(View::Share(Sharing::Said(said)));
        });
    }

    fn save_file(&self) {
        let (actions, scene) = (self.actions.clone(), self.session.scene());
        spawn_local(async move {
            let said = match reader::share(Ask::File(scene)).await {
                Ok(Told::Text(text, _)) => told(
                    browser::download("daemonsets.json", "application/json", &text),
                    "The file is among your downloads.",
                ),
                Ok(_) => return,
                Err(why) => Err(why),
            };
            actions.show(View::Share(Sharing::Said(said)));
        });
    }

    fn open_file(&self, file: web_sys::File) {
        let actions = self.actions.clone();
        spawn_local(async move {
            let opened = match browser::text_of(file).await {
                Ok(text) => reader::share(Ask::OpenFile(text.clone())).await.map(|told| (told, text)),
                Err(why) => Err(why),
            };
            match opened {
                Ok((Told::Opened(opened), _)) => actions.act(Intent::Open(opened, OpenedFrom::File)),
                Ok((_, text)) => {
                    actions.show(View::Share(Sharing::Close));
                    actions.show(View::Edit(text));
                }
                Err(why) => actions.show(View::Share(Sharing::Said(Err(why)))),
            }
        });
    }

    fn save_png(&self) {
        let actions = self.actions.clone();
        let drawn = picture(&self.snapshot.frame, browser::is_dark());
        spawn_local(async move {
            let went = browser::download_png("daemonsets.png", &drawn.svg, drawn.width, drawn.height).await;
            actions.show(View::Share(Sharing::Said(told(went, "The picture is among your downloads."))));
        });
    }

    fn keep(&self, name: String) {
        let (actions, scene) = (self.actions.clone(), self.session.scene());
        spawn_local(async move {
            let said = match reader::share(Ask::Keep(scene)).await {
                Ok(Told::Text(text, _)) => shelf::keep(&Local, &name, &text).map_err(str::to_owned),
                Ok(_) => return,
                Err(why) => Err(why),
            };
            let said = said.map(|name| format!("Kept as {name}."));
            actions.show(View::Share(Sharing::Said(said)));
        });
    }

    fn say(&mut self, said: Result<String, String>) {
        self.dialog(|share| {
            share.kept = shelf::named(&Local);
            share.renaming = None;
            share.said = Some(said);
        });
    }

    /// Changes what the dialog shows, if it is open.
    fn dialog(&mut self, change: impl FnOnce(&mut Share)) {
        if let Some(share) = &mut self.desk.shared {
            change(Rc::make_mut(share));
        }
    }
}

fn told(went: bool, text: &str) -> Result<String, String> {
    if went { Ok(text.to_owned()) } else { Err("The browser does not let the page make a file.".to_owned()) }
}

/// Whether a manifest, as YAML or JSON, holds a Secret.
fn has_secret(text: &str) -> bool {
    text.lines().any(|line| {
        let word: String = line.chars().filter(|c| !matches!(c, ' ' | '"' | '\'' | '{' | '-' | '\t')).collect();
        word.split(',').any(|part| part.split('#').next() == Some("kind:Secret"))
    })
}

#[cfg(test)]
mod tests {
    use super::has_secret;

    #[test]
    fn secrets_are_found_in_yaml_and_json() {
        for text in [
            "kind: Secret",
            "a: 1\n- kind: \"Secret\" # x",
            "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {}}",
        ] {
            assert!(has_secret(text), "{text}");
        }
        for text in ["kind: SecretStore", "# kind: Secret", "secretName: kind", ""] {
            assert!(!has_secret(text), "{text}");
        }
    }
}
