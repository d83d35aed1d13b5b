//! A number or a percentage of something.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/intstr`.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `maxUnavailable: 1` or `maxUnavailable: 10%`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(untagged)]
pub enum IntOrPercent {
    /// A number.
    Int(i32),
    /// Text that should be a percentage, e.g. `10%`.
    Percent(String),
}

impl IntOrPercent {
    /// The percentage as a number.
    ///
    /// # Errors
    /// Text that is not digits followed by `%`, in Kubernetes' words.
    pub fn percent(text: &str) -> Result<i64, String> {
        let invalid = |why: &str| format!("invalid value for IntOrString: invalid type: {why}");
        let digits = text.strip_suffix('%').ok_or_else(|| invalid("string is not a percentage"))?;
        digits
            .parse::<i64>()
            .map_err(|_| format!("invalid value {text:?}: strconv.Atoi: parsing {digits:?}: invalid syntax"))
    }

    /// The number it stands for out of `total`, percentages rounded up (both of a
    /// DaemonSet's are). Upstream: `GetScaledValueFromIntOrPercent(…, roundUp = true)`.
    ///
    /// # Errors
    /// As [`IntOrPercent::percent`].
    pub fn scaled_up(&self, total: usize) -> Result<i64, String> {
        match self {
            IntOrPercent::Int(n) => Ok(i64::from(*n)),
            IntOrPercent::Percent(text) => {
                let total = i64::try_from(total).unwrap_or(i64::MAX);
                let product = Self::percent(text)?.saturating_mul(total);
                // Integer ceiling; upstream computes math.Ceil of a float64 of the same quotient.
                Ok(product.div_euclid(100) + i64::from(product.rem_euclid(100) != 0))
            }
        }
    }
}

impl fmt::Display for IntOrPercent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IntOrPercent::Int(n) => write!(f, "{n}"),
            IntOrPercent::Percent(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_up() {
        let check = |text: &str, total, want| {
            assert_eq!(IntOrPercent::Percent(text.into()).scaled_up(total), Ok(want), "{text} of {total}");
        };
        check("10%", 5, 1);
        check("10%", 10, 1);
        check("10%", 11, 2);
        check("0%", 11, 0);
        check("100%", 7, 7);
        check("150%", 2, 3);
        assert_eq!(IntOrPercent::Int(3).scaled_up(1), Ok(3));
    }

    #[test]
    fn what_is_no_percentage_says_so() {
        for text in ["10", "%", "x%", "1.5%", ""] {
            assert!(IntOrPercent::Percent(text.into()).scaled_up(10).is_err(), "{text:?}");
        }
    }
}
