//! The cluster as one scheduling attempt sees it.
//!
//! Upstream: `pkg/scheduler/framework/types.go` (`NodeInfo`), `backend/cache/snapshot.go`.

use super::super::resources::{Amounts, amount, non_zero_requests, pod_requests};
use crate::api::{Container, Node, Pod, PodAffinity, PodSpec};
use std::rc::Rc;

/// Templates whose requests are kept while a snapshot is made. Pods of one template share
/// it, so more than a few do not occur but with many bare pods.
const KNOWN_SPECS_MAX: usize = 32;

/// What a template asks for, as it is and as scores see it.
type Requests<'a> = Rc<(Amounts<'a>, Amounts<'a>)>;

/// The nodes with what runs on them, by name, and the pods on their way to one.
#[derive(Default)]
pub struct Snapshot<'a> {
    /// The nodes that may matter.
    pub nodes: Vec<NodeInfo<'a>>,
    /// How many there are beside them, which the pod's affinity does not name.
    pub left_out: usize,
    /// Pods for which others were made to leave, with their node's place.
    pub nominated: Vec<(usize, &'a Pod)>,
    known: Vec<(&'a Rc<PodSpec>, Requests<'a>)>,
}

/// A node with what runs on it.
#[derive(Clone)]
pub struct NodeInfo<'a> {
    /// The node.
    pub node: &'a Node,
    /// Pods bound to it, or about to be, and not ended.
    pub pods: Vec<&'a Pod>,
    /// Ports that are taken, each once.
    pub(super) ports: Vec<HostPort<'a>>,
    pub(super) requested: Amounts<'a>,
    pub(super) non_zero_requested: Amounts<'a>,
}

impl<'a> Snapshot<'a> {
    /// Empty nodes, to be handed in by name.
    pub fn new(nodes: &mut dyn Iterator<Item = &'a Node>) -> Snapshot<'a> {
        Snapshot { nodes: nodes.map(NodeInfo::new).collect(), ..Snapshot::default() }
    }

    /// The place of a node.
    #[must_use]
    pub fn find(&self, node: &str) -> Option<usize> {
        self.nodes.binary_search_by(|info| info.node.name().cmp(node)).ok()
    }

    /// Puts a pod on a node, if there is such a node.
    pub fn add_pod(&mut self, node: &str, pod: &'a Pod) {
        let Some(at) = self.find(node) else { return };
        let requests = self.requests(&pod.spec);
        if let Some(info) = self.nodes.get_mut(at) {
            info.put(pod, &requests.0);
            info.non_zero_requested.add(&requests.1);
        }
    }

    fn requests(&mut self, spec: &'a Rc<PodSpec>) -> Requests<'a> {
        if let Some((_, requests)) = self.known.iter().find(|(known, _)| Rc::ptr_eq(known, spec)) {
            return Rc::clone(requests);
        }
        let requests = Rc::new((pod_requests(spec), non_zero_requests(spec)));
        if self.known.len() < KNOWN_SPECS_MAX {
            self.known.push((spec, Rc::clone(&requests)));
        }
        requests
    }
}

impl<'a> NodeInfo<'a> {
    /// A node on which nothing runs.
    #[must_use]
    pub fn new(node: &'a Node) -> NodeInfo<'a> {
        NodeInfo {
            node,
            pods: Vec::new(),
            ports: Vec::new(),
            requested: Amounts::default(),
            non_zero_requested: Amounts::default(),
        }
    }

    /// What the node has of a resource for pods.
    pub(super) fn allocatable(&self, name: &str) -> i64 {
        self.node.status.allocatable.get(name).map_or(0, |quantity| amount(name, quantity))
    }

    /// The value of a label of the node.
    pub(super) fn label(&self, key: &str) -> Option<&'a str> {
        self.node.metadata.labels.get(key).map(String::as_str)
    }

    fn put(&mut self, pod: &'a Pod, requests: &Amounts<'a>) {
        self.pods.push(pod);
        self.requested.add(requests);
        for port in host_ports(&pod.spec) {
            if !self.ports.contains(&port) {
                self.ports.push(port);
            }
        }
    }

    /// The same node with a pod more. Scores are not asked of such a node.
    pub fn add_pod(&mut self, pod: &'a Pod) {
        self.put(pod, &pod_requests(&pod.spec));
    }

    /// The same node without a pod. Scores are not asked of such a node. As upstream, a port
    /// is then free even if another pod had it too (which no kubelet would have let in).
    pub(super) fn remove_pod(&mut self, pod: &'a Pod) {
        self.pods.retain(|other| !std::ptr::eq(*other, pod));
        self.requested.subtract(&pod_requests(&pod.spec));
        for port in host_ports(&pod.spec) {
            self.ports.retain(|taken| *taken != port);
        }
    }
}

/// A port on the node: protocol, address, number.
pub(super) type HostPort<'a> = (&'a str, &'a str, i32);

/// Ports that a pod takes of its node: those of containers and sidecars.
pub(super) fn host_ports(spec: &PodSpec) -> impl Iterator<Item = HostPort<'_>> {
    let is_sidecar = |container: &&Container| container.restart_policy.as_deref() == Some("Always");
    spec.containers
        .iter()
        .chain(spec.init_containers.iter().filter(is_sidecar))
        .flat_map(|container| &container.ports)
        .filter(|port| port.host_port > 0)
        .map(|port| {
            let protocol = if port.protocol.is_empty() { "TCP" } else { port.protocol.as_str() };
            let address = if port.host_ip.is_empty() { "0.0.0.0" } else { port.host_ip.as_str() };
            (protocol, address, port.host_port)
        })
}

/// A pod's affinity to pods, or the contrary.
pub(super) fn pod_affinity(pod: &Pod, anti: bool) -> Option<&PodAffinity> {
    let affinity = pod.spec.affinity.as_ref()?;
    if anti { affinity.pod_anti_affinity.as_ref() } else { affinity.pod_affinity.as_ref() }
}

/// Whether a pod keeps others away, wherever it runs.
#[must_use]
pub fn has_required_anti_affinity(pod: &Pod) -> bool {
    pod_affinity(pod, true)
        .is_some_and(|affinity| !affinity.required_during_scheduling_ignored_during_execution.is_empty())
}
