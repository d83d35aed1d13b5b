//! Whether a node satisfies a pod's node selector and required node affinity.
//!
//! Upstream: `k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go`,
//! `k8s.io/apimachinery/pkg/labels/selector.go`.

use crate::api::{
    Labels, METADATA_NAME, Node, NodeSelector, NodeSelectorOperator, NodeSelectorRequirement, NodeSelectorTerm,
};
use std::fmt;

/// What of a node's labels or fields does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The requirement in words, e.g. `disk In [ssd]`.
    pub requirement: String,
    /// What the node has instead, e.g. `disk=hdd` or `no label disk`.
    pub found: String,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (node has {})", self.requirement, self.found)
    }
}

/// Whether one of the terms matches. None at all, or only empty ones: no node matches.
#[must_use]
pub fn selector_matches(selector: &NodeSelector, node: &Node) -> bool {
    selector.node_selector_terms.iter().any(|term| term_matches(term, node))
}

/// Whether all requirements of a term hold. A term with a requirement that cannot be read
/// (`Gt` of no number, two values in `matchFields`) matches no node, nor does an empty one.
#[must_use]
pub fn term_matches(term: &NodeSelectorTerm, node: &Node) -> bool {
    let empty = term.match_expressions.is_empty() && term.match_fields.is_empty();
    let labels = &node.metadata.labels;
    !empty
        && term.match_expressions.iter().all(is_valid_expression)
        && term.match_fields.iter().all(is_valid_field)
        && term.match_expressions.iter().all(|requirement| expression_holds(requirement, labels))
        && term.match_fields.iter().all(|requirement| field_holds(requirement, node.name()))
}

/// The first requirement of each term that does not hold, for people.
#[must_use]
pub fn unmet(selector: &NodeSelector, node: &Node) -> Vec<Unmet> {
    if selector_matches(selector, node) {
        return Vec::new();
    }
    let labels = &node.metadata.labels;
    let first_unmet = |term: &NodeSelectorTerm| {
        let expression =
            term.match_expressions.iter().find(|r| !is_valid_expression(r) || !expression_holds(r, labels));
        let field = || term.match_fields.iter().find(|r| !is_valid_field(r) || !field_holds(r, node.name()));
        expression.map(|r| Unmet { requirement: in_words(r), found: found_label(&r.key, labels) }).or_else(|| {
            field().map(|r| Unmet { requirement: in_words(r), found: format!("{METADATA_NAME}={}", node.name()) })
        })
    };
    selector.node_selector_terms.iter().filter_map(first_unmet).collect()
}

/// A requirement in words: `disk In [ssd, nvme]`, `gpu Exists`.
#[must_use]
pub fn in_words(requirement: &NodeSelectorRequirement) -> String {
    let NodeSelectorRequirement { key, operator, values } = requirement;
    match operator {
        NodeSelectorOperator::Exists | NodeSelectorOperator::DoesNotExist => {
            format!("{key} {operator:?}")
        }
        NodeSelectorOperator::Gt | NodeSelectorOperator::Lt => {
            format!("{key} {operator:?} {}", values.join(", "))
        }
        NodeSelectorOperator::In | NodeSelectorOperator::NotIn => {
            format!("{key} {operator:?} [{}]", values.join(", "))
        }
    }
}

/// What a node has under a label key, in words.
#[must_use]
pub fn found_label(key: &str, labels: &Labels) -> String {
    labels.get(key).map_or_else(|| format!("no label {key}"), |value| format!("{key}={value}"))
}

/// What `labels.NewRequirement` accepts.
fn is_valid_expression(requirement: &NodeSelectorRequirement) -> bool {
    let values = &requirement.values;
    match requirement.operator {
        NodeSelectorOperator::In | NodeSelectorOperator::NotIn => !values.is_empty(),
        NodeSelectorOperator::Exists | NodeSelectorOperator::DoesNotExist => values.is_empty(),
        NodeSelectorOperator::Gt | NodeSelectorOperator::Lt => {
            matches!(values.as_slice(), [one] if integer(one).is_some())
        }
    }
}

/// What `nodeSelectorRequirementsAsFieldSelector` accepts.
fn is_valid_field(requirement: &NodeSelectorRequirement) -> bool {
    matches!(requirement.operator, NodeSelectorOperator::In | NodeSelectorOperator::NotIn)
        && requirement.values.len() == 1
}

/// Whether a requirement holds.
pub(super) fn expression_holds(requirement: &NodeSelectorRequirement, labels: &Labels) -> bool {
    let value = labels.find(&requirement.key);
    let listed = value.is_some_and(|value| requirement.values.contains(value));
    let compare = |holds: fn(i64, i64) -> bool| {
        let bound = requirement.values.first().and_then(|text| integer(text));
        value.and_then(|text| integer(text)).zip(bound).is_some_and(|(have, bound)| holds(have, bound))
    };
    match requirement.operator {
        NodeSelectorOperator::In => listed,
        NodeSelectorOperator::NotIn => !listed,
        NodeSelectorOperator::Exists => value.is_some(),
        NodeSelectorOperator::DoesNotExist => value.is_none(),
        NodeSelectorOperator::Gt => compare(|have, bound| have > bound),
        NodeSelectorOperator::Lt => compare(|have, bound| have < bound),
    }
}

/// Only `metadata.name` is a field; any other has no value, which equals only the empty one.
fn field_holds(requirement: &NodeSelectorRequirement, node_name: &str) -> bool {
    let value = if requirement.key == METADATA_NAME { node_name } else { "" };
    let listed = requirement.values.iter().any(|wanted| wanted == value);
    listed == (requirement.operator == NodeSelectorOperator::In)
}

/// A number as Go's `strconv.ParseInt(text, 10, 64)` reads it.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(term: &str, want: bool) {
        let labels = r#"{"metadata":{"name":"n1","labels":{"disk":"ssd","cores":"8","tier":""}}}"#;
        let node: Node = serde_json::from_str(labels).unwrap();
        let selector: NodeSelector = serde_json::from_str(&format!(r#"{{"nodeSelectorTerms":[{term}]}}"#)).unwrap();
        assert_eq!(selector_matches(&selector, &node), want, "{term}");
        assert_eq!(unmet(&selector, &node).is_empty(), want || term.is_empty() || term == "{}", "{term}");
    }

    #[test]
    fn all_six_operators() {
        let e = |r: &str| format!(r#"{{"matchExpressions":[{r}]}}"#);
        check(&e(r#"{"key":"disk","operator":"In","values":["hdd","ssd"]}"#), true);
        check(&e(r#"{"key":"disk","operator":"In","values":["hdd"]}"#), false);
        check(&e(r#"{"key":"none","operator":"NotIn","values":["hdd"]}"#), true);
        check(&e(r#"{"key":"disk","operator":"NotIn","values":["ssd"]}"#), false);
        check(&e(r#"{"key":"tier","operator":"Exists"}"#), true);
        check(&e(r#"{"key":"none","operator":"DoesNotExist"}"#), true);
        check(&e(r#"{"key":"cores","operator":"Gt","values":["7"]}"#), true);
        check(&e(r#"{"key":"cores","operator":"Gt","values":["8"]}"#), false);
        check(&e(r#"{"key":"cores","operator":"Lt","values":["9"]}"#), true);
        check(&e(r#"{"key":"disk","operator":"Gt","values":["1"]}"#), false);
        check(&e(r#"{"key":"cores","operator":"Gt","values":["x"]}"#), false);
    }

    #[test]
    fn terms_are_ored_and_empty_ones_match_nothing() {
        check("", false);
        check("{}", false);
        check(r#"{},{"matchExpressions":[{"key":"disk","operator":"Exists"}]}"#, true);
    }

    #[test]
    fn fields_know_the_name_only() {
        let f = |r: &str| format!(r#"{{"matchFields":[{r}]}}"#);
        check(&f(r#"{"key":"metadata.name","operator":"In","values":["n1"]}"#), true);
        check(&f(r#"{"key":"metadata.name","operator":"NotIn","values":["n1"]}"#), false);
        check(&f(r#"{"key":"metadata.name","operator":"In","values":["n1","n2"]}"#), false);
        check(&f(r#"{"key":"metadata.name","operator":"Exists"}"#), false);
    }
}
