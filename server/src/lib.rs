//! The server of article-widget.
//!
//! Modules in reading order, which is also the way of the data: each group with what it rests on.

// What an operator says.
pub mod cli;
pub mod config;

// An article, and when readers may see it.
pub mod article;
pub mod clock;
pub mod reading;
pub mod time;
pub mod visibility;

// In: from the publisher's files to the database.
pub mod import;
pub mod store;

// Out: words and HTML.
pub mod messages;
pub mod publisher;
pub mod render;

pub mod pages;

// Serving: one process, its routes, and what they share.
pub mod serve;

pub mod router;

pub mod handlers;
pub mod state;

pub mod assets;
pub mod body;
pub mod cache;
pub mod embeds;
pub mod encoding;
pub mod middleware;
pub mod problem;
pub mod qr;
pub mod query;

// Who may use what is not for everyone.
pub mod authorisation;
pub mod password;
pub mod people;
pub mod token;

// The publisher's own pages.
pub mod admin;
pub mod export;

// Back: what readers write, and what they read.
pub mod announcer;
pub mod erasures;
pub mod feedback;
pub mod forms;
pub mod proof;
pub mod ratings;
pub mod retention;
pub mod rush;

pub mod tally;

pub mod bots;
pub mod client;
pub mod most_read;
pub mod partners;
pub mod share_mark;

// Out again: what reaches people and programs by itself.
pub mod mails;
pub mod outbox;
pub mod send_article;
pub mod suppression;

// Tools.
pub mod jobs;
pub mod limiter;
pub mod search;
pub mod signing_key;
