//! Plays a storm on a world under the laws, then calms it: what can be repaired is repaired,
//! and all must come to rest. Notes every input, so that the whole can be played again.

use super::generate::TAINTS;
use super::laws::{self, Broken, Laws};
use daemonset_playground::api::{DaemonSet, Node, ObjectMeta, Pod};
use daemonset_playground::base::{Digest, Millis, SECOND_MS, Time};
use daemonset_playground::sim::{Command, Event, World};
use daemonset_playground::timeline::{Input, Scenario};
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// How long after the last input, and after each other, the rounds of calming are.
const CALM_AFTER_MS: Millis = 5 * SECOND_MS;
const CALM_AGAIN_MS: Millis = 60 * SECOND_MS;
/// Most rounds of calming: what the second leaves is what was under way in the first.
const CALM_ROUNDS: usize = 5;
/// A calm cluster rests within this time.
const REST_WITHIN_MS: Millis = 3_600 * SECOND_MS;
/// More steps than any storm takes.
const STEPS_MAX: usize = 400_000;
/// After so many steps a world that is not judged loses its caches.
const FORGETS_EVERY: usize = 97;
/// How many events are kept to be shown with a broken law.
const RECENT_MAX: usize = 60;

/// Where the inputs come from: a storm in the making, or a script.
pub trait Source {
    /// When the next one is, if there is one.
    fn next_at(&mut self) -> Option<Time>;
    /// What it is; asked for once, at that time.
    fn command(&mut self, world: &World) -> Command;
}

/// Inputs that are known beforehand.
impl Source for VecDeque<Input> {
    fn next_at(&mut self) -> Option<Time> {
        self.front().map(|input| input.at)
    }

    fn command(&mut self, _: &World) -> Command {
        self.pop_front().unwrap().command
    }
}

/// What came of a storm.
pub struct Outcome {
    /// All that was done, the calming included.
    pub scenario: Scenario,
    /// How many of the inputs are the storm's own.
    pub storm_inputs: usize,
    /// The world at its end.
    pub world: World,
    /// Digest of all events.
    pub history: u64,
    /// Turns of components.
    pub steps: usize,
    /// The last events.
    pub recent: VecDeque<Event>,
    /// The law that was broken, if one was.
    pub verdict: Result<(), Broken>,
}

struct Play {
    world: World,
    scenario: Scenario,
    storm_inputs: Option<usize>,
    laws: Option<Laws>,
    history: Digest,
    steps: usize,
    recent: VecDeque<Event>,
}

/// Plays `source` on the cluster of `start`; without `judged` only to see what comes of it, with
/// caches dropped as they may be at any moment.
pub fn run(start: &Scenario, source: &mut dyn Source, judged: bool) -> Outcome {
    let scenario = Scenario { inputs: Vec::new(), ..start.clone() };
    let mut play = Play {
        world: World::new(scenario.seed, scenario.knobs.clamped(), scenario.nodes.clone()),
        scenario,
        storm_inputs: None,
        laws: judged.then(Laws::default),
        history: Digest::default(),
        steps: 0,
        recent: VecDeque::new(),
    };
    let verdict = catch_unwind(AssertUnwindSafe(|| play.play(source)));
    let at = play.world.now();
    let verdict = verdict.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Broken { law: "never panics, and invariants hold", at, what: text.unwrap_or_default() })
    });
    if verdict.is_err() && play.storm_inputs.is_none() {
        // A last input that is refused: a repetition must not calm before this moment.
        play.scenario.inputs.push(Input { at, command: Command::RepairNode { name: "the end".to_owned() } });
    }
    let inputs = play.scenario.inputs.len();
    Outcome {
        scenario: play.scenario,
        storm_inputs: play.storm_inputs.unwrap_or(inputs),
        world: play.world,
        history: play.history.finish(),
        steps: play.steps,
        recent: play.recent,
        verdict,
    }
}

impl Play {
    fn play(&mut self, source: &mut dyn Source) -> Result<(), Broken> {
        while let Some(at) = source.next_at() {
            self.pass(at)?;
            let command = source.command(&self.world);
            self.input(command)?;
        }
        self.storm_inputs = Some(self.scenario.inputs.len());
        self.pass(self.world.now() + CALM_AFTER_MS)?;
        self.calm(repairs)?;
        self.judge_rest(false)?;
        self.calm(new_images)?;
        self.judge_rest(true)
    }

    /// Does what calms the cluster until nothing is left to do or to happen.
    fn calm(&mut self, calming: fn(&World) -> Vec<Command>) -> Result<(), Broken> {
        for _ in 0..CALM_ROUNDS {
            let commands = calming(&self.world);
            if commands.is_empty() {
                break;
            }
            for command in commands {
                self.input(command)?;
            }
            self.pass(self.world.now() + CALM_AGAIN_MS)?;
        }
        self.pass_to(self.world.now() + REST_WITHIN_MS, false)?;
        match self.world.next_wakeup() {
            None => Ok(()),
            Some(at) => {
                let what = format!("an hour after all is repaired something is still to happen, at {at}");
                Err(Broken { law: "settles once input stops", at: self.world.now(), what })
            }
        }
    }

    fn judge_rest(&self, all_synced: bool) -> Result<(), Broken> {
        self.laws.as_ref().map_or(Ok(()), |laws| laws.at_rest(&self.world, all_synced))
    }

    /// Lets everything up to `at` happen, and time pass.
    fn pass(&mut self, at: Time) -> Result<(), Broken> {
        self.pass_to(at, true)
    }

    fn pass_to(&mut self, at: Time, and_time: bool) -> Result<(), Broken> {
        while self.world.next_wakeup().is_some_and(|due| due <= at) {
            let before = self.world.now();
            let events = self.world.step();
            self.steps += 1;
            self.judge(before, &events)?;
            if self.laws.is_none() && self.steps.is_multiple_of(FORGETS_EVERY) {
                // A copy has none.
                self.world = self.world.clone();
            }
            if self.steps > STEPS_MAX {
                let what = format!("{STEPS_MAX} steps, and no end");
                return Err(Broken { law: "settles once input stops", at: self.world.now(), what });
            }
        }
        if and_time {
            self.world.advance_to(at);
        }
        Ok(())
    }

    fn input(&mut self, command: Command) -> Result<(), Broken> {
        let at = self.world.now();
        self.scenario.inputs.push(Input { at, command: command.clone() });
        let before = self.laws.is_some().then(|| self.world.digest());
        match self.world.apply(&command) {
            Ok(events) => self.judge(at, &events)?,
            Err(refusal) => laws::refusals_change_nothing(&self.world, before, &command, &refusal)?,
        }
        // What is due at this instant happens before the next input, as on a timeline.
        self.pass(at)
    }

    fn judge(&mut self, before: Time, events: &[Event]) -> Result<(), Broken> {
        events.hash(&mut self.history);
        self.recent.extend(events.iter().cloned());
        while self.recent.len() > RECENT_MAX {
            self.recent.pop_front();
        }
        match &mut self.laws {
            Some(laws) => laws.after(&self.world, before, events),
            None => Ok(()),
        }
    }
}

/// What makes all well again: machines repaired, the storm's taints and cordons gone, no
/// images and pods that cannot run. Nothing, if all is well.
fn repairs(world: &World) -> Vec<Command> {
    let store = world.store();
    let mut commands: Vec<Command> = store.nodes.values().flat_map(|node| repairs_of(world, node)).collect();
    let images = store.daemon_sets.values().filter(|ds| is_impossible(&ds.spec.template.spec.containers[0].image));
    commands.extend(images.map(|daemon_set| with_image(daemon_set, "repaired:1")));
    let stuck = |pod: &&Rc<Pod>| !pod.is_deleting() && is_impossible(&pod.spec.containers[0].image);
    commands.extend(store.pods.values().filter(stuck).map(|pod| Command::DeletePod { key: pod.key() }));
    commands
}

/// A new image for every DaemonSet: news that makes the controller sync each of them.
fn new_images(world: &World) -> Vec<Command> {
    let (image, store) = ("calm:1", world.store());
    let old = store.daemon_sets.values().filter(|ds| ds.spec.template.spec.containers[0].image != image);
    old.map(|daemon_set| with_image(daemon_set, image)).collect()
}

fn with_image(daemon_set: &DaemonSet, image: &str) -> Command {
    let ObjectMeta { name, namespace, .. } = daemon_set.metadata.clone();
    let metadata = ObjectMeta { name, namespace, ..ObjectMeta::default() };
    let mut wanted = DaemonSet { metadata, spec: daemon_set.spec.clone(), ..DaemonSet::default() };
    Rc::make_mut(&mut wanted.spec.template).spec.containers[0].image = image.to_owned();
    Command::ApplyDaemonSet { daemon_set: Box::new(wanted) }
}

fn repairs_of(world: &World, node: &Node) -> Vec<Command> {
    let name = node.name().to_owned();
    let mut commands = Vec::new();
    if world.fault(&name).is_some() {
        commands.push(Command::RepairNode { name: name.clone() });
    }
    if node.spec.unschedulable {
        commands.push(Command::CordonNode { name: name.clone(), unschedulable: false });
    }
    for key in TAINTS.iter().filter(|key| node.spec.taints.iter().any(|taint| taint.key == **key)) {
        commands.push(Command::UntaintNode { name: name.clone(), key: (*key).to_owned(), effect: None });
    }
    commands
}

/// Whether a container of the image never becomes ready, or does not stay so.
fn is_impossible(image: &str) -> bool {
    image.contains(":bad") || image.contains(":crash") || image.contains("notready")
}
