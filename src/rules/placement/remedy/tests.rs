//! Fixes of hand-made verdicts, and laws over random nodes and DaemonSets.

use super::*;
use crate::api::{DaemonSet, DaemonSetSpec};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn node(text: &str) -> Node {
    serde_json::from_str(text).unwrap()
}

fn placement(spec: &str) -> Placement {
    let daemon_set: DaemonSet =
        serde_json::from_str(&format!(r#"{{"spec":{{"template":{{"spec":{spec}}}}}}}"#)).unwrap();
    Placement::of(&daemon_set)
}

fn in_words(edits: &[Edit]) -> String {
    edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ")
}

/// The fixes for the first node.
fn check(spec: &str, nodes: &[&str], of_node: Result<&str, Hopeless>, of_template: (&str, usize)) {
    let placement = placement(spec);
    let nodes: Vec<Node> = nodes.iter().map(|text| node(text)).collect();
    let mut remedies = Remedies::new(&placement, Vec::new(), nodes.iter().collect());
    let found = remedies.of_node(&nodes[0]).map(|fix| in_words(&fix.edits));
    assert_eq!(found, of_node.map(str::to_owned), "{spec}");
    let fix = remedies.of_template(&nodes[0]).unwrap();
    assert_eq!((in_words(&fix.edits).as_str(), fix.touches), of_template, "{spec}");
}

const HDD: &str = r#"{"metadata":{"name":"a","labels":{"disk":"hdd"}}}"#;
const BARE: &str = r#"{"metadata":{"name":"b"}}"#;
const TAINTED: &str = r#"{"metadata":{"name":"c"},"spec":{"taints":[
    {"key":"gpu","value":"yes","effect":"NoSchedule"},{"key":"gpu","effect":"NoExecute"},
    {"key":"x","effect":"PreferNoSchedule"}]}}"#;

#[test]
fn the_smallest_edit_of_either_side() {
    check(r#"{"nodeSelector":{"disk":"ssd"}}"#, &[HDD, BARE], Ok("disk=ssd"), ("nodeSelector.disk-", 1));
    let affinity = |terms: &str| {
        let required = format!(r#"{{"nodeSelectorTerms":[{terms}]}}"#);
        format!(r#"{{"affinity":{{"nodeAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":{required}}}}}}}"#)
    };
    let two = r#"{"matchExpressions":[{"key":"disk","operator":"NotIn","values":["hdd"]},{"key":"gpu","operator":"Exists"}]}"#;
    let one = r#"{"matchExpressions":[{"key":"cores","operator":"Gt","values":["7"]}]}"#;
    check(&affinity(two), &[HDD], Ok("disk- + gpu="), ("affinity-", 0));
    check(&affinity(&format!("{two},{one}")), &[HDD, BARE], Ok("cores=8"), ("affinity-", 1));
    check(
        &affinity(r#"{"matchFields":[{"key":"metadata.name","operator":"In","values":["b"]}]}"#),
        &[HDD, BARE],
        Err(Hopeless::Name),
        ("affinity-", 0),
    );
    // All taints of one key go at once, and one toleration is enough for them.
    check("{}", &[TAINTED, BARE], Ok("gpu-"), ("tolerations gpu op=Exists", 0));
    check(
        r#"{"nodeName":"b"}"#,
        &[TAINTED, BARE, HDD],
        Err(Hopeless::Name),
        ("nodeName- + tolerations gpu op=Exists", 1),
    );
}

#[test]
fn what_does_not_last_is_not_offered() {
    let lost = r#"{"metadata":{"name":"a"},"spec":{"taints":[{"key":"node.kubernetes.io/unreachable","effect":"NoSchedule"}]}}"#;
    let tolerated = ("tolerations node.kubernetes.io/unreachable:NoSchedule op=Exists", 0);
    check("{}", &[lost], Err(Hopeless::Kept("node.kubernetes.io/unreachable:NoSchedule".into())), tolerated);
    let windows = r#"{"metadata":{"name":"a","labels":{"kubernetes.io/os":"windows"}}}"#;
    let linux = r#"{"nodeSelector":{"kubernetes.io/os":"linux"}}"#;
    check(linux, &[windows], Err(Hopeless::Owned("kubernetes.io/os".into())), ("nodeSelector.kubernetes.io/os-", 0));
}

#[test]
fn of_equals_the_one_that_touches_least() {
    let spec = r#"{"nodeSelector":{"disk":"hdd"}}"#;
    let here = node(HDD);
    let (of, other) = (placement(spec), placement("{}"));
    let against = |of: &Placement, beside: &Placement| {
        let fix = Remedies::new(of, vec![beside.clone()], vec![&here]).against_node(&here).unwrap();
        (in_words(&fix.edits), fix.touches, fix.then.should_continue_running)
    };
    assert_eq!(against(&of, &other), ("disk-".to_owned(), 0, false));
    assert_eq!(against(&other, &of), ("dedicated=infra:NoSchedule".to_owned(), 1, true));
    // Where the label is another's as well, a taint touches no more.
    assert_eq!(against(&of, &of), ("disk-".to_owned(), 1, false));
    let tolerant = placement(r#"{"nodeSelector":{"disk":"hdd"},"tolerations":[{"operator":"Exists"}]}"#);
    assert_eq!(against(&of, &tolerant), ("dedicated=infra:NoSchedule".to_owned(), 0, true));
    let everything = placement(r#"{"tolerations":[{"operator":"Exists"}]}"#);
    assert_eq!(Remedies::new(&everything, Vec::new(), vec![&here]).against_node(&here), None);
}

fn any_labels() -> impl Strategy<Value = String> {
    let pair = (prop::sample::select(vec!["a", "b", "c"]), prop::sample::select(vec!["1", "2", "x"]));
    prop::collection::btree_map(pair.0, pair.1, 0..4).prop_map(|labels| serde_json::to_string(&labels).unwrap())
}

fn any_node(name: usize) -> impl Strategy<Value = Node> {
    let keys = vec!["t", "u", "node.kubernetes.io/not-ready"];
    let effects = vec!["NoSchedule", "NoExecute", "PreferNoSchedule"];
    let taint = (prop::sample::select(keys), prop::sample::select(vec!["", "v"]), prop::sample::select(effects));
    let taint =
        taint.prop_map(|(key, value, effect)| format!(r#"{{"key":"{key}","value":"{value}","effect":"{effect}"}}"#));
    (any_labels(), prop::collection::vec(taint, 0..4)).prop_map(move |(labels, taints)| {
        let taints = taints.join(",");
        node(&format!(r#"{{"metadata":{{"name":"n{name}","labels":{labels}}},"spec":{{"taints":[{taints}]}}}}"#))
    })
}

fn any_requirement() -> impl Strategy<Value = String> {
    let some = prop::sample::select(vec![
        r#""operator":"In","values":["1","x"]"#,
        r#""operator":"NotIn","values":["1"]"#,
        r#""operator":"Exists""#,
        r#""operator":"DoesNotExist""#,
        r#""operator":"Gt","values":["1"]"#,
        r#""operator":"Lt","values":["1"]"#,
        r#""operator":"Gt","values":["x"]"#,
    ]);
    (prop::sample::select(vec!["a", "b", "c"]), some).prop_map(|(key, rest)| format!(r#"{{"key":"{key}",{rest}}}"#))
}

fn any_spec() -> impl Strategy<Value = String> {
    let term = prop::collection::vec(any_requirement(), 0..3)
        .prop_map(|all| format!(r#"{{"matchExpressions":[{}]}}"#, all.join(",")));
    let affinity = prop::option::of(prop::collection::vec(term, 1..3)).prop_map(|terms| match terms {
        None => "{}".to_owned(),
        Some(terms) => format!(
            r#"{{"nodeAffinity":{{"requiredDuringSchedulingIgnoredDuringExecution":{{"nodeSelectorTerms":[{}]}}}}}}"#,
            terms.join(",")
        ),
    });
    let name = prop::sample::select(vec!["", "", "", "n0", "n1"]);
    let tolerations =
        prop::sample::select(vec!["", r#"{"key":"t","operator":"Exists"}"#, r#"{"key":"u","value":"v"}"#]);
    (any_labels(), affinity, name, tolerations).prop_map(|(labels, affinity, name, tolerations)| {
        format!(
            r#"{{"nodeName":"{name}","nodeSelector":{labels},"affinity":{affinity},"tolerations":[{tolerations}]}}"#
        )
    })
}

/// Whether a pod should run here once all is edited.
fn runs(placement: &Placement, node: &Node, edits: &[&Edit]) -> bool {
    let (mut node, mut template) = (node.clone(), (*placement.template).clone());
    for edit in edits {
        edit.edit_node(&mut node);
        edit.edit_spec(&mut template.spec);
    }
    let spec = DaemonSetSpec { template: template.into(), ..DaemonSetSpec::default() };
    should_run(&Placement::of(&DaemonSet { spec, ..DaemonSet::default() }), &node).should_run
}

/// The size of the smallest set of candidates that does it, by trying each.
fn least(placement: &Placement, node: &Node, candidates: &[Edit]) -> Option<usize> {
    let sets = 1_u32..1 << candidates.len();
    let size = |set: u32| set.count_ones() as usize;
    let chosen =
        |set: u32| candidates.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, edit)| edit);
    sets.filter(|set| size(*set) <= 3 && runs(placement, node, &chosen(*set).collect::<Vec<_>>())).map(size).min()
}

proptest! {
    #[test]
    fn a_fix_fixes_and_nothing_smaller_does(spec in any_spec(), nodes in [any_node(0), any_node(1), any_node(2)]) {
        let placement = placement(&spec);
        let mut remedies = Remedies::new(&placement, Vec::new(), nodes.iter().collect());
        for node in nodes.iter().filter(|node| !should_run(&placement, node).should_run) {
            let (of_node, _) = node_candidates(&placement.template.spec, node, &placement);
            let of_template = template_candidates(&placement.template.spec, node, &placement);
            prop_assert!(of_node.len() < CANDIDATES_MAX || of_node.iter().map(ToString::to_string).collect::<BTreeSet<_>>().len() == of_node.len());
            let fixes = [(remedies.of_node(node).ok(), of_node), (remedies.of_template(node), of_template)];
            for (fix, candidates) in fixes {
                prop_assert_eq!(fix.as_ref().map(|fix| fix.edits.len()), least(&placement, node, &candidates));
                let Some(fix) = fix else { continue };
                let edits: Vec<&Edit> = fix.edits.iter().collect();
                prop_assert!(runs(&placement, node, &edits), "{:?}", fix);
                prop_assert!(fix.then.should_run);
            }
        }
        for node in nodes.iter().filter(|node| should_run(&placement, node).should_run) {
            if let Some(fix) = remedies.against_node(node) {
                prop_assert!(!runs(&placement, node, &fix.edits.iter().collect::<Vec<_>>()));
            }
        }
    }

    #[test]
    fn what_a_template_fix_touches_is_counted(spec in any_spec(), nodes in [any_node(0), any_node(1), any_node(2)]) {
        let placement = placement(&spec);
        let mut remedies = Remedies::new(&placement, Vec::new(), nodes.iter().collect());
        for node in nodes.iter().filter(|node| !should_run(&placement, node).should_run) {
            let Some(fix) = remedies.of_template(node) else { continue };
            let mut template = (*placement.template).clone();
            fix.edits.iter().for_each(|edit| edit.edit_spec(&mut template.spec));
            let edited = Placement::of_template(template.into());
            let others = nodes.iter().filter(|other| other.name() != node.name());
            let changed = others.filter(|other| should_run(&edited, other) != should_run(&placement, other)).count();
            prop_assert_eq!(fix.touches, changed);
        }
    }
}
