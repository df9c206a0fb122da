//! A database that is only looked at.

use std::time::Duration;

use anyhow::Context;
use tokio::time::timeout;

use super::{migrations, pool, releases, secrets};
use crate::store::{Examined, Inspected, KeptSalt, Schema};

/// Looks at the database of this URL, and makes nothing in it.
pub(in crate::store) async fn inspect(url: &str) -> anyhow::Result<Inspected> {
    let client = pool::pool(url)?.get().await.context("cannot reach the database")?;
    let about = client
        .query_one(
            "/* inspect */
             select current_database()::text, to_regclass('schema_version') is not null,
                    extract(epoch from clock_timestamp())::bigint",
            &[],
        )
        .await?;
    let (name, is_made): (String, bool) = (about.try_get(0)?, about.try_get(1)?);
    let schema = if is_made {
        let version = "/* schema_version */ select version from schema_version";
        Schema::of(client.query_one(version, &[]).await?.try_get(0)?, migrations::latest())
    } else {
        Schema::None
    };
    let place = format!("the PostgreSQL database {name}");
    Ok(Inspected { place, schema, now: Some(about.try_get(2)?) })
}

/// Reads the files of releases, for so long at most.
pub(in crate::store) async fn examine(url: &str, within: Duration) -> anyhow::Result<Examined> {
    let client = pool::pool(url)?.get().await.context("cannot reach the database")?;
    match timeout(within, releases::damaged(&client)).await {
        Ok(damage) => Ok(Examined { damage: damage?, is_whole: true }),
        Err(_) => Ok(Examined::default()),
    }
}

/// The salts of `day` and of later days, as they are kept.
pub(in crate::store) async fn salts_since(url: &str, day: i64) -> anyhow::Result<Vec<KeptSalt>> {
    let client = pool::pool(url)?.get().await.context("cannot reach the database")?;
    let is_made = "/* has_salts */ select to_regclass('salt') is not null";
    if !client.query_one(is_made, &[]).await?.try_get::<_, bool>(0)? {
        return Ok(Vec::new());
    }
    Ok(secrets::salts_since(&client, day).await?)
}
