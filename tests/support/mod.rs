//! What the browser tests stand on: a publisher, a partner on another origin, and a real browser.
//!
//! Modules in reading order: [`world`] (all of it, for one test), [`page`] (a page in a browser, and
//! what can be asked of it), [`driver`] (the browser), [`publisher`] with its [`release`]s,
//! [`partner`], [`relay`] (the network between them and the browser), [`early`] (scripts before a page's own),
//! [`cookies`] (as an engine takes them without HTTPS).

pub(crate) mod cookies;
pub(crate) mod driver;
pub(crate) mod early;
pub(crate) mod page;
pub(crate) mod partner;
pub(crate) mod publisher;
pub(crate) mod relay;
pub(crate) mod release;
pub(crate) mod world;
