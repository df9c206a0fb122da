//! PostgreSQL in tests: a new database in the cluster that `cargo xtask test` has started, where it has.

use tokio_postgres::NoTls;
use uuid::Uuid;

/// Holds the URL of the cluster.
const CLUSTER: &str = "ARTICLE_TEST_POSTGRES";

/// The URL of a database that is empty; none where the tests are to run on SQLite.
pub(crate) async fn database() -> Option<String> {
    let cluster = cluster()?;
    let (client, connection) =
        tokio_postgres::connect(&format!("{cluster}/postgres"), NoTls).await.expect("it runs");
    let connection = tokio::spawn(connection);
    let name = format!("test_{}", Uuid::new_v4().simple());
    client.batch_execute(&format!("create database {name}")).await.expect("it can be made");
    drop(client);
    connection.await.expect("no panic").expect("it ends well");
    Some(format!("{cluster}/{name}"))
}

/// Whether the tests are to run on PostgreSQL. Those that look into SQLite's file have nothing to do then.
pub(crate) fn is_meant() -> bool {
    cluster().is_some()
}

fn cluster() -> Option<String> {
    std::env::var(CLUSTER).ok().filter(|url| !url.is_empty())
}
