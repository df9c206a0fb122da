//! One table: made what the file has.

use std::collections::BTreeMap;

use anyhow::Context as _;
use futures_util::try_join;

use super::row::{Piece, Row, Side, Value};
use super::table::Shape;
use crate::store::{postgres, sqlite};

/// What became of a table in one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its name.
    pub table: &'static str,
    /// Rows of the file that were looked at.
    pub rows: u64,
    /// Those that were not there, or otherwise.
    pub written: u64,
    /// Rows of the database that the file has no more.
    pub removed: u64,
    /// Rows that refer to one which the file had only after its table was moved: for the next round.
    pub left: u64,
}

/// What one piece of a table has to become.
#[derive(Debug, Default)]
pub(in crate::store) struct Change {
    /// Keys that go.
    pub(in crate::store) removed: Vec<Vec<Value>>,
    /// Rows as they are to be.
    pub(in crate::store) written: Vec<Row>,
}

/// Walks a table on both sides.
pub(super) async fn merge(
    source: &sqlite::Source,
    target: &postgres::Target,
    shape: &Shape,
    is_last_round: bool,
) -> anyhow::Result<Moved> {
    let mut moved = Moved { table: shape.table.name, rows: 0, written: 0, removed: 0, left: 0 };
    let mut after: Option<Vec<Value>> = None;
    loop {
        let (from, to) = try_join!(
            source.piece(shape, after.as_deref()),
            target.piece(shape, after.as_deref())
        )?;
        let until = until(shape, &from, &to);
        let (have, want) = (up_to(shape, to, &until), up_to(shape, from, &until));
        let rows = want.len();
        let change = change(shape, have, want);
        let (written, removed) = (change.written.len() as u64, change.removed.len() as u64);
        moved.rows += rows as u64;
        let is_applied = target.apply(shape, change).await;
        if is_applied.with_context(|| format!("cannot move a piece of {}", shape.table.name))? {
            moved.written += written;
            moved.removed += removed;
        } else {
            anyhow::ensure!(!is_last_round, "a row of {} refers to none", shape.table.name);
            moved.left += written;
        }
        match until {
            Some(key) => after = Some(key),
            None => return Ok(moved),
        }
    }
}

/// As far as both pieces reach: the smaller of their last keys. None where both reach to the end.
fn until(shape: &Shape, from: &Piece, to: &Piece) -> Option<Vec<Value>> {
    let last = |piece: &Piece| {
        let row = piece.rows.last().filter(|_| !piece.is_last)?;
        Some(key(shape, row).to_vec())
    };
    match (last(from), last(to)) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

fn key<'a>(shape: &Shape, row: &'a Row) -> &'a [Value] {
    &row[..shape.table.key.len()]
}

type Rows = BTreeMap<Vec<Value>, Row>;

fn up_to(shape: &Shape, piece: Piece, until: &Option<Vec<Value>>) -> Rows {
    let is_within = |row: &Row| until.as_deref().is_none_or(|until| key(shape, row) <= until);
    let rows = piece.rows.into_iter().filter(is_within);
    rows.map(|row| (key(shape, &row).to_vec(), row)).collect()
}

fn change(shape: &Shape, mut have: Rows, want: Rows) -> Change {
    let mut change = Change::default();
    for (key, row) in want {
        match have.remove(&key) {
            Some(had) if had == row => continue,
            Some(_) if shape.table.replaces => change.removed.push(key),
            _ => {}
        }
        change.written.push(row);
    }
    change.removed.extend(have.into_keys());
    change
}
