//! Addresses that want no article any more.

use deadpool_postgres::Client;

use super::sql::{execute, row};
use crate::clock::UnixSeconds;
use crate::store::{AddressHash, StoreError};

/// Has no article go there any more.
pub(super) async fn add(
    client: &Client,
    address: &AddressHash,
    at: UnixSeconds,
) -> Result<(), StoreError> {
    let sql = "/* suppress */
        insert into suppressed (address, at) values ($1, $2) on conflict do nothing";
    execute(client, sql, &[&address.as_slice(), &at]).await?;
    Ok(())
}

/// Whether none goes there.
pub(super) async fn contains(client: &Client, address: &AddressHash) -> Result<bool, StoreError> {
    let sql = "/* is_suppressed */ select at from suppressed where address = $1";
    Ok(row(client, sql, &[&address.as_slice()]).await?.is_some())
}
