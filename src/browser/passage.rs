//! The words of the article that the reader has selected. Nothing is listened to outside the widget: from the
//! moment a selection begins in the text it is looked at every so often, until it is gone.

use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::dom;

/// Between two looks, in milliseconds.
pub(super) const LOOK: u32 = 400;
/// No passage is longer, in bytes.
const LONGEST: usize = 2_000;

/// What is selected now, where it is words of the article.
pub(super) fn selected(mount: &Element) -> Option<Rc<str>> {
    let text = mount.query_selector(".aw-text").ok()??;
    let selection = selection(mount)?;
    let passage = selection.trim();
    let words = squeezed(passage);
    if words.is_empty() || passage.len() > LONGEST {
        return None;
    }
    // Engines do not agree on whose a selection in a shadow root is; its words are the same for all.
    let text = squeezed(&text.text_content().unwrap_or_default());
    text.windows(words.len()).any(|window| window == words).then(|| passage.into())
}

/// The selected words: by the shadow root, where it can tell.
fn selection(mount: &Element) -> Option<String> {
    let root = JsValue::from(mount.get_root_node());
    let owner = if dom::has(&root, "getSelection") { root } else { dom::window().into() };
    let ask: Function = Reflect::get(&owner, &"getSelection".into()).ok()?.dyn_into().ok()?;
    let selection = ask.call0(&owner).ok()?;
    let write: Function = Reflect::get(&selection, &"toString".into()).ok()?.dyn_into().ok()?;
    write.call0(&selection).ok()?.as_string()
}

/// Without its spaces: a selection has some between blocks, the text has none there.
fn squeezed(text: &str) -> Vec<u8> {
    text.bytes().filter(|byte| *byte > b' ').collect()
}
