//! A database by its URL: opened, copied, restored. The one place that says which engine a URL means.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::{Examined, Inspected, KeptSalt, Store, postgres, sqlite};
use crate::clock::UnixSeconds;
use crate::erasures::Erased;
use crate::time::Calendar;

/// Opens the database that the URL names: `sqlite:PATH` or `postgres://…`. Migrations run here. By `calendar`, which is
/// the publisher's, embargoes and expiries begin that are stated without a time.
///
/// # Errors
/// Where the scheme is not known, or the database cannot be opened or migrated.
pub async fn open(url: &str, calendar: &Calendar) -> anyhow::Result<Arc<dyn Store>> {
    open_by(url, Some(calendar)).await
}

/// The same for work that is about no dates, and whose caller does not know the publisher's calendar.
/// Embargoes and expiries stay as they were read; no article can be saved.
///
/// # Errors
/// As [`open`], and where there is no database yet.
pub async fn open_without_calendar(url: &str) -> anyhow::Result<Arc<dyn Store>> {
    open_by(url, None).await
}

/// Whether the URL names a database whose log is kept by others, for longer than what it says may be.
pub fn is_archived(url: &str) -> bool {
    matches!(url.split_once(':'), Some(("postgres" | "postgresql", _)))
}

async fn open_by(url: &str, calendar: Option<&Calendar>) -> anyhow::Result<Arc<dyn Store>> {
    if is_archived(url) {
        postgres::open(url, calendar).await
    } else {
        sqlite::open(sqlite_path(url)?, calendar).await
    }
}

/// Looks at the database that the URL names: nothing is made or migrated.
///
/// # Errors
/// Where it cannot be opened, or is none of this program's.
pub async fn inspect(url: &str) -> anyhow::Result<Inspected> {
    match url.split_once(':') {
        Some(("postgres" | "postgresql", _)) => postgres::inspect(url).await,
        _ => sqlite::inspect(sqlite_path(url)?).await,
    }
}

/// The salts of `day` and of later days in the database that the URL names, as they are kept: nothing is made or
/// migrated.
///
/// # Errors
/// Where it cannot be opened, or is none of this program's.
pub async fn salts_since(url: &str, day: i64) -> anyhow::Result<Vec<KeptSalt>> {
    if is_archived(url) {
        postgres::salts_since(url, day).await
    } else {
        sqlite::salts_since(sqlite_path(url)?, day).await
    }
}

/// Reads the database that the URL names, for so long at most, and holds it against itself. Its tables are those of this
/// version. Of PostgreSQL it reads the files of releases: pages are its own to look after, and pictures are held against
/// their sums when they are read.
///
/// # Errors
/// Where it cannot be opened.
pub async fn examine(url: &str, within: Duration) -> anyhow::Result<Examined> {
    if is_archived(url) {
        postgres::examine(url, within).await
    } else {
        sqlite::examine(sqlite_path(url)?, within).await
    }
}

/// Copies the database that the URL names, as it is at one moment, to the file `target`, also while a
/// server uses it. The copy is a database of its own and holds all that was acknowledged, but no salt,
/// reader key or address key: a view sent again counts once there, while a reader who comes again may
/// count again.
///
/// # Errors
/// Where `target` is there already, or the database cannot be read, or the copy is not sound; then there
/// is no `target`.
pub async fn backup(url: &str, target: &Path) -> anyhow::Result<()> {
    sqlite::backup(sqlite_path(url)?, target).await
}

/// Puts the copy in the file `source`, made by [`backup`], in the place of the database that the URL names,
/// without the letters that are `erased`; says how many those are. To whom no article is to go, none goes from
/// `now` on. What waited to be sent when the copy
/// was made is not sent, and nobody is logged in. A database that stands there is replaced where `replaces`
/// says so.
///
/// # Errors
/// Where one stands there and is not to be replaced, or a server uses it; where the copy cannot be read, is
/// not sound, or a later version's. Then the database is as it was.
pub async fn restore(
    url: &str,
    source: &Path,
    replaces: bool,
    erased: Erased,
    now: UnixSeconds,
) -> anyhow::Result<usize> {
    sqlite::restore(sqlite_path(url)?, source, replaces, erased, now).await
}

/// The file of the database that the URL names.
///
/// # Errors
/// Where the URL names none.
pub fn file(url: &str) -> anyhow::Result<PathBuf> {
    sqlite::file(sqlite_path(url)?)
}

/// What stands behind the scheme, the one that there is.
pub(super) fn sqlite_path(url: &str) -> anyhow::Result<&str> {
    match url.split_once(':') {
        Some(("sqlite", path)) => Ok(path),
        Some(("postgres" | "postgresql", _)) => {
            anyhow::bail!(
                "this is done to a PostgreSQL database by its own tools: docs/operations.md"
            )
        }
        _ => anyhow::bail!("the database URL begins with sqlite: and a path, or with postgres://"),
    }
}
