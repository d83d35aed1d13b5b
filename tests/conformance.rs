//! Facts about Kubernetes 1.37.2, answered by the functions that the simulation runs.
//! `tests/vectors/` holds them as they were made; nothing here may be loosened.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use daemonset_playground::api::manifest::{self, Cluster, Object};
use daemonset_playground::base::{Time, digest_of};
use daemonset_playground::cli::conformance::Suite;
use daemonset_playground::rules::event_correlator::{Fate, Trail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const STATUS_FIELDS: [&str; 8] = [
    "desiredNumberScheduled",
    "currentNumberScheduled",
    "numberMisscheduled",
    "numberReady",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "observedGeneration",
];

#[test]
fn daemonset_sync() {
    let text = include_str!("vectors/daemonset-sync.jsonl");
    check("daemonset-sync", text, 502, differences);
}

#[test]
fn scheduler() {
    check("scheduler", include_str!("vectors/scheduler.jsonl"), 480, scheduler_differences);
}

#[test]
fn eviction() {
    check("eviction", include_str!("vectors/eviction.jsonl"), 120, eviction_differences);
}

#[test]
fn manifests() {
    check("manifests", include_str!("vectors/manifests.jsonl"), 762, manifest_differences);
}

/// Manifests that break many rules at once, where mutated real ones break few; made by the same program.
#[test]
fn rules_of_manifests() {
    check("manifests", include_str!("vectors/manifests-rules.jsonl"), 114, manifest_differences);
}

/// Objects with fields that manifests seldom have, put in by chance all over the table of types, and
/// the API server's answers: those that differ in what they are told.
#[test]
fn seldom_fields_of_manifests() {
    check("manifests", include_str!("vectors/manifests-fields.jsonl"), 476, manifest_differences);
}

/// What was applied, what is to be and what is stored, by chance; custom resources with nulls too; made by a Go program that calls
/// `strategicpatch` and `jsonmergepatch` as kubectl and the API server do.
#[test]
fn apply() {
    check("apply", include_str!("vectors/apply.jsonl"), 270, |vector, answer| {
        // Upstream's messages print Go maps in no order.
        let is_error = |of: &Value| of["error"].is_string();
        let expect = &vector["expect"];
        let is_same = if is_error(expect) { is_error(answer) } else { expect == answer };
        if is_same { Vec::new() } else { vec![format!("got {answer}, want {expect}")] }
    });
}

/// Two manifests, the first applied: what `kubectl apply` says of the second, and what `kubectl diff`
/// prints. Made by a Go program of kubectl's and the API server's own functions, and GNU diff.
#[test]
fn kubectl_diff() {
    let mut failures = Vec::new();
    for line in include_str!("vectors/kubectl-diff.jsonl").lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| vector[name].as_str().unwrap();
        let first = manifest::apply(text("applied"), Cluster::default());
        let live = first.reading.objects.into_iter().map(|read| stored(read.object)).collect();
        let got = manifest::apply(text("text"), Cluster { live, base: String::new(), at: Time(5_000) });
        let expect = |name: &str| vector["expect"][name].as_str().unwrap();
        let problem = got.reading.problems.iter().find(|problem| problem.is_error());
        let is_said = match problem {
            Some(problem) => expect("said").ends_with(&problem.message),
            None => got.said.ends_with(&format!(" {}", expect("said"))),
        };
        if !is_said || got.diff != expect("diff") {
            let (said, want) = (expect("said"), expect("diff"));
            failures
                .push(format!("{}: {} {problem:?}, want {said}\n{}\nwant\n{want}", vector["id"], got.said, got.diff));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// As the vectors' program stores what it creates.
fn stored(mut object: Object) -> Object {
    let meta = match &mut object {
        Object::DaemonSet(object) => &mut object.metadata,
        Object::Node(object) => &mut object.metadata,
        Object::NotSimulated { .. } => unreachable!(),
    };
    meta.uid = "5a8e7f7c-0000-4000-8000-000000000001".into();
    meta.resource_version = 7;
    if !meta.namespace.is_empty() {
        meta.generation = 1;
        meta.annotations.insert("deprecated.daemonset.template.generation".into(), "1".into());
    }
    object
}

#[test]
fn yaml() {
    check("yaml", include_str!("vectors/yaml.jsonl"), 141, yaml_differences);
}

/// What controllers recorded about one object in a recording of a real control plane, in
/// order: each event with the count of its object and the name that the object got.
#[test]
fn recorded_events() {
    let mut events = 0;
    for line in include_str!("vectors/recorded-events.jsonl").lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let mut trail = Trail::new(Time(0));
        let mut names: BTreeMap<u64, &str> = BTreeMap::new();
        for (id, event) in (0..).zip(vector["events"].as_array().unwrap()) {
            let [message, name] = [&event[2], &event[4]].map(|text| text.as_str().unwrap());
            let similar = message.strip_prefix("(combined from similar events): ");
            let (reason, message) = (digest_of(event[1].as_str().unwrap()), digest_of(similar.unwrap_or(message)));
            let observed = trail.observe(id, reason, message, Time(event[0].as_i64().unwrap()));
            let fate = if similar.is_some() { Fate::Combined } else { Fate::Written };
            let what = format!("{} {} {event}", vector["recording"], vector["object"]);
            assert_eq!((observed.fate, Some(u64::from(observed.count))), (fate, event[3].as_u64()), "{what}");
            assert_eq!(*names.entry(observed.first).or_insert(name), name, "{what}");
            events += 1;
        }
    }
    println!("recorded-events: {events}");
    assert_eq!(events, 301, "events are missing");
}

/// Answers every vector and prints how many are right, family by family.
fn check(suite: &str, text: &str, want_total: usize, differences: fn(&Value, &Value) -> Vec<String>) {
    let named = Suite::named(suite).unwrap();
    let mut families: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failures = Vec::new();
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let blind = without_expectation(&vector);
        let answer = named.answer(&blind).unwrap();
        let differences = differences(&vector, &answer["answer"]);
        let (passed, total) = families.entry(vector["family"].as_str().unwrap_or(suite).to_owned()).or_default();
        *total += 1;
        *passed += usize::from(differences.is_empty());
        failures.extend(differences.into_iter().map(|what| format!("{}: {what}", vector["id"])));
    }
    for (family, (passed, total)) in &families {
        println!("{suite} {family}: {passed}/{total}");
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let total: usize = families.values().map(|(_, total)| total).sum();
    assert_eq!(total, want_total, "vectors are missing");
}

fn without_expectation(vector: &Value) -> String {
    let mut blind = vector.clone();
    blind
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !["expect", "json", "error", "strict_error"].contains(&name.as_str()));
    blind.to_string()
}

fn differences(vector: &Value, answer: &Value) -> Vec<String> {
    let expect = &vector["expect"];
    let mut found = Vec::new();
    let mut same = |what: &str, want: &Value, got: &Value| {
        if normal(want) != normal(got) {
            found.push(format!("{what}: got {got}, want {want}"));
        }
    };
    same("nodes", &expect["nodes"], &answer["nodes"]);
    for field in STATUS_FIELDS {
        same(field, &expect["status"][field], &answer["status"][field]);
    }
    if vector["given"]["daemonset"]["spec"]["updateStrategy"]["type"] == "RollingUpdate" {
        same("max_unavailable", &expect["max_unavailable"], &answer["max_unavailable"]);
        same("max_surge", &expect["max_surge"], &answer["max_surge"]);
    }
    same("revision_created", &expect["revision_created"], &answer["revision_created"]);
    same("revision_bumped", &expect["revision_bumped"], &answer["revision_bumped"]);
    if names(&expect["revision_deleted"]) != names(&answer["revision_deleted"]) {
        found.push(format!("revision_deleted: {}", answer["revision_deleted"]));
    }
    if !expect["pod_tolerations"].is_null() && expect["pod_tolerations"] != answer["pod_tolerations"] {
        found.push(format!("pod_tolerations: {}", answer["pod_tolerations"]));
    }
    found.extend(choice("create_on", &expect["create_on"], &answer["create_on"]));
    found.extend(choice("delete", &expect["delete"], &answer["delete"]));
    found
}

fn eviction_differences(vector: &Value, answer: &Value) -> Vec<String> {
    let events = |from: &Value| -> Vec<(i64, Value)> {
        let list = from["events"].as_array().into_iter().flatten();
        list.map(|event| (event["at"].as_f64().unwrap_or(0.0).round() as i64, event["message"].clone())).collect()
    };
    let expect = &vector["expect"];
    let mut found = Vec::new();
    for what in ["evict", "seconds", "tolerations"] {
        if expect[what] != answer[what] {
            found.push(format!("{what}: got {}, want {}", answer[what], expect[what]));
        }
    }
    if events(expect) != events(answer) {
        found.push(format!("events: got {}, want {}", answer["events"], expect["events"]));
    }
    found
}

fn scheduler_differences(vector: &Value, answer: &Value) -> Vec<String> {
    let expect = &vector["expect"];
    let mut found = Vec::new();
    for (name, want) in expect["nodes"].as_object().unwrap() {
        let got = &answer["nodes"][name];
        // Upstream's filters never see the nodes that the pinned name leaves out.
        let compares_reasons = want["fits"] == false && want["code"] != "PreFilter";
        let right = want["fits"] == got["fits"]
            && (want["score"].is_null() || want["score"] == got["score"])
            && (!compares_reasons || sorted(&want["reasons"]) == sorted(&got["reasons"]));
        if !right {
            found.push(format!("{name}: got {got}, want {want}"));
        }
    }
    if expect["best"].is_array() {
        if !names(&expect["best"]).contains(answer["node"].as_str().unwrap_or_default()) {
            found.push(format!("node: got {}, want one of {}", answer["node"], expect["best"]));
        }
        return found;
    }
    for what in ["message", "nominated_node"] {
        if expect[what] != answer[what] {
            found.push(format!("{what}: got {}, want {}", answer[what], expect[what]));
        }
    }
    if sorted(&expect["victims"]) != sorted(&answer["victims"]) {
        found.push(format!("victims: got {}, want {}", answer["victims"], expect["victims"]));
    }
    found
}

fn sorted(value: &Value) -> Vec<&str> {
    let mut texts: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    texts.sort_unstable();
    texts
}

/// Absent, null, zero and empty are one.
fn normal(value: &Value) -> Value {
    let empty = match value {
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    if empty { Value::Null } else { value.clone() }
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Where upstream leaves a choice open, any set of `count` will do that has all of `always`
/// and takes the rest out of `from`.
fn choice(what: &str, want: &Value, got: &Value) -> Option<String> {
    let got_names = names(got);
    let (always, from) = (names(&want["always"]), names(&want["from"]));
    let count = want["count"].as_u64().unwrap_or(0);
    let repeats = got.as_array().is_some_and(|list| list.len() != got_names.len());
    let right = !repeats
        && got_names.len() as u64 == count
        && always.is_subset(&got_names)
        && got_names.iter().all(|name| always.contains(name) || from.contains(name));
    (!right).then(|| format!("{what}: got {got}, want {want}"))
}

/// Absent, null, and an empty list or object are one.
fn stripped(value: &Value) -> Value {
    let is_something = |value: &Value| {
        !value.is_null()
            && !value.as_array().is_some_and(Vec::is_empty)
            && !value.as_object().is_some_and(|map| map.is_empty())
    };
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), stripped(value)))
            .filter(|(_, value)| is_something(value))
            .collect(),
        Value::Array(items) => items.iter().map(stripped).collect(),
        value => value.clone(),
    }
}

fn manifest_differences(vector: &Value, answer: &Value) -> Vec<String> {
    let outcome = |of: &Value| {
        ["yaml_error", "decode_error", "invalid", "object"]
            .into_iter()
            .find(|name| !of[name].is_null())
            .unwrap_or("nothing")
    };
    let sorted = |list: &Value| -> Vec<String> {
        let mut list: Vec<String> =
            list.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect();
        list.sort();
        list
    };
    let want = &vector["expect"];
    let kind = outcome(want);
    let mut differences = Vec::new();
    let mut compare = |what: &str, want: String, got: String| {
        if want != got {
            differences.push(format!("{what}: got {got}, want {want}"));
        }
    };
    compare("outcome", kind.to_owned(), outcome(answer).to_owned());
    match kind {
        "invalid" => {
            compare("invalid", format!("{:#?}", sorted(&want["invalid"])), format!("{:#?}", sorted(&answer["invalid"])))
        }
        "object" => {
            compare("object", stripped(&want["object"]).to_string(), stripped(&answer["object"]).to_string());
            let warnings = |of: &Value| format!("{:#?}", sorted(&of["warnings"]));
            compare("warnings", warnings(want), warnings(answer));
        }
        _ => compare("decode_error", want["decode_error"].to_string(), answer["decode_error"].to_string()),
    }
    differences
}

fn yaml_differences(vector: &Value, answer: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    match vector.get("json") {
        Some(json) if answer.get("json") != Some(json) => differences.push(format!("json: got {answer}, want {json}")),
        None if answer["error"].is_null() => differences.push(format!("read as {answer}, should not be")),
        _ => {}
    }
    let objects = |of: &Value| !of["strict_error"].is_null() || !of["error"].is_null();
    if objects(vector) != objects(answer) {
        differences.push(format!("strict error: got {}", objects(answer)));
    }
    differences
}
