//! Released assets, of every version that this installation ever ran.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::store::{Asset, Release, StoreError, sum};

/// Keeps what is not there yet: a version never changes. One of its files that is damaged is put right.
pub(super) fn save(connection: &mut Connection, release: &Release) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    sum_up(&transaction)?;
    for asset in &release.assets {
        match find(&transaction, &release.version, &asset.name) {
            Ok(Some(_)) => {}
            Ok(None) => put(&transaction, &release.version, asset)?,
            Err(StoreError::Damaged(cause)) => {
                tracing::warn!(%cause, "a damaged file of this release is put right");
                put(&transaction, &release.version, asset)?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(transaction.commit()?)
}

fn put(connection: &Connection, version: &str, asset: &Asset) -> Result<(), StoreError> {
    let Asset { name, media_type, identity, gzip, brotli } = asset;
    connection
        .prepare_cached(
            "/* save_asset */
             insert or replace into asset (version, name, media_type, identity, gzip, brotli, sum)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![version, name, media_type, identity, gzip, brotli, asset.sum()])?;
    Ok(())
}

/// One file of one version.
pub(super) fn find(
    connection: &Connection,
    version: &str,
    name: &str,
) -> Result<Option<Asset>, StoreError> {
    let found = connection
        .prepare_cached(
            "/* find_asset */
             select name, media_type, identity, gzip, brotli, sum from asset
             where version = ?1 and name = ?2",
        )?
        .query_row([version, name], |row| Ok((asset(row)?, row.get(5)?)))
        .optional()?;
    let Some((asset, kept)) = found else { return Ok(None) };
    let kept: Option<Vec<u8>> = kept;
    sum::check(asset.sum(), kept.as_deref(), &format!("{version}/{name}"))?;
    Ok(Some(asset))
}

fn asset(row: &Row<'_>) -> rusqlite::Result<Asset> {
    Ok(Asset {
        name: row.get(0)?,
        media_type: row.get(1)?,
        identity: row.get(2)?,
        gzip: row.get(3)?,
        brotli: row.get(4)?,
    })
}

/// Gives files their sums that were kept before there were any.
fn sum_up(connection: &Connection) -> Result<(), StoreError> {
    let mut without = connection.prepare(
        "/* assets_without_sum */
         select name, media_type, identity, gzip, brotli, version from asset where sum is null",
    )?;
    let mut rows = without.query([])?;
    let mut sums = Vec::new();
    while let Some(row) = rows.next()? {
        let (asset, version): (_, String) = (asset(row)?, row.get(5)?);
        sums.push((version, asset.sum(), asset.name));
    }
    for (version, sum, name) in sums {
        connection
            .prepare_cached(
                "/* sum_up_asset */ update asset set sum = ?3 where version = ?1 and name = ?2",
            )?
            .execute(params![version, name, sum])?;
    }
    Ok(())
}

/// What is wrong with the files of all releases.
pub(super) fn damaged(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut all = connection.prepare("/* assets */ select version, name from asset")?;
    let all = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut damaged = Vec::new();
    for asset in all {
        let (version, name): (String, String) = asset?;
        sum::note_damage(find(connection, &version, &name), &mut damaged)?;
    }
    Ok(damaged)
}
