//! What the keys do, what the signs mean, and what is not simulated.

use super::actions::use_actions;
use super::desk::View;
use super::glyph::glyph;
use super::icon::{Picture, icon};
use super::modal::Modal;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

const KEYS: [(&str, &str); 14] = [
    ("Ctrl K", "all commands: type what to do"),
    ("Space", "play or pause"),
    (".", "to the next event"),
    (",", "to the event before"),
    ("Ctrl Z", "undo the last change of the cluster"),
    ("Ctrl Shift Z", "redo it"),
    ("f, Escape", "focus on the selected DaemonSet; on all again"),
    ("arrows", "from node to node; with Shift they select"),
    ("Ctrl A, Escape", "select all nodes; none"),
    ("Shift F10", "the menu of a node or pod"),
    ("m or /", "to the manifest"),
    ("Ctrl Enter", "apply the manifest (in the editor)"),
    ("Escape, Tab", "leave the editor (Tab alone indents)"),
    ("?", "this help"),
];

const LOOKS: [(&str, &str); 6] = [
    ("look-starting", "a bar fills: something is under way (scheduling, pulling, starting)"),
    ("look-available", "ready, and for long enough: available"),
    ("look-not-ready", "runs, but is not ready"),
    ("look-failing", "its image or container keeps failing"),
    ("look-terminating", "asked to stop"),
    ("look-unschedulable", "waits: the scheduler finds no way"),
];

const NOT_MODELLED: [&str; 6] = [
    "Deployments, StatefulSets, Jobs, Services and volumes: only DaemonSets, their pods, their revisions and nodes.",
    "Volumes, PodDisruptionBudgets and priority classes other than Kubernetes' own two: the scheduler knows none.",
    "What containers do: a container starts, becomes ready, and stops when asked, unless its image cannot be pulled.",
    "Several API servers, networks between them, clocks that differ.",
    "Admission by webhooks, quotas and pod security.",
    "The exact time that things take: latencies are fixed, a little slower than a real control plane's, so that you can see them. Kubernetes' own periods (grace periods, back-offs, quarantine) are real.",
];

/// Properties of [`Help`].
#[derive(Clone, PartialEq, Properties)]
pub struct HelpProps {
    /// Single keys are not commands.
    pub keys_off: bool,
}

/// The help, as a dialog over the page.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let actions = use_actions();
    let keys = actions.view.reform(|event: Event| {
        let checkbox = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        View::KeysOff(!checkbox.is_some_and(|checkbox| checkbox.checked()))
    });
    html! {
        <Modal class="help" label="How to use the playground" closed={View::Help(false)}>
            <header>
                <h2>{ "How to use the playground" }</h2>
                <button type="button" class="icon-button" aria-label="Close" onclick={actions.on_click_show(View::Help(false))}>
                    { icon(Picture::Close) }
                </button>
            </header>
            <div class="help-columns">
                <section>
                    <h3>{ "Keys" }</h3>
                    <dl class="keys">
                        { for KEYS.iter().map(|(key, does)| html! { <div><dt><kbd>{ *key }</kbd></dt><dd>{ *does }</dd></div> }) }
                    </dl>
                    <label class="check">
                        <input type="checkbox" checked={!props.keys_off} onchange={keys} />
                        { " Single keys are commands" }
                    </label>
                </section>
                <section>
                    <h3>{ "Signs" }</h3>
                    <ul class="signs">
                        <li>{ glyph(Some(0), false) }{ "a pod; colour and shape are its workload's" }</li>
                        <li>{ glyph(Some(0), true) }{ "hatched: made of an old revision" }</li>
                        { for LOOKS.iter().map(|(class, text)| html! {
                            <li><span class={classes!("pod", "sample", "w0", *class)} aria-hidden="true" />{ *text }</li>
                        }) }
                    </ul>
                </section>
            </div>
            <section>
                <h3>{ "What is not modelled" }</h3>
                <ul class="plain">{ for NOT_MODELLED.iter().map(|text| html! { <li>{ *text }</li> }) }</ul>
                <p class="quiet">{ "Everything runs in this page. Manifests never leave it." }</p>
            </section>
        </Modal>
    }
}
