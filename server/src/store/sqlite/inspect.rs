//! A database that is only looked at.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use rusqlite::Connection;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{connection, file, images, releases, secrets};
use crate::store::{Examined, Inspected, KeptSalt, Schema, StoreError};

/// Looks at the file at `path`, and makes none.
pub(in crate::store) async fn inspect(path: &str) -> anyhow::Result<Inspected> {
    let path = file(path)?;
    spawn_blocking(move || inspect_file(path)).await?
}

fn inspect_file(path: PathBuf) -> anyhow::Result<Inspected> {
    let schema = if path.exists() { schema(&path)? } else { Schema::None };
    Ok(Inspected { place: path.display().to_string(), schema, now: None })
}

fn schema(path: &Path) -> anyhow::Result<Schema> {
    let cannot = || format!("cannot open the database {}", path.display());
    let connection = connection::open_reader(path).with_context(cannot)?;
    let seen = connection::schema_version(&connection, "main").with_context(cannot)?;
    Ok(Schema::of(seen, connection::LATEST))
}

/// The salts of `day` and of later days, as they are kept.
pub(in crate::store) async fn salts_since(path: &str, day: i64) -> anyhow::Result<Vec<KeptSalt>> {
    let path = file(path)?;
    spawn_blocking(move || {
        if !path.exists() {
            return Ok(Vec::new());
        }
        Ok(secrets::salts_since(&connection::open_reader(&path)?, day)?)
    })
    .await?
}

/// Reads the whole file at `path`, for so long at most.
pub(in crate::store) async fn examine(path: &str, within: Duration) -> anyhow::Result<Examined> {
    let connection = connection::open_reader(&file(path)?)?;
    let interrupt = connection.get_interrupt_handle();
    let mut reading = spawn_blocking(move || damage(&connection));
    let found = match timeout(within, &mut reading).await {
        Ok(found) => found?,
        Err(_) => {
            interrupt.interrupt();
            return Ok(Examined::default());
        }
    };
    let damage = match found {
        Err(StoreError::Damaged(cause)) => vec![format!("{cause:#}")],
        found => found?,
    };
    Ok(Examined { damage, is_whole: true })
}

fn damage(connection: &Connection) -> Result<Vec<String>, StoreError> {
    // Where pages are wrong, so may be what says which files there are.
    let wrong = pages(connection)?;
    if !wrong.is_empty() {
        return Ok(wrong);
    }
    Ok([releases::damaged(connection)?, images::damaged(connection)?].concat())
}

/// What is wrong with the file's pages: a few of the findings.
fn pages(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut check = connection.prepare("/* quick_check */ pragma quick_check(5)")?;
    let found =
        check.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(if found == ["ok"] { Vec::new() } else { found })
}
