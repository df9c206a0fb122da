//! Small questions to the browser.

use gloo::timers::callback::Timeout;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, Navigator, Window};

pub(super) fn window() -> Window {
    web_sys::window().expect("a widget runs in a window")
}

pub(super) fn navigator() -> Navigator {
    window().navigator()
}

/// Whether an object has a member at all; plain-http pages lack many.
pub(super) fn has(object: &JsValue, member: &str) -> bool {
    Reflect::get(object, &member.into()).is_ok_and(|value| !value.is_undefined())
}

/// Whether the page can be seen now.
pub(super) fn is_visible() -> bool {
    window().document().is_some_and(|document| !document.hidden())
}

/// Moves the focus to the first element that matches, where there is one.
pub(super) fn focus(within: &Element, selector: &str) {
    if let Ok(Some(element)) = within.query_selector(selector)
        && let Ok(element) = element.dyn_into::<HtmlElement>()
    {
        // An element that cannot take the focus leaves it where it was.
        let _ = element.focus();
    }
}

/// The widget's outermost element, of one of its parts.
pub(super) fn article(part: &Element) -> Element {
    part.closest(".aw").ok().flatten().unwrap_or_else(|| part.clone())
}

/// What was typed into the first field that matches; nothing where there is none.
pub(super) fn typed(within: &Element, selector: &str) -> String {
    let field = within.query_selector(selector).ok().flatten();
    let value = field.and_then(|field| Reflect::get(&field, &"value".into()).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Moves the focus after the next rendering.
pub(super) fn focus_later(within: &Element, selector: &str) {
    let (within, selector) = (within.clone(), selector.to_owned());
    Timeout::new(0, move || focus(&within, &selector)).forget();
}

/// Sets an attribute of the first element that matches, where there is one.
pub(super) fn set_attribute(within: &Element, selector: &str, name: &str, value: &str) {
    if let Ok(Some(element)) = within.query_selector(selector) {
        // Cannot fail: it is a name.
        let _ = element.set_attribute(name, value);
    }
}

/// Whether something that matches has the focus.
pub(super) fn has_focus(within: &Element, selector: &str) -> bool {
    within.query_selector(&[selector, ":focus"].concat()).is_ok_and(|found| found.is_some())
}

/// Sets a property of the first field that matches, where there is one.
pub(super) fn set(within: &Element, selector: &str, property: &str, value: &JsValue) {
    if let Ok(Some(field)) = within.query_selector(selector) {
        // Cannot fail: it is an element.
        let _ = Reflect::set(&field, &property.into(), value);
    }
}

/// An object without a prototype, so that nothing a host page put on `Object.prototype` becomes a field of it.
pub(super) fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::create(JsValue::NULL.unchecked_ref());
    for (key, value) in fields {
        // Cannot fail: the object is ours, and open.
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object
}

/// A new UUID, version 4. `crypto.randomUUID` is not there on plain-http pages.
pub(super) fn uuid() -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";

    let mut bytes = [0; 16];
    if let Ok(crypto) = window().crypto() {
        // Fails only beyond 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}
