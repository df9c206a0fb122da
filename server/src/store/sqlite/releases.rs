//! Released assets, of every version that this installation ever ran.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::store::{Asset, Release, StoreError};

/// Keeps what is not there yet: a version never changes. Nothing is written where all of it is.
pub(super) fn save(connection: &mut Connection, release: &Release) -> Result<(), StoreError> {
    let sql = "/* count_assets */ select count(*) from asset where version = ?1";
    let kept: usize = connection.query_row(sql, [&release.version], |row| row.get(0))?;
    if kept == release.assets.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for asset in &release.assets {
        transaction
            .prepare_cached(
                "/* save_asset */
                 insert into asset (version, name, media_type, identity, gzip, brotli)
                 values (?1, ?2, ?3, ?4, ?5, ?6) on conflict do nothing",
            )?
            .execute(params![
                release.version,
                asset.name,
                asset.media_type,
                asset.identity,
                asset.gzip,
                asset.brotli,
            ])?;
    }
    transaction.commit()?;
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
             select name, media_type, identity, gzip, brotli from asset
             where version = ?1 and name = ?2",
        )?
        .query_row([version, name], |row| {
            Ok(Asset {
                name: row.get(0)?,
                media_type: row.get(1)?,
                identity: row.get(2)?,
                gzip: row.get(3)?,
                brotli: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found)
}
