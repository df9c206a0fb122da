//! The words of the article that the reader has selected. Nothing is listened to outside the widget: from the
//! moment a selection begins in the text it is looked at every so often, until it is gone.

use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::dom;

/// Between two looks, in milliseconds.
pub(super) const LOOK: u32 = 400;
/// No passage is longer, in bytes.
const LONGEST: usize = 2_000;

/// What is selected now, where it is words of the article: whole ones, for a link leads to no others.
pub(super) fn selected(article: &Element) -> Option<Rc<str>> {
    let text: HtmlElement = article.query_selector(".aw-text").ok()??.dyn_into().ok()?;
    let selection = selection(article)?;
    let wanted: Vec<u8> = selection.bytes().filter(|byte| is_ink(*byte)).collect();
    if wanted.is_empty() || selection.len() > LONGEST {
        return None;
    }
    // Engines do not agree on whose a selection in a shadow root is; its words are the same for all, but for
    // the spaces between them.
    let text = text.inner_text();
    let bytes = text.as_bytes();
    let is_edge = |at: usize| bytes.get(at).is_none_or(|byte| !is_ink(*byte));
    let mut found = None;
    for start in 0..bytes.len() {
        let Some(end) = match_at(bytes, start, &wanted) else { continue };
        let begins = is_edge(start.wrapping_sub(1));
        if begins && is_edge(end) {
            return text.get(start..end).map(Rc::from);
        }
        found = found.or(Some((start, end)));
    }
    let (mut start, mut end) = found?;
    while !is_edge(start.wrapping_sub(1)) {
        start -= 1;
    }
    while !is_edge(end) {
        end += 1;
    }
    text.get(start..end).map(Rc::from)
}

/// Where the wanted bytes end that begin at `start`, whatever spaces stand between them.
fn match_at(bytes: &[u8], start: usize, wanted: &[u8]) -> Option<usize> {
    let mut end = start;
    for byte in wanted {
        while end > start && bytes.get(end).is_some_and(|byte| !is_ink(*byte)) {
            end += 1;
        }
        if bytes.get(end) != Some(byte) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// Whether a byte of UTF-8 is of anything but a space.
fn is_ink(byte: u8) -> bool {
    byte > b' '
}

/// The selected words: by the shadow root, where it can tell.
fn selection(article: &Element) -> Option<String> {
    let root = JsValue::from(article.get_root_node());
    let owner = if dom::has(&root, "getSelection") { root } else { dom::window().into() };
    let ask: Function = Reflect::get(&owner, &"getSelection".into()).ok()?.dyn_into().ok()?;
    let selection = ask.call0(&owner).ok()?;
    let write: Function = Reflect::get(&selection, &"toString".into()).ok()?.dyn_into().ok()?;
    write.call0(&selection).ok()?.as_string()
}
