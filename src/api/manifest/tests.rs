//! Reading and printing whole objects.

use super::*;

const NGINX: &str = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: nginx\nspec:\n  selector:\n    matchLabels: {app: nginx}\n  template:\n    metadata:\n      labels: {app: nginx}\n    spec:\n      hostNetwork: true\n      containers:\n      - name: nginx\n        image: nginx\n        args: [\"yes\", \"a\\nb\\n\", \"0644\"]\n        ports: [{containerPort: 80}]\n        resources: {limits: {cpu: 1}}\n      volumes: [{name: v, emptyDir: {}}]\n";

fn daemon_set(text: &str) -> DaemonSet {
    let reading = read(text);
    assert_eq!(reading.problems, []);
    match reading.objects.into_iter().next().unwrap().object {
        Object::DaemonSet(ds) => *ds,
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_filled_in() {
    let ds = daemon_set(NGINX);
    assert_eq!(ds.metadata.namespace, "default");
    assert_eq!(ds.spec.revision_history_limit, Some(10));
    let rolling = ds.spec.update_strategy.rolling_update.unwrap();
    assert_eq!(
        (rolling.max_unavailable, rolling.max_surge),
        (Some(crate::api::IntOrPercent::Int(1)), Some(crate::api::IntOrPercent::Int(0)))
    );
    let spec = &ds.spec.template.spec;
    assert_eq!(spec.termination_grace_period_seconds, Some(30));
    let container = &spec.containers[0];
    assert_eq!(container.image_pull_policy, "Always");
    assert_eq!((container.ports[0].host_port, container.ports[0].protocol.as_str()), (80, "TCP"));
    assert_eq!(container.resources.requests["cpu"].milli_value(), 1_000);
}

#[test]
fn what_is_printed_reads_back() {
    let ds = daemon_set(NGINX);
    let text = print_daemon_set(&ds);
    assert_eq!(daemon_set(&text), ds, "{text}");
    assert!(text.starts_with("apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: nginx\n"), "{text}");
}

#[test]
fn problems_without_number_are_counted() {
    let services = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n".repeat(600);
    let reading = read(&format!("{services}---\nkind: Node\n"));
    assert_eq!(reading.problems.len(), 502);
    assert!(reading.has_errors());
    assert!(reading.problems.iter().any(|p| p.message == "100 more problems are not listed"));
    assert_eq!(reading.objects.len(), 600);
}

#[test]
fn items_of_a_typed_list_need_not_say_what_they_are() {
    let reading = read("apiVersion: v1\nkind: NodeList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n");
    assert_eq!((reading.problems.len(), reading.objects.len()), (0, 2), "{:#?}", reading.problems);
    let reading = read("apiVersion: v1\nkind: List\nitems:\n- metadata: {name: a}\n");
    assert!(reading.has_errors() && reading.objects.is_empty());
}

#[test]
fn pull_policy_hangs_on_the_tag() {
    let check = |image: &str, want: &str| {
        let text = NGINX.replace("image: nginx", &format!("image: {image}"));
        assert_eq!(daemon_set(&text).spec.template.spec.containers[0].image_pull_policy, want, "{image}");
    };
    check("nginx:latest", "Always");
    check("nginx:1.27", "IfNotPresent");
    check("localhost:5000/nginx", "Always");
    check("localhost:5000/nginx:2", "IfNotPresent");
    check("nginx@sha256:0123", "IfNotPresent");
}

#[test]
fn what_the_api_server_makes_is_left_behind() {
    let text = NGINX.replace("metadata:\n  name: nginx", "metadata:\n  name: nginx\n  uid: u\n  resourceVersion: \"7\"\n  generation: 3\n  creationTimestamp: \"2026-01-01T00:00:00Z\"");
    let text = text
        + "status: {currentNumberScheduled: 1, desiredNumberScheduled: 1, numberMisscheduled: 0, numberReady: 1}\n";
    assert_eq!(daemon_set(&text), daemon_set(NGINX));
}
