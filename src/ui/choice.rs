//! The nodes that are chosen to be acted on together, and how a choice grows: by one, to
//! another as far as the board's order goes, by a frame drawn around them, to all.

use crate::base::Set;
use std::rc::Rc;

/// The nodes that are chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    /// Their names.
    pub names: Rc<Set<String>>,
    /// Each click on a node chooses it, or no longer: for who has neither Ctrl nor Shift.
    pub by_click: bool,
    /// The node from which a range begins.
    from: Option<String>,
}

/// A change of the choice.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// This one too, or no longer.
    Toggle(String),
    /// From the one that was chosen last to this one.
    To(String),
    /// These, beside those that are chosen.
    These(Vec<String>),
    /// All on the board.
    All,
    /// None any more.
    None,
    /// Whether each click chooses.
    ByClick(bool),
}

impl Chosen {
    /// The choice after a change; `board` has all nodes in the order in which they stand.
    pub fn change(&mut self, choice: Choice, board: &[&str]) {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        match choice {
            Choice::Toggle(name) => {
                let names = Rc::make_mut(&mut self.names);
                if !names.remove(&name) {
                    names.insert(name.clone());
                }
                self.from = Some(name);
            }
            Choice::To(name) => {
                let at = |wanted: &str| board.iter().position(|name| *name == wanted);
                let from = self.from.get_or_insert_with(|| name.clone());
                if let (Some(from), Some(to)) = (at(from), at(&name)) {
                    let range = board.get(from.min(to)..=from.max(to)).unwrap_or_default();
                    self.names = Rc::new(owned(range).into_iter().collect());
                }
            }
            Choice::These(these) => {
                self.from = these.first().cloned();
                Rc::make_mut(&mut self.names).extend(these);
            }
            Choice::All => self.names = Rc::new(owned(board).into_iter().collect()),
            Choice::None => *self = Chosen::default(),
            Choice::ByClick(by_click) => self.by_click = by_click,
        }
    }

    /// What is gone from the board cannot stay chosen.
    pub fn keep(&mut self, is_there: impl Fn(&str) -> bool) {
        if self.names.iter().any(|name| !is_there(name)) {
            let names = self.names.iter().filter(|name| is_there(name)).cloned();
            self.names = Rc::new(names.collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_grows_and_shrinks() {
        let board = ["a", "b", "c", "d"];
        let mut chosen = Chosen::default();
        let mut check = |choice: Choice, want: &str| {
            chosen.change(choice, &board);
            assert_eq!(chosen.names.iter().map(String::as_str).collect::<String>(), want);
        };
        check(Choice::Toggle("b".into()), "b");
        check(Choice::To("d".into()), "bcd");
        check(Choice::To("a".into()), "ab");
        check(Choice::Toggle("b".into()), "a");
        check(Choice::These(vec!["c".into(), "d".into()]), "acd");
        check(Choice::To("nobody".into()), "acd");
        check(Choice::All, "abcd");
        check(Choice::None, "");
        check(Choice::To("c".into()), "c");
        chosen.keep(|name| name != "c");
        assert!(chosen.names.is_empty());
    }
}
