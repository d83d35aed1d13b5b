//! What is read as kubectl reads it, and what is refused in its words.

use super::*;
use crate::app::{NodePreset, node_of};

/// `control-plane-1`: with the role as label and as taint.
fn node() -> Node {
    let mut node = node_of(NodePreset::ControlPlane, 1);
    node.spec.taints.push(Taint { key: "dedicated".into(), value: "infra".into(), effect: TaintEffect::NoSchedule });
    node.metadata.labels_mut().insert("role".into(), "worker".into());
    node
}

fn check(text: &str, want: &str) {
    let said = match read(&node(), text) {
        Ok(edits) => format!("{} {}", edits.commands.len(), edits.said.join(", ")),
        Err(refusal) => refusal,
    };
    assert!(said.starts_with(want), "{text:?}:\n  {said}\n  {want}");
}

#[test]
fn reads_what_kubectl_reads() {
    check("a=b:NoSchedule", "1 node/control-plane-1 tainted");
    check("a:NoExecute", "1 node/control-plane-1 tainted");
    check("example.com/a=:PreferNoSchedule", "1 node/control-plane-1 tainted");
    check("dedicated:NoExecute", "1 node/control-plane-1 tainted");
    check("dedicated=x:NoSchedule --overwrite", "1 node/control-plane-1 modified");
    check("dedicated-", "1 node/control-plane-1 untainted");
    check("dedicated=infra:NoSchedule-", "1 node/control-plane-1 untainted");
    check("a=b", "1 node/control-plane-1 labeled");
    check("a=", "1 node/control-plane-1 labeled");
    check("role=worker", "0 node/control-plane-1 not labeled");
    check("role=edge --overwrite", "1 node/control-plane-1 labeled");
    check("role-", "1 node/control-plane-1 unlabeled");
    check("  a=b   c:NoSchedule\trole- ", "3 node/control-plane-1 labeled, node/control-plane-1 tainted");
    check("taint node-role.kubernetes.io/control-plane-", "1 node/control-plane-1 untainted");
    check("label node-role.kubernetes.io/control-plane-", "1 node/control-plane-1 unlabeled");
}

/// The words of recordings 02 and 03.
#[test]
fn refuses_in_kubectls_words() {
    check("", "error: at least one taint update is required");
    check("dedicated=infra:NoSchedul", "error: invalid taint effect: NoSchedul, unsupported taint effect");
    check(
        "taint dedicated=infra",
        "error: invalid taint spec: dedicated=infra, name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    );
    check(
        "dedicated=other:NoSchedule",
        "error: node control-plane-1 already has dedicated taint(s) with same effect(s) and --overwrite is false",
    );
    check("taint absent-", "error: taint \"absent\" not found");
    check("dedicated:NoExecute-", "error: taint \"dedicated:NoExecute\" not found");
    check(
        "dedicated=infra:NoSchedule taint dedicated-",
        "error: can not both modify and remove the following taint(s) in the same command: dedicated=",
    );
    check("role=edge", "error: 'role' already has a value (worker), and --overwrite is false");
    check("label absent-", "label \"absent\" not found.");
    check("role=has:colon", "error: invalid taint effect: colon, unsupported taint effect");
    check(
        "label role=has:colon",
        "error: invalid label value: \"role=has:colon\": a valid label must be an empty string or consist of",
    );
    check(
        "bad/key/x=1",
        "The Node \"control-plane-1\" is invalid: metadata.labels: Invalid value: \"bad/key/x\": a valid label key must consist of",
    );
}

#[test]
fn refuses_what_is_no_name() {
    check("a:b:NoSchedule", "error: invalid taint spec: a:b:NoSchedule");
    check("a=b=c:NoSchedule", "error: invalid taint spec: a=b=c:NoSchedule");
    check("a=b=c", "error: invalid label spec: a=b=c");
    check("/a:NoSchedule", "error: invalid taint spec: /a:NoSchedule, prefix part must be non-empty");
    check("A_/a:NoSchedule", "error: invalid taint spec: A_/a:NoSchedule, prefix part a lowercase RFC 1123");
    check(":NoSchedule", "error: invalid taint spec: :NoSchedule, name part must be non-empty");
    check(&format!("{}:NoSchedule", "a".repeat(64)), "error: invalid taint spec: ");
    check("a:NoSchedule a=x:NoSchedule", "error: duplicated taints with the same key and effect: a=x:NoSchedule");
    check("node-role.kubernetes.io/control-plane-", "error: node control-plane-1 has both a label and a taint");
    check("thing", "error: unknown label spec: thing");
    check(&"x ".repeat(4_000), "error: the text has 8000 bytes");
}
