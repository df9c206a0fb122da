//! Putting a copy in the database's place.
//!
//! All that can fail is done to the copy before anything is done to what stands there: it is brought up to
//! date and read as a whole, what was erased since is erased from it, and who has unsubscribed since is in
//! it. Then it gets the name, in one step.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use rusqlite::{Connection, ErrorCode};
use rustix::process::geteuid;

use super::backup::Partial;
use super::{connection, suppressed};
use crate::clock::UnixSeconds;
use crate::erasures::Erased;
use crate::store::SecretHash;

/// What SQLite puts beside a database that is in use.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Puts the copy in the file `source` at `target`, as the list of erasures has it: says how many letters were
/// erased from it. One that stands there goes only where that is meant.
pub(super) fn restore(
    source: &Path,
    target: &Path,
    replaces: bool,
    listed: &Erased,
    now: UnixSeconds,
) -> anyhow::Result<usize> {
    let stands = target.try_exists()?;
    ensure!(
        replaces || !stands,
        "the database {} is there already; --force replaces it",
        target.display()
    );
    for name in beside(source) {
        ensure!(!name.try_exists()?, "{} is in use, and no finished copy", source.display());
    }
    let partial = Partial::beside(target)?;
    copy(source, partial.path())?;
    let erased = prepare(partial.path(), listed, now).context("the copy is not put in place")?;
    give_to_owner(partial.path(), target).context("the copy is not put in place")?;
    // Held until the name is the copy's: no server opens what is going.
    let _nobody = stands.then(|| exclude_everybody(target)).transpose()?;
    for name in beside(target) {
        remove(&name)?;
    }
    partial.finish(target)?;
    Ok(erased)
}

fn copy(source: &Path, target: &Path) -> anyhow::Result<()> {
    let cannot = || format!("cannot copy {}", source.display());
    let mut from = File::open(source).with_context(cannot)?;
    let mut to = OpenOptions::new().write(true).open(target)?;
    io::copy(&mut from, &mut to).with_context(cannot)?;
    Ok(to.sync_all()?)
}

/// Who restores as root does so for whom a server runs as: the owner of what stands there, or else of the folder.
fn give_to_owner(copy: &Path, target: &Path) -> io::Result<()> {
    if !geteuid().is_root() {
        return Ok(());
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let owned = fs::metadata(target).or_else(|_| fs::metadata(folder.unwrap_or(Path::new("."))))?;
    chown(copy, Some(owned.uid()), Some(owned.gid()))
}

/// Makes the copy what is to stand there, in one file.
fn prepare(path: &Path, listed: &Erased, now: UnixSeconds) -> anyhow::Result<usize> {
    // Of any other file the migrations would make an empty database.
    let version = connection::schema_version(&Connection::open(path)?, "main")?;
    ensure!(version > 0, "it is no database of this program");
    let mut database = connection::open_writer(path)?;
    connection::check(&database).context("it is not sound")?;
    let erased = bring_up_to(&mut database, listed, now)?;
    connection::truncate_log(&database)?;
    database.execute_batch("/* end_log */ pragma journal_mode = delete")?;
    database.close().map_err(|(_, error)| error)?;
    Ok(erased)
}

/// Does what the list asks for, ends what was open when the copy was made, and sends nothing a second time.
fn bring_up_to(
    database: &mut Connection,
    listed: &Erased,
    now: UnixSeconds,
) -> anyhow::Result<usize> {
    let transaction = database.transaction()?;
    let secrets: Vec<SecretHash> = transaction
        .prepare("/* all_feedback_secrets */ select secret_hash from feedback")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut erased = 0;
    for secret_hash in secrets.iter().filter(|hash| listed.holds(hash)) {
        erased += transaction
            .prepare_cached("/* erase_again */ delete from feedback where secret_hash = ?1")?
            .execute([secret_hash])?;
    }
    for address in listed.unsubscribed() {
        suppressed::add(&transaction, address, now)?;
    }
    transaction.execute("/* end_sessions */ delete from session", [])?;
    transaction.execute("/* forget_outbox */ delete from outbox", [])?;
    transaction.commit()?;
    Ok(erased)
}

/// Takes the database from everybody for as long as the connection lives. SQLite gives up the write-ahead
/// log for one connection alone.
pub(super) fn exclude_everybody(path: &Path) -> anyhow::Result<Connection> {
    let database = Connection::open(path)?;
    database.busy_timeout(Duration::ZERO)?;
    let sql = "/* exclude_everybody */
        pragma locking_mode = exclusive; pragma journal_mode = delete; begin exclusive;";
    match database.execute_batch(sql) {
        Ok(()) => Ok(database),
        // What is broken is in nobody's use, and a good reason to restore.
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
            ) =>
        {
            Ok(database)
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
            bail!("a server uses the database {}; stop it first", path.display())
        }
        Err(error) => Err(error).with_context(|| format!("cannot open {}", path.display())),
    }
}

fn beside(path: &Path) -> impl Iterator<Item = PathBuf> {
    BESIDE.into_iter().map(move |suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
