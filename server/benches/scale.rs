//! `cargo xtask bench scale [--quick]`: acknowledged views a second of one server, two and four on one PostgreSQL,
//! beside one on SQLite, and what memory a server has with few articles and with many, and how long a publisher's move from the one to
//! the other takes. The load comes from wrk, over the
//! loopback address, for a bounded time. The database syncs every commit, as an operator's does.

#[path = "../tests/postgres/cluster.rs"]
#[allow(dead_code, reason = "tests of faults use the rest of it")]
mod cluster;
#[path = "scale/database.rs"]
mod database;
#[path = "scale/limit.rs"]
mod limit;
#[path = "scale/load.rs"]
mod load;
#[path = "scale/memory.rs"]
mod memory;
#[path = "scale/moving.rs"]
mod moving;
#[path = "scale/node.rs"]
mod node;
#[path = "support/process.rs"]
mod process;

use std::path::Path;

use anyhow::{Result, bail};
use tokio::runtime::Runtime;

use cluster::Cluster;
use database::Database;
use load::{Figures, Setting};
use node::Nodes;

/// Articles under load, those that wrk's script asks for.
const ARTICLES: u64 = 10_000;

/// How much is measured.
struct Extent {
    setting: Setting,
    rounds: u32,
    /// Articles in the database of a server whose memory is looked at.
    articles: [u64; 2],
    /// Articles of a publisher who moves.
    moved: u64,
}

fn main() -> Result<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let extent = match arguments.as_slice() {
        [] => Extent {
            setting: Setting { connections: 64, seconds: 5 },
            rounds: 3,
            articles: [10_000, 1_000_000],
            moved: 100_000,
        },
        ["--quick"] => Extent {
            setting: Setting { connections: 64, seconds: 2 },
            rounds: 1,
            articles: [10_000, 100_000],
            moved: 10_000,
        },
        _ => bail!("bench scale takes --quick or nothing"),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    // What a new cluster does by itself in its first minutes is in nobody's figures.
    let cluster = Cluster::start(&["fsync=on", "synchronous_commit=on", "autovacuum=off"])?;
    load(&runtime, &cluster, folder.path(), &extent)?;
    memory::table(&runtime, &cluster, folder.path(), extent.articles)?;
    moving::table(&runtime, &cluster, folder.path(), extent.moved)
}

/// One line for each number of servers; rounds go in turn, so that all of them meet the machine as it is. The first is
/// what the others are compared with.
fn load(runtime: &Runtime, cluster: &Cluster, folder: &Path, extent: &Extent) -> Result<()> {
    let Extent { setting, rounds, .. } = extent;
    println!(
        "{ARTICLES} articles, {} connections, {} cores shared by servers, database and wrk; of {rounds} rounds of {} s \
         the median; one beacon in twenty is a repeat",
        setting.connections,
        std::thread::available_parallelism()?,
        setting.seconds,
    );
    let sqlite = Database::sqlite(runtime, &folder.join("seed.db"), ARTICLES)?;
    let postgres = Database::postgres(runtime, cluster, "seed", ARTICLES)?;
    let settings = [(&postgres, 1), (&postgres, 2), (&postgres, 4), (&sqlite, 1)];
    let mut figures = settings.map(|_| Vec::new());
    for round in 0..*rounds {
        for ((seed, nodes), figures) in settings.iter().zip(&mut figures) {
            let database = seed.copy(runtime, &format!("run_{round}_{nodes}"))?;
            let nodes = Nodes::start(&database, folder, *nodes)?;
            figures.push(load::measure(runtime, &database, nodes, setting, round)?);
            database.remove(runtime)?;
        }
    }
    println!("{}", Figures::HEAD);
    let figures = figures.map(Figures::median);
    for ((database, nodes), figures_of) in settings.iter().zip(&figures) {
        println!("{}", figures_of.line(database.engine(), *nodes, &figures[0]));
    }
    let syncs = limit::syncs_per_second(folder)?;
    for ((database, nodes), figures) in settings.iter().zip(&figures) {
        println!("{}", limit::line(database.engine(), *nodes, figures, syncs));
    }
    Ok(())
}
