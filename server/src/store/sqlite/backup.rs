//! A copy of the database for keeping, made while a server may be writing to it: everything but what
//! stands for readers, and what is over by the time that a copy is used.
//!
//! Neither SQLite's backup interface nor `vacuum into`: both carry every page or row over, so that the
//! copy would hold salts and reader keys until they are deleted there, and for good where the process
//! ends before. Here a fresh database is filled table by table within one read transaction. What is not
//! to be kept is never written, there is no deleted byte, and the rows lie as close as after a vacuum.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, ensure};
use rusqlite::Connection;

use super::connection;
use super::counting::{self, Counting};

/// Copies the database at `source` to the file `target`, which appears when it is whole.
pub(super) fn backup(source: &Path, target: &Path) -> anyhow::Result<()> {
    ensure!(!target.try_exists()?, "{} is there already", target.display());
    // Attaching would make a file where there is none.
    let source = source
        .canonicalize()
        .with_context(|| format!("cannot open the database {}", source.display()))?;
    let partial = Partial::beside(target)?;
    let mut copy = connection::open_copy(&partial.0)
        .with_context(|| format!("cannot make {}", partial.0.display()))?;
    fill(&mut copy, &source).context("cannot copy the database")?;
    Counting::default().settle(&mut copy)?;
    connection::check(&copy).context("the copy is not sound")?;
    copy.close().map_err(|(_, error)| error)?;
    partial.finish(target)
}

/// Carries over what the source holds at one moment.
fn fill(copy: &mut Connection, source: &Path) -> anyhow::Result<()> {
    let path = source.to_str().context("its path is not UTF-8")?;
    copy.execute("/* attach_source */ attach database ?1 as source", [path])?;
    // Deferred: any other kind would take the source's lock too, and keep its server from writing.
    let transaction = copy.transaction()?;
    ensure!(
        connection::schema_version(&transaction, "source")?
            == connection::schema_version(&transaction, "main")?,
        "another version of this program made it: start this version's server on it once"
    );
    for table in tables(&transaction)? {
        match table.as_str() {
            // A session that somebody ended does not come back to life with a copy.
            "salt" | "session" => {}
            // What waits has left by then, and has addresses that nobody is to keep for longer than that.
            // What was asked or proved is not asked or proved again after a day.
            "outbox" | "mail_request" | "spent_proof" => {}
            "view_log" => counting::copy_log_without_readers(&transaction)?,
            _ => copy_table(&transaction, &table)?,
        }
    }
    transaction.commit()?;
    copy.execute_batch("/* detach_source */ detach database source")?;
    Ok(())
}

fn tables(copy: &Connection) -> rusqlite::Result<Vec<String>> {
    copy.prepare(
        r"/* tables */
          select name from main.sqlite_schema
          where type = 'table' and name not like 'sqlite\_%' escape '\'",
    )?
    .query_map([], |row| row.get(0))?
    .collect()
}

fn copy_table(copy: &Connection, table: &str) -> rusqlite::Result<()> {
    // Migrations have put rows there.
    copy.execute_batch(&format!(
        "/* copy_table */
         delete from main.{table};
         insert into main.{table} select * from source.{table};"
    ))
}

/// The file under the name that it has until it is whole. Dropping it deletes it.
pub(super) struct Partial(PathBuf);

impl Partial {
    /// In the same folder, so that it can be renamed; a name of this process's own.
    pub(super) fn beside(target: &Path) -> anyhow::Result<Self> {
        let mut name = target.file_name().context("FILE names no file")?.to_owned();
        name.push(format!(".{}.partial", process::id()));
        let path = target.with_file_name(name);
        connection::new_file(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }

    /// Where it is until then.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it its name, in a way that outlives a power cut: SQLite has synced the content.
    pub(super) fn finish(self, target: &Path) -> anyhow::Result<()> {
        fs::rename(&self.0, target)
            .with_context(|| format!("cannot rename the copy to {}", target.display()))?;
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        Ok(File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // It is not there where it was renamed. What is left otherwise holds no reader.
        let _ = fs::remove_file(&self.0);
    }
}
