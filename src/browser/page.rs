//! What JavaScript knows of the page around the widget.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;

use crate::contract::{Embed, Heading};

/// An object. Every field may be missing, as under Trunk:
///
/// - `src`: the URL of the embed's JSON; `lang`: the language to wait for it in;
/// - `server`: where reports go; without it, to the embed's own;
/// - `page`: the page's URL, origin and path; `partner`: the partner's half of a share mark;
/// - `hydrate`: what is there is our own rendering, untouched;
/// - `view`: the id of this view; `viewed`: a promise that is kept once the view was counted;
/// - `notify`, `ready`, `form`: what to call, see below.
pub(super) struct Page(JsValue);

impl Page {
    /// Of JavaScript's object.
    pub(super) fn new(object: JsValue) -> Self {
        Self(object)
    }

    /// A field that is a text; an empty one where there is none.
    pub(super) fn text(&self, key: &str) -> String {
        self.get(key).as_string().unwrap_or_default()
    }

    /// The partner's half of a share mark; none on the publisher's own pages.
    pub(super) fn partner(&self) -> Option<String> {
        self.get("partner").as_string()
    }

    /// Whether what is there may be hydrated.
    pub(super) fn hydrate(&self) -> bool {
        self.get("hydrate").is_truthy()
    }

    /// Kept once the view was counted.
    pub(super) fn viewed(&self) -> Option<Promise> {
        self.get("viewed").dyn_into().ok()
    }

    /// The URL of `path` on the server that the page speaks to. The loader's, where there is one: the
    /// host's policy may know no other.
    pub(super) fn server_url(&self, embed: &Embed<Heading>, path: &str) -> String {
        let server = self.get("server").as_string();
        [server.as_deref().unwrap_or(&embed.public_url), path].concat()
    }

    /// Tells the loader, which tells the host page: an event's name and one word about it.
    pub(super) fn notify(&self, event: &str, word: &str) {
        self.call("notify", &event.into(), &word.into());
    }

    /// Says that the text of this answer is there.
    pub(super) fn ready(&self, answer: &JsValue) {
        self.call("ready", answer, &JsValue::UNDEFINED);
    }

    /// Asks for the form of that name, which is the second module's: to open it, or to put it away; with words of the
    /// article to open it, to be about them.
    pub(super) fn form(&self, name: &str, about: Option<&str>) {
        self.call("form", &name.into(), &about.map(JsValue::from).unwrap_or_default());
    }

    fn call(&self, key: &str, first: &JsValue, second: &JsValue) {
        if let Ok(function) = self.get(key).dyn_into::<Function>() {
            // What a host page does with what it is told is its own affair, its failures too.
            let _ = function.call2(&JsValue::UNDEFINED, first, second);
        }
    }

    fn get(&self, key: &str) -> JsValue {
        Reflect::get(&self.0, &key.into()).unwrap_or_default()
    }
}
