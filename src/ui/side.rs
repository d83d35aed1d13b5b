//! The side panel: a DaemonSet and its knobs, why it runs where it does, a node.

pub mod node;
pub mod object;
pub mod why;
pub mod workload;

use super::actions::{Actions, use_actions};
use super::desk::{SideTab, View};
use super::dom;
use super::shared::Shared;
use super::tabs::Tabs;
use crate::api::Key;
use crate::view::explain::Explanation;
use crate::view::node_resources::NodeResources;
use crate::view::node_taints::TaintRow;
use crate::view::{EventRow, NodeCard, WorkloadCard};
use node::NodePanel;
use object::{ObjectPanel, ObjectView};
use why::WhyPanel;
use workload::WorkloadPanel;
use yew::prelude::*;

const TABS: Tabs<SideTab> = Tabs {
    label: "Details",
    panel: "side-body",
    all: &[
        (SideTab::Workload, "tab-workload", "Workload"),
        (SideTab::Why, "tab-why", "Why"),
        (SideTab::Node, "tab-node", "Node"),
        (SideTab::Object, "tab-object", "YAML"),
    ],
    show: View::Tab,
};

/// Properties of [`SidePanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct SidePanelProps {
    /// Tab shown.
    pub tab: SideTab,
    /// All DaemonSets.
    pub workloads: Vec<Shared<WorkloadCard>>,
    /// The DaemonSet selected.
    pub workload: Option<Key>,
    /// The node selected, if it exists at this moment.
    pub node: Option<Shared<NodeCard>>,
    /// The name of the node selected.
    pub node_name: Option<String>,
    /// The column whose nodes Why shows.
    #[prop_or_default]
    pub counted: Option<usize>,
    /// The board's focus is on it.
    #[prop_or_default]
    pub focused: bool,
    /// Verdicts, as the tab needs them.
    pub explanations: Vec<Shared<Explanation>>,
    /// What happened to the node selected.
    #[prop_or_default]
    pub history: Vec<Shared<EventRow>>,
    /// Its files, and what is to be said of each.
    #[prop_or_default]
    pub files: Vec<(String, String)>,
    /// What its pods ask for.
    #[prop_or_default]
    pub resources: NodeResources,
    /// What its taints do.
    #[prop_or_default]
    pub taints: Vec<TaintRow>,
    /// The object that is shown as YAML.
    #[prop_or_default]
    pub object: ObjectView,
}

/// The side panel.
#[component]
pub fn SidePanel(props: &SidePanelProps) -> Html {
    let actions = use_actions();
    let card = props.workloads.iter().find(|card| Some(&card.key) == props.workload.as_ref());
    html! {
        <>
            { TABS.draw(&actions, props.tab) }
            <div class="side-body" id="side-body" role="tabpanel" aria-labelledby={TABS.id(props.tab)} tabindex="0">
                { match (props.tab, card) {
                    (SideTab::Node, _) => html! {
                        <NodePanel node={props.node.clone()} name={props.node_name.clone()}
                            workloads={props.workloads.clone()} explanations={props.explanations.clone()}
                            history={props.history.clone()} files={props.files.clone()} resources={props.resources.clone()} taints={props.taints.clone()} />
                    },
                    (SideTab::Object, _) => html! { <ObjectPanel view={props.object.clone()} /> },
                    (_, None) => html! { <p class="empty">{ "No DaemonSet is selected, because there is none. Apply a manifest first." }</p> },
                    (SideTab::Workload, Some(card)) => html! {
                        <>
                            { switch(&actions, &props.workloads, &card.key) }
                            <WorkloadPanel key={card.key.to_string()} card={card.clone()} focused={props.focused} />
                        </>
                    },
                    (SideTab::Why, Some(card)) => html! {
                        <>
                            { switch(&actions, &props.workloads, &card.key) }
                            <WhyPanel card={card.clone()} explanation={props.explanations.first().cloned()} counted={props.counted} />
                        </>
                    },
                } }
            </div>
        </>
    }
}

/// Which DaemonSet the panel is about, where there are several.
fn switch(actions: &Actions, workloads: &[Shared<WorkloadCard>], selected: &Key) -> Html {
    if workloads.len() < 2 {
        return Html::default();
    }
    let onchange = {
        let (actions, workloads) = (actions.clone(), workloads.to_vec());
        Callback::from(move |event: Event| {
            let wanted = dom::value_of(&event);
            if let Some(card) = workloads.iter().find(|card| card.key.to_string() == wanted) {
                actions.show(View::Workload(card.key.clone()));
            }
        })
    };
    html! {
        <label class="field"><span>{ "DaemonSet" }</span>
            <select {onchange}>
                { for workloads.iter().map(|card| {
                    let key = card.key.to_string();
                    html! { <option value={key.clone()} selected={&card.key == selected}>{ key }</option> }
                }) }
            </select>
        </label>
    }
}
