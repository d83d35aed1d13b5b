//! Laws of reading manifests and links, on random texts: nothing panics, places are right, what is
//! printed reads back as the same, what is shared is what is opened. The laws are the bodies of the fuzz targets, see `fuzz/`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods
)]

use daemonset_playground::api::manifest::{Object, print_daemon_set, print_node, read};
use daemonset_playground::api::{
    Container, DaemonSet, IntOrPercent, LabelSelector, Node, Quantity, RollingUpdateDaemonSet, Taint, TaintEffect,
};
use daemonset_playground::app::share::{Scene, link, open};
use daemonset_playground::base::Time;
use daemonset_playground::sim::{Command, Knobs};
use daemonset_playground::timeline::{Input, MAX_SEED, Scenario};
use proptest::prelude::*;
use std::rc::Rc;
use std::sync::OnceLock;

#[path = "fuzz/bodies.rs"]
mod bodies;

use bodies::assert_places;

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
        args: ["yes", 'no', "\u00e9\n", "over
          lines"
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

/// Manifests as people write them, and as conformance vectors break them.
fn seeds() -> &'static [String] {
    static SEEDS: OnceLock<Vec<String>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let vectors = [
            include_str!("vectors/manifests.jsonl"),
            include_str!("vectors/manifests-rules.jsonl"),
            include_str!("vectors/yaml.jsonl"),
        ];
        let texts = vectors.iter().flat_map(|lines| lines.lines()).map(|line| {
            let vector: serde_json::Value = serde_json::from_str(line).unwrap();
            vector["yaml"].as_str().unwrap().to_owned()
        });
        [MANIFEST.to_owned()].into_iter().chain(texts).collect()
    })
}

/// One of the manifests, the first as often as all others together.
fn seed() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(MANIFEST), any::<prop::sample::Index>().prop_map(|at| seeds()[at.index(seeds().len())].as_str())]
}

fn changed(seed: &str, changes: &[Change]) -> String {
    let mut bytes = seed.as_bytes().to_vec();
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

/// What a link may hold.
const LINKED: &str = r#"{"at":1200,"seed":7,"knobs":{"imagePullMs":5,"images":[{"image":"a:1","fault":"crash"}]},
"nodes":[{"metadata":{"name":"n1","labels":{"a":"b"}},"spec":{"taints":[{"key":"k","effect":"NoExecute"}]}},
{"metadata":{"name":"n2"},"status":{"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"}}}],
"inputs":[{"at":0,"command":{"do":"applyDaemonSet","daemon_set":{"metadata":{"name":"a"},"spec":{"selector":{
"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"a:1",
"env":[{"name":"A","value":"😀"}]}]}}}}}},{"at":900,"command":{"do":"drainNode","name":"n1","options":{"force":true}}},
{"at":901,"command":{"do":"deletePod","key":{"namespace":"default","name":"x"}}}]}"#;

prop_compose! {
    fn input()(at in 0..100_000_i64, which in 0..7, name in "n[0-9]", text in "\\PC{0,12}", ds in daemon_set()) -> Input {
        let mut node = Node::default();
        node.metadata.name.clone_from(&name);
        node.metadata.labels_mut().insert("a".to_owned(), text.clone());
        let command = match which {
            0 => Command::ApplyDaemonSet { daemon_set: Box::new(ds) },
            1 => Command::AddNode { node: Box::new(node) },
            2 => Command::DeleteNode { name },
            3 => Command::LabelNode { name, key: text, value: None },
            4 => Command::TaintNode { name, taint: Taint::new(text, TaintEffect::NoSchedule) },
            5 => Command::CordonNode { name, unschedulable: true },
            _ => Command::RepairNode { name },
        };
        Input { at: Time(at), command }
    }
}

prop_compose! {
    fn scene()(
        at in 0..100_000_i64, seed in 0..MAX_SEED, image_pull_ms in 0..9_000_i64, nodes in 0..5_usize,
        mut inputs in prop::collection::vec(input(), 0..8),
    ) -> Scene {
        inputs.sort_by_key(|input| input.at);
        let node = |n| {
            let mut node = Node::default();
            node.metadata.name = format!("n{n}");
            node
        };
        let knobs = Knobs { image_pull_ms, ..Knobs::default() };
        let scenario = Scenario { seed, knobs, inputs, ..Scenario::of_nodes((0..nodes).map(node).collect()) };
        Scene { scenario, at: Time(at), preset: String::new() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn manifests_hold_their_laws(seed in seed(), changes in prop::collection::vec(change(), 0..6)) {
        bodies::manifest(&changed(seed, &changes));
    }

    #[test]
    fn yaml_holds_its_laws(seed in seed(), changes in prop::collection::vec(change(), 0..6)) {
        bodies::yaml(&changed(seed, &changes));
    }

    #[test]
    fn pieces_alone_hold_the_laws(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        bodies::manifest(&text);
        bodies::yaml(&text);
    }

    #[test]
    fn quantities_hold_their_laws(text in "[-+]?[0-9]{0,24}[.]?[0-9]{0,24}([numkKMGTPE]i?|[eE][-+]?[0-9]{0,3})?|\\PC{0,8}") {
        bodies::quantity(&text);
    }

    #[test]
    fn daemon_sets_read_back(ds in daemon_set()) {
        let text = print_daemon_set(&ds);
        prop_assert_eq!(read_back(&text), Object::DaemonSet(Box::new(ds)), "{}", text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_hold_their_laws(changes in prop::collection::vec(change(), 0..6)) {
        bodies::link(&changed(LINKED, &changes));
    }

    #[test]
    fn what_is_shared_is_what_is_opened(scene in scene()) {
        let opened = open(&link(&scene).unwrap()).unwrap();
        prop_assert_eq!(opened.scene, scene);
    }

    #[test]
    fn the_editor_can_ask_anywhere(seed in seed(), changes in prop::collection::vec(change(), 0..6)) {
        bodies::editor(&changed(seed, &changes));
    }
}

/// What a vector's manifest holds is the same when it is printed and read again.
#[test]
fn manifests_of_the_vectors_read_back() {
    seeds().iter().for_each(|text| bodies::manifest(text));
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
    let documents = ["---\n", "a\n\tb\n---\n", "--- x\n", "a: [\n---\n", "- &a 1\n- *b\n---\n", "a: 1\n...\n"]
        .map(|document| document.repeat(1_000_000 / document.len()));
    let keys = "a: 1\n".repeat(19_000);
    let falling: String = (10_000..29_999).rev().map(|n| format!("k{n}: 1\n")).collect();
    let left = "a:\n- b: [\nc\n]\n  d: \"\ne\"\n".to_owned() + &"- b: [\nc\n]\n".repeat(9_000);
    let blocks = "- |\n  é\n".repeat(9_000) + &"x\n".repeat(100_000);
    for text in deep.iter().chain(&documents).chain([&steps, &wide, &long, &spaces, &keys, &blocks, &falling, &left]) {
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
    let told = |words: &str| reading.problems.iter().any(|p| p.message.contains(words));
    assert!(told("yaml: document contains excessive aliasing"), "{:?}", reading.problems);
}
