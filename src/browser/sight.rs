//! Watches what of an element is in view: the browser's own observer, which knows of frames too.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

use super::dom;

type OnEntries = dyn FnMut(Array, IntersectionObserver);

/// Watches until it is dropped.
pub(super) struct Sight {
    observer: IntersectionObserver,
    _call: Closure<OnEntries>,
}

impl Sight {
    /// Calls at the beginning and whenever one of `steps` (shares of the element, 0 to 1) comes into
    /// view or leaves it; `margin`, in pixels, is what counts as view beyond the window.
    pub(super) fn watch(
        element: &Element,
        steps: impl IntoIterator<Item = f64>,
        margin: &str,
        mut call: impl FnMut(&IntersectionObserverEntry) + 'static,
    ) -> Option<Self> {
        let on_entries = Closure::<OnEntries>::new(move |entries: Array, _| {
            if let Some(last) = entries.iter().last() {
                call(last.unchecked_ref());
            }
        });
        let steps: Array = steps.into_iter().map(JsValue::from_f64).collect();
        let options = dom::object(&[("rootMargin", margin.into()), ("threshold", steps.into())]);
        let function = on_entries.as_ref().unchecked_ref();
        let observer =
            IntersectionObserver::new_with_options(function, options.unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _call: on_entries })
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
