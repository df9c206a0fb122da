//! The schemas of the two engines are one: steps, tables and columns. And PostgreSQL's asks for nothing that another engine
//! which speaks its protocol is known to refuse.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use article_server::store::{self, Release};
use article_server::time::Calendar;
use jiff::tz::TimeZone;
use regex::Regex;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::files::{self, names};
use crate::postgres;

type Columns = BTreeMap<String, BTreeSet<String>>;

/// Tables that SQLite alone has: reports before they are summed up, how far that is, and what was there before pictures were.
const OF_SQLITE: [&str; 4] = ["article_without_images", "share_log", "tally_through", "view_log"];
/// Tables that PostgreSQL alone has: what servers agree by on what was seen, on jobs, letters, and where a move is.
const OF_POSTGRES: [&str; 8] = [
    "crowd",
    "feedback_turn",
    "lease",
    "moving",
    "reader_seen",
    "schema_version",
    "share_seen",
    "view_seen",
];
/// What a row of a sum has besides on PostgreSQL: whose it is.
const NODE: &str = "node";

fn crate_folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

#[test]
fn every_step_of_postgresql_is_a_step_of_sqlite_and_the_last_is_the_same() {
    let sqlite = names(&crate_folder("migrations/sqlite"));
    let postgres = names(&crate_folder("migrations/postgres"));
    assert_eq!(sqlite.last(), postgres.last());
    // The first holds all that SQLite had come to by its number.
    let numbers = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| name[..3].to_owned()).collect()
    };
    let (all, these) = (numbers(&sqlite), numbers(&postgres));
    assert!(all.ends_with(&these), "{all:?} {these:?}");
    assert_eq!(all.len(), sqlite.len());
}

async fn of_sqlite() -> Columns {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.db");
    let url = format!("sqlite:{}", path.display());
    store::open(&url, &Calendar::new(TimeZone::UTC)).await.unwrap().close().await.unwrap();
    let database = Connection::open(&path).unwrap();
    let version: i64 = database.query_row("pragma user_version", [], |row| row.get(0)).unwrap();
    assert_eq!(version as usize, names(&crate_folder("migrations/sqlite")).len());
    let sql = "select tables.name, columns.name from sqlite_schema as tables, pragma_table_info(tables.name) as columns
               where tables.type = 'table'";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    gathered(rows.map(Result::unwrap))
}

async fn of_postgres(url: &str) -> Columns {
    let sql = "select table_name::text, column_name::text from information_schema.columns
               where table_schema = 'public'";
    let rows = postgres::connect(url).await.query(sql, &[]).await.unwrap();
    gathered(rows.iter().map(|row| (row.get(0), row.get(1))))
}

fn gathered(columns: impl Iterator<Item = (String, String)>) -> Columns {
    let mut tables = Columns::new();
    for (table, column) in columns.filter(|(table, _)| !table.starts_with("sqlite_")) {
        tables.entry(table).or_default().insert(column);
    }
    tables
}

#[tokio::test]
async fn both_engines_have_the_same_tables_with_the_same_columns() {
    let Some(url) = postgres::database().await else {
        return eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
    };
    let (sqlite, postgres) = (of_sqlite().await, of_postgres(&url).await);
    let alone = |these: &Columns, those: &Columns| -> Vec<String> {
        these.keys().filter(|table| !those.contains_key(*table)).cloned().collect()
    };
    assert_eq!(alone(&sqlite, &postgres), OF_SQLITE);
    assert_eq!(alone(&postgres, &sqlite), OF_POSTGRES);
    let mut nodes = 0;
    for (table, columns) in &sqlite {
        let Some(mut others) = postgres.get(table).cloned() else { continue };
        nodes += usize::from(others.remove(NODE));
        assert_eq!(columns, &others, "{table}");
    }
    assert!(nodes > 0, "servers have rows of their own");
}

/// A database that another version has filled is brought up to date with what is in it.
#[tokio::test]
async fn a_database_of_the_step_before_is_migrated_with_its_rows() {
    const BEFORE: &str = include_str!("../../migrations/postgres/016_from_the_first.sql");
    let Some(url) = postgres::empty().await else {
        return eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
    };
    let client = postgres::connect(&url).await;
    client.batch_execute(BEFORE).await.unwrap();
    client
        .batch_execute(
            "create table schema_version (one bigint primary key, version bigint not null);
             insert into schema_version (one, version) values (1, 16);
             insert into asset (version, name, media_type, identity, gzip, brotli)
             values ('0.0.9-old', 'embed.js', 'text/javascript', 'loader', '', '')",
        )
        .await
        .unwrap();
    let store = store::open_without_calendar(&url).await.unwrap();
    let kept = store.asset("0.0.9-old", "embed.js").await.unwrap().expect("it is there yet");
    assert_eq!(&kept.identity[..], b"loader");

    store.save_release(&Release { version: "0.1.0-new".into(), assets: vec![kept] }).await.unwrap();
    assert!(store.asset("0.1.0-new", "embed.js").await.unwrap().is_some());
    store.close().await.unwrap();
    let row = client.query_one("select version from schema_version", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0) as usize, names(&crate_folder("migrations/sqlite")).len());
}

/// Every text of SQL that is sent to PostgreSQL: of the steps, and of statements, which begin with their names.
fn statements() -> Vec<String> {
    let mut texts: Vec<String> = names(&crate_folder("migrations/postgres"))
        .iter()
        .map(|name| fs::read_to_string(crate_folder("migrations/postgres").join(name)).unwrap())
        .collect();
    let literal = Regex::new(r#""/\*(?s:[^"\\]|\\.)*""#).unwrap();
    for path in files::below(&crate_folder("src/store/postgres")) {
        let source = fs::read_to_string(path).unwrap();
        texts.extend(literal.find_iter(&source).map(|found| found.as_str().to_owned()));
    }
    texts
}

/// What docs/operations.md promises of the SQL.
#[test]
fn nothing_is_asked_of_postgresql_that_other_engines_are_known_to_refuse() {
    let refused = Regex::new(
        r"(?ix) advisory | \block\s+table | \b(listen|notify|pg_notify|unlogged|inherits|deferrable|tablesample)\b
        | \bcreate\s+(or\s+replace\s+)?(extension|trigger|function|procedure|rule|type|domain|aggregate)\b
        | \bexclude\s+using | \b(ctid|xmin)\b | \bdeclare\s+\w+\s+cursor",
    )
    .unwrap();
    let statements = statements();
    assert!(statements.len() > 100, "{} statements were looked at", statements.len());
    let comment = Regex::new(r"--[^\n]*").unwrap();
    for statement in &statements {
        assert!(!refused.is_match(&comment.replace_all(statement, "")), "{statement}");
    }
    assert!(refused.is_match("select pg_try_advisory_lock(1)"), "the search finds what is there");
    assert!(refused.is_match("create or replace function f()"), "and this");
}
