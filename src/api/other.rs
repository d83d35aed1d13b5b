//! What the simulation does not read of an object and keeps all the same.

use crate::base::Map;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// The fields that have no place of their own, as one JSON text in order of key; empty if
/// there are none. Text, because all that is ever done with them is to compare and to print
/// them: the page can hold them without a reader of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub struct Other(String);

impl Other {
    /// Whether a field of this name holds an object, at any depth. By the text, so that the
    /// page can ask: within a string the quotes would be escaped.
    #[must_use]
    pub fn has_object(&self, field: &str) -> bool {
        self.0.contains(&format!("\"{field}\":{{"))
    }
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
    fn what_is_kept_is_given_back_in_order() {
        let check = |text: &str, want: &str| {
            let other: Other = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&other).unwrap(), want);
        };
        check("{}", "{}");
        check(r#"{"b":[1,{"d":null,"c":1.5}],"a":"x"}"#, r#"{"a":"x","b":[1,{"c":1.5,"d":null}]}"#);
    }
}
