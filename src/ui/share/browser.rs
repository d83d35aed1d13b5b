//! What sharing asks of the browser: its clipboard, its storage, downloads, pictures and the
//! address. Each gives up quietly where the browser refuses, as in a sandboxed frame.

use super::shelf::Store;
use crate::ui::dom;
use js_sys::{Array, JsString, Promise};
use std::time::Duration;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Event, File, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement, HtmlInputElement, Url,
};
use yew::platform::spawn_local;
use yew::platform::time::sleep;

/// How long a file that was handed out is held.
const HELD_FOR: Duration = Duration::from_secs(60);

/// The browser's storage for this page.
pub struct Local;

impl Store for Local {
    fn get(&self, name: &str) -> Option<String> {
        dom::remembered(name)
    }

    fn set(&self, name: &str, text: &str) -> bool {
        dom::remember(name, Some(text))
    }

    fn remove(&self, name: &str) {
        dom::remember(name, None);
    }

    fn names(&self) -> Vec<String> {
        /// Of all that is stored for the host, no more is looked at.
        const MAX_LOOKED_AT: u32 = 2_000;
        let Some(storage) = dom::storage() else { return Vec::new() };
        let count = storage.length().unwrap_or(0).min(MAX_LOOKED_AT);
        (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect()
    }
}

/// The address of the page with this fragment.
pub fn address(fragment: &str) -> String {
    let location = dom::window().map(|window| window.location());
    let href = location.and_then(|location| location.href().ok()).unwrap_or_default();
    format!("{}#{fragment}", href.split('#').next().unwrap_or_default())
}

/// Takes a link out of the address: what is on the page is no longer what it leads to.
pub fn forget_link() {
    let Some(window) = dom::window().filter(|_| dom::link().is_some()) else { return };
    let bare = address("");
    let bare = bare.trim_end_matches('#');
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(bare));
    }
}

/// Calls back whenever the fragment changes, or the page is put aside; as long as the page lives.
pub fn listen(on_fragment: impl Fn() + 'static, on_hide: impl Fn() + 'static) {
    let Some(window) = dom::window() else { return };
    for (kind, call) in
        [("hashchange", Box::new(on_fragment) as Box<dyn Fn()>), ("pagehide", Box::new(on_hide) as Box<dyn Fn()>)]
    {
        let closure = Closure::<dyn FnMut(Event)>::new(move |_| call());
        let _ = window.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        closure.forget();
    }
}

/// Hands a text out as a file; whether it went.
pub fn download(name: &str, kind: &str, text: &str) -> bool {
    let parts = Array::of1(&JsString::from(text));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options);
    blob.ok().and_then(|blob| download_blob(name, &blob)).is_some()
}

fn download_blob(name: &str, blob: &Blob) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let document = dom::window()?.document()?;
    let anchor = document.create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // Not every browser has taken hold of it when the click is over.
    spawn_local(async move {
        sleep(HELD_FOR).await;
        let _ = Url::revoke_object_url(&url);
    });
    Some(())
}

/// Hands a drawing out as PNG, at twice its size; whether it went.
pub async fn download_png(name: &str, svg: &str, width: usize, height: usize) -> bool {
    png(name, svg, width, height).await.is_some()
}

async fn png(name: &str, svg: &str, width: usize, height: usize) -> Option<()> {
    /// What canvases hold everywhere.
    const MAX_PIXELS: usize = 16_000_000;
    let scale = if 4 * width * height <= MAX_PIXELS { 2 } else { 1 };
    let (width, height) = (u32::try_from(width * scale).ok()?, u32::try_from(height * scale).ok()?);
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", String::from(js_sys::encode_uri_component(svg))));
    JsFuture::from(image.decode()).await.ok()?;
    let document = dom::window()?.document()?;
    let canvas = document.create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??.dyn_into::<web_sys::CanvasRenderingContext2d>().ok()?;
    context
        .draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, f64::from(width), f64::from(height))
        .ok()?;
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = canvas.to_blob(&resolve) {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    let blob = JsFuture::from(promise).await.ok()?.dyn_into::<Blob>().ok()?;
    download_blob(name, &blob)
}

/// The file that was chosen in a field; the field forgets it, so that it can be chosen again.
pub fn chosen(event: &Event) -> Option<File> {
    let input = dom::target(event)?.dyn_into::<HtmlInputElement>().ok()?;
    let file = input.files()?.item(0);
    input.set_value("");
    file
}

/// What is in a file.
///
/// # Errors
/// Why it cannot be read.
pub async fn text_of(file: File) -> Result<String, String> {
    const MAX_BYTES: f64 = 3.0 * 1_024.0 * 1_024.0;
    if file.size() > MAX_BYTES {
        return Err("The file is larger than 3 MiB, and no more is read.".to_owned());
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    text.ok_or_else(|| "The file cannot be read.".to_owned())
}

/// Whether the page is dark at the moment.
pub fn is_dark() -> bool {
    let root = dom::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    match root.and_then(|root| root.get_attribute("data-theme")).as_deref() {
        Some(theme) => theme == "dark",
        None => dom::prefers("(prefers-color-scheme: dark)"),
    }
}
