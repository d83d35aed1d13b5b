//! `apiVersion` and `kind`: what an object is, and which kinds Kubernetes knows.
//!
//! Upstream: `k8s.io/apimachinery/pkg/runtime` (missing kinds), `pkg/api/meta/errors.go`.
//!
//! Simplifies: of kinds that are not in the table of types only the names are known; a custom
//! resource is taken as if its definition allowed anything.

use super::decode::as_json;
use super::yaml::{Fault, NodeId, NodeKind, Scalar, Tree};

/// How much of an object is put into a message about it.
const MAX_BODY_CHARS: usize = 16_000;

/// What an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its `kind`.
    pub kind: String,
}

/// What is done with an object of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is simulated.
    DaemonSet,
    /// It is simulated.
    Node,
    /// Its items are read, each by itself; of the kind that it is a list of, if they need not say.
    List,
    /// It is read and nothing is done with it.
    NotSimulated {
        /// Whether it lives in a namespace.
        namespaced: bool,
    },
    /// Its group is none of Kubernetes' own.
    Custom,
}

/// Kinds in namespaces that Kubernetes knows and the simulation does not, by `apiVersion`.
const NAMESPACED: [(&str, &str); 14] = [
    (
        "v1",
        "Pod Service ConfigMap Secret ServiceAccount PersistentVolumeClaim Event ResourceQuota LimitRange Endpoints ReplicationController PodTemplate Binding",
    ),
    ("apps/v1", "Deployment ReplicaSet StatefulSet ControllerRevision"),
    ("batch/v1", "Job CronJob"),
    ("policy/v1", "PodDisruptionBudget"),
    ("rbac.authorization.k8s.io/v1", "Role RoleBinding"),
    ("networking.k8s.io/v1", "NetworkPolicy Ingress"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("coordination.k8s.io/v1", "Lease"),
    ("events.k8s.io/v1", "Event"),
    ("storage.k8s.io/v1", "CSIStorageCapacity"),
    ("resource.k8s.io/v1", "ResourceClaim ResourceClaimTemplate"),
    ("authorization.k8s.io/v1", "LocalSubjectAccessReview"),
];

/// The same of kinds outside namespaces.
const CLUSTER_SCOPED: [(&str, &str); 12] = [
    ("v1", "Namespace PersistentVolume ComponentStatus"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole ClusterRoleBinding"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("storage.k8s.io/v1", "StorageClass CSIDriver CSINode VolumeAttachment VolumeAttributesClass"),
    ("networking.k8s.io/v1", "IngressClass IPAddress ServiceCIDR"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("apiregistration.k8s.io/v1", "APIService"),
    (
        "admissionregistration.k8s.io/v1",
        "ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding",
    ),
    ("certificates.k8s.io/v1", "CertificateSigningRequest"),
    ("node.k8s.io/v1", "RuntimeClass"),
    ("flowcontrol.apiserver.k8s.io/v1", "FlowSchema PriorityLevelConfiguration"),
    ("resource.k8s.io/v1", "DeviceClass ResourceSlice"),
];

impl Head {
    /// What is done with such an object; nothing if Kubernetes knows no such kind.
    #[must_use]
    pub fn known(&self) -> Option<Known> {
        let listed = |table: &[(&str, &str)], kind: &str| {
            let mut rows = table.iter().filter(|(version, _)| *version == self.api_version);
            rows.any(|(_, kinds)| kinds.split(' ').any(|known| known == kind))
        };
        match (self.api_version.as_str(), self.kind.as_str()) {
            ("apps/v1", "DaemonSet") => return Some(Known::DaemonSet),
            ("v1", "Node") => return Some(Known::Node),
            ("v1", "List" | "NodeList") | ("apps/v1", "DaemonSetList") => return Some(Known::List),
            _ => {}
        }
        if listed(&NAMESPACED, &self.kind) {
            return Some(Known::NotSimulated { namespaced: true });
        }
        if listed(&CLUSTER_SCOPED, &self.kind) {
            return Some(Known::NotSimulated { namespaced: false });
        }
        if self.is_custom() {
            return Some(Known::Custom);
        }
        let item = self.kind.strip_suffix("List")?;
        (listed(&NAMESPACED, item) || listed(&CLUSTER_SCOPED, item)).then_some(Known::List)
    }

    /// Whether the group can only be one that somebody has defined: Kubernetes' own are one word, or
    /// end in `k8s.io`.
    fn is_custom(&self) -> bool {
        let group = self.api_version.split_once('/').map_or("", |(group, _)| group);
        group.contains('.') && !group.ends_with(".k8s.io") && !self.kind.is_empty()
    }

    /// What the items of such a list are, if they do not say it themselves.
    #[must_use]
    pub fn item(&self) -> Option<Head> {
        let kind = self.kind.strip_suffix("List").filter(|kind| !kind.is_empty())?;
        Some(Head { api_version: self.api_version.clone(), kind: kind.to_owned() })
    }

    /// Kubernetes' words for a kind that it does not know.
    #[must_use]
    pub fn no_match(&self) -> String {
        format!("no matches for kind {:?} in version {:?}", self.kind, self.api_version)
    }
}

/// The objects of a document, each with what it is: itself, or the items of a list, and of lists in it.
#[must_use]
pub fn items(tree: &Tree, root: NodeId) -> Vec<(NodeId, Result<Head, Fault>)> {
    let (mut todo, mut found) = (vec![(root, None)], Vec::new());
    while let Some((id, of_list)) = todo.pop() {
        let head = head(tree, id, of_list.as_ref());
        match &head {
            Ok(list) if list.known() == Some(Known::List) => {
                let items = tree.entry(id, "items").map_or(&[][..], |entry| tree.items(entry.value));
                todo.extend(items.iter().rev().map(|item| (*item, list.item())));
            }
            _ => found.push((id, head)),
        }
    }
    found
}

/// Reads what an object is; `of_list` if it need not say.
///
/// # Errors
/// Something that is no object, or does not say what it is.
pub fn head(tree: &Tree, id: NodeId, of_list: Option<&Head>) -> Result<Head, Fault> {
    const WANTED: &str =
        r#"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#;
    let span = tree.span(id);
    let what = json_kind(&tree.node(id).kind);
    if what != "object" {
        let message = format!(
            "couldn't get version/kind; json parse error: json: cannot unmarshal {what} into Go value of type {WANTED}"
        );
        return Err(Fault { message, span });
    }
    let api_version = text_field(tree, id, "apiVersion")?;
    let kind = text_field(tree, id, "kind")?;
    if let (None, None, Some(head)) = (&api_version, &kind, of_list) {
        return Ok(head.clone());
    }
    let missing = |field: &str| Fault { message: format!("Object '{field}' is missing in '{}'", body(tree, id)), span };
    let kind = kind.ok_or_else(|| missing("Kind"))?;
    let api_version = api_version.ok_or_else(|| missing("apiVersion"))?;
    // Upstream: `ParseGroupVersion`; behind a slash nothing is no version, before it nothing is no group.
    if api_version.ends_with('/') && api_version.matches('/').count() == 1 {
        return Err(missing("apiVersion"));
    }
    let api_version = match api_version.strip_prefix('/') {
        Some(version) if !version.contains('/') => version.to_owned(),
        _ => api_version,
    };
    if api_version.matches('/').count() > 1 {
        let span = tree.entry(id, "apiVersion").map_or(span, |entry| tree.span(entry.value));
        return Err(Fault { message: format!("unexpected GroupVersion string: {api_version}"), span });
    }
    Ok(Head { api_version, kind })
}

/// A field that must be text; empty and `null` are none.
fn text_field(tree: &Tree, id: NodeId, name: &str) -> Result<Option<String>, Fault> {
    let Some(entry) = tree.entry(id, name) else {
        return Ok(None);
    };
    match json_kind(&tree.node(entry.value).kind) {
        "null" => Ok(None),
        "string" => Ok(tree.text(entry.value).filter(|text| !text.is_empty()).map(str::to_owned)),
        what => {
            let message = format!(
                "couldn't get version/kind; json parse error: json: cannot unmarshal {what} into Go struct field .{name} of type string"
            );
            Err(Fault { message, span: tree.span(entry.value) })
        }
    }
}

fn json_kind(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Mapping(_) => "object",
        NodeKind::Sequence(_) => "array",
        NodeKind::Scalar(Scalar::Null) => "null",
        NodeKind::Scalar(Scalar::Bool(_)) => "bool",
        NodeKind::Scalar(Scalar::Int(_) | Scalar::Float(_)) => "number",
        NodeKind::Scalar(Scalar::Text(_)) | NodeKind::Alias(_) => "string",
    }
}

/// An object as Go prints it in one line, cut if it is long.
fn body(tree: &Tree, id: NodeId) -> String {
    let json = as_json(tree, id).to_string();
    let mut body = String::new();
    for c in json.chars().take(MAX_BODY_CHARS) {
        match c {
            '<' | '>' | '&' => body.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => body.push(c),
        }
    }
    if json.chars().nth(MAX_BODY_CHARS).is_some() {
        body.push('…');
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_kinds() {
        let known = |api_version: &str, kind: &str| Head { api_version: api_version.into(), kind: kind.into() }.known();
        assert_eq!(known("apps/v1", "DaemonSet"), Some(Known::DaemonSet));
        assert_eq!(known("v1", "NodeList"), Some(Known::List));
        assert_eq!(known("v1", "List"), Some(Known::List));
        assert_eq!(known("rbac.authorization.k8s.io/v1", "ClusterRoleList"), Some(Known::List));
        assert_eq!(known("v1", "Service"), Some(Known::NotSimulated { namespaced: true }));
        assert_eq!(known("v1", "Namespace"), Some(Known::NotSimulated { namespaced: false }));
        assert_eq!(known("cert-manager.io/v1", "Certificate"), Some(Known::Custom));
        for (version, kind) in [
            ("networking.k8s.io/v1", "Certificate"),
            ("extensions/v1beta1", "DaemonSet"),
            ("v1", "DaemonSet"),
            ("apps/v1", "daemonset"),
            ("apps/v1", "List"),
            ("v1", ""),
        ] {
            assert_eq!(known(version, kind), None, "{version} {kind}");
        }
    }
}
