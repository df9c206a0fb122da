//! The server as its clients see it: a real listener, a real database, one module per resource.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod admin;
mod articles;
mod assets;
mod backup;
mod busy;
mod crash;
mod embed;
mod erasure;
mod feedback;
mod feedback_page;
mod fetch;
mod images;
mod inflation;
mod letter;
mod letters;
mod listing;
mod mail;
mod media;
mod most_read;
mod page;
mod partners;
mod privacy;
mod process;
mod proof;
mod publishing;
mod rating;
mod reports;
mod share;
mod spam;
mod stats;
mod support;
mod tokens;
mod transport;
