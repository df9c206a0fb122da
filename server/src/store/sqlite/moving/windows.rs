//! The dedupe windows as tables, made of the log.

use rusqlite::{Connection, Statement, params};

use crate::store::StoreError;
use crate::store::counting::windows::{Change, CountedReader, REPEAT_LIFE};
use crate::store::sqlite::counting;

/// Makes them, as the log is now.
pub(super) fn make(connection: &mut Connection) -> Result<(), StoreError> {
    connection.execute_batch(MAKE)?;
    let transaction = connection.transaction()?;
    {
        let mut filling = Filling {
            views: transaction.prepare(ADD_VIEW)?,
            readers: transaction.prepare(ADD_READER)?,
            crowd: transaction.prepare(ADD_TO_CROWD)?,
        };
        counting::each_change(&transaction, 0, |change| filling.add(change))?;
    }
    transaction.execute(ADD_SHARES, [])?;
    Ok(transaction.commit()?)
}

struct Filling<'a> {
    views: Statement<'a>,
    readers: Statement<'a>,
    crowd: Statement<'a>,
}

impl Filling<'_> {
    /// As the windows in memory take it.
    fn add(&mut self, Change { seen, day, reader, place }: &Change) -> Result<(), StoreError> {
        self.views.execute(params![
            seen.view,
            seen.at,
            seen.article,
            seen.partner,
            seen.counted,
            seen.seconds,
            seen.depth,
            seen.deep
        ])?;
        if let Some(CountedReader::Keyed(key)) = reader {
            self.readers.execute(params![seen.article, key, day, seen.at, REPEAT_LIFE])?;
        }
        if let Some(place) = place {
            self.crowd.execute(params![day, seen.article, [0_u8; 0]])?;
            self.crowd.execute(params![day, seen.article, place])?;
        }
        Ok(())
    }
}

const MAKE: &str = "/* make_windows */
    create temp table view_seen (
        view blob primary key, at integer, article integer, partner integer, counted integer, seconds integer,
        depth integer, deep integer) without rowid;
    create temp table reader_seen (
        article integer, reader blob, day integer, since integer, counted integer,
        primary key (article, reader)) without rowid;
    create temp table crowd (
        day integer, article integer, place blob, readers integer,
        primary key (day, article, place)) without rowid;
    create temp table share_seen (share blob primary key, at integer) without rowid;";

const ADD_VIEW: &str = "/* add_view_seen */
    insert or replace into temp.view_seen (view, at, article, partner, counted, seconds, depth, deep)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// A half hour begins with the first view after the one before it.
const ADD_READER: &str = "/* add_reader_seen */
    insert into temp.reader_seen (article, reader, day, since, counted) values (?1, ?2, ?3, ?4, 1)
    on conflict (article, reader) do update set
        day = excluded.day,
        since = iif(abs(excluded.since - since) < ?5, since, excluded.since),
        counted = iif(abs(excluded.since - since) < ?5, counted + 1, 1)";

const ADD_TO_CROWD: &str = "/* add_to_crowd */
    insert into temp.crowd (day, article, place, readers) values (?1, ?2, ?3, 1)
    on conflict (day, article, place) do update set readers = readers + 1";

const ADD_SHARES: &str = "/* add_shares_seen */
    insert into temp.share_seen (share, at) select share, max(at) from share_log group by share";
