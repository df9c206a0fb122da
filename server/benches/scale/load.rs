//! One measurement: servers on a fresh database, a wrk against each, what all of them say.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::runtime::Runtime;

use crate::database::{Database, Work};
use crate::limit::Processors;
use crate::node::Nodes;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/views.lua");
const AGENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/agents.txt");

/// What is measured.
pub(crate) struct Setting {
    /// Of all servers together.
    pub(crate) connections: u32,
    pub(crate) seconds: u32,
}

/// What a run gave.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    acknowledged: u64,
    failed: u64,
    per_second: f64,
    /// The worst server's.
    p50_ms: f64,
    p99_ms: f64,
    /// Of all servers.
    cpu_seconds: f64,
    /// PostgreSQL's, in the time that the views took.
    work: Option<Work>,
    /// Groups of views that servers have committed, each at once.
    groups: u64,
    /// The share of all processors that was busy, between 0 and 1.
    pub(crate) busy: f64,
    seconds: f64,
    stored: u64,
}

/// What wrk says: in microseconds.
struct Said {
    acknowledged: u64,
    failed: u64,
    duration: u64,
    p50: u64,
    p99: u64,
}

/// Runs a wrk against each server, at the same time. Stops the servers.
pub(crate) fn measure(
    runtime: &Runtime,
    database: &Database,
    nodes: Nodes,
    setting: &Setting,
    round: u32,
) -> Result<Figures> {
    let before = (nodes.cpu_seconds()?, database.work(runtime)?, Processors::now()?);
    let count = nodes.addresses.len() as u32;
    let running: Vec<Child> = nodes
        .addresses
        .iter()
        .zip(0..)
        .map(|(address, node)| {
            wrk(*address, setting, setting.connections / count, 8 * round + node)
        })
        .collect::<Result<_>>()?;
    let said: Vec<Said> = running.into_iter().map(said).collect::<Result<_>>()?;
    let busy = Processors::now()?.busy_since(before.2);
    let cpu_seconds = nodes.cpu_seconds()? - before.0;
    let groups = nodes.groups(runtime)?;
    nodes.stop()?;
    let work = database.work(runtime)?.zip(before.1).map(|(after, before)| Work {
        commits: after.commits - before.commits,
        rows: after.rows - before.rows,
        cpu_seconds: after.cpu_seconds - before.cpu_seconds,
    });
    let stored = database.stored(runtime)?;
    let acknowledged = said.iter().map(|said| said.acknowledged).sum::<u64>();
    // What was under way when wrk ended was counted too, and nobody heard of it.
    let unheard = stored.checked_sub(acknowledged);
    ensure!(
        unheard.is_some_and(|unheard| unheard <= setting.connections.into()),
        "{acknowledged} views were acknowledged and {stored} are stored"
    );
    let most = |of: fn(&Said) -> u64| said.iter().map(of).max().unwrap_or_default() as f64;
    let seconds = most(|said| said.duration) / 1e6;
    Ok(Figures {
        acknowledged,
        failed: said.iter().map(|said| said.failed).sum(),
        per_second: acknowledged as f64 / seconds,
        p50_ms: most(|said| said.p50) / 1e3,
        p99_ms: most(|said| said.p99) / 1e3,
        cpu_seconds,
        work,
        groups,
        busy,
        seconds,
        stored,
    })
}

fn wrk(address: SocketAddr, setting: &Setting, connections: u32, run: u32) -> Result<Child> {
    Command::new("wrk")
        .args(["--threads", "1", "--connections", &connections.to_string()])
        .args(["--duration", &format!("{}s", setting.seconds), "--script", SCRIPT])
        .args([&format!("http://{address}"), "--", AGENTS, "skewed", &run.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start wrk")
}

fn said(wrk: Child) -> Result<Said> {
    let output = wrk.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("wrk "));
    let numbers = line.map(|line| line.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>());
    match numbers.transpose()?.as_deref() {
        Some(&[acknowledged, failed, duration, p50, p99]) => {
            Ok(Said { acknowledged, failed, duration, p50, p99 })
        }
        _ => bail!("wrk says: {text}"),
    }
}

impl Figures {
    /// The table's head.
    pub(crate) const HEAD: &'static str = "database  servers  views/s  of first  p50 ms  p99 ms  \
        server CPU s  database CPU s  CPU µs/view  commits/s  views/group  rows/s  acknowledged  failed    stored";

    /// The run that was in the middle.
    pub(crate) fn median(mut runs: Vec<Self>) -> Self {
        runs.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        runs[runs.len() / 2]
    }

    /// PostgreSQL's own count; on SQLite every group is one.
    pub(crate) fn commits_per_second(&self) -> f64 {
        self.work.map_or(self.groups as f64, |work| work.commits as f64) / self.seconds
    }

    /// Of all processors, between 0 and 1.
    pub(crate) fn servers_share(&self) -> f64 {
        self.share(self.cpu_seconds)
    }

    /// The same; none where it is within the server.
    pub(crate) fn database_share(&self) -> Option<f64> {
        self.work.map(|work| self.share(work.cpu_seconds))
    }

    fn share(&self, cpu_seconds: f64) -> f64 {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        cpu_seconds / (self.seconds * cores as f64)
    }

    /// A row of the table.
    pub(crate) fn line(&self, engine: &str, nodes: usize, first: &Self) -> String {
        let database = self.work.map_or(0.0, |work| work.cpu_seconds);
        let or_none = |figure: Option<f64>, places: usize| {
            figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.places$}"))
        };
        let rows = self.work.map(|work| work.rows as f64 / self.seconds);
        format!(
            "{engine:<8}  {nodes:>7}  {:>7.0}  {:>6.0} %  {:>6.2}  {:>6.2}  {:>12.1}  {:>14}  {:>11.0}  {:>9.0}  \
             {:>11.1}  {:>6}  {:>12}  {:>6}  {:>8}",
            self.per_second,
            100.0 * self.per_second / first.per_second,
            self.p50_ms,
            self.p99_ms,
            self.cpu_seconds,
            or_none(self.work.map(|work| work.cpu_seconds), 1),
            1e6 * (self.cpu_seconds + database) / self.acknowledged as f64,
            self.commits_per_second(),
            self.acknowledged as f64 / self.groups as f64,
            or_none(rows, 0),
            self.acknowledged,
            self.failed,
            self.stored,
        )
    }
}
