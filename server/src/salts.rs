//! Whether the operator's key opens the salts by which readers are told apart.

use crate::clock::{self, Clock as _, SystemClock};
use crate::config::Config;
use crate::operator_key::OperatorKey;
use crate::store;

/// Whether this key opens every salt of the database that somebody may still ask for. Where it does not, no view would
/// count. Nothing is made or changed.
///
/// # Errors
/// Where the database cannot be read.
pub(crate) async fn are_opened_by(key: &OperatorKey, config: &Config) -> anyhow::Result<bool> {
    let today = clock::day(SystemClock.now(), &config.time_zone);
    // Days before yesterday and after the day after tomorrow go unread as soon as today's is asked for.
    let mut kept = store::salts_since(&config.database, today - 1).await?;
    kept.retain(|salt| salt.day <= today + 2);
    Ok(kept.into_iter().all(|salt| key.open_salt(salt.day, salt.bytes).is_ok()))
}
