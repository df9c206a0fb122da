//! The dedupe windows on disk, and the counters until their tables have them: rows appended in order,
//! read back in order.
//!
//! Rows are numbered by hand, one after another, so that a process sees by the number alone what
//! another one, say its successor, has appended in the meantime.

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::pending::Pending;
use super::{ArticleNo, PartnerNo};
use crate::clock::UnixSeconds;
use crate::store::counting::counters::ViewCounters;
use crate::store::counting::windows::{
    Change, CountedReader, ID_LIFE, READER_LIFE, ShareSeen, ShareWindow, ViewSeen, ViewWindows,
};
use crate::store::{PlaceKey, ReaderKey, StoreError};

/// Rows erased in one transaction: some milliseconds of work.
const PIECE: u32 = 500;

/// A [`Change`] on disk. No field is ever taken away or moved; the format is postcard's.
#[derive(Serialize, Deserialize)]
struct Entry {
    view: [u8; 16],
    at: UnixSeconds,
    article: ArticleNo,
    partner: PartnerNo,
    counted: bool,
    seconds: u32,
    depth: u8,
    deep: bool,
    /// None where the view did not count, and for readers who ask not to be followed.
    reader: Option<ReaderKey>,
    /// The address of a reader who is new today.
    place: Option<PlaceKey>,
}

/// Takes the rows into `windows` that it does not have yet: after a start, what they hold of the log.
pub(super) fn read_views(
    transaction: &Transaction<'_>,
    windows: &mut ViewWindows,
) -> Result<(), StoreError> {
    let last_row = each_change(transaction, windows.last_row, |change| {
        windows.apply_one(change);
        Ok(())
    })?;
    windows.last_row = last_row.unwrap_or(windows.last_row);
    Ok(())
}

/// Calls `take` with each change of the rows after `last_row` that the windows still hold, in order. Gives the last
/// row's number, where there was one.
pub(in crate::store::sqlite) fn each_change(
    transaction: &Transaction<'_>,
    last_row: i64,
    mut take: impl FnMut(&Change) -> Result<(), StoreError>,
) -> Result<Option<i64>, StoreError> {
    let mut statement = transaction.prepare_cached(
        "/* read_view_log */
         select no, day, entries from view_log
         where no > ?1 and at > (select at from view_log order by no desc limit 1) - ?2
         order by no",
    )?;
    let mut rows = statement.query([last_row, READER_LIFE])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let day = row.get(1)?;
        for entry in decode::<Vec<Entry>>(row, 2)? {
            take(&entry.into_change(day))?;
        }
        last = Some(row.get(0)?);
    }
    Ok(last)
}

/// Takes the counters into `pending` that neither it nor their tables have yet.
pub(super) fn read_counters(
    transaction: &Transaction<'_>,
    pending: &mut Pending,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "/* read_counters */ select no, counters from view_log where no > ?1 order by no",
    )?;
    let mut rows = statement.query([pending.last_row()])?;
    while let Some(row) = rows.next()? {
        let counters: ViewCounters = decode(row, 1)?;
        pending.add(&counters, row.get(0)?);
    }
    Ok(())
}

/// Appends what a group changed, up to the time `at`, after `last_row`: one row, or two over a midnight.
/// Gives the last row's number.
pub(super) fn append_views(
    transaction: &Transaction<'_>,
    last_row: i64,
    at: UnixSeconds,
    changes: &[Change],
    counters: &ViewCounters,
) -> Result<i64, StoreError> {
    let mut append = transaction.prepare_cached(
        "/* append_view_log */
         insert into view_log (no, day, at, entries, counters) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut no = last_row;
    let mut append = |day: i64, changes: &[Change], counters: &ViewCounters| {
        no += 1;
        let entries: Vec<Entry> = changes.iter().map(Entry::of).collect();
        append.execute(params![no, day, at, encode(&entries)?, encode(counters)?])?;
        Ok::<(), StoreError>(())
    };
    for changes in changes.chunk_by(|one, next| one.day == next.day) {
        append(changes[0].day, changes, &ViewCounters::default())?;
    }
    if !counters.is_empty() {
        // No reader is in it, so that it may stay a day longer than its own.
        append(at.div_euclid(86_400), &[], counters)?;
    }
    Ok(no)
}

/// Copies the log of the attached database `source` into this one's, but for whose views they were: the
/// ids stay, so that a view which is sent again still counts once.
pub(in crate::store::sqlite) fn copy_log_without_readers(
    transaction: &Transaction<'_>,
) -> Result<(), StoreError> {
    let mut source = transaction.prepare(
        "/* source_view_log */
         select no, day, at, entries, counters from source.view_log order by no",
    )?;
    let mut copy = transaction.prepare(
        "/* copy_view_log */
         insert into main.view_log (no, day, at, entries, counters) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut rows = source.query([])?;
    while let Some(row) = rows.next()? {
        let mut entries: Vec<Entry> = decode(row, 3)?;
        for entry in &mut entries {
            (entry.reader, entry.place) = (None, None);
        }
        let (no, day, at): (i64, i64, UnixSeconds) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let counters: Vec<u8> = row.get(4)?;
        copy.execute(params![no, day, at, encode(&entries)?, counters])?;
    }
    Ok(())
}

impl Entry {
    fn of(Change { seen, reader, place, .. }: &Change) -> Self {
        let (reader, place) = match reader {
            Some(CountedReader::Keyed(key)) => (Some(*key), *place),
            // Never on disk.
            Some(CountedReader::Private(_)) | None => (None, None),
        };
        Self {
            view: seen.view,
            at: seen.at,
            article: seen.article,
            partner: seen.partner,
            counted: seen.counted,
            seconds: seen.seconds,
            depth: seen.depth,
            deep: seen.deep,
            reader,
            place,
        }
    }

    fn into_change(self, day: i64) -> Change {
        Change {
            seen: ViewSeen {
                view: self.view,
                at: self.at,
                article: self.article,
                partner: self.partner,
                counted: self.counted,
                seconds: self.seconds,
                depth: self.depth,
                deep: self.deep,
            },
            day,
            reader: self.reader.map(CountedReader::Keyed),
            place: self.place,
        }
    }
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    postcard::to_allocvec(value).map_err(|error| StoreError::Other(error.into()))
}

fn decode<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, StoreError> {
    let bytes = row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from)?;
    postcard::from_bytes(bytes).map_err(|error| StoreError::Other(error.into()))
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
/// (`day` is yesterday's): whether there may be more of it. Counters that their tables do not have yet
/// stay.
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
               and no in (select no from view_log order by no limit ?2)
               and no <= (select log_no from tally_through)",
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
