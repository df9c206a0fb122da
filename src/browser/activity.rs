//! Notices that a person is there: one call for the first sign after each [`listen`], and nothing at
//! all while nobody moves.

use gloo::events::{EventListener, EventListenerOptions};

use super::dom;

const SIGNS: [&str; 4] = ["scroll", "pointermove", "touchmove", "keydown"];

/// Calls `call` at a sign of life, at most once for each kind of sign.
pub(super) fn listen(call: impl Fn() + Clone + 'static) -> Vec<EventListener> {
    let window = dom::window();
    SIGNS
        .iter()
        .map(|sign| {
            let call = call.clone();
            // In the capturing phase: what scrolls may be a box of the host's.
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::once_with_options(&window, *sign, options, move |_| call())
        })
        .collect()
}
