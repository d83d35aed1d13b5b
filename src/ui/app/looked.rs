//! The object that the side panel shows, printed by the reader: once for each state of it that is
//! looked at, one at a time.

use super::App;
use crate::api::ObjectRef;
use crate::api::manifest::{Hidden, Printed};
use crate::ui::desk::{Section, SideTab, View};
use crate::ui::looking::{Look, Looking};
use crate::ui::reader;
use crate::ui::side::object::ObjectView;
use crate::view::object::{Stored, find};
use std::rc::Rc;
use yew::platform::spawn_local;

/// At most so many objects are offered.
const OFFERED_MAX: usize = 40;

/// What was asked of the reader, and what it said.
#[derive(Default)]
pub(super) struct Looked {
    /// What it was asked last: the object as it was, and what of it is hidden.
    asked: Option<(ObjectRef, Stored, Hidden)>,
    /// It has not answered yet.
    waits: bool,
    printed: Option<Rc<Printed>>,
}

impl Looked {
    /// Takes what the reader says.
    fn take(&mut self, result: Result<Printed, String>) -> Result<(), String> {
        self.waits = false;
        self.printed = Some(Rc::new(result?)).filter(|printed| !printed.text.is_empty());
        Ok(())
    }
}

impl App {
    /// Does what a look asks for beside being looked at.
    pub(super) fn looks(&mut self, look: &Look) {
        match look {
            Look::Edit => self.edit_object(),
            Look::Printed(result) => {
                // Another may be looked at by now.
                let is_current = self.looked.asked.as_ref().map(|(of, ..)| of) == self.desk.looking.of.as_ref();
                if !is_current {
                    self.looked.waits = false;
                } else if let Err(why) = self.looked.take((**result).clone()) {
                    self.actions.show(View::Refused(why));
                }
            }
            Look::At(of) => {
                if self.desk.looking.of.as_ref() != Some(of) {
                    (self.looked.printed, self.looked.asked) = (None, None);
                }
            }
            Look::Find(_) | Look::Hide(_) => {}
        }
    }

    /// Has the object printed, if it is in sight and is not what was printed last.
    pub(super) fn print_object(&mut self) {
        let Looking { of: Some(of), hidden, .. } = &self.desk.looking else { return };
        if self.desk.tab != SideTab::Object || self.looked.waits {
            return;
        }
        let Some(stored) = Stored::find(self.session.world(), of) else { return };
        let is_known =
            |(at, known, other): &(ObjectRef, Stored, Hidden)| at == of && known.is(&stored) && other == hidden;
        if self.looked.asked.as_ref().is_some_and(is_known) {
            return;
        }
        let subject = self.session.subject(&stored, *hidden);
        self.looked.asked = Some((of.clone(), stored, *hidden));
        self.looked.waits = true;
        let actions = self.actions.clone();
        spawn_local(async move {
            let printed = reader::show(subject).await;
            actions.show(View::Look(Look::Printed(Box::new(printed))));
        });
    }

    /// Puts the object into the editor, without what is nobody's to write.
    fn edit_object(&mut self) {
        let Looking { of: Some(of), hidden, .. } = &self.desk.looking else { return };
        let Some(stored) = Stored::find(self.session.world(), of) else { return };
        let hidden = Hidden { status: true, noted: true, ..*hidden };
        let subject = self.session.subject(&stored, hidden);
        self.ask(reader::show(subject), |actions, printed| actions.show(View::Edit(printed.text)));
        self.desk.section = Section::Manifest;
    }

    /// What the panel shows.
    pub(super) fn object_view(&self) -> ObjectView {
        if self.desk.tab != SideTab::Object {
            return ObjectView::default();
        }
        let (world, looking) = (self.session.world(), &self.desk.looking);
        let finds = looking.of.is_none() || !looking.query.trim().is_empty();
        let (found, count) = if finds { find(world, &looking.query, OFFERED_MAX) } else { Default::default() };
        let stored = looking.of.as_ref().and_then(|of| Stored::find(world, of));
        ObjectView {
            of: looking.of.clone(),
            query: looking.query.clone(),
            hidden: looking.hidden,
            found,
            count,
            exists: stored.is_some(),
            daemon_set: stored
                .as_ref()
                .and_then(Stored::daemon_set)
                .filter(|key| world.store().daemon_sets.contains_key(key)),
            printed: self.looked.printed.as_ref().map(Into::into),
        }
    }
}
