//! What the browser keeps for this page: the cluster of the last visit, and scenarios by name.
//! Storage may be refused, full, or hold anything; nothing here fails for that.

use crate::app::share::{Limits, is_link};
use crate::base::{Millis, Time, sort_by};

/// The longest name of a scenario.
pub const MAX_NAME: usize = 60;
/// Most scenarios with a name.
pub const MAX_NAMED: usize = 30;

const AUTOSAVE: &str = "playground.autosave";
const AUTOSAVE_AT: &str = "playground.autosave.at";
const NAMED: &str = "playground.scenario.";

/// Where texts are kept by their names.
pub trait Store {
    /// The text of a name.
    fn get(&self, name: &str) -> Option<String>;
    /// Keeps a text; whether it could.
    fn set(&self, name: &str, text: &str) -> bool;
    /// Forgets a text.
    fn remove(&self, name: &str);
    /// All names.
    fn names(&self) -> Vec<String>;
}

/// Whether anything can be kept.
pub fn is_open(store: &dyn Store) -> bool {
    const TRIAL: &str = "playground.trial";
    let kept = store.set(TRIAL, "1");
    store.remove(TRIAL);
    kept
}

/// Keeps the cluster for the next visit.
pub fn autosave(store: &dyn Store, text: &str) {
    if !store.set(AUTOSAVE, text) {
        // Better none than an old one.
        forget_autosave(store);
    }
}

/// Keeps the moment shown of it.
pub fn autosave_moment(store: &dyn Store, at: Time) {
    let _ = store.set(AUTOSAVE_AT, &at.0.to_string());
}

/// The cluster of the last visit, and the moment of it.
pub fn autosaved(store: &dyn Store) -> Option<(String, Option<Time>)> {
    let text = store.get(AUTOSAVE).filter(|text| is_kept(text));
    let at = store.get(AUTOSAVE_AT).and_then(|at| at.parse::<Millis>().ok());
    Some((text?, at.map(Time)))
}

/// Forgets the cluster of the last visit.
pub fn forget_autosave(store: &dyn Store) {
    store.remove(AUTOSAVE);
    store.remove(AUTOSAVE_AT);
}

/// The names of the scenarios, sorted.
pub fn named(store: &dyn Store) -> Vec<String> {
    let names = store.names().into_iter().filter_map(|name| name.strip_prefix(NAMED).map(str::to_owned));
    let mut names: Vec<String> = names.filter(|name| clean(name).as_ref() == Ok(name)).collect();
    sort_by(&mut names, |a, b| a.cmp(b));
    names.truncate(MAX_NAMED);
    names
}

/// A name as it is kept.
///
/// # Errors
/// What is wrong with it.
pub fn clean(name: &str) -> Result<String, &'static str> {
    let name = name.trim();
    if name.is_empty() {
        return Err("Give it a name first.");
    }
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err("A name has at most 60 letters, in one line.");
    }
    Ok(name.to_owned())
}

/// Keeps a scenario by a name, in place of one that had it.
///
/// # Errors
/// Why it cannot.
pub fn keep(store: &dyn Store, name: &str, text: &str) -> Result<String, &'static str> {
    let name = clean(name)?;
    let names = named(store);
    if names.len() >= MAX_NAMED && !names.contains(&name) {
        return Err("30 scenarios are kept, and no more: delete one first, or save this to a file.");
    }
    if !store.set(&format!("{NAMED}{name}"), text) {
        return Err("The browser's storage is full or closed to this page: save to a file instead.");
    }
    Ok(name)
}

/// The scenario of a name.
pub fn kept(store: &dyn Store, name: &str) -> Option<String> {
    store.get(&format!("{NAMED}{name}"))
}

/// Gives a scenario another name.
///
/// # Errors
/// Why it cannot; then it has the name it had.
pub fn rename(store: &dyn Store, old: &str, new: &str) -> Result<String, &'static str> {
    let new = clean(new)?;
    if new == old {
        return Ok(new);
    }
    if named(store).contains(&new) {
        return Err("Another scenario has that name.");
    }
    let Some(text) = kept(store, old) else { return Err("It is gone: another tab may have deleted it.") };
    if !store.set(&format!("{NAMED}{new}"), &text) {
        return Err("The browser's storage is full or closed to this page.");
    }
    forget(store, old);
    Ok(new)
}

/// Forgets the scenario of a name.
pub fn forget(store: &dyn Store, name: &str) {
    store.remove(&format!("{NAMED}{name}"));
}

fn is_kept(text: &str) -> bool {
    text.len() <= Limits::KEPT.encoded && is_link(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Map;
    use std::cell::RefCell;

    /// A store with room for so many bytes; `None` refuses everything.
    struct Fake(Option<usize>, RefCell<Map<String, String>>);

    impl Fake {
        fn of(room: Option<usize>) -> Fake {
            Fake(room, RefCell::default())
        }
    }

    impl Store for Fake {
        fn get(&self, name: &str) -> Option<String> {
            self.0.and_then(|_| self.1.borrow().get(name).cloned())
        }
        fn set(&self, name: &str, text: &str) -> bool {
            let used: usize = self.1.borrow().iter().map(|(name, text)| name.len() + text.len()).sum();
            let fits = self.0.is_some_and(|room| used + name.len() + text.len() <= room);
            if fits {
                self.1.borrow_mut().insert(name.to_owned(), text.to_owned());
            }
            fits
        }
        fn remove(&self, name: &str) {
            self.1.borrow_mut().remove(name);
        }
        fn names(&self) -> Vec<String> {
            self.1.borrow().keys().cloned().collect()
        }
    }

    #[test]
    fn a_store_that_refuses_is_no_error() {
        let store = Fake::of(None);
        autosave(&store, "v1.a");
        autosave_moment(&store, Time(1));
        assert!(!is_open(&store));
        assert_eq!(autosaved(&store), None);
        assert!(keep(&store, "a", "v1.a").unwrap_err().contains("save to a file"));
        assert!(named(&store).is_empty());
    }

    #[test]
    fn a_full_store_keeps_no_old_cluster_as_the_last() {
        let store = Fake::of(Some(60));
        autosave(&store, "v1.a");
        assert_eq!(autosaved(&store), Some(("v1.a".to_owned(), None)));
        autosave(&store, &"v1.a".repeat(100));
        assert_eq!(autosaved(&store), None);
        assert!(keep(&store, "a", &"v1.a".repeat(100)).is_err());
    }

    #[test]
    fn what_is_no_scenario_is_not_offered() {
        let store = Fake::of(Some(1 << 20));
        for text in ["", "{}", "<script>", "v1"] {
            assert!(store.set(AUTOSAVE, text));
            assert_eq!(autosaved(&store), None, "{text}");
        }
        assert!(store.set(AUTOSAVE, &format!("v1.{}", "a".repeat(300_000))));
        assert_eq!(autosaved(&store), None);
        assert!(store.set(AUTOSAVE, "v1.a") && store.set(AUTOSAVE_AT, "soon"));
        assert_eq!(autosaved(&store), Some(("v1.a".to_owned(), None)));
        autosave_moment(&store, Time(5));
        assert_eq!(autosaved(&store), Some(("v1.a".to_owned(), Some(Time(5)))));
    }

    #[test]
    fn scenarios_have_names() {
        let store = Fake::of(Some(1 << 20));
        assert_eq!(keep(&store, " b ", "v1.b"), Ok("b".to_owned()));
        assert_eq!(keep(&store, "a", "v1.a"), Ok("a".to_owned()));
        assert_eq!(named(&store), ["a", "b"]);
        assert!(rename(&store, "a", "b").unwrap_err().contains("has that name"));
        assert!(rename(&store, "z", "y").unwrap_err().contains("is gone"));
        assert_eq!(rename(&store, "a", "c"), Ok("c".to_owned()));
        assert_eq!((kept(&store, "a"), kept(&store, "c")), (None, Some("v1.a".to_owned())));
        forget(&store, "b");
        assert_eq!(named(&store), ["c"]);
        assert!(keep(&store, " ", "v1.").is_err() && keep(&store, &"x".repeat(61), "v1.").is_err());
        for n in 0..MAX_NAMED {
            let _ = keep(&store, &n.to_string(), "v1.");
        }
        assert_eq!(named(&store).len(), MAX_NAMED);
        assert!(keep(&store, "one more", "v1.").unwrap_err().contains("no more"));
        assert!(keep(&store, "c", "v1.again").is_ok());
    }
}
