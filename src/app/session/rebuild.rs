//! A cluster that was found takes the place of the one shown, as one act: it is made beside it, in
//! slices, and shown when it is whole. Until then nothing is changed, and whoever acts gives it up.

use super::super::intent::{Notice, OpenedFrom, Origin};
use super::Session;
use super::playback::SLICE_COST;
use super::snapshot::Busy;
use crate::api::manifest::Reading;
use crate::timeline::{Rebuild, Scenario};

/// Lines of what is not simulated that a notice lists.
const MAX_LISTED: usize = 12;

/// Begins to rebuild the cluster that a text is a picture of; with what is to be said when it is whole.
///
/// # Errors
/// Why it cannot be rebuilt.
pub fn rebuild(reading: Reading) -> Result<(Rebuild, Notice), Notice> {
    let found = reading.found.unwrap_or_default();
    let mut text = ["The cluster is rebuilt: ", &found.summary, ". Undo brings back the one before."].concat();
    for (number, line) in found.others.lines().enumerate() {
        text.push('\n');
        if number == MAX_LISTED {
            text.push('…');
            break;
        }
        text.push_str(line);
        text.push_str(": kept, not simulated");
    }
    let notice = Notice { problems: reading.problems, ..Notice::done(text) };
    let scenario = Scenario { found: Some(found.into()), ..Scenario::default() };
    match Rebuild::new(scenario) {
        Ok(rebuild) => Ok((rebuild, notice)),
        Err(error) => Err(Notice::refused(error.to_string())),
    }
}

impl Session {
    /// Begins to rebuild a cluster; at once if it is small.
    pub(super) fn begin_rebuild(&mut self, reading: Reading) -> Option<Notice> {
        match rebuild(reading) {
            Ok(begun) => self.rebuild = Some(begun),
            Err(refused) => return Some(refused),
        }
        self.rebuild_on();
        None
    }

    /// One slice.
    pub(super) fn rebuild_on(&mut self) {
        let Some((mut rebuild, notice)) = self.rebuild.take() else { return };
        if rebuild.run(SLICE_COST) {
            // Its objects have their own annotations of what they were applied from, or none.
            self.replace(rebuild.finish(), Origin { preset: "", from: OpenedFrom::Pasted });
            self.playing = true;
            self.told = Some(notice);
        } else {
            self.rebuild = Some((rebuild, notice));
        }
    }

    /// What is to be told of work that has come to its end meanwhile.
    pub fn told(&mut self) -> Option<Notice> {
        self.told.take()
    }

    /// Long work under way.
    pub(super) fn busy(&self) -> Option<Busy> {
        if let Some((rebuild, _)) = &self.rebuild {
            return Some(Busy { label: "Rebuilding the cluster".to_owned(), permille: rebuild.permille() });
        }
        self.work.as_ref().map(|work| work.busy(self.timeline.now()))
    }
}
