//! Which object the side panel shows as YAML, how it is found, and what of it is hidden.

use crate::api::ObjectRef;
use crate::api::manifest::{Hidden, Printed};

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looking {
    /// The object.
    pub of: Option<ObjectRef>,
    /// What is typed to find another.
    pub query: String,
    /// What of the object is hidden.
    pub hidden: Hidden,
}

/// A change of that.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Show this object.
    At(ObjectRef),
    /// Find objects.
    Find(String),
    /// Hide this.
    Hide(Hidden),
    /// Put the object into the editor.
    Edit,
    /// The object has been printed; or why not.
    Printed(Box<Result<Printed, String>>),
}

impl Looking {
    /// Takes a change.
    pub fn take(&mut self, look: Look) {
        match look {
            Look::At(of) => {
                self.of = Some(of);
                self.query.clear();
            }
            Look::Find(query) => self.query = query,
            Look::Hide(hidden) => self.hidden = hidden,
            // The app does these.
            Look::Edit | Look::Printed(_) => {}
        }
    }
}
