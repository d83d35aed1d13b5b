//! Other futures: what is kept of them, and that they are what they were.

use super::{arrive, command, lived, seen, start, step};
use daemonset_playground::base::Time;
use daemonset_playground::sim::Command;
use daemonset_playground::timeline::{MAX_FUTURES, Scenario, Timeline};
use proptest::prelude::*;

fn cordon(unschedulable: bool) -> Vec<Command> {
    vec![Command::CordonNode { name: "worker-1".to_owned(), unschedulable }]
}

/// A timeline with one worker, at 10 s.
fn worker() -> Timeline {
    let node = daemonset_playground::app::node_of(daemonset_playground::app::NodePreset::Worker, 1);
    let mut timeline = Timeline::new(Scenario::of_nodes(vec![node])).unwrap();
    arrive(&mut timeline, Time(10_000));
    timeline
}

/// When each parts from the present one, and how it begins.
fn told(timeline: &Timeline) -> Vec<(i64, Option<String>)> {
    timeline.futures().into_iter().map(|future| (future.parts_at.0, future.first)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn another_future_is_what_it_was(start in start(), steps in prop::collection::vec(step(), 2..9), acts in prop::collection::vec(command(), 4), part in 0..100_i64) {
        let mut timeline = lived(&start, &steps);
        let before = seen(&timeline);
        arrive(&mut timeline, Time(before.0.0 * part / 100));
        let has_more = timeline.event_count().1 > 0;
        let acted = has_more && acts.into_iter().any(|act| timeline.insert(vec![act]).is_ok() && *timeline.scenario() != before.3);
        prop_assume!(acted);
        let mine = seen(&timeline);
        let mut taken = 0;
        let found = timeline.futures().into_iter().any(|future| {
            let mut glimpse = timeline.glimpse(future.id).unwrap();
            while !glimpse.run(100) {}
            taken += 1;
            let at = timeline.take_future(future.id).unwrap();
            arrive(&mut timeline, at);
            assert_eq!(glimpse.world().digest(), timeline.world().digest());
            *timeline.scenario() == before.3
        });
        prop_assert!(found);
        arrive(&mut timeline, before.0);
        prop_assert_eq!(seen(&timeline), before);
        for _ in 0..taken {
            timeline.undo().unwrap();
        }
        arrive(&mut timeline, mine.0);
        prop_assert_eq!(seen(&timeline), mine);
    }
}

#[test]
fn acting_in_the_past_keeps_what_was_done_before() {
    let mut timeline = worker();
    timeline.insert(cordon(true)).unwrap();
    arrive(&mut timeline, Time(20_000));
    assert_eq!(told(&timeline), [], "there is one future so far");
    arrive(&mut timeline, Time(5_000));
    timeline.insert(vec![Command::DeleteNode { name: "worker-1".to_owned() }]).unwrap();
    let cordoned = Some("kubectl cordon worker-1".to_owned());
    assert_eq!(told(&timeline), [(5_000, cordoned)]);
    arrive(&mut timeline, Time(15_000));
    let id = timeline.futures()[0].id;
    assert_eq!(timeline.take_future(id), Some(Time(15_000)));
    arrive(&mut timeline, Time(15_000));
    assert!(timeline.world().store().nodes["worker-1"].spec.unschedulable);
    assert_eq!(told(&timeline), [(5_000, Some("kubectl delete node worker-1".to_owned()))]);
}

#[test]
fn an_act_that_was_undone_is_kept_when_another_takes_its_place() {
    let mut timeline = worker();
    timeline.insert(cordon(true)).unwrap();
    arrive(&mut timeline, Time(30_000));
    let back_at = timeline.undo().unwrap();
    arrive(&mut timeline, back_at);
    assert_eq!(told(&timeline), [], "redo leads there");
    timeline.insert(vec![Command::DeleteNode { name: "worker-1".to_owned() }]).unwrap();
    let futures = timeline.futures();
    assert_eq!(told(&timeline), [(10_000, Some("kubectl cordon worker-1".to_owned()))]);
    assert_eq!(futures[0].end, Time(30_000));
}

#[test]
fn no_more_are_kept_than_may_be() {
    let mut timeline = worker();
    for number in 0..3 * MAX_FUTURES {
        timeline.insert(cordon(number % 2 == 0)).unwrap();
        arrive(&mut timeline, Time(12_000));
        arrive(&mut timeline, Time(1_000 + i64::try_from(number).unwrap()));
        timeline.insert(cordon(number % 3 == 0)).unwrap();
        assert!(timeline.futures().len() <= MAX_FUTURES);
    }
    assert_eq!(timeline.futures().len(), MAX_FUTURES);
    assert_eq!(timeline.take_future(u32::MAX), None);
    assert!(timeline.glimpse(u32::MAX).is_none());
}
