//! What fuzzers run: see [`targets`].

pub mod targets;
