//! A look at JSON before it is read: how deep it is nested and how many values it has. The
//! reader recurses and makes an object of every `{}`, so both are bounded first.

/// How deep JSON may be nested. (`serde_json` would stop at 128.)
const MAX_DEPTH: usize = 64;
/// How many values it may have: a node has some twenty.
pub const MAX_VALUES: usize = 300_000;

/// The text of the bytes, if it is within the limits. What is no JSON is for the reader to say.
///
/// # Errors
/// Bytes that are no text, or a limit.
pub fn within_limits(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let (mut depth, mut values, mut quoted, mut escaped) = (0_usize, 1_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                depth += 1;
                values += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(format!("it is nested more than {MAX_DEPTH} deep"));
        }
        if values > MAX_VALUES {
            return Err(format!("it has more than {MAX_VALUES} values"));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_and_count_are_bounded() {
        let check = |text: &str, want: Result<(), &str>| match (within_limits(text.as_bytes()), want) {
            (Ok(got), Ok(())) => assert_eq!(got, text),
            (Err(why), Err(want)) => assert!(why.contains(want), "{why}"),
            (got, want) => panic!("{got:?}, not {want:?}"),
        };
        check(r#"{"a":[1,2,{"b":"[[[[\"{{{"}]}"#, Ok(()));
        check(&"[".repeat(64), Ok(()));
        check(&"[".repeat(65), Err("nested more than 64 deep"));
        check(&"[]".repeat(1_000), Ok(()));
        check(&format!("[{}]", "0,".repeat(MAX_VALUES)), Err("more than 300000 values"));
        check(&format!("[{}]", "{}".repeat(MAX_VALUES)), Err("more than 300000 values"));
        assert!(within_limits(b"\xff").is_err());
    }
}
