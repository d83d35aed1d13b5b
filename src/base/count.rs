//! Numbers of things in words.

/// `1 pod`, `2 pods`.
#[must_use]
pub fn count(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn one_is_no_plural() {
        assert_eq!([count(1, "pod"), count(0, "pod")], ["1 pod", "0 pods"]);
    }
}
