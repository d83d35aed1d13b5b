//! What the scheduler would say of a pod that is not there: asked by who looks on, and without
//! consequences.

use super::Scheduler;
use crate::api::Pod;
use crate::rules::scheduling::{Attempt, Misfit};
use crate::sim::notice::Context;

impl Scheduler {
    /// What stands against a pod on the node that it is pinned to, beside what is there, but
    /// for the pods of the same owner, whose place it would take.
    pub fn misfit(&self, context: &Context<'_>, pod: &Pod) -> Option<Misfit> {
        let snapshot = self.snapshot(context, pod);
        let info = snapshot.nodes.get(snapshot.find(pod.pinned_to.as_deref()?)?)?;
        let owner = pod.metadata.controller()?;
        Attempt::new(pod, &snapshot).filter_without(info, &|other| other.metadata.is_controlled_by(&owner.uid))
    }
}
