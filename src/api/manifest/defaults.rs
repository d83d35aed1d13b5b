//! What the API server fills in, as a table by type and field, and functions where a default
//! hangs on something.
//!
//! Upstream: `pkg/apis/{apps,core}/v1/defaults.go`, `zz_generated.defaults.go`.
//!
//! Leaves out: what a whole pod asks for by its limits and its containers.

mod image;
mod kinds;
mod simulated;

pub use simulated::{created_anew, daemon_set as simulated_daemon_set, node as simulated_node};

use super::schema::Schema;
use super::walk;
use serde_json::{Map, Value, json};

/// Type, field, and the default as JSON.
const TABLE: [(&str, &str, &str); 41] = [
    ("PodSpec", "dnsPolicy", r#""ClusterFirst""#),
    ("PodSpec", "restartPolicy", r#""Always""#),
    ("PodSpec", "securityContext", "{}"),
    ("PodSpec", "terminationGracePeriodSeconds", "30"),
    ("PodSpec", "schedulerName", r#""default-scheduler""#),
    ("Container", "terminationMessagePath", r#""/dev/termination-log""#),
    ("Container", "terminationMessagePolicy", r#""File""#),
    ("EphemeralContainerCommon", "terminationMessagePath", r#""/dev/termination-log""#),
    ("EphemeralContainerCommon", "terminationMessagePolicy", r#""File""#),
    ("ContainerPort", "protocol", r#""TCP""#),
    ("ServicePort", "protocol", r#""TCP""#),
    ("Probe", "timeoutSeconds", "1"),
    ("Probe", "periodSeconds", "10"),
    ("Probe", "successThreshold", "1"),
    ("Probe", "failureThreshold", "3"),
    ("HTTPGetAction", "path", r#""/""#),
    ("HTTPGetAction", "scheme", r#""HTTP""#),
    ("GRPCAction", "service", r#""""#),
    ("ObjectFieldSelector", "apiVersion", r#""v1""#),
    ("FileKeySelector", "optional", "false"),
    ("HostPathVolumeSource", "type", r#""""#),
    ("SecretVolumeSource", "defaultMode", "420"),
    ("ConfigMapVolumeSource", "defaultMode", "420"),
    ("DownwardAPIVolumeSource", "defaultMode", "420"),
    ("ProjectedVolumeSource", "defaultMode", "420"),
    ("ServiceAccountTokenProjection", "expirationSeconds", "3600"),
    ("ISCSIVolumeSource", "iscsiInterface", r#""default""#),
    ("RBDVolumeSource", "pool", r#""rbd""#),
    ("RBDVolumeSource", "user", r#""admin""#),
    ("RBDVolumeSource", "keyring", r#""/etc/ceph/keyring""#),
    ("AzureDiskVolumeSource", "cachingMode", r#""ReadWrite""#),
    ("AzureDiskVolumeSource", "fsType", r#""ext4""#),
    ("AzureDiskVolumeSource", "readOnly", "false"),
    ("AzureDiskVolumeSource", "kind", r#""Shared""#),
    ("ScaleIOVolumeSource", "storageMode", r#""ThinProvisioned""#),
    ("ScaleIOVolumeSource", "fsType", r#""xfs""#),
    ("PersistentVolumeClaimSpec", "volumeMode", r#""Filesystem""#),
    ("PersistentVolumeClaimStatus", "phase", r#""Pending""#),
    ("Secret", "type", r#""Opaque""#),
    ("NamespaceStatus", "phase", r#""Active""#),
    ("ReplicaSetSpec", "replicas", "1"),
];

/// Fills in an object of a kind.
pub fn fill(schema: &Schema, kind: &'static str, object: &mut Map<String, Value>) {
    walk::structs(schema, kind, object, &mut |name, fields| {
        for (_, field, value) in TABLE.iter().filter(|(of, ..)| *of == name) {
            default(fields, field, || serde_json::from_str(value).unwrap_or_default());
        }
        hanging(name, fields);
    });
    if kind == "Pod" {
        kinds::pod(object);
    }
}

/// Defaults that hang on other fields.
fn hanging(name: &str, fields: &mut Map<String, Value>) {
    match name {
        "DaemonSetSpec" => kinds::daemon_set(fields),
        "DeploymentSpec" => kinds::deployment(fields),
        "StatefulSetSpec" => kinds::stateful_set(fields),
        "PodSpec" => service_account(fields),
        "Container" | "EphemeralContainerCommon" => {
            let policy = image::pull_policy(text(fields, "image"));
            default(fields, "imagePullPolicy", || json!(policy));
            // Nothing else in it: dropped with what is behind a gate that is off.
            let lifecycle = fields.get("lifecycle").and_then(Value::as_object);
            if lifecycle.is_some_and(|lifecycle| lifecycle.keys().eq(["stopSignal"])) {
                fields.remove("lifecycle");
            }
        }
        "Volume" if fields.keys().all(|field| field == "name") => {
            fields.insert("emptyDir".to_owned(), json!({}));
        }
        "ImageVolumeSource" => {
            let policy = image::pull_policy(text(fields, "reference"));
            default(fields, "pullPolicy", || json!(policy));
        }
        // Behind a gate that is off (`ContainerStopSignals`).
        "Lifecycle" => {
            fields.remove("stopSignal");
        }
        "NodeStatus" => {
            if let Some(capacity) = fields.get("capacity").cloned() {
                default(fields, "allocatable", || capacity);
            }
        }
        _ => {}
    }
}

/// Upstream: `SetDefaults_PodSpec`; one field is another name of the other.
fn service_account(fields: &mut Map<String, Value>) {
    let name = fields.get("serviceAccountName").or_else(|| fields.get("serviceAccount")).cloned();
    for field in ["serviceAccountName", "serviceAccount"] {
        if let Some(name) = &name {
            fields.insert(field.to_owned(), name.clone());
        }
    }
}

fn text<'m>(fields: &'m Map<String, Value>, name: &str) -> &'m str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn default(map: &mut Map<String, Value>, name: &str, value: impl FnOnce() -> Value) {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), value());
    }
}

/// Works on the object in a field, made if there is none.
pub(super) fn within<T>(
    map: &mut Map<String, Value>,
    name: &str,
    work: impl FnOnce(&mut Map<String, Value>) -> T,
) -> Option<T> {
    map.entry(name).or_insert_with(|| Value::Object(Map::new())).as_object_mut().map(work)
}

/// The objects in a list.
fn items<'m>(map: &'m mut Map<String, Value>, name: &str) -> impl Iterator<Item = &'m mut Map<String, Value>> {
    map.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_fields_that_there_are() {
        let schema = Schema::new();
        for (name, field, value) in TABLE {
            assert!(schema.field(name, field).is_some(), "{name}.{field}");
            assert!(serde_json::from_str::<Value>(value).is_ok(), "{value}");
        }
    }
}
