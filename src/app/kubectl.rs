//! The kubectl command that does what a button does.

use super::intent::Intent;
use crate::rules::drain::flags;

/// The command; `None` where kubectl has none, as for what happens to machines.
#[must_use]
pub fn kubectl(intent: &Intent) -> Option<String> {
    let (before, names, after) = match intent {
        Intent::Each(intents) => {
            // The same is done to each, so the first tells what.
            let (before, _, after) = parts(intents.first()?)?;
            let names: Option<Vec<&str>> = intents.iter().map(|intent| Some(parts(intent)?.1)).collect();
            (before, names?.join(" "), after)
        }
        intent => {
            let (before, name, after) = parts(intent)?;
            (before, name.to_owned(), after)
        }
    };
    Some(format!("kubectl {before} {names}{after}"))
}

/// What stands before the node's name, the name, and what stands behind it.
fn parts(intent: &Intent) -> Option<(&'static str, &str, String)> {
    Some(match intent {
        Intent::DeleteNode(node) => ("delete nodes", node, String::new()),
        Intent::LabelNode { node, key, value: None } => ("label nodes", node, format!(" {key}-")),
        Intent::LabelNode { node, key, value: Some(value) } => {
            ("label nodes", node, format!(" {key}={value} --overwrite"))
        }
        Intent::TaintNode { node, taint } => ("taint nodes", node, format!(" {taint} --overwrite")),
        Intent::UntaintNode { node, key, effect } => ("taint nodes", node, format!(" {key}:{effect}-")),
        Intent::EditNode { node, text } => {
            let (verb, text) = edit(text)?;
            (verb, node, format!(" {text}"))
        }
        Intent::CordonNode { node, unschedulable: true } => ("cordon", node, String::new()),
        Intent::CordonNode { node, unschedulable: false } => ("uncordon", node, String::new()),
        Intent::DrainNode { node, options } => ("drain", node, flags(options)),
        Intent::DeletePod(key) => ("delete pod", &key.name, format!(" -n {}", key.namespace)),
        _ => return None,
    })
}

/// A text as a person types it; one command cannot do both labels and taints, and whether
/// `key-` is the one or the other hangs on the node.
fn edit(text: &str) -> Option<(&'static str, String)> {
    let mut noun = None;
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let of = match word {
            "taint" => Some("taint nodes"),
            "label" => Some("label nodes"),
            _ if word.contains(':') => Some("taint nodes"),
            _ if word.contains('=') && !word.starts_with("--") => Some("label nodes"),
            _ => None,
        };
        if of.is_some() && noun.is_some() && noun != of {
            return None;
        }
        noun = noun.or(of);
        if word != "taint" && word != "label" {
            words.push(word);
        }
    }
    noun.filter(|_| !words.is_empty()).map(|noun| (noun, words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Key, Taint, TaintEffect};
    use crate::rules::drain::DrainOptions;
    use crate::sim::Fault;

    #[track_caller]
    fn check(nodes: &[&str], of: impl Fn(String) -> Intent, want: Option<&str>) {
        assert_eq!(kubectl(&Intent::for_each(nodes.iter().copied(), of)).as_deref(), want);
    }

    #[test]
    fn one_command_for_several_nodes() {
        let (one, three): (&[&str], &[&str]) = (&["a"], &["a", "b", "c"]);
        let taint = Taint { key: "dedicated".into(), value: "infra".into(), effect: TaintEffect::NoExecute };
        let tainted = |node| Intent::TaintNode { node, taint: taint.clone() };
        check(three, tainted, Some("kubectl taint nodes a b c dedicated=infra:NoExecute --overwrite"));
        check(three, |node| Intent::CordonNode { node, unschedulable: false }, Some("kubectl uncordon a b c"));
        let options = DrainOptions { ignore_daemonsets: true, ..DrainOptions::default() };
        let drained = |node| Intent::DrainNode { node, options };
        check(one, drained, Some("kubectl drain a --ignore-daemonsets"));
        check(three, Intent::DeleteNode, Some("kubectl delete nodes a b c"));
        check(one, |node| Intent::BreakNode { node, fault: Fault::NotReady }, None);
        check(&[], Intent::DeleteNode, None);
        check(one, |_| Intent::DeletePod(Key::new("logs", "x")), Some("kubectl delete pod x -n logs"));
    }

    #[test]
    fn what_is_typed() {
        let typed = |text: &'static str, want| {
            check(&["a", "b"], |node| Intent::EditNode { node, text: text.into() }, want);
        };
        typed("disk=ssd", Some("kubectl label nodes a b disk=ssd"));
        typed("x=y:NoSchedule z:NoExecute-", Some("kubectl taint nodes a b x=y:NoSchedule z:NoExecute-"));
        typed("taint x-", Some("kubectl taint nodes a b x-"));
        typed("label disk=ssd --overwrite", Some("kubectl label nodes a b disk=ssd --overwrite"));
        typed("x-", None);
        typed("disk=ssd x:NoSchedule", None);
        typed("", None);
    }
}
