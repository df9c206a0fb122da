//! What is moved.

use anyhow::Context as _;

/// The number of the server whose counters were moved here: of those that serve, the first is 1.
const NODE: &str = "node";

/// A table and how it is walked.
#[derive(Debug)]
pub(in crate::store) struct Table {
    /// Of both sides; the windows are tables of that name in the file's connection alone.
    pub(in crate::store) name: &'static str,
    /// What its rows are ordered by, the same on both sides.
    pub(in crate::store) key: &'static [&'static str],
    /// Rows in a piece.
    pub(in crate::store) piece: usize,
    /// Whether a row that differs is deleted first. Where numbers are given out again a name may have moved to a lower
    /// one, and is not to be there twice. No other table refers to one of these.
    pub(in crate::store) replaces: bool,
}

/// Rows of numbers and keys.
const MANY: usize = 2000;
/// Rows of texts.
const SOME: usize = 250;
/// Rows of whole files.
const FEW: usize = 16;

const fn table(name: &'static str, key: &'static [&'static str], piece: usize) -> Table {
    Table { name, key, piece, replaces: false }
}

/// All of them, each after those that it refers to. Sessions stay behind: everybody logs in again.
pub(super) const TABLES: &[Table] = &[
    table("article", &["no"], SOME),
    table("article_revision", &["article", "number"], SOME),
    table("article_found", &["article"], SOME),
    table("partner", &["no"], MANY),
    table("tally_hour", &["hour", "article", "partner"], MANY),
    table("tally_article", &["article"], MANY),
    table("tally_sum", &["hour"], MANY),
    table("tally_partner_hour", &["hour", "partner"], MANY),
    table("tally_partner", &["partner"], MANY),
    table("arrival_hour", &["hour", "article", "mark"], MANY),
    table("share_hour", &["hour", "article", "partner", "channel"], MANY),
    table("view_seen", &["view"], MANY),
    table("reader_seen", &["article", "reader"], MANY),
    table("crowd", &["day", "article", "place"], MANY),
    table("share_seen", &["share"], MANY),
    table("consent_text", &["version"], SOME),
    table("feedback", &["no"], SOME),
    table("outbox", &["no"], SOME),
    table("rating", &["rating"], SOME),
    table("spent_proof", &["proof"], MANY),
    table("mail_request", &["key"], MANY),
    table("suppressed", &["address"], MANY),
    table("image", &["url"], SOME),
    table("article_image", &["url", "article"], SOME),
    table("image_file", &["digest", "width", "kind"], FEW),
    table("feed", &["url"], SOME),
    table("asset", &["version", "name"], FEW),
    table("salt", &["day"], FEW),
    table("signing_key", &["no"], FEW),
    table("person", &["name"], SOME),
    Table { replaces: true, ..table("token", &["no"], SOME) },
];

/// What a column holds, as PostgreSQL has it; SQLite has a number for a truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub(in crate::store) enum Kind {
    Number,
    Truth,
    Text,
    Bytes,
}

impl Kind {
    /// By PostgreSQL's name for it.
    pub(in crate::store) fn named(name: &str) -> anyhow::Result<Self> {
        Ok(match name {
            "bigint" => Self::Number,
            "boolean" => Self::Truth,
            "text" => Self::Text,
            "bytea" => Self::Bytes,
            other => anyhow::bail!("no column is moved of the type {other}"),
        })
    }

    /// PostgreSQL's name for it.
    pub(in crate::store) fn name(self) -> &'static str {
        match self {
            Self::Number => "bigint",
            Self::Truth => "boolean",
            Self::Text => "text",
            Self::Bytes => "bytea",
        }
    }
}

/// A column.
#[derive(Debug)]
pub(in crate::store) struct Column {
    /// Its name on both sides.
    pub(in crate::store) name: String,
    /// What it holds.
    pub(in crate::store) kind: Kind,
}

/// A table with its columns, those of the key first and in the key's order.
#[derive(Debug)]
pub(in crate::store) struct Shape {
    /// The table.
    pub(in crate::store) table: &'static Table,
    /// All columns.
    pub(in crate::store) columns: Vec<Column>,
}

impl Shape {
    /// The table with the columns that the database says it has.
    ///
    /// # Errors
    /// Where the key is not among them.
    pub(super) fn new(table: &'static Table, mut rest: Vec<Column>) -> anyhow::Result<Self> {
        let mut columns = Vec::with_capacity(rest.len());
        for key in table.key {
            let place = rest.iter().position(|column| column.name == *key);
            let place = place.with_context(|| format!("{} has no {key}", table.name))?;
            columns.push(rest.remove(place));
        }
        columns.append(&mut rest);
        Ok(Self { table, columns })
    }

    /// Names of the columns with commas between them, as one side wants them written.
    pub(in crate::store) fn list(&self, written: impl Fn(&Column) -> String) -> String {
        self.columns.iter().map(written).collect::<Vec<_>>().join(", ")
    }

    /// The columns of the key.
    pub(in crate::store) fn key(&self) -> &[Column] {
        &self.columns[..self.table.key.len()]
    }

    /// The same with the server's number where there is one: what PostgreSQL holds to be the key.
    pub(in crate::store) fn whole_key(&self) -> impl Iterator<Item = &Column> {
        let node = self.columns.iter().filter(|column| column.is_node());
        self.key().iter().chain(node)
    }
}

impl Column {
    /// Whether it is the server's number, which the file has no column for.
    pub(in crate::store) fn is_node(&self) -> bool {
        self.name == NODE
    }
}

/// A name as it stands in a statement: some are words of SQL.
pub(in crate::store) fn quoted(column: &Column) -> String {
    format!("\"{}\"", column.name)
}
