//! Which pods `kubectl drain` evicts, which it passes over, and why it refuses.
//!
//! Upstream: `k8s.io/kubectl/pkg/drain/filters.go`, `pkg/cmd/drain/drain.go`.
//! Leaves out: mirror pods, selectors of pods.

use crate::api::{Key, Pod, Volume};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Flags of `kubectl drain`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
#[serde(rename_all = "camelCase", default)]
pub struct DrainOptions {
    /// `--ignore-daemonsets`: daemon pods stay.
    pub ignore_daemonsets: bool,
    /// `--force`: pods without a controller, or whose DaemonSet is gone, go too.
    pub force: bool,
    /// `--delete-emptydir-data`: pods that keep data on the node go too.
    pub delete_emptydir_data: bool,
    /// `--grace-period`, in place of the pods' own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_period_seconds: Option<i64>,
}

/// What a drain comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drain {
    /// Pods that are evicted, if nothing is refused.
    pub evict: Vec<Key>,
    /// What is passed over or lost: messages with the pods they are about.
    pub warnings: Vec<(String, Vec<Key>)>,
    /// What keeps the drain from evicting anything; likewise.
    pub refusals: Vec<(String, Vec<Key>)>,
}

/// The flags as they are typed, each with a space before it.
#[must_use]
pub fn flags(options: &DrainOptions) -> String {
    let flags = [
        (options.ignore_daemonsets, " --ignore-daemonsets"),
        (options.delete_emptydir_data, " --delete-emptydir-data"),
        (options.force, " --force"),
    ];
    let mut text: String = flags.into_iter().filter_map(|(set, flag)| set.then_some(flag)).collect();
    if let Some(seconds) = options.grace_period_seconds {
        let _ = write!(text, " --grace-period={seconds}");
    }
    text
}

/// Sorts a node's pods. `has_owner` tells whether a daemon pod's DaemonSet is still there.
pub fn plan<'a>(
    pods: impl Iterator<Item = &'a Pod>,
    has_owner: &dyn Fn(&Pod) -> bool,
    options: &DrainOptions,
) -> Drain {
    let mut drain = Drain::default();
    for pod in pods {
        let note =
            |list: &mut Vec<(String, Vec<Key>)>, message: String| match list.iter_mut().find(|(m, _)| *m == message) {
                Some((_, pods)) => pods.push(pod.key()),
                None => list.push((message, vec![pod.key()])),
            };
        match filter(pod, has_owner, options) {
            Filtered::Refused(message) => note(&mut drain.refusals, format!("cannot delete {message}")),
            Filtered::Ignored => note(&mut drain.warnings, "ignoring DaemonSet-managed Pods".to_owned()),
            Filtered::Lost => {
                note(&mut drain.warnings, "deleting Pods that declare no controller".to_owned());
                drain.evict.push(pod.key());
            }
            Filtered::Evicted => drain.evict.push(pod.key()),
        }
    }
    drain
}

enum Filtered {
    Evicted,
    /// Evicted, and nobody makes it anew.
    Lost,
    Ignored,
    Refused(String),
}

/// Upstream's filters in their order: the first that keeps a pod decides.
fn filter(pod: &Pod, has_owner: &dyn Fn(&Pod) -> bool, options: &DrainOptions) -> Filtered {
    let refused = |message: &str| Filtered::Refused(message.to_owned());
    let controller = pod.metadata.controller();
    if pod.status.phase.is_terminal() {
        return Filtered::Evicted;
    }
    if let Some(owner) = controller.filter(|owner| owner.kind == "DaemonSet") {
        match (has_owner(pod), options.ignore_daemonsets) {
            (true, true) => return Filtered::Ignored,
            (true, false) => return refused("DaemonSet-managed Pods (use --ignore-daemonsets to ignore)"),
            (false, _) if !options.force => return refused(&format!("daemonsets.apps {:?} not found", owner.name)),
            (false, _) => {}
        }
    }
    if pod.spec.volumes().any(|(_, volume)| volume == Volume::EmptyDir) && !options.delete_emptydir_data {
        return refused("Pods with local storage (use --delete-emptydir-data to override)");
    }
    match (controller, options.force) {
        (Some(_), _) => Filtered::Evicted,
        (None, true) => Filtered::Lost,
        (None, false) => refused("Pods that declare no controller (use --force to override)"),
    }
}

impl Drain {
    /// What kubectl prints on stderr before it evicts; empty if there is nothing to say.
    #[must_use]
    pub fn warning(&self) -> String {
        let parts = texts(&self.warnings);
        if parts.is_empty() { String::new() } else { format!("Warning: {}", parts.join("; ")) }
    }

    /// What kubectl prints on stderr when it evicts nothing; empty if nothing is refused.
    #[must_use]
    pub fn error(&self, node: &str) -> String {
        let parts = texts(&self.refusals);
        let all = match parts.as_slice() {
            [] => return String::new(),
            [one] => one.clone(),
            _ => format!("[{}]", parts.join(", ")),
        };
        let head = format!("error: unable to drain node {node:?} due to error: {all}, continuing command...");
        format!("{head}\nThere are pending nodes to be drained:\n {node}\n{}", parts.join("\n"))
    }
}

fn texts(list: &[(String, Vec<Key>)]) -> Vec<String> {
    let names = |pods: &[Key]| pods.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    list.iter().map(|(message, pods)| format!("{message}: {}", names(pods))).collect()
}

#[cfg(test)]
mod tests;
