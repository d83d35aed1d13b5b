//! What the simulation does not read of an object and keeps all the same.

use crate::base::Map;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The fields that have no place of their own, as one JSON text in order of key; empty if
/// there are none. Text, because nearly all that is done with them is to compare and to print
/// them: the page can hold them without a reader of JSON. What is wanted of them only now and
/// then (a hook, a probe's address) is looked up in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct Other(String);

impl Other {
    /// Whether a field of this name holds an object, at any depth. By the text, so that the
    /// page can ask: within a string the quotes would be escaped.
    #[must_use]
    pub fn has_object(&self, field: &str) -> bool {
        self.0.contains(&format!("\"{field}\":{{"))
    }

    /// The JSON of a field at the top; texts keep their quotes.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        field(&self.0, name)
    }

    /// The object in a field at the top.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Other> {
        self.field(name).filter(|value| value.starts_with('{')).map(|value| Other(value.to_owned()))
    }
}

/// The text in a field of an object, without its quotes; empty if there is none.
pub(super) fn text<'a>(object: &'a str, name: &str) -> &'a str {
    field(object, name).and_then(|value| value.strip_prefix('"')?.strip_suffix('"')).unwrap_or_default()
}

/// The JSON of a field of an object.
pub(super) fn field<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    values(object).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The fields of an object, or the items of a list, which have no names.
pub(super) fn values(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_object = text.starts_with('{');
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut name = "";
        rest = rest.strip_prefix(['{', '[', ','])?;
        if is_object {
            (name, rest) = first_value(rest)?;
            rest = rest.strip_prefix(':')?;
        }
        let value;
        (value, rest) = first_value(rest).filter(|(value, _)| !value.is_empty())?;
        Some((name.trim_matches('"'), value))
    })
}

/// The JSON value with which a text without spaces begins, and what follows it.
fn first_value(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b',' | b':' | b'}' | b']' if depth == 0 => return text.split_at_checked(at),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

impl Serialize for Other {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields: Map<String, Value> = match self.0.as_str() {
            "" => Map::new(),
            text => serde_json::from_str(text).map_err(serde::ser::Error::custom)?,
        };
        fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Other {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::<String, Value>::deserialize(deserializer)?;
        if fields.is_empty() {
            return Ok(Other::default());
        }
        serde_json::to_string(&fields).map(Other).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_and_a_text_is_not() {
        let check = |text: &str, want: bool| {
            let other: Other = serde_json::from_str(text).unwrap();
            assert_eq!(other.has_object("emptyDir"), want, "{text}");
        };
        check(r#"{"volumes":[{"emptyDir":{},"name":"a"}]}"#, true);
        check(r#"{"volumes":[{"emptyDir":null,"name":"emptyDir"}]}"#, false);
        check(r#"{"text":"\"emptyDir\":{}"}"#, false);
    }

    #[test]
    fn fields_are_looked_up_at_the_top() {
        let text = r#"{"a":{"b":[1,{"c":"}\\"}],"z":7},"b":"x,\"z\":1","c":null,"z":-3}"#;
        let other: Other = serde_json::from_str(text).unwrap();
        assert_eq!(other.field("b"), Some(r#""x,\"z\":1""#));
        assert_eq!((other.field("c"), other.field("z"), other.field("d")), (Some("null"), Some("-3"), None));
        let inner = other.object("a").unwrap();
        assert_eq!((inner.field("z"), inner.field("b")), (Some("7"), Some(r#"[1,{"c":"}\\"}]"#)));
        assert_eq!((other.object("b"), Other::default().field("a")), (None, None));
    }

    #[test]
    fn what_is_kept_is_given_back_in_order() {
        let check = |text: &str, want: &str| {
            let other: Other = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&other).unwrap(), want);
        };
        check("{}", "{}");
        check(r#"{"b":[1,{"d":null,"c":1.5}],"a":"x"}"#, r#"{"a":"x","b":[1,{"c":1.5,"d":null}]}"#);
    }
}
