//! What the loader knows of the page around the widget.

use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;

use crate::contract::Embed;

/// The loader's account of the page. Every field may be missing, as under Trunk.
pub(super) struct Page {
    /// `src`: the URL of the embed's JSON.
    pub(super) src: String,
    /// `server`: where reports go; without it, to the embed's own.
    server: Option<String>,
    /// `lang`: the language to wait in.
    pub(super) lang: Rc<str>,
    /// `hydrate`: the element holds our own rendering, untouched.
    pub(super) hydrate: bool,
    /// `partner`: the partner's half of a share mark.
    pub(super) partner: Option<Rc<str>>,
    /// `page`: the page's URL, origin and path.
    pub(super) url: String,
    /// `view`: the id of this view.
    pub(super) view: String,
    /// `viewed`: kept once the view was counted.
    pub(super) viewed: Option<Promise>,
    notify: Option<Function>,
}

impl Page {
    /// Reads the loader's object.
    pub(super) fn read(object: &JsValue) -> Self {
        let get = |key: &str| Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED);
        let text = |key: &str| get(key).as_string();
        Self {
            src: text("src").unwrap_or_default(),
            server: text("server"),
            lang: text("lang").unwrap_or_default().into(),
            hydrate: get("hydrate").is_truthy(),
            partner: text("partner").map(Rc::from),
            url: text("page").unwrap_or_default(),
            view: text("view").unwrap_or_default(),
            viewed: get("viewed").dyn_into().ok(),
            notify: get("notify").dyn_into().ok(),
        }
    }

    /// The URL of `path` on the server that the page speaks to. The loader's, where there is one: the
    /// host's policy may know no other.
    pub(super) fn server_url(&self, embed: &Embed, path: &str) -> String {
        [self.server.as_deref().unwrap_or(&embed.public_url), path].concat()
    }

    /// Tells the loader, which tells the host page: an event's name and one word about it.
    pub(super) fn notify(&self, event: &str, word: &str) {
        if let Some(notify) = &self.notify {
            // What a host page does with an event is its own affair, its failures too.
            let _ = notify.call2(&JsValue::UNDEFINED, &event.into(), &word.into());
        }
    }
}
