//! Makes a failing storm smaller: leaves out inputs, then nodes, then what is unusual about the
//! knobs, while it still breaks the same law.

use super::run::{Outcome, run};
use daemonset_playground::base::Rare;
use daemonset_playground::sim::Knobs;
use daemonset_playground::timeline::{Input, Scenario};
use std::collections::VecDeque;

/// Most runs that a shrinking may take.
const RUNS_MAX: usize = 600;

/// The smallest scenario found, with what it comes to.
pub fn shrink(failed: Outcome) -> Outcome {
    let Err(broken) = &failed.verdict else { return failed };
    let law = broken.law;
    let mut best = failed;
    let mut runs = 0;
    // Halves first, then quarters, at last single inputs.
    let mut size = best.storm_inputs.div_ceil(2);
    while size > 0 {
        let mut from = 0;
        while from < best.storm_inputs && runs < RUNS_MAX {
            let mut inputs: Vec<Input> = best.scenario.inputs[..best.storm_inputs].to_vec();
            inputs.drain(from..(from + size).min(inputs.len()));
            runs += 1;
            match still_breaks(law, &best.scenario, inputs) {
                Some(smaller) => best = smaller,
                None => from += size,
            }
        }
        size /= 2;
    }
    for index in (0..best.scenario.nodes.len()).rev() {
        let mut start = best.scenario.clone();
        start.nodes.remove(index);
        let inputs = start.inputs[..best.storm_inputs].to_vec();
        if let Some(smaller) = still_breaks(law, &start, inputs) {
            best = smaller;
        }
    }
    for simpler in [reliable, in_order, usual] {
        let start = Scenario { knobs: simpler(&best.scenario.knobs), ..best.scenario.clone() };
        let inputs = start.inputs[..best.storm_inputs].to_vec();
        if let Some(simpler) = still_breaks(law, &start, inputs) {
            best = simpler;
        }
    }
    best
}

/// No request is refused, no watch lags.
fn reliable(knobs: &Knobs) -> Knobs {
    Knobs { faults: Rare::default(), ..knobs.clone() }
}

/// What is due at one instant comes in the order of requests.
fn in_order(knobs: &Knobs) -> Knobs {
    Knobs { tie_order: 0, ..knobs.clone() }
}

/// Everything takes as long as usual.
fn usual(knobs: &Knobs) -> Knobs {
    Knobs { faults: knobs.faults, tie_order: knobs.tie_order, ..Knobs::default() }
}

fn still_breaks(law: &str, start: &Scenario, inputs: Vec<Input>) -> Option<Outcome> {
    let outcome = run(start, &mut VecDeque::from(inputs), true);
    outcome.verdict.as_ref().is_err_and(|broken| broken.law == law).then_some(outcome)
}
