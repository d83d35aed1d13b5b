//! Completion and hover, on texts with the caret at `|`.

#![expect(clippy::string_slice, reason = "these texts are ASCII")]

use super::*;
use serde_json::Value;

fn split(text: &str) -> (String, usize) {
    let at = text.find('|').unwrap();
    (text.replacen('|', "", 1), at)
}

fn labels(text: &str) -> Vec<String> {
    let (text, at) = split(text);
    let answer = complete(&text, at);
    let options = answer["options"].as_array().cloned().unwrap_or_default();
    options.iter().map(|option| option["label"].as_str().unwrap().to_owned()).collect()
}

fn written(text: &str, label: &str) -> String {
    let (text, at) = split(text);
    let answer = complete(&text, at);
    let option = answer["options"].as_array().unwrap().iter().find(|option| option["label"] == label).unwrap().clone();
    let offset = |name: &str| usize::try_from(answer[name].as_u64().unwrap()).unwrap();
    format!("{}{}{}", &text[..offset("start")], option["write"].as_str().unwrap(), &text[offset("end")..])
}

#[test]
fn fields_that_are_not_there_yet() {
    let check = |text: &str, with: &[&str], without: &[&str]| {
        let labels = labels(text);
        for name in with {
            assert!(labels.iter().any(|label| label == name), "{name} is not in {labels:?} at {text:?}");
        }
        for name in without {
            assert!(!labels.iter().any(|label| label == name), "{name} is in {labels:?} at {text:?}");
        }
    };
    check("|", &["apiVersion", "kind", "metadata", "spec"], &["status", "containers"]);
    check("kind: DaemonSet\nspec:\n  sel|\n  template:\n", &["selector", "updateStrategy"], &["template", "kind"]);
    check(
        "spec:\n  template:\n    spec:\n      containers:\n      - name: a\n        im|\n",
        &["image", "ports"],
        &["name"],
    );
    check("spec:\n  template:\n    spec:\n      containers:\n        - |\n", &["name", "image"], &["containers"]);
    check(
        "spec:\n  template:\n    spec:\n      tolerations:\n      - ke|y: a\n        effect: x\n",
        &["operator"],
        &["effect"],
    );
    check(
        "spec:\n  template:\n    spec:\n      containers:\n      - name: a\n        resources:\n          limits:\n            |\n",
        &["cpu", "memory"],
        &["limits"],
    );
    check("kind: Node\nspec:\n  |", &["taints", "unschedulable"], &["template"]);
    check("kind: Node\n---\nkind: DaemonSet\nspec:\n  |", &["template"], &["taints"]);
    check(
        "spec:\n  template:\n    spec:\n      |\n      containers:\n      - name: a\n",
        &["volumes"],
        &["containers", "name"],
    );
}

#[test]
fn values_of_a_few() {
    let check = |text: &str, want: &[&str]| assert_eq!(labels(text), want, "{text:?}");
    check("apiVersion: |", &["apps/v1", "v1"]);
    check("kind: Dae|", &["DaemonSet", "Node"]);
    check("spec:\n  updateStrategy:\n    type: |\n", &["RollingUpdate", "OnDelete"]);
    check("spec:\n  template:\n    spec:\n      hostNetwork: |\n", &["true", "false"]);
    check("spec:\n  template:\n    spec:\n      restartPolicy: |\n", &["Always"]);
    check("spec:\n  template:\n    spec:\n      containers:\n      - image: |\n", &[]);
    check("spec: # a |comment\n", &[]);
    check("metadata:\n  labels:\n    app|: a\n", &[]);
}

#[test]
fn what_is_written_goes_on_in_the_right_column() {
    assert_eq!(written("spec:\n  tem|\n", "template"), "spec:\n  template:\n    \n");
    assert_eq!(
        written("spec:\n  template:\n    spec:\n      con|", "containers"),
        "spec:\n  template:\n    spec:\n      containers:\n        - "
    );
}

#[test]
fn a_field_tells_what_it_is() {
    let check = |text: &str, path: &str, of: &str| {
        let (text, at) = split(text);
        let answer = hover(&text, at);
        assert_eq!((&answer["path"], &answer["type"]), (&Value::from(path), &Value::from(of)), "{text:?}");
        assert!(!answer["info"].as_str().unwrap().is_empty());
    };
    check("spec:\n  sel|ector:\n    matchLabels: {a: b}\n", "spec.selector", "LabelSelector");
    check(
        "spec:\n  updateStrategy:\n    rollingUpdate:\n      max|Surge: 1\n",
        "spec.updateStrategy.rollingUpdate.maxSurge",
        "number or text",
    );
    check(
        "spec:\n  template:\n    spec:\n      containers:\n      - na|me: a\n",
        "spec.template.spec.containers[].name",
        "text",
    );
    let (text, at) = split("spec:\n  template:\n    spec:\n      containers:\n      - name: n|a\n");
    assert_eq!(hover(&text, at), Value::Null);
}

#[test]
fn any_place_of_any_text_is_answered() {
    let text = include_str!("../../../app/presets/fluentd.yaml");
    for at in 0..=text.len() {
        let _ = (complete(text, at), hover(text, at), complete(&text[..at], at));
    }
    for text in ["é: ü|", "- - - |", "\t|", "a:\r\n  b|:\r\n", ": :|", "|---", "---|", "a: b\n  c|: d"] {
        let (text, at) = split(text);
        let _ = (complete(&text, at), hover(&text, at));
    }
    assert_eq!(complete("a", 9), Value::Null);
}
