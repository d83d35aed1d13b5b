//! A scalar as go-yaml writes it: plain, in quotes or as a block, folded behind column 80.
//!
//! Upstream: `go.yaml.in/yaml/v2` (`encode.go`, `emitterc.go`).
//!
//! Simplifies: what is no letter of Unicode's basic plane and breaks a line there (U+2028, U+2029)
//! does not break ours.

use crate::api::manifest::yaml::{Scalar, resolve_plain};
use serde_json::Value;

/// Lines are folded at the first blank behind this column.
const WIDTH: usize = 80;

/// Where a scalar stands.
#[derive(Clone, Copy)]
pub struct Place {
    /// Letters before it in its line.
    pub column: usize,
    /// Blanks before its further lines.
    pub indent: usize,
    /// A key has no further lines.
    pub is_key: bool,
}

/// The scalar, or an empty collection.
#[must_use]
pub fn scalar(value: &Value, place: Place) -> String {
    match value {
        Value::String(text) => self::text(text, place),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        other => other.to_string(),
    }
}

fn text(text: &str, place: Place) -> String {
    let allowed = Allowed::of(text);
    let is_text = resolve_plain(text) == Ok(Scalar::Text(text.to_owned())) && !is_time(text) && !is_base_60(text);
    if text.contains('\n') && allowed.block && !place.is_key {
        block(text, place)
    } else if text.contains('\n') || !is_text || text == "<<" || !allowed.plain && !allowed.single {
        double_quoted(text, place)
    } else if allowed.plain {
        Folded::new(place).text(text).out
    } else {
        let mut folded = Folded::new(place);
        folded.push('\'');
        folded = folded.text(&text.replace('\'', "''"));
        folded.push('\'');
        folded.out
    }
}

/// Styles that may be used for a text.
struct Allowed {
    plain: bool,
    single: bool,
    block: bool,
}

impl Allowed {
    fn of(text: &str) -> Allowed {
        let chars: Vec<char> = text.chars().collect();
        let is_blank_at = |at: usize| chars.get(at).is_none_or(|c| matches!(c, ' ' | '\t' | '\n'));
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        for (at, c) in chars.iter().enumerate() {
            indicators |= match c {
                '#' if at > 0 => is_blank_at(at - 1),
                '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => {
                    at == 0
                }
                ':' => is_blank_at(at + 1),
                '?' | '-' => at == 0 && is_blank_at(1),
                _ => false,
            };
        }
        let is_special = !chars.iter().all(|c| is_printable(*c)) || text.contains(" \n");
        let is_framed = text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']);
        let breaks_before_blank = text.contains("\n ");
        let is_single = !is_special && !breaks_before_blank;
        Allowed {
            plain: is_single && !indicators && !is_framed && !text.contains('\n'),
            single: is_single,
            block: !is_special && !text.ends_with(' '),
        }
    }
}

fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Whether go-yaml would read a time. Upstream: `parseTimestamp` of `resolve.go`.
fn is_time(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let number = |part: Option<&str>, digits: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    if !number(parts.next(), 4..=4) || !number(parts.next(), 1..=2) {
        return false;
    }
    let rest = parts.next().unwrap_or_default();
    let (day, time) = rest.split_at(rest.find(['T', 't', ' ']).unwrap_or(rest.len()));
    let clock = time.get(1..).unwrap_or_default();
    let clock = clock.find(['Z', '+', '-']).and_then(|at| clock.get(..at)).unwrap_or(clock);
    let mut parts = clock.splitn(3, ':');
    let seconds = |part: Option<&str>| part.is_some_and(|part| number(part.split('.').next(), 1..=2));
    number(Some(day), 1..=2)
        && (time.is_empty() || number(parts.next(), 1..=2) && number(parts.next(), 1..=2) && seconds(parts.next()))
}

/// A number to the base 60, which YAML 1.1 reads as one. Upstream: `isBase60Float`.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_at(unsigned.find('.').unwrap_or(unsigned.len()));
    let mut parts = whole.split(':');
    let is_digits = |part: &str, more: bool| {
        part.starts_with(|c: char| c.is_ascii_digit()) && part.chars().all(|c| c.is_ascii_digit() || more && c == '_')
    };
    let sexagesimal = |part: &str| is_digits(part, false) && (part.len() == 1 || part.len() == 2 && part < "60");
    whole.contains(':')
        && parts.next().is_some_and(|part| is_digits(part, true))
        && parts.all(sexagesimal)
        && fraction.chars().skip(1).all(|c| c.is_ascii_digit() || c == '_')
}

fn block(text: &str, place: Place) -> String {
    let hint = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let body = text.trim_end_matches('\n');
    let chomping = match text.len() - body.len() {
        0 => "-",
        1 if !body.is_empty() => "",
        _ => "+",
    };
    let mut out = format!("|{hint}{chomping}\n");
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            out.push_str(&" ".repeat(place.indent));
        }
        out.push_str(line);
    }
    out
}

fn double_quoted(text: &str, place: Place) -> String {
    let mut folded = Folded::new(place);
    folded.push('"');
    let chars: Vec<char> = text.chars().collect();
    let mut after_blank = false;
    for (at, c) in chars.iter().enumerate() {
        let escape = match c {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => "",
        };
        if !escape.is_empty() {
            escape.chars().for_each(|c| folded.push(c));
        } else if !is_printable(*c) {
            let code = u32::from(*c);
            let digits = match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
            digits.chars().for_each(|c| folded.push(c));
        } else if *c == ' ' && !after_blank && at > 0 && at + 1 < chars.len() && folded.is_full() {
            folded.new_line();
            if chars.get(at + 1) == Some(&' ') {
                folded.push('\\');
            }
        } else {
            folded.push(*c);
        }
        after_blank = *c == ' ';
    }
    folded.push('"');
    folded.out
}

/// A text that is broken into lines.
struct Folded {
    out: String,
    column: usize,
    place: Place,
}

impl Folded {
    fn new(place: Place) -> Folded {
        Folded { out: String::new(), column: place.column, place }
    }

    fn push(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn is_full(&self) -> bool {
        !self.place.is_key && self.column > WIDTH
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.push_str(&" ".repeat(self.place.indent));
        self.column = self.place.indent;
    }

    /// Breaks at single blanks.
    fn text(mut self, text: &str) -> Folded {
        let mut chars = text.chars().peekable();
        let mut before = None;
        while let Some(c) = chars.next() {
            let is_single = c == ' ' && before.is_some_and(|c| c != ' ') && chars.peek().is_some_and(|c| *c != ' ');
            if is_single && self.is_full() {
                self.new_line()
            } else {
                self.push(c)
            }
            before = Some(c);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_go_yaml_writes_them() {
        let check = |given: &str, want: &str| {
            assert_eq!(text(given, Place { column: 5, indent: 2, is_key: false }), want, "{given:?}");
        };
        for same in ["nginx:1.25", "a b", "/var/log", "-x", "a'b", "--flag=x", "10.0.0.1", "1:80:90", "é", "@"] {
            check(same, if same == "@" { "'@'" } else { same });
        }
        for quoted in
            ["", "1", "true", "yes", "null", "~", "10:30", "2026-01-01T00:00:05Z", "2026-1-1", "0x1f", "<<", "1e3"]
        {
            check(quoted, &format!("\"{quoted}\""));
        }
        check("a: b", "'a: b'");
        check("it's #1: x", "'it''s #1: x'");
        check(" a", "' a'");
        check("a\tb", "\"a\\tb\"");
        check("\u{1f600}", "\"\\U0001F600\"");
        check("a\nb\n", "|\n  a\n  b\n");
        check("a\n\nb", "|-\n  a\n\n  b");
        check("a\n\n", "|+\n  a\n\n");
        check(" a\nb", "|2-\n   a\n  b");
        check("a \nb", "\"a \\nb\"");
        let long = "word ".repeat(20);
        let folded = text(long.trim_end(), Place { column: 5, indent: 2, is_key: false });
        assert_eq!(folded.lines().map(str::len).collect::<Vec<_>>(), [79, 21]);
    }
}
