//! The session: owns the timeline, playback and the person's intents; knows nothing of the
//! DOM. Speaks to the page in plain values only, so that it could live in a worker.

mod intent;
mod kubectl;
mod nodes;
mod presets;
mod session;
pub mod share;

pub use intent::{Edit, Intent, NodePreset, Notice, NoticeKind, OpenedFrom, Origin, Speed};
pub use kubectl::kubectl;
pub use nodes::{node_name, node_of};
pub use presets::{PRESETS, Preset, opening_objects, read_opening};
pub use session::{
    Aside, Busy, MarkKind, Session, Snapshot, TimelineMark, TimelineSpan, TimelineTrack, TimelineView, apply, cluster,
    rebuild,
};
