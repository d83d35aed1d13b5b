//! What the page asks to have a text applied, and what it is answered.

use crate::api::manifest::{Object, Reading};
use crate::base::Time;
use borsh::{BorshDeserialize, BorshSerialize};

/// What is known when a text is to be applied.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Cluster {
    /// The stored objects, at least those that the text names.
    pub live: Vec<Object>,
    /// The manifest that those were applied from which have no annotation of it.
    pub base: String,
    /// The present.
    pub at: Time,
}

/// What comes of applying a text.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Applied {
    /// The objects that are to be stored, and what is wrong.
    pub reading: Reading,
    /// What kubectl says, a line an object; nothing if there is an error.
    pub said: String,
    /// What `kubectl diff` prints.
    pub diff: String,
}
