//! `article-server migrate-store`: from a SQLite file to a PostgreSQL database.

use std::io::Write as _;

use anyhow::{Context as _, ensure};
use article_server::config::Config;
use article_server::store::{Checked, Move, Moved};
use article_server::time::Calendar;

/// Bytes of a digest that are shown.
const SHOWN: usize = 8;

/// What is to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Round {
    /// Move, while a server may be writing.
    Copy,
    /// Move the rest, and compare.
    Finish,
    /// Compare.
    Check,
}

impl Round {
    /// By the flags, of which there is one at most.
    pub(crate) fn of(finish: bool, check: bool) -> Self {
        match (finish, check) {
            (true, _) => Self::Finish,
            (false, true) => Self::Check,
            (false, false) => Self::Copy,
        }
    }
}

/// Does it: says on standard error what was moved, and prints what was compared.
pub(crate) async fn run(round: Round, from: &str, to: &str, config: &Config) -> anyhow::Result<()> {
    let key = config.key.as_ref();
    let key =
        key.context("key-file is missing: PostgreSQL's log is archived, and salts are sealed")?;
    let calendar = Calendar::new(config.time_zone.clone());
    let moving = Move { from, to, key, calendar: &calendar };
    let checked = match round {
        Round::Copy => {
            moving.copy(tell).await?;
            eprintln!("once more when the server is stopped, with --finish");
            return Ok(());
        }
        Round::Finish => moving.finish(tell).await?,
        Round::Check => moving.check().await?,
    };
    print(&checked)?;
    let differing = checked.iter().filter(|table| !table.is_alike()).count();
    ensure!(differing == 0, "{differing} of {} tables differ", checked.len());
    if matches!(round, Round::Finish) {
        eprintln!("all is there; servers may use the database");
    }
    Ok(())
}

fn tell(moved: &Moved) {
    let Moved { table, rows, written, removed, left } = moved;
    let left = if *left > 0 { format!(", {left} left for later") } else { String::new() };
    eprintln!("{table}: {rows} rows, {written} written, {removed} removed{left}");
}

fn print(checked: &[Checked]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let width = 2 * SHOWN;
    writeln!(
        out,
        "{:<18}  {:>12}  {:>12}  {:<width$}  {:<width$}",
        "table", "rows", "moved", "SHA-256", "moved"
    )?;
    for Checked { table, source, target } in checked {
        let [one, other] = [source, target].map(|sum| hex::encode(&sum.digest[..SHOWN]));
        let differs = if source == target { "" } else { "  differs" };
        writeln!(
            out,
            "{table:<18}  {:>12}  {:>12}  {one}  {other}{differs}",
            source.rows, target.rows
        )?;
    }
    Ok(())
}
