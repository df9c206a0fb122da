//! Databases of either engine: filled by SQL, copied, counted.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use article_server::store;
use article_server::time::Calendar;
use jiff::tz::TimeZone;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use crate::cluster::Cluster;

/// A database.
pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres { maintenance: String, name: String, server: u32 },
}

/// What a PostgreSQL has done for a database, or a run of it has.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    pub(crate) commits: i64,
    /// Rows inserted and updated.
    pub(crate) rows: i64,
    /// User and system time of its processes.
    pub(crate) cpu_seconds: f64,
}

impl Database {
    /// A SQLite file with articles.
    pub(crate) fn sqlite(runtime: &Runtime, path: &Path, articles: u64) -> Result<Self> {
        let database = Self::Sqlite(path.to_owned());
        database.make_schema(runtime)?;
        let file = rusqlite::Connection::open(path)?;
        file.execute_batch("pragma synchronous = off; pragma cache_size = -500000; begin")?;
        for sql in fill(articles, "x''", "", "") {
            file.execute_batch(&sql)?;
        }
        file.execute_batch("commit")?;
        Ok(database)
    }

    /// A database of the cluster's without anything.
    pub(crate) fn empty(runtime: &Runtime, cluster: &Cluster, name: &str) -> Result<Self> {
        let maintenance = cluster.url("postgres");
        let server = cluster.id().context("the cluster has ended")?;
        let database = Self::Postgres { maintenance, name: name.to_owned(), server };
        database.maintain(runtime, &format!("create database {name}"))?;
        Ok(database)
    }

    /// A database of the cluster's with articles.
    pub(crate) fn postgres(
        runtime: &Runtime,
        cluster: &Cluster,
        name: &str,
        articles: u64,
    ) -> Result<Self> {
        let database = Self::empty(runtime, cluster, name)?;
        database.make_schema(runtime)?;
        runtime.block_on(async {
            let client = connect(&database.url()).await?;
            for sql in fill(articles, "''::bytea", ", node", ", 1") {
                client.batch_execute(&sql).await?;
            }
            anyhow::Ok(client.batch_execute("vacuum analyze").await?)
        })?;
        Ok(database)
    }

    /// What it is called in a table.
    pub(crate) fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }

    /// Where servers find it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres { maintenance, name, .. } => {
                format!("{}/{name}", maintenance.trim_end_matches("/postgres"))
            }
        }
    }

    /// The same again, for a run of its own.
    pub(crate) fn copy(&self, runtime: &Runtime, name: &str) -> Result<Self> {
        match self {
            Self::Sqlite(path) => {
                let copy = path.with_file_name(format!("{name}.db"));
                fs::copy(path, &copy)?;
                Ok(Self::Sqlite(copy))
            }
            Self::Postgres { maintenance, name: seed, server } => {
                self.maintain(runtime, &format!("create database {name} template {seed}"))?;
                let (maintenance, name) = (maintenance.clone(), name.to_owned());
                Ok(Self::Postgres { maintenance, name, server: *server })
            }
        }
    }

    /// Takes it away.
    pub(crate) fn remove(self, runtime: &Runtime) -> Result<()> {
        match &self {
            Self::Sqlite(path) => Ok(fs::remove_file(path)?),
            Self::Postgres { name, .. } => {
                self.maintain(runtime, &format!("drop database {name} with (force)"))
            }
        }
    }

    /// Views that are stored, whatever became of them. Servers are stopped.
    pub(crate) fn stored(&self, runtime: &Runtime) -> Result<u64> {
        const SUM: &str = "select cast(coalesce(sum(raw), 0) as bigint) from tally_sum";
        let stored: i64 = match self {
            Self::Sqlite(path) => {
                // What is in the log alone gets into the tables.
                self.make_schema(runtime)?;
                rusqlite::Connection::open(path)?.query_row(SUM, [], |row| row.get(0))?
            }
            Self::Postgres { .. } => runtime
                .block_on(async {
                    anyhow::Ok(connect(&self.url()).await?.query_one(SUM, &[]).await?)
                })?
                .try_get(0)?,
        };
        Ok(stored.try_into()?)
    }

    /// What was done for it so far; none where nobody counts that.
    pub(crate) fn work(&self, runtime: &Runtime) -> Result<Option<Work>> {
        let Self::Postgres { maintenance, name, server } = self else { return Ok(None) };
        let row = runtime.block_on(async {
            anyhow::Ok(connect(maintenance).await?.query_one(WORK, &[name]).await?)
        })?;
        let cpu_seconds = cpu_seconds(*server)?;
        Ok(Some(Work { commits: row.try_get(0)?, rows: row.try_get(1)?, cpu_seconds }))
    }

    fn make_schema(&self, runtime: &Runtime) -> Result<()> {
        runtime.block_on(async {
            let store = store::open(&self.url(), &Calendar::new(TimeZone::UTC)).await?;
            anyhow::Ok(store.close().await?)
        })
    }

    fn maintain(&self, runtime: &Runtime, sql: &str) -> Result<()> {
        let Self::Postgres { maintenance, .. } = self else { return Ok(()) };
        runtime.block_on(async { Ok(connect(maintenance).await?.batch_execute(sql).await?) })
    }
}

const WORK: &str = "select xact_commit::bigint, (tup_inserted + tup_updated)::bigint
    from pg_stat_database where datname = $1";

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // It ends when the client is dropped.
    tokio::spawn(connection);
    Ok(client)
}

/// Of the server and its children, those that have ended among them.
fn cpu_seconds(server: u32) -> Result<f64> {
    let mut ticks = 0.0;
    for process in fs::read_dir("/proc")?.flatten() {
        let Ok(stat) = fs::read_to_string(process.path().join("stat")) else { continue };
        // After the name, which may hold anything: field 4 is the parent, 14 to 17 the times (proc_pid_stat(5)).
        let Some((id, rest)) = stat.rsplit_once(") ") else { continue };
        let fields: Vec<&str> = rest.split(' ').collect();
        let is_server = id.split(' ').next() == Some(&server.to_string());
        if is_server || fields.get(1) == Some(&server.to_string().as_str()) {
            let own = &fields[11..if is_server { 15 } else { 13 }];
            ticks += own.iter().filter_map(|field| field.parse::<f64>().ok()).sum::<f64>();
        }
    }
    Ok(ticks / rustix::param::clock_ticks_per_second() as f64)
}

/// Articles that appeared an hour after another and were read once since, in words that both engines know.
fn fill(articles: u64, no_bytes: &str, node: &str, first: &str) -> [String; 5] {
    let hour = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs() / 3600;
    let numbers = format!(
        "with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < {articles})"
    );
    [
        "insert into partner (no, origin, mark, first_seen) values (1, 'https://partner-1.example', 'p', 0)"
            .to_owned(),
        format!(
            "insert into article (no, id, json, title, language, status, section, updated_at, revision)
             {numbers} select n, 'bai-' || n,
                 '{{\"id\":\"bai-' || n || '\",\"title\":\"Bài số ' || n || '\",\"language\":\"vi\"}}',
                 'Bài số ' || n, 'vi', 'usable', 'Mục ' || (n % 12), {hour} * 3600 - n, {no_bytes} from numbers"
        ),
        format!(
            "insert into article_found (article, id, title, status, section, language, updated_at, published,
                                        published_at, sort_title, words)
             {numbers} select n, 'bai-' || n, 'Bài số ' || n, 'usable', 'Mục ' || (n % 12), 'vi',
                 {hour} * 3600 - n, '', 0, 'bai so ' || n, 'bai so ' || n from numbers"
        ),
        format!(
            "insert into tally_hour (hour, article, partner, raw, counted, readers, bot, rate, repeat, unknown,
                                     seconds, depth, deep{node})
             {numbers} select {hour} - n % 720, n, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0{first} from numbers"
        ),
        format!(
            "insert into tally_article (article, counted, deep{node})
             select article, counted, deep{first} from tally_hour"
        ),
    ]
}
