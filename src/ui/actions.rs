//! How a component asks for something: through a context that never changes, so that no
//! component is drawn again on its account.

use super::desk::View;
use super::popover::Opener;
use super::progress::Pace;
use crate::api::Key;
use crate::app::{Edit, Intent};
use yew::prelude::*;

/// The kinds of wishes, and the clock of what is under way.
#[derive(Clone, Default, PartialEq)]
pub struct Actions {
    /// Wishes that concern the session.
    pub intent: Callback<Intent>,
    /// Changes of a DaemonSet that the API server may refuse.
    pub edit: Callback<(Key, Edit)>,
    /// Wishes that concern only what is looked at.
    pub view: Callback<View>,
    /// Fills progress bars as time passes.
    pub pace: Pace,
    /// What opened the popover.
    pub opener: Opener,
}

/// What a control does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// It asks the session for something.
    Act(Intent),
    /// It changes what is looked at.
    Show(View),
}

impl Actions {
    /// Does it.
    pub fn run(&self, does: &Does) {
        match does {
            Does::Act(intent) => self.act(intent.clone()),
            Does::Show(view) => self.show(view.clone()),
        }
    }

    /// The actions of the page around a struct component.
    pub fn of<C: Component>(ctx: &Context<C>) -> Actions {
        ctx.link().context(Callback::noop()).map(|(actions, _)| actions).unwrap_or_default()
    }

    /// Asks the session for something.
    pub fn act(&self, intent: Intent) {
        self.intent.emit(intent);
    }

    /// Changes what is looked at.
    pub fn show(&self, view: View) {
        self.view.emit(view);
    }

    /// A click that asks the session for something.
    #[must_use]
    pub fn on_click(&self, intent: Intent) -> Callback<MouseEvent> {
        self.intent.reform(move |_| intent.clone())
    }

    /// A click that changes what is looked at.
    #[must_use]
    pub fn on_click_show(&self, view: View) -> Callback<MouseEvent> {
        self.view.reform(move |_| view.clone())
    }
}

/// The actions of the page; without a page around it, a component's wishes go nowhere.
#[hook]
pub fn use_actions() -> Actions {
    use_context::<Actions>().unwrap_or_default()
}
