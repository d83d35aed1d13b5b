//! Reading manifests: the places of errors in manifests as people get them wrong. Kubernetes' facts
//! about YAML and about objects are in `conformance.rs`.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use daemonset_playground::api::manifest::{MAX_TEXT_BYTES, Object, read, yaml_to_json};

const HEAD: &str = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\n";
const SPEC: &str = "spec:\n  selector:\n    matchLabels: {app: agent}\n  template:\n    metadata:\n      labels: {app: agent}\n    spec:\n      containers:\n      - name: agent\n        image: agent:1\n";

/// The first problem's line, column and message.
fn first(text: &str) -> (usize, usize, String) {
    let reading = read(text);
    let problem = reading.problems.first().unwrap_or_else(|| panic!("nothing is wrong with {text}"));
    (problem.span.line, problem.span.column, problem.message.clone())
}

#[test]
fn errors_have_their_line_and_column() {
    let check = |text: &str, line: usize, column: usize, part: &str| {
        let (got_line, got_column, message) = first(text);
        assert!(message.contains(part), "{message:?} lacks {part:?} in\n{text}");
        assert_eq!((got_line, got_column), (line, column), "{message} in\n{text}");
    };
    let yaml = |words: &str| format!("error converting YAML to JSON: yaml: {words}");
    check(
        &format!("{HEAD}spec:\n\tselector: {{}}\n"),
        6,
        1,
        &yaml("found character that cannot start any token (a tab"),
    );
    // A plain scalar goes on over lines: the tab is on the second.
    check("kind: DaemonSet\n\tmetadata: x\n", 2, 1, &yaml("found character that cannot start any token (a tab"));
    check(
        &format!("{HEAD}spec:\n  selector\n  template: {{}}\n"),
        7,
        11,
        &yaml("mapping values are not allowed in this context"),
    );
    check(&format!("{HEAD} labels: {{}}\n{SPEC}"), 5, 2, &yaml("did not find expected key"));
    check(&format!("{HEAD}  labels: {{a: 'b}}\n"), 5, 15, &yaml("found unexpected end of stream"));
    check(&format!("{HEAD}  name: other\n{SPEC}"), 5, 3, "strict decoding error: key \"name\" already set in map");
    check(
        &format!("{HEAD}{SPEC}        imagee: x\n"),
        15,
        9,
        "strict decoding error: unknown field \"spec.template.spec.containers[0].imagee\"",
    );
    check(
        &format!("{HEAD}{SPEC}  minReadySeconds: \"5\"\n"),
        15,
        20,
        "json: cannot unmarshal string into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32",
    );
    check(
        &format!("{HEAD}{SPEC}  minReadySeconds: -5\n"),
        15,
        20,
        "spec.minReadySeconds: Invalid value: -5: must be greater than or equal to 0",
    );
    check(&HEAD.replace("DaemonSet", "DaemonSett"), 2, 7, "no matches for kind \"DaemonSett\" in version \"apps/v1\"");
    check("kind: Node\nmetadata: {name: n}\n", 1, 1, "Object 'apiVersion' is missing in '{\"kind\":\"Node\"");
    check("just text\n", 1, 1, "couldn't get version/kind; json parse error");
}

#[test]
fn validation_marks_the_value() {
    let check = |spec: &str, marked: &str, part: &str| {
        let text = format!("{HEAD}{spec}");
        let reading = read(&text);
        let found = reading.problems.iter().find(|p| p.message.starts_with(part));
        let problem = found.unwrap_or_else(|| panic!("no {part:?} in {:#?}", reading.problems));
        assert_eq!(text.get(problem.span.start..problem.span.end), Some(marked), "{part}");
        assert!(reading.objects.is_empty());
    };
    check(
        &SPEC.replace("labels: {app: agent}\n    spec", "labels: {app: other}\n    spec"),
        "{app: other}",
        "spec.template.metadata.labels: Invalid value: {\"app\":\"other\"}: `selector` does not match template `labels`",
    );
    check(
        &SPEC.replace("{app: agent}\n  template", "{}\n  template"),
        "matchLabels: {}",
        "spec.selector: Invalid value: {}: empty selector",
    );
    check(
        &SPEC.replace("\n        image: agent:1", ""),
        "name",
        "spec.template.spec.containers[0].image: Required value",
    );
    check(
        &SPEC.replace("- name: agent", "- name: Agent"),
        "Agent",
        "spec.template.spec.containers[0].name: Invalid value: \"Agent\": a lowercase",
    );
    check(
        &format!("{SPEC}      restartPolicy: Never\n"),
        "Never",
        "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
    );
    check(
        &format!("{SPEC}      nodeSelector: {{\"a b\": c}}\n"),
        "\"a b\"",
        "spec.template.spec.nodeSelector: Invalid value: \"a b\": name part",
    );
    check(
        &format!("{SPEC}  updateStrategy: {{rollingUpdate: {{maxUnavailable: 0}}}}\n"),
        "0",
        "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
    );
    check(
        &format!("{SPEC}  updateStrategy: {{rollingUpdate: {{maxSurge: 1}}}}\n"),
        "1",
        "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero",
    );
    check(
        &format!("{SPEC}      tolerations: [{{key: a, effect: NoSchedule, tolerationSeconds: 5}}]\n"),
        "NoSchedule",
        "spec.template.spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute'",
    );
    check(
        &format!(
            "{SPEC}      - name: b\n        image: b\n        ports: [{{containerPort: 1, hostPort: 1}}, {{containerPort: 2, hostPort: 1}}]\n"
        ),
        "1",
        "spec.template.spec.containers[1].ports[1].hostPort: Duplicate value: \"TCP//1\"",
    );
    check(
        &SPEC.replace("agent:1", "agent:1\n        resources: {requests: {cpu: 1x}}"),
        "1x",
        "quantities must match the regular expression",
    );
}

#[test]
fn lists_and_several_documents_are_read() {
    let item = |kind: &str| {
        format!(
            "- apiVersion: v1\n  kind: {kind}\n  metadata: {{name: n1, resourceVersion: \"5\", creationTimestamp: null}}\n"
        )
    };
    let text = format!(
        "apiVersion: v1\nkind: List\nitems:\n{}{}---\n{HEAD}{SPEC}---\n# nothing\n",
        item("Node"),
        item("Service")
    );
    let reading = read(&text);
    assert!(!reading.has_errors(), "{:#?}", reading.problems);
    let kinds: Vec<&str> = reading
        .objects
        .iter()
        .map(|read| match &read.object {
            Object::Node(_) => "Node",
            Object::DaemonSet(_) => "DaemonSet",
            Object::NotSimulated { kind, .. } => kind,
        })
        .collect();
    assert_eq!(kinds, ["Node", "Service", "DaemonSet"]);
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.problems[0].message, "Service \"n1\" is read and not simulated");
    assert_eq!(reading.problems[0].span.line, 8);
    let node = &reading.objects[0].span;
    assert_eq!((node.line, node.column), (4, 3));
}

#[test]
fn what_is_not_simulated_is_read_as_strictly_and_kept() {
    let object = |head: &str, body: &str| format!("{head}\nmetadata: {{name: a}}\n{body}\n");
    let job = "apiVersion: batch/v1\nkind: Job";
    let check = |text: &str, want: &str| {
        let reading = read(text);
        let problem = &reading.problems[0];
        assert!(problem.message.starts_with(want), "{:#?}", reading.problems);
        assert_eq!(problem.is_error(), reading.objects.is_empty());
    };
    check(&object(job, "spec: {template: {spec: {restartPolicy: Never}}}"), "Job \"a\" is read and not simulated");
    check(&object(job, "spec: {tmplate: {}}"), "strict decoding error: unknown field \"spec.tmplate\"");
    check(
        &object("apiVersion: v1\nkind: ConfigMap", "data: {a: 1}"),
        "json: cannot unmarshal number into Go struct field ConfigMap.data of type string",
    );
    check(&object("apiVersion: v1\nkind: Secret", "data: {a: '!'}"), "illegal base64 data at input byte 0");
    check(
        &object("apiVersion: cert-manager.io/v1\nkind: Certificate", "spec: {any: thing}"),
        "Certificate \"a\" is a custom resource, read and not simulated",
    );
    check(&object("apiVersion: apps/v1\nkind: Deployment", "spec: {}"), "spec.selector: Required value");
}

#[test]
fn one_bad_document_does_not_spoil_the_others() {
    let reading = read(&format!("a: [\n---\n{HEAD}{SPEC}---\n{HEAD}  name: twice\n{SPEC}"));
    assert_eq!(reading.objects.len(), 1);
    assert_eq!(reading.problems.len(), 2, "{:#?}", reading.problems);
}

#[test]
fn json_is_read_with_tabs() {
    let text = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Node\",\n\t\"metadata\": {\n\t\t\"name\": \"a\",\n\t\t\"labels\": {\"x\": \"yes\\/no\"}\n\t}\n}\n";
    let reading = read(text);
    assert_eq!((reading.problems.len(), reading.problems[0].span.line), (1, 6), "{:#?}", reading.problems);
    let reading = read(&text.replace("\\/", "-"));
    assert_eq!((reading.problems.len(), reading.objects.len()), (0, 1), "{:#?}", reading.problems);
}

#[test]
fn a_text_too_long_is_refused_at_once() {
    let longest = " ".repeat(MAX_TEXT_BYTES);
    assert_eq!(read(&longest).problems, []);
    let (line, column, message) = first(&(longest + "\n"));
    assert_eq!((line, column), (1, 1));
    assert_eq!(message, "the text has 3145729 bytes, this playground reads no more than 3 MiB (3145728 bytes)");
}

/// At a limit a text is read; one beyond it is refused at `line` and `column`.
fn assert_limit(at: &str, beyond: &str, line: usize, column: usize, message: &str) {
    assert!(yaml_to_json(at).is_ok(), "{:?}", yaml_to_json(at).map(|_| ()));
    let fault = yaml_to_json(beyond).unwrap_err();
    assert_eq!((fault.message.as_str(), fault.span.line, fault.span.column), (message, line, column));
    let (read_line, read_column, told) = first(beyond);
    assert_eq!((read_line, read_column), (line, column));
    assert_eq!(told, format!("error converting YAML to JSON: {message}"));
}

#[test]
fn nesting_has_a_limit() {
    const TOLD: &str = "nested deeper than 64 levels, this playground reads no more";
    let flow = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_limit(&flow(64), &flow(65), 1, 65, TOLD);
    let block = |depth: usize| (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    assert_limit(&block(64), &block(65), 65, 65, TOLD);
    // An alias is as deep as what it stands for.
    let alias = |depth: usize| format!("- &a {}\n- {}*a{}\n", flow(40), "[".repeat(depth), "]".repeat(depth));
    assert_limit(&alias(23), &alias(24), 2, 27, TOLD);
}

#[test]
fn values_have_a_limit() {
    // Without aliases as many as kubectl may print of a cluster.
    const MANY: &str = "the text holds more than 250000 values, this playground reads no more";
    const TOLD: &str = "the text holds more than 20000 values (aliases expanded), this playground reads no more";
    let list = |items: usize| "- a\n".repeat(items);
    assert_limit(&list(249_999), &list(250_000), 250_000, 3, MANY);
    // A map's values count, its keys do not.
    let map = |entries: usize| (0..entries).map(|n| format!("k{n}: 1\n")).collect::<String>();
    assert_limit(&map(249_999), &map(250_000), 250_000, 10, MANY);
    // From the first alias on there may be no more than so many.
    let with_alias = |items: usize| format!("- &a b\n- *a\n{}", list(items));
    assert_limit(&with_alias(19_997), &with_alias(19_998), 20_000, 3, TOLD);
    // The outer list, and a thousand values each of the nineteen lines and of the last one.
    let aliases = |last: usize| {
        let items = |count: usize| format!("[{}]", vec!["1"; count].join(", "));
        format!("- &a {}\n{}- {}\n", items(999), "- *a\n".repeat(18), items(last))
    };
    assert_limit(&aliases(998), &aliases(999), 20, 2998, TOLD);
    // All documents of a text together.
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: a}\n";
    let reading = read(&format!("{node}---\n{}", with_alias(19_994)));
    assert!(reading.problems[0].message.contains(TOLD), "{:?}", reading.problems);
}

#[test]
fn aliases_have_limits() {
    // Of the text that they come to.
    let text =
        |bytes: usize| format!("a: &a {}\nb: [*a, *a, *a]\nc: &c {}\nd: *c\n", "x".repeat(1 << 20), "x".repeat(bytes));
    let at = text(1).replace("d: *c\n", "");
    let told = "the text has more than 3145728 bytes (aliases expanded), this playground reads no more";
    assert_limit(&at, &text(1), 4, 4, told);
    // Kubernetes' own: of more than a thousand values no more than 99 of a hundred.
    let lists = |last: &str| {
        let row = |name: &str| format!("[{}]", [name; 10].join(", "));
        format!("- &a {}\n- &b {}\n- &c {}\n- {last}\n", row("x"), row("*a"), row("*b"))
    };
    assert_limit(&lists("[*c, *c]"), &lists("[*c, *c, *c]"), 4, 12, "yaml: document contains excessive aliasing");
}
