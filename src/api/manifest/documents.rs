//! A text is several documents, each read by itself, so that one that cannot be read does
//! not spoil the others.
//!
//! Upstream: `k8s.io/apimachinery/pkg/util/yaml/decoder.go` (`YAMLReader`).

use super::yaml::{Fault, Source};
use std::ops::Range;

/// The ranges of the documents of a text, and separators that Kubernetes does not take.
pub fn split(source: &Source, text: &str) -> (Vec<Range<usize>>, Vec<Fault>) {
    let (mut ranges, mut faults) = (Vec::new(), Vec::new());
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let line_start = at;
        at += line.len();
        let Some(rest) = line.strip_prefix("---") else {
            continue;
        };
        let rest = rest.trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            let span = source.span_of_bytes(line_start, line_start + line.trim_end().len());
            faults.push(Fault { message: format!("invalid Yaml document separator: {rest}"), span });
        }
        ranges.push(start..line_start);
        start = at;
    }
    ranges.push(start..text.len());
    (ranges, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_at_separators() {
        let check = |text: &str, want: &[&str], faults: usize| {
            let (ranges, found) = split(&Source::new(text), text);
            let parts: Vec<&str> = ranges.into_iter().map(|range| text.get(range).unwrap()).collect();
            assert_eq!((parts.as_slice(), found.len()), (want, faults), "{text:?}");
        };
        check("a: 1\n", &["a: 1\n"], 0);
        check("a: 1\r\n--- # c\r\nb: 2\n---", &["a: 1\r\n", "b: 2\n", ""], 0);
        check("---\na: |\n  ---\n", &["", "a: |\n  ---\n"], 0);
        check("a: 1\n--- x\nb: 2\n", &["a: 1\n", "b: 2\n"], 1);
    }
}
