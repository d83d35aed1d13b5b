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
    assert_eq!((rolling.max_unavailable, rolling.max_surge), (Some(crate::api::IntOrPercent::Int(1)), Some(crate::api::IntOrPercent::Int(0))));
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
