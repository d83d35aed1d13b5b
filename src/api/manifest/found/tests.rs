//! What is a picture of a cluster, and what is said of one.

use crate::api::manifest::{Object, Reading, read};
use crate::api::{Found, FoundObject, Unpacker};

const KIND: &str = include_str!("../../../../tests/fixtures/kind.yaml");

fn unpacked(found: &Found) -> Vec<FoundObject> {
    let mut unpacker = Unpacker::default();
    std::iter::from_fn(|| unpacker.next(found)).collect()
}

fn messages(reading: &Reading) -> Vec<&str> {
    reading.problems.iter().map(|problem| problem.message.as_str()).collect()
}

#[test]
fn what_kubectl_prints_of_a_cluster_is_taken_as_it_is() {
    let reading = read(KIND);
    assert!(!reading.has_errors(), "{:?}", reading.problems);
    assert!(reading.objects.is_empty());
    let found = reading.found.as_ref().unwrap();
    assert_eq!(found.summary, "4 nodes, 2 DaemonSets and 8 pods");
    assert_eq!(
        found.others,
        "certificate.cert-manager.io/web-tls (shop)\ndeployment.apps/coredns (kube-system)\nstatefulset.apps/db (shop)"
    );
    // The two revisions are made up from what the pods carry.
    assert_eq!((found.objects, unpacked(found).len()), (16, 16));
    let check = |text: &str| assert!(messages(&reading).iter().any(|m| m.contains(text)), "{text}: {reading:?}");
    check("1 object of kind Certificate (a custom resource): kept and listed, not simulated");
    check("1 pod is a ReplicaSet's: it stays where found, and nobody replaces what is deleted");
    check("the ControllerRevision node-agent-7d4b9f6c8 is not in the text");
}

#[test]
fn pods_of_a_template_share_their_spec() {
    let found = read(KIND).found.unwrap();
    let proxies: Vec<_> = unpacked(&found)
        .into_iter()
        .filter_map(|object| match object {
            FoundObject::Pod(pod) if pod.metadata.generate_name == "kube-proxy-" => Some(pod),
            _ => None,
        })
        .collect();
    assert_eq!(proxies.len(), 4);
    for pod in &proxies {
        assert!(std::rc::Rc::ptr_eq(&pod.spec, &proxies.first().unwrap().spec));
        assert_eq!((pod.pinned_to.as_deref(), pod.priority()), (pod.node_name.as_deref(), 2_000_001_000));
        assert!(pod.spec.affinity.is_none() && pod.spec.node_name.is_empty());
    }
}

#[test]
fn json_says_the_same() {
    let (value, _) = crate::api::manifest::yaml_to_json(KIND).unwrap();
    let json = read(&serde_json::to_string_pretty(&value).unwrap());
    assert_eq!(json.found, read(KIND).found);
}

#[test]
fn manifests_are_no_cluster() {
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: a, uid: u}\nstatus: {conditions: [{type: Ready, status: 'True'}]}\n";
    let set = include_str!("../../../app/presets/nginx.yaml");
    let check = |text: &str, is_cluster: bool| assert_eq!(read(text).found.is_some(), is_cluster, "{text}");
    check(set, false);
    check(node, false);
    check(&format!("{set}---\n{}", node.replace(", uid: u", "")), false);
    check(&format!("{set}---\n{}", node.replace("status:", "spec: {}\n#")), false);
    check(&format!("{set}---\n{node}"), true);
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_rebuilt() {
    let check = |from: &str, to: &str, want: &str, is_error: bool| {
        let text = KIND.replacen(from, to, 1);
        assert_ne!(text, KIND, "{from}");
        let reading = read(&text);
        let told = reading.problems.iter().find(|problem| problem.message.contains(want));
        assert!(told.is_some_and(|problem| problem.is_error() == is_error), "{want}: {:?}", messages(&reading));
        assert_eq!(reading.found.is_none(), is_error);
        assert!(!reading.objects.iter().any(|read| matches!(read.object, Object::Node(_))));
    };
    check("restartCount: 9", "restartCount: nine", "restartCount", true);
    check("effect: NoSchedule", "effect: Sometimes", "Sometimes", true);
    check("    name: lab-worker2\n", "    nama: lab-worker2\n", "metadata.name: Required value", true);
    check(
        "    qosClass: BestEffort",
        "    qosClazz: BestEffort",
        "unknown field \"status.qosClazz\": it is left out",
        false,
    );
    check("numberReady: 3", "numberReady: 2", "the numbers of its status do not add up", false);
    check("name: lab-worker2\n    res", "name: lab-worker\n    res", "Node lab-worker is there twice", false);
    check("nodeName: lab-worker3", "nodeName: gone", "1 pod is bound to a node that the text does not hold", false);
    check("kind: StatefulSet", "kind: Stateful", "1 object of kind Stateful: kept and listed, not simulated", false);
}

#[test]
fn progress_only_grows() {
    let mut told = Vec::new();
    let text = std::iter::repeat_n(KIND, 8).collect::<Vec<_>>().join("---\n");
    let _ = crate::api::manifest::read_and_tell(&text, &mut |permille| told.push(permille));
    assert!(told.len() > 4 && told.is_sorted() && told.iter().all(|permille| *permille <= 1_000), "{told:?}");
}
