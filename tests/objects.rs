//! Objects as `kubectl get -o yaml` prints them, against those of a real control plane: each is read
//! as part of a picture of a cluster, kept as the simulation keeps it, and printed again.
//!
//! The vectors are the shapes of objects that the recordings of Kubernetes 1.37.2 have, printed by its
//! own YAML library, without what `api::manifest::show` says it leaves out.

#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use daemonset_playground::api::manifest::{Subject, read, show, yaml_to_json};
use daemonset_playground::api::{FoundObject, ObjectMeta, Packer, Unpacker};
use serde_json::Value;

/// A picture of a cluster has a node that was observed.
const NODE: &str = "apiVersion: v1\nkind: Node\nmetadata: {name: somewhere, uid: u}\nstatus:\n  conditions:\n  - {type: Ready, status: 'True'}\n";

fn metadata(object: &FoundObject) -> (&'static str, &ObjectMeta) {
    match object {
        FoundObject::Node(node) => ("Node", &node.metadata),
        FoundObject::DaemonSet(daemon_set) => ("DaemonSet", &daemon_set.metadata),
        FoundObject::Revision(revision) => ("ControllerRevision", &revision.metadata),
        FoundObject::Pod(pod) => ("Pod", &pod.metadata),
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The object of a text, as it is printed again.
fn again(yaml: &str) -> String {
    let (value, _) = yaml_to_json(yaml).unwrap();
    let (kind, name) = (text(&value, "/kind"), text(&value, "/metadata/name"));
    let reading = read(&format!("{NODE}---\n{yaml}"));
    let found = reading.found.unwrap_or_else(|| panic!("{:?}", reading.problems));
    let mut unpacker = Unpacker::default();
    let object = std::iter::from_fn(|| unpacker.next(&found))
        .find(|object| metadata(object).0 == kind && metadata(object).1.name == name)
        .unwrap_or_else(|| panic!("{kind} {name} was not taken in: {:?}", reading.problems));
    let mut packer = Packer::default();
    packer.put(&object);
    let conditions = value.pointer("/status/conditions").and_then(Value::as_array);
    let owner = value.pointer("/metadata/ownerReferences/0").filter(|owner| text(owner, "/kind") == "DaemonSet");
    let subject = Subject {
        packed: packer.finish(String::new(), String::new()).packed,
        reasons: conditions.into_iter().flatten().map(|condition| text(condition, "/reason").to_owned()).collect(),
        qos: text(&value, "/status/qosClass").to_owned(),
        owner: owner.map_or("", |owner| text(owner, "/name")).to_owned(),
        ..Subject::default()
    };
    let printed = show(&subject);
    assert_eq!(printed.text.lines().count(), printed.by.len());
    printed.text
}

/// A text whose times and random endings are all the same: those of a picture are counted from its
/// present.
fn masked(yaml: &str) -> String {
    let mut out = String::new();
    // What the kubelet has observed of a pod that is being deleted.
    let is_deleting = yaml.contains("\n  deletionTimestamp:");
    for line in yaml.lines() {
        if is_deleting && line.contains("observedGeneration:") {
            continue;
        }
        let is_time = line.ends_with("Z\"") && line.contains("T") && line.contains(": \"20");
        let line = match line.split_once(": \"20") {
            Some((key, _)) if is_time => format!("{key}: TIME"),
            _ => line.to_owned(),
        };
        let line = match line.split_once("name: kube-api-access-") {
            Some((before, _)) => format!("{before}name: kube-api-access-xxxxx"),
            None => line,
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[test]
fn objects_are_printed_as_kubectl_prints_them() {
    let vectors = include_str!("vectors/show.jsonl");
    let (mut failed, mut count) = (Vec::new(), 0);
    for line in vectors.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let (id, yaml) = (text(&vector, "/id"), text(&vector, "/yaml"));
        count += 1;
        let (want, got) = (masked(yaml), masked(&again(yaml)));
        if want != got {
            let first = want.lines().zip(got.lines()).position(|(want, got)| want != got).unwrap_or(0);
            let part = |text: &str| text.lines().skip(first.saturating_sub(3)).take(8).collect::<Vec<_>>().join("\n");
            failed.push(format!("{id}: line {first}, wanted\n{}\ngot\n{}", part(&want), part(&got)));
        }
    }
    assert!(failed.is_empty(), "{} of {count}:\n{}", failed.len(), failed[..failed.len().min(60)].join("\n\n"));
    assert!(count > 100);
}
