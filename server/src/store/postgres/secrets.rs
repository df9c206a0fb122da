//! Keys that this installation makes for itself.

use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::clock;
use super::sql::{bytes, execute, row, rows};
use crate::signing_key::SigningKey;
use crate::store::{KeptSalt, StoreError};

/// The salt of `day`, `fresh` where there is none; those of days before `day - 1` are destroyed, and those that
/// a clock asked for which was ahead. Two servers that ask at once get the same one: the second waits for the
/// first one's commit.
pub(super) async fn salt(
    client: &mut Client,
    day: i64,
    fresh: &[u8],
) -> Result<Vec<u8>, StoreError> {
    clock::skew(client).await?;
    let transaction = client.transaction().await?;
    let make =
        "/* make_salt */ insert into salt (day, salt) values ($1, $2) on conflict do nothing";
    execute(&transaction, make, &[&day, &fresh]).await?;
    let destroy =
        "/* destroy_salts */ delete from salt where day < $1::bigint - 1 or day > $1::bigint + 2";
    execute(&transaction, destroy, &[&day]).await?;
    let salt =
        row(&transaction, "/* salt */ select salt from salt where day = $1", &[&day]).await?;
    let salt = salt.ok_or_else(|| StoreError::Other(anyhow::anyhow!("no salt of day {day}")))?;
    let salt = salt.try_get(0)?;
    transaction.commit().await?;
    Ok(salt)
}

/// The salts of `day` and of later days.
pub(super) async fn salts_since(client: &Client, day: i64) -> Result<Vec<KeptSalt>, StoreError> {
    let sql = "/* salts_since */ select day, salt from salt where day >= $1 order by day";
    let read = |row: &Row| Ok(KeptSalt { day: row.try_get(0)?, bytes: row.try_get(1)? });
    rows(client, sql, &[&day]).await?.iter().map(read).collect()
}

/// The key that signs forms.
pub(super) async fn signing_key(client: &Client) -> Result<SigningKey, StoreError> {
    let mut fresh = [0_u8; 32];
    getrandom::fill(&mut fresh).map_err(|error| StoreError::Other(error.into()))?;
    let make = "/* make_signing_key */
        insert into signing_key (no, key) values (1, $1) on conflict do nothing";
    execute(client, make, &[&fresh.as_slice()]).await?;
    let key = row(client, "/* signing_key */ select key from signing_key", &[]).await?;
    let key = key.ok_or_else(|| StoreError::Other(anyhow::anyhow!("no signing key")))?;
    Ok(bytes::<32>(&key, 0)?.into())
}
