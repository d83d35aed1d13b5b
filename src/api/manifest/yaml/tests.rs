//! Spans, limits and faults of trees.

#![expect(clippy::string_slice, reason = "a test may panic")]

use super::*;

fn read(text: &str) -> Result<Document, Fault> {
    parse(&Source::new(text), 0..text.len(), &mut Spent::default())
}

/// The text at the end of a path of keys and indices.
fn at(text: &str, path: &str) -> (String, usize, usize) {
    let document = read(text).unwrap();
    let mut id = document.tree.root().unwrap();
    for step in path.split('/').filter(|s| !s.is_empty()) {
        id = match step.parse::<usize>() {
            Ok(index) => document.tree.items(id)[index],
            Err(_) => document.tree.entry(id, step).unwrap().value,
        };
    }
    let span = document.tree.span(id);
    (text[span.start..span.end].to_owned(), span.line, span.column)
}

#[test]
fn spans_are_the_values_own() {
    let check = |text: &str, path: &str, want: &str, line, column| {
        assert_eq!(at(text, path), (want.to_owned(), line, column), "{path} of {text:?}");
    };
    check("a: 1\nb: 'x y' # c\n", "b", "'x y'", 2, 4);
    check("a: 1\nb:   plain text  # c\n", "b", "plain text", 2, 6);
    check("ü: {é: 😀, b: [1, 2]}\nz: 1\n", "ü/b/1", "2", 1, 18);
    check("ü: {é: 😀, b: [1, 2]}\nz: 1\n", "ü/b", "[1, 2]", 1, 14);
    check("a:\r\n  b:\r\n  - c: 1\r\n    d: 2\r\n", "a/b/0", "c: 1\r\n    d: 2", 3, 5);
    check("\u{feff}a: x\n", "a", "x", 1, 5);
    check("a: &x {b: 1}\nc: *x\n", "c", "*x", 2, 4);
    check("a:\nb: 1\n", "a", "a", 1, 1);
    check("a: \"x\n  y\"\n", "a", "\"x\n  y\"", 1, 4);
    // Where lines stand further left than the parser wants them, and behind that.
    check("ü:\n  a: [\nb,\n  c ]\n  d: e\n", "ü/a/1", "c", 4, 3);
    check("ü:\n  a: [\nb,\n  c ]\n  d: e\n", "ü/d", "e", 5, 6);
    check("a: &x {\nb: 'c\nü'}\nd:\te\n", "a/b", "'c\nü'", 2, 4);
    check("a: &x {\nb: 'c\nü'}\nd:\te\n", "d", "e", 4, 4);
}

#[test]
fn faults_have_their_place() {
    let check = |text: &str, want: &str, line, column| {
        let fault = read(text).unwrap_err();
        assert_eq!((fault.message.as_str(), fault.span.line, fault.span.column), (want, line, column), "{text:?}");
    };
    check("a: *nope\n", "yaml: unknown anchor 'nope' referenced", 1, 4);
    check("a: [\n1\n]\nb: *nope\n", "yaml: unknown anchor 'nope' referenced", 4, 4);
    check("a: &a [*a]\n", "yaml: anchor 'a' value contains itself", 1, 8);
    check("{{ .Values.x }}: 1\n", "yaml: invalid map key: { .Values.x }", 1, 2);
    check("a: .inf\n", "json: unsupported value: +Inf", 1, 4);
    check("a:\n  <<: 1\n", "yaml: map merge requires map or sequence of maps as the value", 2, 3);
    check("a: 1\nb: \u{7}\n", "yaml: control characters are not allowed", 2, 4);
    check("%YAML 1.2\n---\na: 1\n", "yaml: found incompatible YAML document", 1, 1);
}

#[test]
fn limits_hold_before_anything_is_copied() {
    assert!(read(&format!("{}{}", "[".repeat(64), "]".repeat(64))).is_ok());
    let deep = read(&format!("{}{}", "[".repeat(65), "]".repeat(65))).unwrap_err();
    assert!(deep.message.starts_with("nested deeper than 64 levels"), "{deep:?}");
    // Depth counts through aliases.
    let half = "[".repeat(40);
    let shut = "]".repeat(40);
    assert!(read(&format!("a: &a {half}{shut}\nb: {half}*a{shut}\n")).is_err());
    // Ten anchors, each ten times the one before: 10^10 values in some 400 bytes.
    let mut bomb = "a0: &a0 [x]\n".to_owned();
    for n in 1..=10 {
        let references = vec![format!("*a{}", n - 1); 10].join(", ");
        bomb += &format!("a{n}: &a{n} [{references}]\n");
    }
    assert_eq!(read(&bomb).unwrap_err().message, "yaml: document contains excessive aliasing");
    // The list, the anchor's value, the alias's, and the rest.
    assert!(read(&format!("[&a x,*a,{}]", "x,".repeat(MAX_NODES - 3))).is_ok());
    assert!(read(&format!("[&a x,*a,{}]", "x,".repeat(MAX_NODES - 2))).is_err());
    assert!(read(&format!("[&a x,{}*a]", "x,".repeat(MAX_NODES - 2))).is_err());
    // Without aliases there is as much as is written.
    assert!(read(&format!("[{}]", "x,".repeat(MAX_WRITTEN - 1))).is_ok());
    let many = read(&format!("[{}]", "x,".repeat(MAX_WRITTEN))).unwrap_err();
    assert!(many.message.starts_with("the text holds more than 250000 values,"), "{many:?}");
}

#[test]
fn keys_set_twice_are_told() {
    let duplicates = |text: &str| -> Vec<(String, usize)> {
        read(text).unwrap().duplicates.iter().map(|f| (f.message.clone(), f.span.line)).collect()
    };
    assert_eq!(duplicates("a: 1\nb: 1\na: 2\n"), [("key \"a\" already set in map".to_owned(), 3)]);
    assert_eq!(duplicates("yes: 1\ny: 2\n"), [("key true already set in map".to_owned(), 2)]);
    assert_eq!(duplicates("0x10: 1\n\"16\": 2\n"), []);
    assert_eq!(duplicates("a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n").len(), 1);
}

/// What go-yaml says of each is in the vectors' program's words: a tab is nothing that a line may begin
/// with, but within brackets, quotes and blocks.
#[test]
fn lines_of_a_tab_are_refused_where_go_yaml_refuses_them() {
    let check = |text: &str, is_read: bool| assert_eq!(read(text).is_ok(), is_read, "{text:?}");
    for text in [
        "k: v\n\t",
        "k: v\n\t\r\nb: 1\r\n",
        "k:\n  a: 1\n\t\n  b: 1\n",
        "k: [a]\n\t\nb: 1\n",
        "k: \"x\"\n\t\nb: 1\n",
        "k: |\n  a\n \t\n  b\n",
        "k: |\n\t\n  a\n",
        "a: 1\n\t# c\n",
        "# c\n\t# d\na: 1\n",
        "a:\n  \t\n  b: 1\n",
        "a: 1 # c\n  \t\nb: 1\n",
        "a:\n- b: x\n  \t\n  c: 1\n",
    ] {
        check(text, false);
    }
    for text in [
        "k: v\n  \t\nb: 1\n",
        "k: |\n  a\n  \t\n  b\n",
        "k: |\n  a\n  \t# c\n  b\n",
        "k: |-\n  a\n   \t\nb: 1\n",
        "k: [a,\n\t\n b]\n",
        "k: \"a\n\t\n b\"\n",
        "k: 'a\n\t# x\n b'\n",
        "a:\n- b: x\n   \t\n  c: 1\n",
        "a: 1\n...\n\t\n",
        "{\"a\":\n\t1}\n",
    ] {
        check(text, true);
    }
}

#[test]
fn brackets_have_no_room_for_some_characters() {
    for text in ["a: [http://x?y=1]\n", "a: {u: x?}\n", "a: [|]\n", "a: {b: >x}\n"] {
        assert!(read(text).is_err(), "{text:?}");
    }
    for text in ["a: [\"http://x?y=1\"]\n", "a: x?y\n", "- --url=http://x/?a=b\n"] {
        assert!(read(text).is_ok(), "{text:?}");
    }
}
