//! The widget: an article in, HTML out. One component tree, compiled natively for the server and to
//! Wasm for the browser.
//!
//! Modules in reading order: [`contract`] (what crosses the wire), [`read`] (how a browser reads it), [`model`]
//! (what the component is given and what it tells), [`app`] (the component), [`components`] (one visible part
//! per file), [`mailto`] (a mail about an article), and in the browser `browser` (the only browser I/O).

pub mod app;
pub mod components;
pub mod contract;
pub mod mailto;
pub mod model;
pub mod read;

#[cfg(target_arch = "wasm32")]
pub mod browser;

/// Fingerprint of everything that decides what the component renders. A widget hydrates HTML only of
/// its own fingerprint.
pub const RENDER: &str = env!("ARTICLE_RENDER");
