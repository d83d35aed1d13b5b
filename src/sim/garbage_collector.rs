//! The garbage collector: dependents of objects that are gone, or going.
//!
//! Upstream: `pkg/controller/garbagecollector`.
//! Models: background deletion (the owner is gone: so go its pods and revisions), foreground
//! (dependents first), orphaning (references to the owner are taken away).
//! Simplifies: works on each notice at once; the only owners are DaemonSets.

use super::faults::queue_delay_ms;
use super::notice::{Context, Notice, Out, Turn, Write};
use crate::api::{DaemonSet, ObjectMeta, Uid};

/// The collector's memory: it needs none, everything is in the objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct GarbageCollector;

impl GarbageCollector {
    /// Handlers of its monitors.
    pub fn notice(&mut self, context: &Context<'_>, notice: &Notice, out: &mut Out) {
        match notice {
            Notice::DaemonSet(change) if change.new.as_ref().is_none_or(|new| new.metadata.is_deleting()) => {
                if let Some(daemon_set) = change.latest() {
                    self.work(context, &daemon_set.metadata.uid, 0, out);
                }
            }
            Notice::Pod(change) => self.notice_dependent(context, change.parts(|pod| &pod.metadata), out),
            Notice::Revision(change) => {
                self.notice_dependent(context, change.parts(|revision| &revision.metadata), out);
            }
            _ => {}
        }
    }

    /// A dependent that came too late goes; one that went may be the last that its owner's
    /// deletion waited for.
    fn notice_dependent(&self, context: &Context<'_>, [before, now]: [Option<&ObjectMeta>; 2], out: &mut Out) {
        let Some(owner) = now.or(before).and_then(ObjectMeta::controller) else {
            return;
        };
        let concerns = match find(context, &owner.uid) {
            None => before.is_none(),
            Some(daemon_set) => now.is_none() && daemon_set.metadata.is_deleting(),
        };
        if concerns {
            self.work(context, &owner.uid, 0, out);
        }
    }

    /// Does about the dependents of an owner what is to be done; what is refused comes back into
    /// the queue.
    pub fn work(&self, context: &Context<'_>, owner: &Uid, failures: u32, out: &mut Out) {
        let done = match find(context, owner) {
            None => collect(context, owner, out),
            Some(daemon_set) if daemon_set.metadata.is_deleting() => finalize(context, daemon_set, out),
            Some(_) => true,
        };
        if !done {
            let turn = Turn::CollectGarbage { owner: owner.clone(), failures: failures + 1 };
            out.turn_after(queue_delay_ms(failures), turn);
        }
    }
}

fn find<'a>(context: &Context<'a>, owner_uid: &str) -> Option<&'a DaemonSet> {
    let mut owners = context.store.daemon_sets.values();
    owners.find(|daemon_set| daemon_set.metadata.uid == owner_uid).map(|daemon_set| &**daemon_set)
}

/// Deletes all that an owner which is gone, or goes after them, has left. Whether nothing was
/// refused.
fn collect(context: &Context<'_>, owner_uid: &str, out: &mut Out) -> bool {
    let mut done = true;
    for pod in context.store.pods_of(owner_uid).filter(|pod| !pod.is_deleting()) {
        let (key, uid) = (pod.key(), pod.metadata.uid.clone());
        done &= out.send(Write::DeletePod { key, uid, grace_period_seconds: None });
    }
    for revision in context.store.revisions_of(owner_uid) {
        done &= out.send(Write::DeleteRevision(revision.metadata.key()));
    }
    done
}

/// Does what the finalizers of a DaemonSet ask for; removes it when that is done. Whether nothing
/// was refused.
fn finalize(context: &Context<'_>, daemon_set: &DaemonSet, out: &mut Out) -> bool {
    let (key, uid) = (daemon_set.metadata.key(), daemon_set.metadata.uid.clone());
    let orphan = daemon_set.metadata.finalizers.iter().any(|finalizer| finalizer == "orphan");
    let mut done = true;
    if orphan {
        for pod in context.store.pods_of(&uid) {
            let (key, uid) = (pod.key(), pod.metadata.uid.clone());
            done &= out.send(Write::SetPodOwner { key, uid, owner: None });
        }
        for revision in context.store.revisions_of(&uid) {
            done &= out.send(Write::SetRevisionOwner { key: revision.metadata.key(), owner: None });
        }
    } else {
        done &= collect(context, &uid, out);
    }
    let waiting = !orphan && context.store.pods_of(&uid).next().is_some();
    if done && !waiting {
        done = out.send(Write::RemoveDaemonSet { key, uid });
    }
    done
}
