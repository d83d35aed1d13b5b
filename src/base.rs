//! What every layer stands on and that knows nothing of Kubernetes: simulated time,
//! seeded random numbers, digests, ordered maps, sets of places, and problems found in text.

mod bits;
mod count;
mod digest;
mod map;
mod places;
mod problem;
mod rare;
mod rng;
mod sort;
mod time;

pub use bits::Bits;
pub use count::count;
pub use digest::{Digest, digest_of};
pub use map::{Map, Set};
pub use places::Places;
pub use problem::{Problem, Severity, Span};
pub use rare::Rare;
pub use rng::{Rng, safe_encode};
pub use sort::{sort_by, sort_by_key};
pub use time::{Millis, SECOND_MS, Time, go_duration};
