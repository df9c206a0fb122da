//! Asks for the list again when the reader comes near it, so that it is fresh when seen, and changes
//! before it is in view rather than under the reader's eyes.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How near is near.
const MARGIN: &str = "400px";

/// Calls once, when the list comes near.
pub(super) struct Near {
    observer: IntersectionObserver,
    _seen: Closure<dyn FnMut(Array, IntersectionObserver)>,
}

impl Near {
    /// Watches the list within `mount`; none where there is no list.
    pub(super) fn watch(mount: &Element, call: impl FnOnce() + 'static) -> Option<Self> {
        let list = mount.query_selector(".aw-most-read").ok()??;
        let mut call = Some(call);
        let seen = Closure::<dyn FnMut(Array, IntersectionObserver)>::new(
            move |entries: Array, observer: IntersectionObserver| {
                let near = entries.iter().any(|entry| {
                    entry.unchecked_into::<IntersectionObserverEntry>().is_intersecting()
                });
                if near && let Some(call) = call.take() {
                    observer.disconnect();
                    call();
                }
            },
        );
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let observer =
            IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok()?;
        observer.observe(&list);
        Some(Self { observer, _seen: seen })
    }
}

impl Drop for Near {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
