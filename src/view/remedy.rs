//! A fix in words, and as the kubectl command that does the same.

use crate::api::{Key, Node, PodSpec, Toleration};
use crate::rules::placement::remedy::{EDITS_MAX, Edit, Fix, Hopeless};

/// A change that would turn a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixRow {
    /// In words, e.g. `Label worker-2 disk=ssd`.
    pub words: String,
    /// What kubectl does it with: one command, or two.
    pub commands: Vec<String>,
    /// What else it changes.
    pub touches: String,
    /// What is to be done.
    pub act: Act,
}

/// How a fix is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// By a text for the node, as a person would type it.
    Node(String),
    /// By edits of the DaemonSet's template.
    Template(Vec<Edit>),
}

/// A fix that edits the node.
#[must_use]
pub fn of_node(node: &Node, fix: &Fix) -> FixRow {
    let name = node.name();
    let (mut labels, mut taints, mut overwrites) = (Vec::new(), Vec::new(), [false; 2]);
    for edit in &fix.edits {
        match edit {
            Edit::Label { key, value } => {
                overwrites[0] |= value.is_some() && node.metadata.labels.contains_key(key);
                labels.push(edit.to_string());
            }
            Edit::Taint(taint) => {
                overwrites[1] |= node.spec.taints.iter().any(|known| known.matches(taint));
                taints.push(edit.to_string());
            }
            _ => taints.push(edit.to_string()),
        }
    }
    let (mut typed, mut commands) = (Vec::new(), Vec::new());
    for ((noun, words), overwrites) in [("label", labels), ("taint", taints)].into_iter().zip(overwrites) {
        if !words.is_empty() {
            let flag = if overwrites { " --overwrite" } else { "" };
            let words = words.join(" ");
            commands.push(format!("kubectl {noun} nodes {name} {words}{flag}"));
            typed.push(format!("{noun} {words}{flag}"));
        }
    }
    let words = |edit: &Edit| match edit {
        Edit::Label { key, value: None } => format!("remove label {key} from {name}"),
        Edit::Label { key, value: Some(value) } if value.is_empty() => format!("label {name} {key}"),
        Edit::Label { .. } => format!("label {name} {edit}"),
        Edit::Untaint { key, effect: None } => format!("remove all taints {key} from {name}"),
        Edit::Untaint { key, effect: Some(effect) } => format!("remove taint {key}:{effect} from {name}"),
        _ => format!("taint {name} {edit}"),
    };
    let touches = match fix.touches {
        0 => "no other node or DaemonSet is concerned".to_owned(),
        1 => "also changes what 1 other DaemonSet says of it".to_owned(),
        n => format!("also changes what {n} other DaemonSets say of it"),
    };
    FixRow { words: sentence(&fix.edits, words), commands, touches, act: Act::Node(typed.join(" ")) }
}

/// A fix that edits the template.
#[must_use]
pub fn of_template(key: &Key, spec: &PodSpec, fix: &Fix) -> FixRow {
    let words = |edit: &Edit| match edit {
        Edit::Tolerate(toleration) => format!("tolerate {}", toleration_words(toleration)),
        Edit::DropSelector(key) => format!("drop {key} from nodeSelector"),
        Edit::DropAffinity => "drop the required node affinity".to_owned(),
        _ => "drop nodeName".to_owned(),
    };
    let touches = match fix.touches {
        0 => "changes no other node",
        1 => "changes 1 other node",
        n => &format!("changes {n} other nodes"),
    };
    let namespace = if key.namespace == "default" { String::new() } else { format!(" -n {}", key.namespace) };
    let patch = patch(spec, &fix.edits);
    FixRow {
        words: sentence(&fix.edits, words),
        commands: vec![format!("kubectl patch daemonset {}{namespace} -p '{patch}'", key.name)],
        touches: format!("{touches}; a new revision"),
        act: Act::Template(fix.edits.clone()),
    }
}

/// Why no edit of the node is offered.
#[must_use]
pub fn hopeless(why: &Hopeless) -> String {
    match why {
        Hopeless::Name => "No edit of the node helps: another is asked for by name.".to_owned(),
        Hopeless::Kept(taint) => format!("No edit of the node lasts: {taint} comes back while its cause is there."),
        Hopeless::Owned(key) => format!("No edit of the node is offered: its kubelet sets {key}."),
        Hopeless::TooMuch => format!("No {EDITS_MAX} edits of the node are enough."),
    }
}

/// A fix that keeps new pods off the node.
#[must_use]
pub fn against_node(node: &Node, fix: &Fix) -> FixRow {
    let then = if fix.then.should_continue_running { "a pod that runs here stays" } else { "a pod that is here goes" };
    let row = of_node(node, fix);
    FixRow { touches: format!("{then}; {}", row.touches), ..row }
}

fn sentence(edits: &[Edit], words: impl Fn(&Edit) -> String) -> String {
    let mut text = edits.iter().map(words).collect::<Vec<_>>().join(" and ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

fn toleration_words(toleration: &Toleration) -> String {
    let text = toleration.to_string();
    text.strip_suffix(" op=Exists").unwrap_or(&text).to_owned()
}

/// A strategic merge patch of the template. Lists of tolerations are atomic: the patch has
/// those that are there as well.
fn patch(spec: &PodSpec, edits: &[Edit]) -> String {
    let mut fields = Vec::new();
    let mut dropped = Vec::new();
    let mut tolerations: Vec<String> = Vec::new();
    for edit in edits {
        match edit {
            Edit::Tolerate(toleration) => tolerations.push(toleration_json(toleration)),
            Edit::DropSelector(key) => dropped.push(format!("{key:?}:null")),
            Edit::DropAffinity => fields.push(
                r#""affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":null}}"#.to_owned(),
            ),
            _ => fields.push(r#""nodeName":null"#.to_owned()),
        }
    }
    if !dropped.is_empty() {
        fields.push(format!("\"nodeSelector\":{{{}}}", dropped.join(",")));
    }
    if !tolerations.is_empty() {
        let mut all: Vec<String> = spec.tolerations.iter().map(toleration_json).collect();
        all.append(&mut tolerations);
        fields.push(format!("\"tolerations\":[{}]", all.join(",")));
    }
    format!("{{\"spec\":{{\"template\":{{\"spec\":{{{}}}}}}}}}", fields.join(","))
}

fn toleration_json(toleration: &Toleration) -> String {
    let Toleration { key, operator, value, effect, toleration_seconds } = toleration;
    let mut fields = Vec::new();
    let mut text = |name: &str, value: &str| {
        if !value.is_empty() {
            fields.push(format!("\"{name}\":{value:?}"));
        }
    };
    text("key", key);
    text("operator", &operator.map_or_else(String::new, |operator| format!("{operator:?}")));
    text("value", value);
    text("effect", &effect.map_or_else(String::new, |effect| effect.to_string()));
    if let Some(seconds) = toleration_seconds {
        fields.push(format!("\"tolerationSeconds\":{seconds}"));
    }
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::placement::{Placement, remedy::Remedies};

    fn check(spec: &str, node: &str, of_node_is: &[&str], of_template_is: &[&str]) {
        let spec: PodSpec = serde_json::from_str(spec).unwrap();
        let node: Node = serde_json::from_str(node).unwrap();
        let mut daemon_set = crate::api::DaemonSet::default();
        std::rc::Rc::make_mut(&mut daemon_set.spec.template).spec = spec.clone();
        let placement = Placement::of(&daemon_set);
        let mut remedies = Remedies::new(&placement, Vec::new(), vec![&node]);
        let row = of_node(&node, &remedies.of_node(&node).unwrap());
        assert_eq!([vec![row.words], row.commands].concat(), of_node_is);
        let row = of_template(&Key::new("logs", "agent"), &spec, &remedies.of_template(&node).unwrap());
        assert_eq!([vec![row.words], row.commands].concat(), of_template_is);
    }

    #[test]
    fn words_and_commands() {
        check(
            r#"{"nodeSelector":{"disk":"ssd"}}"#,
            r#"{"metadata":{"name":"a","labels":{"disk":"hdd"}}}"#,
            &["Label a disk=ssd", "kubectl label nodes a disk=ssd --overwrite"],
            &[
                "Drop disk from nodeSelector",
                r#"kubectl patch daemonset agent -n logs -p '{"spec":{"template":{"spec":{"nodeSelector":{"disk":null}}}}}'"#,
            ],
        );
        check(
            r#"{"nodeSelector":{"example.com/gpu":""},"tolerations":[{"key":"a","operator":"Exists","tolerationSeconds":5}]}"#,
            r#"{"metadata":{"name":"a"},"spec":{"taints":[{"key":"gpu","value":"v","effect":"NoSchedule"}]}}"#,
            &[
                "Label a example.com/gpu and remove taint gpu:NoSchedule from a",
                "kubectl label nodes a example.com/gpu=",
                "kubectl taint nodes a gpu:NoSchedule-",
            ],
            &[
                "Drop example.com/gpu from nodeSelector and tolerate gpu=v:NoSchedule",
                concat!(
                    r#"kubectl patch daemonset agent -n logs -p '{"spec":{"template":{"spec":{"nodeSelector":{"example.com/gpu":null},"#,
                    r#""tolerations":[{"key":"a","operator":"Exists","tolerationSeconds":5},"#,
                    r#"{"key":"gpu","operator":"Equal","value":"v","effect":"NoSchedule"}]}}}}'"#
                ),
            ],
        );
    }
}
