//! The registry of partners. Those that count something are made in `counting`.

use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::sql::{execute, number, row, rows};
use crate::clock::UnixSeconds;
use crate::share_mark::partner_mark;
use crate::store::{Partner, PartnerNo, Standing, StoreError};

/// Every partner, by the time it was first seen; not the pages that are not told.
pub(super) async fn list(client: &Client) -> Result<Vec<Partner>, StoreError> {
    let sql = "/* partners */
        select origin, standing, first_seen from partner where origin <> ''
        order by first_seen, no";
    rows(client, sql, &[]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Partner, StoreError> {
    let standing: &str = row.try_get(1)?;
    let unknown = || StoreError::Other(anyhow::anyhow!("standing {standing:?}"));
    Ok(Partner {
        origin: row.try_get(0)?,
        standing: Standing::parse(standing).ok_or_else(unknown)?,
        first_seen: row.try_get(2)?,
    })
}

/// Says what the publisher holds of this origin, which is made known where it is not.
pub(super) async fn set(
    client: &Client,
    origin: &str,
    standing: Standing,
    at: UnixSeconds,
) -> Result<(), StoreError> {
    let sql = "/* set_partner */
        insert into partner (origin, mark, first_seen, standing) values ($1, $2, $3, $4)
        on conflict (origin) do update set standing = excluded.standing";
    execute(client, sql, &[&origin, &partner_mark(origin), &at, &standing.as_str()]).await?;
    Ok(())
}

/// The number of the partner with this origin.
pub(super) async fn no(client: &Client, origin: &str) -> Result<Option<PartnerNo>, StoreError> {
    let sql = "/* partner_no */ select no from partner where origin = $1";
    row(client, sql, &[&origin]).await?.map(|row| number(&row, 0)).transpose()
}

/// The origin that a share mark (`f-1x3k9a`) or its partner's half (`1x3k9a`) stands for; the one seen first
/// where two have the same.
pub(super) async fn by_mark(client: &Client, mark: &str) -> Result<Option<String>, StoreError> {
    let partner = mark.rsplit('-').next().unwrap_or_default();
    let sql = "/* partner_by_mark */
        select origin from partner where mark = $1 and origin <> '' order by no limit 1";
    let found = row(client, sql, &[&partner]).await?;
    Ok(found.map(|row| row.try_get(0)).transpose()?)
}
