//! The dedupe windows on disk: rows appended in order, read back in order.
//!
//! Rows are numbered by hand, one after another, so that a process sees by the number alone what
//! another one, say its successor, has appended in the meantime.

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};

use super::windows::{
    Change, CountedReader, ID_LIFE, READER_LIFE, ShareSeen, ShareWindow, ViewSeen, ViewWindows,
};
use crate::store::StoreError;

/// Rows erased in one transaction: some milliseconds of work.
const PIECE: u32 = 5000;

/// Takes the rows into `windows` that it does not have yet: after a start, what they hold of the log.
pub(super) fn read_views(
    transaction: &Transaction<'_>,
    windows: &mut ViewWindows,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "/* read_view_log */
         select no, day, at, view, article, partner, reader, counted, seconds, depth
         from view_log
         where no > ?1 and at > (select at from view_log order by no desc limit 1) - ?2
         order by no",
    )?;
    let mut rows = statement.query([windows.last_row, READER_LIFE])?;
    while let Some(row) = rows.next()? {
        windows.apply_one(&read_change(row)?);
        windows.last_row = row.get(0)?;
    }
    Ok(())
}

/// Appends rows after `last_row`; gives the last one's number.
pub(super) fn append_views(
    transaction: &Transaction<'_>,
    last_row: i64,
    changes: &[Change],
) -> Result<i64, StoreError> {
    let mut append = transaction.prepare_cached(
        "/* append_view_log */
         insert into view_log
             (no, day, at, view, article, partner, reader, counted, seconds, depth)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    let mut no = last_row;
    for Change { seen, day, reader } in changes {
        no += 1;
        let reader = match reader {
            Some(CountedReader::Keyed(key)) => Some(key),
            // Never on disk.
            Some(CountedReader::Private(_)) | None => None,
        };
        append.execute(params![
            no,
            day,
            seen.at,
            seen.view,
            seen.article,
            seen.partner,
            reader,
            seen.counted,
            seen.seconds,
            seen.depth,
        ])?;
    }
    Ok(no)
}

/// Takes the rows into `window` that it does not have yet.
pub(super) fn read_shares(
    transaction: &Transaction<'_>,
    window: &mut ShareWindow,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "/* read_share_log */
         select no, at, share from share_log
         where no > ?1 and at > (select at from share_log order by no desc limit 1) - ?2
         order by no",
    )?;
    let mut rows = statement.query([window.last_row, ID_LIFE])?;
    while let Some(row) = rows.next()? {
        window.apply_one(ShareSeen { at: row.get(1)?, share: row.get(2)? });
        window.last_row = row.get(0)?;
    }
    Ok(())
}

/// Appends rows after `last_row`; gives the last one's number.
pub(super) fn append_shares(
    transaction: &Transaction<'_>,
    last_row: i64,
    shares: &[ShareSeen],
) -> Result<i64, StoreError> {
    let mut append = transaction.prepare_cached(
        "/* append_share_log */ insert into share_log (no, at, share) values (?1, ?2, ?3)",
    )?;
    let mut no = last_row;
    for ShareSeen { at, share } in shares {
        no += 1;
        append.execute(params![no, at, share])?;
    }
    Ok(no)
}

/// Erases a piece of what days before `day` have left, and days after tomorrow where a clock was ahead
/// (`day` is yesterday's): whether there may be more of it.
pub(in crate::store::sqlite) fn forget(
    connection: &mut Connection,
    day: i64,
) -> Result<bool, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // The oldest come first, so that the piece at the beginning is the one to look at.
    let views = transaction
        .prepare_cached(
            "/* forget_views */
             delete from view_log
             where (day < ?1 or day > ?1 + 2)
               and no in (select no from view_log order by no limit ?2)",
        )?
        .execute(params![day, PIECE])?;
    // A day here begins at midnight in UTC, which is near enough: these rows hold no reader.
    let shares = transaction
        .prepare_cached(
            "/* forget_shares */
             delete from share_log
             where (at < (?1 - 1) * 86400 or at > (?1 + 4) * 86400)
               and no in (select no from share_log order by no limit ?2)",
        )?
        .execute(params![day, PIECE])?;
    transaction.commit()?;
    Ok(views + shares > 0)
}

fn read_change(row: &Row<'_>) -> rusqlite::Result<Change> {
    Ok(Change {
        seen: ViewSeen {
            at: row.get(2)?,
            view: row.get(3)?,
            article: row.get(4)?,
            partner: row.get(5)?,
            counted: row.get(7)?,
            seconds: row.get(8)?,
            depth: row.get(9)?,
        },
        day: row.get(1)?,
        reader: row.get::<_, Option<[u8; 16]>>(6)?.map(CountedReader::Keyed),
    })
}
