//! What the person looks at: selection, tabs, theme, notices, and what the editor was asked
//! to show. Plain values and one pure function, [`Desk::show`].

mod theme;

pub use theme::Theme;

use super::choice::{Choice, Chosen};
use super::looking::{Look, Looking};
use super::lower::Lower;
use super::share::{Share, Sharing};
use super::tags::Carried;
use crate::api::Key;
use crate::api::manifest::Applied;
use crate::app::{Notice, NoticeKind};
use crate::base::Problem;
use crate::sim::EventId;
use crate::view::StrategyKnobs;
use crate::view::beside::Beside;
use crate::view::forecast::Forecast;
use std::rc::Rc;
use yew::{AttrValue, Callback};

/// At most so many notices are on screen; older ones make room.
const NOTICES_MAX: usize = 4;

/// The state of the page that is not the session's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// DaemonSet that the side panel is about.
    pub workload: Option<Key>,
    /// Node that the side panel is about.
    pub node: Option<String>,
    /// DaemonSet that the board and the events show plainly, and the rest dimly.
    pub focus: Option<Rc<Key>>,
    /// Nodes that are chosen to be acted on together.
    pub chosen: Chosen,
    /// Labels and taints lie ready to be put on nodes.
    pub tags: bool,
    /// Those that the person added.
    pub own_tags: Rc<Vec<String>>,
    /// The one in the hand.
    pub carried: Option<Carried>,
    /// The node that the hand is at.
    pub over: Option<String>,
    /// Event whose causes are highlighted.
    pub event: Option<EventId>,
    /// Tab of the side panel.
    pub tab: SideTab,
    /// Column of the DaemonSet whose nodes are looked at.
    pub counted: Option<usize>,
    /// Object that the side panel shows as YAML.
    pub looking: Looking,
    /// What stands beside the timeline.
    pub lower: Lower,
    /// Part of the page that a small screen shows.
    pub section: Section,
    /// Colours.
    pub theme: Theme,
    /// The help is open.
    pub help: bool,
    /// The palette of commands is open.
    pub palette: bool,
    /// Single keys are not commands.
    pub keys_off: bool,
    /// What hangs open beside the thing it belongs to.
    pub popover: Option<Popover>,
    /// What was last asked for, newest last.
    pub notices: Vec<Rc<Posted>>,
    /// What the editor was last asked to show.
    pub document: Rc<Document>,
    /// The dialog that shares and keeps, if it is open.
    pub shared: Option<Rc<Share>>,
    /// What was kept of the last visit can be gone on with.
    pub offer: bool,
    next_notice: u64,
}

/// A notice on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// Number, to dismiss it by.
    pub id: u64,
    /// The notice.
    pub notice: Notice,
    /// It tells of a change that can be taken back.
    pub undoable: bool,
}

/// A text for the editor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Grows with every text, so that the same text can be shown again.
    pub serial: u64,
    /// The text; `None` keeps what is there.
    pub text: Option<String>,
    /// What the session found wrong with the text when asked to apply it.
    pub problems: Vec<Problem>,
    /// What applying the text would change, if that was asked.
    pub diff: Option<String>,
}

/// Tabs of the side panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideTab {
    /// A DaemonSet and its knobs.
    #[default]
    Workload,
    /// Which nodes a DaemonSet runs on, and why.
    Why,
    /// A node.
    Node,
    /// Any object as YAML.
    Object,
}

/// Parts of the page, of which a small screen shows one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// Nodes and pods.
    #[default]
    Board,
    /// The editor.
    Manifest,
    /// The side panel.
    Side,
    /// The list of events.
    Events,
}

/// Something that hangs open, and where: the edges of what it belongs to, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Popover {
    /// What it is about.
    pub about: PopoverAbout,
    /// Left, top, right and bottom of its anchor in the window.
    pub anchor: [i32; 4],
}

/// What can hang open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PopoverAbout {
    /// What can be done to a node.
    Node(String),
    /// A pod closer to, by UID.
    Pod(String),
    /// What can be done to the nodes that are chosen.
    Chosen,
    /// A label or taint for nodes, by typing.
    EditNodes(Vec<String>),
    /// What can be done to a pod, by UID.
    PodMenu(String),
    /// Which nodes can be added.
    AddNodes,
}

/// A change of what is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    /// Make the side panel about this DaemonSet.
    Workload(Key),
    /// Say why this DaemonSet runs where it does.
    Why(Key),
    /// Say which nodes a column of this DaemonSet counts.
    Counted(Key, usize),
    /// Dim what is not of this DaemonSet, or nothing.
    Focus(Option<Key>),
    /// Choose other nodes to be acted on together.
    Choose(Choice),
    /// Lay labels and taints ready, or put them away.
    Tags(bool),
    /// Lay this one ready too.
    Tag(String),
    /// Take a label or taint into the hand, and go to the nodes; or put it back.
    Pick(Option<Carried>),
    /// Take a label or taint into the hand, or put it back.
    Carry(Option<Carried>),
    /// Hold what is in the hand over a node, or over none.
    Over(Option<String>),
    /// Put what is in the hand on a node, and on all that are chosen with it.
    Drop(String),
    /// Take what is in the hand off the node that it comes from.
    Bin,
    /// Make the side panel about this node.
    Node(String),
    /// The same, and show that panel where only one part is on screen.
    Inspect(String),
    /// Look at an object as YAML.
    Look(Look),
    /// Highlight the causes of an event, or of none.
    Event(Option<EventId>),
    /// Change the side panel's tab.
    Tab(SideTab),
    /// Change what stands beside the timeline.
    Lower(Lower),
    /// Look at the moment shown as it is in another future.
    Glimpse {
        /// Which.
        id: u32,
        /// What is told then.
        done: Callback<Beside>,
    },
    /// Try out a rollout with another strategy.
    Forecast {
        /// DaemonSet.
        key: Key,
        /// The strategy.
        strategy: StrategyKnobs,
        /// Is told what came of it, or why it cannot be tried.
        done: Callback<Result<Forecast, String>>,
    },
    /// Copy a text.
    Copy(String),
    /// Change the part that a small screen shows.
    Section(Section),
    /// Change the colours.
    Theme(Theme),
    /// Open or close the help.
    Help(bool),
    /// Open or close the palette of commands.
    Palette(bool),
    /// Switch single-key commands off or on.
    KeysOff(bool),
    /// Open a popover.
    Open(Popover),
    /// Close the popover.
    Close,
    /// Take a notice off the screen.
    Dismiss(u64),
    /// Start over with the preset of this id.
    Scenario(&'static str),
    /// Show a text in the editor.
    Edit(String),
    /// Work out what comes of applying a text to the cluster.
    Apply {
        /// The text.
        text: AttrValue,
        /// Is told what comes of it, or why the reader did not answer.
        done: Callback<Result<Applied, String>>,
    },
    /// Show what applying the text would change.
    Differs(Box<Applied>),
    /// Say that something is done.
    Said(&'static str),
    /// Say that something did not work.
    Refused(String),
    /// Show the manifest of a live DaemonSet in the editor.
    EditManifestOf(Key),
    /// Share or keep.
    Share(Sharing),
}

impl Desk {
    /// The desk after a change.
    pub fn show(&mut self, view: View) {
        match view {
            View::Workload(key) => {
                self.select_workload(key);
                if matches!(self.tab, SideTab::Node | SideTab::Object) {
                    self.tab = SideTab::Workload;
                }
            }
            View::Why(key) => {
                self.select_workload(key);
                self.tab = SideTab::Why;
                self.section = Section::Side;
            }
            View::Counted(key, column) => {
                self.show(View::Why(key));
                self.counted = Some(column);
            }
            View::Focus(focus) => {
                if let Some(key) = &focus {
                    self.show(View::Workload(key.clone()));
                }
                self.focus = focus.map(Rc::new);
            }
            View::Tags(open) => {
                self.tags = open;
                self.section = Section::Board;
            }
            // Over which node it then is the app says.
            View::Pick(carried) => self.carried = carried,
            View::Carry(carried) => (self.carried, self.over) = (carried, None),
            View::Over(node) => self.over = node,
            View::Drop(_) | View::Bin => (self.carried, self.over) = (None, None),
            View::Node(name) => {
                self.node = Some(name);
                self.tab = SideTab::Node;
                self.popover = None;
            }
            View::Inspect(name) => {
                self.show(View::Node(name));
                self.section = Section::Side;
            }
            View::Look(look) => {
                let finds_anew = matches!(&look, Look::Find(query) if query.is_empty() && self.tab != SideTab::Object);
                if matches!(look, Look::At(_)) || finds_anew {
                    (self.tab, self.section, self.popover) = (SideTab::Object, Section::Side, None);
                }
                self.looking.take(look);
            }
            View::Event(event) => self.event = event,
            View::Tab(tab) => (self.tab, self.counted) = (tab, None),
            View::Lower(lower) => self.lower = lower,
            View::Section(section) => self.section = section,
            View::Theme(theme) => self.theme = theme,
            View::Help(open) => self.help = open,
            View::Palette(open) => self.palette = open,
            View::KeysOff(off) => self.keys_off = off,
            View::Open(popover) => self.popover = Some(popover),
            View::Close => self.popover = None,
            View::Dismiss(id) => self.notices.retain(|posted| posted.id != id),
            View::Edit(text) => self.edit(text),
            View::Differs(applied) => {
                let diff = (!applied.reading.has_errors() && applied.reading.found.is_none()).then_some(applied.diff);
                self.document(None, applied.reading.problems, diff);
            }
            // The app does these: it has the session, and knows how long a notice stays.
            View::EditManifestOf(_)
            | View::Choose(_)
            | View::Tag(_)
            | View::Forecast { .. }
            | View::Glimpse { .. }
            | View::Share(_)
            | View::Copy(_)
            | View::Said(_)
            | View::Refused(_)
            | View::Scenario(_)
            | View::Apply { .. } => {}
        }
    }

    /// Puts a notice on screen; one that is refused for problems in the text also marks them
    /// in the editor. Gives its number.
    pub fn post(&mut self, notice: Notice, undoable: bool) -> u64 {
        if !notice.problems.is_empty() {
            self.document(None, notice.problems.clone(), None);
        }
        // What is said again replaces what was said, and good news never piles up.
        self.notices.retain(|posted| posted.notice.kind == NoticeKind::Refused && posted.notice.text != notice.text);
        let id = self.next_notice;
        self.next_notice = self.next_notice.wrapping_add(1);
        self.notices.push(Rc::new(Posted { id, notice, undoable }));
        let surplus = self.notices.len().saturating_sub(NOTICES_MAX);
        self.notices.drain(..surplus);
        id
    }

    /// Asks the editor to show a text.
    pub fn edit(&mut self, text: String) {
        self.document(Some(text), Vec::new(), None);
    }

    fn document(&mut self, text: Option<String>, problems: Vec<Problem>, diff: Option<String>) {
        let serial = self.document.serial.wrapping_add(1);
        self.document = Rc::new(Document { serial, text, problems, diff });
    }

    fn select_workload(&mut self, key: Key) {
        self.workload = Some(key);
        self.popover = None;
        self.counted = None;
    }
}

#[cfg(test)]
mod tests;
