//! What comes of applying a text to what is stored.

use super::*;
use crate::api::DaemonSet;
use crate::api::manifest::read;

const NGINX: &str = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: nginx\nspec:\n  selector:\n    matchLabels: {app: nginx}\n  template:\n    metadata:\n      labels: {app: nginx}\n    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.27\n";

fn daemon_set(applied: &Applied) -> DaemonSet {
    match &applied.reading.objects[..] {
        [crate::api::manifest::ReadObject { object: Object::DaemonSet(object), .. }] => (**object).clone(),
        other => panic!("{other:?} {:?}", applied.reading.problems),
    }
}

fn on(live: &DaemonSet, text: &str) -> Applied {
    apply(text, Cluster { live: vec![Object::DaemonSet(Box::new(live.clone()))], ..Cluster::default() })
}

#[test]
fn the_annotation_is_as_kubectl_writes_it() {
    let text = NGINX.replace("metadata:\n  name: nginx", "metadata:\n  name: nginx\n  annotations: {a: \"<é&>\\n\"}");
    let created = apply(&text, Cluster::default());
    assert_eq!(created.said, "daemonset.apps/nginx created");
    let want = r#"{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"annotations":{"a":"\u003cé\u0026\u003e\n"},"name":"nginx","namespace":"default"},"spec":{"selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"image":"nginx:1.27","name":"nginx"}]}}}}"#;
    assert_eq!(daemon_set(&created).metadata.annotations[LAST_APPLIED], format!("{want}\n"));
    // What is pasted with the annotation is applied without.
    let pasted = text.replace("annotations: {", &format!("annotations: {{{LAST_APPLIED}: old, "));
    assert_eq!(on(&daemon_set(&created), &pasted).said, "daemonset.apps/nginx unchanged");
}

#[test]
fn what_means_the_same_makes_no_new_pods() {
    let check = |first: &str, second: &str, is_same: bool| {
        let [first, second] = [first, second].map(|with| NGINX.replace("      containers:", with));
        let live = daemon_set(&apply(&first, Cluster::default()));
        let applied = on(&live, &second);
        assert_eq!(applied.said, "daemonset.apps/nginx configured");
        assert_eq!(daemon_set(&applied).spec.template == live.spec.template, is_same, "{second}");
        assert_eq!(applied.diff.is_empty(), is_same, "{}", applied.diff);
    };
    let volume =
        |size: &str| format!("      volumes: [{{name: a, emptyDir: {{sizeLimit: {size}}}}}]\n      containers:");
    check(&volume("1Gi"), &volume("1024Mi"), true);
    check(&volume("1Gi"), &volume("2Gi"), false);
    check("      containers:", "      dnsPolicy: ClusterFirst\n      containers:", true);
    // The old name of the field keeps it.
    check("      serviceAccountName: web\n      containers:", "      containers:", true);
    check("      dnsPolicy: Default\n      containers:", "      containers:", false);
}

#[test]
fn an_object_twice_in_a_text_is_changed_twice() {
    let applied = apply(&format!("{NGINX}---\n{}", NGINX.replace("1.27", "1.28")), Cluster::default());
    assert_eq!(applied.said, "daemonset.apps/nginx created\ndaemonset.apps/nginx configured");
    assert_eq!(applied.reading.objects.len(), 2);
}

#[test]
fn without_the_annotation_nothing_goes_and_kubectl_warns() {
    let labelled = NGINX.replace("  name: nginx\nspec", "  name: nginx\n  labels: {a: b}\nspec");
    let live = daemon_set(&Applied { reading: read(&labelled), ..Applied::default() });
    let applied = on(&live, NGINX);
    assert!(applied.reading.problems[0].message.starts_with("resource daemonsets/nginx is missing the kubectl"));
    assert_eq!(daemon_set(&applied).metadata.labels.get("a").map(String::as_str), Some("b"));
    // With the manifest that it was applied from it is known what goes.
    let live = vec![Object::DaemonSet(Box::new(live))];
    let applied = apply(NGINX, Cluster { live, base: labelled, ..Cluster::default() });
    assert_eq!((applied.reading.problems.len(), daemon_set(&applied).metadata.labels.len()), (0, 0));
}

#[test]
fn what_is_wrong_is_told_and_nothing_else() {
    let check = |text: &str, want: &str| {
        let live = daemon_set(&apply(NGINX, Cluster::default()));
        let applied = on(&live, text);
        let messages: Vec<_> = applied.reading.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(messages.iter().any(|message| message.contains(want)), "{messages:?}");
        assert_eq!((applied.said.as_str(), applied.diff.as_str()), ("", ""));
    };
    check(
        &NGINX.replace("app: nginx", "app: web"),
        "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"web\"}}: field is immutable",
    );
    check(&NGINX.replace("image: ", "imagee: "), "unknown field \"spec.template.spec.containers[0].imagee\"");
    let nameless = NGINX.replace("        image", "        env: [{value: a}]\n        image");
    check(&nameless, "spec.template.spec.containers[0].env[0].name: Required value");
}
