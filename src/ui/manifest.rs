//! The manifest panel: an editor that is checked while one types, what applying the text would
//! change, and Apply. What is typed stays here until it is applied; an error loses nothing.

mod diff;
mod editor;
mod problems;

use super::actions::Actions;
use super::desk::{Document, View};
use super::dom;
use super::icon::{Picture, icon};
use super::reader;
use super::shared::Shared;
use crate::api::manifest::Reading;
use crate::app::{PRESETS, Preset};
use crate::base::Problem;
use editor::Editor;
use problems::problems;
use std::rc::Rc;
use std::time::Duration;
use yew::platform::spawn_local;
use yew::platform::time::sleep;
use yew::prelude::*;

/// The id of the field one types in.
pub const FIELD_ID: &str = "manifest-text";

/// A text is checked when nothing was typed for so long.
const QUIET: Duration = Duration::from_millis(150);

/// Properties of [`ManifestPanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct ManifestPanelProps {
    /// What the editor was last asked to show.
    pub document: Shared<Document>,
}

/// What wakes the panel.
pub enum Msg {
    /// The text is now this.
    Typed(String),
    /// Nothing was typed since text number so-and-so.
    Check(u64),
    /// What was read from text number so-and-so.
    Read(u64, Reading),
    /// Apply the text.
    Apply,
    /// Show or hide what that would change.
    Diff,
}

/// The panel.
pub struct ManifestPanel {
    actions: Actions,
    text: AttrValue,
    problems: Rc<Vec<Problem>>,
    /// What applying the text would change, if that is shown.
    diff: Option<AttrValue>,
    /// What is shown of the text is about this text, not about an earlier one.
    checked: bool,
    serial: u64,
}

impl Component for ManifestPanel {
    type Message = Msg;
    type Properties = ManifestPanelProps;

    fn create(ctx: &Context<Self>) -> Self {
        let mut panel = ManifestPanel {
            actions: Actions::of(ctx),
            text: AttrValue::default(),
            problems: Rc::default(),
            diff: None,
            checked: true,
            serial: 0,
        };
        panel.take(ctx);
        panel
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &ManifestPanelProps) -> bool {
        self.take(ctx);
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Typed(text) => self.show(ctx, text.into()),
            Msg::Check(serial) if serial == self.serial && !self.checked => {
                self.read(ctx);
                return false;
            }
            Msg::Read(serial, reading) if serial == self.serial => {
                self.problems = Rc::new(reading.problems);
                self.checked = true;
            }
            Msg::Check(_) | Msg::Read(..) => return false,
            Msg::Diff if self.diff.is_some() => self.diff = None,
            Msg::Apply | Msg::Diff => {
                self.diff = None;
                let is_preview = matches!(msg, Msg::Diff);
                self.actions.show(View::Apply { text: self.text.clone(), is_preview });
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        html! {
            <>
                <div class="panel-bar">
                    <h2>{ "Manifest" }</h2>
                    <span class="grow" />
                    { example_picker(&self.actions) }
                </div>
                <Editor text={self.text.clone()} problems={Shared(Rc::clone(&self.problems))}
                    on_input={link.callback(Msg::Typed)} on_apply={link.callback(|()| Msg::Apply)} />
                { problems(&self.problems, &self.text) }
                { diff::diff(self.diff.as_deref()) }
                <div class="panel-foot">
                    { self.verdict() }
                    <span class="grow" />
                    <button type="button" class="button" aria-expanded={self.diff.is_some().to_string()}
                        onclick={link.callback(|_| Msg::Diff)} data-testid="diff">{ "Diff" }</button>
                    <button type="button" class="button primary" onclick={link.callback(|_| Msg::Apply)} data-testid="apply">
                        { "Apply" }<kbd aria-hidden="true">{ "Ctrl ⏎" }</kbd>
                    </button>
                </div>
            </>
        }
    }
}

impl ManifestPanel {
    /// Takes what the editor is asked to show.
    fn take(&mut self, ctx: &Context<Self>) {
        let document = &ctx.props().document;
        self.diff = document.diff.clone().map(AttrValue::from);
        match &document.text {
            Some(text) => {
                self.show(ctx, text.clone().into());
                self.problems = Rc::new(document.problems.clone());
            }
            None => {
                self.serial = self.serial.wrapping_add(1);
                self.problems = Rc::new(document.problems.clone());
                self.checked = true;
            }
        }
    }

    /// Shows a text, and has it checked when nothing was typed for a moment.
    fn show(&mut self, ctx: &Context<Self>, text: AttrValue) {
        self.text = text;
        self.diff = None;
        self.checked = self.text.trim().is_empty();
        self.serial = self.serial.wrapping_add(1);
        if self.checked {
            self.problems = Rc::default();
        }
        // Without a page (drawn to text) there is nothing to wait in.
        if self.checked || dom::window().is_none() {
            return;
        }
        let (link, serial) = (ctx.link().clone(), self.serial);
        spawn_local(async move {
            sleep(QUIET).await;
            link.send_message(Msg::Check(serial));
        });
    }

    fn read(&self, ctx: &Context<Self>) {
        let (link, serial, text) = (ctx.link().clone(), self.serial, self.text.to_string());
        spawn_local(async move {
            // A check that does not come about is made up for by the next.
            if let Ok(reading) = reader::read(text).await {
                link.send_message(Msg::Read(serial, reading));
            }
        });
    }

    fn verdict(&self) -> Html {
        let errors = self.problems.iter().filter(|problem| problem.is_error()).count();
        let warnings = self.problems.len() - errors;
        let (class, picture, words) = if self.text.trim().is_empty() {
            ("quiet", None, "Paste or type a manifest".to_owned())
        } else if errors > 0 {
            ("bad", Some(Picture::Warning), super::format::count(errors, "error"))
        } else if warnings > 0 {
            ("warn", Some(Picture::Warning), super::format::count(warnings, "warning"))
        } else if self.checked {
            ("ok", Some(Picture::Check), "Valid".to_owned())
        } else {
            ("quiet", None, "Checking…".to_owned())
        };
        html! {
            <span class={classes!("verdict", class)} data-testid="manifest-verdict" data-checked={self.checked.to_string()}>
                if let Some(picture) = picture {
                    { icon(picture) }
                }
                { words }
            </span>
        }
    }
}

/// Puts an example's manifest into the editor; the cluster stays as it is.
fn example_picker(actions: &Actions) -> Html {
    let actions = actions.clone();
    let onchange = Callback::from(move |event: Event| {
        let id = dom::value_of(&event);
        if let Some(preset) = Preset::find(&id) {
            actions.show(View::Edit(preset.manifest.to_owned()));
        }
        // The picker is a menu of things to load, not a setting: it goes back to its title.
        dom::choose(&event, "");
    });
    html! {
        <select class="example-picker" aria-label="Put an example into the editor" {onchange}>
            <option value="" selected=true>{ "Examples…" }</option>
            { for PRESETS.iter().map(|preset| html! { <option value={preset.id}>{ preset.title }</option> }) }
        </select>
    }
}
