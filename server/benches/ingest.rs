//! `cargo xtask bench ingest`: acknowledged views a second, beside two references that are measured in
//! the same run: a server that parses the same request and stores nothing, and one that commits each
//! view by itself. Then ours again, with somebody who reads the most-read list beside it. The load comes
//! from wrk, over the loopback address, for a bounded time.

#[path = "support/process.rs"]
mod process;
#[path = "ingest/reader.rs"]
mod reader;
#[path = "ingest/reference.rs"]
mod reference;
#[path = "ingest/run.rs"]
mod run;

use std::path::Path;

use anyhow::{Context as _, Result};

use reference::Kind;
use run::{Figures, Server, Setting, Spread};

/// Articles in the database.
const ARTICLES: usize = 10_000;

fn main() -> Result<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [word, kind, address, database] = arguments.as_slice()
        && word == "reference"
    {
        return reference::serve(Kind::parse(kind)?, address.parse()?, database);
    }
    let [seconds, rounds] = numbers(&arguments, [5, 3])?;
    bench(seconds, rounds)
}

/// `SECONDS ROUNDS`, each with a default.
fn numbers(arguments: &[String], defaults: [u32; 2]) -> Result<[u32; 2]> {
    let number = |at: usize| match arguments.get(at) {
        Some(word) => word.parse().with_context(|| format!("{word:?} is no number")),
        None => Ok(defaults[at]),
    };
    Ok([number(0)?, number(1)?])
}

fn bench(seconds: u32, rounds: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let seed = folder.path().join("seed.db");
    run::import_articles(&seed, ARTICLES)?;
    println!(
        "{ARTICLES} articles, {} cores shared by the server and wrk; of {rounds} rounds of {seconds} s \
         the median; one beacon in twenty is a repeat",
        std::thread::available_parallelism()?
    );
    println!("{}", Figures::HEAD);
    for connections in [64, 1] {
        for spread in [Spread::Skewed, Spread::Single] {
            let setting = Setting { spread, connections, seconds };
            let servers = [Server::Nothing, Server::Ours, Server::CommitEach];
            compare(&seed, folder.path(), &setting, servers, rounds)?;
        }
    }
    let setting = Setting { spread: Spread::Skewed, connections: 64, seconds };
    let servers = [Server::Ours, Server::OursWithReader];
    compare(&seed, folder.path(), &setting, servers, rounds)
}

/// One line for each server; rounds go in turn, so that all of them meet the machine as it is. The
/// first is what the others are compared with.
fn compare<const N: usize>(
    seed: &Path,
    folder: &Path,
    setting: &Setting,
    servers: [Server; N],
    rounds: u32,
) -> Result<()> {
    let mut figures = servers.map(|_| Vec::new());
    for round in 0..rounds {
        for (server, figures) in servers.iter().zip(&mut figures) {
            let database = folder.join("run.db");
            std::fs::copy(seed, &database)?;
            figures.push(run::measure(*server, setting, &database, round)?);
            run::remove(&database);
        }
    }
    let first = Figures::median(figures[0].clone());
    for (server, figures) in servers.iter().zip(figures) {
        println!("{}", Figures::median(figures).line(*server, setting, &first));
    }
    Ok(())
}
