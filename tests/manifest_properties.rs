//! Laws of reading manifests: nothing panics, spans are within the text, what is printed
//! reads back as the same.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]

use daemonset_playground::api::manifest::{Object, Reading, print_daemon_set, print_node, read};
use daemonset_playground::api::{
    Container, DaemonSet, IntOrPercent, LabelSelector, Node, Quantity, RollingUpdateDaemonSet, Taint, TaintEffect,
};
use proptest::prelude::*;
use std::rc::Rc;

const MANIFEST: &str = r#"# an agent
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, labels: &labels {app: "agent", x/y: 'it'}, annotations: {text: "ü", more: 'it''s 😀'}}
spec:
  selector: {matchLabels: {app: agent}}
  updateStrategy:
    rollingUpdate: {maxUnavailable: 10%}
  template:
    metadata: {labels: *labels}
    spec:
      tolerations:
      - operator: Exists
      containers:
      - name: agent
        image: agent:1.0 # tag
        args: ["yes", 'no', "\u00e9\n", >-
          folded
        ]
        command:
        - sh
        - |
          echo 😀
          exit 0
        resources: {requests: {cpu: 100m, memory: 1.5Gi}}
---
apiVersion: v1
kind: List
items:
- {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}, "spec": {"taints": [{"key": "a", "effect": "NoExecute"}]}}
- apiVersion: example.com/v1
  kind: Settings
  metadata: {name: c}
  data: {<<: {a: 1_000, b: 0x1f}, c: ~, d: .5, e: 2026-01-01}
...
"#;

/// Pieces that break things when they are put somewhere.
const PIECES: [&str; 28] = [
    "\t",
    "\n",
    "\r\n",
    "---\n",
    "...\n",
    ": ",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "\\",
    "&a ",
    "*a ",
    "*labels",
    "<<: *labels\n",
    "!!int ",
    "!x ",
    "|2\n",
    "%YAML 1.2\n",
    "\u{feff}",
    "\u{2028}",
    "é😀",
    "\u{0}",
    "# ",
];

#[derive(Clone, Debug)]
enum Change {
    Byte(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Insert(prop::sample::Index, usize),
    Copy(prop::sample::Index, usize, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (any::<prop::sample::Index>(), 1..60_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        (any::<prop::sample::Index>(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<prop::sample::Index>(), 1..80_usize, any::<prop::sample::Index>())
            .prop_map(|(at, length, to)| Change::Copy(at, length, to)),
    ]
}

fn changed(changes: &[Change]) -> String {
    let mut bytes = MANIFEST.as_bytes().to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        match change {
            Change::Byte(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Change::Cut(at, length) => {
                let at = at.index(bytes.len());
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Change::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, PIECES[*piece].bytes());
            }
            Change::Copy(at, length, to) => {
                let (at, to) = (at.index(bytes.len()), to.index(bytes.len()));
                let piece = bytes[at..(at + length).min(bytes.len())].to_vec();
                bytes.splice(to..to, piece);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every place is within the text, at boundaries of characters, and its line and column are right.
fn assert_places(text: &str, reading: &Reading) {
    let spans = reading.problems.iter().map(|p| p.span).chain(reading.objects.iter().map(|o| o.span));
    for span in spans {
        let before = text.get(..span.start).unwrap_or_else(|| panic!("{span:?} in {text:?}"));
        assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
        assert_eq!(span.line, before.matches('\n').count() + 1, "{span:?} in {text:?}");
        assert_eq!(span.column, before.chars().rev().take_while(|c| *c != '\n').count() + 1, "{span:?} in {text:?}");
    }
    let starts: Vec<usize> = reading.problems.iter().map(|p| p.span.start).collect();
    assert!(starts.is_sorted(), "{starts:?}");
}

fn read_back(text: &str) -> Object {
    let mut reading = read(text);
    assert_eq!(reading.problems, [], "{text}");
    assert_eq!(reading.objects.len(), 1, "{text}");
    reading.objects.remove(0).object
}

/// Text that a manifest may hold anywhere: words that mean something else, and anything printable.
fn tricky_text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "yes", "n", "0644", "1e3", "1_000", "null", "~", "0x1f", "1:30", "- a", "a: b", "a #b", " a ", "*a", "&a",
        "a:", "{{x}}", ".5", ".inf", "true", "@x", "|", ">", "<<", "...", "---", "\ttab", "a\nb\n", "a\n\nb", "\na",
        "a\n\n", "  a\n b", "a\n\tb", "\u{7}", "\u{2028}", "'", "\"", "\\n", "a\r\nb", "é😀", "\u{feff}", "\u{85}",
        "%", "=", "?", "[", "- ",
    ]);
    prop_oneof![words.prop_map(str::to_owned), "\\PC{1,20}", "[ a-z0-9:#\\n\\t'\"-]{1,30}"]
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,10}[a-zA-Z0-9])?",
        Just("yes".to_owned()),
        Just("012".to_owned()),
        Just("1e3".to_owned()),
        Just(String::new())
    ]
}

prop_compose! {
    fn daemon_set()(
        name in "[a-z]([-a-z0-9]{0,10}[a-z0-9])?",
        value in label(),
        annotation in tricky_text(),
        args in prop::collection::vec(tricky_text(), 1..4),
        image in "[a-z]{1,8}(:[a-z0-9.]{1,6})?",
        budget in prop_oneof![(1..9).prop_map(IntOrPercent::Int), (1..100).prop_map(|n| IntOrPercent::Percent(format!("{n}%")))],
        cpu in prop_oneof![Just("1"), Just("100m"), Just("1.5"), Just("1e3")],
    ) -> DaemonSet {
        let text = format!("{{\"name\":\"c\",\"image\":{image:?}}}");
        let mut container: Container = serde_json::from_str(&text).unwrap();
        container.image_pull_policy = "Never".to_owned();
        container.other = serde_json::from_value(serde_json::json!({ "args": args })).unwrap();
        container.resources.requests.insert("cpu".to_owned(), Quantity::parse(cpu).unwrap());
        let mut ds = DaemonSet::default();
        ds.metadata.name = name;
        ds.metadata.namespace = "default".to_owned();
        ds.metadata.annotations.insert("note".to_owned(), annotation);
        ds.spec.selector = LabelSelector { match_labels: [("app".to_owned(), value)].into(), match_expressions: Vec::new() };
        ds.spec.update_strategy.rolling_update =
            Some(RollingUpdateDaemonSet { max_unavailable: Some(budget), max_surge: Some(IntOrPercent::Int(0)) });
        ds.spec.revision_history_limit = Some(3);
        let template = Rc::make_mut(&mut ds.spec.template);
        template.metadata.labels = ds.spec.selector.match_labels.clone();
        template.spec.termination_grace_period_seconds = Some(5);
        template.spec.containers.push(container);
        ds
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_places_are_right(changes in prop::collection::vec(change(), 1..6)) {
        let text = changed(&changes);
        assert_places(&text, &read(&text));
    }

    #[test]
    fn pieces_alone_do_not_panic(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        assert_places(&text, &read(&text));
    }

    #[test]
    fn what_was_read_reads_back(changes in prop::collection::vec(change(), 0..3)) {
        let text = changed(&changes);
        for object in read(&text).objects {
            match object.object {
                Object::DaemonSet(ds) => prop_assert_eq!(read_back(&print_daemon_set(&ds)), Object::DaemonSet(ds)),
                Object::Node(node) => prop_assert_eq!(read_back(&print_node(&node)), Object::Node(node)),
                Object::NotSimulated { .. } => {}
            }
        }
    }

    #[test]
    fn daemon_sets_read_back(ds in daemon_set()) {
        let text = print_daemon_set(&ds);
        prop_assert_eq!(read_back(&text), Object::DaemonSet(Box::new(ds)), "{}", text);
    }
}

#[test]
fn the_manifest_that_is_changed_is_good() {
    let reading = read(MANIFEST);
    let errors: Vec<_> = reading.problems.iter().filter(|p| p.is_error()).collect();
    assert_eq!((errors.len(), reading.objects.len()), (0, 3), "{:#?}", reading.problems);
}

#[test]
fn nodes_read_back() {
    let mut node = Node::default();
    node.metadata.name = "n1".to_owned();
    node.metadata.labels_mut().insert("kubernetes.io/os".to_owned(), "linux".to_owned());
    node.spec.taints.push(Taint::new("dedicated", TaintEffect::NoSchedule));
    node.spec.unschedulable = true;
    node.status.allocatable.insert("cpu".to_owned(), Quantity::parse("3.9").unwrap());
    node.status.capacity.insert("cpu".to_owned(), Quantity::units(4));
    let text = print_node(&node);
    assert_eq!(read_back(&text), Object::Node(Box::new(node)), "{text}");
}

#[test]
fn deep_and_wide_texts_end_soon() {
    let deep = ["[", "{a: ", "- ", "? ", "a: [", "!x [", "&a ["].map(|piece| piece.repeat(100_000));
    let steps: String = (0..2_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let wide = "a: {".to_owned() + &"b: 1, ".repeat(300_000) + "}";
    let long = "a: \"".to_owned() + &"x".repeat(3_000_000) + "\"";
    let spaces = " ".repeat(3_000_000);
    for text in deep.iter().chain([&steps, &wide, &long, &spaces]) {
        let started = std::time::Instant::now();
        let reading = read(text);
        println!("{:?} for {} bytes of {:?}", started.elapsed(), text.len(), text.get(..8));
        assert_eq!(reading.objects.len(), 0);
        assert!(
            started.elapsed().as_secs() < 10,
            "{:?} for {} bytes: {:?}",
            started.elapsed(),
            text.len(),
            text.get(..20)
        );
    }
}

#[test]
fn alias_bombs_are_told_before_they_go_off() {
    let mut bomb = "apiVersion: v1\nkind: Node\na0: &a0 {x: lol}\n".to_owned();
    for n in 1..=20 {
        let merges = vec![format!("*a{}", n - 1); 9].join(", ");
        bomb += &format!("a{n}: &a{n} [{merges}]\n");
    }
    let reading = read(&bomb);
    assert_places(&bomb, &reading);
    assert!(reading.problems.iter().any(|p| p.message.contains("20000 values")), "{:?}", reading.problems);
}
