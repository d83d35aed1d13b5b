//! Storms: random clusters under random commands, from a seed, judged by laws. After
//! TigerBeetle's VOPR: the seed that fails is all that one needs to see it fail again.
//!
//! Machines die and come back, images are slow or bad, requests are refused, watches lag,
//! everything takes longer or no time at all, and what is due at one instant comes in any order
//! of components.
//!
//! `cargo test` plays 200 seeds; `STORM_SEEDS=0..5000 cargo test --test simulation storm`
//! plays others. A seed that fails is shrunk and written to `target/storm/seed-N.yaml`, a
//! scenario, and the command that plays it again is printed with it.

mod budget;
mod generate;
mod laws;
mod run;
mod shrink;

use self::generate::Storm;
use self::laws::Broken;
use self::run::{Outcome, run};
use daemonset_playground::base::Time;
use daemonset_playground::timeline::{Scenario, Timeline};
use std::collections::VecDeque;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What is played without `STORM_SEEDS`.
const SEEDS: Range<u64> = 0..200;
/// More turns than any storm takes.
const TURNS_MAX: usize = 1_000_000;

#[test]
#[cfg_attr(not(debug_assertions), ignore = "the world proves its invariants in debug builds only")]
fn no_seed_breaks_a_law() {
    let seeds = std::env::var("STORM_SEEDS").map_or(SEEDS, |text| range(&text));
    let mut steps = 0;
    let mut failures = Vec::new();
    for seed in seeds.clone() {
        let outcome = play(seed);
        steps += outcome.steps;
        if let Err(broken) = &outcome.verdict {
            println!("seed {seed} breaks a law, and is made smaller: {}", in_words(broken));
            failures.push(report(seed, shrink::shrink(outcome)));
        }
    }
    assert!(failures.is_empty(), "{} of {seeds:?} break a law\n{}", failures.len(), failures.join("\n"));
    println!("{} storms, {steps} turns", seeds.end - seeds.start);
}

#[test]
fn the_scenario_of_a_storm_is_played_again() {
    let Ok(path) = std::env::var("STORM_SCENARIO") else { return };
    let scenario = Scenario::from_yaml(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let mut script = VecDeque::from(scenario.inputs.clone());
    let outcome = run(&scenario, &mut script, true);
    if let Err(broken) = &outcome.verdict {
        for event in &outcome.recent {
            println!("{:>8} {}: {} {:?}", event.at.0, event.actor, event.object.key, event.fact);
        }
        panic!("{path}: {}", in_words(broken));
    }
    println!("{path}: no law is broken; {} turns, rest at {}", outcome.steps, outcome.world.now());
}

/// A storm with all its laws, those about repeating it included.
fn play(seed: u64) -> Outcome {
    let (start, mut storm) = Storm::of(seed);
    let mut outcome = run(&start, &mut storm, true);
    if outcome.verdict.is_ok() {
        outcome.verdict = the_same_seed_comes_to_the_same(seed, &outcome).and_then(|()| a_replay_is_the_same(&outcome));
    }
    outcome
}

/// The second time without its laws and, now and then, without its caches.
fn the_same_seed_comes_to_the_same(seed: u64, first: &Outcome) -> Result<(), Broken> {
    let (start, mut storm) = Storm::of(seed);
    let second = run(&start, &mut storm, false);
    let law = "the same seed comes to the same";
    let of = |outcome: &Outcome| (outcome.world.digest(), outcome.history, outcome.steps);
    laws::hold(law, &first.world, first.scenario == second.scenario, || "the inputs differ".to_owned())?;
    laws::hold(law, &first.world, of(first) == of(&second), || format!("{:x?} and {:x?}", of(first), of(&second)))
}

/// The scenario, written, read and played on a timeline.
fn a_replay_is_the_same(outcome: &Outcome) -> Result<(), Broken> {
    let law = "a replay of the scenario is the same";
    let at = outcome.world.now();
    let text = outcome.scenario.to_yaml().unwrap();
    let read = Scenario::from_yaml(&text).map_err(|error| Broken { law, at, what: error.to_string() })?;
    laws::hold(law, &outcome.world, read == outcome.scenario, || "it is read otherwise than written".to_owned())?;
    let mut timeline = Timeline::new(read).unwrap();
    let arrived = timeline.seek(at, TURNS_MAX).arrived;
    let (here, there) = (outcome.world.digest(), timeline.world().digest());
    laws::hold(law, &outcome.world, arrived && here == there, || format!("{here:x}, on a timeline {there:x}"))
}

/// Writes the scenario of a failure, and tells of it.
fn report(seed: u64, outcome: Outcome) -> String {
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("seed-{seed}.yaml"));
    std::fs::write(&path, outcome.scenario.to_yaml().unwrap()).unwrap();
    let words = outcome.verdict.as_ref().err().map(in_words).unwrap_or_default();
    let (inputs, path) = (outcome.storm_inputs, path.display());
    format!(
        "seed {seed}: {words}\n  {inputs} inputs; once more: \
         STORM_SCENARIO={path} cargo test --test simulation the_scenario_of_a_storm -- --nocapture"
    )
}

fn in_words(broken: &Broken) -> String {
    let Broken { law, at, what } = broken;
    format!("at {} ms the law \"{law}\" is broken: {what}", Time::since(*at, Time::ZERO))
}

/// `target/storm`, wherever the target folder is.
fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target")).join("storm")
}

/// `from..to`, without `to`.
fn range(text: &str) -> Range<u64> {
    let (from, to) = text.split_once("..").unwrap_or_else(|| panic!("STORM_SEEDS is from..to, not {text:?}"));
    from.parse().unwrap()..to.parse().unwrap()
}
