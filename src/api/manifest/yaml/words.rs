//! The scanner's errors in go-yaml's words.
//!
//! Upstream: `go.yaml.in/yaml/v2/scannerc.go`, `parserc.go`.

/// What the scanner says (a part of it is enough), what go-yaml says, and what helps.
const WORDS: [(&str, &str, &str); 11] = [
    ("tabs disallowed", "found character that cannot start any token", "a tab cannot indent, use spaces"),
    ("tab cannot be used", "found character that cannot start any token", "a tab cannot indent, use spaces"),
    ("found a tab", "found character that cannot start any token", "a tab cannot indent, use spaces"),
    ("cannot start with a tab", "found a tab character where an indentation space is expected", ""),
    ("unexpected character", "found character that cannot start any token", "quote the text"),
    ("simple key expect", "could not find expected ':'", ""),
    ("expected ',' or ']'", "did not find expected ',' or ']'", ""),
    ("misplaced bracket", "did not find expected node content", ""),
    ("illegal placement of ':'", "mapping values are not allowed in this context", ""),
    ("invalid trailing content", "did not find expected key", "text behind the closing quote"),
    ("unexpected eof", "found unexpected end of stream", ""),
];

/// The scanner's `info` as Kubernetes would print it.
pub fn in_go_yaml_words(info: &str) -> String {
    if let Some((_, words, hint)) = WORDS.iter().find(|(part, _, _)| info.contains(part)) {
        return if hint.is_empty() { format!("yaml: {words}") } else { format!("yaml: {words} ({hint})") };
    }
    // `while parsing a block mapping, did not find expected key`: go-yaml prints the latter half.
    let words = match info.split_once(", ") {
        Some((context, words)) if context.starts_with("while ") => words,
        _ => info,
    };
    format!("yaml: {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_go_yaml_says() {
        let check = |info, want: &str| assert_eq!(in_go_yaml_words(info), want);
        check("while parsing a block mapping, did not find expected key", "yaml: did not find expected key");
        check("simple key expect ':'", "yaml: could not find expected ':'");
        check(
            "tabs disallowed in this context",
            "yaml: found character that cannot start any token (a tab cannot indent, use spaces)",
        );
    }
}
