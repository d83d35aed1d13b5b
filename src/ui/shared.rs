//! A shared value as a property of a component. Two are equal if they are the same object, and
//! nobody looks inside: whoever makes the values hands out the same `Rc` again where nothing
//! changed (`view::project` does), so another one means that there is something to draw.

use std::ops::Deref;
use std::rc::Rc;

/// A counted reference that is compared by its address.
#[derive(Debug)]
pub struct Shared<T>(pub Rc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub fn new(value: T) -> Shared<T> {
        Shared(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Shared<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> From<&Rc<T>> for Shared<T> {
    fn from(value: &Rc<T>) -> Shared<T> {
        Shared(Rc::clone(value))
    }
}
