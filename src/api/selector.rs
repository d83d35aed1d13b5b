//! Label selectors.
//!
//! Upstream: `k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go`, `pkg/labels/selector.go`.

use super::meta::{Labels, null_is_default};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which labels an object must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelector {
    /// Labels with exactly these values.
    #[serde(skip_serializing_if = "Labels::is_empty", deserialize_with = "null_is_default")]
    pub match_labels: Labels,
    /// Further requirements, all of which must hold.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// One requirement on a label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
pub struct LabelSelectorRequirement {
    /// Label key.
    pub key: String,
    /// How to compare.
    pub operator: LabelSelectorOperator,
    /// Values of `In` and `NotIn`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_is_default")]
    pub values: Vec<String>,
}

/// How a requirement compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
pub enum LabelSelectorOperator {
    /// The label has one of the values.
    In,
    /// The label is absent or has none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

impl LabelSelector {
    /// Whether nothing is required: such a selector selects everything, and the
    /// DaemonSet controller refuses to work with it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.match_labels.is_empty() && self.match_expressions.is_empty()
    }

    /// Whether an object with these labels is selected.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        self.match_labels.iter().all(|(key, value)| labels.find(key) == Some(value))
            && self.match_expressions.iter().all(|requirement| requirement.matches(labels))
    }
}

impl LabelSelectorRequirement {
    fn matches(&self, labels: &Labels) -> bool {
        let value = labels.find(&self.key);
        let listed = value.is_some_and(|value| self.values.contains(value));
        match self.operator {
            LabelSelectorOperator::In => listed,
            LabelSelectorOperator::NotIn => !listed,
            LabelSelectorOperator::Exists => value.is_some(),
            LabelSelectorOperator::DoesNotExist => value.is_none(),
        }
    }
}

impl fmt::Display for LabelSelector {
    /// As JSON, which is how the API server shows it in its messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[String]| values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(",");
        let mut parts = Vec::new();
        if !self.match_labels.is_empty() {
            let labels: Vec<_> = self.match_labels.iter().map(|(key, value)| format!("{key:?}:{value:?}")).collect();
            parts.push(format!("\"matchLabels\":{{{}}}", labels.join(",")));
        }
        if !self.match_expressions.is_empty() {
            let expressions =
                self.match_expressions.iter().map(|LabelSelectorRequirement { key, operator, values }| {
                    let values =
                        if values.is_empty() { String::new() } else { format!(",\"values\":[{}]", list(values)) };
                    format!("{{\"key\":{key:?},\"operator\":\"{operator:?}\"{values}}}")
                });
            parts.push(format!("\"matchExpressions\":[{}]", expressions.collect::<Vec<_>>().join(",")));
        }
        write!(f, "{{{}}}", parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_upstream() {
        let labels = Labels::from([("app".into(), "nginx".into()), ("tier".into(), "web".into())]);
        let check = |selector: &str, want: bool| {
            let selector: LabelSelector = serde_json::from_str(selector).unwrap();
            assert_eq!(selector.matches(&labels), want, "{selector}");
            assert_eq!(serde_json::to_string(&selector).unwrap(), selector.to_string());
        };
        check(r#"{}"#, true);
        check(r#"{"matchLabels":{"app":"nginx"}}"#, true);
        check(r#"{"matchLabels":{"app":"other"}}"#, false);
        check(r#"{"matchExpressions":[{"key":"app","operator":"In","values":["a","nginx"]}]}"#, true);
        check(r#"{"matchExpressions":[{"key":"no","operator":"NotIn","values":["a"]}]}"#, true);
        check(r#"{"matchExpressions":[{"key":"tier","operator":"NotIn","values":["web"]}]}"#, false);
        check(r#"{"matchExpressions":[{"key":"tier","operator":"Exists"}]}"#, true);
        check(r#"{"matchExpressions":[{"key":"tier","operator":"DoesNotExist"}]}"#, false);
    }
}
