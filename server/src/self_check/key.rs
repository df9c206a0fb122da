//! The key that seals salts, and whether it opens those that are there.

use std::time::Duration;

use tokio::time::timeout;

use super::Finding;
use crate::config::Config;
use crate::operator_key::OperatorKey;
use crate::{salts, store};

const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn check(config: &Config) -> Finding {
    let about = "key-file";
    match (&config.key, store::is_archived(&config.database)) {
        (Some(key), _) => opens(key, config).await,
        (None, true) => Finding::error(
            about,
            "there is none: the salts by which readers are told apart would stand in the clear in \
             every archive of the database's log, and serve refuses to start",
        ),
        (None, false) => {
            Finding::ok(about, "there is none, and nothing that outlives salts keeps them")
        }
    }
}

async fn opens(key: &OperatorKey, config: &Config) -> Finding {
    let about = "key-file";
    match timeout(ANSWERS_WITHIN, salts::are_opened_by(key, config)).await {
        Ok(Ok(true)) => Finding::ok(about, "salts are sealed by it"),
        Ok(Ok(false)) => Finding::error(
            about,
            "it does not open the salts in the database, which another key has sealed, or are damaged: serve refuses to start. \
             Give it the key of before; docs/operations.md says what to do where that is lost",
        ),
        // What is wrong with the database is said of the database.
        Ok(Err(_)) | Err(_) => Finding::ok(
            about,
            "salts are sealed by it; whether it opens those in the database is not known",
        ),
    }
}
