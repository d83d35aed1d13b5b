//! What a scalar means to go-yaml v2: YAML 1.1 with its own exceptions.
//!
//! Upstream: `go.yaml.in/yaml/v2/resolve.go`, `sigs.k8s.io/yaml/yaml.go`.

use super::words::in_go_yaml_words;

/// A scalar's value as JSON knows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true`, `yes`, `on`, `y`, …
    Bool(bool),
    /// A whole number between the least `i64` and the greatest `u64`.
    Int(i128),
    /// Any other number; finite.
    Float(f64),
    /// Text.
    Text(String),
}

/// What go-yaml calls a float that JSON cannot write.
const NOT_FINITE: [(&str, &str); 3] = [("nan", "NaN"), ("+inf", "+Inf"), ("-inf", "-Inf")];

/// Words with a meaning of their own.
const BOOLS: [(&[&str], bool); 2] = [
    (&["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], true),
    (&["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], false),
];

/// Resolves a scalar with an explicit tag (in short form, e.g. `!!int`).
///
/// # Errors
/// Text that is not of the tag's type.
pub fn resolve_tagged(tag: &str, text: &str) -> Result<Scalar, String> {
    let refused = |found: &str| Err(format!("yaml: cannot decode {found} `{text}` as a {tag}"));
    let tagged = match tag {
        "!!null" | "!!bool" | "!!int" | "!!float" => resolve_plain(text)?,
        "!!binary" => return binary(text),
        // A timestamp stays the text that it is, and so does every tag that go-yaml does not know.
        _ => return Ok(Scalar::Text(text.to_owned())),
    };
    match (tag, tagged) {
        ("!!null", Scalar::Null) => Ok(Scalar::Null),
        ("!!bool", Scalar::Bool(value)) => Ok(Scalar::Bool(value)),
        ("!!int", Scalar::Int(value)) => Ok(Scalar::Int(value)),
        ("!!float", value @ (Scalar::Int(_) | Scalar::Float(_))) => Ok(value),
        (_, found) => refused(found.tag()),
    }
}

/// Resolves a scalar without quotes and tag.
///
/// # Errors
/// Numbers that JSON cannot write.
pub fn resolve_plain(text: &str) -> Result<Scalar, String> {
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Ok(Scalar::Null);
    }
    if let Some((_, value)) = BOOLS.iter().find(|(words, _)| words.contains(&text)) {
        return Ok(Scalar::Bool(*value));
    }
    if let Some(name) = not_finite(text) {
        return Err(format!("json: unsupported value: {name}"));
    }
    Ok(number(text).unwrap_or_else(|| Scalar::Text(text.to_owned())))
}

/// A key that is a number which JSON cannot write: keys are text in the end.
///
/// # Errors
/// What was wrong, if it was something else.
pub fn not_finite_key(message: String) -> Result<Scalar, String> {
    let text = match message.rsplit(' ').next() {
        Some("+Inf") => ".inf",
        Some("-Inf") => "-.inf",
        Some("NaN") => ".nan",
        _ => return Err(message),
    };
    Ok(Scalar::Text(text.to_owned()))
}

/// Characters that go-yaml takes for something else in brackets.
///
/// # Errors
/// Its words.
pub fn plain_in_brackets(text: &str, is_item: bool) -> Result<(), String> {
    if text.starts_with(['|', '>']) {
        return Err(in_go_yaml_words("unexpected character"));
    }
    if text.char_indices().any(|(at, c)| at > 0 && c == '?') {
        let end = if is_item { ']' } else { '}' };
        return Err(format!("yaml: did not find expected ',' or '{end}' (quote text with a question mark)"));
    }
    Ok(())
}

impl Scalar {
    /// go-yaml's tag of the value.
    fn tag(&self) -> &'static str {
        match self {
            Scalar::Null => "!!null",
            Scalar::Bool(_) => "!!bool",
            Scalar::Int(_) => "!!int",
            Scalar::Float(_) => "!!float",
            Scalar::Text(_) => "!!str",
        }
    }

    /// The value as the key of a JSON map; `None` if it cannot be one.
    #[must_use]
    pub fn as_key(&self) -> Option<String> {
        match self {
            Scalar::Text(text) => Some(text.clone()),
            Scalar::Bool(value) => Some(value.to_string()),
            Scalar::Int(value) => i64::try_from(*value).ok().map(|n| n.to_string()),
            // With the digits of a float32, as sigs.k8s.io/yaml does.
            #[expect(clippy::cast_possible_truncation, reason = "what upstream does")]
            Scalar::Float(value) => Some((*value as f32).to_string()),
            Scalar::Null => None,
        }
    }
}

/// A float as Go's JSON encoder writes it: whole numbers without a fraction.
#[must_use]
pub fn float_as_json(value: f64) -> serde_json::Value {
    // Below 2^63 every whole f64 is a whole i64.
    if value.fract() == 0.0 && value.abs() < 9.2e18 {
        #[expect(clippy::cast_possible_truncation, reason = "checked above")]
        let whole = value as i64;
        return serde_json::Value::from(whole);
    }
    serde_json::Value::from(value)
}

fn not_finite(text: &str) -> Option<&'static str> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => ("+", text.get(1..)?),
        b'-' => ("-", text.get(1..)?),
        _ => ("", text),
    };
    let word = match rest {
        ".nan" | ".NaN" | ".NAN" if sign.is_empty() => "nan",
        ".inf" | ".Inf" | ".INF" if sign == "-" => "-inf",
        ".inf" | ".Inf" | ".INF" => "+inf",
        _ => return None,
    };
    NOT_FINITE.iter().find(|(name, _)| *name == word).map(|(_, go)| *go)
}

fn number(text: &str) -> Option<Scalar> {
    match text.as_bytes().first()? {
        b'.' => float(text),
        b'+' | b'-' | b'0'..=b'9' => {
            let plain: String = text.chars().filter(|c| *c != '_').collect();
            integer(&plain).map(Scalar::Int).or_else(|| float(&plain))
        }
        _ => None,
    }
}

/// A whole number with Go's prefixes: `0x`, `0b`, `0o` or a plain `0` for octal.
fn integer(text: &str) -> Option<i128> {
    let (negative, signed, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, text.get(1..)?),
        b'+' => (false, true, text.get(1..)?),
        _ => (false, false, text),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, digits.get(2..)?),
        Some("0b" | "0B") => (2, digits.get(2..)?),
        Some("0o" | "0O") => (8, digits.get(2..)?),
        Some(two) if two.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    // `from_str_radix` would take a second sign.
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -value } else { value };
    // Signed texts are read into 64 bits with sign, others may use all 64.
    let most = if signed { i128::from(i64::MAX) } else { i128::from(u64::MAX) };
    (i128::from(i64::MIN)..=most).contains(&value).then_some(value)
}

/// A number of the form `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn float(text: &str) -> Option<Scalar> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_digits = exponent.map(|e| e.strip_prefix(['+', '-']).unwrap_or(e));
    let well_formed = all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent_digits.is_none_or(|e| !e.is_empty() && all_digits(e));
    let value: f64 = if well_formed {
        text.parse().ok()?
    } else {
        return None;
    };
    value.is_finite().then_some(Scalar::Float(value))
}

fn binary(text: &str) -> Result<Scalar, String> {
    let invalid = || "yaml: !!binary value contains invalid base64 data".to_owned();
    let bytes: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let mut out = Vec::new();
    let last_group = (bytes.len() / 4).saturating_sub(1);
    for (index, group) in bytes.chunks(4).enumerate() {
        let padding = group.iter().rev().take_while(|b| **b == b'=').count();
        if group.len() != 4 || padding > 2 || (padding > 0 && index != last_group) {
            return Err(invalid());
        }
        let mut bits = 0_u32;
        for byte in group.iter().take(4 - padding) {
            bits = bits << 6 | sextet(*byte).ok_or_else(invalid)?;
        }
        bits <<= 6 * padding;
        out.extend(bits.to_be_bytes().iter().skip(1).take(3 - padding));
    }
    Ok(Scalar::Text(String::from_utf8_lossy(&out).into_owned()))
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars() {
        let int = |text: &str, want: i128| assert_eq!(resolve_plain(text), Ok(Scalar::Int(want)), "{text}");
        int("0644", 420);
        int("-0x10", -16);
        int("+0b11", 3);
        int("1_000", 1_000);
        int("18446744073709551615", i128::from(u64::MAX));
        let float = |text: &str, want: f64| assert_eq!(resolve_plain(text), Ok(Scalar::Float(want)), "{text}");
        float("08", 8.0);
        float("+18446744073709551615", 18_446_744_073_709_551_615.0);
        float("-.5e1", -5.0);
        let text = |text: &str| assert_eq!(resolve_plain(text), Ok(Scalar::Text(text.into())));
        for plain in ["0x", "1e", "--1", "0x-1", "._5", ".e5", "1.2.3", "e3", "2026-01-01", "Y E S", "é"] {
            text(plain);
        }
        assert!(resolve_plain("-.Inf").is_err());
        text("-.nan");
    }

    #[test]
    fn tags() {
        assert_eq!(resolve_tagged("!!int", "0x10"), Ok(Scalar::Int(16)));
        assert_eq!(resolve_tagged("!!bool", "5"), Err("yaml: cannot decode !!int `5` as a !!bool".into()));
        let check = |text: &str, want: Option<&str>| {
            assert_eq!(resolve_tagged("!!binary", text).ok(), want.map(|w| Scalar::Text(w.into())), "{text}");
        };
        check("aGVsbG8=", Some("hello"));
        check("aGVs\nbG8h", Some("hello!"));
        check("", Some(""));
        for bad in ["aGk", "aG=k", "aG=kaGk=", "a*k="] {
            check(bad, None);
        }
    }
}
