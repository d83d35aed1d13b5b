//! Colours for a line of YAML (or JSON): a sketch for the eye, line by line and without
//! memory. What the text means is read elsewhere.

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing special.
    Plain,
    /// A key.
    Key,
    /// Quoted text.
    Text,
    /// A number, true, false or null.
    Number,
    /// A comment.
    Comment,
    /// Punctuation and document marks.
    Mark,
}

/// Cuts a line into pieces; together they are the line.
#[must_use]
pub fn tokens(line: &str) -> Vec<(Kind, String)> {
    let (code, comment) = split_comment(line);
    let mut pieces = Vec::new();
    if code.starts_with("---") || code.starts_with("...") {
        pieces.push((Kind::Mark, code));
    } else {
        let (indent, rest) = split_where(&code, |c| !(c == ' ' || c == '\t'));
        pieces.push((Kind::Plain, indent));
        cut(rest, &mut pieces);
    }
    pieces.push((Kind::Comment, comment));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

fn cut(mut rest: String, pieces: &mut Vec<(Kind, String)>) {
    while rest == "-" || rest.starts_with("- ") {
        let (mark, after) = split_where(&rest, |c| c != '-');
        pieces.push((Kind::Mark, mark));
        let (space, after) = split_where(&after, |c| c != ' ');
        pieces.push((Kind::Plain, space));
        rest = after;
    }
    match key_end(&rest) {
        Some(end) => {
            pieces.push((Kind::Key, rest.chars().take(end).collect()));
            pieces.push((Kind::Mark, ":".to_owned()));
            value(rest.chars().skip(end + 1).collect(), pieces);
        }
        None => value(rest, pieces),
    }
}

fn value(text: String, pieces: &mut Vec<(Kind, String)>) {
    let (space, text) = split_where(&text, |c| c != ' ');
    pieces.push((Kind::Plain, space));
    let bare = text.trim_end().trim_end_matches(',');
    let kind = match bare.chars().next() {
        Some('"' | '\'') => Kind::Text,
        Some('|' | '>' | '&' | '*' | '{' | '}' | '[' | ']') => Kind::Mark,
        Some(_) if is_number(bare) => Kind::Number,
        _ => Kind::Plain,
    };
    pieces.push((kind, text));
}

fn is_number(text: &str) -> bool {
    matches!(text, "true" | "false" | "null" | "~")
        || (text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '%' | 'e' | 'E')))
}

/// Where the key of `key: value` or `"key": value` ends, in characters.
fn key_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut chars = text.chars().enumerate().peekable();
    while let Some((i, c)) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if i == 0 => quote = Some(c),
            (None, ':') if i > 0 && chars.peek().is_none_or(|(_, next)| *next == ' ') => {
                return Some(i);
            }
            (None, '{' | '[') => return None,
            _ => {}
        }
    }
    None
}

/// A `#` begins a comment at the start or after a space, outside quotes.
fn split_comment(line: &str) -> (String, String) {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before == ' ' || before == '\t' => {
                let (code, comment) = line.split_at(at);
                return (code.to_owned(), comment.to_owned());
            }
            (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    (line.to_owned(), String::new())
}

fn split_where(text: &str, at: impl Fn(char) -> bool) -> (String, String) {
    let (head, tail) = text.split_at(text.find(at).unwrap_or(text.len()));
    (head.to_owned(), tail.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, want: &[(Kind, &str)]) {
        let got = tokens(line);
        let got: Vec<_> = got.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
        assert_eq!(got, want, "{line}");
    }

    #[test]
    fn lines_in_colour() {
        use Kind::*;
        check("  name: nginx", &[(Plain, "  "), (Key, "name"), (Mark, ":"), (Plain, " "), (Plain, "nginx")]);
        check(
            "- containerPort: 80",
            &[(Mark, "-"), (Plain, " "), (Key, "containerPort"), (Mark, ":"), (Plain, " "), (Number, "80")],
        );
        check("image: a:b # c", &[(Key, "image"), (Mark, ":"), (Plain, " "), (Plain, "a:b "), (Comment, "# c")]);
        check("---", &[(Mark, "---")]);
        check("x: \"a # b\"", &[(Key, "x"), (Mark, ":"), (Plain, " "), (Text, "\"a # b\"")]);
        check("", &[]);
    }

    #[test]
    fn nothing_is_lost() {
        for line in ["- - a: {b: c}", "\t: :#", "'it''s': 'x'", "ключ: значение # ё", "\"a\": [1, 2],", "- "]
        {
            let text: String = tokens(line).into_iter().map(|(_, text)| text).collect();
            assert_eq!(text, line);
        }
    }
}
