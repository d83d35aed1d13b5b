//! Timelines that others took the place of: undo brings them back, and puts aside those that did.

use super::super::intent::Origin;
use crate::timeline::Timeline;

/// How many are kept for undo.
const MAX_REPLACED: usize = 3;

/// A timeline and where it came from.
pub type Shown = (Timeline, Origin);

/// What is not shown now.
#[derive(Default)]
pub struct Aside {
    before: Vec<Shown>,
    after: Vec<Shown>,
}

impl Aside {
    /// Another has taken the place of this one.
    pub fn replaced(&mut self, mut earlier: Shown) {
        earlier.0.forget_redo();
        self.before.push(earlier);
        if self.before.len() > MAX_REPLACED {
            self.before.remove(0);
        }
        self.after.clear();
    }

    /// Something else was done: there is nothing to do again.
    pub fn forget_later(&mut self) {
        self.after.clear();
    }

    /// The one that undo, or redo, brings back in the place of the one shown.
    pub fn take(&mut self, is_redo: bool) -> Option<Shown> {
        if is_redo { self.after.pop() } else { self.before.pop() }
    }

    /// Keeps the one that was shown until then.
    pub fn put(&mut self, shown: Shown, is_redo: bool) {
        if is_redo { self.before.push(shown) } else { self.after.push(shown) }
    }

    /// Whether undo, or redo, would bring one back.
    #[must_use]
    pub fn has(&self, is_redo: bool) -> bool {
        !if is_redo { &self.after } else { &self.before }.is_empty()
    }
}
