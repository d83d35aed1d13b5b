//! A cluster to test with: short commands, and questions about its state.

use daemonset_playground::api::manifest::{Object, read};
use daemonset_playground::api::{DaemonSet, Key, Kind, Node, Pod, Taint, TaintEffect};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Cascade, Command, Event, Fact, Fault, Knobs, World};
use std::collections::BTreeSet;
use std::rc::Rc;

/// More steps than any of these small clusters takes to settle.
const STEPS_MAX: usize = 20_000;

/// A control-plane node and `workers` workers; everything is about DaemonSet `default/nginx`.
pub struct Cluster {
    pub world: World,
    pub events: Vec<Event>,
}

/// A DaemonSet called nginx; `template_spec` and `spec` are further YAML lines, indented by
/// six and two spaces.
pub fn nginx(image: &str, template_spec: &str, spec: &str) -> DaemonSet {
    let text = format!(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: nginx\nspec:\n{spec}  selector:\n    matchLabels: {{app: nginx}}\n  \
         template:\n    metadata:\n      labels: {{app: nginx}}\n    spec:\n{template_spec}      containers:\n      - name: nginx\n        image: {image}\n"
    );
    let reading = read(&text);
    assert!(reading.problems.is_empty(), "{:?}\n{text}", reading.problems);
    match reading.objects.into_iter().next().unwrap().object {
        Object::DaemonSet(daemon_set) => *daemon_set,
        other => panic!("{other:?}"),
    }
}

pub fn node(name: &str) -> Node {
    let control_plane = name.starts_with("control-plane");
    let text = if control_plane {
        format!(
            r#"{{"metadata":{{"name":"{name}","labels":{{"node-role.kubernetes.io/control-plane":""}}}},
                "spec":{{"taints":[{{"key":"node-role.kubernetes.io/control-plane","effect":"NoSchedule"}}]}}}}"#
        )
    } else {
        format!(r#"{{"metadata":{{"name":"{name}"}}}}"#)
    };
    serde_json::from_str(&text).unwrap()
}

impl Cluster {
    pub fn new(workers: usize) -> Cluster {
        let names = (1..=workers).map(|n| format!("worker-{n}"));
        let nodes = std::iter::once("control-plane".to_owned()).chain(names).map(|name| node(&name)).collect();
        Cluster { world: World::new(42, Knobs::default(), nodes), events: Vec::new() }
    }

    pub fn key() -> Key {
        Key::new("default", "nginx")
    }

    pub fn command(&mut self, command: Command) -> &mut Cluster {
        let events = self.world.apply(&command).unwrap();
        self.events.extend(events);
        self
    }

    pub fn apply(&mut self, daemon_set: DaemonSet) -> &mut Cluster {
        self.command(Command::ApplyDaemonSet { daemon_set: Box::new(daemon_set) })
    }

    pub fn taint(&mut self, name: &str, effect: TaintEffect) -> &mut Cluster {
        self.command(Command::TaintNode { name: name.into(), taint: Taint::new("dedicated", effect) })
    }

    pub fn break_node(&mut self, name: &str) -> &mut Cluster {
        self.command(Command::BreakNode { name: name.into(), fault: Fault::Unreachable })
    }

    pub fn delete(&mut self, cascade: Cascade) -> &mut Cluster {
        self.command(Command::DeleteDaemonSet { key: Cluster::key(), cascade })
    }

    /// Until nothing is left to happen.
    pub fn settle(&mut self) -> &mut Cluster {
        self.settle_watching(|_| {})
    }

    /// Until nothing is left to happen; `watch` sees the world after every step.
    pub fn settle_watching(&mut self, mut watch: impl FnMut(&Cluster)) -> &mut Cluster {
        for _ in 0..STEPS_MAX {
            if self.world.next_wakeup().is_none() {
                return self;
            }
            let events = self.world.step();
            self.events.extend(events);
            watch(self);
        }
        panic!("does not settle");
    }

    /// Until something holds.
    pub fn run_until(&mut self, holds: impl Fn(&Cluster) -> bool) -> &mut Cluster {
        for _ in 0..STEPS_MAX {
            if holds(self) {
                return self;
            }
            let events = self.world.step();
            self.events.extend(events);
        }
        panic!("does not come about");
    }

    /// For so many milliseconds.
    pub fn run(&mut self, ms: i64) -> &mut Cluster {
        let until = self.world.now() + ms;
        while self.world.next_wakeup().is_some_and(|at| at <= until) {
            let events = self.world.step();
            self.events.extend(events);
        }
        self.world.advance_to(until);
        self
    }

    pub fn pods(&self) -> Vec<&Rc<Pod>> {
        self.world.store().pods.values().collect()
    }

    /// Nodes with a pod that is ready.
    pub fn ready_on(&self) -> BTreeSet<&str> {
        self.pods().iter().filter(|pod| pod.is_ready()).filter_map(|pod| pod.node_name.as_deref()).collect()
    }

    pub fn available(&self, min_ready_seconds: i32) -> usize {
        let now = self.world.now();
        self.pods().iter().filter(|pod| !pod.is_deleting() && pod.is_available(min_ready_seconds, now)).count()
    }

    pub fn images(&self) -> BTreeSet<&str> {
        self.pods().iter().map(|pod| pod.spec.containers[0].image.as_str()).collect()
    }

    /// DESIRED, CURRENT, READY, UP-TO-DATE, AVAILABLE, and misscheduled.
    pub fn columns(&self) -> [i32; 6] {
        let status = &self.world.store().daemon_sets[&Cluster::key()].status;
        [
            status.desired_number_scheduled,
            status.current_number_scheduled,
            status.number_ready,
            status.updated_number_scheduled,
            status.number_available,
            status.number_misscheduled,
        ]
    }

    pub fn revisions(&self) -> Vec<i64> {
        let mut numbers: Vec<i64> = self.world.store().revisions.values().map(|revision| revision.revision).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Times and messages of the Kubernetes Events with this reason.
    pub fn recorded(&self, wanted: &str) -> Vec<(Time, String)> {
        let with_reason = |event: &'_ Event| match &event.fact {
            Fact::Recorded { reason, message, .. } if reason == wanted => Some(message.clone()),
            _ => None,
        };
        self.events.iter().filter_map(|event| Some((event.at, with_reason(event)?))).collect()
    }

    /// When the last pod was removed.
    pub fn last_removal(&self) -> Option<Time> {
        let removed = |event: &&Event| event.fact == Fact::Removed && event.object.kind == Kind::Pod;
        self.events.iter().rev().find(removed).map(|event| event.at)
    }
}
