//! `bench`: the figures that are published: those of the server by a benchmark of `server/benches` each, those of
//! the reader's browser from here.

mod articles;
mod chromium;
mod http;
mod lighthouse;
mod page;
mod site;
mod variant;
mod world;

use anyhow::Result;

use crate::project::{cargo, run};
use crate::setup::Browser;
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

/// One server and several, on PostgreSQL and on SQLite. `arguments`: `--quick`.
///
/// # Errors
/// If wrk or PostgreSQL is missing, or something does not build or run.
pub(crate) fn scale(arguments: &[&str]) -> Result<()> {
    setup::load_generator()?;
    build::build()?;
    bench("scale", arguments)
}

/// What a most-read list costs. `arguments`: numbers of articles.
///
/// # Errors
/// If something does not build or run.
pub(crate) fn most_read(arguments: &[&str]) -> Result<()> {
    bench("most_read", arguments)
}

/// How fast many articles come in, and leave. `arguments`: the number of articles.
///
/// # Errors
/// If something does not build or run.
pub(crate) fn import(arguments: &[&str]) -> Result<()> {
    bench("import", arguments)
}

/// Bytes and time of the samples' pictures, and the memory of the largest one.
///
/// # Errors
/// If something does not build or run.
pub(crate) fn images() -> Result<()> {
    bench("images", &[])
}

/// How soon an article can be read in a page, and what it costs the page. `arguments`: loads of each page.
///
/// # Errors
/// If a tool is missing, something does not build or load, or a goal is missed.
pub(crate) fn page(arguments: &[&str]) -> Result<()> {
    for_browsers()?;
    page::page(arguments)
}

/// What Lighthouse says of a partner's page with the article and without it. `arguments`: runs of each. Where
/// Lighthouse cannot be had this says so, and is no failure.
///
/// # Errors
/// If another tool is missing, something does not build or run, or a score is lower with the article.
pub(crate) fn lighthouse(arguments: &[&str]) -> Result<()> {
    match setup::lighthouse() {
        Ok(program) => {
            for_browsers()?;
            lighthouse::lighthouse(&program, arguments)
        }
        Err(error) => {
            println!("Not measured, for Lighthouse cannot be had: {error:#}");
            Ok(())
        }
    }
}

/// What the figures of the reader's browser need.
fn for_browsers() -> Result<()> {
    Browser::Chromium.install()?;
    build::build()?;
    run(cargo().args(["build", "--package", "article-server"]))
}

fn bench(name: &str, arguments: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.args(["bench", "--quiet", "--package", "article-server", "--bench", name, "--"]);
    run(command.args(arguments))
}
