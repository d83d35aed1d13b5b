//! What names, labels and their like must look like. Each function gives the messages
//! about a text, none if it is well-formed.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/validation/validation.go`,
//! `pkg/api/validate/content`.

use std::net::IpAddr;

const DNS_LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_KEY: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_KEY_RULE: &str =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/// A name of several labels with dots between.
pub fn dns_subdomain(text: &str) -> Vec<String> {
    subdomain(text, "characters")
}

fn subdomain(text: &str, unit: &str) -> Vec<String> {
    let mut messages = too_long(text, 253, unit);
    if !is_subdomain(text) {
        let rule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
        messages.push(with_regex(rule, &["example.com"], &format!("{DNS_LABEL}(\\.{DNS_LABEL})*")));
    }
    messages
}

/// A name without dots.
pub fn dns_label(text: &str) -> Vec<String> {
    let mut messages = too_long(text, 63, "characters");
    if is_subdomain(text) && text.contains('.') {
        messages.push("must not contain dots".to_owned());
    } else if !is_label(text) {
        let rule = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
        messages.push(with_regex(rule, &["my-name", "123-abc"], DNS_LABEL));
    }
    messages
}

/// A key of a label, taint or annotation: a name, perhaps with a domain and a slash before it.
pub fn label_key(text: &str) -> Vec<String> {
    let mut messages = Vec::new();
    let examples = ["MyName", "my.name", "123-abc"];
    let name = match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => *name,
        ["", name] => {
            messages.push("prefix part must be non-empty".to_owned());
            *name
        }
        [prefix, name] => {
            messages.extend(subdomain(prefix, "bytes").into_iter().map(|message| format!("prefix part {message}")));
            *name
        }
        _ => {
            let rule = with_regex(&format!("a valid label key {LABEL_KEY_RULE}"), &examples, LABEL_KEY);
            return vec![format!("{rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')")];
        }
    };
    if name.is_empty() {
        messages.push("name part must be non-empty".to_owned());
    }
    messages.extend(too_long(name, 63, "bytes").into_iter().map(|message| format!("name part {message}")));
    if !is_label_key_name(name) {
        messages.push(with_regex(&format!("name part {LABEL_KEY_RULE}"), &examples, LABEL_KEY));
    }
    messages
}

/// A value of a label or taint.
pub fn label_value(text: &str) -> Vec<String> {
    let mut messages = too_long(text, 63, "bytes");
    if !text.is_empty() && !is_label_key_name(text) {
        let rule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
        messages.push(with_regex(rule, &["MyValue", "my_value", "12345"], &format!("({LABEL_KEY})?")));
    }
    messages
}

/// A name of a container's port.
pub fn port_name(text: &str) -> Vec<String> {
    let mut messages = too_long(text, 15, "characters");
    if text.is_empty() || !text.bytes().all(|b| b == b'-' || is_lower_alphanumeric(b)) {
        messages.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)".to_owned());
    }
    if !text.bytes().any(|b| b.is_ascii_lowercase()) {
        messages.push("must contain at least one letter (a-z)".to_owned());
    }
    if text.contains("--") {
        messages.push("must not contain consecutive hyphens".to_owned());
    }
    if text.starts_with('-') || text.ends_with('-') {
        messages.push("must not begin or end with a hyphen".to_owned());
    }
    messages
}

/// A number of a port.
pub fn port_number(number: i64) -> Option<&'static str> {
    (!(1..=65_535).contains(&number)).then_some("must be between 1 and 65535, inclusive")
}

/// A percentage.
pub fn percent(text: &str) -> Vec<String> {
    let digits = text.strip_suffix('%').unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    vec![with_regex(
        "a valid percent string must be a numeric string followed by an ending '%'",
        &["1%", "93%"],
        "[0-9]+%",
    )]
}

/// A name of an environment variable.
pub fn env_name(text: &str) -> Vec<String> {
    if !text.is_empty() && text.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'=') {
        return Vec::new();
    }
    vec!["a valid environment variable name must consist only of printable ASCII characters other than '='".to_owned()]
}

/// A key of a ConfigMap or a Secret.
pub fn config_key(text: &str) -> Vec<String> {
    let mut messages = too_long(text, 253, "characters");
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) {
        let rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
        messages.push(with_regex(rule, &["key.name", "KEY_NAME", "key-name"], "[-._a-zA-Z0-9]+"));
    }
    match text {
        "." | ".." => messages.push(format!("must not be '{text}'")),
        _ if text.starts_with("..") => messages.push("must not start with '..'".to_owned()),
        _ => {}
    }
    messages
}

/// A name of an HTTP header.
pub fn header_name(text: &str) -> Vec<String> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Vec::new();
    }
    let rule = "a valid HTTP header must consist of alphanumeric characters or '-'";
    vec![with_regex(rule, &["X-Header-Name"], "[-A-Za-z0-9]+")]
}

/// A domain to be searched, whose parts may begin with an underscore.
pub fn search_domain(text: &str) -> Vec<String> {
    let mut messages = too_long(text, 253, "characters");
    let is_part = |part: &str| {
        let rest = part.strip_prefix('_').unwrap_or(part);
        is_label(rest)
            || (rest.len() > 1 && is_label(&rest.replace('_', "-")) && !rest.starts_with('_') && !rest.ends_with('_'))
    };
    if !text.split('.').all(is_part) {
        let rule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
        let part = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
        messages.push(with_regex(rule, &["example.com"], &format!("{part}(\\.{part})*")));
    }
    messages
}

/// An address.
pub fn ip_address(text: &str) -> Vec<String> {
    let message = match text.parse::<IpAddr>() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_some() => "must not be an IPv4-mapped IPv6 address",
        Ok(_) => return Vec::new(),
        Err(_) if without_leading_zeros(text).parse::<IpAddr>().is_ok() => "must not have leading 0s",
        Err(_) => "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
    };
    vec![message.to_owned()]
}

/// Whether a range of addresses can be read at all. Upstream: `ParseCIDRSloppy`.
pub fn is_cidr(text: &str) -> bool {
    range(text).is_some() || range(&without_leading_zeros(text)).is_some()
}

/// A range of addresses. Upstream: `parseCIDR`, strictly.
pub fn cidr(text: &str) -> Vec<String> {
    let message = match range(text) {
        Some((address, bits)) => match address {
            IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => "must not have an IPv4-mapped IPv6 address",
            _ if has_bits_beyond(address, bits) => "must not have bits set beyond the prefix length",
            _ => return Vec::new(),
        },
        None if range(&without_leading_zeros(text)).is_some() => "must not have leading 0s in IP or prefix length",
        None => "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
    };
    vec![message.to_owned()]
}

fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let is_plain = bits.bytes().all(|b| b.is_ascii_digit()) && (bits == "0" || !bits.starts_with('0'));
    let bits: u32 = bits.parse().ok()?;
    (is_plain && bits <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, bits))
}

fn has_bits_beyond(address: IpAddr, bits: u32) -> bool {
    match address {
        IpAddr::V4(v4) => v4.to_bits().checked_shl(bits).is_some_and(|rest| rest != 0),
        IpAddr::V6(v6) => v6.to_bits().checked_shl(bits).is_some_and(|rest| rest != 0),
    }
}

/// Decimal numbers as old readers took them.
fn without_leading_zeros(text: &str) -> String {
    let part = |part: &str| match part.trim_start_matches('0') {
        rest if rest.len() < part.len() && !rest.starts_with(|c: char| c.is_ascii_digit()) => format!("0{rest}"),
        rest => rest.to_owned(),
    };
    text.split_inclusive(['.', '/']).map(part).collect()
}

/// A number of a user or a group.
pub fn user_id(number: i64) -> Option<&'static str> {
    (!(0..=i64::from(i32::MAX)).contains(&number)).then_some("must be between 0 and 2147483647, inclusive")
}

fn too_long(text: &str, most: usize, unit: &str) -> Vec<String> {
    if text.len() > most { vec![format!("must be no more than {most} {unit}")] } else { Vec::new() }
}

fn with_regex(rule: &str, examples: &[&str], regex: &str) -> String {
    let examples: Vec<String> = examples.iter().map(|example| format!("'{example}', ")).collect();
    format!("{rule} (e.g. {}regex used for validation is '{regex}')", examples.join(" or "))
}

fn is_lower_alphanumeric(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && !text.ends_with('-')
        && text.bytes().all(|b| b == b'-' || is_lower_alphanumeric(b))
}

fn is_subdomain(text: &str) -> bool {
    text.split('.').all(is_label)
}

fn is_label_key_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_is_well_formed() {
        let check = |rule: fn(&str) -> Vec<String>, good: &[&str], bad: &[(&str, usize)]| {
            for text in good {
                assert_eq!(rule(text), Vec::<String>::new(), "{text}");
            }
            for (text, messages) in bad {
                assert_eq!(rule(text).len(), *messages, "{text}: {:?}", rule(text));
            }
        };
        let long = "x".repeat(254);
        check(
            dns_subdomain,
            &["a", "a-b.c0", "0"],
            &[("", 1), ("A", 1), ("a..b", 1), ("-a", 1), ("a-.b", 1), (&long, 1)],
        );
        check(dns_label, &["a", "a-0"], &[("a.b", 1), ("a_b", 1), ("", 1), (&long, 1)]);
        check(
            label_key,
            &["a", "a.b/C_d", "A-b"],
            &[("", 2), ("/a", 1), ("a/b/c", 1), ("A/b", 1), ("a/", 2), ("é", 1)],
        );
        check(label_value, &["", "a_B.c", "0"], &[("a b", 1), ("-a", 1), (&long, 1)]);
        check(port_name, &["http", "a-1"], &[("", 2), ("8080", 1), ("a--b", 1), ("-a", 1), ("HTTP", 2)]);
        check(percent, &["0%", "100%"], &[("%", 1), ("10", 1), ("-1%", 1), ("1.5%", 1)]);
        check(env_name, &["A_B", "a.b-c"], &[("", 1), ("a=b", 1), ("ü", 1)]);
    }
}
