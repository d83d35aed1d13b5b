//! Text as YAML that go-yaml v2 reads as the same text.

use crate::api::manifest::yaml::{Scalar, resolve_plain};

/// Text as a value; a block's lines are indented by `indent`.
pub fn text(value: &str, indent: usize) -> String {
    if is_plain(value) {
        return value.to_owned();
    }
    block(value, indent).unwrap_or_else(|| quoted(value))
}

/// Text as a key.
pub fn key(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { quoted(value) }
}

/// Whether the text needs no quotes, to us nor to stricter readers.
fn is_plain(value: &str) -> bool {
    let starts_well = value.starts_with(|c: char| c.is_ascii_alphanumeric() || "/_.$".contains(c));
    let chars_are_harmless = value.chars().all(|c| c.is_ascii_alphanumeric() || " /_.$-:@%+=()".contains(c));
    starts_well
        && chars_are_harmless
        && !value.contains(": ")
        && !value.ends_with([' ', ':'])
        && !value.starts_with("...")
        && !is_base_60(value)
        && resolve_plain(value) == Ok(Scalar::Text(value.to_owned()))
}

/// A number to the base 60 in YAML 1.1: go-yaml does not read it so, others do.
fn is_base_60(value: &str) -> bool {
    value.contains(':') && value.chars().all(|c| c.is_ascii_digit() || ":._".contains(c))
}

/// Several lines as a literal block, if a block can hold them as they are.
fn block(value: &str, indent: usize) -> Option<String> {
    let lines_are_harmless = value.split('\n').all(|line| !line.starts_with('\t') && line.chars().all(is_printable));
    let starts_well = !value.starts_with([' ', '\n']);
    let body = value.trim_end_matches('\n');
    if !body.contains('\n') || !lines_are_harmless || !starts_well {
        return None;
    }
    let chomping = match value.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => return None,
    };
    let pad = " ".repeat(indent);
    let lines = body.split('\n').map(|line| if line.is_empty() { String::new() } else { format!("{pad}{line}") });
    let lines: Vec<String> = lines.collect();
    Some(format!("{chomping}\n{}", lines.join("\n")))
}

fn is_printable(c: char) -> bool {
    matches!(c, '\t' | ' '..='~' | '\u{a1}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

fn quoted(value: &str) -> String {
    let mut out = String::from('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_would_be_something_else() {
        for value in [
            "yes", "n", "0644", "1e3", "1_000", "null", "~", "", "0x1f", "1:30", "- a", "a: b", "a #b", " a", "*a",
            "%", "a:", "{{x}}", "é", ".5", "true", "@x", "`", "|", "<<", "...", "--- a",
        ] {
            assert!(!is_plain(value), "{value:?}");
        }
        for value in [
            "nginx:1.27",
            "kubernetes.io/os",
            "50%",
            "/var/log",
            "1Gi",
            "100m",
            "RollingUpdate",
            "a b",
            "2026-01-01",
            "--x",
        ] {
            assert_eq!(text(value, 2).starts_with('"'), value.starts_with('-'), "{value:?}");
        }
        assert_eq!(text("a\nb\n", 2), "|\n  a\n  b");
        assert_eq!(text("a\n\nb", 2), "|-\n  a\n\n  b");
        assert_eq!(text("\u{7}\u{2028}\"", 2), "\"\\u0007\\u2028\\\"\"");
        assert_eq!(text(" a\nb", 2), "\" a\\nb\"");
    }
}
