//! Tokens, by their hash.

use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::sql::{execute, row, rows};
use crate::store::StoreError;
use crate::token::{Grant, Scope};

/// Keeps it: whether its name was free.
pub(super) async fn save(
    client: &Client,
    grant: &Grant,
    hash: &[u8; 32],
) -> Result<bool, StoreError> {
    let sql = "/* save_token */
        insert into token (name, hash, scopes, created_at) values ($1, $2, $3, $4)
        on conflict (name) do nothing";
    let hash = hash.as_slice();
    let saved =
        execute(client, sql, &[&grant.name, &hash, &grant.scope_names(), &grant.created_at])
            .await?;
    Ok(saved > 0)
}

/// What the token of this hash grants.
pub(super) async fn find(client: &Client, hash: &[u8; 32]) -> Result<Option<Grant>, StoreError> {
    let sql = "/* find_token */ select name, scopes, created_at from token where hash = $1";
    row(client, sql, &[&hash.as_slice()]).await?.as_ref().map(read).transpose()
}

/// What every token grants, by name.
pub(super) async fn list(client: &Client) -> Result<Vec<Grant>, StoreError> {
    let sql = "/* list_tokens */ select name, scopes, created_at from token order by name";
    rows(client, sql, &[]).await?.iter().map(read).collect()
}

/// Erases it: whether there was one.
pub(super) async fn revoke(client: &Client, name: &str) -> Result<bool, StoreError> {
    let sql = "/* revoke_token */ delete from token where name = $1";
    Ok(execute(client, sql, &[&name]).await? > 0)
}

fn read(row: &Row) -> Result<Grant, StoreError> {
    // A scope that only a later version knows is none here.
    let scopes = row.try_get::<_, &str>(1)?.split(',').filter_map(Scope::parse).collect();
    Ok(Grant { name: row.try_get(0)?, scopes, created_at: row.try_get(2)? })
}
