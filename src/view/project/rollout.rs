//! How far a rollout is, node by node.

use crate::api::{DaemonSet, Node, Pod};
use crate::base::Time;
use crate::rules::placement::{self, Placement};
use crate::rules::pods::{PodsByNode, Present};
use crate::view::frame::{RolloutSegment, SegmentState};
use std::rc::Rc;

/// What a pod's part in a rollout hangs on.
pub struct Rollout<'a> {
    /// The DaemonSet.
    pub daemon_set: &'a DaemonSet,
    /// Hash of its present template; empty if that has no revision yet.
    pub hash: &'a str,
    /// The moment.
    pub now: Time,
}

/// One segment a node that has or should have a pod, in the order of `nodes`.
pub fn segments(rollout: &Rollout<'_>, nodes: &[&Rc<Node>], pods: &[&Pod]) -> Vec<RolloutSegment> {
    let placement = Placement::of(rollout.daemon_set);
    let present = Present::of(rollout.daemon_set, rollout.hash);
    let nodes: Vec<&Node> = nodes.iter().map(|node| &***node).collect();
    let by_node = PodsByNode::of(&nodes, pods);
    let segment = |(node, pods): (&&Node, &[&Pod])| {
        let state = if placement::should_run(&placement, node).should_run {
            rollout.state_of(&present, pods)
        } else if pods.is_empty() {
            return None;
        } else {
            SegmentState::Misscheduled
        };
        Some(RolloutSegment { node: node.name().to_owned(), state })
    };
    nodes.iter().zip(by_node.iter()).filter_map(segment).collect()
}

impl Rollout<'_> {
    /// The state of a node that should have a pod. Pods on their way out count for nothing;
    /// of an old and a new one side by side (surge) the new one tells how far the node is.
    fn state_of(&self, present: &Present, pods: &[&Pod]) -> SegmentState {
        let alive = || pods.iter().filter(|pod| !pod.is_deleting() && !pod.status.phase.is_terminal());
        let available = |pod: &Pod| pod.is_available(self.daemon_set.spec.min_ready_seconds, self.now);
        let mut state = SegmentState::Missing;
        for pod in alive() {
            state = match (present.has_made(pod), available(pod)) {
                (true, true) => return SegmentState::Updated,
                (true, false) => SegmentState::Updating,
                (false, _) if state == SegmentState::Updating => state,
                (false, true) => SegmentState::Old,
                (false, false) if state == SegmentState::Old => state,
                (false, false) => SegmentState::OldUnavailable,
            };
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{
        ConditionStatus, Phase, PodCondition, PodConditionType, Taint, TaintEffect,
        well_known::CONTROLLER_REVISION_HASH,
    };

    /// `name@node` with flags: `new`, `ready`, `ending`, `ended`.
    fn pod(node: &str, flags: &str) -> Pod {
        let mut pod = Pod { node_name: Some(node.to_owned()), ..Pod::default() };
        let hash = if flags.contains("new") { "new" } else { "old" };
        pod.metadata.labels_mut().insert(CONTROLLER_REVISION_HASH.into(), hash.into());
        pod.metadata.deletion_timestamp = flags.contains("ending").then_some(Time(0));
        pod.status.phase = if flags.contains("ended") { Phase::Failed } else { Phase::Running };
        let status = if flags.contains("ready") { ConditionStatus::True } else { ConditionStatus::False };
        pod.status.conditions = vec![PodCondition {
            kind: PodConditionType::Ready,
            status,
            reason: String::new(),
            message: String::new(),
            last_transition_time: Time(0),
        }];
        pod
    }

    fn check(node: &str, pods: &[&str], want: &[SegmentState]) {
        let mut object = Node::default();
        object.metadata.name = "n1".into();
        if node == "tainted" {
            object.spec.taints = vec![Taint::new("a", TaintEffect::NoSchedule)];
        }
        let pods: Vec<Pod> = pods.iter().map(|flags| pod("n1", flags)).collect();
        let pods: Vec<&Pod> = pods.iter().collect();
        let daemon_set = DaemonSet::default();
        let rollout = Rollout { daemon_set: &daemon_set, hash: "new", now: Time(0) };
        let states: Vec<SegmentState> =
            segments(&rollout, &[&Rc::new(object)], &pods).iter().map(|s| s.state).collect();
        assert_eq!(states, want);
    }

    #[test]
    fn each_state() {
        check("", &[], &[SegmentState::Missing]);
        check("", &["old ready"], &[SegmentState::Old]);
        check("", &["old"], &[SegmentState::OldUnavailable]);
        check("", &["old ready ending"], &[SegmentState::Missing]);
        check("", &["new ended"], &[SegmentState::Missing]);
        check("", &["new"], &[SegmentState::Updating]);
        check("", &["new ready"], &[SegmentState::Updated]);
        check("tainted", &["new ready"], &[SegmentState::Misscheduled]);
        check("tainted", &[], &[]);
    }

    #[test]
    fn two_pods_on_a_node() {
        check("", &["old ready", "new"], &[SegmentState::Updating]);
        check("", &["new", "old ready"], &[SegmentState::Updating]);
        check("", &["old", "old ready"], &[SegmentState::Old]);
        check("", &["old ready", "old"], &[SegmentState::Old]);
        check("", &["old ready ending", "new ready"], &[SegmentState::Updated]);
    }
}
