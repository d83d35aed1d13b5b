//! Values that are nearly always the default.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

/// A value that leaves no trace in a digest while it is the default: a type that gains one
/// keeps the digests that it had before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(transparent)]
pub struct Rare<T>(pub T);

impl<T: Default + PartialEq> Rare<T> {
    /// Whether it is the default.
    pub fn is_default(&self) -> bool {
        self.0 == T::default()
    }
}

impl<T: Default + PartialEq + Hash> Hash for Rare<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if !self.is_default() {
            self.0.hash(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::digest_of;

    #[test]
    fn the_default_leaves_no_trace() {
        assert_eq!(digest_of(&(7, Rare(false))), digest_of(&7));
        assert_ne!(digest_of(&(7, Rare(true))), digest_of(&7));
    }
}
