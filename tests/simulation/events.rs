//! Kubernetes Events as the API shows them: counted, combined, dropped, gone after an hour.

use crate::cluster::{Cluster, nginx};
use daemonset_playground::base::SECOND_MS;
use daemonset_playground::rules::event_correlator::Fate;
use daemonset_playground::sim::{Command, Fact};
use daemonset_playground::view::event_objects::{EventObject, event_objects};
use std::rc::Rc;

const MINUTE: i64 = 60 * SECOND_MS;

fn objects(cluster: &Cluster, reason: &str) -> Vec<EventObject> {
    let mut objects = event_objects(cluster.events.iter().rev(), cluster.world.now());
    objects.retain(|object| object.reason == reason);
    objects
}

/// How often what is said of the DaemonSet came to this.
fn fates(cluster: &Cluster, wanted: fn(Fate) -> bool) -> usize {
    let said = |fact: &Fact| matches!(fact, Fact::Recorded { reason, observed, .. } if reason.starts_with("Successful") && wanted(observed.fate));
    cluster.events.iter().filter(|event| said(&event.fact)).count()
}

fn is_combined(object: &EventObject) -> bool {
    object.message.starts_with("(combined from similar events): Created pod: nginx-")
}

/// Recording 22: of many pods the controller reports nine one by one, the others together.
#[test]
fn the_tenth_pod_and_those_after_it_are_reported_together() {
    let mut cluster = Cluster::new(12);
    cluster.apply(nginx("nginx:1", "", "")).settle();
    let created = objects(&cluster, "SuccessfulCreate");
    assert_eq!(created.len(), 10);
    let counts: Vec<_> = created.iter().filter(|object| is_combined(object)).map(|object| object.count).collect();
    assert_eq!(counts, [3]);
    // Its cause is what made the controller create the last of them.
    let latest = created.iter().find(|object| is_combined(object)).unwrap().latest;
    assert!(cluster.events[usize::try_from(latest.0).unwrap()].cause.is_some());
    let after_the_last = 61 * MINUTE;
    cluster.run(after_the_last);
    assert_eq!(objects(&cluster, "SuccessfulCreate"), []);
}

/// Recording 06: of a second rollout nothing is heard, because 25 events are a burst.
#[test]
fn what_is_beyond_a_burst_is_dropped() {
    let mut cluster = Cluster::new(12);
    cluster.apply(nginx("nginx:1", "", "")).settle();
    cluster.apply(nginx("nginx:2", "", "")).settle();
    let all = fates(&cluster, |_| true);
    assert_eq!((all, fates(&cluster, |fate| fate != Fate::Dropped)), (36, 25));
    let counted: u32 = objects(&cluster, "SuccessfulCreate").iter().map(|object| object.count).sum();
    assert!(counted < 24, "{counted}");
    // Five minutes later one more is written, and tells of those that were not.
    cluster.run(5 * MINUTE);
    cluster.command(Command::DeletePod { key: cluster.pods()[0].key() }).settle();
    let counted: u32 = objects(&cluster, "SuccessfulCreate").iter().map(|object| object.count).sum();
    assert_eq!(counted, 25);
}

/// Recording 14: the first attempt changes the pod, so the second is another event; those
/// after it are a series, of which the API server hears twice and then at its end.
#[test]
fn attempts_to_schedule_become_a_series() {
    let mut cluster = Cluster::new(1);
    let mut daemon_set = nginx("nginx:1", "", "");
    let template = Rc::make_mut(&mut daemon_set.spec.template);
    template.spec.containers[0].resources = serde_json::from_str(r#"{"requests":{"cpu":"1000"}}"#).unwrap();
    cluster.apply(daemon_set).settle();
    for n in 1..=3 {
        let command = Command::LabelNode { name: "worker-1".into(), key: "n".into(), value: Some(n.to_string()) };
        cluster.command(command).run(12 * SECOND_MS);
    }
    assert_eq!(cluster.recorded("FailedScheduling").len(), 4);
    let counts = |cluster: &Cluster| -> Vec<_> {
        objects(cluster, "FailedScheduling").iter().map(|object| object.count).collect()
    };
    assert_eq!(counts(&cluster), [1, 2]);
    cluster.run(12 * MINUTE);
    assert_eq!(counts(&cluster), [1, 3]);
}
