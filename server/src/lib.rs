//! The server of article-widget.
//!
//! Modules in reading order, which is also the way of the data: `config`, `import`, [`store`],
//! `render`, `router` with its `handlers`, `tally`, and what they share.

pub mod article;
pub mod store;
