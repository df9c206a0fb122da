//! PostgreSQL in tests: a new database in the cluster that `cargo xtask test` has started, where it has.

use std::path::Path;

use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// Holds the URL of the cluster.
const CLUSTER: &str = "ARTICLE_TEST_POSTGRES";

/// The URL of a database that is empty; none where the tests are to run on SQLite.
pub(crate) async fn database() -> Option<String> {
    let cluster = cluster()?;
    let name = format!("test_{}", Uuid::new_v4().simple());
    let client = connect(&format!("{cluster}/postgres")).await;
    client.batch_execute(&format!("create database {name}")).await.expect("it can be made");
    Some(format!("{cluster}/{name}"))
}

/// The URL of the database that belongs to a folder, made where there is none.
#[allow(dead_code, reason = "not every binary of tests asks")]
pub(crate) fn database_of(folder: &Path) -> Option<String> {
    cluster()?;
    let note = folder.join("database-url");
    if let Ok(url) = std::fs::read_to_string(&note) {
        return Some(url);
    }
    // Whoever asks may be inside a runtime, and does not wait for one.
    let making = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("it starts").block_on(database())
    });
    let url = making.join().expect("no panic")?;
    std::fs::write(note, &url).expect("the folder is there");
    Some(url)
}

/// Whether the tests are to run on PostgreSQL. Those that look into SQLite's file have nothing to do then.
#[allow(dead_code, reason = "not every binary of tests asks")]
pub(crate) fn is_meant() -> bool {
    cluster().is_some()
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

/// The number that a query gives.
#[allow(dead_code, reason = "not every binary of tests asks")]
pub(crate) async fn number(url: &str, sql: &str) -> usize {
    let row = connect(url).await.query_one(sql, &[]).await.expect("it gives a row");
    usize::try_from(row.get::<_, i64>(0)).expect("it gives a count")
}

/// Whether any row of any table holds these bytes, as a text or as bytes.
#[allow(dead_code, reason = "not every binary of tests asks")]
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
            "select exists (select 1 from {table} where strpos({table}::text, $1) > 0
                                                    or strpos({table}::text, $2) > 0)"
        );
        let row = client.query_one(&sql, &[&digits, &text]).await.expect("it can be read");
        if row.get(0) {
            return true;
        }
    }
    false
}
