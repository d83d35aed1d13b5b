//! The order of names in which numbers count as numbers: `worker-2` before `worker-10`.

use std::cmp::Ordering;

/// Compares two names. Names that differ only in leading zeros are ordered as text, so that
/// no two different names are equal.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut rest_a, mut rest_b) = (a, b);
    loop {
        let (chunk_a, after_a) = first_chunk(rest_a);
        let (chunk_b, after_b) = first_chunk(rest_b);
        if chunk_a.is_empty() || chunk_b.is_empty() {
            return chunk_a.len().cmp(&chunk_b.len()).then_with(|| a.cmp(b));
        }
        match compare_chunks(chunk_a, chunk_b) {
            Ordering::Equal => (rest_a, rest_b) = (after_a, after_b),
            unequal => return unequal,
        }
    }
}

/// The longest start that is all digits or has none, and what follows.
fn first_chunk(text: &str) -> (&str, &str) {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn compare_chunks(a: &str, b: &str) -> Ordering {
    let number = |chunk: &str| chunk.starts_with(|c: char| c.is_ascii_digit());
    if number(a) && number(b) {
        let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
        return a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    }
    a.cmp(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count() {
        let check = |names: &[&str]| {
            let mut sorted = names.to_vec();
            sorted.reverse();
            sorted.sort_by(|a, b| compare(a, b));
            assert_eq!(sorted, names);
        };
        check(&["worker-1", "worker-2", "worker-10"]);
        check(&["a", "a1", "a1b", "a2", "b"]);
        check(&["10.0.0.2", "10.0.0.10"]);
        check(&["n-007", "n-7", "n-08"]);
        check(&["", "1", "x"]);
        check(&["n-18446744073709551616", "n-18446744073709551617"]);
    }
}
