//! What must hold in wasm too, under node. One file only: with its debug
//! information each wasm test binary is tens of megabytes.
#![cfg(all(target_arch = "wasm32", feature = "js"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod digest_run;

use daemonset_playground::embed::Playground;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const NGINX: &str = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: nginx\nspec:\n  selector:\n    matchLabels:\n      app: nginx\n  template:\n    metadata:\n      labels:\n        app: nginx\n    spec:\n      containers:\n      - name: nginx\n        image: nginx:1.27\n";

#[wasm_bindgen_test]
fn runs_under_node() {
    let process = js_sys::Reflect::get(&js_sys::global(), &"process".into());
    assert!(process.is_ok_and(|process| process.is_object()));
}

fn object(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap()
}

/// What a JavaScript expression says of a value `it`.
fn ask(it: &JsValue, expression: &str) -> JsValue {
    js_sys::Function::new_with_args("it", &format!("return {expression};")).call1(&JsValue::NULL, it).unwrap()
}

fn made<T>(result: Result<T, wasm_bindgen::JsError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{}", message(error)),
    }
}

fn message(error: wasm_bindgen::JsError) -> String {
    JsValue::from(error).unchecked_into::<js_sys::Error>().message().into()
}

#[wasm_bindgen_test]
fn a_manifest_becomes_pods() {
    let mut playground = made(Playground::create(&object(r#"{"nodes":3,"seed":5}"#)));
    let applied = made(playground.apply(NGINX));
    assert_eq!(ask(&applied, "it.accepted"), JsValue::TRUE);
    assert_eq!(ask(&applied, "it.objects.join()"), JsValue::from("daemonset.apps/nginx created"));
    let arrived = made(playground.run(&"settled".into()));
    assert_eq!(ask(&arrived, "it.settled && Number.isInteger(it.now)"), JsValue::TRUE);
    let frame = made(playground.frame());
    let pods = "it.groups.flatMap(group => group.nodes).flatMap(node => node.pods)";
    assert_eq!(ask(&frame, &format!("{pods}.filter(pod => pod.look === 'available').length")), JsValue::from(3));
    assert_eq!(ask(&frame, "it.workloads[0].columns.ready"), JsValue::from(3));
    assert_eq!(ask(&frame, "Object.getPrototypeOf(it) === Object.prototype"), JsValue::TRUE);
    let events = made(playground.events());
    assert_eq!(ask(&events, "it.every(event => typeof event.at === 'number') && it.length > 9"), JsValue::TRUE);
}

#[wasm_bindgen_test]
fn time_goes_to_and_fro() {
    let mut playground = made(Playground::new(&JsValue::UNDEFINED));
    let command = object(r#"{"do":"cordonNode","name":"worker-2","unschedulable":true}"#);
    let events = made(playground.command(&command));
    assert_eq!(ask(&events, "it[0].actor === 'user' && it[0].text"), JsValue::from("kubectl cordon worker-2"));
    let start = playground.digest();
    assert!(ask(&made(playground.step()), "it.length").as_f64() > Some(0.0));
    assert!(playground.now() > 0.0);
    made(playground.run(&90_000.into()));
    assert_eq!(playground.now(), 90_000.0);
    made(playground.seek(0.0));
    assert_eq!(playground.digest(), start);
    assert!(made(playground.undo()) && !made(playground.undo()) && made(playground.redo()));
    assert_eq!(playground.digest(), start);
    let copy = made(Playground::from_scenario(&made(playground.scenario())));
    assert_eq!(copy.digest(), start);
}

/// As on the page: another timeline takes the place of this one, and undo brings this one back.
#[wasm_bindgen_test]
fn a_pasted_cluster_is_rebuilt() {
    let mut playground = made(Playground::new(&JsValue::UNDEFINED));
    made(playground.apply(NGINX));
    let before = playground.digest();
    let kind = include_str!("fixtures/kind.yaml");
    let applied = made(playground.apply(kind));
    assert_eq!(ask(&applied, "it.accepted && it.problems.length > 0"), JsValue::TRUE);
    let said =
        JsValue::from("The cluster is rebuilt: 4 nodes, 2 DaemonSets and 8 pods. Undo brings back the one before.");
    assert_eq!(ask(&applied, "it.objects[0]"), said);
    let frame = made(playground.frame());
    assert_eq!(ask(&frame, "it.groups.flatMap(group => group.nodes).length"), JsValue::from(4));
    assert_eq!(ask(&frame, "it.workloads.length"), JsValue::from(2));
    made(playground.run(&60_000.into()));
    let rebuilt = playground.digest();
    assert_ne!(rebuilt, before);
    // What was found is part of the scenario.
    let mut copy = made(Playground::from_scenario(&made(playground.scenario())));
    made(copy.seek(60_000.0));
    assert_eq!(copy.digest(), rebuilt);
    assert!(made(playground.undo()));
    assert_eq!(playground.digest(), before);
    assert!(made(playground.redo()) && !made(playground.redo()));
    assert_eq!(playground.digest(), rebuilt);
    // Whoever goes another way does not come back to it.
    assert!(made(playground.undo()));
    made(playground.command(&object(r#"{"do":"cordonNode","name":"worker-2","unschedulable":true}"#)));
    assert!(!made(playground.redo()));
    assert!(playground.diff(kind).is_err_and(|error| message(error).contains("a picture of a cluster")));
}

/// What the page saves has the moment beside the scenario.
#[wasm_bindgen_test]
fn a_saved_file_opens_at_its_moment() {
    let mut playground = made(Playground::new(&JsValue::UNDEFINED));
    made(playground.apply(NGINX));
    made(playground.seek(7_500.0));
    let saved = made(playground.scenario()).replacen('{', "{\"at\":7500,", 1);
    let copy = made(Playground::from_scenario(&saved));
    assert_eq!((copy.now(), copy.digest()), (7_500.0, playground.digest()));
    let check = |text: &str, want: &str| {
        let said = Playground::from_scenario(text).err().map(message).unwrap_or_default();
        assert!(said.contains(want), "{said} / {want}");
    };
    check(&saved.replacen("7500", "-1", 1), "at is -1: it must be between 0 and");
    check(&saved.replacen("7500", "\"x\"", 1), "invalid type");
    check("{\"version\":2}", "version is 2; this playground reads version 1");
    check("[", "The file holds no scenario that can be opened here");
}

#[wasm_bindgen_test]
fn mistakes_are_errors() {
    let mut playground = made(Playground::new(&JsValue::UNDEFINED));
    let before = playground.digest();
    let check = |result: Result<JsValue, wasm_bindgen::JsError>, want: &str| {
        let said = result.map_or_else(message, |value| format!("accepted: {value:?}"));
        assert!(said.contains(want), "{said} / {want}");
    };
    let cycle = js_sys::Object::new();
    js_sys::Reflect::set(&cycle, &"self".into(), &cycle).unwrap();
    check(playground.command(&cycle), "not a plain value: Converting circular structure to JSON");
    check(playground.command(&JsValue::UNDEFINED), "not a plain value");
    check(playground.command(&JsValue::bigint_from_str("1")), "not a plain value");
    check(playground.command(&object(r#"{"do":"fly"}"#)), "unknown variant `fly`");
    check(playground.command(&object(r#"{"do":"deleteNode","name":"nosuch"}"#)), "nodes \"nosuch\" not found");
    check(playground.run(&JsValue::NULL), "say until when");
    check(playground.run(&"for ever".into()), "say until when");
    check(playground.seek(f64::NAN), "NaN is not between 0 and");
    let refused = made(playground.apply("kind: DaemonSet\napiVersion: apps/v1\nspec: {templat: {}}\n"));
    assert_eq!(ask(&refused, "it.accepted === false && it.problems[0].span.line > 0"), JsValue::TRUE);
    assert_eq!(playground.digest(), before);
    let options = Playground::create(&object(r#"{"nodes":15001}"#)).err().map(message);
    assert_eq!(options.as_deref(), Some("options.nodes: 15001 nodes; at most 15000 are simulated"));
}

/// The digest law: `tests/timeline.rs` proves the same number natively.
#[wasm_bindgen_test]
fn digest_is_the_native_one() {
    let run = digest_run::Run::read();
    let mut playground = made(Playground::create(&object(&run.options)));
    for step in &run.script {
        made(playground.seek(step.at));
        if let Some(manifest) = &step.apply {
            made(playground.apply(manifest));
        }
        if let Some(command) = &step.command {
            made(playground.command(&object(command)));
        }
    }
    digest_run::compare(&playground.digest(), &run.digest);
}
