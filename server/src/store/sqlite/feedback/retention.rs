//! Feedback that has been kept long enough, and what is gone through when a backup was put in place.

use rusqlite::{Connection, params};

use crate::clock::UnixSeconds;
use crate::store::sqlite::{SqliteStore, connection};
use crate::store::{LetterNo, SecretHash, StoreError};

/// Letters in one commit: a few milliseconds of work, so that views go in between.
const PIECE: usize = 100;

/// What opens the feedback after that number.
pub(super) fn secrets(
    connection: &Connection,
    after: LetterNo,
    limit: u32,
) -> Result<Vec<(LetterNo, SecretHash)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "/* feedback_secrets */
         select no, secret_hash from feedback where no > ?1 order by no limit ?2",
    )?;
    let rows = statement.query_map(params![after, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Erases what is older, piece by piece, in the log too.
pub(super) async fn forget(store: &SqliteStore, before: UnixSeconds) -> Result<usize, StoreError> {
    let mut all = 0;
    loop {
        let erased =
            store.writer.run(move |writer| forget_some(&writer.connection, before)).await?;
        all += erased;
        if erased < PIECE {
            break;
        }
    }
    if all > 0 {
        store
            .writer
            .run(|writer| {
                connection::truncate_log_if_possible(&writer.connection);
                Ok(())
            })
            .await?;
    }
    Ok(all)
}

fn forget_some(connection: &Connection, before: UnixSeconds) -> Result<usize, StoreError> {
    let sql = "/* forget_feedback */
        delete from feedback
        where no in (select no from feedback where at < ?1 order by at limit ?2)";
    Ok(connection.prepare_cached(sql)?.execute(params![before, PIECE])?)
}
