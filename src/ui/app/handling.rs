//! What follows from what hands do on the board: nodes are chosen, labels and taints go to them.

use super::App;
use super::effects::live;
use crate::app::Intent;
use crate::ui::choice::Choice;
use crate::ui::desk::View;
use crate::ui::dom;
use crate::ui::tags::OWN_MAX;
use std::rc::Rc;

/// The id of the button that stands for a node on the board.
pub(in crate::ui) fn button_id(node: &str) -> String {
    format!("node-{node}")
}

impl App {
    /// Does what a hand does; the desk does the rest of it.
    pub(super) fn handle(&mut self, view: &View) {
        match view {
            View::Choose(choice) => {
                let frame = Rc::clone(&self.snapshot.frame);
                let board: Vec<&str> = live(&frame).map(|card| card.name.as_str()).collect();
                self.desk.chosen.change(choice.clone(), &board);
            }
            View::Tag(tag) if tag.contains(['=', ':']) && !tag.contains(' ') => {
                let own = Rc::make_mut(&mut self.desk.own_tags);
                own.retain(|known| known != tag);
                own.insert(0, tag.clone());
                own.truncate(OWN_MAX);
            }
            View::Tag(_) => self.show(View::Refused(
                "Write key=value for a label, key=value:NoSchedule or key=value:NoExecute for a taint.".to_owned(),
            )),
            View::Pick(carried) => {
                let frame = &self.snapshot.frame;
                let selected = live(frame).find(|card| Some(&card.name) == self.desk.node.as_ref());
                let first = selected.or_else(|| live(frame).next()).filter(|_| carried.is_some());
                if let Some(card) = first {
                    dom::focus_id(&button_id(&card.name));
                }
                self.desk.over = first.map(|card| card.name.clone());
            }
            View::Drop(node) => {
                let intent = self.desk.carried.as_ref().map(|carried| carried.put(self.reached(node)));
                self.dispatch_some(intent);
            }
            View::Bin => {
                let intent = self.desk.carried.as_ref().and_then(|carried| carried.take_off());
                self.dispatch_some(intent);
            }
            _ => {}
        }
    }

    /// A node, or all that are chosen if it is one of them.
    pub(super) fn reached<'a>(&'a self, node: &'a str) -> Vec<&'a str> {
        let chosen = &self.desk.chosen.names;
        if chosen.contains(node) { chosen.iter().map(String::as_str).collect() } else { vec![node] }
    }

    /// Lets go of what is held, the newest first; says whether there was anything.
    pub(super) fn let_go(&mut self) -> bool {
        let desk = &self.desk;
        let view = if desk.carried.is_some() {
            View::Carry(None)
        } else if !desk.chosen.names.is_empty() || desk.chosen.by_click {
            View::Choose(Choice::None)
        } else if desk.focus.is_some() {
            View::Focus(None)
        } else {
            return false;
        };
        self.show(view);
        true
    }

    fn dispatch_some(&mut self, intent: Option<Intent>) {
        if let Some(intent) = intent {
            self.dispatch(intent);
        }
    }
}
