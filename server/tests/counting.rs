//! What counts, proven on a real file: windows, restarts, privacy, concurrency, a full disk.
//!
//! Time is only ever what a test says it is.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

#[path = "counting/backup.rs"]
mod backup;
#[path = "counting/calendar.rs"]
mod calendar;
#[path = "counting/clock.rs"]
mod clock;
#[path = "counting/disk.rs"]
mod disk;
#[path = "counting/figures.rs"]
mod figures;
#[path = "counting/many.rs"]
mod many;
#[path = "counting/most_read.rs"]
mod most_read;
#[path = "counting/partners.rs"]
mod partners;
mod postgres;
#[path = "counting/privacy.rs"]
mod privacy;
#[path = "counting/stats.rs"]
mod stats;
#[path = "counting/support.rs"]
mod support;
#[path = "counting/tally.rs"]
mod tally;
#[path = "counting/windows.rs"]
mod windows;
