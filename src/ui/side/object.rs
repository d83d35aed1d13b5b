//! Any object of the cluster as `kubectl get -o yaml` prints it at this moment, with what Kubernetes
//! added marked, to be found, copied and edited.

use crate::api::manifest::{Basis, Hidden, Printed};
use crate::api::{Key, Kind, ObjectRef};
use crate::base::Map;
use crate::ui::actions::{Actions, use_actions};
use crate::ui::desk::View;
use crate::ui::dom;
use crate::ui::format;
use crate::ui::icon::{Picture, icon};
use crate::ui::looking::Look;
use crate::ui::shared::Shared;
use crate::view::object::{Line, lines};
use yew::prelude::*;

/// At most so many lines are drawn; what is copied holds all.
const LINES_MAX: usize = 2_000;

/// What the panel shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectView {
    /// The object.
    pub of: Option<ObjectRef>,
    /// What is typed to find another.
    pub query: String,
    /// What of the object is hidden.
    pub hidden: Hidden,
    /// Objects to choose from.
    pub found: Vec<ObjectRef>,
    /// How many there are in all.
    pub count: usize,
    /// The object is there at this moment.
    pub exists: bool,
    /// The DaemonSet that it is, or belongs to.
    pub daemon_set: Option<Key>,
    /// The object, printed; absent until the reader has answered.
    pub printed: Option<Shared<Printed>>,
}

/// Properties of [`ObjectPanel`].
#[derive(Clone, PartialEq, Properties)]
pub struct ObjectPanelProps {
    /// What is shown.
    pub view: ObjectView,
}

/// The panel.
#[component]
pub fn ObjectPanel(props: &ObjectPanelProps) -> Html {
    let actions = use_actions();
    let view = &props.view;
    html! {
        <>
            { finder(&actions, view) }
            if let Some(of) = &view.of {
                { heading(&actions, view, of) }
                if !view.exists {
                    <p class="empty">{ format!("There is no {} {} at this moment.", of.kind, of.key) }</p>
                } else if let Some(printed) = &view.printed {
                    { hides(&actions, view.hidden) }
                    { text(printed, of) }
                    { legend(printed) }
                    <p class="quiet">{ left_out(of.kind) }</p>
                } else {
                    <p class="quiet" role="status">{ "Printing…" }</p>
                }
            }
        </>
    }
}

fn finder(actions: &Actions, view: &ObjectView) -> Html {
    let oninput = actions.view.reform(|event: InputEvent| View::Look(Look::Find(dom::value_of(&event))));
    let finds = view.of.is_none() || !view.query.trim().is_empty();
    html! {
        <section class="finder" aria-label="Find an object">
            <label class="field"><span>{ "Find an object by kind, namespace or name" }</span>
                <input type="text" value={view.query.clone()} {oninput} placeholder="pod worker, kube-system, …" autocomplete="off"
                    autocapitalize="off" spellcheck="false" data-testid="find-object" />
            </label>
            if finds {
                <p class="quiet" role="status">{ match view.count {
                    0 => "No object is called that at this moment.".to_owned(),
                    count if count > view.found.len() => format!("{} of {count} objects; type more to see others.", view.found.len()),
                    count => format::count(count, "object"),
                } }</p>
                <ul class="found">
                    { for view.found.iter().map(|of| html! {
                        <li key={format!("{} {}", of.kind, of.key)}>
                            <button type="button" class="link-button" onclick={actions.on_click_show(View::Look(Look::At(of.clone())))}>
                                <small class="quiet">{ of.kind.to_string() }</small>{ " " }<span class="mono">{ of.key.to_string() }</span>
                            </button>
                        </li>
                    }) }
                </ul>
            }
        </section>
    }
}

fn heading(actions: &Actions, view: &ObjectView, of: &ObjectRef) -> Html {
    let copied = view.printed.as_ref().filter(|_| view.exists).map(|printed| View::Copy(printed.text.clone()));
    let edited = match (of.kind, &view.daemon_set) {
        _ if !view.exists => None,
        (Kind::Node | Kind::DaemonSet, _) => Some(("Edit", View::Look(Look::Edit))),
        (_, Some(key)) => Some(("Edit its DaemonSet", View::EditManifestOf(key.clone()))),
        _ => None,
    };
    let name = of.key.to_string();
    html! {
        <div class="object-head" data-object={format!("{} {name}", of.kind)}>
            <h2><small class="quiet">{ of.kind.to_string() }</small>{ " " }<span class="mono">{ format::breakable(&name) }</span></h2>
            <div class="row">
                if let Some(view) = copied {
                    <button type="button" class="button small" onclick={actions.on_click_show(view)}>{ "Copy" }</button>
                }
                if let Some((title, view)) = edited {
                    <button type="button" class="button small" onclick={actions.on_click_show(view)} data-testid="edit-object">{ title }</button>
                }
            </div>
        </div>
    }
}

/// What is shown, to be switched off and on.
fn hides(actions: &Actions, hidden: Hidden) -> Html {
    let switch = |title: &'static str, is_hidden: bool, other: Hidden| {
        html! {
            <button type="button" class="button small" aria-pressed={(!is_hidden).to_string()}
                onclick={actions.on_click_show(View::Look(Look::Hide(other)))}>
                if !is_hidden {
                    { icon(Picture::Check) }
                }
                { title }
            </button>
        }
    };
    html! {
        <div class="row hides" role="group" aria-label="Show">
            <span class="quiet" aria-hidden="true">{ "Show" }</span>
            { switch("What was added", hidden.added, Hidden { added: !hidden.added, ..hidden }) }
            { switch("Status", hidden.status, Hidden { status: !hidden.status, ..hidden }) }
            { switch("Bookkeeping", hidden.noted, Hidden { noted: !hidden.noted, ..hidden }) }
        </div>
    }
}

fn text(printed: &Printed, of: &ObjectRef) -> Html {
    let lines = lines(printed);
    let more = lines.len().saturating_sub(LINES_MAX);
    html! {
        <pre class="yaml" tabindex="0" role="region" aria-label={format!("{} {} as YAML", of.kind, of.key)} data-testid="yaml">
            { for lines.iter().take(LINES_MAX).map(line) }
            if more > 0 {
                <div class="quiet">{ format!("… {more} more lines: Copy takes them all.") }</div>
            }
        </pre>
    }
}

fn line(line: &Line<'_>) -> Html {
    if line.by.is_empty() {
        return html! { <div>{ line.text }</div> };
    }
    let (class, sign) = if line.is_change { ("change", "~") } else { ("add", "+") };
    html! {
        <div {class}>
            <i aria-hidden="true">{ sign }</i>{ line.text }
            if line.is_first {
                <em title={line.what}>{ "  # " }{ line.by }</em>
            }
        </div>
    }
}

/// Who added how much, and what each of them does.
fn legend(printed: &Printed) -> Html {
    let mut counts: Map<&'static str, (usize, &'static str)> = Map::new();
    for line in lines(printed).iter().filter(|line| !line.by.is_empty()) {
        counts.entry(line.by).or_insert((0, line.what)).0 += 1;
    }
    let all: usize = counts.values().map(|(count, _)| count).sum();
    let against = match printed.basis {
        Basis::Nothing => "its author’s text is not known: marked is what is known to be somebody else’s",
        Basis::Applied => "held against what was applied last",
        Basis::Template => "held against the template it was made from",
    };
    html! {
        <details class="block who">
            <summary>{ format!("{} added or changed", format::count(all, "line")) }<span class="quiet">{ format!(" {against}") }</span></summary>
            <dl>
                { for counts.iter().map(|(by, (count, what))| html! {
                    <div><dt>{ *by }{ " " }<span class="quiet">{ *count }</span></dt><dd class="quiet">{ *what }</dd></div>
                }) }
            </dl>
        </details>
    }
}

/// What `kubectl get -o yaml` would print as well.
fn left_out(kind: Kind) -> &'static str {
    match kind {
        Kind::Node => "Not modelled, and so not here: addresses, heartbeats, what the kubelet tells of its machine.",
        Kind::Pod => {
            "Not modelled, and so not here: addresses, and the IDs of containers and images. The spec of a pod cannot be edited but for its images and a few fields more, and DaemonSets replace pods: edit the template."
        }
        Kind::ControllerRevision => "Its data never changes: to go back to it, roll the DaemonSet back.",
        Kind::DaemonSet => {
            "What was added is not yours to keep up: Edit takes what is shown here, without status and bookkeeping."
        }
    }
}
