//! Addresses that want no article any more.

use rusqlite::{Connection, params};

use crate::clock::UnixSeconds;
use crate::store::{AddressHash, StoreError};

/// Has no article go there any more.
pub(super) fn add(
    connection: &Connection,
    address: &AddressHash,
    at: UnixSeconds,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "/* suppress */ insert into suppressed (address, at) values (?1, ?2) on conflict do nothing",
        )?
        .execute(params![address, at])?;
    Ok(())
}

/// Whether none goes there.
pub(super) fn contains(connection: &Connection, address: &AddressHash) -> Result<bool, StoreError> {
    let is_there = connection
        .prepare_cached("/* is_suppressed */ select at from suppressed where address = ?1")?
        .exists([address])?;
    Ok(is_there)
}
