//! Servers of one database, each a process.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use tokio::runtime::Runtime;

use crate::database::Database;
use crate::process::{Process, free_address};

const SERVER: &str = env!("CARGO_BIN_EXE_article-server");

/// Running servers.
pub(crate) struct Nodes {
    processes: Vec<Process>,
    pub(crate) addresses: Vec<SocketAddr>,
    /// Where they give their figures.
    figures: Vec<SocketAddr>,
}

impl Nodes {
    /// Starts as many.
    pub(crate) fn start(database: &Database, folder: &Path, nodes: usize) -> Result<Self> {
        let key = folder.join("key");
        std::fs::write(&key, "0f".repeat(32))?;
        let mut started =
            Self { processes: Vec::new(), addresses: Vec::new(), figures: Vec::new() };
        for _ in 0..nodes {
            let (address, figures) = (free_address()?, free_address()?);
            let mut command = Command::new(SERVER);
            command.args(["serve", "--trusted-proxies", "127.0.0.0/8"]);
            command.args(["--listen", &address.to_string(), "--database", &database.url()]);
            command.arg("--key-file").arg(&key);
            command.arg("--erasures").arg(folder.join("erased"));
            command.args(["--metrics-listen", &figures.to_string()]);
            started.processes.push(Process::start(&mut command, address)?);
            started.addresses.push(address);
            started.figures.push(figures);
        }
        Ok(started)
    }

    /// User and system time of all of them.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        self.processes.iter().map(|process| Ok(process.usage()?.cpu_seconds)).sum()
    }

    /// The memory that the first one has now, in bytes.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        Ok(self.processes[0].usage()?.resident_bytes)
    }

    /// How many groups of views they have committed, each at once.
    pub(crate) fn groups(&self, runtime: &Runtime) -> Result<u64> {
        const COUNT: &str = "article_store_group_reports_count{kind=\"view\"} ";
        let groups = self.figures.iter().map(|address| {
            let url = format!("http://{address}/metrics");
            let text = runtime.block_on(async { reqwest::get(url).await?.text().await })?;
            let count = text.lines().find_map(|line| line.strip_prefix(COUNT));
            Ok(count.context("no group was committed")?.parse::<u64>()?)
        });
        groups.sum()
    }

    /// Tells them to stop, and waits until all is written.
    pub(crate) fn stop(self) -> Result<()> {
        self.processes.into_iter().try_for_each(Process::stop)
    }
}
