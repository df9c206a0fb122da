//! The browser's share dialog and its clipboard.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlDocument, HtmlTextAreaElement};

use super::dom;
use super::json::{Value, object};
use super::{fetch, page::Page};
use crate::contract::{Embed, Heading};

/// Whether the browser has a share dialog, and lets this page open it.
pub(super) fn is_native() -> bool {
    dom::has(&dom::navigator(), "share")
        && call("canShare", &data("", "https://example.com/")).is_some_and(|can| can.is_truthy())
}

/// Opens it: whether the reader went through with it.
pub(super) async fn native(title: &str, url: &str) -> bool {
    match call("share", &data(title, url)).map(JsCast::dyn_into::<Promise>) {
        Some(Ok(promise)) => JsFuture::from(promise).await.is_ok(),
        _ => false,
    }
}

fn data(title: &str, url: &str) -> Object {
    dom::object(&[("title", title.into()), ("url", url.into())])
}

fn call(member: &str, argument: &Object) -> Option<JsValue> {
    let navigator = dom::navigator();
    let function = Reflect::get(&navigator, &member.into()).ok()?.dyn_into::<Function>().ok()?;
    function.call1(&navigator, argument).ok()
}

/// Puts the text on the clipboard, by the old way where the new one is not there or not allowed.
pub(super) async fn copy(within: &Element, text: &str) -> bool {
    let navigator = dom::navigator();
    if dom::has(&navigator, "clipboard") {
        let written = JsFuture::from(navigator.clipboard().write_text(text)).await;
        if written.is_ok() {
            return true;
        }
    }
    copy_selected(within, text).unwrap_or(false)
}

/// `document.execCommand('copy')` on a field that is there for as long as it takes.
fn copy_selected(within: &Element, text: &str) -> Option<bool> {
    let document: HtmlDocument = within.owner_document()?.dyn_into().ok()?;
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("aw-offscreen");
    within.append_child(&field).ok()?;
    field.select();
    let copied = document.exec_command("copy").unwrap_or(false);
    field.remove();
    Some(copied)
}

/// Reports a share to the publisher and to the page.
pub(super) fn report(page: &Page, embed: &Embed<Heading>, channel: &str) {
    let body = object(&[
        ("article", Value::Text(embed.article.id.as_str())),
        ("share", Value::Text(&dom::uuid())),
        ("page", Value::Text(&page.text("page"))),
        ("channel", Value::Text(channel)),
    ]);
    fetch::report(page.server_url(embed, "/v1/shares"), body, fetch::UNTIL_TAKEN);
    page.notify("share", channel);
}
