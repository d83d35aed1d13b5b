//! Amounts in the form that Kubernetes stores, in decimal digits: however long they are, nothing is
//! cut that upstream does not cut.
//!
//! Upstream: `k8s.io/apimachinery/pkg/api/resource/{quantity,amount,suffix}.go` (`ParseQuantity`,
//! `CanonicalizeBytes`, `RoundUp`).

use crate::api::quantity::{FORMAT, NANOS, times_1024};

const NUMERIC: &str = "unable to parse numeric part of quantity";
const SUFFIX: &str = "unable to parse quantity's suffix";

const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/// Powers of ten below which nothing is kept: in all amounts, in amounts of resources.
const NANO: i64 = -9;
const MILLI: i64 = -3;
/// So many digits fit into upstream's shorter form of an amount.
const SHORT: usize = 18;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Decimal,
    Exponent,
    /// With a suffix of so many factors of 1024.
    Binary(usize),
}

/// What a text says: `digits` times ten to the power `exponent`, and the suffix of the format.
struct Amount {
    sign: &'static str,
    /// Without leading zeros; none at all is 0.
    digits: String,
    exponent: i64,
    format: Format,
    /// The power of ten to which upstream keeps the text as it is; none if it writes it anew.
    kept: Option<i64>,
}

/// Whether a text is an amount.
///
/// # Errors
/// Upstream's words if it is none.
pub fn check(text: &str) -> Result<(), &'static str> {
    Amount::read(text).map(|_| ())
}

/// The form in which an amount is stored, rounded up to thousandths if asked for; text that is no
/// amount stays.
#[must_use]
pub fn canonical(text: &str, in_milli: bool) -> String {
    let Ok(mut amount) = Amount::read(text) else { return text.to_owned() };
    if amount.kept.is_some_and(|to| !in_milli || to >= MILLI) {
        return text.to_owned();
    }
    if let Format::Binary(powers) = amount.format {
        for _ in 0..powers {
            times_1024(&mut amount.digits);
        }
    }
    amount.round_up(NANO);
    if matches!(amount.format, Format::Binary(_)) && amount.nanos().is_none_or(|nanos| nanos > MAX_NANOS) {
        (amount.digits, amount.exponent) = (i64::MAX.to_string(), 0);
    }
    if in_milli {
        amount.round_up(MILLI);
    }
    amount.written()
}

const MAX_NANOS: i128 = i64::MAX as i128 * NANOS;

impl Amount {
    fn read(text: &str) -> Result<Amount, &'static str> {
        let sign = if text.starts_with('-') { "-" } else { "" };
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        if text.is_empty() {
            return Err(FORMAT);
        }
        let rest = unsigned.trim_start_matches('0');
        if rest.is_empty() {
            return Ok(Amount { sign, digits: String::new(), exponent: 0, format: Format::Decimal, kept: None });
        }
        let (whole, rest) = digits_of(rest);
        let (fraction, suffix) = rest.strip_prefix('.').map_or(("", rest), digits_of);
        let power = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        if !power.bytes().all(|b| b.is_ascii_digit()) {
            return Err(FORMAT);
        }
        let (format, power) = interpret(suffix).ok_or(SUFFIX)?;
        let exponent = power - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let has_digits = unsigned.starts_with('0') || !whole.is_empty() || !fraction.is_empty();
        let is_short = match format {
            Format::Binary(powers) => fraction.is_empty() && whole.len().max(1) + 3 * powers < SHORT - 3,
            _ => whole.len().max(1) + fraction.len() <= SHORT && exponent >= NANO,
        };
        if !has_digits && !is_short {
            return Err(NUMERIC);
        }
        // Upstream keeps the text of short amounts that it takes to be well written.
        let is_well_written = match format {
            Format::Binary(_) => whole.bytes().last().is_some() && whole.parse::<u64>().is_ok_and(|n| n % 8 != 0),
            _ => exponent % 3 == 0 && !whole.is_empty() && !format!("{whole}{fraction}").ends_with("000"),
        };
        let digits = format!("{whole}{fraction}").trim_start_matches('0').to_owned();
        // However many zeros: none of them is to be kept.
        let exponent = if digits.is_empty() { 0 } else { exponent };
        Ok(Amount { sign, digits, exponent, format, kept: (is_short && is_well_written).then_some(exponent) })
    }

    /// Rounds away from zero to a power of ten.
    fn round_up(&mut self, to: i64) {
        let Ok(beyond) = usize::try_from(to - self.exponent) else { return };
        if beyond == 0 || self.digits.is_empty() {
            return;
        }
        let kept = self.digits.len().saturating_sub(beyond);
        let rest = self.digits.split_off(kept);
        if rest.bytes().any(|digit| digit != b'0') {
            increment(&mut self.digits);
        }
        self.exponent = to;
    }

    /// In billionths, if they are not beyond all bounds.
    fn nanos(&self) -> Option<i128> {
        let power = 10_i128.checked_pow(u32::try_from(self.exponent - NANO).ok()?)?;
        let digits = if self.digits.is_empty() { 0 } else { self.digits.parse::<i128>().ok()? };
        digits.checked_mul(power)
    }

    fn written(mut self) -> String {
        if self.digits.is_empty() {
            return "0".to_owned();
        }
        if let (Format::Binary(_), Some(nanos)) = (self.format, self.nanos())
            && nanos >= 1_024 * NANOS
            && nanos % NANOS == 0
        {
            return format!("{}{}", self.sign, in_binary(nanos / NANOS));
        }
        let significant = self.digits.trim_end_matches('0').len();
        self.exponent += i64::try_from(self.digits.len() - significant).unwrap_or(0);
        self.digits.truncate(significant);
        while self.exponent % 3 != 0 {
            self.digits.push('0');
            self.exponent -= 1;
        }
        let suffix = match (self.format, self.exponent) {
            (Format::Exponent, 0) => String::new(),
            (Format::Exponent, exponent) => format!("e{exponent}"),
            // Beyond the last suffix upstream writes none: 1000E is stored as 1.
            (_, exponent) => {
                let index = usize::try_from((exponent - NANO) / 3).ok();
                index.and_then(|index| DECIMAL.get(index)).copied().unwrap_or_default().to_owned()
            }
        };
        format!("{}{}{suffix}", self.sign, self.digits)
    }
}

fn digits_of(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// The format and the power of ten of a suffix.
fn interpret(suffix: &str) -> Option<(Format, i64)> {
    if let Some(at) = DECIMAL.iter().position(|known| *known == suffix) {
        return Some((Format::Decimal, 3 * i64::try_from(at).ok()? + NANO));
    }
    if let Some(powers) = BINARY.iter().position(|known| *known == suffix) {
        return Some((Format::Binary(powers), 0));
    }
    let power: i64 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
    // Cut to 32 bits, as upstream does.
    #[expect(clippy::cast_possible_truncation, reason = "what upstream does")]
    let power = power as i32;
    Some((Format::Exponent, i64::from(power)))
}

fn in_binary(mut units: i128) -> String {
    let mut powers = 0;
    while units % 1_024 == 0 && powers + 1 < BINARY.len() {
        units /= 1_024;
        powers += 1;
    }
    format!("{units}{}", BINARY.get(powers).copied().unwrap_or_default())
}

/// Adds one to the last digit.
fn increment(digits: &mut String) {
    let nines = digits.len() - digits.trim_end_matches('9').len();
    digits.truncate(digits.len() - nines);
    let last = digits.pop().map_or('1', |digit| char::from(digit as u8 + 1));
    digits.push(last);
    digits.push_str(&"0".repeat(nines));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_kubernetes_does() {
        let check = |text: &str, want: &str| assert_eq!(canonical(text, true), want, "{text}");
        check("0.5", "500m");
        check("1000m", "1");
        check("1024Mi", "1Gi");
        check("512Mi", "512Mi");
        check("1.5Gi", "1536Mi");
        check("1000Ki", "1000Ki");
        check("0.5Ki", "512");
        check("1e3", "1e3");
        check("1E", "1E");
        check("12e6", "12e6");
        check("100u", "1m");
        check("-1500m", "-1500m");
        check("5000M", "5G");
        check("0", "0");
        check(".0000000000Mi", "0");
        check("-.00000000000k", "0");
        check("1e-1", "100e-3");
        check("1e1", "10");
        check("abc", "abc");
        // What is short and well written stays as it is.
        for text in ["1e0", "+5", "005", "5E3", "5e+3", "+5Gi", "07Gi", "7e00003", "3e4294967299", "1024"] {
            check(text, text);
        }
        check("-1.5n", "-1m");
        check("0.1Ki", "102400m");
        check("1000E", "1");
        check("1e400", "10e399");
        check("0.5E12", "500e9");
        check("8Ei", "9223372036854775807");
        check("7Ei", "7Ei");
        check("0007000000.518945173040730761253479550809Gi", "7516193325213136657m");
        check("00099999999999999999999999n", "100T");
        assert_eq!(canonical("100u", false), "100u");
        assert_eq!(canonical("9.9999999999", false), "10");
        assert_eq!(canonical("0.98321743284955546333Pi", false), "1107004416051358414442458n");
    }

    #[test]
    fn what_is_none_is_told_in_upstreams_words() {
        for text in ["", "1 ", "1Kb", "0x1", "1.2.3", "é", "1é", "3e3m", "1GiB", "1Zi"] {
            assert_eq!(super::check(text), Err(FORMAT), "{text}");
        }
        for text in ["1ki", "1mi", "1e", "1i", "+-1", "1mm", "1e99999999999999999999"] {
            assert_eq!(super::check(text), Err(SUFFIX), "{text}");
        }
        for text in ["Ei", "-Pi", "e-10"] {
            assert_eq!(super::check(text), Err(NUMERIC), "{text}");
        }
        // Nothing is 0 to upstream.
        for text in ["-", "+", ".", "m", "Ki", "Ti", "e3", ".Ki", "5.", ".5", "0"] {
            assert_eq!(super::check(text), Ok(()), "{text}");
        }
    }
}
