//! Released assets, of every version that this installation ever ran.

use deadpool_postgres::{Client, GenericClient};
use tokio_postgres::Row;

use super::sql::{execute, row, rows};
use crate::store::{Asset, Release, StoreError, sum};

/// Keeps what is not there yet: a version never changes. One of its files that is damaged is put right.
pub(super) async fn save(client: &mut Client, release: &Release) -> Result<(), StoreError> {
    let transaction = client.transaction().await?;
    sum_up(&transaction).await?;
    for asset in &release.assets {
        match find(&transaction, &release.version, &asset.name).await {
            Ok(Some(_)) => {}
            Ok(None) => put(&transaction, &release.version, asset).await?,
            Err(StoreError::Damaged(cause)) => {
                tracing::warn!(%cause, "a damaged file of this release is put right");
                put(&transaction, &release.version, asset).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(transaction.commit().await?)
}

async fn put(client: &impl GenericClient, version: &str, asset: &Asset) -> Result<(), StoreError> {
    let Asset { name, media_type, identity, gzip, brotli } = asset;
    let sum = asset.sum();
    execute(client, SAVE, &[&version, name, media_type, identity, gzip, brotli, &sum.as_slice()])
        .await?;
    Ok(())
}

const SAVE: &str = "/* save_asset */
    insert into asset (version, name, media_type, identity, gzip, brotli, sum)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (version, name) do update set media_type = excluded.media_type, identity = excluded.identity,
        gzip = excluded.gzip, brotli = excluded.brotli, sum = excluded.sum";

/// One file of one version.
pub(super) async fn find(
    client: &impl GenericClient,
    version: &str,
    name: &str,
) -> Result<Option<Asset>, StoreError> {
    let sql = "/* find_asset */
        select name, media_type, identity, gzip, brotli, sum from asset where version = $1 and name = $2";
    let Some(row) = row(client, sql, &[&version, &name]).await? else { return Ok(None) };
    let asset = asset(&row)?;
    sum::check(asset.sum(), row.try_get(5)?, &format!("{version}/{name}"))?;
    Ok(Some(asset))
}

fn asset(row: &Row) -> Result<Asset, StoreError> {
    Ok(Asset {
        name: row.try_get(0)?,
        media_type: row.try_get(1)?,
        identity: row.try_get(2)?,
        gzip: row.try_get(3)?,
        brotli: row.try_get(4)?,
    })
}

/// Gives files their sums that were kept before there were any.
async fn sum_up(client: &impl GenericClient) -> Result<(), StoreError> {
    let without = "/* assets_without_sum */
        select name, media_type, identity, gzip, brotli, version from asset where sum is null";
    let put = "/* sum_up_asset */ update asset set sum = $3 where version = $1 and name = $2";
    for row in rows(client, without, &[]).await? {
        let (asset, version): (_, String) = (asset(&row)?, row.try_get(5)?);
        execute(client, put, &[&version, &asset.name, &asset.sum().as_slice()]).await?;
    }
    Ok(())
}

/// What is wrong with the files of all releases.
pub(super) async fn damaged(client: &Client) -> Result<Vec<String>, StoreError> {
    let mut damaged = Vec::new();
    for asset in rows(client, "/* assets */ select version, name from asset", &[]).await? {
        let (version, name): (&str, &str) = (asset.try_get(0)?, asset.try_get(1)?);
        sum::note_damage(find(client, version, name).await, &mut damaged)?;
    }
    Ok(damaged)
}
