//! The only browser I/O. The loader calls [`mount`]; from then on [`widget`] owns the props of one
//! component, and everything else here is asked by it.

mod activity;
mod dom;
mod engagement;
mod fetch;
mod form;
mod json;
mod letters;
mod most_read;
mod page;
mod passage;
mod proof;
mod rating;
mod share;
mod sharing;
mod sight;
mod widget;

use std::rc::Rc;
use std::sync::Once;

use wasm_bindgen::prelude::*;
use web_sys::Element;

use self::page::Page;
use self::widget::Widget;
use crate::contract::Embed;
use crate::read;

/// Half of the bytes of the standard library's.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The server's answer, as the browser has it.
fn embed_of(embed: JsValue) -> Result<Embed, JsValue> {
    let json = serde_wasm_bindgen::from_value(embed)?;
    read::embed(json).ok_or(JsValue::UNDEFINED)
}

/// [`RENDER`](crate::RENDER): HTML of any other is not to be hydrated.
#[wasm_bindgen]
pub fn render() -> String {
    crate::RENDER.to_owned()
}

/// Shows an article in `element` and gives the function that takes it away again.
///
/// `embed` is the server's answer; where it is undefined the widget asks for it itself. `page` is an
/// object of what the loader knows, see [`Page`].
///
/// # Errors
/// Where `embed` is given and is of a later version than can be read; nothing was touched then.
#[wasm_bindgen]
pub fn mount(element: Element, embed: JsValue, page: JsValue) -> Result<JsValue, JsValue> {
    static HOOK: Once = Once::new();
    // A trap ends in the loader, which says so once; Yew's own hook would write to the host's console.
    HOOK.call_once(|| yew::set_custom_panic_hook(Box::new(|_| {})));

    let embed: Option<Embed> = match embed.is_undefined() {
        true => None,
        false => Some(embed_of(embed)?),
    };
    let widget = Widget::start(element, embed.map(Rc::new), Page::read(&page));
    Ok(Closure::once_into_js(move || widget.stop()))
}
