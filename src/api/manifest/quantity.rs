//! Amounts in the form that Kubernetes stores.
//!
//! Upstream: `k8s.io/apimachinery/pkg/api/resource/quantity.go` (`CanonicalizeBytes`, `RoundUp`).

use crate::api::Quantity;

const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const NANOS: i128 = 1_000_000_000;
const NANOS_IN_MILLI: i128 = 1_000_000;

/// The canonical form of an amount, rounded up to thousandths if asked for; text that is no
/// amount stays.
pub fn canonical(text: &str, in_milli: bool) -> String {
    let Ok(amount) = Quantity::parse(text) else {
        return text.to_owned();
    };
    let mut nanos = amount.nanos();
    if in_milli {
        nanos = nanos.div_euclid(NANOS_IN_MILLI) * NANOS_IN_MILLI
            + if nanos.rem_euclid(NANOS_IN_MILLI) == 0 { 0 } else { NANOS_IN_MILLI };
    }
    if nanos == 0 {
        return "0".to_owned();
    }
    let is_small = nanos.abs() < 1_024 * NANOS;
    if text.ends_with('i') && !is_small && nanos % NANOS == 0 {
        return binary(nanos / NANOS);
    }
    let (mantissa, thousands) = reduced(nanos, 1_000);
    let is_exponent = text.trim_end_matches(|c: char| c.is_ascii_digit() || "+-".contains(c)).ends_with(['e', 'E'])
        && text.ends_with(|c: char| c.is_ascii_digit());
    match (is_exponent, 3 * thousands as i32 - 9) {
        (true, 0) => mantissa.to_string(),
        (true, exponent) => format!("{mantissa}e{exponent}"),
        // Beyond the last suffix there are only zeros.
        (false, _) => match DECIMAL.get(thousands) {
            Some(suffix) => format!("{mantissa}{suffix}"),
            None => format!("{}E", mantissa * 1_000_i128.pow(u32::try_from(thousands - 9).unwrap_or(0))),
        },
    }
}

fn binary(units: i128) -> String {
    let (mantissa, power) = reduced(units, 1_024);
    match BINARY.get(power) {
        Some(suffix) => format!("{mantissa}{suffix}"),
        None => format!("{}Ei", mantissa * 1_024),
    }
}

/// What is left when a factor is taken out as often as it goes, and how often that is.
fn reduced(mut n: i128, factor: i128) -> (i128, usize) {
    let mut times = 0;
    while n % factor == 0 && times < 16 {
        n /= factor;
        times += 1;
    }
    (n, times)
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
        check("1e-1", "100e-3");
        check("1e0", "1");
        check("abc", "abc");
        assert_eq!(canonical("100u", false), "100u");
    }
}
