//! What the person does to DaemonSets and pods, apart from applying manifests. What is typed
//! is put into a copy of the stored object and admitted by the reader of manifests, so that
//! the same validation answers as for a pasted text.

use super::super::intent::{Edit, Notice};
use super::manifest::commit;
use super::perform;
use crate::api::manifest::Reading;
use crate::api::{
    DaemonSet, IntOrPercent, Key, PodTemplateSpec, RollingUpdateDaemonSet, UpdateStrategy, UpdateStrategyType,
    well_known,
};
use crate::base::sort_by_key;
use crate::sim::{Cascade, Command, Rejection};
use crate::timeline::Timeline;
use std::rc::Rc;

/// A copy of the stored DaemonSet with the change made: `kubectl set image` of the first
/// container, the strategy as typed, or `kubectl patch` of where its pods go.
pub(super) fn edited(timeline: &Timeline, key: &Key, edit: &Edit) -> Result<Box<DaemonSet>, Notice> {
    let stored = timeline.world().store().daemon_sets.get(key).ok_or_else(|| not_found(key))?;
    let mut daemon_set = Box::new((**stored).clone());
    match edit {
        Edit::Image(image) => {
            let template = Rc::make_mut(&mut daemon_set.spec.template);
            if let Some(container) = template.spec.containers.first_mut() {
                image.trim().clone_into(&mut container.image);
            }
        }
        Edit::Strategy(knobs) => {
            let rolling_update = (knobs.kind == UpdateStrategyType::RollingUpdate).then(|| RollingUpdateDaemonSet {
                max_unavailable: number_or_percent(&knobs.max_unavailable),
                max_surge: number_or_percent(&knobs.max_surge),
            });
            daemon_set.spec.update_strategy = UpdateStrategy { kind: knobs.kind, rolling_update };
            daemon_set.spec.min_ready_seconds = knobs.min_ready_seconds;
        }
        Edit::Placement(edits) => {
            let template = Rc::make_mut(&mut daemon_set.spec.template);
            edits.iter().for_each(|edit| edit.edit_spec(&mut template.spec));
        }
    }
    Ok(daemon_set)
}

/// Stores an edited DaemonSet, or says why the API server refuses it.
pub(super) fn admitted(timeline: &mut Timeline, key: &Key, edit: &Edit, reading: Reading) -> Notice {
    let done = match edit {
        Edit::Image(_) => ("image updated", "unchanged"),
        Edit::Strategy(_) | Edit::Placement(_) => ("patched", "patched (no change)"),
    };
    match reading.into_daemon_set() {
        Ok(daemon_set) => store(timeline, key, done, daemon_set),
        Err(errors) => invalid(key, &errors),
    }
}

/// `kubectl rollout undo --to-revision`; 0 is the revision before the present one.
/// Upstream: `k8s.io/kubectl/pkg/polymorphichelpers/rollback.go`.
pub(super) fn roll_back(timeline: &mut Timeline, key: &Key, revision: i64) -> Notice {
    let store = timeline.world().store();
    let Some(daemon_set) = store.daemon_sets.get(key) else {
        return not_found(key);
    };
    let mut history: Vec<_> = store.revisions_of(&daemon_set.metadata.uid).collect();
    sort_by_key(&mut history, |known| known.revision);
    let found = match revision {
        0 if history.len() < 2 => {
            return Notice::refused("error: no last revision to roll back to");
        }
        0 => history.iter().rev().nth(1),
        _ => history.iter().find(|known| known.revision == revision),
    };
    let Some(found) = found else {
        return Notice::refused(format!("error: unable to find specified revision {revision} in history"));
    };
    let template = Rc::clone(&found.data);
    if template == daemon_set.spec.template {
        let text = format!("skipped rollback (current template already matches revision {})", found.revision);
        return Notice::done(said(key, &text));
    }
    edit(timeline, key, ("rolled back", "unchanged"), |stored| *stored = template)
}

/// `kubectl rollout restart`.
pub(super) fn restart(timeline: &mut Timeline, key: &Key) -> Notice {
    let at = timeline.now().to_rfc3339();
    let refused = "unchanged: if restart has already been triggered within the past second, please wait before attempting to trigger another";
    edit(timeline, key, ("restarted", refused), |template| {
        Rc::make_mut(template).metadata.annotations.insert(well_known::RESTARTED_AT.to_owned(), at);
    })
}

/// `kubectl delete daemonset`.
pub(super) fn delete(timeline: &mut Timeline, key: Key, cascade: Cascade) -> Notice {
    let text = format!("daemonset.apps {:?} deleted from {} namespace", key.name, key.namespace);
    perform(timeline, vec![Command::DeleteDaemonSet { key, cascade }], text)
}

/// `kubectl delete pod`.
pub(super) fn delete_pod(timeline: &mut Timeline, key: Key) -> Notice {
    let text = format!("pod {:?} deleted from {} namespace", key.name, key.namespace);
    perform(timeline, vec![Command::DeletePod { key }], text)
}

/// Changes the template of a copy of the stored DaemonSet to one that needs no admission, and
/// stores it; `done` says that it changed, or that it did not.
fn edit(
    timeline: &mut Timeline,
    key: &Key,
    done: (&str, &str),
    change: impl FnOnce(&mut Rc<PodTemplateSpec>),
) -> Notice {
    let Some(stored) = timeline.world().store().daemon_sets.get(key) else {
        return not_found(key);
    };
    let mut daemon_set = Box::new((**stored).clone());
    change(&mut daemon_set.spec.template);
    store(timeline, key, done, daemon_set)
}

fn store(timeline: &mut Timeline, key: &Key, done: (&str, &str), daemon_set: Box<DaemonSet>) -> Notice {
    match timeline.attempt(vec![Command::ApplyDaemonSet { daemon_set }]) {
        Err(Rejection { message }) => Notice::refused(message),
        Ok(attempt) => Notice::done(said(key, if commit(timeline, attempt) { done.0 } else { done.1 })),
    }
}

/// The API server's answer to an object that breaks rules.
fn invalid(key: &Key, errors: &[String]) -> Notice {
    let head = format!("The DaemonSet {:?} is invalid: ", key.name);
    let messages: Vec<&str> = errors.iter().map(|error| error.strip_prefix(&head).unwrap_or(error)).collect();
    match messages.as_slice() {
        [one] => Notice::refused(format!("{head}{one}")),
        many => Notice::refused(format!("{head}\n* {}", many.join("\n* "))),
    }
}

fn number_or_percent(text: &str) -> Option<IntOrPercent> {
    let text = text.trim();
    match text.parse() {
        _ if text.is_empty() => None,
        Ok(number) => Some(IntOrPercent::Int(number)),
        Err(_) => Some(IntOrPercent::Percent(text.to_owned())),
    }
}

fn said(key: &Key, what: &str) -> String {
    format!("daemonset.apps/{} {what}", key.name)
}

fn not_found(key: &Key) -> Notice {
    Notice::refused(Rejection::not_found("daemonsets.apps", &key.name).message)
}
