//! Taints and tolerations.
//!
//! Upstream: `k8s.io/api/core/v1/types.go`, `core/v1/toleration.go`, `core/v1/taint.go`.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a taint does to pods that do not tolerate it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
pub enum TaintEffect {
    /// New pods are kept off; what runs stays.
    NoSchedule,
    /// New pods are kept off where another node will do. Daemon pods are not concerned.
    PreferNoSchedule,
    /// New pods are kept off, and what runs is evicted.
    NoExecute,
}

impl fmt::Display for TaintEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TaintEffect::NoSchedule => "NoSchedule",
            TaintEffect::PreferNoSchedule => "PreferNoSchedule",
            TaintEffect::NoExecute => "NoExecute",
        })
    }
}

/// A taint on a node.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
pub struct Taint {
    /// Key.
    pub key: String,
    /// Value; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Effect.
    pub effect: TaintEffect,
}

impl Taint {
    /// A taint without a value.
    pub fn new(key: impl Into<String>, effect: TaintEffect) -> Taint {
        Taint { key: key.into(), value: String::new(), effect }
    }

    /// Whether the two have key and effect in common, so that one replaces the other.
    #[must_use]
    pub fn matches(&self, other: &Taint) -> bool {
        self.key == other.key && self.effect == other.effect
    }
}

/// `key=value:Effect`, or `key:Effect` without a value.
impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if !self.value.is_empty() {
            write!(f, "={}", self.value)?;
        }
        write!(f, ":{}", self.effect)
    }
}

/// How a toleration compares its value.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize,
)]
pub enum TolerationOperator {
    /// The values must be equal.
    #[default]
    Equal,
    /// Any value will do.
    Exists,
}

/// What a pod puts up with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Toleration {
    /// Key; empty matches all keys (then the operator must be `Exists`).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Operator; absent means `Equal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<TolerationOperator>,
    /// Value, compared with `Equal`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Effect; absent matches all effects.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "empty_is_none")]
    pub effect: Option<TaintEffect>,
    /// With `NoExecute`: evicted after so many seconds. Absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toleration_seconds: Option<i64>,
}

impl Toleration {
    /// A toleration of `key` with any value, for one effect and without end.
    pub fn exists(key: impl Into<String>, effect: TaintEffect) -> Toleration {
        Toleration {
            key: key.into(),
            operator: Some(TolerationOperator::Exists),
            effect: Some(effect),
            ..Toleration::default()
        }
    }

    /// Whether this toleration covers `taint`. Upstream: `Toleration.ToleratesTaint`.
    #[must_use]
    pub fn tolerates(&self, taint: &Taint) -> bool {
        let effect_matches = self.effect.is_none_or(|effect| effect == taint.effect);
        let key_matches = self.key.is_empty() || self.key == taint.key;
        effect_matches
            && key_matches
            && match self.operator.unwrap_or_default() {
                TolerationOperator::Equal => self.value == taint.value,
                TolerationOperator::Exists => true,
            }
    }

    /// Whether the two say the same but for the seconds, so that one replaces the other.
    /// Upstream: `Toleration.MatchToleration`.
    #[must_use]
    pub fn matches(&self, other: &Toleration) -> bool {
        self.key == other.key
            && self.effect == other.effect
            && self.operator == other.operator
            && self.value == other.value
    }
}

/// `key=value:Effect`, `key:Effect op=Exists`, as `kubectl describe` prints tolerations.
impl fmt::Display for Toleration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if !self.value.is_empty() {
            write!(f, "={}", self.value)?;
        }
        if let Some(effect) = self.effect {
            write!(f, ":{effect}")?;
        }
        if self.operator.unwrap_or_default() == TolerationOperator::Exists && self.value.is_empty() {
            let gap = if self.key.is_empty() && self.effect.is_none() { "" } else { " " };
            write!(f, "{gap}op=Exists")?;
        }
        if let Some(seconds) = self.toleration_seconds {
            write!(f, " for {seconds}s")?;
        }
        Ok(())
    }
}

fn empty_is_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<TaintEffect>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Effect(TaintEffect),
        Text(String),
    }
    match Option::<Written>::deserialize(deserializer)? {
        Some(Written::Effect(effect)) => Ok(Some(effect)),
        Some(Written::Text(text)) if !text.is_empty() => {
            Err(serde::de::Error::custom(format!("unsupported taint effect: {text}")))
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(toleration: &str, taint: (&str, &str, TaintEffect), want: bool) {
        let toleration: Toleration = serde_json::from_str(toleration).unwrap();
        let taint = Taint { key: taint.0.into(), value: taint.1.into(), effect: taint.2 };
        assert_eq!(toleration.tolerates(&taint), want, "{toleration} against {taint}");
    }

    #[test]
    fn tolerates_as_upstream() {
        use TaintEffect::{NoExecute, NoSchedule};
        check(r#"{"operator":"Exists"}"#, ("any", "x", NoExecute), true);
        check(r#"{"key":"a","operator":"Exists"}"#, ("a", "x", NoSchedule), true);
        check(r#"{"key":"a","operator":"Exists","effect":"NoSchedule"}"#, ("a", "x", NoExecute), false);
        check(r#"{"key":"a","value":"x"}"#, ("a", "x", NoExecute), true);
        check(r#"{"key":"a","value":"y"}"#, ("a", "x", NoExecute), false);
        check(r#"{"key":"a"}"#, ("a", "", NoSchedule), true);
        check(r#"{"key":"a","effect":""}"#, ("a", "", NoSchedule), true);
        check(r#"{"key":"b","operator":"Exists"}"#, ("a", "", NoSchedule), false);
    }
}
