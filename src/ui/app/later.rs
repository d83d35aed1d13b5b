//! What the page can do without in its first frame: panels, menus, the help, and all that
//! follows from a person's wishes. In the page it is a wasm of its own that shares the memory
//! of the first: `scripts/split.mjs` puts every function into it that nothing but [`LATER`]
//! leads to.

use super::{App, Msg, effects, layout, sharing};
use crate::app::Notice;
use std::pin::Pin;
use yew::Html;

/// The way into it.
pub struct Later {
    /// The editor of manifests.
    pub(super) manifest: fn(&App) -> Html,
    /// The details of a DaemonSet or a node.
    pub(super) side: fn(&App) -> Html,
    /// What lies over the foot of the board: nodes that are chosen, labels and taints.
    pub(super) hand: fn(&App) -> Html,
    /// What stands beside the timeline.
    pub(super) lower: fn(&App) -> Html,
    /// What lies over the page: menus and the help.
    pub(super) overlays: fn(&App) -> Html,
    /// Does what a message asks for; says whether anything changed.
    pub(super) act: fn(&mut App, Msg) -> bool,
    /// Begins: opens the link in the address, or offers what was kept.
    pub(super) start: fn(&mut App),
    /// Renews what the panels explain. `asked`: the person did something.
    pub(super) explain: fn(&mut App, bool),
    /// Another cluster has taken the place of the scenario.
    pub(super) rebuilt: fn(&mut App, Notice),
}

/// All of it. Whoever names it links it in.
pub static LATER: Later = Later {
    manifest: layout::manifest,
    side: layout::side,
    hand: layout::hand,
    lower: layout::lower,
    overlays: layout::overlays,
    act: effects::act,
    start: sharing::start,
    explain: effects::explain,
    rebuilt: effects::rebuilt,
};

/// What [`LATER`] is loaded by; `None` if it did not come.
pub type Loading = Pin<Box<dyn Future<Output = Option<&'static Later>>>>;

/// How the page comes by it.
#[derive(Clone, Copy)]
pub enum Source {
    /// It is there from the start.
    Linked(&'static Later),
    /// It is loaded, and tried again if it did not come.
    Loaded(fn() -> Loading),
}

impl PartialEq for Source {
    /// There is one of each kind.
    fn eq(&self, other: &Source) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
