//! The registry of partners. Those that count something are made in `counting`.

use rusqlite::{Connection, Row, params};

use crate::clock::UnixSeconds;
use crate::share_mark::partner_mark;
use crate::store::{Partner, Standing, StoreError};

/// Every partner, by the time it was first seen; not the pages that are not told.
pub(super) fn list(connection: &Connection) -> Result<Vec<Partner>, StoreError> {
    let mut statement = connection.prepare_cached(
        "/* partners */
         select origin, standing, first_seen from partner where origin <> ''
         order by first_seen, no",
    )?;
    let partners = statement.query_map([], read)?;
    Ok(partners.collect::<rusqlite::Result<_>>()?)
}

/// Says what the publisher holds of this origin, which is made known where it is not.
pub(super) fn set(
    connection: &Connection,
    origin: &str,
    standing: Standing,
    at: UnixSeconds,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "/* set_partner */
             insert into partner (origin, mark, first_seen, standing) values (?1, ?2, ?3, ?4)
             on conflict (origin) do update set standing = excluded.standing",
        )?
        .execute(params![origin, partner_mark(origin), at, standing.as_str()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Partner> {
    let standing = row.get_ref(1)?.as_str()?;
    let unknown = || rusqlite::types::FromSqlError::Other(format!("standing {standing:?}").into());
    Ok(Partner {
        origin: row.get(0)?,
        standing: Standing::parse(standing).ok_or_else(unknown)?,
        first_seen: row.get(2)?,
    })
}
