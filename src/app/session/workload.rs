//! What the person does to DaemonSets and pods, apart from applying manifests. An edit is
//! made on a copy of the stored object and read back as a manifest, so that the same
//! validation answers as for a pasted text.

use super::super::intent::Notice;
use super::manifest::is_change;
use super::perform;
use crate::api::manifest::{self, Object};
use crate::api::{DaemonSet, IntOrPercent, Key, RollingUpdateDaemonSet, UpdateStrategy, UpdateStrategyType};
use crate::base::{Problem, sort_by_key};
use crate::sim::{Cascade, Command, Rejection};
use crate::timeline::Timeline;
use crate::view::StrategyKnobs;
use std::rc::Rc;

/// Upstream: `k8s.io/kubectl/pkg/polymorphichelpers/objectrestarter.go`.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// `kubectl set image` of the first container.
pub(super) fn set_image(timeline: &mut Timeline, key: &Key, image: &str) -> Notice {
    edit(timeline, key, ("image updated", "unchanged"), |daemon_set| {
        let template = Rc::make_mut(&mut daemon_set.spec.template);
        if let Some(container) = template.spec.containers.first_mut() {
            image.trim().clone_into(&mut container.image);
        }
    })
}

/// The strategy as typed.
pub(super) fn set_strategy(timeline: &mut Timeline, key: &Key, knobs: &StrategyKnobs) -> Notice {
    edit(timeline, key, ("patched", "patched (no change)"), |daemon_set| {
        let rolling_update = (knobs.kind == UpdateStrategyType::RollingUpdate).then(|| RollingUpdateDaemonSet {
            max_unavailable: number_or_percent(&knobs.max_unavailable),
            max_surge: number_or_percent(&knobs.max_surge),
        });
        daemon_set.spec.update_strategy = UpdateStrategy { kind: knobs.kind, rolling_update };
        daemon_set.spec.min_ready_seconds = knobs.min_ready_seconds;
    })
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
    edit(timeline, key, ("rolled back", "unchanged"), |daemon_set| daemon_set.spec.template = template)
}

/// `kubectl rollout restart`.
pub(super) fn restart(timeline: &mut Timeline, key: &Key) -> Notice {
    let at = timeline.now().to_rfc3339();
    let refused = "unchanged: if restart has already been triggered within the past second, please wait before attempting to trigger another";
    edit(timeline, key, ("restarted", refused), |daemon_set| {
        let template = Rc::make_mut(&mut daemon_set.spec.template);
        template.metadata.annotations.insert(RESTARTED_AT.to_owned(), at);
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

/// Changes a copy of the stored DaemonSet and applies it; `done` says that it changed, or
/// that it did not.
fn edit(timeline: &mut Timeline, key: &Key, done: (&str, &str), change: impl FnOnce(&mut DaemonSet)) -> Notice {
    let Some(stored) = timeline.world().store().daemon_sets.get(key) else {
        return not_found(key);
    };
    let mut edited = (**stored).clone();
    change(&mut edited);
    let reading = manifest::read(&manifest::print_daemon_set(&edited));
    if reading.has_errors() {
        return invalid(key, &reading.problems);
    }
    let read = reading.objects.into_iter().find_map(|read| match read.object {
        Object::DaemonSet(daemon_set) => Some(daemon_set),
        _ => None,
    });
    let commands = read.into_iter().map(|daemon_set| Command::ApplyDaemonSet { daemon_set }).collect();
    match timeline.attempt(commands) {
        Err(Rejection { message }) => Notice::refused(message),
        Ok(attempt) if attempt.events().iter().flatten().any(is_change) => {
            timeline.commit(attempt);
            Notice::done(said(key, done.0))
        }
        Ok(_) => Notice::done(said(key, done.1)),
    }
}

/// The API server's answer to an object that breaks rules.
fn invalid(key: &Key, problems: &[Problem]) -> Notice {
    let head = format!("The DaemonSet {:?} is invalid: ", key.name);
    let errors = problems.iter().filter(|problem| problem.is_error());
    let messages: Vec<&str> =
        errors.map(|problem| problem.message.strip_prefix(&head).unwrap_or(&problem.message)).collect();
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
