//! The database's clock, which all servers go by.

use deadpool_postgres::GenericClient;

use super::sql::row;
use crate::clock::{Clock, SystemClock, UnixSeconds};
use crate::store::StoreError;

/// A clock that is wrong by less is right.
const SKEW: UnixSeconds = 2;
/// One that is wrong by more makes days of its own: it would destroy salts that others use, and forget what they
/// remember.
const WRONG: UnixSeconds = 300;

/// How many seconds this machine's clock is behind the database's: none where it is right.
///
/// # Errors
/// [`StoreError::Unavailable`] where it is so wrong that nothing of days may be done by it.
pub(super) async fn skew(client: &impl GenericClient) -> Result<UnixSeconds, StoreError> {
    const NOW: &str = "/* now */ select floor(extract(epoch from clock_timestamp()))::bigint";
    let asked = SystemClock.now();
    let Some(row) = row(client, NOW, &[]).await? else { return Ok(0) };
    // While the answer was on its way, time went on.
    let here = asked + (SystemClock.now() - asked) / 2;
    let skew = row.try_get::<_, UnixSeconds>(0)? - here;
    if skew.abs() > WRONG {
        let wrong = anyhow::anyhow!("this machine's clock is {skew} s behind the database's");
        return Err(StoreError::Unavailable(wrong));
    }
    Ok(if skew.abs() < SKEW { 0 } else { skew })
}
