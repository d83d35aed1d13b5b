//! What the JavaScript class does, in plain Rust.

use crate::api::Node;
use crate::api::manifest::{self, Reading};
use crate::app::share::{self, Scene};
use crate::app::{self, Aside, NodePreset, Notice, NoticeKind, Origin, node_of};
use crate::base::{Millis, Problem, SECOND_MS, Time};
use crate::sim::{Command, Knobs};
use crate::timeline::{LAST_MOMENT, Scenario, Search, Timeline, sound};
use crate::view::event_objects::{EventObject, event_objects};
use crate::view::{self, EventRow, Frame, Grouping, describe};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most turns that one call runs; some seconds of work. The call says so if it needs more,
/// and asking again goes on.
const TURNS_A_CALL: usize = 2_000_000;
/// How far a call without a moment looks.
const HORIZON_MS: Millis = 3_600 * SECOND_MS;
/// Nodes if none are asked for.
const NODES_BY_DEFAULT: usize = 3;
/// Events that one call hands out: the newest.
const MAX_EVENTS: usize = 10_000;

/// A cluster and its timeline.
pub struct Player {
    timeline: Timeline,
    /// Those before a cluster was rebuilt from a text, and after.
    aside: Aside,
}

/// What `new` takes.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    /// Where random names come from.
    seed: Option<u64>,
    /// How long things take.
    knobs: Knobs,
    /// A number of workers, or nodes as objects.
    nodes: Value,
}

/// What became of a manifest.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// Whether it was accepted; if not, nothing was changed.
    pub accepted: bool,
    /// What kubectl says, a line an object (`daemonset.apps/nginx created`); or why it was
    /// refused.
    pub objects: Vec<String>,
    /// Errors and warnings, with their places in the text.
    pub problems: Vec<Problem>,
}

/// Where a call arrived.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Simulated time in milliseconds.
    pub now: Time,
    /// Nothing is left to happen.
    pub settled: bool,
}

impl Player {
    /// A cluster as the options (JSON; `null` for none) say.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(options: &str) -> Result<Player, String> {
        let options: Option<Options> = read("options", options)?;
        let Options { seed, knobs, nodes } = options.unwrap_or_default();
        let nodes = match nodes {
            Value::Null => workers(NODES_BY_DEFAULT)?,
            Value::Number(count) => {
                let count = count.as_u64().and_then(|count| usize::try_from(count).ok());
                workers(count.ok_or("options.nodes: not a number of nodes")?)?
            }
            list => serde_json::from_value(list).map_err(|error| format!("options.nodes: {error}"))?,
        };
        let scenario = Scenario { knobs, ..Scenario::of_nodes(nodes) };
        let seed = seed.unwrap_or(scenario.seed);
        Player::of(Scenario { seed, ..scenario })
    }

    /// A scenario (JSON or YAML), at the moment that it says as a saved file does, or at its start.
    ///
    /// # Errors
    /// What is wrong with it, or more work than one call does.
    pub fn from_scenario(text: &str) -> Result<Player, String> {
        let Scene { scenario, at, .. } = share::from_file(text)?.scene;
        let mut player = Player::of(scenario)?;
        player
            .go_to(at)
            .map_err(|_| format!("more than {TURNS_A_CALL} turns to the moment {at}: leave out `at`, and seek"))?;
        Ok(player)
    }

    fn of(scenario: Scenario) -> Result<Player, String> {
        let timeline = Timeline::new(scenario).map_err(|error| error.to_string())?;
        Ok(Player { timeline, aside: Aside::default() })
    }

    /// `kubectl apply -f` of a text at the moment shown: all of it or nothing. A picture of a cluster
    /// (`kubectl get … -o yaml`) is rebuilt, and takes the place of the one that was there.
    pub fn apply(&mut self, manifest: &str) -> Applied {
        let applied = self.applied(manifest);
        let notice = if applied.reading.found.is_some() {
            self.rebuild(applied.reading)
        } else {
            let branch = self.timeline.branch();
            let notice = app::apply(&mut self.timeline, applied);
            if self.timeline.branch() != branch {
                self.aside.forget_later();
            }
            notice
        };
        Applied {
            accepted: notice.kind == NoticeKind::Done,
            objects: notice.text.lines().map(str::to_owned).collect(),
            problems: notice.problems,
        }
    }

    fn rebuild(&mut self, reading: Reading) -> Notice {
        match app::rebuild(reading) {
            Ok((rebuild, notice)) => {
                self.aside.replaced((std::mem::replace(&mut self.timeline, rebuild.finish()), Origin::default()));
                notice
            }
            Err(refused) => refused,
        }
    }

    /// What `kubectl diff -f` of a text prints at the moment shown.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn diff(&self, manifest: &str) -> Result<String, String> {
        let manifest::Applied { reading, diff, .. } = self.applied(manifest);
        if reading.found.is_some() {
            return Err("this is a picture of a cluster: it is rebuilt, not compared".to_owned());
        }
        let errors = reading.problems.iter().filter(|problem| problem.is_error()).map(Problem::to_string);
        let errors: Vec<String> = errors.collect();
        if errors.is_empty() { Ok(diff) } else { Err(errors.join("\n")) }
    }

    fn applied(&self, manifest: &str) -> manifest::Applied {
        manifest::apply(manifest, *app::cluster(&self.timeline, manifest, ""))
    }

    /// Does a command (JSON) at the moment shown; what happened at once.
    ///
    /// # Errors
    /// Text that is no command, or the cluster's refusal.
    pub fn command(&mut self, command: &str) -> Result<Vec<EventRow>, String> {
        let command = sound(read::<Command>("command", command)?)?;
        let (before, _) = self.timeline.event_count();
        self.timeline.insert(vec![command]).map_err(|rejection| rejection.message)?;
        self.aside.forget_later();
        Ok(self.rows_from(before))
    }

    /// Goes to the next moment at which something happens; what happened then. Nothing, and
    /// no time passes, if nothing happens within an hour.
    ///
    /// # Errors
    /// More work than one call does.
    pub fn step(&mut self) -> Result<Vec<EventRow>, String> {
        let (before, _) = self.timeline.event_count();
        let origin = self.timeline.now();
        match self.timeline.run_to_event(None, origin + HORIZON_MS, TURNS_A_CALL) {
            Search::Found => Ok(self.rows_from(before)),
            Search::Nothing => self.go_to(origin).map(|_| Vec::new()),
            Search::Unfinished => Err(too_long("step")),
        }
    }

    /// Lets time pass until nothing is left to happen, but at most an hour.
    ///
    /// # Errors
    /// More work than one call does.
    pub fn settle(&mut self) -> Result<Moment, String> {
        let until = (self.timeline.now() + HORIZON_MS).min(LAST_MOMENT);
        let mut turns = 0;
        while !self.timeline.is_settled() {
            if turns >= TURNS_A_CALL {
                return Err(too_long("run"));
            }
            let wake_up_at = self.timeline.next_turn_at().filter(|at| *at <= until);
            let Some(at) = wake_up_at else {
                return self.go_to(until);
            };
            turns += self.timeline.run(at, TURNS_A_CALL).turns.max(1);
        }
        Ok(self.moment())
    }

    /// Goes to a moment, past or future, in milliseconds.
    ///
    /// # Errors
    /// What is no moment within the simulated day, or more work than one call does.
    pub fn seek(&mut self, ms: f64) -> Result<Moment, String> {
        if !(0.0..=LAST_MOMENT.0 as f64).contains(&ms) {
            return Err(format!("{ms} is not between 0 and {} milliseconds", LAST_MOMENT.0));
        }
        self.go_to(Time(ms.floor() as Millis))
    }

    /// Lets time pass up to a moment that is not past.
    ///
    /// # Errors
    /// As [`Player::seek`], and a moment in the past.
    pub fn run(&mut self, until_ms: f64) -> Result<Moment, String> {
        if until_ms < self.timeline.now().0 as f64 {
            return Err(format!("it is {} ms already; seek goes back", self.timeline.now().0));
        }
        self.seek(until_ms)
    }

    /// Takes the last command or manifest back, or does it again; whether there was one.
    ///
    /// # Errors
    /// More work than one call does.
    pub fn undo(&mut self, redo: bool) -> Result<bool, String> {
        let at = if redo { self.timeline.redo() } else { self.timeline.undo() };
        if let Some(at) = at {
            return self.go_to(at).map(|_| true);
        }
        let Some((other, _)) = self.aside.take(redo) else { return Ok(false) };
        self.aside.put((std::mem::replace(&mut self.timeline, other), Origin::default()), redo);
        Ok(true)
    }

    /// The board at the moment shown.
    #[must_use]
    pub fn frame(&self) -> Frame {
        view::project(self.timeline.world(), Grouping::Role, None)
    }

    /// The newest events up to the moment shown.
    #[must_use]
    pub fn events(&self) -> Vec<EventRow> {
        self.rows_from(self.timeline.event_count().0.saturating_sub(MAX_EVENTS))
    }

    /// The Event objects at the moment shown, as `kubectl get events` lists them.
    #[must_use]
    pub fn event_objects(&self) -> Vec<EventObject> {
        let (to, _) = self.timeline.event_count();
        event_objects(self.timeline.events(0, to).rev().map(|event| &**event), self.timeline.now())
    }

    /// Where we are.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { now: self.timeline.now(), settled: self.timeline.is_settled() }
    }

    /// The digest of the world shown, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("{:016x}", self.timeline.world().digest())
    }

    /// The scenario with all that was done, as JSON.
    ///
    /// # Errors
    /// None that are known of.
    pub fn scenario(&self) -> Result<String, String> {
        self.timeline.scenario().to_json().map_err(|error| error.to_string())
    }

    fn go_to(&mut self, at: Time) -> Result<Moment, String> {
        let run = self.timeline.seek(at, TURNS_A_CALL);
        if run.arrived { Ok(self.moment()) } else { Err(too_long("seek")) }
    }

    fn rows_from(&self, first: usize) -> Vec<EventRow> {
        let (to, _) = self.timeline.event_count();
        self.timeline.events(first, to).map(|event| describe::event_row(event)).collect()
    }
}

fn workers(count: usize) -> Result<Vec<Node>, String> {
    // Asked before they are made.
    if count > crate::timeline::MAX_NODES {
        return Err(format!("options.nodes: {count} nodes; at most {} are simulated", crate::timeline::MAX_NODES));
    }
    Ok((1..=count).map(|number| node_of(NodePreset::Worker, number)).collect())
}

fn read<'de, T: Deserialize<'de>>(what: &str, json: &'de str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|error| format!("{what}: {error}"))
}

fn too_long(call: &str) -> String {
    format!("{call}: not there after {TURNS_A_CALL} turns; call it again to go on")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_say_what_is_wrong() {
        let check = |options: &str, want: &str| {
            let error = Player::new(options).err().unwrap_or_default();
            assert!(error.contains(want), "{options}: {error:?}");
        };
        check(r#"{"node":3}"#, "options: unknown field `node`");
        check(r#"{"nodes":-1}"#, "options.nodes: not a number of nodes");
        check(r#"{"nodes":1.5}"#, "options.nodes: not a number of nodes");
        check(r#"{"nodes":1000000000000}"#, "at most 15000");
        check(r#"{"nodes":"three"}"#, "options.nodes: invalid type");
        check(r#"{"nodes":[{"metadata":{}}]}"#, "nodes[0].metadata.name: Required value");
        check(r#"{"seed":-1}"#, "options: invalid value");
        check(r#"{"knobs":{"pull":1}}"#, "unknown field `pull`");
        check("[", "options: ");
        check(&"[".repeat(100_000), "options: ");
    }

    #[test]
    fn commands_say_what_is_wrong() {
        let mut player = Player::new("null").unwrap();
        let before = player.digest();
        let mut check = |command: &str, want: &str| {
            let error = player.command(command).err().unwrap_or_default();
            assert!(error.contains(want), "{command}: {error:?}");
        };
        check(r#"{"do":"fly"}"#, "unknown variant `fly`");
        check(r#"{"do":"deleteNode"}"#, "missing field `name`");
        check(r#"{"do":"deleteNode","name":"nosuch"}"#, "nodes \"nosuch\" not found");
        check("null", "command: ");
        assert_eq!(player.digest(), before);
    }

    #[test]
    fn moments_are_within_the_day() {
        let mut player = Player::new(r#"{"nodes":0}"#).unwrap();
        for ms in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            assert!(player.seek(ms).is_err(), "{ms}");
            assert!(player.run(ms).is_err(), "{ms}");
        }
        assert_eq!(player.seek(1_500.9), Ok(Moment { now: Time(1_500), settled: true }));
        assert!(player.run(1_000.0).unwrap_err().contains("1500 ms already"));
        assert_eq!(player.step(), Ok(Vec::new()));
        assert_eq!(player.moment().now, Time(1_500), "no time passes where nothing happens");
    }

    #[test]
    fn scenarios_go_out_and_in() {
        let mut player = Player::new(r#"{"nodes":2,"seed":9}"#).unwrap();
        player.command(r#"{"do":"cordonNode","name":"worker-1","unschedulable":true}"#).unwrap();
        player.settle().unwrap();
        let mut again = Player::from_scenario(&player.scenario().unwrap()).unwrap();
        again.seek(player.moment().now.0 as f64).unwrap();
        assert_eq!(again.digest(), player.digest());
        assert_eq!(again.events(), player.events());
        assert_eq!(player.undo(false), Ok(true));
        assert_eq!(player.undo(false), Ok(false));
        assert_eq!(player.undo(true), Ok(true));
        assert_eq!(again.digest(), player.digest());
    }
}
