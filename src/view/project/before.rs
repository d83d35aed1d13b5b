//! The frame on screen, looked up by node and by pod.

use crate::base::Map;
use crate::view::frame::{Frame, NodeCard, NodeGroup, PodChip};
use std::rc::Rc;

/// What of the frame on screen may be used again.
#[derive(Default)]
pub struct Before<'a> {
    groups: &'a [Rc<NodeGroup>],
    cards: Map<&'a str, &'a Rc<NodeCard>>,
    lane: Map<&'a str, &'a Rc<PodChip>>,
}

impl<'a> Before<'a> {
    /// Of this frame.
    pub fn of(frame: Option<&'a Frame>) -> Before<'a> {
        let Some(frame) = frame else {
            return Before::default();
        };
        let cards = frame.groups.iter().flat_map(|group| &group.nodes);
        Before {
            groups: &frame.groups,
            cards: cards.map(|card| (card.name.as_str(), card)).collect(),
            lane: frame.lane.iter().map(|chip| (chip.uid.as_str(), chip)).collect(),
        }
    }

    /// The group with this heading.
    pub fn group(&self, title: &str) -> Option<&'a Rc<NodeGroup>> {
        self.groups.iter().find(|group| group.title == title)
    }

    /// The card of a node.
    pub fn card(&self, node: &str) -> Option<&'a Rc<NodeCard>> {
        self.cards.get(node).copied()
    }

    /// The chip of a pod: on this card, which holds but a few, or in the lane.
    pub fn chip(&self, uid: &str, card: Option<&'a Rc<NodeCard>>) -> Option<&'a Rc<PodChip>> {
        let on_card = card.and_then(|card| card.pods.iter().find(|chip| chip.uid == uid));
        on_card.or_else(|| self.lane.get(uid).copied())
    }
}
