//! What a person at the page can ask for.

use super::share::Opened;
use crate::api::manifest::{Applied, Object, Reading};
use crate::api::{Key, Taint, TaintEffect};
use crate::base::{Problem, Time};
use crate::rules::drain::DrainOptions;
use crate::rules::placement::remedy;
use crate::sim::{Actor, Cascade, Fault};
use crate::view::{Grouping, StrategyKnobs};

/// A wish, made by a button, a key or a drag. Those that change the cluster become
/// commands in the timeline; the rest move the view.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Store what comes of applying a manifest: every object, if none has an error.
    Apply(Box<Applied>),
    /// Start over with a preset.
    LoadPreset {
        /// Which one.
        id: &'static str,
        /// What its manifest holds.
        objects: Vec<Object>,
    },
    /// Take up what was shared or kept, at its moment.
    Open(Box<Opened>, OpenedFrom),
    /// Machines join.
    AddNodes {
        /// What kind.
        preset: NodePreset,
        /// How many, 1 to 500.
        count: usize,
    },
    /// The node object is deleted.
    DeleteNode(String),
    /// Set (or with no value remove) a label.
    LabelNode {
        /// Node.
        node: String,
        /// Key.
        key: String,
        /// Value.
        value: Option<String>,
    },
    /// Add a taint.
    TaintNode {
        /// Node.
        node: String,
        /// Taint.
        taint: Taint,
    },
    /// Add a taint or label as typed: `key=value:Effect`, `key:Effect-`, `key=value`, `key-`.
    EditNode {
        /// Node.
        node: String,
        /// The text.
        text: String,
    },
    /// Remove a taint.
    UntaintNode {
        /// Node.
        node: String,
        /// Key.
        key: String,
        /// Effect.
        effect: TaintEffect,
    },
    /// Cordon or uncordon.
    CordonNode {
        /// Node.
        node: String,
        /// Which.
        unschedulable: bool,
    },
    /// Cordon, and evict what may be evicted.
    DrainNode {
        /// Node.
        node: String,
        /// Flags of `kubectl drain`.
        options: DrainOptions,
    },
    /// The machine breaks.
    BreakNode {
        /// Node.
        node: String,
        /// How.
        fault: Fault,
    },
    /// The machine works again.
    RepairNode(String),
    /// The same for several nodes, as one act.
    Each(Vec<Intent>),
    /// Delete a pod.
    DeletePod(Key),
    /// Store an edited DaemonSet, as the API server answered it.
    Admitted {
        /// DaemonSet.
        key: Key,
        /// What was changed in it.
        edit: Edit,
        /// What admission made of it.
        reading: Box<Reading>,
    },
    /// Make an earlier revision's template the present one: `kubectl rollout undo`.
    RollBack {
        /// DaemonSet.
        key: Key,
        /// Revision number.
        revision: i64,
    },
    /// New pods of the same template: `kubectl rollout restart`.
    Restart(Key),
    /// Delete a DaemonSet.
    DeleteDaemonSet {
        /// DaemonSet.
        key: Key,
        /// What becomes of its pods.
        cascade: Cascade,
    },
    /// Play or pause.
    SetPlaying(bool),
    /// How fast.
    SetSpeed(Speed),
    /// Have nodes stand together by something else.
    GroupBy(Grouping),
    /// Pause and go to the moment of the next event.
    StepForward,
    /// Pause and go to the moment of the event before.
    StepBack,
    /// Have steps go to what one actor does, or to anything.
    StepBy(Option<Actor>),
    /// Go to another future; undo comes back.
    TakeFuture(u32),
    /// Go to a moment, past or future.
    Seek(Time),
    /// Take back the last change of the cluster.
    Undo,
    /// Make the change taken back last again.
    Redo,
}

impl Intent {
    /// The same for each of these nodes.
    pub fn for_each<'a>(nodes: impl IntoIterator<Item = &'a str>, of: impl Fn(String) -> Intent) -> Intent {
        let mut intents: Vec<Intent> = nodes.into_iter().map(|node| of(node.to_owned())).collect();
        match (intents.pop(), intents.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Intent::Each(intents.into_iter().chain(last).collect()),
        }
    }
}

/// Where a cluster came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Id of the preset that it began with; empty if it began with none.
    pub preset: &'static str,
    /// What brought it.
    pub from: OpenedFrom,
}

/// What brought a cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenedFrom {
    /// The list of presets.
    #[default]
    Preset,
    /// A link: anybody may have written it.
    Link,
    /// A file.
    File,
    /// What the browser keeps.
    Kept,
    /// A cluster that was pasted.
    Pasted,
}

/// A change of a DaemonSet that the API server may refuse: [`Session::edited`] makes it, the
/// reader of manifests admits it, [`Intent::Admitted`] stores it.
///
/// [`Session::edited`]: super::Session::edited
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Another image for the first container.
    Image(String),
    /// Another strategy.
    Strategy(StrategyKnobs),
    /// Another place: tolerations, nodeSelector, affinity.
    Placement(Vec<remedy::Edit>),
}

/// Kinds of machines on offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodePreset {
    /// A worker.
    Worker,
    /// A control-plane node with its taint.
    ControlPlane,
    /// A worker with `accelerator=nvidia` and `nvidia.com/gpu:NoSchedule`.
    Gpu,
    /// A Windows worker, `kubernetes.io/os=windows`.
    Windows,
    /// A spot worker, tainted `spot=true:NoSchedule`.
    Spot,
    /// A small edge worker, labelled `node-role.kubernetes.io/edge`.
    Edge,
}

/// Speed of playback in thousandths of real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Speed(pub u32);

impl Speed {
    /// The speeds on offer.
    pub const ALL: [Speed; 6] = [Speed(250), Speed(500), Speed(1_000), Speed(2_000), Speed(5_000), Speed(20_000)];
    /// The fastest.
    pub const MAX: Speed = Speed(100_000);
}

/// What to tell the person after an intent.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Good, bad or neutral.
    pub kind: NoticeKind,
    /// The text: upstream's words for refusals, kubectl's for what was done
    /// (`daemonset.apps/nginx created`).
    pub text: String,
    /// Problems in the manifest text, if the intent was to apply one.
    pub problems: Vec<Problem>,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Done.
    Done,
    /// Refused; nothing was changed, but for the cordon of a drain.
    Refused,
}

impl Notice {
    /// It is done.
    pub fn done(text: impl Into<String>) -> Notice {
        Notice { kind: NoticeKind::Done, text: text.into(), problems: Vec::new() }
    }

    /// It is refused.
    pub fn refused(text: impl Into<String>) -> Notice {
        Notice { kind: NoticeKind::Refused, text: text.into(), problems: Vec::new() }
    }
}
