//! Released assets, of every version that this installation ever ran.

use deadpool_postgres::Client;

use super::sql::{execute, number, row};
use crate::store::{Asset, Release, StoreError};

/// Keeps what is not there yet: a version never changes. Nothing of it is sent where all of it is.
pub(super) async fn save(client: &mut Client, release: &Release) -> Result<(), StoreError> {
    let sql = "/* count_assets */ select count(*) from asset where version = $1";
    let kept = row(&*client, sql, &[&release.version]).await?;
    if kept.map(|row| number(&row, 0)).transpose()? == Some(release.assets.len()) {
        return Ok(());
    }
    let sql = "/* save_asset */
        insert into asset (version, name, media_type, identity, gzip, brotli)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    let transaction = client.transaction().await?;
    for asset in &release.assets {
        let Asset { name, media_type, identity, gzip, brotli } = asset;
        execute(&transaction, sql, &[&release.version, name, media_type, identity, gzip, brotli])
            .await?;
    }
    Ok(transaction.commit().await?)
}

/// One file of one version.
pub(super) async fn find(
    client: &Client,
    version: &str,
    name: &str,
) -> Result<Option<Asset>, StoreError> {
    let sql = "/* find_asset */
        select name, media_type, identity, gzip, brotli from asset where version = $1 and name = $2";
    let Some(row) = row(client, sql, &[&version, &name]).await? else { return Ok(None) };
    Ok(Some(Asset {
        name: row.try_get(0)?,
        media_type: row.try_get(1)?,
        identity: row.try_get(2)?,
        gzip: row.try_get(3)?,
        brotli: row.try_get(4)?,
    }))
}
