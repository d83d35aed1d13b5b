//! Whom a kubelet sends away so that a critical pod can start.
//!
//! Upstream: `pkg/kubelet/preemption/preemption.go`.

use super::{Admission, Refusal};
use crate::api::Pod;
use crate::rules::qos::{QosClass, is_critical, qos_class};
use crate::rules::resources::{Amounts, pod_requests};
use crate::rules::scheduling::Insufficient;
use std::borrow::Cow;

/// A pod that may have to go, and what goes with it.
struct Candidate<'a> {
    pod: &'a Pod,
    requests: Amounts<'a>,
}

impl Candidate<'_> {
    fn gives(&self, resource: &str) -> i64 {
        if resource == "pods" { 1 } else { self.requests.get(resource) }
    }
}

/// What is still to be freed, of each resource.
type Missing<'a> = Vec<(&'a str, i64)>;

/// Chooses those who must go: as few and as small as will do, and rather pods of lower
/// classes.
pub(super) fn preempt<'a>(preemptor: &Pod, pods: &[&'a Pod], lacking: &[Insufficient<'_>]) -> Admission<'a> {
    let missing: Missing<'_> = lacking.iter().map(|it| (it.resource, it.requested - (it.capacity - it.used))).collect();
    let goes_for = |pod: &Pod| !is_critical(pod) || preemptor.priority() > pod.priority();
    let of_class = |class: QosClass| -> Vec<Candidate<'a>> {
        let pods = pods.iter().filter(|pod| goes_for(pod) && qos_class(&pod.spec) == class);
        pods.map(|pod| Candidate { pod, requests: pod_requests(&pod.spec) }).collect()
    };
    let best_effort = of_class(QosClass::BestEffort);
    let burstable = of_class(QosClass::Burstable);
    let mut guaranteed = of_class(QosClass::Guaranteed);
    let without_guaranteed = less(&less(&missing, &best_effort), &burstable);
    let hopeless = less(&without_guaranteed, &guaranteed);
    if !hopeless.is_empty() {
        return Admission::Refuse(no_set_of_pods(&hopeless));
    }
    guaranteed = nearest(guaranteed, without_guaranteed);
    let burstable = nearest(burstable, less(&less(&missing, &best_effort), &guaranteed));
    let best_effort = nearest(best_effort, less(&less(&missing, &burstable), &guaranteed));
    Admission::Preempt(best_effort.iter().chain(&burstable).chain(&guaranteed).map(|it| it.pod).collect())
}

fn no_set_of_pods(missing: &Missing<'_>) -> Refusal {
    let missing: String = missing.iter().map(|(name, amount)| format!("(res: {name}, q: {amount}), ")).collect();
    Refusal {
        reason: Cow::Borrowed("UnexpectedAdmissionError"),
        message: format!(
            "Unexpected error while attempting to recover from admission failure: preemption: error finding a set of \
             pods to preempt: no set of running pods found to reclaim resources: [{missing}]"
        ),
    }
}

/// What is missing once these have gone.
fn less<'m>(missing: &Missing<'m>, gone: &[Candidate<'_>]) -> Missing<'m> {
    let left = |(name, amount): &(&'m str, i64)| {
        (*name, gone.iter().fold(*amount, |left, one| left.saturating_sub(one.gives(name))))
    };
    missing.iter().map(left).filter(|(_, amount)| *amount > 0).collect()
}

/// Takes again and again the candidate after whom the least is missing; of equals the one
/// that asks for less, of equals in that the last.
fn nearest<'a>(mut from: Vec<Candidate<'a>>, mut missing: Missing<'_>) -> Vec<Candidate<'a>> {
    let mut chosen = Vec::new();
    while !missing.is_empty() && !from.is_empty() {
        let mut best = (f64::INFINITY, 0, 0, 0);
        for (at, candidate) in from.iter().enumerate() {
            let (memory, cpu) = (candidate.gives("memory"), candidate.gives("cpu"));
            let distance = distance(&missing, candidate);
            if distance < best.0 || (distance == best.0 && (memory, cpu) <= (best.1, best.2)) {
                best = (distance, memory, cpu, at);
            }
        }
        let next = from.swap_remove(best.3);
        missing = less(&missing, std::slice::from_ref(&next));
        chosen.push(next);
    }
    chosen
}

/// How much would still be missing: of each resource the part, squared.
fn distance(missing: &Missing<'_>, candidate: &Candidate<'_>) -> f64 {
    let mut distance = 0.0;
    for (name, amount) in missing {
        let left = amount.saturating_sub(candidate.gives(name));
        if left > 0 {
            let part = left as f64 / *amount as f64;
            distance += part * part;
        }
    }
    distance
}
