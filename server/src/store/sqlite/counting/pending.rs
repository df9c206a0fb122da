//! Counters that are committed with the log, and that their tables do not have yet.
//!
//! A hot row takes many views between two times that it is written, and a group of views touches one
//! page of the log instead of one for each article. What is not written when a process ends is read
//! from the log by the next one.

use std::time::{Duration, Instant};

use rusqlite::Transaction;

use super::counters;
use crate::store::StoreError;
use crate::store::counting::counters::ViewCounters;

/// They are written with the next group when there are so many rows …
const ROWS: usize = 1000;
/// … or when the first of them is this old.
const AGE: Duration = Duration::from_millis(50);

/// The counters, and how far they and their tables are.
#[derive(Default)]
pub(super) struct Pending {
    counters: ViewCounters,
    /// Since when there are any.
    since: Option<Instant>,
    /// The last row of the log that is in the tables; none where that is not known.
    through: Option<i64>,
    /// The last row of the log that is in here or in the tables.
    last_row: i64,
}

impl Pending {
    /// Sees what another process has written: rows that it has put into the tables are not to be
    /// written again.
    pub(super) fn follow(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        let through: i64 = transaction
            .prepare_cached("/* tally_through */ select log_no from tally_through")?
            .query_row([], |row| row.get(0))?;
        if self.through != Some(through) {
            *self = Self { through: Some(through), last_row: through, ..Self::default() };
        }
        Ok(())
    }

    /// After a commit that failed: what is here may not be what the disk has.
    pub(super) fn invalidate(&mut self) {
        *self = Self::default();
    }

    /// The last row of the log that is in here or in the tables.
    pub(super) fn last_row(&self) -> i64 {
        self.last_row
    }

    /// Takes the counters of the log up to `last_row`.
    pub(super) fn add(&mut self, counters: &ViewCounters, last_row: i64) {
        if !counters.is_empty() {
            self.since.get_or_insert_with(Instant::now);
            self.counters.add(counters);
        }
        self.last_row = last_row;
    }

    /// Whether they should be written with the next group.
    pub(super) fn is_due(&self) -> bool {
        self.counters.len() >= ROWS || self.since.is_some_and(|since| since.elapsed() >= AGE)
    }

    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.counters.is_empty()
    }

    /// Writes all of them to their tables.
    pub(super) fn write(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        counters::add_views(transaction, &std::mem::take(&mut self.counters))?;
        transaction
            .prepare_cached("/* set_tally_through */ update tally_through set log_no = ?1")?
            .execute([self.last_row])?;
        self.since = None;
        self.through = Some(self.last_row);
        Ok(())
    }
}
