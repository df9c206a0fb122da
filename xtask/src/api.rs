//! `api`: a program reads `/openapi.json` of a running server, sends what it allows and what it does not, and
//! compares every answer with it. No answer is a 5xx, none has a status, a media type or a field that is not
//! described.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::project::{cargo, root, run, target};
use crate::server::{self, Server};
use crate::{build, setup};

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";
/// What it makes up for each operation, beside the cases that follow from the description: those are the same in
/// every run, and all are sent. A limit in seconds would cut them, each time elsewhere.
const EXAMPLES: &str = "10";

/// Builds the server of this checkout and checks it.
///
/// # Errors
/// If something does not build, and as [`check`].
pub(crate) fn api() -> Result<()> {
    build::build()?;
    run(cargo().args(["build", "--package", "article-server"]))?;
    check()
}

/// Checks the server that is built already.
///
/// # Errors
/// If something is missing or does not start, or an answer is not as described.
pub(crate) fn check() -> Result<()> {
    let schemathesis = setup::schemathesis()?;
    let folder = target().join("api");
    // What the last run wrote is nothing to begin with.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let database = format!("sqlite:{}", folder.join("articles.db").display());
    server::import(&database, &[Path::new("samples/articles")])?;
    let token = token(&database)?;
    let server = Server::start(&database, &["--media", "samples/media"])?;
    let mut command = Command::new(schemathesis);
    command.arg("--config-file").arg(root().join("xtask/schemathesis.toml"));
    command.args(["run", &format!("{}/openapi.json", server.origin()), "--checks", CHECKS]);
    command.args(["--max-examples", EXAMPLES, "--continue-on-failure", "--warnings", "off"]);
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    run_without_showing(&mut command, &folder)
}

fn token(database: &str) -> Result<String> {
    let mut command = server::command(database, &["token", "create", "--name", "api"]);
    let output = command.args(["--scope", "articles:write,stats:read"]).output()?;
    ensure!(output.status.success(), "no token: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The command line holds a token, if only that of a database that is gone with the next run.
fn run_without_showing(command: &mut Command, folder: &Path) -> Result<()> {
    // It keeps what it found where it runs.
    let status = command.current_dir(folder).status().context("cannot start schemathesis")?;
    ensure!(status.success(), "the server's answers are not those of its description");
    Ok(())
}
