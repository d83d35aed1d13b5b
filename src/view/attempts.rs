//! What the scheduler tried for a pod, in words: what woke it, each node's verdict, the
//! scores, and what came of it. Words only: the verdicts are those of the attempt itself.

use crate::api::Key;
use crate::base::Time;
use crate::rules::scheduling::{PLUGINS, total_score};
use crate::sim::{Outcome, Preempts, Queues, ScheduleAttempt, Verdict, World};

/// All that was tried for one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How often.
    pub count: u32,
    /// The attempts that are kept, the newest first.
    pub rows: Vec<AttemptRow>,
    /// The pod for which this one was driven away.
    pub preempted_by: Option<Key>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// Number, from 1.
    pub number: u32,
    /// When.
    pub at: Time,
    /// What came of it, in a few words.
    pub result: String,
    /// No node was found.
    pub failed: bool,
    /// Label and text of what else there is to say.
    pub facts: Vec<(&'static str, String)>,
    /// Verdicts on the nodes on which it does not fit, with the first of their names.
    pub verdicts: Vec<(String, String)>,
    /// The best nodes, and what each plugin gave them.
    pub scores: Option<ScoreTable>,
    /// Until when it is not tried again, whatever changes.
    pub backs_off_until: Option<Time>,
}

/// Scores of the best nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreTable {
    /// Their names.
    pub nodes: Vec<String>,
    /// Each plugin with its weight, and what it gave each node.
    pub plugins: Vec<(&'static str, i64, Vec<i64>)>,
    /// The weighted sums.
    pub totals: Vec<i64>,
}

/// What was tried for a pod of the world.
#[must_use]
pub fn attempts(world: &World, pod: &Key) -> Attempts {
    let preempted_by = world.preemptor(pod).cloned();
    let Some(tried) = world.attempts(pod) else {
        return Attempts { preempted_by, ..Attempts::default() };
    };
    let rows = (1..=tried.count).rev().zip(tried.last.iter().rev()).map(|(number, attempt)| row(number, attempt));
    Attempts { count: tried.count, rows: rows.collect(), preempted_by }
}

fn row(number: u32, attempt: &ScheduleAttempt) -> AttemptRow {
    let woken = &attempt.woken_by;
    let queues = match woken.through {
        Queues::Active => "activeQ",
        Queues::Backoff => "backoffQ, as the activeQ was empty",
        Queues::BackoffThenActive => "backoffQ → activeQ",
    };
    let space = if woken.object.is_empty() { "" } else { " " };
    let mut row = AttemptRow {
        number,
        at: attempt.at,
        result: String::new(),
        failed: true,
        facts: vec![("Woken by", format!("{}{space}{} → {queues}", woken.event, woken.object))],
        verdicts: attempt.verdicts.iter().map(verdict).collect(),
        scores: score_table(attempt),
        backs_off_until: None,
    };
    match &attempt.outcome {
        Outcome::Assumed { node, nominated } => {
            row.failed = false;
            row.result = format!("chose {node}");
            row.facts.push(("Why", choice(attempt, *nominated)));
        }
        Outcome::Unschedulable { message, preempts, backs_off_until } => {
            row.result = "unschedulable".to_owned();
            if let Some(preempts) = preempts {
                row.result = format!("preempts on {}", preempts.node);
                row.facts.push(("Nominated", preempts.node.clone()));
                row.facts.push(("Victims", victims(preempts)));
            }
            row.facts.push(("Message", message.clone()));
            row.backs_off_until = Some(*backs_off_until);
        }
    }
    row
}

/// Why this node, of those on which the pod fits.
fn choice(attempt: &ScheduleAttempt, nominated: bool) -> String {
    match (attempt.feasible, attempt.equals) {
        _ if nominated => "cleared for it by preemption: tried before all others".to_owned(),
        (1, _) => "the only node on which it fits: nothing to score".to_owned(),
        (feasible, 1) => format!("the best of {feasible} nodes on which it fits"),
        (feasible, equals) => format!(
            "equal scores on {equals} of {feasible} nodes on which it fits: taken by name, Kubernetes leaves it open"
        ),
    }
}

fn victims(preempts: &Preempts) -> String {
    let names: Vec<String> = preempts.victims.iter().map(ToString::to_string).collect();
    and_more(&names, preempts.count)
}

fn verdict(verdict: &Verdict) -> (String, String) {
    let names = if verdict.nodes.is_empty() { String::new() } else { and_more(&verdict.nodes, verdict.count) };
    (format!("{} {}", verdict.count, verdict.reason), names)
}

/// `a, b, and 3 more`.
fn and_more(names: &[String], count: u32) -> String {
    let mut text = names.join(", ");
    let more = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(names.len());
    if more > 0 {
        text.push_str(&format!(", and {more} more"));
    }
    text
}

fn score_table(attempt: &ScheduleAttempt) -> Option<ScoreTable> {
    if attempt.scores.is_empty() {
        return None;
    }
    let of = |place: usize| attempt.scores.iter().filter_map(|(_, scores)| scores.get(place).copied()).collect();
    Some(ScoreTable {
        nodes: attempt.scores.iter().map(|(node, _)| node.clone()).collect(),
        plugins: PLUGINS.iter().enumerate().map(|(place, (name, weight))| (*name, *weight, of(place))).collect(),
        totals: attempt.scores.iter().map(|(_, scores)| total_score(scores)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Woken;

    fn attempt(outcome: Outcome) -> ScheduleAttempt {
        let woken_by = Woken { event: "NodeAdd", object: "worker-4".to_owned(), through: Queues::BackoffThenActive };
        let (verdicts, scores) = (Vec::new(), Vec::new());
        ScheduleAttempt { at: Time(1_500), woken_by, outcome, feasible: 1, verdicts, scores, equals: 0 }
    }

    #[test]
    fn a_choice_says_why() {
        let check = |feasible: u32, equals: u32, nominated: bool, want: &str| {
            let mut attempt = attempt(Outcome::Assumed { node: "worker-4".to_owned(), nominated });
            (attempt.feasible, attempt.equals) = (feasible, equals);
            let row = row(1, &attempt);
            assert_eq!((row.result.as_str(), row.failed), ("chose worker-4", false));
            assert_eq!(row.facts[0], ("Woken by", "NodeAdd worker-4 → backoffQ → activeQ".to_owned()));
            assert!(row.facts[1].1.starts_with(want), "{}", row.facts[1].1);
        };
        check(0, 0, true, "cleared for it by preemption");
        check(1, 0, false, "the only node on which it fits");
        check(5, 1, false, "the best of 5 nodes");
        check(5, 3, false, "equal scores on 3 of 5 nodes on which it fits: taken by name, Kubernetes leaves it open");
    }

    #[test]
    fn a_failure_names_victims_and_nodes() {
        let victims = vec![Key::new("default", "a"), Key::new("default", "b")];
        let preempts = Some(Preempts { node: "worker-1".to_owned(), victims, count: 5 });
        let message = "0/3 nodes are available".to_owned();
        let mut attempt = attempt(Outcome::Unschedulable { message, preempts, backs_off_until: Time(2_500) });
        attempt.verdicts =
            vec![Verdict { reason: "Insufficient cpu".into(), count: 2, nodes: vec!["x".into(), "y".into()] }];
        let row = row(7, &attempt);
        assert_eq!((row.number, row.result.as_str(), row.failed), (7, "preempts on worker-1", true));
        assert_eq!(row.facts[2], ("Victims", "default/a, default/b, and 3 more".to_owned()));
        assert_eq!(row.verdicts, [("2 Insufficient cpu".to_owned(), "x, y".to_owned())]);
        assert_eq!(row.backs_off_until, Some(Time(2_500)));
    }

    #[test]
    fn scores_stand_by_plugin() {
        let mut attempt = attempt(Outcome::Assumed { node: "a".to_owned(), nominated: false });
        attempt.scores = vec![("a".to_owned(), [100, 0, 50, 0, 0, 70, 0]), ("b".to_owned(), [0, 0, 50, 0, 0, 70, 0])];
        let table = row(1, &attempt).scores.unwrap();
        assert_eq!(table.totals, [420, 120]);
        assert_eq!(table.plugins[0], ("TaintToleration", 3, vec![100, 0]));
    }
}
