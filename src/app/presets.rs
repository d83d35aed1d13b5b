//! Scenes to start from: a manifest, the machines, and what to try. The manifests are files
//! in `presets/`; `tests/presets.rs` runs each and knows how it must end.

use super::intent::NodePreset;
use super::nodes::several;
use crate::api::Node;
use crate::api::manifest::{self, Object};
use crate::base::Map;

/// A scene.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Identifies it, also in links.
    pub id: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What is going on, in one line.
    pub summary: &'static str,
    /// The manifest text.
    pub manifest: &'static str,
    /// The machines.
    pub nodes: fn() -> Vec<Node>,
    /// Three things to try.
    pub tries: &'static [&'static str],
}

impl Preset {
    /// The scene with this id.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.id == id)
    }

    /// What its manifest holds. Read beforehand, into `presets.bin`: the page opens without
    /// the reader of manifests.
    #[must_use]
    pub fn objects(&self) -> Vec<Object> {
        let mut read: Map<String, Vec<Object>> = borsh::from_slice(READ).unwrap_or_default();
        read.remove(self.id).unwrap_or_default()
    }
}

/// What `presets.bin` has to hold: the objects of each manifest.
///
/// # Errors
/// A manifest that has errors.
pub fn read_presets() -> Result<Vec<u8>, String> {
    let objects = |preset: &Preset| {
        let reading = manifest::read(preset.manifest);
        match reading.problems.iter().find(|problem| problem.is_error()) {
            Some(problem) => Err(format!("{}: {problem}", preset.id)),
            None => Ok((preset.id.to_owned(), reading.objects.into_iter().map(|read| read.object).collect())),
        }
    };
    let all: Map<String, Vec<Object>> = PRESETS.iter().map(objects).collect::<Result<_, _>>()?;
    borsh::to_vec(&all).map_err(|error| error.to_string())
}

/// Written by `cargo run --bin conformance -- presets > src/app/presets.bin`; a test proves
/// that it is what the manifests say.
static READ: &[u8] = include_bytes!("presets.bin");

/// All scenes; the page opens with the first.
pub static PRESETS: &[Preset] = &[
    Preset {
        id: "nginx",
        title: "nginx on every node",
        summary: "Three workers, three pods; the control plane's taint keeps nginx off it.",
        manifest: include_str!("presets/nginx.yaml"),
        nodes: || workers(3),
        tries: &[
            "Add two workers: the pods come without a word about replicas.",
            "Delete a pod: it comes back on the same node.",
            "Delete a worker: its pod stays in the API until pod GC collects it, 40 s or more later.",
        ],
    },
    Preset {
        id: "workers-only",
        title: "Workers only",
        summary: "A nodeSelector wants the worker role; worker-4 lacks the label and gets no pod.",
        manifest: include_str!("presets/workers-only.yaml"),
        nodes: || with_worker_role(workers(4), 3),
        tries: &[
            "Label worker-4 with node-role.kubernetes.io/worker= and a pod appears.",
            "Remove the label from worker-1: its running pod is deleted.",
            "Add a worker: it joins without the role, so nothing happens.",
        ],
    },
    Preset {
        id: "control-plane",
        title: "Control plane too",
        summary: "node-exporter tolerates the control plane's taint and so runs on every node.",
        manifest: include_str!("presets/control-plane.yaml"),
        nodes: || workers(3),
        tries: &[
            "Take the toleration out of the manifest and apply: the pod on the control plane is deleted and none takes its place.",
            "Taint a worker with dedicated=db:NoExecute: this taint is not tolerated, and the pod goes.",
            "Cordon a worker and delete its pod: a new one starts there all the same.",
        ],
    },
    Preset {
        id: "fluentd",
        title: "Log agent with host access",
        summary: "fluentd mounts /var/log of its node by hostPath and ships what it reads there.",
        manifest: include_str!("presets/fluentd.yaml"),
        nodes: || workers(3),
        tries: &[
            "Make a worker unreachable: within a minute it is tainted, and DESIRED no longer counts it.",
            "Add a worker: its logs are read as soon as its pod is up.",
            "Delete the DaemonSet with cascade orphan, then apply it again: it adopts the pods.",
        ],
    },
    Preset {
        id: "rolling-update",
        title: "Rolling update, maxUnavailable 1",
        summary: "Six nodes and a budget of one: a change of the image goes node by node.",
        manifest: include_str!("presets/rolling-update.yaml"),
        nodes: || workers(6),
        tries: &[
            "Set the image to docker.elastic.co/beats/filebeat:8.17.1 and watch CURRENT dip.",
            "Set maxUnavailable to 50% first, then change the image: three at a time.",
            "Make a worker unreachable, wait a minute, then change the image: the dead node's pod uses up the budget.",
        ],
    },
    Preset {
        id: "max-surge",
        title: "Rolling update with maxSurge",
        summary: "The new pod starts beside the old one, which goes when the new one is available.",
        manifest: include_str!("presets/max-surge.yaml"),
        nodes: || workers(4),
        tries: &[
            "Change the image: for a moment a node holds two pods, and READY never drops.",
            "Set maxUnavailable to 1 as well: the API server refuses both at once.",
            "Set the image to registry.example/dns-cache:bad-1.24: the old pods go on serving.",
        ],
    },
    Preset {
        id: "kube-proxy",
        title: "kube-proxy tolerates everything",
        summary: "No taint keeps it off: only the Windows node is left out, by nodeSelector.",
        manifest: include_str!("presets/kube-proxy.yaml"),
        nodes: || {
            let mut nodes = workers(2);
            nodes.extend([NodePreset::Gpu, NodePreset::Spot, NodePreset::Windows].into_iter().flat_map(one));
            nodes
        },
        tries: &[
            "Taint a worker with broken=true:NoExecute: the pod stays.",
            "Take the tolerations out and apply: control plane, GPU and spot node lose theirs.",
            "Delete the pod of a cordoned node: cordon does not keep daemon pods off.",
        ],
    },
    Preset {
        id: "stuck-rollout",
        title: "A rollout that gets stuck",
        summary: "Version 1.4 runs on five nodes; a tag that nobody can pull will stop its successor at the first.",
        manifest: include_str!("presets/stuck-rollout.yaml"),
        nodes: || workers(4),
        tries: &[
            "Set the image to registry.example/threat-sensor:bad-1.5: one node is without a sensor, four keep theirs.",
            "Then undo to revision 1: only the broken pod is replaced.",
            "Or set the image to registry.example/threat-sensor:1.5: the broken pod goes first, then the rest.",
        ],
    },
    Preset {
        id: "min-ready-seconds",
        title: "Ready is not yet available",
        summary: "minReadySeconds 20: READY rises at once, AVAILABLE 20 seconds later.",
        manifest: include_str!("presets/min-ready-seconds.yaml"),
        nodes: || workers(5),
        tries: &[
            "Change the image: two nodes at a time, and 20 seconds for each pair.",
            "Change the image twice within 20 seconds: pods not yet available are replaced whatever the budget.",
            "Set minReadySeconds to 0: AVAILABLE catches up with READY.",
        ],
    },
    Preset {
        id: "does-not-fit",
        title: "A pod that does not fit",
        summary: "The controller does not look at resources: it wants a pod on the edge node, where no room is.",
        manifest: include_str!("presets/does-not-fit.yaml"),
        nodes: || {
            let mut nodes = workers(3);
            nodes.extend(one(NodePreset::Edge));
            nodes
        },
        tries: &[
            "Read why the pod is Pending: the scheduler may place it on that node alone.",
            "Add a worker: it gets a pod of its own, and the Pending one stays Pending.",
            "Lower the cpu request to 500m and apply: it fits.",
        ],
    },
    Preset {
        id: "preemption",
        title: "A daemon pod preempts",
        summary: "cache fills the workers; storage is system-node-critical and waits for a label.",
        manifest: include_str!("presets/preemption.yaml"),
        nodes: || workers(3),
        tries: &[
            "Label worker-1 with storage=local: the pod of cache there is preempted, and a new one stays Pending.",
            "Look at the attempts of the pod of storage: nominated first, bound when its victim is gone.",
            "Remove the label: the Pending pod gets its place back.",
        ],
    },
    Preset {
        id: "on-delete",
        title: "OnDelete: the update waits for you",
        summary: "A storage driver's pods are replaced only when somebody deletes them, node by node.",
        manifest: include_str!("presets/on-delete.yaml"),
        nodes: || workers(3),
        tries: &[
            "Change the image: a new revision appears, UP-TO-DATE falls to 0, no pod moves.",
            "Delete one pod: its successor has the new image.",
            "Switch to RollingUpdate: the other nodes follow by themselves, one at a time.",
        ],
    },
    Preset {
        id: "gpu-nodes",
        title: "GPU nodes only",
        summary: "A toleration lets the plugin onto GPU nodes, a nodeSelector keeps it off all others.",
        manifest: include_str!("presets/gpu-nodes.yaml"),
        nodes: || {
            let mut nodes = workers(2);
            nodes.extend(several(NodePreset::Gpu, 2));
            nodes
        },
        tries: &[
            "Take out the nodeSelector: the workers get a pod as well, for a toleration attracts nothing.",
            "Take out the toleration instead: no node is left, DESIRED 0.",
            "Add a GPU node.",
        ],
    },
    Preset {
        id: "two-zones",
        title: "Zones a and b, never on spot",
        summary: "Required node affinity: zone In [a, b] and lifecycle NotIn [spot].",
        manifest: include_str!("presets/two-zones.yaml"),
        nodes: || {
            let mut nodes = workers(6);
            nodes.extend(one(NodePreset::Spot));
            nodes
        },
        tries: &[
            "Label worker-3 with topology.kubernetes.io/zone=b: it gets a pod.",
            "Look at a pod's affinity: the controller replaced the template's by one that names its node.",
            "Remove the label lifecycle from spot-1: NotIn matches where the label is absent.",
        ],
    },
];

/// One control-plane node and `count` workers.
fn workers(count: usize) -> Vec<Node> {
    one(NodePreset::ControlPlane).chain(several(NodePreset::Worker, count)).collect()
}

fn one(kind: NodePreset) -> impl Iterator<Item = Node> {
    several(kind, 1)
}

/// Gives the first `count` nodes that are no control plane the worker role.
fn with_worker_role(mut nodes: Vec<Node>, count: usize) -> Vec<Node> {
    for node in nodes.iter_mut().filter(|node| !node.is_control_plane()).take(count) {
        node.metadata.labels_mut().insert("node-role.kubernetes.io/worker".to_owned(), String::new());
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Set;

    #[test]
    fn are_read_as_they_are_written() {
        let renew = "renew it: cargo run --bin conformance -- presets > src/app/presets.bin";
        assert!(read_presets().unwrap() == READ, "{renew}");
        assert!(PRESETS.iter().all(|preset| !preset.objects().is_empty()), "{renew}");
    }

    #[test]
    fn are_complete_and_distinct() {
        let ids: Set<&str> = PRESETS.iter().map(|preset| preset.id).collect();
        assert_eq!(ids.len(), PRESETS.len());
        for preset in PRESETS {
            assert_eq!(preset.tries.len(), 3, "{}", preset.id);
            assert!(!preset.summary.contains('\n'), "{}", preset.id);
            assert!(Preset::find(preset.id).is_some_and(|found| found.title == preset.title));
            let names: Set<String> = (preset.nodes)().iter().map(|node| node.name().to_owned()).collect();
            assert_eq!(names.len(), (preset.nodes)().len(), "{}: two nodes of one name", preset.id);
        }
    }
}
