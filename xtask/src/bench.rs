//! `bench`: the figures that are published, each by a benchmark of `server/benches`.

use anyhow::Result;

use crate::project::{cargo, run};
use crate::{build, setup};

/// Views a second, beside two references. `arguments`: seconds of a run and rounds.
///
/// # Errors
/// If wrk is missing and cannot be installed, or something does not build or run.
pub(crate) fn ingest(arguments: &[&str]) -> Result<()> {
    setup::load_generator()?;
    build::build()?;
    bench("ingest", arguments)
}

/// What a most-read list costs. `arguments`: numbers of articles.
///
/// # Errors
/// If something does not build or run.
pub(crate) fn most_read(arguments: &[&str]) -> Result<()> {
    bench("most_read", arguments)
}

/// Bytes and time of the samples' pictures, and the memory of the largest one.
///
/// # Errors
/// If something does not build or run.
pub(crate) fn images() -> Result<()> {
    bench("images", &[])
}

fn bench(name: &str, arguments: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.args(["bench", "--quiet", "--package", "article-server", "--bench", name, "--"]);
    run(command.args(arguments))
}
