//! Labels and taints as they are typed, in kubectl's grammar and with its errors:
//! `key=value:Effect` and `key:Effect` taint, `key:Effect-` untaints, `key=value` labels,
//! `key-` removes the label or the taints of that key, several of them side by side. A word
//! `taint` or `label` before a `key-` says which is meant where a node has both.
//!
//! Upstream: `k8s.io/kubectl/pkg/cmd/taint/utils.go`, `pkg/cmd/label/label.go`,
//! `k8s.io/apimachinery/pkg/util/validation`.

use crate::api::{Node, Taint, TaintEffect};
use crate::base::Set;
use crate::sim::Command;

/// Longest text that is read.
const MAX_TEXT_BYTES: usize = 4_096;

const NAME_PART: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const QUALIFIED: &str = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const PREFIX_PART: &str = "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// What a text asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Edits {
    pub commands: Vec<Command>,
    /// What kubectl says when it is done.
    pub said: Vec<String>,
}

/// One word of the text.
enum Edit {
    Taint(Taint),
    Untaint { key: String, effect: Option<TaintEffect> },
    Label { key: String, value: String },
    Unlabel { key: String },
}

/// What the text asks for on this node.
///
/// # Errors
/// Why it cannot be done, in kubectl's words where it has any.
pub(super) fn read(node: &Node, text: &str) -> Result<Edits, String> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(format!("error: the text has {} bytes; at most {MAX_TEXT_BYTES} are read", text.len()));
    }
    let mut overwrite = false;
    let mut noun = None;
    let mut edits = Vec::new();
    for word in text.split_whitespace() {
        match word {
            "--overwrite" | "--overwrite=true" => overwrite = true,
            "taint" | "label" => noun = Some(word),
            _ => edits.push(read_word(node, word, noun)?),
        }
    }
    check_together(&edits)?;
    if edits.is_empty() {
        return Err("error: at least one taint update is required".to_owned());
    }
    edits.into_iter().try_fold(Edits::default(), |done, edit| add(done, node, edit, overwrite))
}

fn read_word(node: &Node, word: &str, noun: Option<&str>) -> Result<Edit, String> {
    if let Some(body) = word.strip_suffix('-') {
        if body.contains(':') || noun == Some("taint") {
            let (key, _, effect) = taint_parts(body)?;
            return Ok(Edit::Untaint { key, effect });
        }
        return removal(node, body, noun);
    }
    if word.contains(':') && noun != Some("label") {
        let (key, value, effect) = taint_parts(word)?;
        let effect = effect.ok_or_else(|| format!("error: invalid taint spec: {word}"))?;
        return Ok(Edit::Taint(Taint { key, value, effect }));
    }
    match word.split('=').collect::<Vec<_>>().as_slice() {
        [_, _] if noun == Some("taint") => {
            Err(taint_parts(word).err().unwrap_or(format!("error: invalid taint spec: {word}")))
        }
        [key, value] => {
            label_value(value).map_err(|why| format!("error: invalid label value: {word:?}: {why}"))?;
            Ok(Edit::Label { key: (*key).to_owned(), value: (*value).to_owned() })
        }
        [_] => Err(format!(
            "error: unknown label spec: {word} (write key=value:Effect or key:Effect for a taint, key=value for a label, and a - behind it to remove one)"
        )),
        _ => Err(format!("error: invalid label spec: {word}")),
    }
}

/// `key-`: a label or the taints of that key.
fn removal(node: &Node, key: &str, noun: Option<&str>) -> Result<Edit, String> {
    let has_label = node.metadata.labels.contains_key(key);
    let has_taint = node.spec.taints.iter().any(|taint| taint.key == key);
    match (has_label && noun != Some("taint"), has_taint && noun != Some("label")) {
        (true, true) => Err(format!(
            "error: node {} has both a label and a taint {key:?}: write \"label {key}-\" or \"taint {key}-\"",
            node.name()
        )),
        (true, false) => Ok(Edit::Unlabel { key: key.to_owned() }),
        (false, true) => Ok(Edit::Untaint { key: key.to_owned(), effect: None }),
        (false, false) if noun == Some("label") => Err(format!("label {key:?} not found.")),
        (false, false) => Err(format!("error: taint {key:?} not found, and no label of that key")),
    }
}

/// Upstream: `parseTaint`.
fn taint_parts(spec: &str) -> Result<(String, String, Option<TaintEffect>), String> {
    let invalid = |why: &str| format!("error: invalid taint spec: {spec}{why}");
    let (key, value, effect) = match spec.split(':').collect::<Vec<_>>().as_slice() {
        [key] => (*key, "", None),
        [left, effect] => {
            let effect = effect_of(effect)?;
            match left.split('=').collect::<Vec<_>>().as_slice() {
                [key] => (*key, "", Some(effect)),
                [key, value] => (*key, *value, Some(effect)),
                _ => return Err(invalid("")),
            }
        }
        _ => return Err(invalid("")),
    };
    label_value(value).map_err(|why| invalid(&format!(", {why}")))?;
    qualified_name(key).map_err(|why| invalid(&format!(", {why}")))?;
    Ok((key.to_owned(), value.to_owned(), effect))
}

fn effect_of(text: &str) -> Result<TaintEffect, String> {
    match text {
        "NoSchedule" => Ok(TaintEffect::NoSchedule),
        "PreferNoSchedule" => Ok(TaintEffect::PreferNoSchedule),
        "NoExecute" => Ok(TaintEffect::NoExecute),
        _ => Err(format!("error: invalid taint effect: {text}, unsupported taint effect")),
    }
}

/// What may not stand side by side.
fn check_together(edits: &[Edit]) -> Result<(), String> {
    let mut set = Set::new();
    for edit in edits {
        let fresh = match edit {
            Edit::Taint(taint) => set.insert((true, taint.key.as_str(), Some(taint.effect))),
            Edit::Label { key, .. } => set.insert((false, key.as_str(), None)),
            _ => true,
        };
        if let (false, Edit::Taint(taint)) = (fresh, edit) {
            return Err(format!("error: duplicated taints with the same key and effect: {taint}"));
        }
    }
    for edit in edits {
        match edit {
            Edit::Untaint { key, effect } => {
                let set_too = set.iter().any(|(taint, k, e)| *taint && k == key && (effect.is_none() || e == effect));
                if set_too {
                    let effect = effect.map_or_else(String::new, |effect| effect.to_string());
                    return Err(format!(
                        "error: can not both modify and remove the following taint(s) in the same command: {key}={effect}"
                    ));
                }
            }
            Edit::Unlabel { key } if set.contains(&(false, key.as_str(), None)) => {
                return Err(format!("error: can not both modify and remove a label in the same command ({key})"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn add(mut done: Edits, node: &Node, edit: Edit, overwrite: bool) -> Result<Edits, String> {
    let name = node.name().to_owned();
    let (command, verb) = match edit {
        Edit::Taint(taint) => {
            let known = node.spec.taints.iter().any(|known| known.matches(&taint));
            if known && !overwrite {
                return Err(has_taint(&name, &taint));
            }
            (Command::TaintNode { name, taint }, if known { "modified" } else { "tainted" })
        }
        Edit::Untaint { key, effect } => {
            let is_meant = |taint: &Taint| taint.key == key && effect.is_none_or(|effect| effect == taint.effect);
            if !node.spec.taints.iter().any(is_meant) {
                let effect = effect.map_or_else(String::new, |effect| format!(":{effect}"));
                return Err(format!("error: taint \"{key}{effect}\" not found"));
            }
            (Command::UntaintNode { name, key, effect }, "untainted")
        }
        Edit::Label { key, value } => {
            check_label(&name, &key, &value)?;
            match node.metadata.labels.get(&key) {
                Some(known) if *known != value && !overwrite => {
                    return Err(format!("error: '{key}' already has a value ({known}), and --overwrite is false"));
                }
                Some(known) if *known == value => {
                    done.said.push(format!("node/{name} not labeled"));
                    return Ok(done);
                }
                _ => (Command::LabelNode { name, key, value: Some(value) }, "labeled"),
            }
        }
        Edit::Unlabel { key } => (Command::LabelNode { name, key, value: None }, "unlabeled"),
    };
    done.commands.push(command);
    done.said.push(format!("node/{} {verb}", node.name()));
    done.said.dedup();
    Ok(done)
}

/// kubectl's refusal to overwrite a taint.
pub(super) fn has_taint(node: &str, taint: &Taint) -> String {
    format!("error: node {node} already has {} taint(s) with same effect(s) and --overwrite is false", taint.key)
}

/// Whether a label may be set, in kubectl's and the API server's words.
pub(super) fn check_label(node: &str, key: &str, value: &str) -> Result<(), String> {
    label_value(value).map_err(|why| format!("error: invalid label value: \"{key}={value}\": {why}"))?;
    if qualified_name(key).is_err() {
        let why = format!("a valid label key {NAME_PART}{QUALIFIED}");
        return Err(format!("The Node {node:?} is invalid: metadata.labels: Invalid value: {key:?}: {why}"));
    }
    Ok(())
}

/// Whether a taint may be set, in kubectl's words.
pub(super) fn check_taint(taint: &Taint) -> Result<(), String> {
    let checked = label_value(&taint.value).and_then(|()| qualified_name(&taint.key));
    checked.map_err(|why| format!("error: invalid taint spec: {taint}, {why}"))
}

/// Upstream: `IsValidLabelValue`.
fn label_value(value: &str) -> Result<(), String> {
    if value.len() > 63 {
        return Err("must be no more than 63 bytes".to_owned());
    }
    if value.is_empty() || is_name_part(value) { Ok(()) } else { Err(LABEL_VALUE.to_owned()) }
}

/// Upstream: `IsQualifiedName`.
fn qualified_name(text: &str) -> Result<(), String> {
    let (prefix, name) = match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => (None, *name),
        [prefix, name] => (Some(*prefix), *name),
        _ => return Err(format!("a valid label key {NAME_PART}{QUALIFIED}")),
    };
    if let Some(prefix) = prefix {
        if prefix.is_empty() {
            return Err("prefix part must be non-empty".to_owned());
        }
        let is_label = |part: &str| {
            let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            !part.is_empty() && part.chars().all(inner) && !part.starts_with('-') && !part.ends_with('-')
        };
        if prefix.len() > 253 || !prefix.split('.').all(is_label) {
            return Err(PREFIX_PART.to_owned());
        }
    }
    if name.is_empty() {
        return Err("name part must be non-empty".to_owned());
    }
    if name.len() > 63 {
        return Err("name part must be no more than 63 bytes".to_owned());
    }
    if is_name_part(name) { Ok(()) } else { Err(format!("name part {NAME_PART}")) }
}

fn is_name_part(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.chars().all(inner) && outer(text.chars().next()) && outer(text.chars().next_back())
}

#[cfg(test)]
mod tests;
