//! The server as its clients see it: a real listener, a real database, one module per resource.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod admin;
mod articles;
mod assets;
mod backup;
mod backup_under_load;
mod bulk;
mod busy;
#[path = "../postgres/cluster.rs"]
#[allow(dead_code, reason = "xtask uses the rest of it")]
mod cluster;
mod crash;
mod deploy;
mod elsewhere;
mod embed;
mod erasure;
mod everywhere;
mod failover;
mod faults;
mod feedback;
mod feedback_page;
mod fetch;
#[path = "../files/mod.rs"]
mod files;
mod formats;
mod fuzz;
mod handover;
mod images;
mod inflation;
mod languages;
mod leaving;
mod letter;
mod letters;
mod limits;
mod listing;
mod load;
mod logs;
mod mail;
mod media;
mod metrics;
mod most_read;
mod oembed;
mod page;
mod partners;
#[path = "../postgres/mod.rs"]
mod postgres;
mod privacy;
mod process;
mod proof;
mod publishing;
mod rating;
mod reports;
mod republish;
#[path = "../../../tests/support/seed.rs"]
mod seed;
mod self_check;
mod share;
mod spam;
mod sql;
mod stats;
mod support;
mod sync;
mod tokens;
mod traces;
mod transport;
