//! What an error of PostgreSQL means to a caller.

use tokio_postgres::error::{Error, SqlState};

use crate::store::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        // tokio-postgres says no more than "db error", "error connecting to server"; its source does.
        let (is_passing, is_damage) = (is_passing(&error), is_damage(&error));
        let error = anyhow::Error::from(error);
        match () {
            () if is_damage => Self::Damaged(error),
            () if is_passing => Self::Unavailable(error),
            () => Self::Other(error),
        }
    }
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Whether the same may succeed later: the server is away, is no primary, is full, or had to choose between two
/// transactions.
fn is_passing(error: &Error) -> bool {
    let Some(state) = error.code() else {
        // No answer of the server's: the connection failed, or is gone.
        return error.is_closed() || is_io(error);
    };
    // Classes of SQLSTATE: connection, resources, somebody intervened, the system.
    let class = state.code().get(..2).unwrap_or_default();
    matches!(class, "08" | "53" | "57" | "58")
        || is_conflict_state(state)
        || *state == SqlState::READ_ONLY_SQL_TRANSACTION
        || *state == SqlState::LOCK_NOT_AVAILABLE
}

/// Whether the database that was spoken to is no longer the one to speak to: the connection is gone, or leads to what is no
/// primary any more.
pub(super) fn leads_elsewhere(error: &StoreError) -> bool {
    let StoreError::Unavailable(cause) = error else { return false };
    let Some(error) = cause.downcast_ref::<Error>() else { return false };
    match error.code() {
        // Class 57 has what an operator does, the end of a statement that took too long among it.
        Some(state) => {
            let class = state.code().get(..2).unwrap_or_default();
            let is_away = matches!(class, "08" | "57" | "58") && *state != SqlState::QUERY_CANCELED;
            is_away || *state == SqlState::READ_ONLY_SQL_TRANSACTION
        }
        None => error.is_closed() || is_io(error),
    }
}

/// A page's checksum is wrong, or an index leads nowhere.
fn is_damage(error: &Error) -> bool {
    let damage = [SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED];
    error.code().is_some_and(|state| damage.contains(state))
}

fn is_io(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.is::<std::io::Error>() {
            return true;
        }
        source = error.source();
    }
    false
}

/// Whether two transactions were in each other's way, so that the same at once may succeed.
pub(super) fn is_conflict(error: &Error) -> bool {
    error.code().is_some_and(is_conflict_state)
}

fn is_conflict_state(state: &SqlState) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(state)
}
