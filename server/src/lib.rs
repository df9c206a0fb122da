//! The server of article-widget.
//!
//! Modules in reading order, which is also the way of the data: `config`, `import`, [`store`],
//! `render`, `router` with its `handlers`, `tally`, and what they share.

pub mod article;
pub mod assets;
pub mod body;
pub mod bots;
pub mod cache;
pub mod cli;
pub mod client;
pub mod clock;
pub mod config;
pub mod embeds;
pub mod encoding;
pub mod feedback;
pub mod forms;
pub mod handlers;
pub mod import;
pub mod jobs;
pub mod limiter;
pub mod messages;
pub mod middleware;
pub mod most_read;
pub mod pages;
pub mod problem;
pub mod render;
pub mod router;
pub mod serve;
pub mod state;
pub mod store;
pub mod tally;
pub mod time;
pub mod visibility;
