//! Labels and taints to be carried to nodes: common ones, those of the cluster, and one's own.
//! A press picks one up and the next press on a node puts it there; dragging does the same in
//! one go, and takes off what is dragged here from a card.

use super::actions::{Actions, use_actions};
use super::desk::View;
use super::format;
use super::icon::{Picture, icon};
use super::shared::Shared;
use super::text_field::use_text;
use crate::api::{Taint, TaintEffect};
use crate::app::Intent;
use crate::base::Set;
use crate::rules::placement::remedy::Edit;
use crate::view::Frame;
use crate::view::consequence::{Change, Consequence};
use std::rc::Rc;
use yew::prelude::*;

/// At most so many of the cluster's own are offered.
const FOUND_MAX: usize = 14;

/// At most so many of one's own.
pub(super) const OWN_MAX: usize = 12;

/// What clusters commonly have.
const COMMON: [&str; 7] = [
    "dedicated=infra:NoSchedule",
    "dedicated=infra:NoExecute",
    "node-role.kubernetes.io/control-plane:NoSchedule",
    "nvidia.com/gpu=present:NoSchedule",
    "disktype=ssd",
    "node-role.kubernetes.io/worker=",
    "topology.kubernetes.io/zone=b",
];

/// A label or taint in the hand, as kubectl writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// `key=value` or `key=value:Effect`.
    pub tag: String,
    /// The node that it was taken from.
    pub from: Option<String>,
}

impl Carried {
    /// It is a taint: keys and values of labels have no colon.
    #[must_use]
    pub fn is_taint(&self) -> bool {
        self.tag.contains(':')
    }

    fn noun(&self) -> &'static str {
        if self.is_taint() { "taint" } else { "label" }
    }

    /// What puts it on these nodes.
    pub fn put<'a>(&self, nodes: impl IntoIterator<Item = &'a str>) -> Intent {
        let text = [self.noun(), " ", &self.tag, " --overwrite"].concat();
        Intent::for_each(nodes, |node| Intent::EditNode { node, text: text.clone() })
    }

    /// What takes it off the node that it was taken from.
    #[must_use]
    pub fn take_off(&self) -> Option<Intent> {
        let (key, rest) = self.tag.split_once(['=', ':']).unwrap_or((&self.tag, ""));
        let text = match rest.rsplit_once(':').map_or(rest, |(_, effect)| effect) {
            effect if self.is_taint() => format!("taint {key}:{effect}-"),
            _ => format!("label {key}-"),
        };
        Some(Intent::EditNode { node: self.from.clone()?, text })
    }

    /// What it does to a node.
    #[must_use]
    pub fn edit(&self) -> Option<Edit> {
        match self.tag.rsplit_once(':') {
            Some((left, effect)) => {
                let (key, value) = left.split_once('=').unwrap_or((left, ""));
                let effects = [TaintEffect::NoSchedule, TaintEffect::PreferNoSchedule, TaintEffect::NoExecute];
                let effect = effects.into_iter().find(|known| known.to_string() == effect)?;
                Some(Edit::Taint(Taint { key: key.to_owned(), value: value.to_owned(), effect }))
            }
            None => {
                let (key, value) = self.tag.split_once('=')?;
                Some(Edit::Label { key: key.to_owned(), value: Some(value.to_owned()) })
            }
        }
    }
}

/// Properties of [`Tags`].
#[derive(Clone, PartialEq, Properties)]
pub struct TagsProps {
    /// What is on the board.
    pub frame: Shared<Frame>,
    /// One's own.
    pub own: Rc<Vec<String>>,
    /// What is in the hand.
    pub carried: Option<Carried>,
}

/// The drawer of labels and taints.
#[component]
pub fn Tags(props: &TagsProps) -> Html {
    let actions = use_actions();
    let (text, oninput) = use_text();
    let onsubmit = {
        let (actions, text) = (actions.clone(), text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            actions.show(View::Tag(text.trim().to_owned()));
            text.set(String::new());
        })
    };
    let carried = props.carried.as_ref();
    html! {
        <section class="tags" aria-label="Labels and taints to put on nodes">
            <div class="bar-head">
                <h3>{ "Labels and taints" }</h3>
                <span class="quiet clip">{ "Press one, then a node; or drag. Drag one here from a card to take it off." }</span>
                <span class="grow" />
                <button type="button" class="icon-button small" aria-label="Put labels and taints away" title="Put away"
                    onclick={actions.on_click_show(View::Tags(false))}>{ icon(Picture::Close) }</button>
            </div>
            <ul>
                { for offered(&props.frame, &props.own).into_iter().map(|tag| chip(&actions, tag, carried)) }
                <li>
                    <form class="field-row" {onsubmit}>
                        <input type="text" aria-label="Another label or taint" value={(*text).clone()} {oninput} placeholder="key=value:NoExecute"
                            autocomplete="off" autocapitalize="off" spellcheck="false" data-testid="own-tag" />
                        <button type="submit" class="button small">{ "Add" }</button>
                    </form>
                </li>
            </ul>
        </section>
    }
}

/// One's own first, then what the cluster has, then what is common.
fn offered(frame: &Frame, own: &[String]) -> Vec<String> {
    let mut seen = Set::new();
    let nodes = || frame.groups.iter().flat_map(|group| &group.nodes).filter(|node| !node.deleted);
    // What a node's condition or cordon puts there goes and comes with it.
    let kept = |key: &str| key.starts_with("node.kubernetes.io/");
    let taints =
        nodes().flat_map(|node| &node.taints).filter(|taint| !kept(&taint.key)).map(|taint| taint.text.clone());
    let labels = nodes().flat_map(|node| &node.labels).map(|label| format!("{}={}", label.key, label.value));
    let mut found = Vec::new();
    for tag in taints.chain(labels) {
        if found.len() < FOUND_MAX && !found.contains(&tag) {
            found.push(tag);
        }
    }
    let common = COMMON.iter().map(|tag| (*tag).to_owned());
    own.iter().cloned().chain(found).chain(common).filter(|tag| seen.insert(tag.clone())).collect()
}

fn chip(actions: &Actions, tag: String, carried: Option<&Carried>) -> Html {
    let is_carried = carried.is_some_and(|carried| carried.from.is_none() && carried.tag == tag);
    let new = Carried { tag, from: None };
    let class = match new.tag.rsplit_once(':') {
        Some((_, "NoExecute")) => "tag-chip taint execute",
        Some(_) => "tag-chip taint",
        None => "tag-chip label",
    };
    let name = format!("Pick up the {} {}", new.noun(), new.tag);
    let onclick = actions.on_click_show(View::Pick((!is_carried).then(|| new.clone())));
    html! {
        <li key={new.tag.clone()}>
            <button type="button" {class} data-tag={new.tag.clone()} aria-pressed={is_carried.to_string()} aria-label={name} {onclick}>
                { format::breakable(&new.tag) }
            </button>
        </li>
    }
}

/// What is in the hand, and what would come of putting it down.
pub fn carry_bar(actions: &Actions, carried: &Carried, over: &[&str], would: Option<&Consequence>) -> Html {
    let to = match over {
        [] => "press a node, or arrow keys and Enter".to_owned(),
        [node] => format!("on {node}"),
        nodes => format!("on the {} nodes that are chosen", nodes.len()),
    };
    html! {
        <section class="carry" aria-label="In the hand">
            <div role="status">
                <p><span class={classes!("tag-chip", carried.noun())}>{ &carried.tag }</span>{ " " }{ to }</p>
                if let Some(would) = would {
                    <ul>{ for would.lines.iter().map(line) }</ul>
                }
            </div>
            <button type="button" class="button small" onclick={actions.on_click_show(View::Carry(None))}>{ "Put back" }</button>
        </section>
    }
}

fn line((change, text): &(Change, String)) -> Html {
    let (class, sign) = match change {
        Change::Comes => ("add", "+"),
        Change::Goes => ("del", "−"),
        Change::Stays => ("quiet", "="),
    };
    html! { <li {class}><span aria-hidden="true">{ sign }</span>{ " " }{ text }</li> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_is_put_on_and_taken_off() {
        let check = |tag: &str, put: &str, off: &str, edit: &str| {
            let carried = Carried { tag: tag.into(), from: Some("a".into()) };
            let typed = |text: &str| Intent::EditNode { node: "a".into(), text: text.into() };
            assert_eq!(carried.put(["a"]), typed(put));
            assert_eq!(carried.take_off(), Some(typed(off)));
            assert_eq!(carried.edit().map(|edit| edit.to_string()).unwrap_or_default(), edit);
        };
        check("a=b:NoExecute", "taint a=b:NoExecute --overwrite", "taint a:NoExecute-", "a=b:NoExecute");
        check("a/b:NoSchedule", "taint a/b:NoSchedule --overwrite", "taint a/b:NoSchedule-", "a/b:NoSchedule");
        check("disk=ssd", "label disk=ssd --overwrite", "label disk-", "disk=ssd");
        check("disk=", "label disk= --overwrite", "label disk-", "disk=");
        check("a:Never", "taint a:Never --overwrite", "taint a:Never-", "");
    }
}
