//! The garbage collector: dependents of objects that are gone, or going.
//!
//! Upstream: `pkg/controller/garbagecollector`.
//! Models: background deletion (the owner is gone: so go its pods and revisions), foreground
//! (dependents first), orphaning (references to the owner are taken away).
//! Simplifies: works on each notice at once; the only owners are DaemonSets.

use super::notice::{Change, Context, Notice, Out, Write};
use crate::api::{DaemonSet, ObjectMeta};

/// The collector's memory: it needs none, everything is in the objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct GarbageCollector;

impl GarbageCollector {
    /// Handlers of its monitors.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        match notice {
            Notice::DaemonSet(Change { old: Some(gone), new: None }) => collect(context, &gone.metadata.uid, out),
            Notice::DaemonSet(Change { new: Some(daemon_set), .. }) if daemon_set.metadata.is_deleting() => {
                finalize(context, daemon_set, out);
            }
            Notice::Pod(Change { old, new }) => {
                notice_dependent(context, old.as_ref().map(|p| &p.metadata), new.as_ref().map(|p| &p.metadata), out);
            }
            Notice::Revision(Change { old, new }) => {
                notice_dependent(context, old.as_ref().map(|r| &r.metadata), new.as_ref().map(|r| &r.metadata), out);
            }
            _ => {}
        }
    }
}

/// A dependent that came too late goes; one that went may be the last that its owner's
/// deletion waited for.
fn notice_dependent(context: &Context<'_>, before: Option<&ObjectMeta>, now: Option<&ObjectMeta>, out: &mut Out) {
    let Some(owner) = now.or(before).and_then(ObjectMeta::controller) else {
        return;
    };
    let daemon_set = context.store.daemon_sets.values().find(|daemon_set| daemon_set.metadata.uid == owner.uid);
    match daemon_set {
        None if before.is_none() => collect(context, &owner.uid, out),
        Some(daemon_set) if now.is_none() && daemon_set.metadata.is_deleting() => finalize(context, daemon_set, out),
        _ => {}
    }
}

/// Deletes all that an owner which is gone has left.
fn collect(context: &Context<'_>, owner_uid: &str, out: &mut Out) {
    for pod in context.store.pods_of(owner_uid).filter(|pod| !pod.is_deleting()) {
        out.write(Write::DeletePod { key: pod.key(), uid: pod.metadata.uid.clone(), grace_period_seconds: None });
    }
    for revision in context.store.revisions_of(owner_uid) {
        out.write(Write::DeleteRevision(revision.metadata.key()));
    }
}

/// Does what the finalizers of a DaemonSet ask for; removes it when that is done.
fn finalize(context: &Context<'_>, daemon_set: &DaemonSet, out: &mut Out) {
    let (key, uid) = (daemon_set.metadata.key(), daemon_set.metadata.uid.clone());
    let orphan = daemon_set.metadata.finalizers.iter().any(|finalizer| finalizer == "orphan");
    if orphan {
        for pod in context.store.pods_of(&uid) {
            out.write(Write::SetPodOwner { key: pod.key(), uid: pod.metadata.uid.clone(), owner: None });
        }
        for revision in context.store.revisions_of(&uid) {
            out.write(Write::SetRevisionOwner { key: revision.metadata.key(), owner: None });
        }
    } else {
        collect(context, &uid, out);
    }
    let waiting = !orphan && context.store.pods_of(&uid).next().is_some();
    if !waiting {
        out.write(Write::RemoveDaemonSet { key, uid });
    }
}
