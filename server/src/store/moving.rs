//! Moves all that is kept from a SQLite file to a PostgreSQL database.
//!
//! Each table ([`table`]) is walked on both sides at once, in the order of its keys and a piece at a time, and what
//! differs is made what the file has ([`merge`]). So a round that was broken off goes on where it was, and a second round
//! takes what changed since the first: most is moved while a server goes on writing, and the little that is left in a
//! last round, for which nobody has the file. Then both sides are summed up and compared ([`check`]).

use crate::clock::{Clock as _, SystemClock};
use crate::operator_key::OperatorKey;
use crate::store::database::{is_archived, sqlite_path};
use crate::store::{postgres, sqlite};
use crate::time::Calendar;
use table::TABLES;

mod check;
mod merge;
mod row;
mod table;

pub use check::{Checked, Sum};
pub(in crate::store) use merge::Change;
pub use merge::Moved;
pub(in crate::store) use row::{Piece, Row, Side, Value, salts};
pub(in crate::store) use table::{Column, Kind, Shape, quoted};

/// From where to where.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// `sqlite:PATH`.
    pub from: &'a str,
    /// `postgres://…`: empty, or moved to before.
    pub to: &'a str,
    /// Opens the salts that the file has sealed, and seals those that it has not.
    pub key: &'a OperatorKey,
    /// The publisher's.
    pub calendar: &'a Calendar,
}

impl Move<'_> {
    /// Moves what there is, also while a server writes to the file. What it writes meanwhile, another round takes.
    /// `told` hears of each table that is done.
    ///
    /// # Errors
    /// Where a side cannot be opened or fails, where the database holds something of its own, and where a move to it was
    /// finished. What was moved stays, and the same again goes on.
    pub async fn copy(&self, told: impl FnMut(&Moved)) -> anyhow::Result<()> {
        let target = self.target().await?;
        target.begin(SystemClock.now()).await?;
        let source = sqlite::Source::open(self.path()?, self.key).await?;
        self.round(&source, &target, false, told).await
    }

    /// The last round: takes the file from everybody, moves what changed, and compares. Where all is alike, servers may
    /// use the database from then on.
    ///
    /// # Errors
    /// As [`copy`](Self::copy), and where somebody uses the file.
    pub async fn finish(&self, told: impl FnMut(&Moved)) -> anyhow::Result<Vec<Checked>> {
        let target = self.target().await?;
        target.begin(SystemClock.now()).await?;
        let source = sqlite::Source::open_alone(self.path()?, self.key, self.calendar).await?;
        self.round(&source, &target, true, told).await?;
        let checked = check::compare(&source, &target, &shapes(&target).await?).await?;
        if checked.iter().all(Checked::is_alike) {
            target.finish(SystemClock.now()).await?;
        }
        Ok(checked)
    }

    /// Compares, and changes nothing. What a server has written since to either side is a difference.
    ///
    /// # Errors
    /// Where a side cannot be opened or fails.
    pub async fn check(&self) -> anyhow::Result<Vec<Checked>> {
        let target = self.target().await?;
        let source = sqlite::Source::open(self.path()?, self.key).await?;
        check::compare(&source, &target, &shapes(&target).await?).await
    }

    async fn round(
        &self,
        source: &sqlite::Source,
        target: &postgres::Target,
        is_last: bool,
        mut told: impl FnMut(&Moved),
    ) -> anyhow::Result<()> {
        for shape in shapes(target).await? {
            told(&merge::merge(source, target, &shape, is_last).await?);
        }
        for (table, last) in source.numbers().await? {
            target.go_on_after(&table, last).await?;
        }
        Ok(())
    }

    async fn target(&self) -> anyhow::Result<postgres::Target> {
        anyhow::ensure!(is_archived(self.to), "--to is a PostgreSQL database: postgres://…");
        postgres::Target::open(self.to, self.key).await
    }

    fn path(&self) -> anyhow::Result<&str> {
        anyhow::ensure!(!is_archived(self.from), "--from is a SQLite file: sqlite:PATH");
        sqlite_path(self.from)
    }
}

/// The tables, with the columns that they have there.
async fn shapes(target: &postgres::Target) -> anyhow::Result<Vec<Shape>> {
    let mut shapes = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        shapes.push(Shape::new(table, target.columns(table.name).await?)?);
    }
    Ok(shapes)
}
