//! Tests of what is kept of attempts.

use super::*;
use crate::api::Node;

fn nodes(count: usize) -> Vec<Node> {
    let named = |n: usize| serde_json::from_str(&format!(r#"{{"metadata":{{"name":"node-{n}"}}}}"#)).unwrap();
    (1..=count).map(named).collect()
}

fn misfit(reasons: &[&'static str], code: Code) -> Option<Misfit> {
    Some(Misfit { reasons: reasons.iter().map(|reason| Cow::Borrowed(*reason)).collect(), code })
}

fn score(spread: i64) -> Scores {
    [100, 0, 50, spread, 0, 70, 0]
}

fn attempt(misfits: Vec<Option<Misfit>>, scores: Vec<Scores>) -> ScheduleAttempt {
    let nodes = nodes(misfits.len());
    let snapshot = Snapshot::new(&mut nodes.iter());
    let woken = Woken { event: "NodeAdd", object: "node-1".to_owned(), through: Queues::Active };
    let outcome = Outcome::Assumed { node: "node-1".to_owned(), nominated: false };
    let decision = Decision { misfits, scores, node: Some(0) };
    ScheduleAttempt::new(Time(0), woken, &snapshot, &decision, outcome)
}

#[test]
fn nodes_are_grouped_by_reason_and_few_are_named() {
    let mut misfits = vec![misfit(&["Insufficient cpu"], Code::Unschedulable); 6];
    misfits.push(misfit(&["Insufficient cpu", "Insufficient memory"], Code::Unschedulable));
    misfits.push(misfit(&[], Code::PreFilter));
    misfits.push(misfit(&[], Code::PreFilter));
    let verdicts = attempt(misfits, vec![]).verdicts;
    let told: Vec<_> = verdicts.iter().map(|v| (&*v.reason, v.count, v.nodes.join(" "))).collect();
    assert_eq!(
        told,
        [
            ("Insufficient cpu", 7, "node-1 node-2 node-3 node-4".to_owned()),
            ("Insufficient memory", 1, "node-7".to_owned()),
            (LEFT_OUT, 2, String::new()),
        ]
    );
}

#[test]
fn the_best_scores_are_kept_and_equals_counted() {
    let fits = |scores: &[i64]| attempt(vec![None; scores.len()], scores.iter().map(|s| score(*s)).collect());
    let check = |scores: &[i64], want: &[&str], equals: u32| {
        let attempt = fits(scores);
        let names: Vec<_> = attempt.scores.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names.as_slice(), attempt.equals, attempt.feasible), (want, equals, scores.len() as u32));
    };
    check(&[10, 30, 20, 5], &["node-2", "node-3", "node-1"], 1);
    check(&[7, 7, 7, 7], &["node-1", "node-2", "node-3"], 4);
    check(&[1, 9, 9], &["node-2", "node-3", "node-1"], 2);
    check(&[9, 1, 9], &["node-1", "node-3", "node-2"], 2);
    assert_eq!(fits(&[3]).scores[0].1, score(3));
}

#[test]
fn only_the_last_are_kept_and_all_are_counted() {
    let (key, mut log) = (Key::new("default", "a"), Attempts::default());
    for ms in 0..30 {
        let attempt = ScheduleAttempt { at: Time(ms), ..attempt(vec![None], vec![]) };
        log.keep(key.clone(), attempt);
    }
    let kept = Rc::clone(log.of(&key).unwrap());
    assert_eq!((kept.count, kept.last.len()), (30, KEPT_MAX));
    assert_eq!(kept.last.first().map(|attempt| attempt.at), Some(Time(10)));
    log.forget(&key);
    assert_eq!(log.of(&key), None);
}
