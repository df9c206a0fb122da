//! Where the limit is: what of the machine was used up while the views came.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::load::Figures;

/// Above these shares, more of it would have been used had there been more.
const PROCESSORS_USED_UP: f64 = 0.9;
const SYNCS_USED_UP: f64 = 0.8;

const PAGE: [u8; 4096] = [0x5a; 4096];
const LOOK: Duration = Duration::from_secs(1);

/// The time of all processors since the machine has started, in ticks.
#[derive(Clone, Copy)]
pub(crate) struct Processors {
    idle: f64,
    all: f64,
}

impl Processors {
    /// As it is now.
    pub(crate) fn now() -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").context("no /proc")?;
        let line = stat.lines().next().context("an unknown form of stat")?;
        // user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)).
        let ticks: Vec<f64> = line
            .split_whitespace()
            .skip(1)
            .take(8)
            .filter_map(|field| field.parse().ok())
            .collect();
        let idle = ticks.get(3).zip(ticks.get(4)).context("an unknown form of stat")?;
        Ok(Self { idle: idle.0 + idle.1, all: ticks.iter().sum() })
    }

    /// The share that was busy since then, between 0 and 1.
    pub(crate) fn busy_since(self, before: Self) -> f64 {
        1.0 - (self.idle - before.idle) / (self.all - before.all)
    }
}

/// How many pages a second the disk below `folder` takes from one writer who syncs each.
pub(crate) fn syncs_per_second(folder: &Path) -> Result<f64> {
    let mut file = File::create(folder.join("synced"))?;
    let began = Instant::now();
    let mut syncs = 0_u32;
    while began.elapsed() < LOOK {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&PAGE)?;
        file.sync_data()?;
        syncs += 1;
    }
    Ok(f64::from(syncs) / began.elapsed().as_secs_f64())
}

/// A line that says what was used up, and how much of the rest. Several who commit at once share a sync, so that more
/// commits than syncs are no error.
pub(crate) fn line(engine: &str, nodes: usize, figures: &Figures, syncs: f64) -> String {
    let commits = figures.commits_per_second();
    let (busy, synced) = (figures.busy, commits / syncs);
    let limit = if busy >= PROCESSORS_USED_UP {
        "the processors"
    } else if synced >= SYNCS_USED_UP {
        "the disk's syncs"
    } else {
        "neither: each waits for the other"
    };
    format!(
        "limit of {engine}, servers: {nodes}: {limit} (processors {:.0} % busy: servers {:.0} %, database {}, wrk and the \
         rest of the machine the others; {commits:.0} commits/s where the disk gives one writer {syncs:.0} syncs/s)",
        100.0 * busy,
        100.0 * figures.servers_share(),
        figures
            .database_share()
            .map_or("within the server".to_owned(), |share| format!("{:.0} %", 100.0 * share)),
    )
}
