//! What is different between two objects, as a patch.

use super::list::{go_text, in_order_of, item_type, known_by, sorted};
use super::{DELETE_ITEMS, DIRECTIVE, Fields, GoType, ORDER, Patcher, RETAIN_KEYS, go_type};
use crate::api::manifest::schema::Merge;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// Which differences are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// What is new or other.
    Additions,
    /// What is gone.
    Deletions,
}

/// What is compared, and how.
#[derive(Clone, Copy)]
pub struct Comparison<'s> {
    pub of: Patcher<'s>,
    pub told: Told,
    /// How the object itself is merged.
    pub merge: Merge,
}

impl Comparison<'_> {
    /// The patch that tells what is different in `new`.
    pub fn differences(self, old: &Fields, new: &Fields) -> Result<Fields, String> {
        let mut patch = Fields::new();
        for (name, after) in new {
            match old.get(name) {
                Some(before) if go_type(before) == go_type(after) => self.field(name, before, after, &mut patch)?,
                _ => self.add(name, after, &mut patch),
            }
        }
        if self.told == Told::Deletions {
            let gone = old.keys().filter(|name| !new.contains_key(*name));
            patch.extend(gone.map(|name| (name.clone(), Value::Null)));
        }
        if self.merge.retains_keys() {
            let kept: Vec<&String> = new.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name).collect();
            let mut cleared = old.iter().filter(|(name, value)| !value.is_null() && !new.contains_key(*name));
            if !kept.is_empty() && (!patch.is_empty() || cleared.next().is_some()) {
                let kept = json!(kept);
                patch.insert(RETAIN_KEYS.to_owned(), kept);
            }
        }
        Ok(patch)
    }

    fn add(self, name: &str, value: &Value, patch: &mut Fields) {
        if self.told == Told::Additions {
            patch.insert(name.to_owned(), value.clone());
        }
    }

    /// Two values of one type.
    fn field(self, name: &str, before: &Value, after: &Value, patch: &mut Fields) -> Result<(), String> {
        let (of, merge) = self.of.field(name);
        let inner = Comparison { of, merge, ..self };
        match (before, after, merge.key()) {
            // Upstream does not look whether it is another.
            (Value::Object(_), _, _) if merge.replaces() => self.add(name, after, patch),
            (Value::Object(before), Value::Object(after), _) => {
                let differences = inner.differences(before, after)?;
                if !differences.is_empty() {
                    patch.insert(name.to_owned(), Value::Object(differences));
                }
            }
            (Value::Array(before), Value::Array(after), Some(key)) => {
                let [items, gone, order] = inner.lists(before, after, key)?;
                for (prefix, list) in [("", items), (DELETE_ITEMS, gone), (ORDER, order)] {
                    if !list.is_empty() {
                        patch.insert(format!("{prefix}{name}"), Value::Array(list));
                    }
                }
            }
            _ if before != after => self.add(name, after, patch),
            _ => {}
        }
        Ok(())
    }

    /// Items that are new or other, or to be deleted; items without fields that are to be deleted;
    /// the order that all are to have.
    fn lists(self, before: &[Value], after: &[Value], key: &str) -> Result<[Vec<Value>; 3], String> {
        if before.is_empty() {
            let added = if self.told == Told::Additions { after.to_vec() } else { Vec::new() };
            return Ok([added, Vec::new(), Vec::new()]);
        }
        let is_map = item_type([before, after])? == GoType::Map;
        let key = if is_map { key } else { "" };
        let sorted_before = sorted(before, key);
        let (items, gone) = self.items(&sorted_before, &sorted(after, key), key)?;
        let mut items = in_order_of(items, after, key)?;
        if !is_map {
            // Upstream has sorted the one by now and not the other.
            let is_reordered = if self.told == Told::Additions { sorted_before != after } else { !gone.is_empty() };
            return Ok([items, gone, if is_reordered { after.to_vec() } else { Vec::new() }]);
        }
        items.extend(gone);
        let known =
            |list: &[Value]| list.iter().map(|item| known_by(item, key).cloned()).collect::<Result<Vec<_>, _>>();
        let is_reordered = self.told == Told::Additions && known(before)? != known(after)?;
        let mut order = Vec::new();
        if !items.is_empty() || is_reordered {
            order = known(after)?.into_iter().map(|value| json!({ key: value })).collect();
        }
        Ok([items, Vec::new(), order])
    }

    /// Goes through two sorted lists side by side: what is new or other, and what is to be deleted.
    fn items(self, before: &[Value], after: &[Value], key: &str) -> Result<(Vec<Value>, Vec<Value>), String> {
        let (mut items, mut gone) = (Vec::new(), Vec::new());
        let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
        loop {
            let text = |item: Option<&&Value>| item.map(|item| known_by(item, key).map(go_text)).transpose();
            let order = match (text(before.peek())?, text(after.peek())?) {
                (None, None) => return Ok((items, gone)),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(before), Some(after)) => before.cmp(&after),
            };
            let old = if order.is_le() { before.next() } else { None };
            let new = if order.is_ge() { after.next() } else { None };
            match (old, new) {
                (Some(Value::Object(old)), Some(Value::Object(new))) => {
                    let mut patch = self.differences(old, new)?;
                    if let (false, Some(value)) = (patch.is_empty(), new.get(key)) {
                        patch.insert(key.to_owned(), value.clone());
                        items.push(Value::Object(patch));
                    }
                }
                (None, Some(new)) if self.told == Told::Additions => items.push(new.clone()),
                (Some(old), None) if self.told == Told::Deletions && !key.is_empty() => {
                    gone.push(json!({ key: known_by(old, key)?, DIRECTIVE: "delete" }));
                }
                (Some(old), None) if self.told == Told::Deletions && !gone.contains(old) => gone.push(old.clone()),
                _ => {}
            }
        }
    }
}
