//! Amounts of a resource: `100m`, `2Gi`, `1e3`.
//!
//! Upstream: `k8s.io/apimachinery/pkg/api/resource`.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Nano-units in a unit: the finest amount that Kubernetes keeps.
pub const NANOS: i128 = 1_000_000_000;

/// What upstream says of text that is no quantity.
pub const FORMAT: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// An amount as it was written, and what it comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct Quantity {
    text: String,
    nanos: i128,
}

/// Why a text is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// Not of the form number and suffix.
    Format,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORMAT)
    }
}

impl Quantity {
    /// Reads a quantity. Amounts beyond 2^63 units are cut to that, finer ones than a
    /// nano-unit are rounded up, as upstream does.
    ///
    /// # Errors
    /// Text that is no quantity.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        let bad = QuantityError::Format;
        let (negative, rest) = match text.as_bytes().first().ok_or(bad)? {
            b'-' => (true, text.get(1..).ok_or(bad)?),
            b'+' => (false, text.get(1..).ok_or(bad)?),
            _ => (false, text),
        };
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at_checked(number_end).ok_or(bad)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        // No digits at all are 0 to upstream.
        if fraction.contains('.') {
            return Err(bad);
        }
        let scale = Scale::of_suffix(suffix).ok_or(bad)?;
        let nanos = scale.nanos(whole, fraction);
        Ok(Quantity { text: text.to_owned(), nanos: if negative { -nanos } else { nanos } })
    }

    /// A number of whole units.
    #[must_use]
    pub fn units(n: i64) -> Quantity {
        Quantity { text: n.to_string(), nanos: i128::from(n) * NANOS }
    }

    /// The amount in whole units, rounded up.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.in_units_of(NANOS)
    }

    /// The amount in thousandths, rounded up.
    #[must_use]
    pub fn milli_value(&self) -> i64 {
        self.in_units_of(NANOS / 1_000)
    }

    /// The amount in billionths.
    #[must_use]
    pub fn nanos(&self) -> i128 {
        self.nanos
    }

    /// The text it was read from.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn in_units_of(&self, unit: i128) -> i64 {
        let up = self.nanos.div_euclid(unit) + i128::from(self.nanos.rem_euclid(unit) != 0);
        i64::try_from(up).unwrap_or(if up < 0 { i64::MIN } else { i64::MAX })
    }
}

/// What a suffix multiplies by: `base` to the power `exponent`.
#[derive(Clone, Copy)]
struct Scale {
    base: i128,
    exponent: i32,
}

impl Scale {
    fn of_suffix(suffix: &str) -> Option<Scale> {
        let binary = |exponent| Some(Scale { base: 1_024, exponent });
        let decimal = |exponent| Some(Scale { base: 10, exponent });
        match suffix {
            "Ki" => binary(1),
            "Mi" => binary(2),
            "Gi" => binary(3),
            "Ti" => binary(4),
            "Pi" => binary(5),
            "Ei" => binary(6),
            "n" => decimal(-9),
            "u" => decimal(-6),
            "m" => decimal(-3),
            "" => decimal(0),
            "k" => decimal(3),
            "M" => decimal(6),
            "G" => decimal(9),
            "T" => decimal(12),
            "P" => decimal(15),
            "E" => decimal(18),
            // Cut to 32 bits, as upstream does.
            #[expect(clippy::cast_possible_truncation, reason = "what upstream does")]
            _ => decimal(suffix.strip_prefix(['e', 'E'])?.parse::<i64>().ok()? as i32),
        }
    }

    /// `whole.fraction` of this scale in nano-units, rounded up, cut at 2^63 units. In decimal digits:
    /// however many there are, none is lost.
    fn nanos(self, whole: &str, fraction: &str) -> i128 {
        let limit = i128::from(i64::MAX) * NANOS;
        let mut digits = whole.to_owned();
        digits.push_str(fraction);
        let mut exponent = 9 - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        if self.base == 10 {
            exponent = exponent.saturating_add(i64::from(self.exponent));
        } else {
            (0..self.exponent).for_each(|_| times_1024(&mut digits));
        }
        let finer = usize::try_from(exponent.saturating_neg()).unwrap_or(0);
        let kept = digits.len().saturating_sub(finer);
        let mut value = 0_i128;
        for digit in digits.bytes().take(kept) {
            value = value.saturating_mul(10).saturating_add(i128::from(digit - b'0'));
        }
        for _ in 0..exponent.clamp(0, 64) {
            value = value.saturating_mul(10);
        }
        let is_cut = digits.bytes().skip(kept).any(|digit| digit != b'0');
        value.saturating_add(i128::from(is_cut)).min(limit)
    }
}

/// Multiplies a number in decimal digits.
pub(super) fn times_1024(digits: &mut String) {
    let mut carry = 0_u32;
    let mut out = Vec::with_capacity(digits.len() + 4);
    for digit in digits.bytes().rev() {
        carry += u32::from(digit - b'0') * 1_024;
        out.push(char::from(b'0' + (carry % 10) as u8));
        carry /= 10;
    }
    while carry > 0 {
        out.push(char::from(b'0' + (carry % 10) as u8));
        carry /= 10;
    }
    *digits = out.into_iter().rev().collect();
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Number(serde_json::Number),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
        };
        Quantity::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts() {
        let check = |text: &str, milli: i64| {
            assert_eq!(Quantity::parse(text).map(|q| q.milli_value()), Ok(milli), "{text}");
        };
        check("1", 1_000);
        check("100m", 100);
        check("1.5", 1_500);
        check(".5", 500);
        check("5.", 5_000);
        check("2Ki", 2_048_000);
        check("0.5Ki", 512_000);
        check("1e3", 1_000_000);
        check("1E-3", 1);
        check("1u", 1);
        check("-2", -2_000);
        check("+2k", 2_000_000);
        check("0.0001", 1);
        check("8145912Ki", 8_145_912 * 1_024 * 1_000);
        check("99999999999999999999999999999999999E", i64::MAX);
        check("000000000000000000000000000000000000000001", 1_000);
        check("1.0000000000000000000000000000000000000000Pi", 1_125_899_906_842_624_000);
        check("Ki", 0);
        // A billionth in Pi, with a digit beyond those that make it whole.
        let billionth = format!("0.{}888178419700125232338905334472656251Pi", "0".repeat(24));
        assert_eq!(Quantity::parse(&billionth).map(|q| q.nanos()), Ok(2));
    }

    #[test]
    fn refuses_what_is_none() {
        for text in ["", "1.2.3", "1 ", "1Kb", "0x1", "1e", "1ki"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::Format), "{text:?}");
        }
    }
}
