//! Where a kubelet's work on a pod happens, and whom it tells.

use crate::api::{Kind, ObjectRef, Pod};
use crate::sim::notice::{Context, Out};

/// A pod, its machine and the present: everything that a decision needs.
pub(super) struct Scene<'a, 'o> {
    pub context: &'a Context<'a>,
    pub node: &'a str,
    pub pod: &'a Pod,
    pub out: &'o mut Out,
}

impl Scene<'_, '_> {
    fn reference(&self) -> ObjectRef {
        ObjectRef::new(Kind::Pod, self.pod.key())
    }

    pub fn normal(&mut self, reason: &str, message: String) {
        self.out.normal(self.reference(), reason, message);
    }

    pub fn warning(&mut self, reason: &str, message: String) {
        self.out.warning(self.reference(), reason, message);
    }
}
