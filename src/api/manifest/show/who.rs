//! Who put a field into an object that its author did not write.
//!
//! Upstream: `pkg/controller/daemon/util/daemonset_util.go`, `plugin/pkg/admission/{priority,
//! serviceaccount,defaulttolerationseconds}`, `pkg/registry/core/{pod,node}/strategy.go`,
//! `pkg/kubelet/kubelet_node_status.go`, `pkg/controller/{nodelifecycle,nodeipam}`.

use crate::api::{Toleration, well_known};
use serde_json::Value;

/// Where the token of a service account is mounted.
pub const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// What the volume's name begins with.
pub const TOKEN_VOLUME: &str = "kube-api-access-";

/// Who put a line there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// The author of the object.
    #[default]
    Author,
    /// Somebody who changed it since.
    Since,
    /// kubectl.
    Kubectl,
    /// The API server, as it stores the object.
    ApiServer,
    /// The API server's defaults.
    Defaults,
    /// The admission plugin Priority.
    Priority,
    /// The admission plugin ServiceAccount.
    ServiceAccount,
    /// The admission plugin DefaultTolerationSeconds.
    DefaultTolerationSeconds,
    /// The DaemonSet controller.
    DaemonSetController,
    /// The scheduler.
    Scheduler,
    /// A kubelet.
    Kubelet,
    /// The node lifecycle controller.
    NodeLifecycle,
    /// The controller that gives ranges of addresses to nodes.
    NodeIpam,
    /// The taint eviction controller.
    TaintEviction,
    /// The pod garbage collector.
    PodGc,
}

impl By {
    /// All, in the order of their numbers: a name, and what is to be said of it.
    pub const ALL: [(&str, &str); 15] = [
        ("", ""),
        ("changed since", "Not as it was written: somebody has changed it since"),
        ("kubectl", "kubectl apply notes here what it applied"),
        ("API server", "The API server sets this when it stores the object"),
        ("default", "The API server’s default for what was not said"),
        ("admission: Priority", "The admission plugin Priority resolves the priority class"),
        (
            "admission: ServiceAccount",
            "The admission plugin ServiceAccount gives the pod an account and mounts its token",
        ),
        ("admission: DefaultTolerationSeconds", "The admission plugin DefaultTolerationSeconds lets a pod stay 300 s"),
        ("DaemonSet controller", "The DaemonSet controller sets this"),
        ("scheduler", "The scheduler sets this"),
        ("kubelet", "The node’s kubelet reports this"),
        ("node lifecycle", "The node lifecycle controller sets this from the node’s conditions"),
        ("node IPAM", "The node IPAM controller gives the node its range of pod addresses"),
        ("taint eviction", "The taint eviction controller sets this as it deletes the pod"),
        ("pod GC", "The pod garbage collector sets this"),
    ];

    /// Whether Kubernetes or kubectl put it there.
    #[must_use]
    pub fn is_added(self) -> bool {
        !matches!(self, By::Author | By::Since)
    }
}

/// What is known of an object beside its fields.
pub struct Known<'s> {
    /// Kind.
    pub kind: &'s str,
    /// A DaemonSet controls it.
    pub is_controlled: bool,
    /// The kubelet has taken the pod on.
    pub is_started: bool,
    /// Its author names the service account.
    pub names_account: bool,
    /// The tolerations that the DaemonSet controller gives.
    pub tolerations: &'s [Toleration],
}

/// Who puts this field there, by the way to it, if not its author; none of what follows from the
/// field around it.
pub fn who(known: &Known, path: &str, value: &Value) -> Option<By> {
    let mut steps = path.split('/').skip(1);
    match (steps.next()?, steps.next(), steps.next(), steps.next()) {
        ("metadata", Some(field), inner, _) => metadata(known, field, inner),
        ("spec", Some(field), inner, third) if known.kind == "Pod" => {
            pod_spec(known, field, inner, value).or_else(|| token(path, third, value))
        }
        ("spec", Some("taints"), Some(_), None) if known.kind == "Node" => {
            let key = text(value, "key");
            key.starts_with("node.kubernetes.io/").then_some(By::NodeLifecycle)
        }
        ("spec", Some("podCIDR" | "podCIDRs"), ..) if known.kind == "Node" => Some(By::NodeIpam),
        ("status", field, inner, third) => status(known, field, inner, third, value),
        _ => None,
    }
}

fn metadata(known: &Known, field: &str, inner: Option<&str>) -> Option<By> {
    Some(match (field, inner) {
        ("uid" | "resourceVersion" | "creationTimestamp" | "generation" | "finalizers", _) => By::ApiServer,
        ("deletionTimestamp" | "deletionGracePeriodSeconds", _) => By::ApiServer,
        ("annotations", Some("kubectl.kubernetes.io~1last-applied-configuration"))
            if known.kind != "ControllerRevision" =>
        {
            By::Kubectl
        }
        ("annotations", Some(well_known::DEPRECATED_TEMPLATE_GENERATION)) if known.kind == "DaemonSet" => By::ApiServer,
        ("name", _) if known.kind == "Pod" && known.is_controlled => By::ApiServer,
        ("generateName" | "ownerReferences", None) if known.is_controlled => By::DaemonSetController,
        ("namespace", _) if known.kind == "Pod" && known.is_controlled => By::DaemonSetController,
        ("labels", Some(well_known::CONTROLLER_REVISION_HASH | well_known::POD_TEMPLATE_GENERATION)) => {
            By::DaemonSetController
        }
        ("labels", Some(label)) if known.kind == "Node" && is_kubelets(label) => By::Kubelet,
        ("labels" | "annotations", Some(_)) if known.kind == "Pod" => By::Since,
        _ => return None,
    })
}

/// Labels with which a kubelet registers its node.
fn is_kubelets(label: &str) -> bool {
    [
        "kubernetes.io~1arch",
        "kubernetes.io~1hostname",
        "kubernetes.io~1os",
        "beta.kubernetes.io~1arch",
        "beta.kubernetes.io~1os",
    ]
    .contains(&label)
}

fn pod_spec(known: &Known, field: &str, inner: Option<&str>, value: &Value) -> Option<By> {
    Some(match (field, inner) {
        ("affinity", _) if known.is_controlled => By::DaemonSetController,
        ("tolerations", None) if known.is_controlled => By::DaemonSetController,
        ("tolerations", Some(_)) => match serde_json::from_value::<Toleration>(value.clone()) {
            Ok(toleration) if known.tolerations.contains(&toleration) => By::DaemonSetController,
            Ok(toleration) if toleration.toleration_seconds == Some(300) => By::DefaultTolerationSeconds,
            // A field of one.
            Err(_) => return None,
            Ok(_) => By::Since,
        },
        ("nodeName", _) => By::Scheduler,
        ("priority" | "preemptionPolicy", _) => By::Priority,
        ("serviceAccount", _) if known.names_account => By::Defaults,
        ("serviceAccount" | "serviceAccountName", _) => By::ServiceAccount,
        _ => return None,
    })
}

/// The token's volume, where it is mounted, and the lists that are there for it.
fn token(path: &str, third: Option<&str>, value: &Value) -> Option<By> {
    let is_token = |item: &Value| text(item, "name").starts_with(TOKEN_VOLUME);
    let is_there = match value {
        Value::Array(items) => (path == "/spec/volumes" || third == Some("volumeMounts")) && items.iter().all(is_token),
        item => is_token(item) && (path.starts_with("/spec/volumes/") || third == Some("volumeMounts")),
    };
    is_there.then_some(By::ServiceAccount)
}

fn status(known: &Known, field: Option<&str>, inner: Option<&str>, third: Option<&str>, value: &Value) -> Option<By> {
    Some(match (known.kind, field, inner) {
        ("DaemonSet", ..) => By::DaemonSetController,
        ("Node", Some("conditions"), Some(_)) if third.is_none() => match text(value, "reason") {
            "NodeStatusUnknown" | "NodeStatusNeverUpdated" => By::NodeLifecycle,
            _ => By::Kubelet,
        },
        ("Node", None, _) => By::Kubelet,
        ("Pod", None | Some("phase"), _) if !known.is_started => By::ApiServer,
        ("Pod", None, _) => By::Kubelet,
        ("Pod", Some("qosClass"), _) => By::ApiServer,
        ("Pod", Some("nominatedNodeName"), _) => By::Scheduler,
        ("Pod", Some("conditions"), None) if !known.is_started => By::Scheduler,
        ("Pod", Some("conditions"), Some(_)) if third.is_none() => match (text(value, "type"), text(value, "reason")) {
            ("PodScheduled", _) | (_, "PreemptionByScheduler") => By::Scheduler,
            (_, "DeletionByTaintManager") => By::TaintEviction,
            (_, "DeletionByPodGC") => By::PodGc,
            (_, "EvictionByEvictionAPI") => By::ApiServer,
            _ => By::Kubelet,
        },
        _ => return None,
    })
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
