//! How connections are opened, and what is done to the file as a whole.

use std::fs::{self, OpenOptions};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::store::StoreError;

/// Waits as long for a lock that another process holds.
const BUSY: Duration = Duration::from_secs(5);
/// Between two tries where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(10);
/// Statements kept prepared on one connection.
const STATEMENTS: usize = 64;

const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);
const STEPS: &[M<'static>] = &[
    M::up(include_str!("../../../migrations/sqlite/001_articles.sql")),
    M::up(include_str!("../../../migrations/sqlite/002_counting.sql")),
    M::up(include_str!("../../../migrations/sqlite/003_feedback.sql")),
    M::up(include_str!("../../../migrations/sqlite/004_installation.sql")),
    M::up(include_str!("../../../migrations/sqlite/005_groups.sql")),
    M::up(include_str!("../../../migrations/sqlite/006_ranking.sql")),
    M::up(include_str!("../../../migrations/sqlite/007_tokens.sql")),
    M::up(include_str!("../../../migrations/sqlite/008_partners.sql")),
    M::up(include_str!("../../../migrations/sqlite/009_answers.sql")),
    M::up(include_str!("../../../migrations/sqlite/010_people.sql")),
    M::up(include_str!("../../../migrations/sqlite/011_outbox.sql")),
    M::up(include_str!("../../../migrations/sqlite/012_revisions.sql")),
    M::up(include_str!("../../../migrations/sqlite/013_images.sql")),
    M::up(include_str!("../../../migrations/sqlite/014_feeds.sql")),
    M::up(include_str!("../../../migrations/sqlite/015_articles_found.sql")),
    M::up(include_str!("../../../migrations/sqlite/016_reading_sums.sql")),
    M::up(include_str!("../../../migrations/sqlite/017_sums.sql")),
];

/// The schema's version that this program has.
pub(super) const LATEST: i64 = STEPS.len() as i64;

/// Opens the connection that writes, and brings the schema up to date.
pub(super) fn open_writer(path: &Path) -> anyhow::Result<Connection> {
    make_file(path)?;
    let mut connection = open_to_write(path)?;
    begin_log(&connection)?;
    connection.execute_batch("/* open_writer */ pragma foreign_keys = on")?;
    migrate(&mut connection).context("cannot migrate it")?;
    Ok(connection)
}

/// FULL syncs at every commit: what is acknowledged survives a power cut. `secure_delete` overwrites what
/// is deleted: salts, reader keys, feedback that its sender withdrew.
fn open_to_write(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(
        "/* open_to_write */
         pragma synchronous = full;
         pragma secure_delete = on;
         pragma cache_size = -65536;",
    )?;
    Ok(connection)
}

/// Has the file keep a write-ahead log, from now on and for good. Where another process does so at the
/// same moment SQLite does not wait for it, whatever the timeout says.
fn begin_log(connection: &Connection) -> rusqlite::Result<()> {
    let begun = Instant::now();
    loop {
        let sql = "/* begin_log */ pragma journal_mode = wal";
        match connection.query_row(sql, [], |_| Ok(())) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < BUSY =>
            {
                thread::sleep(PAUSE);
            }
            begun => return begun,
        }
    }
}

/// Brings the schema up to date. Where another process does so at the same moment, a step of ours fails
/// for being done already, and the next one is tried.
fn migrate(connection: &mut Connection) -> anyhow::Result<()> {
    loop {
        let before = schema_version(connection, "main")?;
        match MIGRATIONS.to_latest(connection) {
            Ok(()) => return Ok(()),
            Err(error) if schema_version(connection, "main")? == before => return Err(error.into()),
            Err(_) => {}
        }
    }
}

/// Opens the empty file at `path` for a copy that is written once, and makes the schema. No
/// write-ahead log: the copy is one file.
pub(super) fn open_copy(path: &Path) -> anyhow::Result<Connection> {
    let mut connection = open_to_write(path)?;
    // Rows come table by table, and not in the order of their references: `check` looks at those.
    connection.execute_batch(
        "/* open_copy */ pragma journal_mode = delete; pragma foreign_keys = off;",
    )?;
    migrate(&mut connection).context("cannot migrate it")?;
    Ok(connection)
}

/// Opens a connection that folds the log into the database, and nothing else.
pub(super) fn open_checkpointer(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.execute_batch("/* open_checkpointer */ pragma synchronous = full")?;
    Ok(connection)
}

/// Opens a connection that reads; the file is there.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Whether the database answers.
pub(super) fn ping(connection: &Connection) -> Result<(), StoreError> {
    connection.query_row("/* ping */ select count(*) from signing_key", [], |_| Ok(()))?;
    Ok(())
}

/// Commits what changes nothing, as durably as all else.
pub(super) fn try_to_write(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // SQLite leaves a page alone whose row stays as it is, but writes the one that this number is on.
    let version = schema_version(&transaction, "main")?;
    transaction.pragma_update(None, "user_version", version)?;
    Ok(transaction.commit()?)
}

/// How many of this program's migrations the database `schema` has seen.
pub(super) fn schema_version(connection: &Connection, schema: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(Some(schema), "user_version", |row| row.get(0))
}

/// Reads the whole file: whether it is sound, and no row names one that is not there.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(connection: &Connection) -> anyhow::Result<()> {
    let sql = "/* integrity_check */ pragma integrity_check";
    let found: String = connection.query_row(sql, [], |row| row.get(0))?;
    anyhow::ensure!(found == "ok", "{found}");
    let mut orphans = connection.prepare("/* foreign_key_check */ pragma foreign_key_check")?;
    anyhow::ensure!(!orphans.exists([])?, "a row names another that is not there");
    Ok(())
}

/// Folds the write-ahead log into the database and empties it: nothing that was deleted is left there.
///
/// # Errors
/// [`StoreError::Unavailable`] where a reader held on to the log for too long.
pub(super) fn truncate_log(connection: &Connection) -> Result<(), StoreError> {
    let sql = "/* truncate_log */ pragma wal_checkpoint(truncate)";
    let busy: bool = connection.query_row(sql, [], |row| row.get(0))?;
    if busy {
        return Err(StoreError::Unavailable(anyhow::anyhow!("the log is being read")));
    }
    Ok(())
}

/// The same after something was erased. It is gone for every reader; where the log cannot be emptied now, its
/// next turn takes the remains.
pub(super) fn truncate_log_if_possible(connection: &Connection) {
    if let Err(error) = truncate_log(connection) {
        tracing::warn!(%error, "what was erased stays in the log for a while");
    }
}

/// The same as [`truncate_log`], without waiting for a reader.
///
/// # Errors
/// [`StoreError::Unavailable`] where there is one.
pub(super) fn try_truncate_log(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::ZERO)?;
    let truncated = truncate_log(connection);
    connection.busy_timeout(BUSY)?;
    truncated
}

/// Makes the file where there is none, for its owner's eyes only; SQLite gives the same rights to the
/// files it puts beside it.
fn make_file(path: &Path) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match new_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes an empty file that was not there, for its owner's eyes only.
pub(super) fn new_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_run() {
        MIGRATIONS.validate().unwrap();
    }
}
