//! A storm from a seed: a cluster, what runs on it, and what is done to it. Chooses among the
//! objects that are there, so that most commands hit something.

use super::run::Source;
use daemonset_playground::api::manifest::{Object, read};
use daemonset_playground::api::{DaemonSet, Key, Node, Taint, TaintEffect};
use daemonset_playground::app::{NodePreset, node_of};
use daemonset_playground::base::{Millis, Rare, Rng, Time};
use daemonset_playground::sim::{Cascade, Command, Fault, Faults, Knobs, World};
use daemonset_playground::timeline::Scenario;

/// Keys of the taints that storms add; the end of a storm takes them away.
pub const TAINTS: [&str; 3] = ["dedicated", "maintenance", "storm.example/bad"];
/// The label by which some DaemonSets choose their nodes.
const DISK: &str = "disk";
const NAMES: [&str; 3] = ["agent", "logger", "probe"];
const PRESETS: [NodePreset; 6] = [
    NodePreset::Worker,
    NodePreset::ControlPlane,
    NodePreset::Gpu,
    NodePreset::Windows,
    NodePreset::Spot,
    NodePreset::Edge,
];
const STRATEGIES: [&str; 9] = [
    "{rollingUpdate: {maxUnavailable: 1}}",
    "{rollingUpdate: {maxUnavailable: 2}}",
    "{rollingUpdate: {maxUnavailable: 34%}}",
    "{rollingUpdate: {maxUnavailable: 100%}}",
    "{rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}",
    "{rollingUpdate: {maxUnavailable: 0, maxSurge: 50%}}",
    "{rollingUpdate: {maxUnavailable: 0, maxSurge: 100%}}",
    "{type: OnDelete}",
    "{rollingUpdate: {maxUnavailable: 50%}}",
];
const TOLERATIONS: [&str; 6] = [
    "[]",
    "[{operator: Exists}]",
    "[{key: dedicated, operator: Exists}]",
    "[{key: maintenance, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]",
    "[{key: node-role.kubernetes.io/control-plane, operator: Exists}, {key: spot, operator: Exists}]",
    "[{key: storm.example/bad, operator: Exists, effect: NoSchedule}]",
];
/// Good images, and those that the kubelet takes for faults.
const IMAGES: [&str; 10] = ["a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "slowstop:1", "a:bad", "a:crash", "notready:1"];

/// A DaemonSet that is wanted: what its manifest is made from.
#[derive(Clone)]
struct Wanted {
    name: &'static str,
    image: &'static str,
    strategy: &'static str,
    tolerations: &'static str,
    min_ready_seconds: u64,
    on_ssd: bool,
    host_port: Option<u16>,
    greedy: bool,
    grace_seconds: u64,
    /// Its selector also matches the pods of the others.
    selects_all: bool,
}

impl Wanted {
    fn any(rng: &mut Rng, name: &'static str) -> Wanted {
        Wanted {
            name,
            image: pick(rng, &IMAGES),
            strategy: pick(rng, &STRATEGIES),
            tolerations: pick(rng, &TOLERATIONS),
            min_ready_seconds: if rng.below(3) == 0 { 1 + rng.below(8) } else { 0 },
            on_ssd: rng.below(4) == 0,
            host_port: (rng.below(3) == 0).then(|| pick(rng, &[9_100, 9_200])),
            greedy: rng.below(4) == 0,
            grace_seconds: pick(rng, &[30, 2, 10]),
            selects_all: rng.below(8) == 0,
        }
    }

    /// Another wish for the same DaemonSet: mostly another image.
    fn change(&mut self, rng: &mut Rng) {
        let other = Wanted::any(rng, self.name);
        match rng.below(10) {
            0..6 => self.image = other.image,
            6 | 7 => self.strategy = other.strategy,
            8 => (self.tolerations, self.on_ssd) = (other.tolerations, other.on_ssd),
            _ => *self = Wanted { selects_all: self.selects_all, ..other },
        }
    }

    fn object(&self) -> DaemonSet {
        let Wanted { name, image, strategy, tolerations, min_ready_seconds, grace_seconds, .. } = self;
        let selector = if self.selects_all { "{family: storm}".to_owned() } else { format!("{{app: {name}}}") };
        let node_selector = if self.on_ssd { "{disk: ssd}" } else { "{}" };
        let ports =
            self.host_port.map_or_else(|| "[]".to_owned(), |p| format!("[{{containerPort: {p}, hostPort: {p}}}]"));
        let cpu = if self.greedy { "700m" } else { "50m" };
        let text = format!(
            "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}}}\nspec:\n  \
             minReadySeconds: {min_ready_seconds}\n  revisionHistoryLimit: 3\n  updateStrategy: {strategy}\n  \
             selector: {{matchLabels: {selector}}}\n  template:\n    \
             metadata: {{labels: {{app: {name}, family: storm}}}}\n    spec:\n      nodeSelector: {node_selector}\n      \
             tolerations: {tolerations}\n      terminationGracePeriodSeconds: {grace_seconds}\n      containers:\n      \
             - {{name: main, image: '{image}', ports: {ports}, resources: {{requests: {{cpu: {cpu}}}}}}}\n"
        );
        let reading = read(&text);
        assert!(!reading.has_errors(), "{:?}\n{text}", reading.problems);
        match reading.objects.into_iter().next().unwrap().object {
            Object::DaemonSet(daemon_set) => *daemon_set,
            other => panic!("{other:?}"),
        }
    }
}

/// A storm in the making: its next inputs follow from the seed and from what has come of the
/// inputs before.
pub struct Storm {
    rng: Rng,
    wanted: Vec<Wanted>,
    /// How many of them are still to be created for the first time.
    unborn: usize,
    left: u64,
    at: Time,
    next_node: usize,
}

impl Storm {
    /// The cluster as the storm finds it, and the storm.
    pub fn of(seed: u64) -> (Scenario, Storm) {
        let mut rng = Rng::new(seed ^ 0x0057_0124_d5e7_0000);
        let nodes = match rng.below(12) {
            0 => 10 + rng.below(21),
            1..4 => 6 + rng.below(7),
            _ => 3 + rng.below(4),
        };
        let nodes: Vec<Node> = (1..=nodes).map(|number| any_node(&mut rng, number as usize)).collect();
        let count = 1 + rng.below(3) as usize;
        let wanted: Vec<Wanted> = NAMES[..count].iter().map(|name| Wanted::any(&mut rng, name)).collect();
        let start = Scenario { seed, knobs: any_knobs(&mut rng), ..Scenario::of_nodes(nodes) };
        let next_node = start.nodes.len() + 1;
        let left = 8 + rng.below(25);
        (start, Storm { rng, unborn: count, wanted, left, at: Time::ZERO, next_node })
    }

    /// None now and then within an instant, else some seconds, seldom minutes: long enough for
    /// the node lifecycle controller and the pod garbage collector.
    fn pause(&mut self) -> Millis {
        let below = match self.rng.below(16) {
            0..4 => 1,
            4..8 => 400,
            8..15 => 9_000,
            _ => 150_000,
        };
        self.rng.below(below) as Millis
    }

    fn node(&mut self, world: &World) -> String {
        let nodes = &world.store().nodes;
        let index = self.rng.below(nodes.len() as u64) as usize;
        // Now and then one that is not there.
        nodes.keys().nth(index).filter(|_| self.rng.below(40) > 0).cloned().unwrap_or_else(|| "nowhere".to_owned())
    }

    /// A node about which something is true, if there is one: repairs should find what broke.
    fn node_that(&mut self, world: &World, holds: impl Fn(&Node) -> bool) -> String {
        let found: Vec<&str> = world.store().nodes.values().filter(|n| holds(n)).map(|n| n.name()).collect();
        if found.is_empty() { self.node(world) } else { pick(&mut self.rng, &found).to_owned() }
    }

    fn taint(&mut self) -> Taint {
        let effect = pick(&mut self.rng, &[TaintEffect::NoSchedule, TaintEffect::NoExecute]);
        Taint::new(pick(&mut self.rng, &TAINTS), effect)
    }

    fn apply_changed(&mut self) -> Command {
        let index = self.rng.below(self.wanted.len() as u64) as usize;
        self.wanted[index].change(&mut self.rng);
        apply(&self.wanted[index])
    }

    fn any_command(&mut self, world: &World) -> Command {
        match self.rng.below(34) {
            0..9 => self.apply_changed(),
            9..12 => {
                self.next_node += 1;
                Command::AddNode { node: Box::new(any_node(&mut self.rng, self.next_node)) }
            }
            12 | 13 => Command::DeleteNode { name: self.node(world) },
            14..17 => {
                let fault = pick(&mut self.rng, &[Fault::Unreachable, Fault::NotReady]);
                Command::BreakNode { name: self.node(world), fault }
            }
            17..19 => Command::RepairNode { name: self.node_that(world, |node| world.fault(node.name()).is_some()) },
            19 | 20 => Command::CordonNode { unschedulable: self.rng.below(2) == 0, name: self.node(world) },
            21..24 => Command::TaintNode { taint: self.taint(), name: self.node(world) },
            24 | 25 => {
                let taint = self.taint();
                let name = self.node_that(world, |node| node.spec.taints.iter().any(|known| known.key == taint.key));
                Command::UntaintNode { name, key: taint.key, effect: None }
            }
            26 | 27 => {
                let value = pick(&mut self.rng, &[Some("ssd"), Some("hdd"), None]).map(str::to_owned);
                Command::LabelNode { name: self.node(world), key: DISK.to_owned(), value }
            }
            28..32 => {
                let pods: Vec<&Key> = world.store().pods.keys().collect();
                if pods.is_empty() {
                    return self.apply_changed();
                }
                Command::DeletePod { key: pick(&mut self.rng, &pods).clone() }
            }
            _ => {
                let cascade = pick(&mut self.rng, &[Cascade::Background, Cascade::Foreground, Cascade::Orphan]);
                let names: Vec<&str> = self.wanted.iter().map(|wanted| wanted.name).collect();
                Command::DeleteDaemonSet { key: Key::new("default", pick(&mut self.rng, &names)), cascade }
            }
        }
    }
}

impl Source for Storm {
    fn next_at(&mut self) -> Option<Time> {
        if self.unborn == 0 {
            self.left = self.left.checked_sub(1)?;
        }
        self.at = self.at + self.pause();
        Some(self.at)
    }

    fn command(&mut self, world: &World) -> Command {
        if self.unborn > 0 {
            self.unborn -= 1;
            return apply(&self.wanted[self.unborn]);
        }
        self.any_command(world)
    }
}

fn apply(wanted: &Wanted) -> Command {
    Command::ApplyDaemonSet { daemon_set: Box::new(wanted.object()) }
}

fn any_node(rng: &mut Rng, number: usize) -> Node {
    let kind = if rng.below(2) == 0 { NodePreset::Worker } else { pick(rng, &PRESETS) };
    let mut node = node_of(kind, number);
    if rng.below(2) == 0 {
        node.metadata.labels_mut().insert(DISK.to_owned(), pick(rng, &["ssd", "hdd"]).to_owned());
    }
    node
}

/// Each latency by itself as usual, none at all, short, or so long that things overtake
/// each other; in half of the storms requests that are refused, in half watches that lag.
fn any_knobs(rng: &mut Rng) -> Knobs {
    let usual = Knobs::default();
    let tie_order = if rng.below(2) == 0 { 0 } else { 1 + rng.below(1_000) as u32 };
    let faults = Rare(Faults {
        refused_permille: if rng.below(2) == 0 { 0 } else { pick(rng, &[10, 100, 300]) },
        watch_lag_ms: if rng.below(2) == 0 { 0 } else { 1 + rng.below(4_000) as Millis },
    });
    let mut any = |usual_ms: Millis, long_ms: u64| match rng.below(8) {
        0 => 0,
        1 => 1 + rng.below(20) as Millis,
        2 | 3 => rng.below(long_ms) as Millis,
        _ => usual_ms,
    };
    Knobs {
        watch_latency_ms: any(usual.watch_latency_ms, 3_000),
        api_latency_ms: any(usual.api_latency_ms, 400),
        bind_latency_ms: any(usual.bind_latency_ms, 2_000),
        scheduling_cycle_ms: any(usual.scheduling_cycle_ms, 200),
        sandbox_ms: any(usual.sandbox_ms, 5_000),
        image_pull_ms: any(usual.image_pull_ms, 40_000),
        container_start_ms: any(usual.container_start_ms, 4_000),
        container_stop_ms: any(usual.container_stop_ms, 12_000),
        pod_cleanup_ms: any(usual.pod_cleanup_ms, 2_000),
        node_ready_ms: any(usual.node_ready_ms, 20_000),
        tie_order,
        faults,
        ..usual
    }
}

fn pick<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.below(of.len() as u64) as usize]
}
