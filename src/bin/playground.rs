//! The page: mounts the application where the page says.

use daemonset_playground::ui::App;
use daemonset_playground::ui::app::{AppProps, LATER, Later, Source};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

fn main() {
    let props = AppProps::of(Source::Loaded(|| Box::pin(async { later().await.ok() })));
    let document = web_sys::window().and_then(|window| window.document());
    let place = document.and_then(|document| document.get_element_by_id("app"));
    match place {
        Some(place) => yew::Renderer::<App>::with_root_and_props(place, props).render(),
        None => yew::Renderer::<App>::with_props(props).render(),
    };
}

/// Where the page's wasm is split in two: the first holds no more of this than a way to load it.
#[allow(unsafe_code, reason = "the macro declares what the split wasm imports and exports")]
#[wasm_split(later, fallible)]
fn later() -> Result<&'static Later, SplitLoaderError> {
    Ok(&LATER)
}
