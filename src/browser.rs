//! The only browser I/O: roots that hold their props. The scripts behind the glue, `www/live.js` and `www/forms.js`, call
//! the functions here.
//!
//! The build cuts two modules out of what is compiled: one of [`live`], which every reader gets, and one of
//! [`article`] and [`forms`], which few need. Neither refers to the other: what one wants of the other goes through
//! JavaScript.

mod activity;
mod dom;
mod engagement;
mod fetch;
mod form;
mod forms;
mod json;
mod letters;
mod most_read;
mod page;
mod passage;
mod patience;
mod proof;
mod rating;
mod share;
mod sharing;
mod sight;
mod text;
mod widget;

use std::sync::Once;

use wasm_bindgen::prelude::*;
use web_sys::Element;

use self::forms::FormsRoot;
use self::page::Page;
use self::text::Text;
use self::widget::Widget;
use crate::read;

/// Half of the bytes of the standard library's.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Takes over the live part of an article that can be read, and gives the function that takes it away.
///
/// `place` is the article's `.aw-live`, `embed` the server's answer, `page` an object of what is known of the page, see
/// [`Page`].
///
/// # Errors
/// Where `embed` is no answer of ours; nothing was touched then.
#[wasm_bindgen]
pub fn live(place: Element, embed: JsValue, page: JsValue) -> Result<JsValue, JsValue> {
    keep_panics_quiet();
    let embed = read::live(embed).ok_or(JsValue::UNDEFINED)?;
    let widget = Widget::start(place, embed, Page::new(page));
    Ok(Closure::once_into_js(move || widget.stop()))
}

/// Shows an article's text in `mount`, with an empty place for its live part, and gives the function that takes
/// it away again. Calls `page.ready` with the answer when it is there.
///
/// Where `embed` is undefined it asks for the answer itself, and says how that goes.
///
/// # Errors
/// Where `embed` is given and is no answer of ours; nothing was touched then.
#[wasm_bindgen]
pub fn article(mount: Element, embed: JsValue, page: JsValue) -> Result<JsValue, JsValue> {
    keep_panics_quiet();
    let text = Text::start(mount, embed, Page::new(page)).ok_or(JsValue::UNDEFINED)?;
    Ok(Closure::once_into_js(move || text.stop()))
}

/// Puts the forms into `place`, an article's `.aw-panels`: `toggle(name, passage)` and `stop()`.
///
/// # Errors
/// Where `embed` is no answer of ours; nothing was touched then.
#[wasm_bindgen]
pub fn forms(place: Element, embed: JsValue, page: JsValue) -> Result<JsValue, JsValue> {
    keep_panics_quiet();
    let embed = read::live(embed).ok_or(JsValue::UNDEFINED)?;
    let forms = FormsRoot::start(place, embed, Page::new(page));
    let toggling = forms.clone();
    let toggle = Closure::<dyn FnMut(String, Option<String>)>::new(move |name: String, passage| {
        toggling.toggle_named(&name, passage);
    });
    let stop = Closure::once_into_js(move || forms.stop());
    Ok(dom::object(&[("toggle", toggle.into_js_value()), ("stop", stop)]).into())
}

/// A trap ends in the loader, which says so once; Yew's own hook would write to the host's console.
fn keep_panics_quiet() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| yew::set_custom_panic_hook(Box::new(|_| {})));
}
