//! Each fix, applied, leaves a manifest without that problem and with every comment.

#![expect(clippy::string_slice, reason = "these texts are ASCII")]

use super::*;
use crate::api::manifest::read;

const GOOD: &str = "\
# what it is
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent # its name
spec:
  # who belongs to it
  selector:
    matchLabels:
      app: agent # one label
  template:
    metadata:
      labels:
        app: agent
    spec:
      tolerations:
      - key: node-role.kubernetes.io/control-plane # everywhere
        operator: Exists
      # the agent itself
      containers:
      - name: agent
        image: agent:1
        # its settings
        env:
        - name: LEVEL
          value: \"3\" # quoted
";

fn apply(text: &str, fix: &Fix) -> String {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let (mut out, mut at) = (String::new(), 0);
    for edit in edits {
        assert!(at <= edit.start && edit.start <= edit.end, "edits overlap: {fix:?}");
        out.push_str(&text[at..edit.start]);
        out.push_str(&edit.text);
        at = edit.end;
    }
    out + &text[at..]
}

fn comments(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once("# ")?.1)).collect();
    found.sort_unstable();
    found
}

/// Breaks the good manifest, takes the fix of that title and gives what it makes of it.
#[track_caller]
fn mended(broken: &str, title: &str) -> String {
    let problems = read(broken).problems;
    let all = fixes(broken, &problems);
    let Some(fix) = all.iter().find(|fix| fix.title == title) else {
        panic!("no {title:?} among {:?} for {problems:?}", all.iter().map(|fix| &fix.title).collect::<Vec<_>>());
    };
    let text = apply(broken, fix);
    assert_eq!(comments(&text), comments(broken), "comments of\n{text}");
    text
}

/// The same, and what it makes of it is right.
#[track_caller]
fn check(broken: &str, title: &str) -> String {
    assert!(read(GOOD).problems.is_empty() && broken != GOOD);
    let text = mended(broken, title);
    assert_eq!(read(&text).problems, [], "{text}");
    assert!(fixes(&text, &[]).is_empty());
    text
}

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

#[test]
fn labels_that_differ() {
    let broken = with("        app: agent\n", "        app: agnet\n        tier: node\n");
    let text = check(&broken, "Give the template the selector's labels");
    assert!(text.contains("        app: agent\n        tier: node\n"), "{text}");
    let text = check(&broken, "Make the selector ask for the template's labels");
    assert!(text.contains("      app: agnet # one label\n      tier: node\n"), "{text}");
    check(&with("        app: agent\n", "        name: agent\n"), "Give the template the selector's labels");
    check(&with("        app: agent\n", "        name: agent\n"), "Make the selector ask for the template's labels");
    check(
        &with("      labels:\n        app: agent\n", "      labels: {a: b}\n"),
        "Give the template the selector's labels",
    );
    check(
        &with("      labels:\n        app: agent\n", "      labels: {}\n"),
        "Give the template the selector's labels",
    );
    check(&with("    metadata:\n      labels:\n        app: agent\n", ""), "Give the template the selector's labels");
    check(
        &with("    metadata:\n      labels:\n        app: agent\n", "    metadata:\n      name: x\n"),
        "Give the template the selector's labels",
    );
}

#[test]
fn a_selector_that_is_missing() {
    let lines = "  selector:\n    matchLabels:\n      app: agent # one label\n";
    check(&with(lines, ""), "Add a selector for the template's labels");
    check(&with(lines, "  selector: {}\n"), "Add a selector for the template's labels");
}

#[test]
fn kinds_and_versions() {
    check(&with("apps/v1", "v1"), "Change apiVersion to apps/v1");
    check(&with("apps/v1", "extensions/v1beta1"), "Change apiVersion to apps/v1");
    check(&with("kind: DaemonSet", "kind: Daemonset"), "Change kind to DaemonSet");
    check(
        &with("apps/v1\nkind: DaemonSet", "app/v1\nkind: \"deamonset\""),
        "Change apiVersion to apps/v1 and kind to DaemonSet",
    );
    check(&with("kind: DaemonSet\n", ""), "Add kind: DaemonSet");
    check(&with("apiVersion: apps/v1\n", ""), "Add apiVersion: apps/v1");
    check(&with("apiVersion: apps/v1\nkind: DaemonSet\n", ""), "Add apiVersion: apps/v1, kind: DaemonSet");
    let node = "# n\nkind: node\napiVersion: v1\nmetadata: {name: w-1}\n";
    assert_eq!(read(&mended(node, "Change kind to Node")).problems, []);
}

#[test]
fn values_of_a_few() {
    let text =
        check(&with("      tolerations", "      restartPolicy: Never # why\n      tolerations"), "Change to Always");
    assert!(text.contains("restartPolicy: Always # why"), "{text}");
    check(&with("operator: Exists", "operator: exists"), "Change to Exists");
    check(&with("operator: Exists", "operator: Exists\n        effect: noschedule"), "Change to NoSchedule");
}

#[test]
fn both_budgets_or_none() {
    let strategy =
        |rolling: &str| with("  template:", &format!("  updateStrategy:\n    rollingUpdate:\n{rolling}  template:"));
    let both = strategy("      # spare\n      maxSurge: 1 # one more\n      maxUnavailable: 1 # one less\n");
    let text = check(&both, "Set maxUnavailable to 0");
    assert!(text.contains("maxUnavailable: 0 # one less"), "{text}");
    check(&strategy("      maxSurge: 1\n"), "Set maxUnavailable to 0");
    check(&strategy("      maxSurge: 1\n      maxUnavailable: 1 # one less\n"), "Remove maxSurge");
    check(&strategy("      maxUnavailable: 0 # none\n"), "Set maxUnavailable to 1");
}

#[test]
fn the_old_taint() {
    let old = with("role.kubernetes.io/control-plane", "role.kubernetes.io/master");
    check(&old, "Change to node-role.kubernetes.io/control-plane");
    let quoted = with("key: node-role.kubernetes.io/control-plane", "key: \"node-role.kubernetes.io/master\"");
    assert!(
        check(&quoted, "Change to node-role.kubernetes.io/control-plane")
            .contains("\"node-role.kubernetes.io/control-plane\"")
    );
    let both = with(
        "        operator: Exists\n",
        "        operator: Exists\n      - key: node-role.kubernetes.io/master\n        operator: Exists\n",
    );
    assert_eq!(fixes(&both, &[]), []);
}

#[test]
fn tabs_and_quotes() {
    check(&with("  name: agent #", "\tname: agent #"), "Indent with spaces instead of tabs");
    check(&with("  selector:\n    match", "  selector:\n\t\tmatch"), "Indent with spaces instead of tabs");
    assert!(check(&with("\"3\"", "3"), "Put it in quotes").contains("value: \"3\" # quoted"));
    check(&with("\"3\"", "yes"), "Put it in quotes");
    check(
        &with("      app: agent #", "      app: no #").replace("        app: agent\n", "        app: \"no\"\n"),
        "Put it in quotes",
    );
    check(&with("  template:", "  minReadySeconds: \"5\"\n  template:"), "Take the quotes away");
    check(&with("      tolerations:", "      hostNetwork: 'true'\n      tolerations:"), "Take the quotes away");
}

#[test]
fn fields_that_are_misspelled() {
    check(&with("containers:", "contaners:"), "Change to containers");
    check(&with("      tolerations:", "      hostnetwork: true\n      tolerations:"), "Change to hostNetwork");
}

#[test]
fn fields_that_belong_elsewhere() {
    let text = check(
        &with("  template:", "  # the node's network\n  hostNetwork: true # yes\n  template:"),
        "Move into spec.template.spec",
    );
    assert!(text.ends_with("      # the node's network\n      hostNetwork: true # yes\n"), "{text}");
    let text = check(
        &with(
            "      tolerations:",
            "      updateStrategy:\n        # by hand\n        type: OnDelete\n      tolerations:",
        ),
        "Move into spec",
    );
    assert!(text.contains("\n  updateStrategy:\n    # by hand\n    type: OnDelete\n"), "{text}");
    check(
        &with("      containers:", "      imagePullPolicy: Always\n      containers:"),
        "Move into spec.template.spec.containers[0]",
    );
    check(
        &with("        # its settings", "        hostPID: true\n        # its settings"),
        "Move into spec.template.spec",
    );
    check(&with("  template:", "  labels:\n    a: b # c\n  template:"), "Move into metadata");
    check(&(GOOD.to_owned() + "      minReadySeconds: 3\n"), "Move into spec");
    check(&(GOOD.to_owned() + "  hostNetwork: true"), "Move into spec.template.spec");
}

#[test]
fn any_text_is_answered() {
    for end in 0..=GOOD.len() {
        let text = &GOOD[..end];
        for fix in fixes(text, &read(text).problems) {
            apply(text, &fix);
        }
        let text = with("agent", "é\t") + &GOOD[end..];
        for fix in fixes(&text, &read(&text).problems) {
            apply(&text, &fix);
        }
    }
    for text in [
        "",
        "a",
        "- - - kind: x",
        "{kind: Daemonset, apiVersion: v1}",
        "&a {a: *a}",
        "spec: {hostNetwork: true}\nkind: DaemonSet\napiVersion: apps/v1",
    ] {
        for fix in fixes(text, &read(text).problems) {
            apply(text, &fix);
        }
    }
}
