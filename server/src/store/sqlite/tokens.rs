//! Tokens, by their hash.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::connection;
use crate::store::StoreError;
use crate::token::{Grant, Scope};

/// Keeps it: whether its name was free.
pub(super) fn save(
    connection: &Connection,
    grant: &Grant,
    hash: &[u8; 32],
) -> Result<bool, StoreError> {
    let saved = connection
        .prepare_cached(
            "/* save_token */
             insert into token (name, hash, scopes, created_at) values (?1, ?2, ?3, ?4)
             on conflict (name) do nothing",
        )?
        .execute(params![grant.name, hash, grant.scope_names(), grant.created_at])?;
    Ok(saved > 0)
}

/// What the token of this hash grants.
pub(super) fn find(connection: &Connection, hash: &[u8; 32]) -> Result<Option<Grant>, StoreError> {
    let found = connection
        .prepare_cached(
            "/* find_token */ select name, scopes, created_at from token where hash = ?1",
        )?
        .query_row([hash], read)
        .optional()?;
    Ok(found)
}

/// What every token grants, by name.
pub(super) fn list(connection: &Connection) -> Result<Vec<Grant>, StoreError> {
    let mut statement = connection.prepare_cached(
        "/* list_tokens */ select name, scopes, created_at from token order by name",
    )?;
    let grants = statement.query_map([], read)?;
    Ok(grants.collect::<rusqlite::Result<_>>()?)
}

/// Erases it, in the log too: whether there was one.
pub(super) fn revoke(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    let revoked = connection
        .prepare_cached("/* revoke_token */ delete from token where name = ?1")?
        .execute([name])?;
    if revoked > 0
        && let Err(error) = connection::truncate_log(connection)
    {
        // It opens nothing any more; the next turn of the log takes the remains.
        tracing::warn!(%error, "a revoked token's hash stays in the log for a while");
    }
    Ok(revoked > 0)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Grant> {
    // A scope that only a later version knows is none here.
    let scopes = row.get_ref(1)?.as_str()?.split(',').filter_map(Scope::parse).collect();
    Ok(Grant { name: row.get(0)?, scopes, created_at: row.get(2)? })
}
