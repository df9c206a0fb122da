//! One measurement: a fresh server over a copy of the database, wrk against it, what both say.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use article_server::store;
use serde_json::json;

use crate::process::{Process, free_address};
use crate::reader::Reader;
use crate::reference::Kind;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/views.lua");
const AGENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/agents.txt");
const SERVER: &str = env!("CARGO_BIN_EXE_article-server");

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    Nothing,
    Ours,
    /// Beside one who reads the most-read list twenty times a second.
    OursWithReader,
    CommitEach,
}

/// How views fall on articles.
#[derive(Clone, Copy)]
pub(crate) enum Spread {
    /// The k-th article 1/k as often as the first.
    Skewed,
    /// All on one.
    Single,
}

pub(crate) struct Setting {
    pub(crate) spread: Spread,
    pub(crate) connections: u32,
    pub(crate) seconds: u32,
}

/// What a run gave.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    acknowledged: u64,
    failed: u64,
    per_second: f64,
    per_cpu_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    peak_bytes: u64,
    /// What the database holds afterwards: raw and counted.
    stored: Option<(u64, u64)>,
}

/// Makes a database of articles `bai-1` to `bai-N`, by the server's own import.
pub(crate) fn import_articles(database: &Path, articles: usize) -> Result<()> {
    let article = |number: usize| {
        json!({
            "id": format!("bai-{number}"),
            "title": format!("Bài số {number}"),
            "language": "vi",
            "body": [{ "kind": "paragraph", "content": ["Một đoạn văn."] }],
        })
    };
    let file = database.with_extension("json");
    let all: Vec<_> = (1..=articles).map(article).collect();
    fs::write(&file, serde_json::to_vec(&all)?)?;
    let mut import = Command::new(SERVER);
    import.args(["import", "--database", &url(database)]).arg(&file);
    let output = import.output().context("the server does not start")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Runs wrk once against `server`.
pub(crate) fn measure(
    server: Server,
    setting: &Setting,
    database: &Path,
    round: u32,
) -> Result<Figures> {
    let address = free_address()?;
    let mut command = match server {
        Server::Ours | Server::OursWithReader => {
            let mut command = Command::new(SERVER);
            command.args(["serve", "--trusted-proxies", "127.0.0.0/8"]);
            command.args(["--listen", &address.to_string(), "--database", &url(database)]);
            command
        }
        Server::Nothing => reference(Kind::Nothing, &address.to_string(), database)?,
        Server::CommitEach => reference(Kind::CommitEach, &address.to_string(), database)?,
    };
    let process = Process::start(&mut command, address)?;
    let reader = (server == Server::OursWithReader).then(|| Reader::start(address));
    let before = process.usage()?;
    let (acknowledged, failed, microseconds, p50, p99) =
        wrk(setting, &format!("http://{address}"), round)?;
    let after = process.usage()?;
    reader.map(Reader::stop).transpose()?;
    process.stop()?;
    let cpu_seconds = after.cpu_seconds - before.cpu_seconds;
    let stored = (server != Server::Nothing).then(|| stored(database)).transpose()?;
    if let Some((raw, _)) = stored {
        // What was under way when wrk ended was counted too, and nobody heard of it.
        let unheard = raw.checked_sub(acknowledged);
        ensure!(
            unheard.is_some_and(|unheard| unheard <= setting.connections.into()),
            "{acknowledged} views were acknowledged and {raw} are stored"
        );
    }
    Ok(Figures {
        acknowledged,
        failed,
        per_second: acknowledged as f64 * 1e6 / microseconds as f64,
        per_cpu_second: acknowledged as f64 / cpu_seconds,
        p50_ms: p50 as f64 / 1e3,
        p99_ms: p99 as f64 / 1e3,
        peak_bytes: after.peak_bytes,
        stored,
    })
}

/// Takes a run's database away.
pub(crate) fn remove(database: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut path = database.as_os_str().to_owned();
        path.push(suffix);
        let _ = fs::remove_file(path);
    }
}

fn reference(kind: Kind, address: &str, database: &Path) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["reference", kind.as_str(), address, &url(database)]);
    Ok(command)
}

fn url(database: &Path) -> String {
    format!("sqlite:{}", database.display())
}

/// Acknowledged, failed, microseconds, p50 and p99 in microseconds: what `views.lua` prints.
fn wrk(setting: &Setting, url: &str, round: u32) -> Result<(u64, u64, u64, u64, u64)> {
    let spread = match setting.spread {
        Spread::Skewed => "skewed",
        Spread::Single => "single",
    };
    let threads = setting.connections.min(2);
    let output = Command::new("wrk")
        .args(["--threads", &threads.to_string()])
        .args(["--connections", &setting.connections.to_string()])
        .args(["--duration", &format!("{}s", setting.seconds)])
        .args(["--script", SCRIPT, url, "--", AGENTS, spread, &round.to_string()])
        .output()
        .context("cannot start wrk")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("wrk "));
    let numbers = line.map(|line| line.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>());
    match numbers.transpose()?.as_deref() {
        Some([acknowledged, failed, duration, p50, p99]) => {
            Ok((*acknowledged, *failed, *duration, *p50, *p99))
        }
        _ => anyhow::bail!("wrk says: {text}{}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// Raw and counted views, of all articles. The store is opened for it: a server that was killed has left
/// some of them in its log.
fn stored(database: &Path) -> Result<(u64, u64)> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let store = store::open_without_calendar(&url(database)).await?;
        anyhow::Ok(store.close().await?)
    })?;
    let connection = rusqlite::Connection::open(database)?;
    let sum = "select coalesce(sum(raw), 0), coalesce(sum(counted), 0) from tally_hour";
    Ok(connection.query_row(sum, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

impl Figures {
    /// The table's head.
    pub(crate) const HEAD: &'static str = "connections  articles  server        views/s  of first  \
        per CPU-second  p50 ms  p99 ms  peak MiB  acknowledged  failed       raw   counted";

    /// The run that was in the middle.
    pub(crate) fn median(mut runs: Vec<Self>) -> Self {
        runs.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        runs[runs.len() / 2]
    }

    /// A row of the table.
    pub(crate) fn line(&self, server: Server, setting: &Setting, first: &Self) -> String {
        let server = match server {
            Server::Nothing => "do nothing",
            Server::Ours => "ours",
            Server::OursWithReader => "ours, reader",
            Server::CommitEach => "commit each",
        };
        let spread = match setting.spread {
            Spread::Skewed => "skewed",
            Spread::Single => "one",
        };
        let (raw, counted) = self
            .stored
            .map_or_else(Default::default, |(raw, counted)| (raw.to_string(), counted.to_string()));
        format!(
            "{:>11}  {spread:<8}  {server:<12}  {:>7.0}  {:>7.0} %  {:>14.0}  {:>6.2}  {:>6.2}  {:>8.0}  {:>12}  {:>6}  {raw:>8}  {counted:>8}",
            setting.connections,
            self.per_second,
            100.0 * self.per_second / first.per_second,
            self.per_cpu_second,
            self.p50_ms,
            self.p99_ms,
            self.peak_bytes as f64 / (1 << 20) as f64,
            self.acknowledged,
            self.failed,
        )
    }
}
