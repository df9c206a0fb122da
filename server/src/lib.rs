//! The server of article-widget.
//!
//! Modules in reading order, which is also the way of the data: each group with what it rests on.

// Tests in here share files with those outside.
#[cfg(test)]
extern crate self as article_server;

// Tools.
pub mod clock;
pub mod jobs;
pub mod limiter;
pub mod number;
pub mod signing_key;
pub mod time;

// What an operator says.
pub mod cli;
pub mod config;
pub mod publisher;

// An article, and when readers may see it.
pub mod article;
pub mod malformed;
pub mod media;
mod plain;
pub mod reading;
pub mod revision;
pub mod visibility;

// In: from the publisher's files, or from elsewhere on the web, to the database.
pub mod fetch;
pub mod import;

pub mod bulk;
pub mod store;
pub mod sync;

pub mod images;

// Out: words and HTML.
pub mod messages;
pub mod render;

pub mod languages;

pub mod pages;

pub mod oembed;
pub mod qr;
pub mod share_mark;

// Who asks, and for whose page.
pub mod bots;
pub mod client;
pub mod partners;

// What partners are given, and what became of it in their pages.
pub mod checker;
pub mod snippets;

// Back: what readers read.
pub mod most_read;
pub mod tally;

// Back: what readers write.
pub mod erasures;
pub mod feedback;
pub mod forms;
pub mod proof;
pub mod ratings;
pub mod retention;
pub mod rush;

// Out again: what reaches people and programs by itself.
pub mod announcer;
pub mod mails;
pub mod operator_key;
pub mod outbox;
pub mod send_article;
pub mod suppression;

// The publisher's people and programs.
pub mod admin;
pub mod authorisation;
pub mod export;
pub mod leaving;
pub mod password;
pub mod people;
pub mod publishing;
pub mod search;
pub mod token;

// What an operator asks before all that is started.
mod salts;
pub mod self_check;

// Serving: one process, its routes, and what they share.
pub mod serve;

pub mod router;

pub mod handlers;
pub mod openapi;
pub mod state;

pub mod accept_language;
pub mod asked;
pub mod assets;
pub mod body;
pub mod cache;
pub mod conditions;
pub mod embeds;
pub mod encoding;
pub mod metrics;
pub mod middleware;
pub mod problem;
pub mod query;
pub mod request_id;
pub mod traces;
