//! What every layer stands on and that knows nothing of Kubernetes: simulated time,
//! seeded random numbers, digests, and problems found in text.

mod digest;
mod problem;
mod rng;
mod time;

pub use digest::{Digest, digest_of};
pub use problem::{Problem, Severity, Span};
pub use rng::{Rng, safe_encode};
pub use time::{Millis, SECOND_MS, Time};
