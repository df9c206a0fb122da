//! `article-server check`: what an operator asks before a server is started.

use std::io::{Write as _, stdout};
use std::path::Path;

use anyhow::bail;
use article_server::config::Options;
use article_server::self_check::{self, Level, Report};

/// Prints what is found.
///
/// # Errors
/// Where a server would not start, or not work.
pub(crate) async fn run(
    options: Options,
    file: Option<&Path>,
    as_json: bool,
) -> anyhow::Result<()> {
    let report = match options.resolve(file) {
        Ok(config) => self_check::check(&config, file).await,
        Err(error) => Report::refused(&error),
    };
    if as_json {
        writeln!(stdout(), "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        write!(stdout(), "{report}")?;
    }
    match report.count(Level::Error) {
        0 => Ok(()),
        errors => bail!("{errors} to mend"),
    }
}
