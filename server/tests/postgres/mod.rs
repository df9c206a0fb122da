//! PostgreSQL in tests: a new database in the cluster that `cargo xtask test` has started, where it has.

#![allow(dead_code, reason = "not every binary of tests asks for everything")]

use std::path::Path;

use article_server::store;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use uuid::Uuid;

mod janitor;

/// Holds the URL of the cluster.
const CLUSTER: &str = "ARTICLE_TEST_POSTGRES";

/// The URL of a database without a table, which is there as long as the test; none where the tests are to run on SQLite.
pub(crate) async fn empty() -> Option<String> {
    let url = create(&cluster()?, "").await;
    janitor::see_to(&url, None);
    Some(url)
}

/// The same of one that has been migrated.
pub(crate) async fn database() -> Option<String> {
    let url = copy().await?;
    janitor::see_to(&url, None);
    Some(url)
}

/// A new database that has been migrated: to copy such a one takes a fraction of the time.
async fn copy() -> Option<String> {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let cluster = cluster()?;
    let template = TEMPLATE.get_or_init(|| migrated(&cluster)).await;
    // Block by block, through the log, a copy takes half as long again (PostgreSQL 15, in memory).
    Some(create(&cluster, &format!(" template {template} strategy file_copy")).await)
}

/// The name of a database that has been migrated.
async fn migrated(cluster: &str) -> String {
    let url = create(cluster, "").await;
    let store = store::open_without_calendar(&url).await.expect("it can be migrated");
    store.close().await.expect("it can be closed");
    let (_, name) = url.rsplit_once('/').expect("it ends in the name");
    name.to_owned()
}

async fn create(cluster: &str, how: &str) -> String {
    let name = format!("test_{}", Uuid::new_v4().simple());
    let client = connect(&format!("{cluster}/postgres")).await;
    client.batch_execute(&format!("create database {name}{how}")).await.expect("it can be made");
    format!("{cluster}/{name}")
}

/// The URL of the database that belongs to a folder, made where there is none.
pub(crate) fn database_of(folder: &Path) -> Option<String> {
    cluster()?;
    let note = folder.join("database-url");
    if let Ok(url) = std::fs::read_to_string(&note) {
        return Some(url);
    }
    let url = wait(copy())?;
    std::fs::write(note, &url).expect("the folder is there");
    janitor::see_to(&url, Some(folder));
    Some(url)
}

/// Whether the tests are to run on PostgreSQL.
pub(crate) fn is_meant() -> bool {
    cluster().is_some()
}

/// Whether a test that is about SQLite's file has nothing to do, which it says.
pub(crate) fn is_elsewhere() -> bool {
    if is_meant() {
        eprintln!("skipped: this is about SQLite's file");
    }
    is_meant()
}

fn cluster() -> Option<String> {
    std::env::var(CLUSTER).ok().filter(|url| !url.is_empty())
}

#[allow(dead_code, reason = "not every binary of tests asks")]
pub(crate) async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("it runs");
    // It ends when the client is dropped.
    tokio::spawn(connection);
    client
}

/// Waits for what whoever asks may not wait for: they may be inside a runtime.
pub(crate) fn wait<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("it starts").block_on(work)
        });
        waiting.join().expect("no panic")
    })
}

/// What came of some statements.
pub(crate) struct Ran {
    /// What was asked for, as texts: bytes as hexadecimal digits, and nothing where nothing is.
    pub(crate) rows: Vec<Vec<String>>,
    /// How many rows the last one changed, or gave.
    pub(crate) changed: u64,
}

/// Runs these statements, which wait for nobody for long.
pub(crate) async fn run(url: &str, sql: &str) -> Ran {
    let client = connect(url).await;
    client.batch_execute("set lock_timeout = '20s'").await.expect("it can be set");
    let mut ran = Ran { rows: Vec::new(), changed: 0 };
    for message in client.simple_query(sql).await.expect("it is understood") {
        match message {
            SimpleQueryMessage::Row(row) => {
                let shown = |column| {
                    let text: &str = row.get(column).unwrap_or_default();
                    text.strip_prefix("\\x").unwrap_or(text).to_owned()
                };
                ran.rows.push((0..row.len()).map(shown).collect());
            }
            SimpleQueryMessage::CommandComplete(changed) => ran.changed = changed,
            _ => {}
        }
    }
    ran
}

/// The number that a query gives.
pub(crate) async fn number(url: &str, sql: &str) -> usize {
    run(url, sql).await.rows[0][0].parse().expect("it gives a count")
}

/// Whether any row of any table holds these bytes, as a text or as bytes.
pub(crate) async fn holds(url: &str, needle: &[u8]) -> bool {
    let client = connect(url).await;
    let tables = "select tablename::text from pg_tables where schemaname = 'public'";
    let digits: String = needle.iter().map(|byte| format!("{byte:02x}")).collect();
    // No text holds a NUL.
    let text = std::str::from_utf8(needle).ok().filter(|text| !text.contains('\0'));
    let text = text.unwrap_or(&digits);
    for table in client.query(tables, &[]).await.expect("it has tables") {
        let table: &str = table.get(0);
        let sql = format!(
            "select exists (select 1 from {table} as whole_row where strpos(whole_row::text, $1) > 0
                                                    or strpos(whole_row::text, $2) > 0)"
        );
        let row = client.query_one(&sql, &[&digits, &text]).await.expect("it can be read");
        if row.get(0) {
            return true;
        }
    }
    false
}
