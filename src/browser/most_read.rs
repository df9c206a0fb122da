//! Asks for the list again when the reader comes near it, so that it is fresh when seen, and changes
//! before it is in view rather than under the reader's eyes.

use web_sys::Element;

use super::sight::Sight;

/// How near is near, in pixels.
const MARGIN: &str = "400px";

/// Calls once, when the list within `place` comes near; none where there is no list.
pub(super) fn when_near(place: &Element, call: impl FnOnce() + 'static) -> Option<Sight> {
    let list = place.query_selector(".aw-most-read").ok()??;
    let mut call = Some(call);
    Sight::watch(&list, [0.0], MARGIN, move |entry| {
        if entry.is_intersecting()
            && let Some(call) = call.take()
        {
            call();
        }
    })
}
