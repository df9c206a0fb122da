//! Keys that this installation makes for itself.

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::connection;
use crate::signing_key::SigningKey;
use crate::store::{KeptSalt, StoreError};

/// The salt of `day`, `fresh` where there is none; those of days before `day - 1` are destroyed, in the log too, and those that a
/// clock asked for which was ahead.
pub(super) fn salt(
    connection: &mut Connection,
    day: i64,
    fresh: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction
        .prepare_cached("/* make_salt */ insert into salt values (?1, ?2) on conflict do nothing")?
        .execute(params![day, fresh])?;
    let destroyed = transaction
        // Yesterday's is asked for beside today's, also by a process whose day has not turned yet while
        // another's has: that one's stays.
        .prepare_cached("/* destroy_salts */ delete from salt where day < ?1 - 1 or day > ?1 + 2")?
        .execute([day])?;
    let salt = transaction
        .prepare_cached("/* salt */ select salt from salt where day = ?1")?
        .query_row([day], |row| row.get(0))?;
    transaction.commit()?;
    if destroyed > 0
        && let Err(error) = connection::truncate_log(connection)
    {
        tracing::warn!(%error, "a destroyed salt stays in the log for a while");
    }
    Ok(salt)
}

/// The salts of `day` and of later days; none where the tables are not made.
pub(super) fn salts_since(connection: &Connection, day: i64) -> Result<Vec<KeptSalt>, StoreError> {
    let is_made = "/* has_salts */ select count(*) from sqlite_schema where name = 'salt'";
    if connection.query_row(is_made, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(Vec::new());
    }
    let sql = "/* salts_since */ select day, salt from salt where day >= ?1 order by day";
    let mut salts = connection.prepare(sql)?;
    let read = |row: &Row<'_>| Ok(KeptSalt { day: row.get(0)?, bytes: row.get(1)? });
    Ok(salts.query_map([day], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The key that signs forms.
pub(super) fn signing_key(connection: &mut Connection) -> Result<SigningKey, StoreError> {
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh).map_err(|error| StoreError::Other(error.into()))?;
    connection
        .prepare_cached(
            "/* make_signing_key */ insert into signing_key values (1, ?1) on conflict do nothing",
        )?
        .execute([fresh])?;
    let key: [u8; 32] = connection
        .prepare_cached("/* signing_key */ select key from signing_key")?
        .query_row([], |row| row.get(0))?;
    Ok(key.into())
}
